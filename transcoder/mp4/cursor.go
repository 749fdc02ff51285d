package mp4

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

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
	for empty := 0; c.inChunk == 0; empty++ {
		if empty > maxEmpty {
			return s, errors.New("the chunk table is broken")
		}
		if err := c.nextChunk(t); err != nil {
			return s, err
		}
	}
	if t.total > 0 {
		return c.wholeChunk(t)
	}
	for empty := 0; c.inTime == 0; empty++ {
		if int(c.timeRow) == len(t.times)/8 || empty > maxEmpty {
			return s, fmt.Errorf("the time table ends after %d of %d samples", c.sample, t.samples)
		}
		c.inTime, c.duration = word(t.times, int(2*c.timeRow)), word(t.times, int(2*c.timeRow+1))
		c.timeRow++
	}
	for empty := 0; c.inShift == 0; empty++ {
		if empty > maxEmpty {
			return s, errors.New("the composition table is broken")
		}
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
	if n > math.MaxUint32/int64(t.width) {
		return s, unsupported("a chunk of a track is too long")
	}
	s = Sample{
		Offset: c.offset, Display: c.time, Size: uint32(n) * t.width, Count: uint32(n), Duration: uint32(n), //nolint:gosec // checked above
		Sync: true, description: c.description,
	}
	c.time, c.inChunk, c.sample = c.time+n, 0, c.sample+1
	return s, nil
}
