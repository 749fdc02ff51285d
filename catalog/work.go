package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// pushTimeout bounds how long a request waits for a Redis that does not answer;
// its rows are safe and Reconcile will push the ticket.
const pushTimeout = time.Second

func (c *Catalog) push(ctx context.Context, job *Job) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pushTimeout)
	defer cancel()
	if err := c.queue.Push(ctx, job.ticket()); err != nil {
		c.log.Warn("the job is stored and will be queued when Redis answers", "job", job.ID, "error", err)
	}
}

func (c *Catalog) announce(ctx context.Context, jobID string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pushTimeout)
	defer cancel()
	if err := c.queue.Announce(ctx, jobID); err != nil {
		c.log.Debug("nobody is told that the job has moved on", "job", jobID, "error", err)
	}
}

// Claim makes the waiting attempt of a job this owner's, whosever turn it is.
// claimed is false where it is no longer waiting.
func (c *Catalog) Claim(ctx context.Context, jobID string, attempt int, owner string) (job Job, claimed bool, err error) {
	return c.claim(ctx, &turn{ID: jobID, Attempt: attempt}, owner)
}

func (c *Catalog) claim(ctx context.Context, next *turn, owner string) (job Job, claimed bool, err error) {
	err = c.db.NewUpdate().Model(&job).
		Set("status = ?, owner = ?, heartbeat_at = ?, progress = 0", JobRunning, owner, database.Now()).
		Set("began_at = ?, begun_for = ?", database.Now(), next.PersonID).
		Where("id = ? AND attempt = ? AND status = ?", next.ID, next.Attempt, JobQueued).
		Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return job, false, nil
	}
	if err != nil {
		return job, false, fmt.Errorf("claim job %s: %w", next.ID, err)
	}
	c.announce(ctx, next.ID)
	return job, true, nil
}

// Heartbeat says that the owner is alive and how far it is. ErrLost means that
// it must stop.
func (c *Catalog) Heartbeat(ctx context.Context, job *Job, progress float64) error {
	err := fenced(ctx, c.db, job, func(q *bun.UpdateQuery) {
		q.Set("heartbeat_at = ?, progress = ?", database.Now(), progress)
	})
	if err == nil && progress > job.Progress {
		job.Progress = progress
		c.announce(ctx, job.ID)
	}
	return err
}

// Hold makes sure that a job is still its owner's, who is alive; ErrLost means that it is
// not. Unlike Heartbeat it leaves the job that it is given as it is, which the beating of
// the same worker changes.
func (c *Catalog) Hold(ctx context.Context, job *Job) error {
	return fenced(ctx, c.db, job, func(q *bun.UpdateQuery) { q.Set("heartbeat_at = ?", database.Now()) })
}

// fenced updates the row of a job that its owner still holds, or says ErrLost.
func fenced(ctx context.Context, db bun.IDB, job *Job, set func(*bun.UpdateQuery)) error {
	q := db.NewUpdate().Model((*Job)(nil)).
		Where("id = ? AND attempt = ? AND owner = ? AND status = ?", job.ID, job.Attempt, job.Owner, JobRunning)
	set(q)
	res, err := q.Exec(ctx)
	if err != nil {
		return fmt.Errorf("update job %s: %w", job.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrLost, err)
	}
	return nil
}

// Finish records what a clip, rendition or order job made.
func (c *Catalog) Finish(ctx context.Context, job *Job, result JobResult) error {
	bytes, encoding := result.cost()
	set := func(q *bun.UpdateQuery) {
		done(&result)(q)
		q.Set("bytes = ?, encoding = ?", bytes, encoding)
	}
	err := c.end(ctx, job, set, func(ctx context.Context, tx bun.Tx) error {
		return clipsEnded(ctx, tx, job, ClipIsReady, EventData{Status: string(ClipReady), Size: bytes})
	})
	if err == nil {
		c.tookClips(ctx, "clip.job_id = ?", job.ID)
		c.tookOrder(ctx, job)
		c.advanceOrders(ctx)
	}
	return err
}

// Fail ends a job that no retry can mend; reason is told to users.
func (c *Catalog) Fail(ctx context.Context, job *Job, reason string) error {
	err := c.end(ctx, job, failed(job, reason), func(ctx context.Context, tx bun.Tx) error {
		if job.Kind.isEssential() {
			return failAsset(ctx, tx, job.AssetID, reason)
		}
		return clipsEnded(ctx, tx, job, ClipHasFailed, EventData{Status: string(ClipFailed), Reason: reason})
	})
	if err == nil {
		c.advanceOrders(ctx)
	}
	return err
}

func done(result *JobResult) func(*bun.UpdateQuery) {
	return func(q *bun.UpdateQuery) {
		q.Set("status = ?, result = ?, finished_at = ?, progress = 1", JobDone, result, database.Now())
	}
}

func failed(job *Job, reason string) func(*bun.UpdateQuery) {
	return func(q *bun.UpdateQuery) {
		q.Set("status = ?, failure = ?, failures = ?, finished_at = ?", JobFailed, reason, job.Failures+1, database.Now())
	}
}

// Retry begins another attempt of a job after a pause, counting a failure. A job
// that has failed MaxFailures times is over, and reason is told to users.
func (c *Catalog) Retry(ctx context.Context, job *Job, pause time.Duration, reason string) error {
	if job.Failures+1 >= MaxFailures {
		return c.Fail(ctx, job, reason)
	}
	return c.again(ctx, job, pause, job.Failures+1)
}

// GiveBack lets another worker begin a job at once, since this one is stopping.
func (c *Catalog) GiveBack(ctx context.Context, job *Job) error {
	return c.again(ctx, job, 0, job.Failures)
}

func (c *Catalog) again(ctx context.Context, job *Job, pause time.Duration, failures int) error {
	next := *job
	next.Attempt, next.NotBefore = job.Attempt+1, database.Now().Add(pause)
	err := fenced(ctx, c.db, job, func(q *bun.UpdateQuery) {
		q.Set("status = ?, attempt = ?, failures = ?, owner = '', not_before = ?, progress = 0",
			JobQueued, next.Attempt, failures, next.NotBefore)
	})
	if err == nil {
		c.push(ctx, &next)
		c.announce(ctx, job.ID)
	}
	return err
}
