package mp4

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"

	"github.com/Eyevinn/mp4ff/mp4"
)

// Sample is one coded picture or frame of sound, as the tables describe it.
type Sample struct {
	Offset   int64  // in the file, bytes
	Size     uint32 // bytes
	Count    uint32 // of sound samples, where it stands for a whole chunk of them; else 1
	Duration uint32 // in the track's time scale
	Sync     bool   // the tables say that decoding can begin here
	Recovery bool   // or that it can, but for pictures shown before it
	Decode   int64  // time of decoding, media time line
	Display  int64  // time of display, media time line
}

// Track is one track of a file.
type Track struct {
	Kind      string // handler: vide, soun, tmcd, text, …
	ID        uint32
	Timescale uint32 // units a second
	// Samples are in decoding order. Those of a Uniform track, such as uncompressed
	// sound, are whole chunks.
	Samples []Sample
	Uniform bool
	// Shown lists the samples that a player shows, by index, in display order:
	// those inside the edit list.
	Shown []int
	// offset turns media time into time from the movie's start: what the edit
	// list skips, less what it waits.
	offset int64
	entry  []byte // the sample description
	matrix []byte // how pictures are turned for display
	box    *mp4.TrakBox
}

func newTrack(box *mp4.TrakBox, movieScale uint32, size int64) (*Track, error) {
	if box.Mdia == nil || box.Mdia.Mdhd == nil || box.Mdia.Hdlr == nil || box.Mdia.Minf == nil ||
		box.Mdia.Minf.Stbl == nil || box.Tkhd == nil {
		return nil, errors.New("a track lacks its tables")
	}
	t := &Track{Kind: box.Mdia.Hdlr.HandlerType, Timescale: box.Mdia.Mdhd.Timescale, box: box}
	if t.Timescale == 0 {
		return nil, errors.New("a track's time scale is 0")
	}
	t.ID = box.Tkhd.TrackID
	var err error
	if t.Samples, err = unfold(box.Mdia.Minf.Stbl, size); err != nil {
		return nil, fmt.Errorf("track %d: %w", t.ID, err)
	}
	t.Uniform = uniform(box.Mdia.Minf.Stbl)
	t.entry, _ = description(box.Mdia.Minf.Stbl)
	start, end, err := t.edits(movieScale)
	if err != nil {
		return nil, err
	}
	for i, s := range t.Samples {
		if s.Display >= start && s.Display < end {
			t.Shown = append(t.Shown, i)
		}
	}
	slices.SortStableFunc(t.Shown, func(a, b int) int { return cmp.Compare(t.Samples[a].Display, t.Samples[b].Display) })
	return t, nil
}

// Reordered reports whether samples are shown in another order than decoded.
func (t *Track) Reordered() bool {
	for i := 1; i < len(t.Samples); i++ {
		if t.Samples[i].Display < t.Samples[i-1].Display {
			return true
		}
	}
	return false
}

// Heard returns the samples of a sound track that are heard in [from, to), given
// in the track's time scale from the movie's start, and one before them, from which
// decoders warm up. Those of a uniform track are cut to just that time.
func (t *Track) Heard(from, to int64) []Sample {
	after := sort.Search(len(t.Samples), func(i int) bool { return t.Time(i) >= to })
	first := sort.Search(len(t.Samples), func(i int) bool { return t.Time(i)+int64(t.Samples[i].Duration) > from })
	if first >= after {
		return nil
	}
	if !t.Uniform {
		return t.Samples[max(0, first-1):after]
	}
	heard := slices.Clone(t.Samples[first:after])
	for _, end := range []int{0, len(heard) - 1} {
		heard[end] = heard[end].part(from+t.offset, to+t.offset)
	}
	return heard
}

// Nearest is the sample that begins nearest to a time from the movie's start, or
// the one after the last.
func (t *Track) Nearest(at int64) int {
	n := sort.Search(len(t.Samples), func(i int) bool { return t.Time(i) >= at })
	switch {
	case n > 0 && n < len(t.Samples) && at-t.Time(n-1) < t.Time(n)-at:
		return n - 1
	case n == len(t.Samples) && n > 0 && at-t.Time(n-1) < int64(t.Samples[n-1].Duration)/2:
		return n - 1
	}
	return n
}

// Earliest is the media time at which the first of some samples is shown.
func (t *Track) Earliest(samples Span) int64 {
	first := t.Samples[samples.From].Display
	for _, s := range t.Samples[samples.From:samples.To] {
		first = min(first, s.Display)
	}
	return first
}

// Time is when a sample is shown, from the movie's start, in the track's time
// scale.
func (t *Track) Time(sample int) int64 { return t.Place(t.Samples[sample].Display) }

// Place turns time of the media into time from the movie's start.
func (t *Track) Place(media int64) int64 { return media - t.offset }

// edits reads the edit list: one stretch of the media, perhaps after a wait. It
// sets the track's offset and returns the stretch.
func (t *Track) edits(movieScale uint32) (start, end int64, err error) {
	const always = int64(1) << 62
	start, end = -always, always
	if t.box.Edts == nil || len(t.box.Edts.Elst) == 0 {
		return start, end, nil
	}
	entries := t.box.Edts.Elst[0].Entries
	wait := int64(0)
	if len(entries) > 0 && entries[0].MediaTime == -1 {
		wait = Rescale(int64(entries[0].SegmentDuration), movieScale, t.Timescale) //nolint:gosec // a length of centuries is nobody's
		entries = entries[1:]
	}
	switch {
	case len(entries) == 0:
		return start, end, nil
	case len(entries) > 1:
		return 0, 0, unsupported("the edit list has %d stretches", len(entries))
	case entries[0].MediaRateInteger != 1 || entries[0].MediaTime < 0:
		return 0, 0, unsupported("the edit list changes the speed")
	}
	start = entries[0].MediaTime
	t.offset = start - wait
	if length := entries[0].SegmentDuration; length > 0 {
		// The movie's time scale is often too coarse for the last frame's start;
		// rounding up shows it, as players do.
		end = start + Rescale(int64(length), movieScale, t.Timescale) //nolint:gosec // as above
	}
	return start, end, nil
}

// Rescale turns a time of one scale into another, to the nearest unit.
func Rescale(t int64, from, to uint32) int64 {
	f, n := int64(from), int64(to)
	whole, rest := t/f, t%f
	return whole*n + (rest*n+f/2)/f
}
