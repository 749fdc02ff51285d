package transcoder

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"subclip/transcoder/mp4"
)

// angles are the cuts of the master's other video tracks over the same ranges, each
// with edges and joints of its own. One that cannot be cut is left out, with a note.
func (c *cut) angles() ([]*cut, error) {
	var cuts []*cut
	for _, t := range c.movie.Tracks {
		if t == c.video || t.Kind != "vide" || t.Len() == 0 {
			continue
		}
		angle, err := c.angle(t)
		if err == nil {
			cuts = append(cuts, angle)
		} else if err := c.leaveOut(t, err); err != nil {
			return nil, err
		}
	}
	return cuts, nil
}

// leaveOut notes that a track is not in the clip, and why. It returns an error that
// says nothing about the track.
func (c *cut) leaveOut(t *mp4.Track, err error) error {
	why, ok := WhyEncode(err)
	if !ok {
		return err
	}
	c.notes = append(c.notes, fmt.Sprintf("track %d (%s) was left out: %s", t.ID, t.Coding(), why))
	return nil
}

// angle begins the cut of another video track.
func (c *cut) angle(t *mp4.Track) (*cut, error) {
	a := *c
	a.video, a.parts, a.ranges, a.notes = t, nil, nil, nil
	a.strip, a.seen = map[int]int{}, digests{}
	a.scratch = filepath.Join(c.scratch, fmt.Sprint("track", t.ID))
	if err := os.Mkdir(a.scratch, 0o750); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("make room for the edges of a track: %w", err)
	}
	var spans []mp4.Span
	for _, p := range c.parts {
		span, err := c.sameTime(p, t)
		if err != nil {
			return nil, err
		}
		spans = append(spans, span)
		a.ranges = append(a.ranges, Range{int64(span.From), int64(span.To)})
	}
	if err := t.Describe(spans...); err != nil {
		return nil, err
	}
	a.source.Video.Codec = "" // of the first track
	var err error
	if a.codec, err = codecOf(t, a.source); err != nil {
		return nil, err
	}
	return &a, a.split()
}

// sameTime finds the pictures of another video track that are shown while those of a
// range are. They must begin and end with it, or the two would drift apart.
func (c *cut) sameTime(p part, t *mp4.Track) (mp4.Span, error) {
	start := c.video.Time(c.video.Shown[p.in])
	from := mp4.Rescale(start, c.video.Timescale, t.Timescale)
	to := mp4.Rescale(start+c.length(p), c.video.Timescale, t.Timescale)
	// Times that two scales round differently are one unit apart; where a picture lasts
	// only one or two that would be another picture.
	near := int64(0)
	if len(t.Shown) > 0 && t.Sample(t.Shown[0]).Duration > 2 {
		near = 1
	}
	at := func(time int64) int {
		return sort.Search(len(t.Shown), func(i int) bool { return t.Time(t.Shown[i]) >= time-near })
	}
	span := mp4.Span{From: at(from), To: at(to)}
	if span.Len() == 0 || t.Time(t.Shown[span.From]) > from+near {
		return span, unsupported("its pictures are shown at other times")
	}
	if length := c.lengthIn(t, span); length < to-from-near || length > to-from+near {
		return span, unsupported("its pictures are shown at other times")
	}
	return span, nil
}

// encodeReels makes the pictures of all video tracks, and proves the joints of those
// that can be left out.
func (c *cut) encodeReels(ctx context.Context, reels []*cut) (tracks []*mp4.NewTrack, encoded int, err error) {
	for _, r := range reels {
		made, err := r.reel(ctx)
		if err == nil && r != c {
			err = r.proveJoints(ctx)
		}
		if err == nil {
			tracks, encoded = append(tracks, made), encoded+r.encoded()
			continue
		}
		if r != c {
			err = c.leaveOut(r.video, err)
		}
		if err != nil {
			return nil, 0, err
		}
	}
	return tracks, encoded, nil
}

// reel makes the pictures of a video track.
func (c *cut) reel(ctx context.Context) (*mp4.NewTrack, error) {
	if err := c.encodeEdges(ctx); err != nil {
		return nil, err
	}
	pictures := c.pictures()
	var err error
	pictures.Config, err = c.codec.config()
	return pictures, err
}
