package sample

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"subclip/process"
)

// errorLines is how many lines of what ffmpeg said an error repeats. The very
// last is often no more than "Invalid argument".
const errorLines = 5

// runFFmpeg runs ffmpeg to its end. Its error ends in what ffmpeg said last.
func runFFmpeg(ctx context.Context, stdout io.Writer, args ...string) error {
	program, err := process.Find("ffmpeg", "ffmpeg")
	if err != nil {
		return err
	}

	var stderr bytes.Buffer

	cmd := process.Command(ctx, program, append([]string{"-nostdin", "-hide_banner", "-loglevel", "error"}, args...)...)
	cmd.Stdout, cmd.Stderr = stdout, &stderr

	err = cmd.Run()

	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("ffmpeg was stopped: %w", context.Cause(ctx))
	default:
		return fmt.Errorf("ffmpeg: %w: %s", err, lastLines(stderr.String()))
	}
}

// lastLines returns the end of ffmpeg's log on one line.
func lastLines(log string) string {
	lines := strings.Split(strings.TrimSpace(log), "\n")

	return strings.Join(lines[max(0, len(lines)-errorLines):], "; ")
}

// fileURL keeps ffmpeg from taking a path for an option or a URL.
func fileURL(path string) string {
	return "file:" + path
}
