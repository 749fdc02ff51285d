package transcoder

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Progress is told how much of a job is done, 0 to 1. It may be nil.
type Progress func(done float64)

// outcome is what a finished ffmpeg command did.
type outcome struct {
	frames       int64  // pictures written
	bytesRead    int64  // from the inputs
	interruption string // what cut the reading of an input short, if anything did
}

// inputLimits are the options of every input: what it may read, and for how
// long it may hang.
func inputLimits(input string) []string {
	if isURL(input) {
		return []string{"-format_whitelist", demuxers, "-protocol_whitelist", "http,https,tcp,tls", "-rw_timeout", "30000000"}
	}
	return []string{"-format_whitelist", demuxers, "-protocol_whitelist", "file"}
}

// run executes ffmpeg with composed arguments, whose inputs are all of input,
// under ctx. wantFrames, where known, turns its frame counter into progress.
func (t *Transcoder) run(ctx context.Context, composed []string, input string, wantFrames int64, progress Progress) (outcome, error) {
	args := []string{"-nostdin", "-hide_banner", "-y", "-loglevel", "level+verbose", "-nostats", "-progress", "pipe:1"}
	limited := limitInputs(composed, input)
	output := len(limited) - 1
	args = append(args, limited[:output]...)
	if t.threads > 0 {
		args = append(args, "-threads", strconv.Itoa(t.threads))
	}
	cmd := t.command(ctx, t.ffmpeg, append(args, limited[output])...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return outcome{}, fmt.Errorf("run ffmpeg: %w", err)
	}
	log := &logReader{}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		return outcome{}, fmt.Errorf("run ffmpeg: %w", err)
	}
	frames := readProgress(stdout, wantFrames, progress)
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return outcome{}, fmt.Errorf("ffmpeg was stopped: %w", context.Cause(ctx))
	case err != nil:
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return outcome{}, fmt.Errorf("run ffmpeg: %w", err)
		}
		return outcome{}, classify(input, log.said(), fmt.Errorf("ffmpeg: %w", err))
	}
	return outcome{frames: frames, bytesRead: log.bytesRead, interruption: log.interruption}, nil
}

// limitInputs makes every input, whatever its name, one of input, and puts the
// options of inputLimits before it.
func limitInputs(args []string, input string) []string {
	var out []string
	for i, arg := range args {
		switch {
		case arg == "-i":
			out = append(out, inputLimits(input)...)
		case i > 0 && args[i-1] == "-i":
			arg = input
		}
		out = append(out, arg)
	}
	return out
}

func readProgress(stdout io.Reader, wantFrames int64, progress Progress) (frames int64) {
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		value, ok := strings.CutPrefix(lines.Text(), "frame=")
		if !ok {
			continue
		}
		frames = integer(strings.TrimSpace(value))
		if progress != nil && wantFrames > 0 {
			progress(min(1, float64(frames)/float64(wantFrames)))
		}
	}
	return frames
}

// logReader keeps of ffmpeg's or ffprobe's log what matters: the last errors,
// what interrupted it, and how many bytes its inputs read, which it tells in its
// verbose log alone.
type logReader struct {
	errors       []string
	interruption string
	bytesRead    int64
	rest         string
}

const keepErrors = 12

var statistics = regexp.MustCompile(`Statistics: (\d+) bytes (read|written)`)

func (l *logReader) Write(p []byte) (int, error) {
	lines := strings.Split(l.rest+string(p), "\n")
	l.rest = lines[len(lines)-1]
	for _, line := range lines[:len(lines)-1] {
		l.readStatistics(line)
		if strings.Contains(line, "[error]") || strings.Contains(line, "[fatal]") {
			l.errors = append(l.errors, line)
			if len(l.errors) > keepErrors {
				l.errors = l.errors[1:]
			}
			if l.interruption == "" && isPassing(line) {
				l.interruption = lastLine(line)
			}
		}
	}
	return len(p), nil
}

// said returns the last errors, a line each.
func (l *logReader) said() string { return strings.Join(l.errors, "\n") }

// readStatistics adds up what was read. What ffmpeg read before it closed the
// output was the output itself, whose index it moved to the front.
func (l *logReader) readStatistics(line string) {
	m := statistics.FindStringSubmatch(line)
	switch {
	case m == nil:
	case m[2] == "written":
		l.bytesRead = 0
	default:
		l.bytesRead += integer(m[1])
	}
}

// isPassing reports whether ffmpeg complained of something that may be well on
// another try: network, disk, memory.
func isPassing(said string) bool {
	signs := []string{
		"Server returned 5", "Connection re", "Connection timed out", "Stream ends prematurely", "Input/output error",
		"No space left", "Cannot allocate memory", "get_buffer() failed", "malloc of size",
	}
	return slices.ContainsFunc(signs, func(sign string) bool { return strings.Contains(said, sign) })
}

// classify turns what ffmpeg or ffprobe said of input into an error: ErrMedia where the
// file is to blame, a passing failure (disk, network, killed) otherwise.
func classify(input, said string, cause error) error {
	if last := lastLine(said); last != "" {
		cause = fmt.Errorf("%w: %s", cause, last)
	}
	// A connection that is closed without an answer looks like the end of a file,
	// but no demuxer has complained by then.
	silence := isURL(input) && strings.Contains(said, "End of file") && !strings.Contains(said, "error reading header")
	if silence || isPassing(said) {
		return cause
	}
	reasons := []struct{ sign, sentence string }{
		{"moov atom not found", "the file is empty, not complete or not video: its index (moov) is missing"},
		{"End of file", "the file is not complete: it breaks off"},
		{"Invalid data found when processing input", "the file is not video that can be read"},
		{"Format not on whitelist", "the file is not in a video container that is taken here"},
		{"could not find codec parameters", "the file's tracks cannot be decoded"},
		{"Decoder (codec", "the file's tracks are in a coding that cannot be decoded here"},
		{"No decoder for", "the file's tracks are in a coding that cannot be decoded here"},
		{"corrupt decoded frame", "some of the file's pictures are damaged"},
		{"Error while decoding", "some of the file's pictures are damaged"},
		{"Cannot determine format", "the file is not video that can be read"},
	}
	for _, r := range reasons {
		if strings.Contains(said, r.sign) {
			return unusable(cause, "%s", r.sentence)
		}
	}
	return cause
}

// lastLine returns the end of a log, without the query of any address in it:
// that of a presigned URL is a secret.
func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return urlQuery.ReplaceAllString(strings.TrimSpace(lines[len(lines)-1]), "$1?…")
}

var urlQuery = regexp.MustCompile(`(https?://[^\s?'"]*)\?[^\s'"]*`)
