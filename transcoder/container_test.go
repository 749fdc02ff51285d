package transcoder_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
)

// kind is a sort of file that masters come as.
type kind struct {
	name   string // of the file
	change func(o *sample.Options)
	// remake, if not empty, are the ffmpeg options that make the file out of
	// an MP4 sample.
	remake []string

	container string
	start     string // timecode
	untimed   bool
}

func with(video ...string) func(o *sample.Options) {
	return func(o *sample.Options) {
		o.GOP, o.BFrames, o.VideoArgs = 25, 2, video
	}
}

func withPCM(video ...string) func(o *sample.Options) {
	return func(o *sample.Options) {
		with(video...)(o)
		o.AudioArgs = []string{"-c:a", "pcm_s16le"}
	}
}

// TestContainers cuts every sort of file in the middle, where a reader has to
// find its way in, and all over.
func TestContainers(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	const start, none = "10:00:00:00", "00:00:00:00"
	openHEVC := []string{"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:open-gop=1:bframes=3:keyint=40"}
	openAVC := []string{"-x264-params", "open-gop=1"}
	mpeg2 := []string{"-c:v", "mpeg2video", "-b:v", "4M"}
	for _, k := range []kind{
		{name: "prores.mov", change: withPCM("-c:v", "prores_ks"), container: "mov", start: start},
		{name: "open-hevc.mp4", change: with(openHEVC...), container: "mp4", start: start},
		{name: "open-avc.mp4", change: with(openAVC...), container: "mp4", start: start},
		{name: "fragmented.mp4", change: with(), container: "mp4", start: start, remake: []string{"-c", "copy", "-movflags", "+frag_keyframe+empty_moov"}},
		{name: "avc.ts", change: with(), container: "ts", start: none},
		{name: "open-avc.ts", change: with(openAVC...), container: "ts", start: none},
		{name: "long-gop-hevc.ts", change: with(openHEVC...), container: "ts", start: none},
		{name: "mpeg2.ts", change: with(), container: "ts", start: none, remake: append(mpeg2, "-g", "12", "-bf", "2", "-c:a", "mp2")},
		{name: "mpeg2.mpg", change: with(), container: "mpg", start: none, remake: append(mpeg2, "-g", "12", "-bf", "2", "-c:a", "mp2")},
		{name: "long-gop.mkv", change: func(*sample.Options) {}, container: "mkv", start: start},
		{name: "open-hevc.mkv", change: with(openHEVC...), container: "mkv", start: start},
		{name: "mpeg2.mxf", change: withPCM(mpeg2...), container: "mxf", start: start},
		// These two say when a picture is decoded, not when it is shown.
		{name: "avc.mxf", change: withPCM(), container: "mxf", start: start, untimed: true},
		{name: "avc.avi", change: withPCM(), container: "avi", start: start, untimed: true},
		{name: "avc.flv", change: with(), container: "flv", start: start},
		{name: "avc.h264", change: func(o *sample.Options) { o.NoAudio, o.Timecode = true, "" }, container: "h264", start: none, untimed: true},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			input := k.file(t)
			s := probe(t, tr, input)
			if s.Container != k.container || s.Frames != 125 || s.Untimed != k.untimed || s.Variable || s.Timecode != base(t, "25", k.start) {
				t.Fatalf("%+v", s)
			}
			cut(t, tr, input, s, "", []transcoder.Range{{In: 49, Out: 77}, {In: 26, Out: 27}, {In: 124, Out: 125}, {In: 0, Out: 3}}...)
		})
	}
}

func (k kind) file(t *testing.T) string {
	t.Helper()
	o := small()
	k.change(&o)
	if k.remake == nil {
		return makeSample(t, k.name, o)
	}
	return ffmpeg(t, k.name, append([]string{"-i", makeSample(t, "sample.mp4", o)}, k.remake...)...)
}

