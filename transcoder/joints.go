package transcoder

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"subclip/transcoder/mp4"
)

// aroundJoint is how many copied pictures after a joint are decoded.
const aroundJoint = 6

// proveJoints decodes the new file around each joint and compares: every picture
// must be there, in its place, and those of the master must decode to the same
// as in the master. An error that is mp4.ErrUnsupported says what does not hold.
func (c *cut) proveJoints(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, p := range c.parts {
		head, copied := p.split.Head.Len(), p.split.Copy.Len()
		if head > 0 && copied > 0 {
			n := min(copied, aroundJoint)
			group.Go(func() error {
				name := filepath.Join(c.scratch, fmt.Sprintf("joint%d-in", i))
				return c.prove(ctx, name, mp4.Span{From: p.first, To: p.first + head + n}, head)
			})
		}
		if p.split.Tail.Len() > 0 && copied > 0 {
			start := c.lastSync(p)
			group.Go(func() error {
				name := filepath.Join(c.scratch, fmt.Sprintf("joint%d-out", i))
				return c.prove(ctx, name, mp4.Span{From: start, To: p.first + head + copied + p.split.Tail.Len()}, 0)
			})
		}
	}
	return group.Wait()
}

// lastSync is the new track's last sample of a range's copied run at which
// decoding can begin.
func (c *cut) lastSync(p part) int {
	first := p.first + p.split.Head.Len()
	for i := first + p.split.Copy.Len() - 1; i > first; i-- {
		if c.picture.Samples[i].Sync {
			return i
		}
	}
	return first
}

// prove decodes a span of the new track's samples, of which the first skip are an
// edge, and holds them against the master.
func (c *cut) prove(ctx context.Context, name string, span mp4.Span, skip int) error {
	joined := slices.Clone(c.picture.Samples[span.From:span.To])
	own := make([]mp4.NewSample, 0, len(joined))
	for _, s := range joined[skip:] {
		if s.Bytes == nil {
			own = append(own, s)
		}
	}
	// Players count time from a file's first picture, so each file has an origin
	// of its own.
	origin, ownOrigin := earliest(joined), earliest(own)
	got, err := c.decode(ctx, name+"-new.mp4", joined, origin)
	if err != nil {
		return err
	}
	want, err := c.decode(ctx, name+"-master.mp4", own, ownOrigin)
	if err != nil {
		return err
	}
	if len(got) != len(joined) {
		return fmt.Errorf("%w: %d of %d pictures decode at a joint", mp4.ErrUnsupported, len(got), len(joined))
	}
	for _, s := range joined {
		if _, ok := got[s.Display-origin]; !ok {
			return fmt.Errorf("%w: a picture at a joint is shown at another time", mp4.ErrUnsupported)
		}
	}
	for _, s := range own {
		if want[s.Display-ownOrigin] != got[s.Display-origin] {
			return fmt.Errorf("%w: a picture of the master decodes differently at a joint", mp4.ErrUnsupported)
		}
	}
	return nil
}

func earliest(samples []mp4.NewSample) int64 {
	first := samples[0].Display
	for _, s := range samples {
		first = min(first, s.Display)
	}
	return first
}

// decode returns each decoded picture's digest by the time at which it is shown.
func (c *cut) decode(ctx context.Context, path string, samples []mp4.NewSample, origin int64) (map[int64]string, error) {
	moved := slices.Clone(samples)
	for i := range moved {
		moved[i].Display -= origin
		moved[i].Group = i // in decoding order
	}
	if err := c.writeSamples(path, moved); err != nil {
		return nil, err
	}
	out, err := c.t.command(ctx, c.t.ffmpeg, "-nostdin", "-v", "error", "-xerror", "-protocol_whitelist", "file",
		"-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "framemd5", "-").Output()
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("decode a joint: %w", context.Cause(ctx))
		}
		return nil, fmt.Errorf("%w: the pictures at a joint do not decode (%w)", mp4.ErrUnsupported, err)
	}
	digests := map[int64]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(line, ",")
		if strings.HasPrefix(line, "#") || len(fields) != 6 {
			continue
		}
		digests[integer(strings.TrimSpace(fields[2]))] = strings.TrimSpace(fields[5])
	}
	return digests, nil
}
