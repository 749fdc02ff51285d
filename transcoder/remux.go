package transcoder

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	ffmpeg "github.com/u2takey/ffmpeg-go"

	"subclip/transcoder/mp4"
)

const (
	// remuxScale is the units a second in which a copy says when it begins: whole
	// for a frame at the usual rates and a sample of sound.
	remuxScale = "240000"
	// afterOut is how far past mark out a copy goes: pictures decoded before one
	// may be shown after it.
	afterOut = 2 * time.Second
	// stepBack is how much earlier a second try begins, where the first did not
	// find the pictures that mark in depends on.
	stepBack = 30 * time.Second
)

// remuxed is a copy of a part of a master, in a container whose tables can be cut.
type remuxed struct {
	master  Master
	source  Source  // of the copy
	request Request // in its frames
	first   int64   // the copy's first frame, in those of the master
	read    int64   // bytes of the master
	close   func() error
}

// remux copies the coded pictures and sounds around the marks out of a container
// that has no sample tables. Which pictures they are is told by their time, from
// the container's start. Errors that are ErrUnsupported leave encoding.
func (t *Transcoder) remux(ctx context.Context, input, folder string, s Source, req Request) (*remuxed, error) {
	plan, err := NewPlan(s, req)
	if err != nil {
		return nil, err
	}
	if s.Variable || s.Untimed {
		return nil, unsupported("the container does not tell which picture is which")
	}
	s = s.with(req.Audio)
	req.Audio = nil // there are no others in the copy
	path := filepath.Join(folder, "copy."+plan.Container)
	from, to := plan.Ranges[0].In, plan.Ranges[0].Out
	for _, r := range plan.Ranges {
		from, to = min(from, r.In), max(to, r.Out)
	}
	wanted := s.frameTime(from) - s.Timecode.Rate.TimeOf(1)/2
	read := int64(0)
	var why error
	for _, start := range []time.Duration{max(0, wanted), max(0, wanted-stepBack), 0} {
		made, err := t.run(ctx, remuxArgs(s, plan, start, s.frameTime(to)+afterOut, path), input, 0, nil)
		switch {
		case ctx.Err() != nil:
			return nil, err
		case err != nil:
			return nil, unsupported("it cannot be copied into %s (%w)", plan.Container, err)
		case made.interruption != "":
			return nil, fmt.Errorf("%w: %s", errMaster, made.interruption)
		}
		read += made.bytesRead
		copied, err := openRemuxed(path, s, plan, from, to)
		if err == nil {
			copied.read = read
			copied.request = req.moved(plan.Ranges, -copied.first)
			return copied, nil
		}
		why = err
		if start == 0 {
			break
		}
	}
	return nil, why
}

// remuxArgs are ffmpeg's for a copy in which time runs as in the master.
func remuxArgs(s Source, p Plan, start, end time.Duration, path string) []string {
	options := ffmpeg.KwArgs{"copyts": "", "start_at_zero": "", "t": secondsArg(end - start)}
	if start > 0 {
		options["ss"] = secondsArg(start)
	}
	return ffmpeg.Output(s.streams(ffmpeg.Input("master", options)), path, ffmpeg.KwArgs{
		"c": "copy", "f": p.Container, "movie_timescale": remuxScale, "timecode": s.Timecode.Timecode(0),
		"map_metadata": "-1", "strict": "-2", "copypriorss": "1",
	}).GetArgs()
}

// openRemuxed reads a copy's tables and finds the place of its pictures among the
// master's, of which it must have those from one frame to another. Each before the
// frame to must lie where the rate puts it; at a copy's end some are missing.
func openRemuxed(path string, s Source, p Plan, from, to int64) (*remuxed, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open a copy of the master: %w", err)
	}
	r, err := readRemuxed(f, s, p, from, to)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return r, nil
}

func readRemuxed(f *os.File, s Source, p Plan, from, to int64) (*remuxed, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open a copy of the master: %w", err)
	}
	movie, err := mp4.Read(f, info.Size())
	if err != nil {
		return nil, err
	}
	video, err := movie.Video()
	if err != nil {
		return nil, err
	}
	r := &remuxed{master: Master{ReaderAt: f, Size: info.Size()}, close: f.Close, source: s}
	for i, sample := range video.Shown {
		at := float64(video.Time(sample))/float64(video.Timescale) - s.VideoStart
		frame := at * perSecond(s.Timecode.Rate)
		if i == 0 {
			r.first = int64(math.Round(frame))
		}
		expected := r.first + int64(i)
		if expected < to && math.Abs(frame-float64(expected)) > 0.5 {
			return nil, unsupported("a picture is not where the frame rate puts it")
		}
	}
	if r.first > from {
		return nil, unsupported("a copy of it begins after mark in")
	}
	r.source.Container, r.source.Size, r.source.Frames = p.Container, info.Size(), int64(len(video.Shown))
	r.source.Timecode.Start += r.first
	r.source.even = true
	return r, nil
}

// moved is the request in frames that are counted from another one.
func (r Request) moved(ranges []Range, by int64) Request {
	r.Ranges = nil
	for _, span := range ranges {
		r.Ranges = append(r.Ranges, Range{span.In + by, span.Out + by})
	}
	return r
}

// report turns what is told of a clip of the copy into what is true of the master.
func (r *remuxed) report(made Report, s Source) Report {
	for i := range made.Ranges {
		made.Ranges[i].FirstFrame += r.first
		made.Ranges[i].LastFrame += r.first
	}
	made.BytesRead = r.read
	made.Reason += "; copied out of " + s.Container
	return made
}
