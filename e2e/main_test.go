package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"subclip/sample"
)

// tools are what all tests share: the binary and two videos.
var tools struct {
	binary string
	short  string // 200 frames at 25 a second from 10:00:00:00
	long   string // 1500 frames, enough to be caught in the middle of a job
}

const (
	shortFrames = 200
	longFrames  = 1500
)

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "subclip-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	tools.binary = filepath.Join(dir, "subclip")
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", tools.binary, "subclip/cmd/subclip").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build subclip: %v\n%s", err, out)
		return 1
	}
	for _, video := range []struct {
		path    *string
		name    string
		options sample.Options
	}{
		{&tools.short, "short.mp4", sample.Options{Width: 320, Height: 180, Rate: "25", Frames: shortFrames, Timecode: "10:00:00:00", GOP: 50, BFrames: 3}},
		{&tools.long, "long.mp4", sample.Options{Width: 1280, Height: 720, Rate: "25", Frames: longFrames, Timecode: "10:00:00:00", GOP: 250, BFrames: 3}},
	} {
		*video.path = filepath.Join(dir, video.name)
		if err := sample.Make(context.Background(), *video.path, video.options, nil); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return m.Run()
}
