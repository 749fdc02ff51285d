// Package transcoder makes clips and renditions out of masters.
//
// It works in three steps that are kept apart. Probe reads a file's facts into a
// Source, and Inspect more of them for people. NewPlan, a pure function, decides
// from a Source and a Request what will be copied, what encoded and with which
// settings; it runs nothing and is tested by table. Cut, Proxy and Poster carry a decision out: the ffmpeg graph is
// composed with ffmpeg-go (compose.go) and the command is run under our own
// context, with progress and a reading of what went wrong (ffmpeg.go).
//
// Input is a path or a presigned URL, output is always a local file. The package
// knows neither the catalogue nor the queue.
package transcoder

import (
	"context"
	"errors"
	"fmt"
	"os/exec"

	"subclip/process"
)

// ErrMedia marks what no retry can mend: a file that is not playable video, or a
// request that the file cannot answer. Its message is fit for users.
var ErrMedia = errors.New("unusable media")

// mediaError is an ErrMedia with a sentence for the user and, for the log, what
// the tools said.
type mediaError struct {
	sentence string
	cause    error
}

func (e *mediaError) Error() string   { return e.sentence }
func (e *mediaError) Unwrap() []error { return []error{ErrMedia, e.cause} }

func unusable(cause error, format string, args ...any) error {
	return &mediaError{sentence: fmt.Sprintf(format, args...), cause: cause}
}

// Config says which tools to run and how hard.
type Config struct {
	FFmpeg  string `env:"SUBCLIP_FFMPEG" envDefault:"ffmpeg" desc:"ffmpeg program"`
	FFprobe string `env:"SUBCLIP_FFPROBE" envDefault:"ffprobe" desc:"ffprobe program"`
	Threads int    `env:"SUBCLIP_FFMPEG_THREADS" envDefault:"0" desc:"encoder threads per job, 0 to 64; 0 leaves it to ffmpeg"`
	Memory  int    `env:"SUBCLIP_FFMPEG_MEMORY" envDefault:"8192" desc:"MiB that one ffmpeg may use, from 256"`
}

// leastMemory is what ffmpeg needs to do anything to small pictures, in MiB.
const leastMemory = 256

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	if c.Threads < 0 || c.Threads > 64 {
		return fmt.Errorf("SUBCLIP_FFMPEG_THREADS is %d: use 0 to 64", c.Threads)
	}
	if c.Memory < leastMemory {
		return fmt.Errorf("SUBCLIP_FFMPEG_MEMORY is %d: use at least %d MiB", c.Memory, leastMemory)
	}
	return nil
}

// Transcoder runs ffmpeg and ffprobe. It is safe for concurrent use.
type Transcoder struct {
	ffmpeg, ffprobe string
	threads         int
	memory          int64 // bytes
}

// New finds the tools; an error says how to install what is missing.
func New(cfg Config) (*Transcoder, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	ffmpeg, err := process.Find(cfg.FFmpeg, "ffmpeg")
	if err != nil {
		return nil, err
	}
	ffprobe, err := process.Find(cfg.FFprobe, "ffmpeg")
	if err != nil {
		return nil, err
	}
	return &Transcoder{ffmpeg: ffmpeg, ffprobe: ffprobe, threads: cfg.Threads, memory: int64(cfg.Memory) << 20}, nil
}

// command prepares one of the tools.
func (t *Transcoder) command(ctx context.Context, tool string, args ...string) *exec.Cmd {
	return process.Limited(ctx, t.memory, tool, args...)
}
