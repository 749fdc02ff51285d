package transcoder

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
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

// task is what an ffmpeg is run for: composed arguments, whose inputs are all of
// input; where that is empty they stay as they are, and must be of our making. How many pictures it makes, or how long the sound lasts that it makes, where
// known, turns its counters into progress.
type task struct {
	composed []string
	input    string
	frames   int64
	length   time.Duration
	progress Progress
	pipes    []*os.File        // its files from number 3 on, to write to
	heard    func(line string) // is told each line of its log; may be nil
}

// run executes ffmpeg for pictures; see task.
func (t *Transcoder) run(ctx context.Context, composed []string, input string, wantFrames int64, progress Progress) (outcome, error) {
	return t.do(ctx, task{composed: composed, input: input, frames: wantFrames, progress: progress})
}

// do executes ffmpeg for a task under ctx.
func (t *Transcoder) do(ctx context.Context, job task) (outcome, error) {
	args := []string{"-nostdin", "-hide_banner", "-y", "-loglevel", "level+verbose", "-nostats", "-progress", "pipe:1"}
	limited := job.composed
	if job.input != "" {
		limited = limitInputs(job.composed, job.input)
	}
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
	log := &logReader{heard: job.heard}
	cmd.Stderr, cmd.ExtraFiles = log, job.pipes
	if err := cmd.Start(); err != nil {
		return outcome{}, fmt.Errorf("run ffmpeg: %w", err)
	}
	frames := readProgress(stdout, job)
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return outcome{}, fmt.Errorf("ffmpeg was stopped: %w", context.Cause(ctx))
	case err != nil:
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return outcome{}, fmt.Errorf("run ffmpeg: %w", err)
		}
		return outcome{}, classify(job.input, log.said(), fmt.Errorf("ffmpeg: %w", err))
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

func readProgress(stdout io.Reader, job task) (frames int64) {
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), "=")
		made, all := int64(0), int64(0)
		switch name {
		case "frame":
			frames = integer(strings.TrimSpace(value))
			made, all = frames, job.frames
		case "out_time_us":
			made, all = integer(value), job.length.Microseconds()
		}
		if job.progress != nil && all > 0 {
			job.progress(min(1, float64(made)/float64(all)))
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
	heard        func(line string)
}

const keepErrors = 12

var statistics = regexp.MustCompile(`Statistics: (\d+) bytes (read|written)`)

func (l *logReader) Write(p []byte) (int, error) {
	lines := strings.Split(l.rest+string(p), "\n")
	l.rest = lines[len(lines)-1]
	for _, line := range lines[:len(lines)-1] {
		l.readStatistics(line)
		if l.heard != nil {
			l.heard(line)
		}
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
