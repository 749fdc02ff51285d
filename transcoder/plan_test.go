package transcoder_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"subclip/transcoder"
)

// source returns the facts of a video of 250 frames.
func source(t *testing.T, container, codec, rate, start string) transcoder.Source {
	t.Helper()
	return transcoder.Source{
		Container: container, Timecode: base(t, rate, start), Frames: 250,
		Video: transcoder.VideoTrack{Codec: codec, Width: 1920, Height: 1080, PixelFormat: "yuv420p"},
		Audio: []transcoder.AudioTrack{{Index: 1, Codec: "aac", SampleRate: 48000, Channels: 2}},
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	part := []transcoder.Range{{In: 10, Out: 20}}
	for name, test := range map[string]struct {
		container, codec string
		format           string
		ranges           []transcoder.Range
		method           transcoder.Method
		output           string // container
		reason           string // a part of it
		fromStart        bool
	}{
		"whole MP4":                  {"mp4", "h264", "source", nil, transcoder.MethodCopy, "mp4", "the whole video", false},
		"whole MOV":                  {"mov", "prores", "source", nil, transcoder.MethodCopy, "mov", "the whole video", false},
		"no format means source":     {"mp4", "h264", "", nil, transcoder.MethodCopy, "mp4", "the whole video", false},
		"whole, marked":              {"mp4", "h264", "", []transcoder.Range{{In: 0, Out: 250}}, transcoder.MethodCopy, "mp4", "the whole video", false},
		"whole, twice":               {"mp4", "h264", "", []transcoder.Range{{In: 0, Out: 250}, {In: 0, Out: 250}}, transcoder.MethodSmart, "mp4", "between the marks", false},
		"whole MXF":                  {"mxf", "mpeg2video", "", nil, transcoder.MethodSmart, "mov", "between the marks", false},
		"part of MP4":                {"mp4", "h264", "", part, transcoder.MethodSmart, "mp4", "between the marks", false},
		"part of HEVC":               {"mp4", "hevc", "", part, transcoder.MethodSmart, "mp4", "between the marks", false},
		"part of MOV":                {"mov", "h264", "", part, transcoder.MethodSmart, "mov", "between the marks", false},
		"part of ProRes":             {"mov", "prores", "", part, transcoder.MethodSmart, "mov", "between the marks", false},
		"part of ProRes in MXF":      {"mxf", "prores", "", part, transcoder.MethodSmart, "mov", "between the marks", false},
		"part of motion JPEG in AVI": {"avi", "mjpeg", "", part, transcoder.MethodSmart, "mov", "between the marks", true},
		"part of MPEG-TS":            {"ts", "h264", "", part, transcoder.MethodSmart, "mp4", "between the marks", true},
		"part of Matroska":           {"mkv", "vp9", "", part, transcoder.MethodEncode, "mp4", "VP9", false},
		"whole MP4 converted":        {"mp4", "h264", "h264-720p", nil, transcoder.MethodEncode, "mp4", "converted to h264-720p", false},
		"part of ProRes converted":   {"mov", "prores", "h264-360p", part, transcoder.MethodEncode, "mp4", "converted to h264-360p", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := source(t, test.container, test.codec, "25", "10:00:00:00")
			p, err := transcoder.NewPlan(s, transcoder.Request{Ranges: test.ranges, Format: test.format})
			if err != nil {
				t.Fatal(err)
			}
			if p.Method != test.method || p.Container != test.output || p.FromStart != test.fromStart || !strings.Contains(p.Reason, test.reason) {
				t.Errorf("%+v", p)
			}
			var frames int64
			for _, r := range p.Ranges {
				frames += r.Frames()
			}
			if p.Frames != frames {
				t.Errorf("%d frames, its ranges have %d", p.Frames, frames)
			}
		})
	}
}

func TestPlanTakesRangesInOrder(t *testing.T) {
	t.Parallel()
	s := source(t, "mp4", "h264", "30000/1001", "00:00:58;20")
	ranges := []transcoder.Range{{In: 100, Out: 250}, {In: 0, Out: 1}, {In: 100, Out: 250}}
	p, err := transcoder.NewPlan(s, transcoder.Request{Ranges: ranges})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p.Ranges, ranges) || p.Frames != 301 {
		t.Errorf("ranges %v of %d frames", p.Ranges, p.Frames)
	}
	// 00:01:00;00 and ;01 do not exist.
	if p.Timecode != "00:01:02;02" {
		t.Errorf("timecode %s", p.Timecode)
	}
}

