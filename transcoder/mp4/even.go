package mp4

import "math"

// fineEnough is a time scale that keeps where pictures and sound are to one another.
const fineEnough = 240_000

// evenTimes are times put in place of those in the tables: one unit's length, and
// for each sample the number of units before it.
type evenTimes struct {
	places []int32
	length uint32
}

func (e *evenTimes) put(n int, s Sample) Sample {
	if e != nil {
		s.Display, s.Duration = int64(e.places[n])*int64(e.length), e.length
	}
	return s
}

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
	first := t.Sample(t.Shown[0]).Display
	places, taken := make([]int32, t.Len()), make(map[int32]bool, t.Len())
	for i, s := range t.Samples(t.All()) {
		from := float64(s.Display-first) / float64(t.Timescale)
		place := math.Round(from * float64(num) / float64(den))
		if math.Abs(place) > math.MaxInt32 || taken[int32(place)] {
			return
		}
		places[i] = int32(place)
		taken[places[i]] = true
	}
	t.offset = -Rescale(t.Place(first), t.Timescale, uint32(scale)) //nolint:gosec // checked above
	t.Timescale = uint32(scale)                                     //nolint:gosec // checked above
	t.even = &evenTimes{places, uint32(length)}                     //nolint:gosec // checked above
}
