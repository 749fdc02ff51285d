package mp4

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Sample is one coded picture or frame of sound, as the tables describe it.
type Sample struct {
	Offset   int64  // in the file, bytes
	Display  int64  // time of display, media time line
	Size     uint32 // bytes
	Count    uint32 // of sound samples, where it stands for a whole chunk of them; else 1
	Duration uint32 // in the track's time scale
	Sync     bool   // the tables say that decoding can begin here
	Recovery bool   // or that it can, but for pictures shown before it

	description uint32 // the number of its sample description, from 1
}

// tables are a track's sample tables, left as they lie in the file: unfolded, those
// of hours take many times the memory. A cursor walks through them, and one is kept
// every few samples to start from.
type tables struct {
	samples int    // as Track.Len counts them
	total   int64  // of a uniform track: samples in its chunks; else 0
	width   uint32 // bytes a sample, 0 where sizes tells them
	sizes   []byte // one number a sample
	times   []byte // stts: samples, the duration of each
	shifts  []byte // ctts: samples, the time from decoding to display of each
	runs    []byte // stsc: first chunk, samples a chunk, description
	chunks  []byte // where each lies
	wide    bool   // that is told in 64 bits
	sync    bits   // nil: all
	partial bits   // recovery points
	marks   []cursor
}

const (
	// markEvery is the number of samples between two cursors that are kept.
	markEvery = 64
	// maxSamples bounds the time that walking through tables may take.
	maxSamples = 8 << 20
)

// readTables reads the tables in stbl of a file of size bytes, and walks through them
// once: each sample lies in the file. Those of sound are read as sound's.
func readTables(stbl []byte, size int64, sound bool) (*tables, error) {
	t := &tables{}
	for _, table := range []struct {
		kind  string
		width int
		rows  *[]byte
	}{{"stts", 8, &t.times}, {"ctts", 8, &t.shifts}, {"stsc", 12, &t.runs}, {"stco", 4, &t.chunks}, {"co64", 8, &t.chunks}} {
		body := find(stbl, table.kind)
		if body == nil {
			continue
		}
		var ok bool
		if *table.rows, ok = rows(body, 8, table.width); !ok {
			return nil, fmt.Errorf("the table %s is broken", table.kind)
		}
		t.wide = table.kind == "co64"
	}
	if err := t.readSizes(stbl, size, sound); err != nil {
		return nil, err
	}
	if err := t.readAccess(stbl); err != nil {
		return nil, err
	}
	return t, t.walk(size)
}

// readSizes reads how many samples there are, and how long. Samples all of one size
// that each last one unit, as those of uncompressed sound, are taken chunk by chunk:
// hours of them are too many to be looked at one by one.
func (t *tables) readSizes(stbl []byte, size int64, sound bool) error {
	body := find(stbl, "stsz")
	if len(body) < 12 {
		return errors.New("the table stsz is missing")
	}
	count := int64(word(body, 2))
	var ok bool
	if t.width = word(body, 1); t.width == 0 {
		if t.sizes, ok = rows(body, 12, 4); !ok {
			return errors.New("the table stsz is broken")
		}
	}
	if entries := descriptions(stbl); sound && t.width == 1 && len(entries) > 0 {
		var err error
		if t.width, err = sampleBytes(entries[0]); err != nil {
			return err
		}
	}
	if count > size {
		return fmt.Errorf("the size table names %d samples in a file of %d bytes", count, size)
	}
	switch {
	case t.width > 0 && t.single(count) && find(stbl, "stss") == nil:
		t.total = count
	case count > maxSamples:
		return unsupported("a track has %d samples", count)
	default:
		t.samples = int(count)
	}
	return nil
}

// single reports whether each sample lasts one unit, and is shown when it is decoded.
func (t *tables) single(count int64) bool {
	return t.shifts == nil && len(t.times) > 0 && word(t.times, 1) == 1 && int64(word(t.times, 0)) >= count
}

// walk goes through all samples, keeping cursors on the way.
func (t *tables) walk(size int64) error {
	t.marks = make([]cursor, 0, t.samples/markEvery+1)
	c := cursor{}
	for {
		if c.sample%markEvery == 0 {
			t.marks = append(t.marks, c)
		}
		if t.total == 0 && c.sample == t.samples || t.total > 0 && c.time == t.total {
			t.samples = c.sample
			return nil
		}
		s, err := c.next(t)
		if err != nil {
			return err
		}
		if s.Offset < 0 || s.Offset > size-int64(s.Size) {
			return fmt.Errorf("sample %d lies past the file's end", c.sample)
		}
	}
}