// A file cut by copying keeps the pictures before its mark, back to a sync
// sample, and hides them by an edit list.
func TestHiddenPictures(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	input := ffmpeg(t, "edited.mp4", "-ss", "1.32", "-i", makeSample(t, "video.mp4", small()), "-c", "copy")
	s := probe(t, tr, input)
	const hidden = 33
	if s.Frames != 125-hidden {
		t.Fatalf("%d frames, want %d", s.Frames, 125-hidden)
	}
	for _, r := range []transcoder.Range{{In: 0, Out: 1}, {In: 10, Out: 30}, {In: 91, Out: 92}, {In: 0, Out: 92}} {
		path := filepath.Join(t.TempDir(), "clip")
		report, err := tr.Cut(t.Context(), input, path, s, transcoder.Request{Ranges: []transcoder.Range{r}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if report.Frames != r.Frames() {
			t.Errorf("the report says %d frames", report.Frames)
		}
		wantFrames(t, path, transcoder.Range{In: r.In + hidden, Out: r.Out + hidden})
	}
}

// A recording of a running transmission begins in the middle of a GOP. Its first
// picture is the first that can be decoded.
func TestRecordingBegunInsideGOP(t *testing.T) {
	t.Parallel()
	for name, video := range map[string][]string{
		"progressive": nil,
		"interlaced":  {"-flags", "+ilme+ildct", "-x264-params", "tff=1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cutRecording(t, video)
		})
	}
}

func cutRecording(t *testing.T, video []string) {
	t.Helper()
	tr := newTranscoder(t)
	o := small()
	o.GOP, o.VideoArgs = 25, video
	data, err := os.ReadFile(makeSample(t, "video.ts", o))
	if err != nil {
		t.Fatal(err)
	}
	input := filepath.Join(t.TempDir(), "begun.ts")
	const packet = 188
	if err := os.WriteFile(input, data[len(data)/3/packet*packet:], 0o600); err != nil {
		t.Fatal(err)
	}
	s := probe(t, tr, input)
	if s.Frames%25 != 0 || s.Frames == 125 {
		t.Fatalf("%d frames, want those from a sync frame on", s.Frames)
	}
	first := 125 - s.Frames
	for _, r := range []transcoder.Range{{In: 0, Out: 1}, {In: 13, Out: 30}, {In: s.Frames - 1, Out: s.Frames}} {
		path := filepath.Join(t.TempDir(), "clip")
		if _, err := tr.Cut(t.Context(), input, path, s, transcoder.Request{Ranges: []transcoder.Range{r}}, nil); err != nil {
			t.Fatal(err)
		}
		wantFrames(t, path, transcoder.Range{In: r.In + first, Out: r.Out + first})
	}
}

// Where pictures are not evenly spaced marks are times: the clip holds what is
// shown between them, and the report tells how many pictures that is.
func TestVariableRate(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	// Every picture from the 50th on is shown twice as long.
	input := ffmpeg(t, "variable.mkv", "-i", makeSample(t, "video.mp4", small()), "-an", "-fps_mode", "passthrough",
		"-vf", `setpts=(N+max(0\,N-50))/25/TB`)
	s := probe(t, tr, input)
	if !s.Variable {
		t.Fatalf("%+v is said to be evenly spaced", s)
	}
	r := transcoder.Range{In: s.Timecode.Rate.FrameAt(40e9 / 25), Out: s.Timecode.Rate.FrameAt(60e9 / 25)}
	path := filepath.Join(t.TempDir(), "clip")
	report, err := tr.Cut(t.Context(), input, path, s, transcoder.Request{Ranges: []transcoder.Range{r}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantFrames(t, path, transcoder.Range{In: 40, Out: 40 + report.Frames})
	if report.Frames < 14 || report.Frames > 16 {
		t.Errorf("%d frames, want about 15", report.Frames)
	}
	if strings.Contains(report.Reason, "from its start") {
		t.Errorf("reason %q: the count was not to be expected", report.Reason)
	}
}

// TestOtherCodings cuts files whose pictures are reordered in containers that were not
// made for that, and codings of the web: all of these are encoded, and exactly.
func TestOtherCodings(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	for _, c := range []struct {
		name, codec string
		args        []string
		lost        int64   // pictures that the encoder swallows
		delay       float64 // of the pictures, which ffmpeg writes later than Opus
	}{
		{"a.avi", "h264", []string{"-c:v", "libx264", "-bf", "2", "-g", "25", "-c:a", "pcm_s16le"}, 0, 0},
		{"b.avi", "h264", []string{"-c:v", "mpeg4", "-vtag", "XVID", "-bf", "2", "-g", "25", "-q:v", "3", "-c:a", "pcm_s16le"}, 0, 0},
		{"c.avi", "h264", []string{"-c:v", "libxvid", "-bf", "2", "-g", "25", "-q:v", "3", "-c:a", "mp2"}, 2, 0},
		{"a.mxf", "h264", []string{"-c:v", "libx264", "-profile:v", "high422", "-pix_fmt", "yuv422p10le", "-flags", "+ilme+ildct", "-x264-params", "tff=1", "-bf", "2", "-g", "12", "-c:a", "pcm_s16le"}, 0, 0},
		{"a.webm", "vp9", []string{"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "25", "-c:a", "libopus"}, 0, 0.007},
		{"b.webm", "h264", []string{"-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "25", "-c:a", "libvorbis"}, 0, 0},
		{"c.webm", "av1", []string{"-c:v", "libsvtav1", "-preset", "10", "-g", "25", "-c:a", "libopus"}, 0, 0.007},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := sample.Options{Width: 320, Height: 180, Rate: "25", Frames: 125, GOP: 25}
			path := ffmpeg(t, c.name, append([]string{"-i", makeSample(t, "a.mp4", o)}, c.args...)...)
			source := probe(t, tc, path)
			if want := 125 - c.lost; source.Frames != want || source.Timecode.Rate != base(t, "25", "00:00:00:00").Rate || source.Variable {
				t.Fatalf("%+v", source)
			}
			for _, ranges := range [][]transcoder.Range{{{In: 13, Out: 112}}, {{In: 61, Out: 62}}, {{In: 60, Out: 121}, {In: 0, Out: 57}, {In: 13, Out: 80}}} {
				clip, report := makeClip(t, tc, path, source, ranges...)
				if report.Method != transcoder.MethodEncode {
					t.Errorf("%+v", report)
				}
				wantFrames(t, clip, ranges...)
				wantConstantRate(t, clip)
				if got := streams(t, clip)[0].Codec; got != c.codec {
					t.Errorf("it is %s, want %s", got, c.codec)
				}
				if ranges[0].Frames() > 1 {
					wantBeepsNear(t, clip, 0, c.delay, 0.016, source, ranges...)
				}
			}
		})
	}
}
