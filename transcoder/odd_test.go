package transcoder_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
)

func oddSample() sample.Options {
	return sample.Options{Width: 320, Height: 180, Rate: "25", Frames: 100, GOP: 25, BFrames: 2}
}

// TestOddMasters cuts masters of a kind that is seldom met, and checks each picture
// and the beeps.
func TestOddMasters(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	ntsc := oddSample()
	ntsc.Rate = "30000/1001"
	for _, c := range []struct {
		name, file string
		options    sample.Options
		change     []string // ffmpeg's options for a copy
		hidden     int64    // pictures before the first that is shown
		cut        transcoder.Range
	}{
		{"times in milliseconds", "a.mkv", ntsc, nil, 0, transcoder.Range{In: 45, Out: 94}},
		{"times in milliseconds, late start", "b.mkv", ntsc, []string{"-output_ts_offset", "7.3"}, 0, transcoder.Range{In: 5, Out: 60}},
		{"one picture is hidden", "c.mp4", oddSample(), []string{"-movie_timescale", "1000"}, 1, transcoder.Range{In: 3, Out: 99}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			from := []string{"-i", makeSample(t, "whole.mp4", c.options)}
			if c.hidden > 0 {
				from = append([]string{"-ss", "0.04"}, from...)
			}
			path := ffmpeg(t, c.file, append(append(from, "-c", "copy"), c.change...)...)
			source := probe(t, tc, path)
			if want := int64(c.options.Frames) - c.hidden; source.Frames != want {
				t.Fatalf("%d pictures, want %d", source.Frames, want)
			}
			clip, report := makeClip(t, tc, path, source, c.cut)
			if report.Method != transcoder.MethodSmart {
				t.Errorf("%+v", report)
			}
			wantConstantRate(t, clip)
			master := make([]string, c.hidden, c.options.Frames)
			numbered := transcoder.Range{In: c.cut.In + c.hidden, Out: c.cut.Out + c.hidden}
			mustBe(t, clip, report, append(master, digests(t, path)...), numbered)
			wantBeeps(t, clip, 0, 0, source, numbered)
		})
	}
}

// TestTurnedMaster keeps the matrix by which players turn the pictures, and encodes
// those of the edges as they lie in the master.
func TestTurnedMaster(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	path := ffmpeg(t, "a.mp4", "-i", makeSample(t, "whole.mp4", oddSample()), "-c", "copy", "-metadata:s:v", "rotate=90")
	cut := transcoder.Range{In: 13, Out: 99}
	clip, report := makeClip(t, tc, path, probe(t, tc, path), cut)
	if got, want := matrixOf(t, clip), matrixOf(t, path); got != want || !strings.Contains(got, "65536") {
		t.Errorf("the clip's pictures are turned by %s, the master's by %s", got, want)
	}
	if report.Method != transcoder.MethodSmart {
		t.Errorf("%+v", report)
	}
	upright := ffmpeg(t, "upright.mp4", "-i", clip, "-c", "copy", "-metadata:s:v", "rotate=0")
	mustBe(t, upright, report, digests(t, ffmpeg(t, "b.mp4", "-i", path, "-c", "copy", "-metadata:s:v", "rotate=0")), cut)
}

