package transcoder

import (
	"subclip/transcoder/mp4"
)

// others lists what the new file is made of beside pictures: every sound, the
// timecode, and what else can be cut by time: captions and data. Others are left
// out, with a note.
func (c *cut) others(plan Plan) ([]*mp4.NewTrack, error) {
	var tracks []*mp4.NewTrack
	for _, t := range c.movie.Tracks {
		var made *mp4.NewTrack
		var err error
		switch {
		case t.Kind == "vide" || t.Len() == 0 || c.unwanted[t.ID]:
			continue
		case t.Kind == "soun":
			made, err = c.sound(t)
		case t.Kind == "tmcd" && t.Sample(0).Size == 4:
			made, err = c.timecode(t, c.source.Timecode, plan.Ranges)
		case independent(t):
			made = c.timed(t)
		default:
			err = c.leaveOut(t, unsupported("its samples depend on one another"))
			if err == nil {
				continue
			}
		}
		if err != nil {
			return nil, err
		}
		if made.Len() > 0 {
			tracks = append(tracks, made)
		}
	}
	return tracks, nil
}

// Within a range, samples lie in the file as head, copied run, tail.
const groups = 3

// placed is a sample of the new video track; ours are those that were encoded.
type placed struct {
	mp4.NewSample
	ours bool
}

// pictures puts the ranges one after another on a time line from 0, each picture
// as long after its range's first as it was in the master. Edges that are not made yet
// are left out.
func (c *cut) pictures() *mp4.NewTrack {
	track := &mp4.NewTrack{Of: c.video}
	for i := range c.parts {
		p := &c.parts[i]
		p.shift = c.video.Sample(c.video.Shown[p.in]).Display - track.End
		p.before = c.edge(p.head, p.split.Head, p.shift, groups*i)
		c.run(p, groups*i+1)
		p.after = c.edge(p.tail, p.split.Tail, p.shift, groups*i+2)
		track.Add(bare(p.before)...)
		track.Take(p.rest, p.shift, groups*i+1)
		track.Add(bare(p.after)...)
		track.End += c.length(*p)
	}
	track.Edits = []mp4.Edit{{Media: 0, Length: track.End}}
	return track
}

// run places what is taken over of a range, with what replaces leading pictures. As
// there may be hours of it, all that is taken as it is stays in the master's tables.
func (c *cut) run(p *part, group int) {
	if p.split.Copied() == 0 {
		return
	}
	entry := placed{NewSample: c.taken(mp4.Span{From: p.split.Copy.From, To: p.split.Copy.From + 1}, p.shift)[0]}
	entry.Group = group
	// Without its leading pictures, an entry is all that a player needs.
	entry.Sync = entry.Sync || p.split.Entry == mp4.Refresh
	if p.entry != nil {
		entry.Bytes, entry.Size = p.entry, uint32(len(p.entry)) //nolint:gosec // one picture
	}
	p.before = append(append(p.before, entry), c.replaced(*p, group)...)
	p.rest = mp4.Span{From: p.split.Copy.From + 1 + p.split.Leading.Len(), To: p.split.Copy.To}
	if len(c.strip) > 0 {
		for _, s := range c.taken(p.rest, p.shift) {
			s.Group = group
			p.before = append(p.before, placed{NewSample: s})
		}
		p.rest = mp4.Span{}
	}
}

func bare(samples []placed) []mp4.NewSample {
	all := make([]mp4.NewSample, len(samples))
	for i, s := range samples {
		all[i] = s.NewSample
	}
	return all
}

// place is a picture of a range by its place in decoding order, from the range's
// first.
func (c *cut) place(p part, n int) placed {
	if n < len(p.before) {
		return p.before[n]
	}
	if n -= len(p.before); n >= p.rest.Len() {
		return p.after[n-p.rest.Len()]
	}
	return placed{NewSample: c.taken(mp4.Span{From: p.rest.From + n, To: p.rest.From + n + 1}, p.shift)[0]}
}

// places are those from one place to before another.
func (c *cut) places(p part, from, to int) []placed {
	all := make([]placed, 0, to-from)
	for n := from; n < to; n++ {
		all = append(all, c.place(p, n))
	}
	return all
}

