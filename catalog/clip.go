package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"subclip/database"
	"subclip/storage"

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
	OrderID   string   // of the order that it is an item of; empty where it was asked for alone
	Names     []string `bun:",nullzero"` // of the ranges, where they have some; empty for those that have none
	Cancelled bool     // by its owner
	Removed   bool     // by its owner, from what they are shown
	Withdrawn bool     // it ended when its asset was withdrawn
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
	return statusOf(c.Job, c.KeptUntil)
}

// statusOf is the state of what a job makes, for somebody for whom it is kept until then.
func statusOf(job *Job, keptUntil time.Time) ClipStatus {
	switch job.Status {
	case JobQueued:
		return ClipQueued
	case JobRunning:
		return ClipRunning
	case JobFailed:
		return ClipFailed
	case JobCancelled:
		return ClipCancelled
	case JobDone:
		if database.Now().Before(keptUntil) {
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
		return nil, notFound("there is no clip %q", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read clip %s: %w", id, err)
	}
	return clip, nil
}

// Files are what the clip's job made, named as its owner named the ranges; a file of
// several ranges keeps its name. The clip is ready.
func (c *Clip) Files() []JobFile {
	files := slices.Clone(c.Job.Result.Files)
	if len(files) != len(c.Names) {
		return files
	}
	for i, name := range c.Names {
		if name != "" {
			files[i].Name = storage.SafeFilename(name, path.Ext(files[i].Key))
		}
	}
	taken := storage.Names{}
	for i := range files {
		files[i].Name = taken.Unique(files[i].Name)
	}
	return files
}

// AllClips returns all of the asker's clips, newest first, removed ones too.
func (c *Catalog) AllClips(ctx context.Context, by Asker) ([]Clip, error) {
	var clips []Clip
	err := by.findsOwn(c.db.NewSelect().Model(&clips).Relation("Job").Relation("Asset")).OrderExpr("clip.id DESC").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list clips: %w", err)
	}
	return clips, nil
}

// ClipQuery selects clips; zero fields select all.
type ClipQuery struct {
	By       Asker // whose they are
	AssetID  string
	Statuses []ClipStatus // one of them; if empty, any
	Cursor   string       // from the page before
	Limit    int          // 1 to MaxPage
}

// clipStatus is Clip.Status in SQL.
const clipStatus = `CASE
	WHEN clip.cancelled OR clip.withdrawn OR (asset.withdrawn_at IS NOT NULL AND clip.kept_until > ?0) THEN 'cancelled'
	WHEN job.status IN ('queued', 'running', 'failed', 'cancelled') THEN job.status
	WHEN job.status = 'done' AND clip.kept_until > ?0 THEN 'ready'
	ELSE 'expired' END`

// Clips returns a page of the asker's clips with their jobs and assets, newest first,
// and the cursor of the next page, empty after the last. Those of orders are left out, and
// what its owner removed.
func (c *Catalog) Clips(ctx context.Context, q ClipQuery) (page []Clip, next string, err error) {
	limit := min(max(q.Limit, 1), MaxPage)
	query := q.By.findsOwn(c.db.NewSelect().Model(&page).Relation("Job").Relation("Asset")).
		Where("clip.order_id = '' AND NOT clip.removed").OrderExpr("clip.id DESC").Limit(int64(limit) + 1)
	if len(q.Statuses) > 0 {
		query.Where(clipStatus+" IN (?1)", database.Now(), bun.List(q.Statuses))
	}
	if q.AssetID != "" {
		query.Where("clip.asset_id = ?", q.AssetID)
	}
	if q.Cursor != "" {
		query.Where("clip.id < ?", q.Cursor)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("list clips: %w", err)
	}
	page, next = database.Page(page, limit, func(row *Clip) string { return row.ID })
	return page, next, nil
}

// WatchClip returns a channel that receives when the clip may have changed; see
// queue.Watch.
func (c *Catalog) WatchClip(clip *Clip) (moved <-chan struct{}, stop func()) {
	return c.queue.Watch(clip.JobID)
}
