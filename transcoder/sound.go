package transcoder

import (
	"fmt"

	"subclip/transcoder/mp4"
)

// sound takes over what is heard of a sound track between the marks.
//
// One range is cut to the sample by an edit list: of frames that are coded, whole
// ones are taken, and one before them, from which decoders warm up. Uncompressed
// sound is cut to the sample itself.
//
// Joined ranges of coded sound lie on one grid of frames, since most players know
// only the first edit of a list: each later range is moved by up to half a frame
// to the nearest place on it, and the moves do not add up.
func (c *cut) sound(t *mp4.Track) (*mp4.NewTrack, error) {
	stretches := c.stretches(t)
	if len(stretches) == 1 {
		return soundOf(t, stretches[0]), nil
	}
	if !t.Uniform {
		off := float64(longest(t)) / 2 / float64(t.Timescale) * 1000
		c.notes = append(c.notes, fmt.Sprintf("sound track %d is up to %.0f ms early or late from the second range on", t.ID, off))
	}
	return joinedSound(t, stretches)
}

// soundOf is the sound of a single range.
func soundOf(t *mp4.Track, s stretch) *mp4.NewTrack {
	track := &mp4.NewTrack{Of: t}
	samples := t.Heard(s.from, s.from+s.length)
	if samples.Len() == 0 {
		return track
	}
	track.Append(samples, 1)
	start := samples.Start()
	if wait := start - s.from; wait > 0 {
		track.Edits = append(track.Edits, mp4.Edit{Media: -1, Length: wait})
		s.from, s.length = start, s.length-wait
	}
	skipped := s.from - start
	track.Edits = append(track.Edits, mp4.Edit{Media: skipped, Length: min(s.length, track.End-skipped)})
	return track
}

// joinedSound is the sound of several ranges, or ErrUnsupported where there is not
// sound through all of them.
func joinedSound(t *mp4.Track, stretches []stretch) (*mp4.NewTrack, error) {
	track := &mp4.NewTrack{Of: t}
	skipped, frame := int64(0), int64(0)
	if !t.Uniform {
		frame = longest(t)
	}
	for i, s := range stretches {
		samples := t.Heard(s.from, s.from+s.length)
		if samples.Len() > 0 && i == 0 {
			skipped = s.from - samples.Start()
		}
		if late := samples.Len() > 0 && t.Time(0) > s.from+frame; i > 0 && late {
			return nil, unsupported("a sound begins within a range that follows another")
		}
		if !t.Uniform {
			samples = onGrid(t, s, track.End-skipped, i == 0, i == len(stretches)-1)
		}
		track.Append(samples, groups*i+1)
		missing := s.at + s.length - (track.End - skipped)
		if skipped < 0 || missing > frame {
			return nil, unsupported("a sound does not last through all of the ranges")
		}
	}
	last := stretches[len(stretches)-1]
	track.Edits = []mp4.Edit{{Media: skipped, Length: min(last.at+last.length, track.End-skipped)}}
	return track, nil
}

// longest is how long the longest frame of a sound lasts.
func longest(t *mp4.Track) int64 {
	most := uint32(0)
	for _, s := range t.Samples(t.All()) {
		most = max(most, s.Duration)
	}
	return int64(most)
}

// onGrid returns the frames of a range that come nearest to their time if the first
// of them is played at the time next, and that end nearest to the range's end; the
// last range's last frame ends after it.
func onGrid(t *mp4.Track, s stretch, next int64, first, last bool) mp4.Run {
	from := t.Nearest(s.from + next - s.at)
	if heard := t.Heard(s.from, s.from+s.length); first && heard.Len() > 0 {
		from = t.Nearest(heard.Start())
		next = t.Time(from) - s.from + s.at
	}
	after := from
	for ; after < t.Len(); after++ {
		length, end := int64(t.Sample(after).Duration), s.at+s.length
		if (last && next >= end) || (!last && next+length/2 > end) {
			break
		}
		next += length
	}
	return t.Run(mp4.Span{From: from, To: after})
}