// sample returns one sample by its index.
func (t *tables) sample(n int) Sample {
	c := t.at(n)
	s, _ := c.next(t) // what walk has seen holds
	return s
}

// at is a cursor before a sample.
func (t *tables) at(n int) cursor {
	c := t.marks[n/markEvery]
	for c.sample < n {
		_, _ = c.next(t)
	}
	return c
}

// cursor is a place in tables: before a sample. Rows are those that follow.
type cursor struct {
	sample      int
	offset      int64 // of the sample, while its chunk lasts
	time        int64 // of decoding
	inChunk     uint32
	inTime      uint32 // samples left with this duration
	inShift     uint32 // and with this shift
	duration    uint32
	shift       int32
	description uint32
	chunk       int32
	run         int32
	timeRow     int32
	shiftRow    int32
}

// next returns the sample after the cursor and moves past it.
func (c *cursor) next(t *tables) (s Sample, err error) {
	for c.inChunk == 0 {
		if err := c.nextChunk(t); err != nil {
			return s, err
		}
	}
	if t.total > 0 {
		return c.wholeChunk(t)
	}
	for c.inTime == 0 {
		if int(c.timeRow) == len(t.times)/8 {
			return s, fmt.Errorf("the time table ends after %d of %d samples", c.sample, t.samples)
		}
		c.inTime, c.duration = word(t.times, int(2*c.timeRow)), word(t.times, int(2*c.timeRow+1))
		c.timeRow++
	}
	for c.inShift == 0 {
		if int(c.shiftRow) == len(t.shifts)/8 {
			c.inShift, c.shift = math.MaxUint32, 0
			break
		}
		c.inShift, c.shift = word(t.shifts, int(2*c.shiftRow)), int32(word(t.shifts, int(2*c.shiftRow+1))) //nolint:gosec // some write negative ones into either version
		c.shiftRow++
	}
	s = Sample{
		Offset: c.offset, Display: c.time + int64(c.shift), Size: t.width, Count: 1, Duration: c.duration,
		Sync: t.sync == nil || t.sync.has(c.sample), Recovery: t.partial.has(c.sample), description: c.description,
	}
	if t.width == 0 {
		s.Size = word(t.sizes, c.sample)
	}
	c.offset += int64(s.Size)
	c.time += int64(c.duration)
	c.inChunk, c.inTime, c.inShift, c.sample = c.inChunk-1, c.inTime-1, c.inShift-1, c.sample+1
	return s, nil
}

// nextChunk moves to the beginning of the next chunk.
func (c *cursor) nextChunk(t *tables) error {
	width := 4
	if t.wide {
		width = 8
	}
	if int(c.chunk) == len(t.chunks)/width {
		return fmt.Errorf("the chunk table ends after %d samples", c.sample)
	}
	if t.wide {
		c.offset = int64(binary.BigEndian.Uint64(t.chunks[8*c.chunk:])) //nolint:gosec // a negative place is refused by walk
	} else {
		c.offset = int64(word(t.chunks, int(c.chunk)))
	}
	c.chunk++
	for next := int(c.run); next < len(t.runs)/12 && int64(word(t.runs, 3*next)) <= int64(c.chunk); next++ {
		c.run++
	}
	if c.run == 0 {
		return errors.New("the chunk table is broken")
	}
	c.inChunk, c.description = word(t.runs, int(3*c.run-2)), word(t.runs, int(3*c.run-1))
	return nil
}

// wholeChunk returns what is left of a chunk of a uniform track.
func (c *cursor) wholeChunk(t *tables) (s Sample, err error) {
	n := min(int64(c.inChunk), t.total-c.time)
	if n*int64(t.width) > math.MaxUint32 {
		return s, unsupported("a chunk of a track is too long")
	}
	s = Sample{
		Offset: c.offset, Display: c.time, Size: uint32(n) * t.width, Count: uint32(n), Duration: uint32(n), //nolint:gosec // checked above
		Sync: true, description: c.description,
	}
	c.time, c.inChunk, c.sample = c.time+n, 0, c.sample+1
	return s, nil
}
