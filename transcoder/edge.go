package transcoder

import (
	"context"
	"fmt"
	"os"
	"strconv"

	ffmpeg "github.com/u2takey/ffmpeg-go"

	"subclip/transcoder/mp4"
)

// edge is a run of pictures encoded again: samples in decoding order, each with
// the place in display order of the picture it holds, from the edge's first.
type edge struct {
	samples []edgeSample
	avc     mp4.AVC
}

type edgeSample struct {
	data  []byte
	shown int
	sync  bool
}

// encode makes an edge. ffmpeg reads a tiny file that holds only the GOP in which
// the pictures lie, so that it needs no network, and numbers its parameter sets
// apart from the master's, so that one sample entry can hold both.
func (c *cut) encode(ctx context.Context, span mp4.Span, name string) (edge, error) {
	gop, from := name+"-gop.mp4", name+"-edge.mp4"
	samples := c.video.GOP(span)
	origin := c.video.Earliest(samples)
	if err := c.writeSamples(gop, c.taken(samples, origin)); err != nil {
		return edge{}, err
	}
	first := c.video.Samples[c.video.Shown[span.From]].Display - origin
	last := c.video.Samples[c.video.Shown[span.To-1]].Display - origin
	out := ffmpeg.Input(gop).Video().
		Filter("trim", nil, ffmpeg.KwArgs{"start_pts": first, "end_pts": last + 1}).
		Output(from, c.edgeOptions())
	if _, err := c.t.run(ctx, out.GetArgs(), gop, int64(span.Len()), nil); err != nil {
		return edge{}, fmt.Errorf("encode the pictures at a mark: %w", err)
	}
	e, err := readEdge(from)
	if err == nil && len(e.samples) != span.Len() {
		err = fmt.Errorf("%w: %d pictures were decoded at a mark instead of %d", mp4.ErrUnsupported, len(e.samples), span.Len())
	}
	return e, err
}

func (c *cut) edgeOptions() ffmpeg.KwArgs {
	options := ffmpeg.KwArgs{
		"c:v": "libx264", "crf": "16", "preset": "veryfast", "fps_mode": "passthrough", "enc_time_base": "-1",
		"x264-params": fmt.Sprintf("sps-id=%d:keyint=infinite:scenecut=0:open-gop=0", c.id), "f": "mp4",
	}
	if profile := c.avc.Profile(); profile != "" {
		options["profile:v"] = profile
	}
	if !c.video.Reordered() {
		// A decoder that was told to expect no reordering must not meet any.
		options["bf"] = strconv.Itoa(0)
	}
	return options
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
		return edge{}, fmt.Errorf("%w: an encoded edge is empty", mp4.ErrUnsupported)
	}
	track := movie.Tracks[0]
	e := edge{samples: make([]edgeSample, len(track.Samples))}
	if e.avc, err = track.AVC(); err != nil {
		return edge{}, err
	}
	if len(track.Shown) != len(track.Samples) {
		return edge{}, fmt.Errorf("%w: an encoded edge hides pictures", mp4.ErrUnsupported)
	}
	for shown, sample := range track.Shown {
		s := track.Samples[sample]
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
	for _, s := range c.video.Samples[span.From:span.To] {
		samples = append(samples, mp4.NewSample{Offset: s.Offset, Size: s.Size, Sync: s.Sync, Display: s.Display - origin})
	}
	return samples
}

// writeSamples makes a small file of nothing but these pictures.
func (c *cut) writeSamples(path string, samples []mp4.NewSample) error {
	track := &mp4.NewTrack{Of: c.video, Samples: samples}
	for _, s := range samples {
		track.End = max(track.End, s.Display+int64(c.video.Samples[0].Duration))
	}
	track.Edits = []mp4.Edit{{Media: 0, Length: track.End}}
	layout, err := c.movie.Build([]*mp4.NewTrack{track})
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write a GOP: %w", err)
	}
	if err := layout.WriteTo(f, c.master); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write a GOP: %w", err)
	}
	return nil
}
