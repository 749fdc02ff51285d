package catalog

import (
	"context"
	"fmt"
	"slices"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// RetryJob begins a job again that has failed, in a new attempt, for those who still wait for
// what it makes; they are kept it as long as if they asked now. Of an order what it lacks is
// made again, too. A request that is repeated does so once. Errors: NotFound, and Conflict
// where there is nothing to begin again.
func (c *Catalog) RetryJob(ctx context.Context, by Asker, id string, request Idempotency) (job Job, err error) {
	key := request.of(by.ID).IdempotencyKey
	begins := false
	err = c.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if job, err = readJob(ctx, tx, id); err != nil {
			return err
		}
		repeated := key != "" && key == job.RestartKey
		switch {
		case repeated:
			return nil
		case job.Status != JobFailed:
			return conflict("only what has failed can begin again")
		case job.Kind.isStep():
			begins = true
			return nil
		}
		if err := c.mayRetry(ctx, tx, &job); err != nil {
			return err
		}
		begins = true
		return c.retry(ctx, tx, &job, key)
	})
	switch {
	case database.IsDuplicate(err):
		return job, errMadeSince
	case err != nil || !begins:
		return job, err
	case job.Kind.isStep():
		if _, err := c.RestartStep(ctx, by, job.AssetID, job.Kind, request); err != nil {
			return job, err
		}
		return c.Job(ctx, id)
	}
	c.announce(ctx, id)
	if job.Kind == JobOrder {
		c.advanceOrders(ctx)
		return c.Job(ctx, id)
	}
	c.push(ctx, &job)
	return job, nil
}

// Why a job that failed is not begun again.
var (
	errMadeSince = conflict("the same was asked for again since: there is nothing to begin again")
	errUnawaited = conflict("nobody waits for it any more")
)

// isAwaited is whether somebody waits for a job: of the clips of an order only while it waits
// for them.
const isAwaited = `job.claims > 0 AND CASE job.kind
	WHEN 'clip' THEN EXISTS (SELECT 1 FROM clips
		LEFT JOIN orders ON orders.id = clips.order_id LEFT JOIN jobs AS zip ON zip.id = orders.job_id
		WHERE clips.job_id = job.id AND NOT clips.cancelled AND NOT clips.withdrawn AND (clips.order_id = '' OR zip.status = 'waiting'))
	WHEN 'order' THEN EXISTS (SELECT 1 FROM orders WHERE orders.job_id = job.id AND NOT orders.cancelled AND NOT orders.withdrawn)
	ELSE TRUE END`

// mayRetry refuses a job whose making would be in vain.
func (c *Catalog) mayRetry(ctx context.Context, tx bun.Tx, job *Job) error {
	waits, err := tx.NewSelect().Model((*Job)(nil)).Where("job.id = ?", job.ID).Where(isAwaited).Exists(ctx)
	if err != nil {
		return fmt.Errorf("look for those who wait for job %s: %w", job.ID, err)
	}
	if !waits {
		return errUnawaited
	}
	if job.Kind == JobOrder {
		return nil
	}
	var asset Asset
	if err := tx.NewSelect().Model(&asset).Where("id = ?", job.AssetID).Scan(ctx); err != nil {
		return fmt.Errorf("read asset %s: %w", job.AssetID, err)
	}
	switch {
	case asset.Withdrawn():
		return conflict(withdrawn)
	case asset.Restrictions != job.Request.Restrictions:
		return conflict("what its use is restricted to has changed since: it has to be asked for anew")
	}
	again, err := tx.NewSelect().Model((*Job)(nil)).
		Where("fingerprint = ? AND status IN (?)", job.Fingerprint, bun.List([]JobStatus{JobQueued, JobRunning, JobDone})).Exists(ctx)
	if err != nil {
		return fmt.Errorf("look for the same job: %w", err)
	}
	if again {
		return errMadeSince
	}
	return nil
}

