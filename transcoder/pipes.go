package transcoder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// doPiped executes ffmpeg for a task and has each reader read what it writes to a pipe
// of its own, the first being number 3. A reader's error is returned, but for those
// that come of ffmpeg's own.
func (t *Transcoder) doPiped(ctx context.Context, job task, readers ...func(io.Reader) error) (outcome, error) {
	failed := make(chan error, len(readers))
	for _, read := range readers {
		out, in, err := os.Pipe()
		if err != nil {
			closeAll(job.pipes)
			return outcome{}, fmt.Errorf("open a pipe to ffmpeg: %w", err)
		}
		job.pipes = append(job.pipes, in)
		go func() {
			err := read(out)
			failed <- errors.Join(err, out.Close())
		}()
	}
	made, err := t.do(ctx, job)
	closeAll(job.pipes)
	var errs []error
	for range readers {
		errs = append(errs, <-failed)
	}
	if err == nil {
		err = errors.Join(errs...)
	}
	return made, err
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}
