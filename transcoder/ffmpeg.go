package transcoder

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"subclip/process"
)

// Progress is told how much of a job is done, 0 to 1. It may be nil.
type Progress func(done float64)

// outcome is what a finished ffmpeg command did.
type outcome struct {
	frames    int64 // pictures written
	bytesRead int64 // from the inputs
}

// inputLimits are the options of every input: what it may read, and for how
// long it may hang.
func inputLimits(input string) []string {
	if isURL(input) {
		return []string{"-protocol_whitelist", "http,https,tcp,tls", "-rw_timeout", "30000000"}
	}
	return []string{"-protocol_whitelist", "file"}
}

// run executes ffmpeg with composed arguments under ctx. wantFrames, where known,
// turns its frame counter into progress.
func (t *Transcoder) run(ctx context.Context, composed []string, input string, wantFrames int64, progress Progress) (outcome, error) {
	args := []string{"-nostdin", "-hide_banner", "-y", "-loglevel", "level+verbose", "-nostats", "-progress", "pipe:1"}
	limited := limitInputs(composed, input)
	output := len(limited) - 1
	args = append(args, limited[:output]...)
	if t.threads > 0 {
		args = append(args, "-threads", strconv.Itoa(t.threads))
	}
	cmd := process.Command(ctx, t.ffmpeg, append(args, limited[output])...)
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
		return outcome{}, classify(strings.Join(log.errors, "\n"), fmt.Errorf("ffmpeg: %w", err))
	}
	return outcome{frames: frames, bytesRead: log.bytesRead}, nil
}

// limitInputs puts the options of inputLimits before every input.
func limitInputs(args []string, input string) []string {
	var out []string
	for i, arg := range args {
		if arg == "-i" && i+1 < len(args) && args[i+1] == input {
			out = append(out, inputLimits(input)...)
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

// logReader keeps of ffmpeg's log what matters: the last errors, and how many
// bytes its inputs read, which it tells in its verbose log alone.
type logReader struct {
	errors    []string
	bytesRead int64
	rest      string
}

const keepErrors = 12

var readStatistics = regexp.MustCompile(`Statistics: (\d+) bytes read`)

func (l *logReader) Write(p []byte) (int, error) {
	lines := strings.Split(l.rest+string(p), "\n")
	l.rest = lines[len(lines)-1]
	for _, line := range lines[:len(lines)-1] {
		if m := readStatistics.FindStringSubmatch(line); m != nil {
			l.bytesRead += integer(m[1])
		}
		if strings.Contains(line, "[error]") || strings.Contains(line, "[fatal]") {
			l.errors = append(l.errors, line)
			if len(l.errors) > keepErrors {
				l.errors = l.errors[1:]
			}
		}
	}
	return len(p), nil
}

// classify turns what ffmpeg or ffprobe said into an error: ErrMedia where the
// file is to blame, a passing failure (disk, network, killed) otherwise.
func classify(said string, cause error) error {
	if last := lastLine(said); last != "" {
		cause = fmt.Errorf("%w: %s", cause, last)
	}
	reasons := []struct{ sign, sentence string }{
		{"moov atom not found", "the file is not complete: its index (moov) is missing"},
		{"Invalid data found when processing input", "the file is not video that can be read"},
		{"Format not on whitelist", "the file is not in a video container that is taken here"},
		{"could not find codec parameters", "the file's tracks cannot be decoded"},
		{"Decoder (codec", "the file's tracks are in a coding that cannot be decoded here"},
		{"No decoder for", "the file's tracks are in a coding that cannot be decoded here"},
		{"Cannot determine format", "the file is not video that can be read"},
	}
	passing := []string{"Server returned 5", "Connection re", "Connection timed out", "No space left", "Cannot allocate memory", "End of file"}
	for _, sign := range passing {
		if strings.Contains(said, sign) {
			return cause
		}
	}
	for _, r := range reasons {
		if strings.Contains(said, r.sign) {
			return unusable(cause, "%s", r.sentence)
		}
	}
	return cause
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return signedQuery.ReplaceAllString(strings.TrimSpace(lines[len(lines)-1]), "?…")
}

// signedQuery finds the secret part of presigned URLs, which no log may hold.
var signedQuery = regexp.MustCompile(`\?X-Amz-[^\s'"]*|\?x-id=[^\s'"]*`)
