package transcoder_test

import (
	"os"
	"path/filepath"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
)

// makeClip makes a clip in the best way there is, as a local file.
func makeClip(t *testing.T, tc *transcoder.Transcoder, path string, source transcoder.Source, ranges ...transcoder.Range) (string, transcoder.Report) {
	t.Helper()
	return makeClipOf(t, tc, path, source, transcoder.Request{Ranges: ranges})
}

func makeClipOf(t *testing.T, tc *transcoder.Transcoder, path string, source transcoder.Source, req transcoder.Request) (string, transcoder.Report) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	master := transcoder.Master{ReaderAt: f, Size: source.Size}
	made, err := tc.Make(t.Context(), master, path, t.TempDir(), source, req, nil)
	if err != nil {
		t.Fatalf("%+v: %v", req, err)
	}
	if made.Path == "" {
		made.Path = filepath.Join(t.TempDir(), "clip."+made.Container)
		if err := made.Write(made.Path, master); err != nil {
			t.Fatal(err)
		}
	}
	return made.Path, made.Report
}

// TestMakeFromContainers takes the master's own pictures out of containers that have
// no sample tables.
func TestMakeFromContainers(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	pcm := []string{"-c:a", "pcm_s16le"}
	for name, c := range map[string]struct {
		file    string
		options sample.Options
		method  transcoder.Method
	}{
		"recording":        {"a.ts", sample.Options{GOP: 25, BFrames: 2}, transcoder.MethodSmart},
		"open recording":   {"c.ts", sample.Options{GOP: 25, BFrames: 2, VideoArgs: []string{"-c:v", "libx264", "-x264-params", "open-gop=1:keyint=25:min-keyint=25:scenecut=0:bframes=2:b-adapt=0"}}, transcoder.MethodSmart},
		"Matroska":         {"a.mkv", sample.Options{GOP: 25, BFrames: 2}, transcoder.MethodSmart},
		"fragments":        {"a.mp4", sample.Options{GOP: 25, BFrames: 2, VideoArgs: []string{"-movflags", "frag_keyframe+delay_moov"}}, transcoder.MethodSmart},
		"XDCAM":            {"a.mxf", sample.Options{GOP: 12, BFrames: 2, VideoArgs: []string{"-c:v", "mpeg2video", "-b:v", "5M"}, AudioArgs: pcm}, transcoder.MethodSmart},
		"IMX":              {"b.mxf", sample.Options{GOP: 1, VideoArgs: []string{"-c:v", "mpeg2video", "-g", "1", "-b:v", "5M"}, AudioArgs: pcm}, transcoder.MethodCopy},
		"DNxHR":            {"c.mxf", sample.Options{VideoArgs: []string{"-c:v", "dnxhd", "-profile:v", "dnxhr_sq", "-pix_fmt", "yuv422p"}, AudioArgs: pcm}, transcoder.MethodCopy},
		"MJPEG":            {"a.avi", sample.Options{VideoArgs: []string{"-c:v", "mjpeg", "-pix_fmt", "yuvj420p"}, AudioArgs: pcm}, transcoder.MethodCopy},
		"MPEG-2 tape":      {"b.ts", sample.Options{GOP: 15, BFrames: 2, VideoArgs: []string{"-c:v", "mpeg2video", "-b:v", "5M"}}, transcoder.MethodSmart},
		"QuickTime DVCPro": {"a.mov", sample.Options{GOP: 12, BFrames: 2, VideoArgs: []string{"-c:v", "mpeg2video", "-b:v", "5M"}, AudioArgs: pcm}, transcoder.MethodSmart},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := c.options
			o.Width, o.Height, o.Rate, o.Frames = 320, 180, "25", 200
			path := makeSample(t, c.file, o)
			source := probe(t, tc, path)
			master := digests(t, path)
			for _, ranges := range [][]transcoder.Range{{{In: 60, Out: 173}}, {{In: 0, Out: 45}}, {{In: 130, Out: 200}}, {{In: 13, Out: 61}, {In: 113, Out: 190}}} {
				clip, report := makeClip(t, tc, path, source, ranges...)
				if report.Method != c.method {
					t.Errorf("%v: %+v", ranges, report)
				}
				mustBe(t, clip, report, master, ranges...)
				wantBeepsNear(t, clip, 0, 0, 0.016, source, ranges...)
			}
		})
	}
}
