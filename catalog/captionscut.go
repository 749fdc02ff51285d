package catalog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"subclip/transcoder"
)

// CutCaptions returns the captions of an asset that the asker may see as a clip of ranges
// has them, the ranges joined; all of them where no range is given. Errors: those of
// Captions, and Invalid for marks.
func (c *Catalog) CutCaptions(ctx context.Context, by Asker, assetID, language string, marks []Marks) (Captions, error) {
	captions, err := c.Captions(ctx, by, assetID, language)
	if err != nil || len(marks) == 0 {
		return captions, err
	}
	asset, err := c.readyAsset(ctx, by, assetID)
	if err != nil {
		return captions, err
	}
	ranges, err := asset.resolve(marks)
	if err != nil {
		return captions, err
	}
	captions.Cues = asset.cutCues(captions.Cues, ranges)
	return captions, nil
}

// cutCues keeps of cues what is shown in ranges, with times from the first range's begin.
func (a *Asset) cutCues(cues []Cue, ranges []transcoder.Range) []Cue {
	cut := []Cue{}
	var offset time.Duration
	rate := a.Source.Timecode.Rate
	for _, r := range ranges {
		from, to := rate.TimeOf(r.In), rate.TimeOf(r.Out)
		for _, cue := range cues {
			if cue.End <= from || cue.Start >= to {
				continue
			}
			cut = append(cut, Cue{max(cue.Start, from) - from + offset, min(cue.End, to) - from + offset, cue.Text})
		}
		offset += to - from
	}
	return cut
}

// SubRip writes captions as a .srt file.
func (c *Captions) SubRip() string {
	var file strings.Builder
	plain := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	for i, cue := range c.Cues {
		start, end := strings.Replace(CueTime(cue.Start), ".", ",", 1), strings.Replace(CueTime(cue.End), ".", ",", 1)
		fmt.Fprintf(&file, "%d\n%s --> %s\n%s\n\n", i+1, start, end, plain.Replace(cue.Text))
	}
	return file.String()
}
