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
	Duration uint32 // in the track's time scale
	Sync     bool   // the tables say that decoding can begin here
	Decode   int64  // time of decoding, media time line
	Display  int64  // time of display, media time line
}

// Track is one track of a file.
type Track struct {
	Kind      string // handler: vide, soun, tmcd, text, …
	Timescale uint32 // units a second
	Samples   []Sample
	// Shown lists the samples that a player shows, by index, in display order:
	// those inside the edit list.
	Shown []int
	// offset turns media time into time from the movie's start: what the edit
	// list skips, less what it waits.
	offset int64
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
	var err error
	if t.Samples, err = unfold(box.Mdia.Minf.Stbl, size); err != nil {
		return nil, fmt.Errorf("track %d: %w", box.Tkhd.TrackID, err)
	}
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

// Between returns the samples of a sound track that are heard in [from, to), given
// in the track's time scale from the movie's start, and one before them, as the
// first and the one after the last; equal if there is none.
func (t *Track) Between(from, to int64) (first, after int) {
	starts := func(i int, at int64) bool { return t.Time(i) >= at }
	after = sort.Search(len(t.Samples), func(i int) bool { return starts(i, to) })
	first = sort.Search(len(t.Samples), func(i int) bool { return t.Time(i)+int64(t.Samples[i].Duration) > from })
	if first >= after {
		return 0, 0
	}
	return max(0, first-1), after
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
func (t *Track) Time(sample int) int64 { return t.Samples[sample].Display - t.offset }

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

// unfold turns the compact tables into a list of samples.
func unfold(stbl *mp4.StblBox, size int64) ([]Sample, error) {
	if stbl.Stsz == nil || stbl.Stts == nil || stbl.Stsc == nil || (stbl.Stco == nil && stbl.Co64 == nil) {
		return nil, errors.New("a table is missing")
	}
	if n := countDescriptions(stbl); n != 1 {
		return nil, unsupported("a track has %d sample descriptions", n)
	}
	count := int64(stbl.Stsz.SampleNumber)
	if count > size {
		return nil, fmt.Errorf("the size table names %d samples in a file of %d bytes", count, size)
	}
	if count > maxSamples {
		return nil, unsupported("a track has %d samples", count)
	}
	samples := make([]Sample, count)
	for i := range samples {
		samples[i].Size = stbl.Stsz.GetSampleSize(i + 1)
	}
	return samples, errors.Join(
		setTimes(samples, stbl.Stts), setDisplay(samples, stbl.Ctts), setSync(samples, stbl.Stss), place(samples, stbl, size))
}

func setTimes(samples []Sample, stts *mp4.SttsBox) error {
	i, at := 0, int64(0)
	for entry, n := range stts.SampleCount {
		for range n {
			if i == len(samples) {
				return nil // ffmpeg writes a spare entry for a last duration
			}
			samples[i].Decode, samples[i].Duration = at, stts.SampleTimeDelta[entry]
			at += int64(stts.SampleTimeDelta[entry])
			i++
		}
	}
	if i < len(samples) {
		return fmt.Errorf("the time table ends after %d of %d samples", i, len(samples))
	}
	return nil
}

func setDisplay(samples []Sample, ctts *mp4.CttsBox) error {
	for i := range samples {
		samples[i].Display = samples[i].Decode
	}
	if ctts == nil {
		return nil
	}
	if len(ctts.EndSampleNr) != len(ctts.SampleOffset)+1 {
		return errors.New("the composition table is broken")
	}
	for entry, offset := range ctts.SampleOffset {
		for i := ctts.EndSampleNr[entry]; i < ctts.EndSampleNr[entry+1] && int(i) < len(samples); i++ {
			samples[i].Display += int64(offset)
		}
	}
	return nil
}

func setSync(samples []Sample, stss *mp4.StssBox) error {
	if stss == nil {
		for i := range samples {
			samples[i].Sync = true
		}
		return nil
	}
	for _, n := range stss.SampleNumber {
		if n < 1 || int(n) > len(samples) {
			return fmt.Errorf("the sync table names sample %d of %d", n, len(samples))
		}
		samples[n-1].Sync = true
	}
	return nil
}

// place finds where in the file each sample is.
func place(samples []Sample, stbl *mp4.StblBox, size int64) error {
	chunks := chunkOffsets(stbl)
	entries := stbl.Stsc.Entries
	i := 0
	for e, entry := range entries {
		last := int64(len(chunks))
		if e+1 < len(entries) {
			last = min(last, int64(entries[e+1].FirstChunk)-1)
		}
		if entry.FirstChunk < 1 {
			return errors.New("the chunk table is broken")
		}
		for chunk := int64(entry.FirstChunk) - 1; chunk < last; chunk++ {
			at := chunks[chunk]
			for n := uint32(0); n < entry.SamplesPerChunk && i < len(samples); n++ {
				if at < 0 || at+int64(samples[i].Size) > size {
					return fmt.Errorf("sample %d lies past the file's end", i+1)
				}
				samples[i].Offset = at
				at += int64(samples[i].Size)
				i++
			}
		}
	}
	if i < len(samples) {
		return fmt.Errorf("the chunk table ends after %d of %d samples", i, len(samples))
	}
	return nil
}

func chunkOffsets(stbl *mp4.StblBox) []int64 {
	var offsets []int64
	if stbl.Co64 != nil {
		for _, o := range stbl.Co64.ChunkOffset {
			offsets = append(offsets, int64(o)) //nolint:gosec // a negative place is refused by place
		}
		return offsets
	}
	for _, o := range stbl.Stco.ChunkOffset {
		offsets = append(offsets, int64(o))
	}
	return offsets
}
