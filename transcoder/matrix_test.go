package transcoder_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"subclip/sample"
	"subclip/transcoder"
)

const (
	matrixGOP    = 12
	matrixFrames = 6 * matrixGOP
)

// matrixCuts are marks in every relation to a sync picture, by what they are.
func matrixCuts() [][]transcoder.Range {
	const sync = 2 * matrixGOP
	return [][]transcoder.Range{
		{{In: sync, Out: 60}},
		{{In: sync - 1, Out: 60}},
		{{In: sync + 1, Out: 60}},
		{{In: 0, Out: 31}},
		{{In: 31, Out: matrixFrames}},
		{{In: 50, Out: matrixFrames}, {In: 5, Out: 40}},
		// These hold no whole GOP.
		{{In: sync + 2, Out: sync + 9}},
		{{In: 40, Out: 41}},
	}
}

// TestMatrix cuts each coding at each rate, out of containers by turns, at half of the
// marks by turns, so that each of any two meet.
func TestMatrix(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	avc := func(params string, args ...string) []string {
		return append(args, "-x264-params", fmt.Sprintf("keyint=%d:min-keyint=%d:scenecut=0:", matrixGOP, matrixGOP)+params)
	}
	hevc := func(params string) []string {
		return []string{"-c:v", "libx265", "-tag:v", "hvc1", "-preset", "ultrafast", "-x265-params", "log-level=error:scenecut=0:b-adapt=0:" + params}
	}
	n := 0
	for _, coding := range []struct {
		name string
		args []string
	}{
		{"H.264", avc("open-gop=0")},
		{"H.264 open", avc("open-gop=1:b-adapt=0")},
		{"H.264 interlaced", avc("open-gop=0:tff=1", "-flags", "+ilme+ildct")},
		{"HEVC", hevc("open-gop=0")},
		{"HEVC open", hevc("open-gop=1")},
		{"MPEG-2", []string{"-c:v", "mpeg2video", "-b:v", "3M"}},
	} {
		for i, rate := range []string{"24000/1001", "25", "30000/1001", "50", "60000/1001"} {
			container := []string{"mp4", "mov", "ts", "mkv"}[n%4]
			half := (n/4 + i) % 2
			n++
			t.Run(fmt.Sprintf("%s %s %s", coding.name, rate, container), func(t *testing.T) {
				t.Parallel()
				o := sample.Options{Width: 320, Height: 180, Rate: rate, Frames: matrixFrames, GOP: matrixGOP, BFrames: 2, VideoArgs: coding.args}
				o.Timecode = "00:00:58:15"
				if rate == "30000/1001" || rate == "60000/1001" {
					o.Timecode = "00:00:58;15"
				}
				path := makeSample(t, "a."+container, o)
				source, master := probe(t, tc, path), digests(t, path)
				for k, ranges := range matrixCuts() {
					if k%2 == half {
						matrixCut(t, tc, path, source, master, k < 6, ranges)
					}
				}
			})
		}
	}
}

// matrixCut makes one clip, whole of whose GOPs must be copied if there are any.
func matrixCut(t *testing.T, tc *transcoder.Transcoder, path string, source transcoder.Source, master []string, whole bool, ranges []transcoder.Range) {
	t.Helper()
	clip, report := makeClip(t, tc, path, source, ranges...)
	if whole && (report.Method == transcoder.MethodEncode || report.FramesCopied < matrixGOP/2) {
		t.Errorf("%v: %+v", ranges, report)
	}
	mustBe(t, clip, report, master, ranges...)
	want := source.Timecode.Timecode(ranges[0].In)
	if !slices.ContainsFunc(streams(t, clip), func(s stream) bool { return s.Tags["timecode"] == want }) {
		t.Errorf("%v: no track's timecode is %q", ranges, want)
	}
	if report.Frames > 2*matrixGOP && !duringBeep(source, ranges) {
		wantBeepsNear(t, clip, 0, 0, 0.016, source, ranges...)
	}
}

// duringBeep reports whether a range begins while a beep sounds, which then cannot be
// told from one that begins there.
func duringBeep(source transcoder.Source, ranges []transcoder.Range) bool {
	return slices.ContainsFunc(ranges, func(r transcoder.Range) bool {
		after := source.Timecode.Rate.TimeOf(r.In) % time.Second
		return after > 0 && after < 50*time.Millisecond
	})
}
