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

// ClipStatus is how far a clip is.
type ClipStatus string

// The states of a clip.
const (
	ClipQueued    ClipStatus = "queued"
	ClipRunning   ClipStatus = "running"
	ClipReady     ClipStatus = "ready"
	ClipFailed    ClipStatus = "failed"
	ClipCancelled ClipStatus = "cancelled"
	ClipExpired   ClipStatus = "expired"
)

// Ended reports whether the status changes no more by itself soon: nothing is
// left to wait for.
func (s ClipStatus) Ended() bool { return s != ClipQueued && s != ClipRunning }

// Clip is one request for ranges of an asset: a claim on the job that makes them.
type Clip struct {
	bun.BaseModel `bun:"table:clips"`

	ID        string `bun:",pk"`
	OwnerID   string // the person who asked
	TokenID   string // of the program that asked for them
	AssetID   string
	JobID     string
	Cancelled bool // by its owner
	Withdrawn bool // it ended when its asset was withdrawn
	KeptUntil time.Time
	Idempotency
	CreatedAt time.Time

	Job   *Job   `bun:"rel:belongs-to,join:job_id=id"`
	Asset *Asset `bun:"rel:belongs-to,join:asset_id=id"`
}

// Status derives the clip's state from its own row and its job's.
func (c *Clip) Status() ClipStatus {
	if c.Cancelled || c.isWithdrawn() {
		return ClipCancelled
	}
	switch c.Job.Status {
	case JobQueued:
		return ClipQueued
	case JobRunning:
		return ClipRunning
	case JobFailed:
		return ClipFailed
	case JobCancelled:
		return ClipCancelled
	case JobDone:
		if database.Now().Before(c.KeptUntil) {
			return ClipReady
		}
	}
	return ClipExpired
}

// isWithdrawn asks the asset too, for a clip that was asked for in the moment of its
// withdrawal and is still to be ended.
func (c *Clip) isWithdrawn() bool {
	return c.Withdrawn || (c.Asset.Withdrawn() && database.Now().Before(c.KeptUntil))
}

// Reason says, for users, why the clip failed or was ended; it is empty where there
// is nothing to say.
func (c *Clip) Reason() string {
	switch {
	case c.Cancelled:
		return ""
	case c.isWithdrawn():
		return withdrawn
	}
	return c.Job.Failure
}

// Clip returns one of the asker's clips with its job and asset, or a NotFound Error;
// see Asker for what is not found.
func (c *Catalog) Clip(ctx context.Context, by Asker, id string) (*Clip, error) {
	clip := new(Clip)
	err := by.findsOwn(c.db.NewSelect().Model(clip).Relation("Job").Relation("Asset")).
		Where("clip.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound("clip", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read clip %s: %w", id, err)
	}
	return clip, nil
}

// RecentClips returns the asker's newest clips that they did not cancel.
func (c *Catalog) RecentClips(ctx context.Context, by Asker, limit int64) ([]Clip, error) {
	return c.clips(ctx, by, func(q *bun.SelectQuery) { q.Where("NOT clip.cancelled").Limit(limit) })
}

// AllClips returns all of the asker's clips, newest first, cancelled ones too.
func (c *Catalog) AllClips(ctx context.Context, by Asker) ([]Clip, error) {
	return c.clips(ctx, by, func(*bun.SelectQuery) {})
}

func (c *Catalog) clips(ctx context.Context, by Asker, which func(*bun.SelectQuery)) ([]Clip, error) {
	var clips []Clip
	q := by.findsOwn(c.db.NewSelect().Model(&clips).Relation("Job").Relation("Asset")).OrderExpr("clip.id DESC")
	which(q)
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list clips: %w", err)
	}
	return clips, nil
}

// WatchClip returns a channel that receives when the clip may have changed; see
// queue.Watch.
func (c *Catalog) WatchClip(clip *Clip) (moved <-chan struct{}, stop func()) {
	return c.queue.Watch(clip.JobID)
}

// ReleaseClip cancels one of the asker's clips: nobody else claiming its job, the job stops or what
// it made is removed, and removed is its id for the store to forget. Releasing
// again changes nothing.
func (c *Catalog) ReleaseClip(ctx context.Context, by Asker, id string) (removed string, err error) {
	clip, err := c.Clip(ctx, by, id)
	if err != nil {
		return "", err
	}
	err = c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		removed, err = c.release(ctx, tx, clip)
		return err
	})
	if err == nil {
		c.announce(ctx, clip.JobID)
	}
	return removed, err
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
		Set("status = CASE WHEN claims > 1 THEN status WHEN status = ? THEN ? WHEN status IN (?, ?) THEN ? ELSE status END",
			JobDone, JobRemoved, JobQueued, JobRunning, JobCancelled).
		Where("id = ?", jobID).Returning("*").Scan(ctx)
	if err != nil {
		return "", fmt.Errorf("release job %s: %w", jobID, err)
	}
	if job.Claims <= 0 {
		return jobID, nil
	}
	return "", nil
}
