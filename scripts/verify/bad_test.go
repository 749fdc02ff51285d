package main

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// forge makes a clip of a video with ffmpeg. Without other options nothing is lost:
// what is copied would be no different.
func forge(t *testing.T, from, pictures, sound string, options ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clip.mov")
	args := []string{
		"-nostdin", "-v", "error", "-i", from, "-vf", pictures, "-af", sound, "-fps_mode", "passthrough", "-enc_time_base", "-1",
		"-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-c:a", "pcm_s16le", "-timecode", "10:00:00:20",
	}
	if out, err := exec.CommandContext(t.Context(), "ffmpeg", append(append(args, options...), path)...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v: %s", err, out)
	}
	return path
}

const restamp = "setpts=N/25/TB"

func TestBadClip(t *testing.T) {
	t.Parallel()
	trim := fmt.Sprintf("atrim=%.2f:%.2f,asetpts=PTS-STARTPTS", cutIn/25., cutOut/25.)
	for _, c := range []struct {
		name            string
		pictures, sound string
		options         []string
		fromSource      bool
		wrong           []string
		words           string
	}{
		{name: "nothing is wrong"},
		{
			name: "frame dropped", pictures: `select=not(eq(n\,60)),` + restamp,
			wrong: []string{"count", "pictures", "copied", "sound"},
			words: "frame 60 of the clip, in range 0, is not frame 80 of the source: it is bit-identical with frame 81",
		},
		{
			name: "frame doubled", pictures: "loop=loop=1:size=1:start=61," + restamp,
			wrong: []string{"count", "pictures", "copied"},
			words: "frame 61 of the clip, in range 0, is not frame 81 of the source: it is bit-identical with frame 80",
		},
		{
			name: "one dropped, another doubled", pictures: `select=not(eq(n\,60)),` + restamp + ",loop=loop=1:size=1:start=70," + restamp,
			wrong: []string{"pictures", "copied"},
			words: "frame 60 of the clip",
		},
		{
			name: "range a frame late", pictures: "trim=start_frame=21:end_frame=121," + restamp, sound: trim, fromSource: true,
			wrong: []string{"pictures", "copied"},
			words: "frame 0 of the clip, in range 0, is not frame 20 of the source: it is bit-identical with frame 21",
		},
		{
			name: "range a frame early, encoded", pictures: "trim=start_frame=19:end_frame=119," + restamp, sound: trim, fromSource: true,
			options: []string{"-qp", "18"},
			wrong:   []string{"pictures", "copied"},
			words:   "frame 0 of the clip, in range 0, is not frame 20 of the source: it is nearer to frame 19",
		},
		{
			name: "middle encoded", options: []string{"-qp", "18"},
			wrong: []string{"copied"}, words: "0 frames are bit-identical",
		},
		{
			name: "one frame of the middle changed", pictures: `drawbox=w=2:h=2:enable=eq(n\,50)`,
			wrong: []string{"copied"}, words: "frame 50 of the clip is the first after identical ones that is not",
		},
		{
			name: "much lost", options: []string{"-qp", "45"},
			wrong: []string{"pictures", "copied"}, words: "dB against it, not 35",
		},
		{
			name: "one frame late in time", pictures: `setpts=N/25/TB+eq(N\,60)*0.01/TB`,
			wrong: []string{"times"}, words: "frame 60 of the clip is shown 2.410",
		},
		{name: "sound 20 ms late", sound: "adelay=20:all=1", wrong: []string{"sound"}, words: "the start of range 0, at sample 0 of the clip, is off by 960 samples"},
		{name: "sound 20 ms early", sound: "atrim=0.02,asetpts=PTS-STARTPTS", wrong: []string{"sound"}, words: "off by -960 samples"},
		{name: "sound 3 samples late", sound: "adelay=3S:all=1", wrong: []string{"sound"}, words: "off by 3 samples"},
		{name: "sound drifts", sound: "atempo=1.002", wrong: []string{"sound"}, words: "off by"},
		{name: "sound muted", sound: "volume=0", wrong: []string{"sound"}, words: "is not the source's sound"},
		{name: "sound missing", options: []string{"-an"}, wrong: []string{"sound"}, words: "0 tracks"},
		{name: "another timecode", options: []string{"-timecode", "10:00:00:21"}, wrong: []string{"timecode"}, words: "starts at 10:00:00:21"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			from := cut.clip
			if c.fromSource {
				from = cut.source
			}
			clip := forge(t, from, cmp.Or(c.pictures, "null"), cmp.Or(c.sound, "anull"), c.options...)
			wrong, said := verify(t, cut.source, clip, claim(t, clip, map[string]any{"frames_copied": copies(t)}))
			if !slices.Equal(wrong, c.wrong) || !strings.Contains(said, c.words) {
				t.Errorf("refused by %v, want %v and %q:\n%s", wrong, c.wrong, c.words, said)
			}
		})
	}
}

func TestDamagedClip(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(cut.clip)
	if err != nil {
		t.Fatal(err)
	}
	for name, damaged := range map[string][]byte{
		"overwritten": slices.Concat(data[:len(data)/2], bytes.Repeat([]byte{0x55}, 2000), data[len(data)/2+2000:]),
		"cut short":   data[:len(data)*2/3],
		"no video":    []byte("no video"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clip := filepath.Join(t.TempDir(), "clip.mp4")
			if err := os.WriteFile(clip, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			if wrong, said := verify(t, cut.source, clip, claim(t, clip, nil)); !slices.Contains(wrong, "clean") {
				t.Errorf("refused by %v:\n%s", wrong, said)
			}
		})
	}
}

func TestWrongUsage(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(empty, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, words string
		args        []string
	}{
		{"no arguments", "usage: ", nil},
		{"no source", "there is no file nothing.mp4", []string{"nothing.mp4", cut.clip, cut.report}},
		{"no clip", "there is no file nothing.mp4", []string{cut.source, "nothing.mp4", cut.report}},
		{"no report", "is not a cut report", []string{cut.source, cut.clip, cut.clip}},
		{"empty report", "is not a cut report", []string{cut.source, cut.clip, empty}},
		{"source not video", "not video", []string{empty, cut.clip, cut.report}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			if code := run(t.Context(), c.args, &stdout, &stderr); code != 2 || !strings.Contains(stderr.String(), c.words) {
				t.Errorf("exit code %d, and it says %s", code, stderr.String())
			}
		})
	}
}

// TestScript checks that the script gives the exit codes as they are.
func TestScript(t *testing.T) {
	t.Parallel()
	for want, args := range [][]string{
		{cut.source, cut.clip, cut.report},
		{cut.source, cut.clip, claim(t, cut.clip, map[string]any{"frames": 1})},
		nil,
	} {
		cmd := exec.CommandContext(t.Context(), "../verify-cut", args...)
		out, _ := cmd.CombinedOutput()
		if got := cmd.ProcessState.ExitCode(); got != want {
			t.Errorf("exit code %d, want %d: %s", got, want, out)
		}
	}
}

func TestDecibels(t *testing.T) {
	t.Parallel()
	if got := decibels(distance([]byte{10, 20, 30, 40}, []byte{11, 19, 31, 39})); math.Abs(got-48.13) > 0.01 {
		t.Errorf("a difference of 1 is %.2f dB", got)
	}
}
