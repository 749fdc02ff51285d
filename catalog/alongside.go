package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"subclip/transcoder"
)

// Alongside is what is told of a part of an asset, for files beside a clip of it.
type Alongside struct {
	Captions []Captions // those in which something is said there, timed as the clip is
	Shotlist string     // with the clip's timecodes, as ParseShotlist reads it; may be empty
}

// Alongside returns what is told of ranges of an asset that are joined, or of all of it
// where there are none. It is for who makes a clip: nobody is asked whether they may see it.
func (c *Catalog) Alongside(ctx context.Context, asset *Asset, ranges []transcoder.Range) (beside Alongside, err error) {
	if len(ranges) == 0 {
		ranges = []transcoder.Range{{Out: asset.Source.Frames}}
	}
	captions, err := captionsOf(ctx, c.db, asset.ID)
	if err != nil {
		return beside, err
	}
	for _, in := range captions {
		if in.Cues = asset.cutCues(in.Cues, ranges); len(in.Cues) > 0 {
			beside.Captions = append(beside.Captions, in)
		}
	}
	shots, err := shotsOf(ctx, c.db, asset.ID)
	beside.Shotlist = asset.cutShots(shots, ranges)
	return beside, err
}

// cutShots writes the shots of which something is in ranges, a line each, with the timecodes
// of a clip, which go on from its first mark. A shot whose end nobody says ends where the
// next begins.
func (a *Asset) cutShots(shots []Shot, ranges []transcoder.Range) string {
	var text strings.Builder
	base := a.Source.Timecode
	at := ranges[0].In // of the clip's timecode
	for _, r := range ranges {
		for i, shot := range shots {
			in, out := max(shot.In, r.In), min(a.endOf(shots, i), r.Out)
			if in < out {
				words := strings.Join(strings.Fields(shot.Text), " ")
				fmt.Fprintf(&text, "%s - %s %s\n", base.Timecode(at+in-r.In), base.Timecode(at+out-r.In), words)
			}
		}
		at += r.Out - r.In
	}
	return text.String()
}

// endOf is the first frame that is not part of a shot.
func (a *Asset) endOf(shots []Shot, index int) int64 {
	if out := shots[index].Out; out > 0 {
		return out
	}
	later := slices.IndexFunc(shots[index:], func(s Shot) bool { return s.In > shots[index].In })
	if later < 0 {
		return a.Source.Frames
	}
	return shots[index+later].In
}
