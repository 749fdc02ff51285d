package transcoder

import (
	"encoding/binary"
	"fmt"
	"math"

	"subclip/timecode"
	"subclip/transcoder/mp4"
)

// timecode is the track that says where each range begins.
func (c *cut) timecode(t *mp4.Track, base timecode.Base, ranges []Range) (*mp4.NewTrack, error) {
	track := &mp4.NewTrack{Of: t}
	for i, s := range c.stretches(t) {
		frame := base.Start + ranges[i].In
		if !countsAs(t, base.Rate) {
			var err error
			if frame, err = c.counted(t, s.from); err != nil {
				return nil, err
			}
		}
		track.Add(mp4.NewSample{
			Bytes: binary.BigEndian.AppendUint32(nil, uint32(frame)), //nolint:gosec // frames of a day
			Size:  4, Count: 1, Sync: true, Display: s.at, Group: groups * i,
		})
		track.End = s.at + s.length
	}
	track.Edits = []mp4.Edit{{Media: 0, Length: track.End}}
	return track, nil
}

// countsAs reports whether a timecode track counts the pictures themselves, from one
// start. Some count every other one, as 25 a second beside 50 pictures.
func countsAs(t *mp4.Track, rate timecode.Rate) bool {
	num, den := t.TimecodeRate()
	if t.Len() != 1 || num == 0 || den == 0 {
		return t.Len() == 1
	}
	// In a coarse time scale 59.94 a second may be told as 16000/267.
	const near = 0.01
	return math.Abs(float64(num)/float64(den)/perSecond(rate)-1) < near
}

// counted is what a timecode track says at a time from the movie's start, in its own
// frames.
func (c *cut) counted(t *mp4.Track, at int64) (int64, error) {
	n := t.Len() - 1
	for n > 0 && t.Time(n) > at {
		n--
	}
	var data [4]byte
	if _, err := c.master.ReadAt(data[:], t.Sample(n).Offset); err != nil {
		return 0, fmt.Errorf("read the timecode: %w", err)
	}
	num, den := t.TimecodeRate()
	if num == 0 || den == 0 {
		return 0, unsupported("the timecode track does not say how it counts")
	}
	unit := den * int64(t.Timescale)
	// A picture that begins a rounding error before a frame of the timecode is that frame.
	return int64(binary.BigEndian.Uint32(data[:])) + (max(0, at-t.Time(n))*num+unit/100)/unit, nil
}
