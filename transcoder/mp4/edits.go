package mp4

import (
	"encoding/binary"
	"errors"
	"slices"
)

// stretch is an entry of an edit list (elst).
type stretch struct {
	length int64 // in the movie's time scale; 0: to the media's end
	media  int64 // in the track's; -1: a wait
	speed  uint32
}

const normalSpeed = 1 << 16

func readEdits(trak []byte) ([]stretch, error) {
	body := find(trak, "edts", "elst")
	if body == nil {
		return nil, nil
	}
	width := 4
	if len(body) > 0 && body[0] == 1 {
		width = 8
	}
	list, ok := rows(body, 8, 2*width+4)
	if !ok {
		return nil, errors.New("the edit list is broken")
	}
	var all []stretch
	for ; len(list) > 0; list = list[2*width+4:] {
		s := stretch{speed: binary.BigEndian.Uint32(list[2*width:])}
		if width == 8 {
			s.length, s.media = int64(binary.BigEndian.Uint64(list)), int64(binary.BigEndian.Uint64(list[8:])) //nolint:gosec // signed, and a length of centuries is nobody's
		} else {
			s.length, s.media = int64(binary.BigEndian.Uint32(list)), int64(int32(binary.BigEndian.Uint32(list[4:]))) //nolint:gosec // as above
		}
		all = append(all, s)
	}
	return all, nil
}

// follow reports whether stretches follow one another in the media, to what the movie's
// time scale can tell.
func follow(list []stretch, movieScale, scale uint32) bool {
	for i, s := range list[1:] {
		gap := s.media - list[i].end(movieScale, scale)
		if list[i].media < 0 || list[i].length == 0 || max(gap, -gap) > int64(scale/movieScale/2) {
			return false
		}
	}
	return true
}

// end of a stretch in the media.
func (s stretch) end(movieScale, scale uint32) int64 {
	return s.media + Rescale(s.length, movieScale, scale)
}

// edits reads the edit list: one stretch of the media or several that follow one
// another, perhaps after a wait. It sets the track's offset and returns the stretch.
func (t *Track) edits(movieScale uint32) (start, end int64, err error) {
	const always = int64(1) << 62
	start, end = -always, always
	list, err := readEdits(t.box)
	if err != nil {
		return 0, 0, err
	}
	wait := int64(0)
	if len(list) > 0 && list[0].media == -1 {
		wait = Rescale(list[0].length, movieScale, t.Timescale)
		list = list[1:]
	}
	switch {
	case len(list) == 0:
		return start, end, nil
	case slices.ContainsFunc(list, func(s stretch) bool { return s.speed != normalSpeed }):
		return 0, 0, unsupported("the edit list changes the speed")
	}
	if !follow(list, movieScale, t.Timescale) || list[0].media < 0 {
		return 0, 0, unsupported("the edit list of track %d shows parts that do not follow one another", t.ID)
	}
	start = list[0].media
	t.offset = start - wait
	if last := list[len(list)-1]; last.length > 0 {
		// The movie's time scale is often too coarse for the last frame's start;
		// rounding up shows it, as players do.
		end = last.end(movieScale, t.Timescale)
	}
	return start, end, nil
}

// Rescale turns a time of one scale into another, to the nearest unit.
func Rescale(t int64, from, to uint32) int64 {
	f, n := int64(from), int64(to)
	whole, rest := t/f, t%f
	return whole*n + (rest*n+f/2)/f
}
