package transcoder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"golang.org/x/sync/errgroup"

	"subclip/transcoder/mp4"
)

// Master is where a source's bytes are read from, and how many there are.
type Master struct {
	io.ReaderAt
	Size int64
	// Ahead, if it is not nil, is told which runs of the master will be in the clip, in
	// order, long before the clip is made: a store can begin to copy them.
	Ahead func(runs []mp4.Piece)
	// Unproved, if it is not nil, is told what the clip will be while its joints are still
	// being proved: a store can put it together meanwhile. Nobody may get it before Make or
	// Compose returned it, and it must be thrown away where they did not.
	Unproved func(mp4.Layout)
}

// Composition is a clip that is not yet a file: the pieces it consists of, most
// of them runs of the master's own bytes.
type Composition struct {
	Layout mp4.Layout
	Report Report
}

// Compose makes a clip without touching the pictures between the marks: it reads
// the master's index, encodes the pictures before the first entry in each range
// and the few after the last complete run, and writes new tables around the
// master's own bytes. The joints are decoded before it returns. scratch is a
// folder for small files. WhyEncode tells from an error whether the clip can be
// encoded instead.
func (t *Transcoder) Compose(ctx context.Context, master Master, scratch string, s Source, req Request) (Composition, error) {
	plan, err := NewPlan(s, req)
	if err != nil {
		return Composition{}, err
	}
	if plan.Method == MethodEncode {
		return Composition{}, unsupported("it is %s", plan.Reason)
	}
	read := newBlocks(master)
	c, err := openCut(read, master.Size, s, plan.Ranges)
	if err != nil {
		return Composition{}, err
	}
	read.forget() // the index
	if err := c.choose(req.Audio); err != nil {
		return Composition{}, err
	}
	c.t, c.scratch, c.local = t, scratch, read.local()
	if err := c.split(); err != nil {
		return Composition{}, err
	}
	layout, encoded, err := c.layout(ctx, plan, master.Ahead)
	if err != nil {
		return Composition{}, err
	}
	if layout, err = withTerms(layout, req.Restrictions); err != nil {
		return Composition{}, err
	}
	if master.Unproved != nil {
		master.Unproved(layout)
	}
	if err := c.proveJoints(ctx); err != nil {
		return Composition{}, err
	}
	report := describe(s, req, plan)
	for i, r := range c.ranges {
		report.Ranges[i].FirstFrame, report.Ranges[i].LastFrame = r.In, r.Out-1
	}
	report.Frames, report.FramesEncoded, report.Notes = c.frames(), int64(c.encoded()), c.notes
	report.FramesCopied = report.Frames - report.FramesEncoded
	if encoded == 0 {
		report.Method, report.Reason = MethodCopy, "the marks lie where decoding can begin and end: the master's own pictures"
	}
	report.BytesRead, report.Size = read.bytes, layout.Size()
	return Composition{layout, report}, nil
}

// layout makes the clip, whose joints in the first video track are still to be proved,
// and tells ahead which runs of the master will be in it. It counts the pictures that
// were encoded, of all video tracks.
func (c *cut) layout(ctx context.Context, plan Plan, ahead func([]mp4.Piece)) (layout mp4.Layout, encoded int, err error) {
	angles, err := c.angles()
	if err != nil {
		return nil, 0, err
	}
	reels := append([]*cut{c}, angles...)
	others, err := c.others(plan)
	if err != nil {
		return nil, 0, err
	}
	var telling errgroup.Group
	if ahead != nil {
		early := slices.Clone(others)
		for _, r := range reels {
			early = append(early, r.pictures())
		}
		telling.Go(func() error {
			runs, err := mp4.Runs(early)
			if err == nil {
				ahead(runs)
			}
			return err
		})
	}
	tracks, encoded, err := c.encodeReels(ctx, reels)
	if err = errors.Join(err, telling.Wait()); err != nil {
		return nil, 0, err
	}
	layout, err = c.movie.Build(append(tracks, others...))
	return layout, encoded, err
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

func unsupported(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{mp4.ErrUnsupported}, args...)...)
}

// cut is a composition in the making.
type cut struct {
	t        *Transcoder
	scratch  string
	master   io.ReaderAt
	local    bool // a file of ours
	source   Source
	movie    *mp4.Movie
	video    *mp4.Track
	ranges   []Range // in the pictures that are shown
	codec    codec
	parts    []part
	strip    map[int]int     // bytes of parameter sets to leave out of a sample's beginning
	seen     digests         // of the master's pictures that were decoded for the edges
	unwanted map[uint32]bool // tracks, by number
	notes    []string        // on what is not as in the master
}

