package catalog

import (
	"context"
	"errors"
	"fmt"

	"subclip/database"

	"github.com/uptrace/bun"
)

// restoreAtOnce bounds how many waiting jobs one pass looks up in Redis.
const restoreAtOnce = 500

// Reconcile puts right what crashes and a lost Redis leave behind: running jobs
// whose worker went silent begin their next attempt, orders go on, and waiting jobs whose
// ticket is gone get it back. Assets from before some steps were known get those, and
// what searches are to find from now on is indexed.
// Any number of processes may call it at once.
func (c *Catalog) Reconcile(ctx context.Context) error {
	return errors.Join(c.takeBackStale(ctx), c.advance(ctx), c.restoreQueued(ctx), c.askMissingSteps(ctx), c.indexDue(ctx))
}

func (c *Catalog) takeBackStale(ctx context.Context) error {
	var stale []Job
	err := c.db.NewSelect().Model(&stale).
		Where("status = ? AND heartbeat_at < ?", JobRunning, database.Now().Add(-c.cfg.StaleAfter)).Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for silent workers: %w", err)
	}
	for i := range stale {
		job := &stale[i]
		c.log.Warn("a worker went silent; its job begins again", "job", job.ID, "worker", job.Owner, "attempt", job.Attempt)
		err := c.Retry(ctx, job, 0, "the video could not be made: every worker that tried stopped unexpectedly")
		if err != nil && !errors.Is(err, ErrLost) {
			return err
		}
	}
	return nil
}

func (c *Catalog) restoreQueued(ctx context.Context) error {
	var waiting []Job
	err := c.db.NewSelect().Model(&waiting).Where("status = ? AND not_before <= ?", JobQueued, database.Now()).
		OrderExpr("not_before").Limit(restoreAtOnce).Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for waiting jobs: %w", err)
	}
	for i := range waiting {
		orphaned, err := c.queue.Restore(ctx, waiting[i].ticket())
		if err != nil {
			return err
		}
		if orphaned {
			if err := c.renew(ctx, &waiting[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// renew begins a new attempt of a job that was handed out but not claimed.
// Where it does not wait any more, nothing happens.
func (c *Catalog) renew(ctx context.Context, job *Job) error {
	res, err := c.db.NewUpdate().Model(job).Set("attempt = attempt + 1").
		Where("id = ? AND attempt = ? AND status = ?", job.ID, job.Attempt, JobQueued).Exec(ctx)
	if err != nil {
		return fmt.Errorf("renew job %s: %w", job.ID, err)
	}
	if errors.Is(mustAffect(res), errAgain) {
		return nil
	}
	job.Attempt++
	return c.queue.Push(ctx, job.ticket())
}

// Expire marks the jobs of clips and renditions whose time is over, or whose asset
// was withdrawn, as removed and returns their ids, for the store to forget what they
// made.
func (c *Catalog) Expire(ctx context.Context) (removed []string, err error) {
	var stopped []string
	err = c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		stopped, err = endWithdrawn(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, job := range stopped {
		c.announce(ctx, job)
	}
	err = c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		jobs, err := hold(ctx, tx.NewSelect().Model((*Job)(nil)).
			Where("kind IN (?) AND status = ? AND kept_until <= ?", bun.List([]JobKind{JobClip, JobRendition, JobOrder}), JobDone, database.Now()))
		if err != nil {
			return err
		}
		return tx.NewUpdate().Model((*Job)(nil)).Set("status = ?", JobRemoved).Where("id IN (?)", bun.List(jobs)).Returning("id").Scan(ctx, &removed)
	})
	if err != nil {
		return nil, fmt.Errorf("expire clips: %w", err)
	}
	return removed, nil
}

// ExpireUploads aborts the uploads that nobody finished in time and returns them,
// for the store to free their parts.
func (c *Catalog) ExpireUploads(ctx context.Context) ([]Upload, error) {
	var expired []Upload
	err := c.db.NewUpdate().Model(&expired).Set("status = ?", UploadAborted).
		Where("status = ? AND expires_at < ?", UploadOpen, database.Now()).Returning("*").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("expire uploads: %w", err)
	}
	return expired, nil
}

// Kept reports, for a job's attempt, whether what it made is or may yet be
// needed. Anything else under MadeRoot is an orphan.
func (c *Catalog) Kept(ctx context.Context, jobID string, attempt int) (bool, error) {
	job, err := c.Job(ctx, jobID)
	if missing, ok := errors.AsType[*Error](err); ok && missing.Kind == NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	switch {
	case job.Status == JobQueued, job.Status == JobRunning, job.Status == JobDone && !job.Kind.isStep():
		if job.Attempt == attempt {
			return true, nil
		}
	}
	if !job.Kind.isStep() {
		return false, nil
	}
	// What an earlier attempt made is shown until a later one has made it again.
	job.Attempt = attempt
	asset, err := c.Asset(ctx, House(), job.AssetID)
	return asset.uses(job.ObjectPrefix()), err
}

// UploadKnown reports whether an upload with this id was recorded and not given up.
func (c *Catalog) UploadKnown(ctx context.Context, id string) (bool, error) {
	return c.uploadIs(ctx, id, UploadOpen, UploadComplete)
}

// UploadWaits reports whether an upload with this id was recorded and has not ended.
func (c *Catalog) UploadWaits(ctx context.Context, id string) (bool, error) {
	return c.uploadIs(ctx, id, UploadOpen)
}

// MasterLeft reports whether what lies at key belongs to an upload with this id that was
// given up, or that has its master elsewhere.
func (c *Catalog) MasterLeft(ctx context.Context, id, key string) (bool, error) {
	n, err := c.db.NewSelect().Model((*Upload)(nil)).Where("id = ?", id).
		Where("status = ? OR (status = ? AND key <> ?)", UploadAborted, UploadComplete, key).Count(ctx)
	if err != nil {
		return false, fmt.Errorf("look up upload %s: %w", id, err)
	}
	return n > 0, nil
}

func (c *Catalog) uploadIs(ctx context.Context, id string, statuses ...UploadStatus) (bool, error) {
	n, err := c.db.NewSelect().Model((*Upload)(nil)).Where("id = ? AND status IN (?)", id, bun.List(statuses)).Count(ctx)
	if err != nil {
		return false, fmt.Errorf("look up upload %s: %w", id, err)
	}
	return n > 0, nil
}

// JobCounts is how many jobs there are, by kind and status, of those that wait
// or run.
func (c *Catalog) JobCounts(ctx context.Context) (map[JobKind]map[JobStatus]int, error) {
	var rows []struct {
		Kind   JobKind
		Status JobStatus
		Count  int
	}
	err := c.db.NewSelect().Model((*Job)(nil)).ColumnExpr("kind, status, count(*) AS count").
		Where("status IN (?)", bun.List([]JobStatus{JobQueued, JobRunning})).GroupExpr("kind, status").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	counts := map[JobKind]map[JobStatus]int{}
	for _, kind := range JobKinds() {
		counts[JobKind(kind)] = map[JobStatus]int{JobQueued: 0, JobRunning: 0}
	}
	for _, row := range rows {
		counts[row.Kind][row.Status] = row.Count
	}
	return counts, nil
}
