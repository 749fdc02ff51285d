package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"subclip/sample"
)

// cut is a clip as the cutter made it: frames 20 to 119 of a source of 125, which
// has sync samples at 50 and 100.
var cut struct{ subclip, source, clip, report string }

const (
	cutIn  = 20
	cutOut = 120
)

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "verify-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cut.subclip = filepath.Join(dir, "subclip")
	cut.source, cut.clip, cut.report = filepath.Join(dir, "source.mp4"), filepath.Join(dir, "clip.mp4"), filepath.Join(dir, "report.json")
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", cut.subclip, "subclip/cmd/subclip").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build subclip: %v\n%s", err, out)
		return 1
	}
	if err := sample.Make(context.Background(), cut.source, options(), nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if out, err := cutting(context.Background(), cut.source, cut.clip, cut.report, "10:00:00:20", "10:00:04:20").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "cut: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

func options() sample.Options {
	return sample.Options{Width: 320, Height: 180, Rate: "25", Frames: 125, Timecode: "10:00:00:00", GOP: 50, BFrames: 3}
}

// cutting is the cutter's command, with marks in pairs.
func cutting(ctx context.Context, source, clip, report string, marks ...string) *exec.Cmd {
	args := []string{"cut", source, "-o", clip, "--report", report}
	for pair := range slices.Chunk(marks, 2) {
		args = append(args, "--in", pair[0], "--out", pair[1])
	}
	return exec.CommandContext(ctx, cut.subclip, args...)
}

// verify checks a clip and returns the names of the checks that refuse it.
func verify(t *testing.T, source, clip, report string) (wrong []string, said string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{source, clip, report}, &stdout, &stderr)
	for line := range strings.Lines(stdout.String()) {
		if rest, ok := strings.CutPrefix(line, "WRONG "); ok {
			name, _, _ := strings.Cut(rest, ":")
			wrong = append(wrong, name)
		}
	}
	if code != min(len(wrong), 1) {
		t.Errorf("exit code %d with %d checks wrong: %s", code, len(wrong), stderr.String())
	}
	return wrong, stdout.String()
}

func TestGood(t *testing.T) {
	t.Parallel()
	silent, ntsc := options(), options()
	silent.NoAudio, silent.Timecode, silent.GOP = true, "", 1
	ntsc.Rate, ntsc.Timecode = "30000/1001", "00:00:58;00"
	for _, c := range []struct {
		name, file string
		options    sample.Options
		marks      []string
	}{
		{"joined, not in order", "a.mp4", options(), []string{"3", "4.4", "1.2", "2.8", "1.2", "1.28"}},
		{"one frame", "a.mp4", options(), []string{"3", "3.04"}},
		{"no sound, no timecode, only sync samples", "a.mp4", silent, []string{"1", "3"}},
		{"drop-frame QuickTime", "a.mov", ntsc, []string{"00:00:59;10", "00:01:02;05"}},
		{"transport stream", "a.ts", options(), []string{"1.08", "3.96"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			source, clip, report := filepath.Join(dir, c.file), filepath.Join(dir, "clip"), filepath.Join(dir, "report.json")
			if err := sample.Make(t.Context(), source, c.options, nil); err != nil {
				t.Fatal(err)
			}
			if out, err := cutting(t.Context(), source, clip, report, c.marks...).CombinedOutput(); err != nil {
				t.Fatalf("cut: %v: %s", err, out)
			}
			if wrong, said := verify(t, source, clip, report); len(wrong) > 0 {
				t.Errorf("a good clip is refused:\n%s", said)
			}
		})
	}
}

// copies reads how many frames the good clip's report says were copied.
func copies(t *testing.T) int {
	t.Helper()
	r, err := readReport(cut.report)
	if err != nil {
		t.Fatal(err)
	}
	if r.Copied < 40 || r.Encoded < 10 {
		t.Fatalf("the clip is no good example: %d frames copied, %d encoded", r.Copied, r.Encoded)
	}
	return r.Copied
}

// claim writes the good clip's report for another file, with changes.
func claim(t *testing.T, clip string, changes map[string]any) string {
	t.Helper()
	data, err := os.ReadFile(cut.report)
	if err != nil {
		t.Fatal(err)
	}
	var report map[string]any
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(clip)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file)
	report["size"], report["sha256"] = len(file), hex.EncodeToString(sum[:])
	for name, value := range changes {
		report[name] = value
	}
	if data, err = json.Marshal(report); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
