package transcoder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"subclip/transcoder/mp4"
)

// Master is where a source's bytes are read from, and how many there are.
type Master struct {
	io.ReaderAt
	Size int64
}

// Composition is a clip that is not yet a file: the pieces it consists of, most
// of them runs of the master's own bytes.
type Composition struct {
	Layout mp4.Layout
	Report Report
}

// Compose makes a clip without touching the pictures between the marks: it reads
// the master's index, encodes the pictures before the first refresh in each range
// and the few after the last complete run, and writes new tables around the
// master's own bytes. The joints are decoded before it returns. scratch is a
// folder for small files. WhyEncode tells from an error whether the clip can be
// encoded instead.
func (t *Transcoder) Compose(ctx context.Context, master Master, scratch string, s Source, req Request) (Composition, error) {
	plan, err := NewPlan(s, req)
	if err != nil {
		return Composition{}, err
	}
	if plan.Method != MethodSmart {
		return Composition{}, fmt.Errorf("%w: the plan is to %s", mp4.ErrUnsupported, plan.Method)
	}
	read := newBlocks(master)
	c, err := openCut(read, master.Size, s)
	if err != nil {
		return Composition{}, err
	}
	c.t, c.scratch = t, scratch
	if err := c.split(plan.Ranges); err != nil {
		return Composition{}, err
	}
	if err := c.encodeEdges(ctx); err != nil {
		return Composition{}, err
	}
	layout, err := c.movie.Build(c.tracks(s, plan))
	if err != nil {
		return Composition{}, err
	}
	if err := c.proveJoints(ctx); err != nil {
		return Composition{}, err
	}
	report := describe(s, req, plan)
	report.Frames, report.FramesEncoded = c.frames(), int64(c.encoded())
	report.FramesCopied = report.Frames - report.FramesEncoded
	if report.FramesEncoded == 0 {
		report.Method, report.Reason = MethodCopy, "the marks lie where decoding can begin and end: the master's own pictures"
	}
	report.BytesRead, report.Size = read.bytes, layout.Size()
	return Composition{layout, report}, nil
}

// WhyEncode tells from an error of Compose why the clip must be encoded instead;
// ok is false where that would not help: the request is wrong, the master cannot
// be read, or nobody waits any more.
func WhyEncode(err error) (why string, ok bool) {
	_, badRange := IsRangeError(err)
	if badRange || errors.Is(err, errMaster) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return "", false
	}
	return strings.TrimPrefix(err.Error(), mp4.ErrUnsupported.Error()+": "), true
}

// cut is a composition in the making.
type cut struct {
	t       *Transcoder
	scratch string
	master  io.ReaderAt
	movie   *mp4.Movie
	video   *mp4.Track
	avc     mp4.AVC
	id      int // of the edges' parameter sets
	parts   []part
	picture *mp4.NewTrack // the new file's, once tracks has made it
}

// part is one range of the cut: where it lies in display order, how it is split,
// and its edges, once encoded.
type part struct {
	in, out    int
	split      mp4.Split
	head, tail edge
	first      int // of its samples in the new track
}

func openCut(master io.ReaderAt, size int64, s Source) (*cut, error) {
	movie, err := mp4.Read(master, size)
	if err != nil {
		return nil, err
	}
	c := &cut{master: master, movie: movie}
	if c.video, err = movie.Video(); err != nil {
		return nil, err
	}
	if shown := len(c.video.Shown); int64(shown) != s.Frames {
		return nil, fmt.Errorf("%w: its index shows %d pictures and decoding %d", mp4.ErrUnsupported, shown, s.Frames)
	}
	if c.avc, err = c.video.AVC(); err != nil {
		return nil, err
	}
	c.id, err = c.avc.FreeID()
	return c, err
}

// split decides for each range what is copied.
func (c *cut) split(ranges []Range) error {
	copied := 0
	if len(ranges) > 1 && slices.ContainsFunc(c.movie.Tracks, func(t *mp4.Track) bool { return t.Kind == "soun" }) {
		// Players cut sound to the sample at the first edit of a track alone; at
		// a later one they play the whole frame, and it would be late.
		return fmt.Errorf("%w: sound cannot be joined to the sample without encoding it", mp4.ErrUnsupported)
	}
	for _, r := range ranges {
		p := part{in: int(r.In), out: int(r.Out)}
		var err error
		if p.split, err = c.video.Split(p.in, p.out, c.begins); err != nil {
			return err
		}
		copied += p.split.Copy.Len()
		c.parts = append(c.parts, p)
	}
	if copied == 0 {
		return fmt.Errorf("%w: no picture between the marks can be taken over", mp4.ErrUnsupported)
	}
	return nil
}

// begins looks at a sample that the sync table offers: only a refresh starts
// decoding without what came before.
func (c *cut) begins(sample int) (bool, error) {
	data, err := c.read(sample)
	if err != nil {
		return false, err
	}
	return mp4.IsIDR(data)
}

func (c *cut) read(sample int) ([]byte, error) {
	s := c.video.Samples[sample]
	data := make([]byte, s.Size)
	if _, err := c.master.ReadAt(data, s.Offset); err != nil {
		return nil, fmt.Errorf("read picture %d of the master: %w", sample, err)
	}
	return data, nil
}

func (c *cut) frames() int64 {
	n := 0
	for _, p := range c.parts {
		n += p.out - p.in
	}
	return int64(n)
}

func (c *cut) encoded() int {
	n := 0
	for _, p := range c.parts {
		n += p.split.Head.Len() + p.split.Tail.Len()
	}
	return n
}

// encodeEdges makes all edges, two at a time, and takes their parameters into
// the sample entry.
func (c *cut) encodeEdges(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i := range c.parts {
		p := &c.parts[i]
		for _, e := range []struct {
			name string
			span mp4.Span
			to   *edge
		}{{"head", p.split.Head, &p.head}, {"tail", p.split.Tail, &p.tail}} {
			if e.span.Len() == 0 {
				continue
			}
			group.Go(func() (err error) {
				*e.to, err = c.encode(ctx, e.span, filepath.Join(c.scratch, fmt.Sprintf("%s%d", e.name, i)))
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, p := range c.parts {
		for _, e := range []edge{p.head, p.tail} {
			if len(e.samples) == 0 {
				continue
			}
			if err := c.avc.Add(e.avc); err != nil {
				return err
			}
		}
	}
	return nil
}
