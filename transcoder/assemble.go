package transcoder

import (
	"encoding/binary"

	"subclip/transcoder/mp4"
)

// tracks lists what the new file is made of: the pictures, every sound, and the
// timecode. Other tracks are left out.
func (c *cut) tracks(s Source, plan Plan) []*mp4.NewTrack {
	c.picture = c.pictures()
	tracks := []*mp4.NewTrack{c.picture}
	for _, t := range c.movie.Tracks {
		switch {
		case t.Kind == "soun":
			if sound := c.sound(t); len(sound.Samples) > 0 {
				tracks = append(tracks, sound)
			}
		case t.Kind == "tmcd" && len(t.Samples) == 1 && t.Samples[0].Size == 4:
			tracks = append(tracks, c.timecode(t, s.Timecode.Start+plan.Ranges[0].In))
		}
	}
	return tracks
}

// Within a range, samples lie in the file as head, copied run, tail.
const groups = 3

// pictures puts the ranges one after another on a time line from 0, each picture
// as long after its range's first as it was in the master.
func (c *cut) pictures() *mp4.NewTrack {
	track := &mp4.NewTrack{Of: c.video}
	for i := range c.parts {
		p := &c.parts[i]
		p.first = len(track.Samples)
		origin := c.video.Samples[c.video.Shown[p.in]].Display - track.End
		track.Samples = append(track.Samples, c.placed(p.head, p.split.Head, origin, groups*i)...)
		for _, s := range c.taken(p.split.Copy, origin) {
			s.Group = groups*i + 1
			track.Samples = append(track.Samples, s)
		}
		track.Samples = append(track.Samples, c.placed(p.tail, p.split.Tail, origin, groups*i+2)...)
		track.End += c.length(*p)
	}
	track.Edits = []mp4.Edit{{Media: 0, Length: track.End}}
	return track
}

// placed gives an edge's samples the times of the master's pictures.
func (c *cut) placed(e edge, span mp4.Span, origin int64, group int) []mp4.NewSample {
	samples := make([]mp4.NewSample, len(e.samples))
	for i, s := range e.samples {
		samples[i] = mp4.NewSample{
			Bytes: s.data, Size: uint32(len(s.data)), Sync: s.sync, Group: group, //nolint:gosec // one picture
			Display: c.video.Samples[c.video.Shown[span.From+s.shown]].Display - origin,
		}
	}
	return samples
}

// length of a range in the video's time scale: to the next picture's start, or
// the end of the last one.
func (c *cut) length(p part) int64 {
	first := c.video.Samples[c.video.Shown[p.in]].Display
	if p.out < len(c.video.Shown) {
		return c.video.Samples[c.video.Shown[p.out]].Display - first
	}
	last := c.video.Samples[c.video.Shown[p.out-1]]
	return last.Display + int64(last.Duration) - first
}

// sound takes over the frames of a sound track that are heard between the marks,
// and one before, from which decoders warm up. Edits cut it to the sample.
func (c *cut) sound(t *mp4.Track) *mp4.NewTrack {
	track := &mp4.NewTrack{Of: t}
	played, heard := int64(0), int64(0) // on the video's and on this time line
	for i, p := range c.parts {
		from := mp4.Rescale(c.video.Time(c.video.Shown[p.in]), c.video.Timescale, t.Timescale)
		played += c.length(p)
		length := mp4.Rescale(played, c.video.Timescale, t.Timescale) - heard
		heard += length
		first, last := t.Between(from, from+length)
		if first == last {
			track.Edits = append(track.Edits, mp4.Edit{Media: -1, Length: length})
			continue
		}
		start := t.Time(first)
		if wait := start - from; wait > 0 {
			track.Edits = append(track.Edits, mp4.Edit{Media: -1, Length: wait})
			from, length = start, length-wait
		}
		end := t.Time(last-1) + int64(t.Samples[last-1].Duration)
		heardHere := min(length, end-from)
		track.Edits = append(track.Edits, mp4.Edit{Media: track.End + from - start, Length: heardHere})
		if silence := length - heardHere; silence > 0 {
			track.Edits = append(track.Edits, mp4.Edit{Media: -1, Length: silence})
		}
		for _, s := range t.Samples[first:last] {
			track.Samples = append(track.Samples, mp4.NewSample{
				Offset: s.Offset, Size: s.Size, Sync: s.Sync, Group: groups*i + 1,
				Display: track.End + s.Decode - t.Samples[first].Decode,
			})
		}
		track.End += end - start
	}
	return track
}

// timecode is the track that says where the new file begins.
func (c *cut) timecode(t *mp4.Track, frame int64) *mp4.NewTrack {
	length := mp4.Rescale(c.picture.End, c.video.Timescale, t.Timescale)
	return &mp4.NewTrack{
		Of: t, End: length, Edits: []mp4.Edit{{Media: 0, Length: length}},
		Samples: []mp4.NewSample{{Bytes: binary.BigEndian.AppendUint32(nil, uint32(frame)), Size: 4, Sync: true}}, //nolint:gosec // frames of a day
	}
}
