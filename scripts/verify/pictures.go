package main

import (
	"context"
	"fmt"
	"math"
)

// leastQuality is the peak signal-to-noise ratio, in dB, that an encoded picture
// has at least.
const leastQuality = 35

// identical reports whether a frame of the clip is bit for bit the source's. Frames
// that either lacks are not.
func (c *clip) identical(p place) bool {
	return p.frame < len(c.made.digests) && p.source < len(c.source.digests) &&
		c.made.digests[p.frame] == c.source.digests[p.source]
}

// pictures checks that each frame of the clip is the one that the report names.
func (c *clip) pictures(ctx context.Context) (string, error) {
	var encoded []place
	shown := c.places[:min(len(c.places), len(c.made.digests))]
	for _, p := range shown {
		if p.source >= len(c.source.digests) {
			return "", fmt.Errorf("the source has no frame %d to compare frame %d of the clip with", p.source, p.frame)
		}
		if !c.identical(p) {
			encoded = append(encoded, p)
		}
	}
	worst := math.Inf(1)
	for _, group := range rising(encoded) {
		least, err := c.compare(ctx, group)
		if err != nil {
			return "", err
		}
		worst = min(worst, least)
	}
	sentence := fmt.Sprintf("%d frames in their places, %d of them bit-identical", len(shown), len(shown)-len(encoded))
	if len(encoded) > 0 {
		sentence += fmt.Sprintf(", %d encoded at %.1f dB or better", len(encoded), worst)
	}
	return sentence, nil
}

// rising cuts places apart where the source is not gone through in order, so that
// each part can be compared in one pass.
func rising(places []place) [][]place {
	var groups [][]place
	begin := 0
	for i := range places {
		if i+1 == len(places) || places[i+1].source <= places[i].source {
			groups = append(groups, places[begin:i+1])
			begin = i + 1
		}
	}
	return groups
}

// compare decodes encoded frames of the clip beside those of the source and returns
// the least quality, in dB.
func (c *clip) compare(ctx context.Context, places []place) (float64, error) {
	var ours, theirs spans
	for _, p := range places {
		ours = ours.add(p.frame, p.frame)
		theirs = theirs.add(max(p.source-1, 0), min(p.source+1, len(c.source.digests)-1))
	}
	worst := math.Inf(1)
	err := c.source.reel(ctx, theirs, c.made, func(source *reel) error {
		return c.made.reel(ctx, ours, c.made, func(made *reel) error {
			for _, p := range places {
				quality, err := c.compareFrame(p, made, source)
				if err != nil {
					return err
				}
				worst = min(worst, quality)
			}
			return nil
		})
	})
	return worst, err
}

// compareFrame compares a frame of the clip with the source's and its neighbours.
func (c *clip) compareFrame(p place, made, source *reel) (float64, error) {
	source.drop(p.source - 1)
	made.drop(p.frame)
	ours, err := made.frame(p.frame)
	if err != nil {
		return 0, err
	}
	theirs, err := source.frame(p.source)
	if err != nil {
		return 0, err
	}
	right := distance(ours, theirs)
	for _, n := range []int{p.source - 1, p.source + 1} {
		if n < 0 || n >= len(c.source.digests) {
			continue
		}
		other, err := source.frame(n)
		if err != nil {
			return 0, err
		}
		// A neighbour that is hardly different may be nearer by the encoder's noise.
		if near := distance(ours, other); near < right && distance(theirs, other) > 4*near {
			return 0, c.wrong(p, fmt.Sprintf("nearer to frame %d, %.1f against %.1f dB", n, decibels(near), decibels(right)))
		}
	}
	if quality := decibels(right); quality < leastQuality {
		return 0, c.wrong(p, fmt.Sprintf("%.1f dB against it, not %d", quality, leastQuality))
	}
	return decibels(right), nil
}

func (c *clip) wrong(p place, why string) error {
	for n, digest := range c.source.digests {
		if digest == c.made.digests[p.frame] {
			why = fmt.Sprintf("bit-identical with frame %d", n)
		}
	}
	return fmt.Errorf("frame %d of the clip, in range %d, is not frame %d of the source: it is %s", p.frame, p.span, p.source, why)
}

// copied checks that at least as many frames as the report says were copied are
// bit-identical, in one run a range.
func (c *clip) copied(context.Context) (string, error) {
	longest := make([]int, len(c.report.Ranges))
	total, run, gap := 0, 0, -1
	for i, p := range c.places {
		if i > 0 && c.places[i-1].span != p.span {
			run = 0
		}
		if !c.identical(p) {
			if run > 0 && gap < 0 {
				gap = p.frame
			}
			run = 0
			continue
		}
		run++
		longest[p.span] = max(longest[p.span], run)
	}
	for _, frames := range longest {
		total += frames
	}
	if total >= c.report.Copied {
		return fmt.Sprintf("%d frames are bit-identical, one run a range; the report says %d copied", total, c.report.Copied), nil
	}
	where := ""
	if gap >= 0 {
		where = fmt.Sprintf("; frame %d of the clip is the first after identical ones that is not", gap)
	}
	return "", fmt.Errorf("%d frames are bit-identical, one run a range; the report says %d copied%s", total, c.report.Copied, where)
}

// distance returns the mean squared difference of two pictures.
func distance(a, b []byte) float64 {
	sum := 0
	for i, x := range a {
		d := int(x) - int(b[i])
		sum += d * d
	}
	return float64(sum) / float64(len(a))
}

// decibels returns a distance as peak signal-to-noise ratio.
func decibels(distance float64) float64 {
	return 10 * math.Log10(255*255/distance)
}