// replaced are the encoded pictures in the place of the master's leading ones.
func (c *cut) replaced(p part, group int) []placed {
	samples := make([]placed, len(p.head.leading))
	for i, s := range p.head.leading {
		old := c.video.Sample(p.split.Leading.From + i)
		samples[i] = placed{ours: true, NewSample: mp4.NewSample{
			Bytes: s.data, Size: uint32(len(s.data)), Count: 1, Group: group, Offset: old.Offset, Display: old.Display - p.shift, //nolint:gosec // one picture
		}}
	}
	return samples
}

// edge gives an edge's samples the times of the master's pictures.
func (c *cut) edge(e edge, span mp4.Span, shift int64, group int) []placed {
	samples := make([]placed, len(e.samples))
	for i, s := range e.samples {
		samples[i] = placed{ours: true, NewSample: mp4.NewSample{
			Bytes: s.data, Size: uint32(len(s.data)), Count: 1, Sync: s.sync, Group: group, //nolint:gosec // one picture
			Display: c.video.Sample(c.video.Shown[span.From+s.shown]).Display - shift,
		}}
	}
	return samples
}

// length of a range in the video's time scale: to the next picture's start, or
// the end of the last one.
func (c *cut) length(p part) int64 { return c.lengthIn(c.video, mp4.Span{From: p.in, To: p.out}) }

// lengthIn is that of some pictures of a video track, in display order.
func (c *cut) lengthIn(t *mp4.Track, shown mp4.Span) int64 {
	first := t.Sample(t.Shown[shown.From]).Display
	if shown.To < len(t.Shown) {
		return t.Sample(t.Shown[shown.To]).Display - first
	}
	last := t.Sample(t.Shown[shown.To-1])
	return last.Display + c.lasts(t, last) - first
}

// lasts is how long the last picture is shown. Tables are often wrong about it, above
// all where it is coded as two fields; a constant rate tells.
func (c *cut) lasts(t *mp4.Track, s mp4.Sample) int64 {
	rate := c.source.Timecode.Rate
	ticks := int64(t.Timescale) * rate.Den
	if c.source.Variable || rate.Num == 0 || ticks%rate.Num != 0 {
		return int64(s.Duration)
	}
	return ticks / rate.Num
}

// stretch is where a range lies on the time lines of the master and of the clip,
// in a track's time scale.
type stretch struct{ from, length, at int64 }

func (c *cut) stretches(t *mp4.Track) []stretch {
	stretches := make([]stretch, len(c.parts))
	played, at := int64(0), int64(0)
	for i, p := range c.parts {
		played += c.length(p)
		end := mp4.Rescale(played, c.video.Timescale, t.Timescale)
		stretches[i] = stretch{
			from: mp4.Rescale(c.video.Time(c.video.Shown[p.in]), c.video.Timescale, t.Timescale), length: end - at, at: at,
		}
		at = end
	}
	return stretches
}

// independent reports whether each sample of a track means something by itself.
func independent(t *mp4.Track) bool {
	return t.AllSync() && t.Kind != "hint" && !t.Uniform
}

// timed takes over the samples of captions or data that last into the ranges, cut
// to their time there.
func (c *cut) timed(t *mp4.Track) *mp4.NewTrack {
	track := &mp4.NewTrack{Of: t}
	var samples []mp4.NewSample
	for i, s := range c.stretches(t) {
		for n, sample := range t.Samples(t.All()) {
			start := max(t.Time(n), s.from)
			end := min(t.Time(n)+int64(sample.Duration), s.from+s.length)
			if start >= end {
				continue
			}
			taken := sample.New()
			taken.Display, taken.Group = s.at+start-s.from, groups*i+1
			samples = append(samples, taken)
			track.End = s.at + end - s.from
		}
	}
	if len(samples) == 0 {
		return track
	}
	wait := samples[0].Display
	for i := range samples {
		samples[i].Display -= wait
	}
	track.Add(samples...)
	track.End -= wait
	if wait > 0 {
		track.Edits = append(track.Edits, mp4.Edit{Media: -1, Length: wait})
	}
	track.Edits = append(track.Edits, mp4.Edit{Media: 0, Length: track.End})
	return track
}
