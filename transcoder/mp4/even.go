package mp4

import "math"

// fineEnough is a time scale that keeps where pictures and sound are to one another.
const fineEnough = 240_000

// Even puts the pictures exactly where a rate of num/den a second has them, counted
// from the first one shown: containers that write times in milliseconds have them a
// little off. Where the time scale holds a picture's length it does nothing, nor where
// two pictures would fall on one place.
func (t *Track) Even(num, den int64) {
	if len(t.Shown) == 0 || int64(t.Timescale)*den%num == 0 {
		return
	}
	scale := (fineEnough + num - 1) / num * num
	length := scale / num * den
	if scale > math.MaxInt32 || length > math.MaxInt32 {
		return
	}
	first := t.Shown[0]
	places, taken := make([]int64, len(t.Samples)), map[int64]bool{}
	for i, s := range t.Samples {
		from := float64(s.Display-t.Samples[first].Display) / float64(t.Timescale)
		places[i] = int64(math.Round(from * float64(num) / float64(den)))
		if taken[places[i]] {
			return
		}
		taken[places[i]] = true
	}
	t.offset = -Rescale(t.Time(first), t.Timescale, uint32(scale)) //nolint:gosec // checked above
	t.Timescale = uint32(scale)                                    //nolint:gosec // checked above
	t.box.Mdia.Mdhd.Timescale = t.Timescale
	for i := range t.Samples {
		s := &t.Samples[i]
		s.Display, s.Duration = places[i]*length, uint32(length) //nolint:gosec // checked above
	}
}