// part is one range of the cut: where it lies in display order, how it is split,
// and, once made, its edges and the first copied picture, if that has to change.
type part struct {
	in, out    int
	split      mp4.Split
	head, tail edge
	entry      []byte
	recovery   *recovery // that the head leads to, if any
	before     []placed  // what is written of it, in decoding order: these,
	rest       mp4.Span  // these of the master's as they are,
	after      []placed  // and these
	shift      int64     // from their times of display to the master's
}

func openCut(master io.ReaderAt, size int64, s Source, ranges []Range) (*cut, error) {
	movie, err := mp4.Read(master, size)
	if err != nil {
		return nil, err
	}
	c := &cut{master: master, movie: movie, source: s, unwanted: map[uint32]bool{}, strip: map[int]int{}, seen: digests{}}
	if c.video, err = movie.Video(); err != nil {
		return nil, err
	}
	if s.even {
		c.video.Even(s.Timecode.Rate.Num, s.Timecode.Rate.Den)
	}
	if shown := len(c.video.Shown); int64(shown) != s.Frames {
		return nil, unsupported("its index shows %d pictures and decoding %d", shown, s.Frames)
	}
	c.pictured(ranges)
	spans := make([]mp4.Span, len(c.ranges))
	for i, r := range c.ranges {
		if spans[i] = (mp4.Span{From: int(r.In), To: int(r.Out)}); r.In == r.Out {
			return nil, unsupported("there is no picture between the marks")
		}
	}
	if err := c.video.Describe(spans...); err != nil {
		return nil, err
	}
	c.codec, err = codecOf(c.video, s)
	return c, err
}

// choose leaves out the sound tracks that are not wanted.
func (c *cut) choose(wanted []int) error {
	if len(wanted) == 0 {
		return nil
	}
	sounds := 0
	for _, t := range c.movie.Tracks {
		if t.Kind != "soun" {
			continue
		}
		if sounds == len(c.source.Audio) {
			return unsupported("it has sounds that cannot be decoded")
		}
		c.unwanted[t.ID] = !slices.Contains(wanted, c.source.Audio[sounds].Index)
		sounds++
	}
	return nil
}

// pictured turns ranges of frames into ranges of the pictures that are shown. They
// are the same but where the rate is variable: there a frame is an address in time,
// and its picture the first that begins less than half a frame before it, as in Cut.
func (c *cut) pictured(ranges []Range) {
	if c.ranges = ranges; !c.source.Variable {
		return
	}
	rate := c.source.Timecode.Rate
	first := c.video.Time(c.video.Shown[0])
	at := func(frame int64) int64 {
		time := (rate.TimeOf(frame) - rate.TimeOf(1)/2).Seconds()
		return int64(sort.Search(len(c.video.Shown), func(i int) bool {
			return float64(c.video.Time(c.video.Shown[i])-first)/float64(c.video.Timescale) >= time
		}))
	}
	c.ranges = make([]Range, len(ranges))
	for i, r := range ranges {
		c.ranges[i] = Range{at(r.In), at(r.Out)}
	}
}

// split decides for each range what is copied.
func (c *cut) split() error {
	copied := 0
	for _, r := range c.ranges {
		p := part{in: int(r.In), out: int(r.Out)}
		var err error
		if p.split, err = c.video.Split(p.in, p.out, func(at mp4.Candidate) (entry mp4.Entry, err error) {
			entry, p.recovery, err = c.codec.entry(c.candidate(at))
			return entry, err
		}); err != nil {
			return err
		}
		c.placeLeading(&p)
		copied += p.split.Copied()
		c.parts = append(c.parts, p)
	}
	if copied == 0 {
		return unsupported("no picture between the marks can be taken over")
	}
	return c.stripInBand()
}

func (c *cut) candidate(at mp4.Candidate) candidate {
	return candidate{head: at.Head, leading: at.Leading.Len(), read: func(n int) ([]byte, error) {
		if at.Sample+n >= c.video.Len() {
			return nil, nil
		}
		return c.read(at.Sample + n)
	}}
}

func (c *cut) read(sample int) ([]byte, error) {
	s := c.video.Sample(sample)
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
