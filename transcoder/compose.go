package transcoder

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	ffmpeg "github.com/u2takey/ffmpeg-go"
)

// compose turns a plan into ffmpeg's arguments: one input per range, each
// opened half a frame before its first picture so that rounding of time stamps
// can neither lose nor double one, then trimmed to the frame and to the sample
// and joined.
func compose(s Source, p Plan, input, output string) (args []string, err error) {
	// The graph builder panics where a graph makes no sense.
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("compose the ffmpeg graph: %v", r)
		}
	}()
	if p.Method == MethodCopy {
		return composeCopy(s, p, input, output), nil
	}
	var parts []*ffmpeg.Stream
	for i, r := range p.Ranges {
		parts = append(parts, segment(s, p, i, r, input)...)
	}
	streams := join(parts, len(p.Ranges), len(s.Audio))
	streams[0] = shape(streams[0], p)
	return ffmpeg.Output(streams, output, outputOptions(s, p)).GetArgs(), nil
}

func composeCopy(s Source, p Plan, input, output string) []string {
	in := ffmpeg.Input(input, ffmpeg.KwArgs{"format_whitelist": demuxers})
	streams := []*ffmpeg.Stream{in.Get(strconv.Itoa(s.Video.Index))}
	for _, a := range s.Audio {
		streams = append(streams, in.Get(strconv.Itoa(a.Index)))
	}
	return ffmpeg.Output(streams, output, ffmpeg.KwArgs{
		"c": "copy", "movflags": "+faststart", "timecode": p.Timecode, "f": p.Container,
	}).GetArgs()
}

// segment opens one range and returns its picture and its sounds, all starting
// at time 0.
func segment(s Source, p Plan, index int, r Range, input string) []*ffmpeg.Stream {
	rate := s.Timecode.Rate
	half := rate.TimeOf(1) / 2
	length := rate.TimeOf(r.Out) - rate.TimeOf(r.In)
	options := ffmpeg.KwArgs{
		"format_whitelist": demuxers,
		// The builder merges equal inputs, and a range may be asked for twice.
		"thread_queue_size": 64 + index,
	}
	// lead is how much of the opened input lies before the first wanted frame.
	lead := s.frameTime(r.In)
	trim := ffmpeg.KwArgs{"start_frame": r.In, "end_frame": r.Out}
	if !p.ByFrame {
		start := max(0, lead-half)
		lead -= start
		options["ss"] = secondsArg(start)
		options["t"] = secondsArg(lead + length + half)
		trim = ffmpeg.KwArgs{"end_frame": r.Frames()}
		if s.Variable {
			trim = ffmpeg.KwArgs{"end": secondsArg(lead + length - half)}
		}
	}
	in := ffmpeg.Input(input, options)
	streams := []*ffmpeg.Stream{
		in.Get(strconv.Itoa(s.Video.Index)).Filter("trim", nil, trim).Filter("setpts", ffmpeg.Args{"PTS-STARTPTS"}),
	}
	for _, a := range s.Audio {
		streams = append(streams, in.Get(strconv.Itoa(a.Index)).
			Filter("atrim", nil, ffmpeg.KwArgs{"start": secondsArg(lead), "end": secondsArg(lead + length)}).
			Filter("asetpts", ffmpeg.Args{"PTS-" + secondsArg(lead) + "/TB"}).
			// Silence fills what the source has no sound for, from the first
			// sample on, so that joined ranges stay aligned.
			Filter("aresample", nil, ffmpeg.KwArgs{"async": 1, "first_pts": 0}))
	}
	return streams
}

// join concatenates ranges of one picture and any number of sounds each.
func join(parts []*ffmpeg.Stream, ranges, sounds int) []*ffmpeg.Stream {
	if ranges == 1 {
		return parts
	}
	node := ffmpeg.FilterMultiOutput(parts, "concat", nil, ffmpeg.KwArgs{"n": ranges, "v": 1, "a": sounds})
	joined := make([]*ffmpeg.Stream, 1+sounds)
	for i := range joined {
		joined[i] = node.Get(strconv.Itoa(i))
	}
	return joined
}

func shape(picture *ffmpeg.Stream, p Plan) *ffmpeg.Stream {
	if p.deinterlace {
		picture = picture.Filter("bwdif", nil, ffmpeg.KwArgs{"mode": "send_frame"})
	}
	if p.height > 0 {
		picture = picture.Filter("scale", nil, ffmpeg.KwArgs{"w": "-2", "h": fmt.Sprintf("trunc(min(%d,ih)/2)*2", p.height)})
	}
	return picture
}

func outputOptions(s Source, p Plan) ffmpeg.KwArgs {
	options := ffmpeg.KwArgs{
		"c:v": p.video.encoder, "fps_mode": "passthrough", "movflags": "+faststart", "timecode": p.Timecode,
		"f": p.Container, "map_metadata": "-1", "map_chapters": "-1",
	}
	if s.Video.Interlaced() && !p.deinterlace {
		options["flags:v"] = "+ilme+ildct"
	}
	if len(s.Audio) > 0 {
		options["c:a"] = p.sound.encoder
	}
	for i, a := range s.Audio {
		if a.Language != "" {
			options[fmt.Sprintf("metadata:s:a:%d", i)] = "language=" + a.Language
		}
	}
	for _, c := range []coding{p.video, p.sound} {
		for name, value := range c.options {
			options[name] = value
		}
	}
	return options
}

// secondsArg writes a time as ffmpeg reads it, to the microsecond it keeps.
func secondsArg(d time.Duration) string {
	return strings.TrimSuffix(strconv.FormatFloat(d.Seconds(), 'f', 6, 64), ".000000")
}