// matrixOf is how a file's pictures are turned for display.
func matrixOf(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream_side_data", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestSoundBeginsInLaterRange joins a range in which the sound begins late to another:
// it must not be heard earlier there.
func TestSoundBeginsInLaterRange(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	whole := makeSample(t, "whole.mp4", oddSample())
	path := ffmpeg(t, "a.mp4", "-i", whole, "-itsoffset", "0.5", "-i", whole, "-map", "0:v", "-map", "1:a", "-c", "copy")
	source := probe(t, tc, path)
	ranges := []transcoder.Range{{In: 53, Out: 100}, {In: 2, Out: 80}}
	clip, report := makeClip(t, tc, path, source, ranges...)
	mustBe(t, clip, report, digests(t, path), ranges...)
	got := beeps(t, clip, 0)
	for i, want := range []float64{0.38, 1.38, 1.88 + 0.42, 1.88 + 1.42, 1.88 + 2.42} {
		if i >= len(got) || got[i] < want-0.03 || got[i] > want+0.03 {
			t.Fatalf("beeps at %v, number %d should be at %.2f", got, i, want)
		}
	}
}

// TestClipOfClip cuts clips out of clips. What Compose writes has a 64-bit mdat, co64,
// edit lists that skip, and two sets of parameters in one sample entry; of the second
// clip's pictures some were edges of the first.
func TestClipOfClip(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	for name, args := range map[string][]string{
		"closed": {"-c:v", "libx264", "-x264-params", "keyint=25:scenecut=0"},
		"open":   {"-c:v", "libx264", "-x264-params", "open-gop=1:keyint=25:min-keyint=25:scenecut=0:b-adapt=0"},
		"HEVC":   {"-c:v", "libx265", "-tag:v", "hvc1", "-preset", "ultrafast", "-x265-params", "log-level=error:scenecut=0:open-gop=0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := sample.Options{Width: 320, Height: 180, Rate: "25", Frames: 200, GOP: 25, BFrames: 2, VideoArgs: args, Timecode: "10:00:00:00"}
			path := makeSample(t, "a.mp4", o)
			first, report := makeClip(t, tc, path, probe(t, tc, path), transcoder.Range{In: 13, Out: 190})
			if report.Method != transcoder.MethodSmart {
				t.Fatalf("the first clip: %+v", report)
			}
			source := probe(t, tc, first)
			again := transcoder.Range{In: 5, Out: 170}
			second, report := makeClip(t, tc, first, source, again)
			if report.Method != transcoder.MethodSmart {
				t.Errorf("the second clip: %+v", report)
			}
			wantFrames(t, second, transcoder.Range{In: 18, Out: 183})
			wantBeeps(t, second, 0, 0, probe(t, tc, path), transcoder.Range{In: 18, Out: 183})
			if got := probe(t, tc, second).Timecode.Timecode(0); got != "10:00:00:18" || report.Ranges[0].In != got {
				t.Errorf("it begins at %s, and the report says %s", got, report.Ranges[0].In)
			}
		})
	}
}

// TestVariableRateComposed has marks be the same whether a clip is composed or encoded: they
// are addresses in time.
func TestVariableRateComposed(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	o := oddSample()
	o.Frames = 200
	path := ffmpeg(t, "variable.mp4", "-i", makeSample(t, "a.mp4", o), "-vf", "select='not(between(n,50,120)*mod(n,3))'",
		"-fps_mode", "vfr", "-c:v", "libx264", "-g", "20", "-bf", "2", "-c:a", "copy")
	source := probe(t, tc, path)
	if !source.Variable {
		t.Fatalf("%+v is not of a variable rate", source)
	}
	for _, r := range []transcoder.Range{{In: 10, Out: 140}, {In: 33, Out: 77}, {In: 60, Out: source.Frames}} {
		composed, report := makeClip(t, tc, path, source, r)
		if report.Method != transcoder.MethodSmart {
			t.Errorf("%+v", report)
		}
		encoded := filepath.Join(t.TempDir(), "encoded.mp4")
		if _, err := tc.Cut(t.Context(), path, encoded, source, transcoder.Request{Ranges: []transcoder.Range{r}}, nil); err != nil {
			t.Fatal(err)
		}
		got, err := sample.Numbers(t.Context(), composed)
		if err != nil {
			t.Fatal(err)
		}
		want, err := sample.Numbers(t.Context(), encoded)
		if err != nil {
			t.Fatal(err)
		}
		all, err := sample.Numbers(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		first, last := report.Ranges[0].FirstFrame, report.Ranges[0].LastFrame
		if !slices.Equal(got, want) || !slices.Equal(got, all[first:last+1]) {
			t.Errorf("%v shows %v composed, %v encoded; the report says %d to %d", r, got, want, first, last)
		}
	}
}
