package httpapi

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"subclip/catalog"
)

const (
	// maxWait is the longest that Prefer: wait keeps a request open.
	maxWait = 60 * time.Second
	// lookEvery is how often a waiting request looks at the row itself, should
	// the news not reach it.
	lookEvery = 2 * time.Second
)

// Waiting is the header by which a client asks to be answered only when the
// thing is made (RFC 7240).
type Waiting struct {
	Prefer []string `header:"Prefer" doc:"wait=N: answer when it is ready, after at most N seconds, 60 at most"`
}

// limit is how long the client would wait, zero if it did not say.
func (w Waiting) limit() time.Duration {
	for _, preference := range w.Prefer {
		name, value, _ := strings.Cut(strings.TrimSpace(preference), "=")
		seconds, err := strconv.Atoi(strings.Trim(strings.TrimSpace(value), `"`))
		if strings.EqualFold(strings.TrimSpace(name), "wait") && err == nil && seconds > 0 {
			return min(time.Duration(min(seconds, 3600))*time.Second, maxWait)
		}
	}
	return 0
}

func (w Waiting) applied() string {
	if limit := w.limit(); limit > 0 {
		return fmt.Sprintf("wait=%d", int(limit.Seconds()))
	}
	return ""
}

// follow calls look at once and whenever the job may have moved on, until look
// says that it has seen enough or ctx ends.
func (a *API) follow(ctx context.Context, jobID string, look func() (enough bool, err error)) error {
	moved, stop := a.queue.Watch(jobID)
	defer stop()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		enough, err := look()
		if enough || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-a.stopping.Done():
			return nil
		case <-moved:
		case <-tick.C:
		}
	}
}

// await waits until a thing has ended, at most limit, and returns it as it then is.
func await[T any](ctx context.Context, a *API, id string, limit time.Duration, read func(ctx context.Context, id string) (standing[T], error)) (standing[T], error) {
	now, err := read(ctx, id)
	if err != nil || now.ended || limit <= 0 {
		return now, err
	}
	waiting, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err = a.follow(waiting, now.jobID, func() (bool, error) {
		var err error
		now, err = read(ctx, id)
		return now.ended, err
	})
	return now, err
}

func (a *API) standingJob(ctx context.Context, id string) (standing[*catalog.Job], error) {
	job, err := a.catalog.Job(ctx, id)
	ended := job.Status != catalog.JobQueued && job.Status != catalog.JobRunning
	return standing[*catalog.Job]{&job, id, string(job.Status), job.Progress, ended}, err
}
