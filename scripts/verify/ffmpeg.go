package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"subclip/process"
)

// errFFmpeg is that ffmpeg failed; what it said tells why.
var errFFmpeg = errors.New("ffmpeg failed")

// mostSaid is how many bytes of ffmpeg's complaints are kept.
const mostSaid = 2000

// complaints keeps the beginning of what is written to it.
type complaints struct{ bytes.Buffer }

// Write never fails.
func (c *complaints) Write(data []byte) (int, error) {
	_, _ = c.Buffer.Write(data[:min(len(data), mostSaid-c.Len())])
	return len(data), nil
}

// decode runs ffmpeg on a file and has its output read, of which nothing needs to
// be left. It returns what ffmpeg complained of, on one line.
func decode(ctx context.Context, path string, args []string, read func(io.Reader) error) (said string, err error) {
	program, err := process.Find("ffmpeg", "ffmpeg")
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := process.Command(ctx, program, append([]string{"-nostdin", "-hide_banner", "-v", "error", "-i", fileURL(path)}, args...)...)
	var stderr complaints
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", fmt.Errorf("prepare ffmpeg: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("start ffmpeg: %w", err)
	}
	if err = read(out); err != nil {
		cancel()
	} else if _, err = io.Copy(io.Discard, out); err != nil {
		err = fmt.Errorf("read from ffmpeg: %w", err)
	}
	ended := cmd.Wait()
	said = strings.Join(strings.Split(strings.TrimSpace(stderr.String()), "\n"), "; ")
	if err == nil && ended != nil {
		err = fmt.Errorf("%w: %w", errFFmpeg, ended)
	}
	return said, err
}

// sameTime returns the arguments of an output that goes nowhere. ffmpeg begins the
// time line of an MPEG transport stream with the first of the streams that it is
// asked for; with all of them asked for, pictures and sound are on the same one.
func sameTime() []string {
	return []string{"-map", "0:V:0", "-map", "0:a?", "-c", "copy", "-t", "0.1", "-f", "null", "-"}
}

// fileURL keeps ffmpeg from taking a path for an option or a URL.
func fileURL(path string) string { return "file:" + path }