// retry gives a job its next attempt, and those who wait for it their time.
func (c *Catalog) retry(ctx context.Context, tx bun.Tx, job *Job, key string) error {
	until := database.Now().Add(c.cfg.KeepClips)
	switch job.Kind {
	case JobOrder:
		return c.retryOrder(ctx, tx, job, key)
	case JobClip:
		if err := keepClips(ctx, tx, tx.NewSelect().Model((*Clip)(nil)).Where("job_id = ?", job.ID), until); err != nil {
			return err
		}
		job.KeptUntil = until
	case JobRendition:
		job.KeptUntil = time.Time{} // as long as the asset, whatever ended it before
	}
	return requeue(ctx, tx, job, JobQueued, key)
}

// retryOrder lets an order wait again for its items, of which those that are not there begin
// anew.
func (c *Catalog) retryOrder(ctx context.Context, tx bun.Tx, job *Job, key string) error {
	until := database.Now().Add(c.cfg.KeepClips)
	order := new(Order)
	held, err := hold(ctx, tx.NewSelect().Model((*Order)(nil)).Where("job_id = ? AND NOT cancelled AND NOT withdrawn", job.ID))
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return errUnawaited
	}
	if err := withItems(tx.NewSelect().Model(order)).Where("orders.id IN (?)", bun.List(held)).Scan(ctx); err != nil {
		return fmt.Errorf("read the order of job %s: %w", job.ID, err)
	}
	if slices.ContainsFunc(order.Items, func(i OrderItem) bool { return i.Asset.Withdrawn() }) {
		return conflict(withdrawn)
	}
	if _, err := tx.NewUpdate().Model(order).Set("kept_until = ?", until).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("keep order %s: %w", order.ID, err)
	}
	job.KeptUntil = until
	if err := requeue(ctx, tx, job, JobWaiting, key); err != nil {
		return err
	}
	if err := c.resetItems(ctx, tx, order); err != nil {
		return err
	}
	clips := func() *bun.SelectQuery { return tx.NewSelect().Model((*Clip)(nil)).Where("order_id = ?", order.ID) }
	if err := keepClips(ctx, tx, clips(), until); err != nil {
		return err
	}
	jobs, err := hold(ctx, tx.NewSelect().Model((*Job)(nil)).Where("kept_until < ? AND id IN (?)", until, clips().Column("job_id").Where("NOT cancelled")))
	if err != nil {
		return err
	}
	if _, err := tx.NewUpdate().Model((*Job)(nil)).Set("kept_until = ?", until).Where("id IN (?)", bun.List(jobs)).Exec(ctx); err != nil {
		return fmt.Errorf("keep what order %s has: %w", order.ID, err)
	}
	return nil
}

// resetItems lets those items of an order wait to begin that have nothing to be packed, and
// gives up the clips that they were.
func (c *Catalog) resetItems(ctx context.Context, tx bun.Tx, order *Order) error {
	var lost, clips []string
	for i := range order.Items {
		item := &order.Items[i]
		switch item.Status() {
		case ClipReady, ClipQueued, ClipRunning:
			continue
		}
		lost = append(lost, item.ID)
		if item.ClipID != "" {
			clips = append(clips, item.ClipID)
		}
	}
	_, err := tx.NewUpdate().Model((*OrderItem)(nil)).Set("begun = ?, failure = '', job_id = NULL, clip_id = NULL", false).Where("id IN (?)", bun.List(lost)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("let items of order %s begin again: %w", order.ID, err)
	}
	_, err = c.leaveClips(ctx, tx, tx.NewSelect().Model((*Clip)(nil)).Where("id IN (?)", bun.List(clips)))
	return err
}

// keepClips lets their owners have clips until then.
func keepClips(ctx context.Context, tx bun.Tx, which *bun.SelectQuery, until time.Time) error {
	clips, err := hold(ctx, which.Where("NOT cancelled AND NOT withdrawn AND kept_until < ?", until))
	if err != nil {
		return err
	}
	if _, err := tx.NewUpdate().Model((*Clip)(nil)).Set("kept_until = ?", until).Where("id IN (?)", bun.List(clips)).Exec(ctx); err != nil {
		return fmt.Errorf("keep clips: %w", err)
	}
	return nil
}
