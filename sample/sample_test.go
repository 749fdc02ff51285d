package sample_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"subclip/sample"
)

// small returns the options of a video that is quick to make.
func small() sample.Options {
	o := sample.Default()
	o.Width, o.Height, o.Frames = 320, 180, 100

	return o
}

// makeVideo makes a video of the given file name in a folder of the test.
func makeVideo(t *testing.T, name string, o sample.Options) string {
	t.Helper()

	path := filepath.Join(t.TempDir(), name)
	if err := sample.Make(t.Context(), path, o, nil); err != nil {
		t.Fatal(err)
	}

	return path
}

// ffmpeg runs ffmpeg, which writes the file whose path it returns.
func ffmpeg(t *testing.T, name string, args ...string) string {
	t.Helper()

	path := filepath.Join(t.TempDir(), name)
	args = append([]string{"-nostdin", "-loglevel", "error"}, append(args, path)...)

	if out, err := exec.CommandContext(t.Context(), "ffmpeg", args...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v: %s", err, out)
	}

	return path
}

// wantNumbers checks that a video's frames are first to last, each once.
func wantNumbers(t *testing.T, path string, first, last int) {
	t.Helper()

	numbers, err := sample.Numbers(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}

	if want := last - first + 1; len(numbers) != want {
		t.Fatalf("%d frames, want %d: %v", len(numbers), want, numbers)
	}

	for i, number := range numbers {
		if number != first+i {
			t.Fatalf("frame %d carries %d, want %d", i, number, first+i)
		}
	}
}

// wantUnreadable checks that reading a file fails and says what is expected.
func wantUnreadable(t *testing.T, path, say string) {
	t.Helper()

	numbers, err := sample.Numbers(t.Context(), path)
	if err == nil {
		t.Fatalf("read %v, want an error", numbers)
	}

	if !strings.Contains(err.Error(), say) {
		t.Errorf("error %q does not say %q", err, say)
	}
}

// probed is what a test asks ffprobe about a file.
type probed struct {
	Streams []struct {
		CodecType string            `json:"codec_type"`
		BFrames   int               `json:"has_b_frames"`
		Duration  string            `json:"duration"`
		Tags      map[string]string `json:"tags"`
	} `json:"streams"`
}

func probe(t *testing.T, path string) probed {
	t.Helper()

	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-of", "json", "-show_streams", path).Output()
	if err != nil {
		t.Fatal(err)
	}

	var p probed
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatal(err)
	}

	return p
}

// seconds returns a stream's duration.
func seconds(t *testing.T, p probed, codecType string) float64 {
	t.Helper()

	for _, stream := range p.Streams {
		if stream.CodecType != codecType {
			continue
		}

		duration, err := strconv.ParseFloat(stream.Duration, 64)
		if err != nil {
			t.Fatal(err)
		}

		return duration
	}

	t.Fatalf("there is no %s stream", codecType)

	return 0
}

func TestMake(t *testing.T) {
	t.Parallel()

	path := makeVideo(t, "video.mp4", small())

	wantNumbers(t, path, 0, 99)

	streams := probe(t, path)
	if streams.Streams[0].BFrames == 0 {
		t.Error("the video has no B-frames")
	}

	if got := seconds(t, streams, "video"); got != 4 {
		t.Errorf("the video lasts %v s, want 4", got)
	}

	if got := seconds(t, streams, "audio"); got != 4 {
		t.Errorf("the sound lasts %v s, want 4", got)
	}
}

func TestTimecode(t *testing.T) {
	t.Parallel()

	for _, test := range []struct{ rate, timecode string }{
		{"25", "10:00:00:00"},
		{"30000/1001", "00:59:59;20"},
		{"60000/1001", "23:59:59;00"},
		{"24000/1001", "01:00:00:00"},
	} {
		t.Run(test.rate, func(t *testing.T) {
			t.Parallel()

			o := small()
			o.Rate, o.Timecode = test.rate, test.timecode
			path := makeVideo(t, "video.mov", o)

			wantNumbers(t, path, 0, 99)

			streams := probe(t, path)
			if got := streams.Streams[0].Tags["timecode"]; got != test.timecode {
				t.Errorf("timecode %q, want %q", got, test.timecode)
			}

			video, audio := seconds(t, streams, "video"), seconds(t, streams, "audio")
			if math.Abs(video-audio) > 1.0/48000 {
				t.Errorf("the video lasts %v s and the sound %v s", video, audio)
			}
		})
	}
}

func TestWithoutTimecodeAndSound(t *testing.T) {
	t.Parallel()

	o := small()
	o.Timecode, o.NoAudio = "", true
	path := makeVideo(t, "video.mp4", o)

	wantNumbers(t, path, 0, 99)

	if streams := probe(t, path).Streams; len(streams) != 1 {
		t.Errorf("there are %d streams, want the video alone", len(streams))
	}
}

