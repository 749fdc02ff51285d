package mp4

import (
	"errors"
	"fmt"
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
	// maxSamples bounds the time and memory that the tables of all tracks together
	// take to be walked through, and maxEmpty that of rows that stand for no sample.
	maxSamples = 16 << 20
	maxEmpty   = 16
)

// room is what is left for the samples of a file: tables of a few bytes may claim any
// number and length of them.
type room struct {
	file    int64 // bytes
	bytes   int64
	samples int64 // that are looked at one by one
}

func newRoom(size int64) *room {
	const shared = 2 // tracks may share samples
	return &room{file: size, bytes: shared * size, samples: maxSamples}
}

// take counts samples of some bytes each.
func (r *room) take(count int64, width uint32) error {
	if width > 0 && count > r.bytes/int64(width) {
		return fmt.Errorf("the tables claim more samples than fit into %d bytes", r.file)
	}
	r.bytes -= count * int64(width)
	return nil
}

// readTables reads the tables in stbl of a file that has room, and walks through them
// once: each sample lies in the file. Those of sound are read as sound's.
func readTables(stbl []byte, room *room, sound bool) (*tables, error) {
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
	if err := t.readSizes(stbl, room, sound); err != nil {
		return nil, err
	}
	if err := t.readAccess(stbl); err != nil {
		return nil, err
	}
	return t, t.walk(room)
}

// readSizes reads how many samples there are, and how long. Samples of sound all of one
// size that each last one unit, as those of uncompressed sound, are taken chunk by
// chunk: hours of them are too many to be looked at one by one.
func (t *tables) readSizes(stbl []byte, room *room, sound bool) error {
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
	if err := room.take(count, t.width); err != nil {
		return err
	}
	switch {
	case sound && t.width > 0 && t.single(count) && find(stbl, "stss") == nil:
		t.total = count
	case count > room.samples:
		return unsupported("it has more than %d samples", maxSamples)
	default:
		t.samples = int(count)
		room.samples -= count
	}
	return nil
}

// single reports whether each sample lasts one unit, and is shown when it is decoded.
func (t *tables) single(count int64) bool {
	return t.shifts == nil && len(t.times) > 0 && word(t.times, 1) == 1 && int64(word(t.times, 0)) >= count
}

// walk goes through all samples, keeping cursors on the way.
func (t *tables) walk(room *room) error {
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
		if s.Offset < 0 || s.Offset > room.file-int64(s.Size) {
			return fmt.Errorf("sample %d lies past the file's end", c.sample)
		}
		if err := t.count(s, room); err != nil {
			return err
		}
	}
}

// count takes what readSizes has not counted yet: the bytes of samples that each have a
// size of their own, and chunks, which take as much memory as samples of other tracks.
func (t *tables) count(s Sample, room *room) error {
	if t.total > 0 {
		if room.samples--; room.samples < 0 {
			return unsupported("it has more than %d samples", maxSamples)
		}
	}
	if t.width > 0 {
		return nil
	}
	return room.take(1, s.Size)
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
