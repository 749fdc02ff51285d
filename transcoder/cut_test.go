package transcoder_test

import (
	"fmt"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
)

// spread is a clip of many ranges: out of order, repeated, single, the first and
// the last frame, and more of them than a name of one digit tells apart.
func spread(frames int64) []transcoder.Range {
	return []transcoder.Range{
		{In: 60, Out: 70},
		{In: 10, Out: 11},
		{In: 0, Out: 3},
		{In: 10, Out: 11},
		{In: frames - 1, Out: frames},
		{In: frames - 1, Out: frames},
		{In: 26, Out: 27},
		{In: 24, Out: 26},
		{In: 49, Out: 51},
		{In: 7, Out: 8},
		{In: 30, Out: 55},
		{In: 0, Out: 1},
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.GOP = 50 // frames 0, 50 and 100 are sync frames
	input := makeSample(t, "video.mp4", o)
	s := probe(t, tr, input)
	for name, ranges := range map[string][]transcoder.Range{
		"in on a sync frame":     {{In: 50, Out: 60}},
		"in one before":          {{In: 49, Out: 60}},
		"in one after":           {{In: 51, Out: 60}},
		"inside a GOP":           {{In: 70, Out: 85}},
		"out on a sync frame":    {{In: 90, Out: 100}},
		"out one after":          {{In: 90, Out: 101}},
		"out one before":         {{In: 90, Out: 99}},
		"a whole GOP":            {{In: 50, Out: 100}},
		"the first frame":        {{In: 0, Out: 1}},
		"the last frame":         {{In: 124, Out: 125}},
		"one sync frame":         {{In: 100, Out: 101}},
		"one B-frame":            {{In: 77, Out: 78}},
		"all but the first":      {{In: 1, Out: 125}},
		"all but the last":       {{In: 0, Out: 124}},
		"two that touch":         {{In: 40, Out: 52}, {In: 52, Out: 60}},
		"two single frames":      {{In: 40, Out: 41}, {In: 90, Out: 91}},
		"the same one twice":     {{In: 40, Out: 52}, {In: 40, Out: 52}},
		"many, in a mixed order": spread(s.Frames),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, report := cut(t, tr, input, s, "", ranges...)
			if report.Method != transcoder.MethodEncode || report.FramesCopied != 0 {
				t.Errorf("method %s, %d frames copied", report.Method, report.FramesCopied)
			}
		})
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	for _, test := range []struct{ rate, start string }{
		{"24000/1001", "01:00:00:00"},
		{"25", "23:59:58:00"}, // over midnight
		{"30000/1001", "00:59:58;20"},
		{"50", "10:00:00:00"},
		{"60000/1001", "00:08:59;50"}, // over a minute that leaves numbers out
	} {
		t.Run(test.rate, func(t *testing.T) {
			t.Parallel()
			o := small()
			o.Rate, o.Timecode = test.rate, test.start
			input := makeSample(t, "video.mp4", o)
			s := probe(t, tr, input)
			if s.Timecode != base(t, test.rate, test.start) {
				t.Errorf("timecode %v, want %s at %s", s.Timecode, test.start, test.rate)
			}
			cut(t, tr, input, s, "", transcoder.Range{In: 33, Out: 77})
			cut(t, tr, input, s, "", spread(s.Frames)...)
		})
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Width, o.Height, o.Frames = 480, 400, 60
	input := makeSample(t, "video.mp4", o)
	s := probe(t, tr, input)
	part := []transcoder.Range{{In: 20, Out: 45}}
	for _, test := range []struct {
		format string
		height int
		ranges []transcoder.Range
	}{
		{"h264-360p", 360, nil},
		{"h264-360p", 360, part},
		{"h264-360p", 360, []transcoder.Range{{In: 50, Out: 60}, {In: 3, Out: 4}}},
		{"h264-1080p", 400, part},
	} {
		t.Run(fmt.Sprint(test.format, test.ranges), func(t *testing.T) {
			t.Parallel()
			path, report := cut(t, tr, input, s, test.format, test.ranges...)
			if report.Format != test.format || report.Method != transcoder.MethodEncode {
				t.Errorf("format %q, method %q", report.Format, report.Method)
			}
			if got := streams(t, path)[0]; got.Height != test.height || got.Codec != "h264" {
				t.Errorf("%d lines of %s, want %d of h264", got.Height, got.Codec, test.height)
			}
		})
	}
}

func TestWholeIsCopied(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	proRes := func(o *sample.Options) {
		o.Frames, o.VideoArgs, o.AudioArgs = 20, []string{"-c:v", "prores_ks"}, []string{"-c:a", "pcm_s24le"}
	}
	for name, change := range map[string]func(o *sample.Options){
		"video.mp4": func(*sample.Options) {},
		"video.mov": proRes,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := small()
			change(&o)
			input := makeSample(t, name, o)
			_, report := cut(t, tr, input, probe(t, tr, input), "")
			if report.Method != transcoder.MethodCopy || report.FramesCopied != int64(o.Frames) {
				t.Errorf("method %s, %d frames copied", report.Method, report.FramesCopied)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	input := makeSample(t, "video.mp4", small())
	last := 0.0
	request := transcoder.Request{Ranges: []transcoder.Range{{In: 10, Out: 110}}}
	_, err := tr.Cut(t.Context(), input, t.TempDir()+"/clip", probe(t, tr, input), request, func(done float64) {
		if done < last || done > 1 {
			t.Errorf("progress goes from %v to %v", last, done)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	if last != 1 {
		t.Errorf("progress ends at %v", last)
	}
}