func TestForms(t *testing.T) {
	t.Parallel()

	pcm := []string{"-c:a", "pcm_s16le"}

	for _, test := range []struct {
		name          string
		width, height int
		video, audio  []string
	}{
		{"smallest.mp4", 160, 90, nil, nil},
		{"odd.mp4", 333, 187, nil, nil},
		{"upright.mp4", 270, 480, nil, nil},
		{"wide.mkv", 854, 360, nil, nil},
		{"hevc.mp4", 320, 180, []string{"-c:v", "libx265", "-x265-params", "log-level=error"}, nil},
		{"mpeg2.mxf", 720, 576, []string{"-c:v", "mpeg2video", "-b:v", "8M"}, pcm},
		{"prores.mov", 320, 180, []string{"-c:v", "prores_ks", "-pix_fmt", "yuv422p10le"}, pcm},
		{"stream.ts", 320, 180, []string{"-crf", "30"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			o := small()
			o.Width, o.Height, o.Frames = test.width, test.height, 30
			o.VideoArgs, o.AudioArgs = test.video, test.audio

			wantNumbers(t, makeVideo(t, test.name, o), 0, 29)
		})
	}
}

func TestReencodedAndScaled(t *testing.T) {
	t.Parallel()

	o := small()
	o.Width, o.Height = 640, 360
	path := makeVideo(t, "video.mp4", o)

	wantNumbers(t, ffmpeg(t, "scaled.mp4", "-i", path, "-vf", "scale=320:180", "-crf", "30"), 0, 99)
	wantNumbers(t, ffmpeg(t, "cut.mp4", "-ss", "1", "-i", path, "-frames:v", "50", "-crf", "30"), 25, 74)
}

func TestBlendedFramesAreUnreadable(t *testing.T) {
	t.Parallel()

	path := makeVideo(t, "video.mp4", small())

	wantUnreadable(t, ffmpeg(t, "blended.mp4", "-i", path, "-vf", "tmix=frames=2"), "frame 1,")
}

func TestUnreadable(t *testing.T) {
	t.Parallel()

	for _, source := range []string{"color=black", "color=white", "color=gray", "testsrc2", "smptehdbars"} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()

			path := ffmpeg(t, "other.mp4", "-f", "lavfi", "-i", source, "-frames:v", "3")
			wantUnreadable(t, path, "frame 0,")
		})
	}
}

func TestDamagedFile(t *testing.T) {
	t.Parallel()

	path := makeVideo(t, "video.mp4", small())

	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	// The end of the file holds coded pictures, as its index is at the front.
	clear(content[len(content)*3/4:])

	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}

	wantUnreadable(t, path, "ffmpeg")
}

func TestNoVideo(t *testing.T) {
	t.Parallel()

	sound := ffmpeg(t, "sound.wav", "-f", "lavfi", "-i", "sine=duration=1")

	wantUnreadable(t, sound, "matches no streams")
	wantUnreadable(t, filepath.Join(t.TempDir(), "missing.mp4"), "No such file")
}

func TestProgress(t *testing.T) {
	t.Parallel()

	var last float64

	err := sample.Make(t.Context(), filepath.Join(t.TempDir(), "video.mp4"), small(), func(fraction float64) {
		if fraction < last {
			t.Errorf("progress goes back from %v to %v", last, fraction)
		}

		last = fraction
	})
	if err != nil {
		t.Fatal(err)
	}

	if last != 1 {
		t.Errorf("progress ends at %v, want 1", last)
	}
}

func TestMakeStopped(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()

	o := small()
	o.Frames = 100_000
	path := filepath.Join(t.TempDir(), "video.mp4")

	err := sample.Make(ctx, path, o, func(float64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want it to be context.Canceled", err)
	}

	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a partial file is left: %v", err)
	}
}

func TestMakeRefuses(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		change func(o *sample.Options)
		say    string
	}{
		"a small picture":       {func(o *sample.Options) { o.Width = 100 }, "smaller than 160x90"},
		"no frames":             {func(o *sample.Options) { o.Frames = 0 }, "the number of frames, 0,"},
		"too many frames":       {func(o *sample.Options) { o.Frames = 1<<20 + 1 }, "1048577"},
		"no rate":               {func(o *sample.Options) { o.Rate = "" }, "the frame rate"},
		"a negative rate":       {func(o *sample.Options) { o.Rate = "-25" }, "the frame rate"},
		"drop-frame at 25":      {func(o *sample.Options) { o.Timecode = "10:00:00;00" }, "Drop frame is only allowed"},
		"an unknown encoder":    {func(o *sample.Options) { o.VideoArgs = []string{"-c:v", "nothing"} }, "nothing"},
		"a timecode with words": {func(o *sample.Options) { o.Timecode = "ten o'clock" }, "ffmpeg"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			o := small()
			test.change(&o)

			path := filepath.Join(t.TempDir(), "video.mp4")

			err := sample.Make(t.Context(), path, o, nil)
			if err == nil || !strings.Contains(err.Error(), test.say) {
				t.Errorf("error %v does not say %q", err, test.say)
			}

			if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("a file is left: %v", err)
			}
		})
	}
}