func TestPlanCannotCountVariableRate(t *testing.T) {
	t.Parallel()
	s := source(t, "mp4", "h264", "25", "")
	s.Variable = true
	for _, ranges := range [][]transcoder.Range{nil, {{In: 3, Out: 5}}} {
		p, err := transcoder.NewPlan(s, transcoder.Request{Ranges: ranges})
		if err != nil {
			t.Fatal(err)
		}
		if p.Frames != 0 {
			t.Errorf("%v: %d frames are planned", ranges, p.Frames)
		}
	}
}

func TestPlanMustEncode(t *testing.T) {
	t.Parallel()
	s := source(t, "mp4", "h264", "25", "")
	p, err := transcoder.NewPlan(s, transcoder.Request{Ranges: []transcoder.Range{{In: 3, Out: 5}}, MustEncode: "no sync sample"})
	if err != nil {
		t.Fatal(err)
	}
	if p.Method != transcoder.MethodEncode || !strings.Contains(p.Reason, "no sync sample") {
		t.Errorf("method %s: %s", p.Method, p.Reason)
	}
}

func TestPlanReadsUntimedFromItsStart(t *testing.T) {
	t.Parallel()
	s := source(t, "mxf", "h264", "25", "")
	s.Untimed = true
	p, err := transcoder.NewPlan(s, transcoder.Request{Ranges: []transcoder.Range{{In: 3, Out: 5}}})
	if err != nil {
		t.Fatal(err)
	}
	if !p.FromStart {
		t.Error("seeks where the container does not say when pictures are shown")
	}
}

func TestWithoutSeeking(t *testing.T) {
	t.Parallel()
	p := transcoder.Plan{Reason: "cut"}
	again := p.WithoutSeeking()
	if !again.FromStart || !strings.HasPrefix(again.Reason, "cut; ") || p.FromStart {
		t.Errorf("%+v", again)
	}
}

func TestPlanRefuses(t *testing.T) {
	t.Parallel()
	s := source(t, "mp4", "h264", "25", "10:00:00:00")
	for name, test := range map[string]struct {
		request transcoder.Request
		says    []string
	}{
		"an unknown format": {transcoder.Request{Format: "h265"}, []string{`"h265"`, "source, h264-1080p, h264-720p, h264-360p"}},
		"too many ranges":   {transcoder.Request{Ranges: make([]transcoder.Range, 51)}, []string{"51 ranges", "at most 50"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := transcoder.NewPlan(s, test.request)
			if err == nil {
				t.Fatal("is planned")
			}
			for _, part := range test.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	s := source(t, "mp4", "h264", "25", "10:00:00:00")
	good := transcoder.Range{In: 5, Out: 6}
	for name, test := range map[string]struct {
		r     transcoder.Range
		field string // empty if nothing is wrong
		says  []string
	}{
		"one frame":        {good, "", nil},
		"the last frame":   {transcoder.Range{In: 249, Out: 250}, "", nil},
		"all":              {transcoder.Range{In: 0, Out: 250}, "", nil},
		"reversed":         {transcoder.Range{In: 20, Out: 10}, "out", []string{"before mark in", "10:00:00:21 to 10:00:10:00"}},
		"no frame":         {transcoder.Range{In: 20, Out: 20}, "out", []string{"equals mark in", "10:00:00:21 to 10:00:10:00"}},
		"out beyond":       {transcoder.Range{In: 20, Out: 251}, "out", []string{"outside the video", "10:00:00:21 to 10:00:10:00"}},
		"in at the end":    {transcoder.Range{In: 250, Out: 251}, "in", []string{"outside the video", "10:00:00:00 to 10:00:09:24"}},
		"in before":        {transcoder.Range{In: -1, Out: 5}, "in", []string{"outside the video", "10:00:00:00 to 10:00:09:24"}},
		"no frame at last": {transcoder.Range{In: 249, Out: 249}, "out", []string{"10:00:10:00 to 10:00:10:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := transcoder.NewPlan(s, transcoder.Request{Ranges: []transcoder.Range{good, test.r}})
			wrong, ok := transcoder.IsRangeError(err)
			if test.field == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !ok || wrong.Index != 1 || wrong.Field != test.field {
				t.Fatalf("error %v, want one about mark %s of range 2", err, test.field)
			}
			for _, part := range append(test.says, "range 2, mark "+test.field) {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			if errors.Is(err, transcoder.ErrMedia) {
				t.Error("the file is blamed")
			}
		})
	}
}
