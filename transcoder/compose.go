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
// can neither lose nor double one, then trimmed and joined.
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
	streams := join(parts, len(p.Ranges), s)
	streams[0] = shape(streams[0], p)
	return ffmpeg.Output(streams, output, outputOptions(s, p)).GetArgs(), nil
}

func composeCopy(s Source, p Plan, input, output string) []string {
	options := ffmpeg.KwArgs{"c": "copy", "movflags": "+faststart", "timecode": p.Timecode, "f": p.Container}
	p.state(options)
	return ffmpeg.Output(s.streams(ffmpeg.Input(input)), output, options).GetArgs()
}

// state has ffmpeg write what those who use the file must keep to.
func (p Plan) state(options ffmpeg.KwArgs) {
	if p.Restrictions != "" {
		options["metadata"] = "copyright=" + p.Restrictions
	}
}

// streams are the picture and the sounds of an opened input.
func (s Source) streams(in *ffmpeg.Stream) []*ffmpeg.Stream {
	streams := []*ffmpeg.Stream{in.Get(strconv.Itoa(s.Video.Index))}
	for _, a := range s.Audio {
		streams = append(streams, in.Get(strconv.Itoa(a.Index)))
	}
	return streams
}

// segment opens one range and returns its picture and its sounds, all starting
// at time 0 and lasting as long as the range.
func segment(s Source, p Plan, index int, r Range, input string) []*ffmpeg.Stream {
	rate := s.Timecode.Rate
	half := rate.TimeOf(1) / 2
	length := rate.TimeOf(r.Out) - rate.TimeOf(r.In)
	options := ffmpeg.KwArgs{}
	// lead is how much of the opened input lies before the first wanted frame.
	lead := s.frameTime(r.In)
	if !p.FromStart {
		start := max(0, lead-half)
		lead -= start
		options["ss"] = secondsArg(start)
	}
	wanted := ffmpeg.KwArgs{"start_frame": r.In, "end_frame": r.Out}
	if !s.Untimed {
		// By time a picture that is missing leaves too few, which is noticed. By
		// number another one would take its place.
		wanted = ffmpeg.KwArgs{"start": secondsArg(max(0, lead-half)), "end": secondsArg(lead + length - half)}
		options["t"] = secondsArg(lead + length + half)
	}
	// The builder merges inputs that it takes to be equal, and a range may be
	// asked for twice. What is read is put in by run.
	in := ffmpeg.Input(fmt.Sprintf("range %d of %s", index+1, input), options)
	streams := []*ffmpeg.Stream{fromZero(in, s, wanted)}
	for _, a := range s.Audio {
		streams = append(streams, soundFrom(in, a, lead).
			Filter("apad", nil, ffmpeg.KwArgs{"whole_dur": secondsArg(length)}).
			// Silence alone has no time stamps, on which concat would wait forever.
			Filter("asetpts", ffmpeg.Args{"N/SR/TB"}).
			Filter("atrim", nil, ffmpeg.KwArgs{"end": secondsArg(length)}))
	}
	return streams
}

// fromZero returns the wanted pictures of an opened input, the first at time 0.
func fromZero(in *ffmpeg.Stream, s Source, wanted ffmpeg.KwArgs) *ffmpeg.Stream {
	picture := in.Get(strconv.Itoa(s.Video.Index))
	if len(wanted) > 0 {
		picture = picture.Filter("trim", nil, wanted)
	}
	return evenly(picture.Filter("setpts", ffmpeg.Args{"PTS-STARTPTS"}), s)
}

// soundFrom returns a sound of an opened input from the time start on, which
// becomes time 0. Silence fills what the source has no sound for, so that picture
// and joined ranges stay aligned.
func soundFrom(in *ffmpeg.Stream, a AudioTrack, start time.Duration) *ffmpeg.Stream {
	return in.Get(strconv.Itoa(a.Index)).
		Filter("atrim", nil, ffmpeg.KwArgs{"start": secondsArg(start)}).
		Filter("asetpts", ffmpeg.Args{"PTS-" + secondsArg(start) + "/TB"}).
		Filter("aresample", nil, ffmpeg.KwArgs{"async": 1, "first_pts": 0})
}

// evenly spaces pictures at exactly the source's rate, which containers round
// and a joint of single pictures loses.
func evenly(picture *ffmpeg.Stream, s Source) *ffmpeg.Stream {
	if s.Variable {
		return picture
	}
	rate := s.Timecode.Rate
	return picture.Filter("settb", ffmpeg.Args{fmt.Sprintf("%d/%d", rate.Den, rate.Num)}).Filter("setpts", ffmpeg.Args{"N"})
}

// join concatenates ranges, each of one picture and of all sounds of the source.
func join(parts []*ffmpeg.Stream, ranges int, s Source) []*ffmpeg.Stream {
	if ranges == 1 {
		return parts
	}
	node := ffmpeg.FilterMultiOutput(parts, "concat", nil, ffmpeg.KwArgs{"n": ranges, "v": 1, "a": len(s.Audio)})
	joined := make([]*ffmpeg.Stream, 1+len(s.Audio))
	for i := range joined {
		// The builder sorts outputs by name.
		joined[i] = node.Get(fmt.Sprintf("%05d", i))
	}
	joined[0] = evenly(joined[0], s)
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
	p.state(options)
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
	if s.Untimed {
		// Where pictures can only be counted, a lost one shifts all that follow.
		options["xerror"] = ""
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
