package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"
)

// CancelClip ends one of the asker's clips that is not made yet: with nobody else claiming
// its job, the job stops. They are still shown it, as cancelled. One that has ended stays as
// it is. removed is a job that was done in this very moment, for the store to forget.
func (c *Catalog) CancelClip(ctx context.Context, by Asker, id string) (removed string, err error) {
	clip, err := c.Clip(ctx, by, id)
	if err != nil || clip.Status().Ended() {
		return "", err
	}
	return c.leaveClip(ctx, clip, false)
}

// ReleaseClip is CancelClip for a clip in any state, which its owner is shown no more: nobody
// else claiming its job, the job stops or what it made is removed, and removed is its id for
// the store to forget. Releasing again changes nothing.
func (c *Catalog) ReleaseClip(ctx context.Context, by Asker, id string) (removed string, err error) {
	clip, err := c.Clip(ctx, by, id)
	if err != nil {
		return "", err
	}
	return c.leaveClip(ctx, clip, true)
}

func (c *Catalog) leaveClip(ctx context.Context, clip *Clip, forGood bool) (removed string, err error) {
	err = c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := remove(ctx, tx, clip, forGood); err != nil {
			return err
		}
		removed, err = c.release(ctx, tx, clip)
		return err
	})
	if err == nil {
		c.announce(ctx, clip.JobID)
	}
	return removed, err
}

// remove takes a clip or an order out of what its owner is shown.
func remove(ctx context.Context, tx bun.Tx, row any, forGood bool) error {
	if !forGood {
		return nil
	}
	if _, err := tx.NewUpdate().Model(row).Set("removed = ?", true).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("remove a clip or an order from what is shown: %w", err)
	}
	return nil
}

// release cancels a clip, unless it is cancelled already.
func (c *Catalog) release(ctx context.Context, tx bun.Tx, clip *Clip) (removed string, err error) {
	res, err := tx.NewUpdate().Model((*Clip)(nil)).Set("cancelled = ?", true).
		Where("id = ? AND NOT cancelled", clip.ID).Exec(ctx)
	if err != nil {
		return "", fmt.Errorf("cancel clip %s: %w", clip.ID, err)
	}
	if errors.Is(mustAffect(res), errAgain) {
		return "", nil
	}
	return c.releaseJob(ctx, tx, clip.JobID)
}

// releaseJob takes one claim off a job and ends it with the last.
func (c *Catalog) releaseJob(ctx context.Context, tx bun.Tx, jobID string) (removed string, err error) {
	var job Job
	err = tx.NewUpdate().Model(&job).Set("claims = claims - 1").
		Set("status = CASE WHEN claims > 1 THEN status WHEN status = ? THEN ? WHEN status IN (?, ?, ?) THEN ? ELSE status END",
			JobDone, JobRemoved, JobQueued, JobRunning, JobWaiting, JobCancelled).
		Where("id = ?", jobID).Returning("*").Scan(ctx)
	if err != nil {
		return "", fmt.Errorf("release job %s: %w", jobID, err)
	}
	if job.Claims <= 0 {
		return jobID, nil
	}
	return "", nil
}

// CancelOrder ends one of the asker's orders that is not made yet, and what nobody else waits
// for of it; see CancelClip. removed are jobs whose files the store is to forget.
func (c *Catalog) CancelOrder(ctx context.Context, by Asker, id string) (removed []string, err error) {
	order, err := c.Order(ctx, by, id)
	if err != nil || order.Status().Ended() {
		return nil, err
	}
	return c.leaveOrder(ctx, order, false)
}

// ReleaseOrder is CancelOrder for an order in any state, which its owner is shown no more.
// Releasing again changes nothing.
func (c *Catalog) ReleaseOrder(ctx context.Context, by Asker, id string) (removed []string, err error) {
	order, err := c.Order(ctx, by, id)
	if err != nil {
		return nil, err
	}
	return c.leaveOrder(ctx, order, true)
}

func (c *Catalog) leaveOrder(ctx context.Context, order *Order, forGood bool) (removed []string, err error) {
	err = c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		removed = nil
		if err := remove(ctx, tx, order, forGood); err != nil {
			return err
		}
		res, err := tx.NewUpdate().Model((*Order)(nil)).Set("cancelled = ?", true).Where("id = ? AND NOT cancelled", order.ID).Exec(ctx)
		if err != nil {
			return fmt.Errorf("cancel order %s: %w", order.ID, err)
		}
		if errors.Is(mustAffect(res), errAgain) {
			return nil
		}
		if removed, err = c.releaseJobs(ctx, tx, order.JobID); err != nil {
			return err
		}
		// Read here: an item may have begun meanwhile.
		gone, err := c.leaveClips(ctx, tx, tx.NewSelect().Model((*Clip)(nil)).Where("order_id = ?", order.ID))
		removed = append(removed, gone...)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, job := range append([]string{order.JobID}, removed...) {
		c.announce(ctx, job)
	}
	return removed, nil
}

// leaveClips cancels clips of an order, and returns the jobs whose files are to be forgotten.
func (c *Catalog) leaveClips(ctx context.Context, tx bun.Tx, which *bun.SelectQuery) (removed []string, err error) {
	clips, err := hold(ctx, which.Where("NOT cancelled"))
	if err != nil {
		return nil, err
	}
	var jobs []string
	err = tx.NewUpdate().Model((*Clip)(nil)).Set("cancelled = ?", true).Where("id IN (?)", bun.List(clips)).Returning("job_id").Scan(ctx, &jobs)
	if err != nil {
		return nil, fmt.Errorf("cancel the clips of an order: %w", err)
	}
	slices.Sort(jobs) // as hold does
	return c.releaseJobs(ctx, tx, jobs...)
}

// releaseJobs is releaseJob for several.
func (c *Catalog) releaseJobs(ctx context.Context, tx bun.Tx, jobs ...string) (removed []string, err error) {
	for _, job := range jobs {
		gone, err := c.releaseJob(ctx, tx, job)
		if err != nil {
			return nil, err
		}
		if gone != "" {
			removed = append(removed, gone)
		}
	}
	return removed, nil
}
