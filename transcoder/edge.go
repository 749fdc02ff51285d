package transcoder

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	ffmpeg "github.com/u2takey/ffmpeg-go"

	"subclip/transcoder/mp4"
)

// edge is a run of pictures encoded again: samples in decoding order, each with
// the place in display order of the picture it holds, from the edge's first.
type edge struct {
	samples []edgeSample
	leading []edgeSample // that replace the master's after an entry, in decoding order
	track   *mp4.Track   // that ffmpeg wrote
}

type edgeSample struct {
	data  []byte
	shown int
	sync  bool
}

// encode makes an edge. ffmpeg reads a tiny file that holds only the GOP in which
// the pictures lie, so that it needs no network. It tells what all pictures of that
// GOP decode to.
func (c *cut) encode(ctx context.Context, o *order) error {
	gop, from, sums := o.name+"-gop.mp4", o.name+"-edge.mp4", o.name+"-sums"
	samples, origin, err := c.leadIn(o)
	if err != nil {
		return err
	}
	if err := c.writeSamples(gop, samples); err != nil {
		return err
	}
	options, err := c.edgeOptions(o)
	if err != nil {
		return err
	}
	first := c.video.Sample(c.video.Shown[o.span.From]).Display - origin
	last := c.video.Sample(c.video.Shown[o.span.To-1]).Display - origin
	in := ffmpeg.Input(gop, asCoded()).Video().Split()
	out := ffmpeg.MergeOutputs(
		in.Get("0").Output(sums, c.hashing()),
		in.Get("1").Filter("trim", nil, ffmpeg.KwArgs{"start_pts": first, "end_pts": last + 1}).Output(from, options),
	)
	if _, err := c.t.run(ctx, out.GetArgs(), gop, int64(o.span.Len()), nil); err != nil {
		return fmt.Errorf("encode the pictures at a mark: %w", err)
	}
	if *o.to, err = readEdge(from); err != nil {
		return err
	}
	if n := len(o.to.samples); n != o.span.Len() {
		return unsupported("%d pictures were decoded at a mark instead of %d", n, o.span.Len())
	}
	if o.seen, err = readDigests(sums, origin); err != nil {
		return err
	}
	// What leads the first picture cannot be told from here.
	maps.DeleteFunc(o.seen, func(at int64, _ string) bool { return at < c.video.Sample(o.gop.From).Display })
	return c.checkTimes(o, samples, origin)
}

// checkTimes makes sure that the pictures of an edge are those that were meant: each
// was decoded at its time, and nothing at a time that no sample has.
func (c *cut) checkTimes(o *order, samples []mp4.NewSample, origin int64) error {
	given := map[int64]bool{}
	for _, s := range samples {
		given[s.Display+origin] = true
	}
	for at := range o.seen {
		if !given[at] {
			return unsupported("a picture at a mark is decoded at another time")
		}
	}
	for _, sample := range c.video.Shown[o.span.From:o.span.To] {
		if o.seen[c.video.Sample(sample).Display] == "" {
			return unsupported("a picture at a mark does not decode")
		}
	}
	return nil
}

// leadIn are the samples that must be decoded for an edge. Their time begins with the
// first that is shown, at origin of the master's media.
func (c *cut) leadIn(o *order) (samples []mp4.NewSample, origin int64, err error) {
	for i, s := range c.taken(o.gop, 0) {
		spare, err := c.spare(o.gop.From+i, o.needed)
		if err != nil {
			return nil, 0, err
		}
		if !spare {
			samples = append(samples, s)
		}
	}
	if len(samples) == 0 {
		return nil, 0, unsupported("there is nothing to decode at a mark")
	}
	origin = slices.MinFunc(samples, func(a, b mp4.NewSample) int { return cmp.Compare(a.Display, b.Display) }).Display
	for i := range samples {
		samples[i].Display -= origin
	}
	return samples, origin, nil
}

// spare reports whether a sample comes before another, and no other needs it.
func (c *cut) spare(sample, before int) (bool, error) {
	if sample >= before {
		return false, nil
	}
	data, err := c.read(sample)
	return err == nil && c.codec.spare(data), err
}

func (c *cut) edgeOptions(o *order) (ffmpeg.KwArgs, error) {
	options := ffmpeg.KwArgs{"fps_mode": "passthrough", "enc_time_base": c.timeBase(), "f": "mp4"}
	own, err := c.codec.options(o.before, o.span.Len())
	for name, value := range own {
		options[name] = value
	}
	return options, err
}

func readEdge(path string) (edge, error) {
	f, err := os.Open(path)
	if err != nil {
		return edge{}, fmt.Errorf("open an encoded edge: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return edge{}, fmt.Errorf("open an encoded edge: %w", err)
	}
	movie, err := mp4.Read(f, info.Size())
	if err != nil {
		return edge{}, err
	}
	if len(movie.Tracks) == 0 {
		return edge{}, unsupported("an encoded edge is empty")
	}
	track := movie.Tracks[0]
	e := edge{samples: make([]edgeSample, track.Len()), track: track}
	if len(track.Shown) != track.Len() {
		return edge{}, unsupported("an encoded edge hides pictures")
	}
	for shown, sample := range track.Shown {
		s := track.Sample(sample)
		data := make([]byte, s.Size)
		if _, err := f.ReadAt(data, s.Offset); err != nil {
			return edge{}, fmt.Errorf("read an encoded edge: %w", err)
		}
		e.samples[sample] = edgeSample{data, shown, s.Sync}
	}
	return e, nil
}

// taken are samples of the master as samples of a new file whose time begins at
// origin of the master's media.
func (c *cut) taken(span mp4.Span, origin int64) []mp4.NewSample {
	samples := make([]mp4.NewSample, 0, span.Len())
	for i, s := range c.video.Samples(span) {
		n := s.New()
		n.Display -= origin
		n.Offset, n.Size = n.Offset+int64(c.strip[i]), n.Size-uint32(c.strip[i]) //nolint:gosec // within the sample
		samples = append(samples, n)
	}
	return samples
}

// writeSamples makes a small file of nothing but these pictures.
func (c *cut) writeSamples(path string, samples []mp4.NewSample) error {
	config, err := c.codec.config()
	if err != nil {
		return err
	}
	track := &mp4.NewTrack{Of: c.video, Config: config}
	track.Add(samples...)
	for _, s := range samples {
		track.End = max(track.End, s.Display+int64(c.video.Sample(0).Duration))
	}
	track.Edits = []mp4.Edit{{Media: 0, Length: track.End}}
	layout, err := c.movie.Build([]*mp4.NewTrack{track})
	if err != nil {
		return err
	}
	return writeLayout(path, layout, c.master)
}
