package mp4

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sort"
)

// Track is one track of a file.
type Track struct {
	Kind      string // handler: vide, soun, tmcd, text, …
	ID        uint32
	Timescale uint32 // units a second
	// Uniform tracks hold uncompressed sound: a Sample of theirs is a whole chunk of
	// samples.
	Uniform bool
	// Shown lists the samples of a video track that a player shows, by index, in
	// display order: those inside the edit list.
	Shown []int

	tables *tables
	even   *evenTimes
	// offset turns media time into time from the movie's start: what the edit
	// list skips, less what it waits.
	offset  int64
	entries [][]byte // the sample descriptions
	entry   []byte   // the one of the samples that count
	box     []byte   // all of trak
}

func newTrack(trak []byte, movieScale uint32, room *room) (*Track, error) {
	t := &Track{box: trak}
	track, isTrack := readHeader(find(trak, "tkhd"), trackFields)
	media, isMedia := readHeader(find(trak, "mdia", "mdhd"), scaleFields)
	handler, stbl := find(trak, "mdia", "hdlr"), find(trak, "mdia", "minf", "stbl")
	if !isTrack || !isMedia || len(handler) < 12 || stbl == nil {
		return nil, errors.New("a track lacks its tables")
	}
	t.Kind, t.ID, t.Timescale = string(handler[8:12]), track.first(), media.first()
	if t.Timescale == 0 {
		return nil, errors.New("a track's time scale is 0")
	}
	var err error
	if t.tables, err = readTables(stbl, room, t.Kind == "soun"); err != nil {
		return nil, fmt.Errorf("track %d: %w", t.ID, err)
	}
	t.Uniform = t.tables.total > 0
	t.entries = descriptions(stbl)
	if t.Len() > 0 {
		if t.entry, err = t.description(t.tables.sample(0).description); err != nil {
			return nil, err
		}
	}
	start, end, err := t.edits(movieScale)
	if err != nil {
		return nil, err
	}
	if t.Kind == "vide" {
		t.show(start, end)
	}
	return t, nil
}

// Len is how many samples there are.
func (t *Track) Len() int { return t.tables.samples }

// All is the span of all samples.
func (t *Track) All() Span { return Span{0, t.Len()} }

// Sample returns a sample by its index in decoding order.
func (t *Track) Sample(n int) Sample { return t.even.put(n, t.tables.sample(n)) }

// Samples yields those of a span in decoding order, with their indexes. It is much
// faster than to ask for each.
func (t *Track) Samples(span Span) iter.Seq2[int, Sample] {
	return func(yield func(int, Sample) bool) {
		if span.Len() <= 0 {
			return
		}
		for c := t.tables.at(span.From); c.sample < span.To; {
			n := c.sample
			s, _ := c.next(t.tables)
			if !yield(n, t.even.put(n, s)) {
				return
			}
		}
	}
}

// show lists the samples that are shown from start to end of the media. They are
// nearly in order, but a hostile file's need not be.
func (t *Track) show(start, end int64) {
	t.Shown = make([]int, 0, t.Len())
	times := make([]int64, 0, t.Len())
	moves, most := 0, 64*t.Len()
	for n, s := range t.Samples(t.All()) {
		if s.Display < start || s.Display >= end {
			continue
		}
		at := len(times)
		t.Shown, times = append(t.Shown, n), append(times, s.Display)
		for ; at > 0 && times[at-1] > s.Display && moves < most; at-- {
			t.Shown[at], times[at] = t.Shown[at-1], times[at-1]
			moves++
		}
		t.Shown[at], times[at] = n, s.Display
	}
	if moves == most {
		sort.Sort(byTime{times, t.Shown})
	}
}

// byTime sorts samples by their times of display, then as they are decoded.
type byTime struct {
	times   []int64
	samples []int
}

func (b byTime) Len() int { return len(b.times) }

func (b byTime) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(b.times[i], b.times[j]), cmp.Compare(b.samples[i], b.samples[j])) < 0
}

func (b byTime) Swap(i, j int) {
	b.times[i], b.times[j] = b.times[j], b.times[i]
	b.samples[i], b.samples[j] = b.samples[j], b.samples[i]
}

// Reordered reports whether samples are shown in another order than decoded.
func (t *Track) Reordered() bool { return !slices.IsSorted(t.Shown) }

// Time is when a sample is shown, from the movie's start, in the track's time
// scale.
func (t *Track) Time(sample int) int64 { return t.Place(t.Sample(sample).Display) }

// Place turns time of the media into time from the movie's start.
func (t *Track) Place(media int64) int64 { return media - t.offset }

// description is a sample description by its number. Where there is only one it is
// that, whatever number a table gives it.
func (t *Track) description(number uint32) ([]byte, error) {
	switch {
	case len(t.entries) == 1:
		return t.entries[0], nil
	case number < 1 || int64(number) > int64(len(t.entries)):
		return nil, unsupported("track %d has no sample description %d", t.ID, number)
	}
	return t.entries[number-1], nil
}

// Describe makes the sample description of pictures the track's: the one by which
// those in spans of the display order, and all that they need, are coded. It is
// ErrUnsupported where they are several.
func (t *Track) Describe(spans ...Span) error {
	if len(t.entries) == 1 {
		return nil
	}
	numbers := map[uint32]bool{}
	for _, span := range spans {
		for _, s := range t.Samples(t.GOP(span)) {
			numbers[s.description] = true
			var err error
			if t.entry, err = t.description(s.description); err != nil {
				return err
			}
		}
	}
	if len(numbers) > 1 {
		return unsupported("the pictures around the marks are coded by %d sample descriptions", len(numbers))
	}
	return nil
}

// AllSync reports whether the tables say that decoding can begin at every sample.
func (t *Track) AllSync() bool {
	for n := range t.Len() {
		if t.tables.sync != nil && !t.tables.sync.has(n) {
			return false
		}
	}
	return true
}
