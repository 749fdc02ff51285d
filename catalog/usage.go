package catalog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// Usage is that somebody took an asset or a part of it. What counts: a whole asset
// each time a URL of it is given out, but once for an Idempotency-Key; a clip once,
// when it is there for its owner. What is only watched is counted by itself, see Played.
type Usage struct {
	bun.BaseModel `bun:"table:usage,alias:usage"`

	ID       string `bun:",pk"` // a clip's own, so that it is counted once
	AssetID  string
	PersonID string `bun:",nullzero"` // empty once the account is deleted
	Format   string
	Marks    string // of a part: "10:00:00:00-10:00:05:00", several apart by commas; empty for the whole
	Size     int64  // bytes
	Request  string `bun:",nullzero"` // the Idempotency-Key, if there was one
	At       time.Time

	Asset *Asset `bun:"rel:belongs-to,join:asset_id=id"`
}

// TookAsset records that somebody was given a URL of a whole asset in a format, of so
// many bytes. It does not fail: a download is not to suffer from its being counted.
func (c *Catalog) TookAsset(ctx context.Context, by Asker, asset *Asset, format string, size int64, request Idempotency) {
	err := c.count(ctx, []Usage{{
		ID: database.NewID(), AssetID: asset.ID, PersonID: by.ID, Format: format, Size: size,
		Request: requestOf(by, asset, format, request), At: database.Now(),
	}})
	if err != nil {
		c.log.Error("a download was not counted", "asset", asset.ID, "error", err)
	}
}

// requestOf tells a repeated request from others, also from one for something else that
// was given the same key.
func requestOf(by Asker, asset *Asset, format string, request Idempotency) string {
	if request.IdempotencyKey == "" {
		return ""
	}
	return strings.Join([]string{by.ID, asset.ID, format, request.IdempotencyKey}, " ")
}

// count stores what is not stored yet.
func (c *Catalog) count(ctx context.Context, taken []Usage) error {
	if len(taken) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), countTimeout)
	defer cancel()
	if _, err := c.db.NewInsert().Model(&taken).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return fmt.Errorf("count what was taken: %w", err)
	}
	return nil
}

const (
	// countTimeout bounds how long a download waits to be counted.
	countTimeout = 2 * time.Second
	// countAtOnce bounds how many clips are counted in one go.
	countAtOnce = 500
)

// tookClips counts clips that are ready, by a condition. What it fails to count,
// KeepUsage does later.
func (c *Catalog) tookClips(ctx context.Context, which string, args ...any) {
	if err := c.countClips(ctx, which, args...); err != nil {
		c.log.Warn("clips will be counted later", "error", err)
	}
}

func (c *Catalog) countClips(ctx context.Context, which string, args ...any) error {
	var clips []Clip
	err := c.db.NewSelect().Model(&clips).Relation("Job").Relation("Asset").Where(which, args...).
		Where("job.status = ? AND NOT clip.cancelled AND NOT clip.withdrawn AND clip.kept_until > ?", JobDone, database.Now()).
		Where("NOT EXISTS (SELECT 1 FROM usage WHERE usage.id = clip.id)").
		OrderExpr("clip.id").Limit(countAtOnce).Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for clips to count: %w", err)
	}
	var taken []Usage
	for i := range clips {
		taken = append(taken, clips[i].usage())
	}
	return c.count(ctx, taken)
}

func (c *Clip) usage() Usage {
	u := Usage{ID: c.ID, AssetID: c.AssetID, PersonID: c.OwnerID, Format: c.Job.Request.Format, At: c.CreatedAt}
	if c.OwnerID == nobody {
		u.PersonID = ""
	}
	if c.Job.FinishedAt.After(u.At) {
		u.At = c.Job.FinishedAt
	}
	base := c.Asset.Source.Timecode
	var marks []string
	for _, r := range c.Job.Request.Ranges {
		marks = append(marks, base.Timecode(r.In)+"-"+base.Timecode(r.Out))
	}
	u.Marks = strings.Join(marks, ", ")
	for _, f := range c.Job.Result.Files {
		u.Size += f.Report.Size
	}
	return u
}

// UsageQuery selects what was taken; zero fields select all.
type UsageQuery struct {
	AssetID  string
	PersonID string
	Cursor   string // from the page before
	Limit    int    // 1 to MaxPage
}

// Usage returns a page of what was taken, with its assets, the latest asked for first,
// and the cursor of the next page, empty after the last. It says who took what, and so
// is for editors and admins, or for one's own.
func (c *Catalog) Usage(ctx context.Context, q UsageQuery) (page []Usage, next string, err error) {
	limit := min(max(q.Limit, 1), MaxPage)
	query := c.db.NewSelect().Model(&page).Relation("Asset").OrderExpr("usage.id DESC").Limit(int64(limit) + 1)
	for _, filter := range []struct{ where, value string }{
		{"usage.asset_id = ?", q.AssetID}, {"usage.person_id = ?", q.PersonID}, {"usage.id < ?", q.Cursor},
	} {
		if filter.value != "" {
			query.Where(filter.where, filter.value)
		}
	}
	if err := query.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("list what was taken: %w", err)
	}
	page, next = database.Page(page, limit, func(row *Usage) string { return row.ID })
	return page, next, nil
}

// KeepUsage counts clips that a crash left out, and removes what is older than
// SUBCLIP_KEEP_USAGE.
func (c *Catalog) KeepUsage(ctx context.Context) error {
	if err := errors.Join(c.countClips(ctx, "clip.owner_id <> ''"), c.countOrders(ctx, "orders.owner_id <> ''")); err != nil {
		return err
	}
	if c.cfg.KeepUsage == 0 {
		return nil
	}
	before := database.Now().Add(-c.cfg.KeepUsage)
	if _, err := c.db.NewDelete().Model((*Usage)(nil)).Where("at < ?", before).Exec(ctx); err != nil {
		return fmt.Errorf("remove old usage: %w", err)
	}
	if _, err := c.db.NewDelete().Model((*plays)(nil)).Where("day < ?", before.Format(time.DateOnly)).Exec(ctx); err != nil {
		return fmt.Errorf("remove what was watched long ago: %w", err)
	}
	return nil
}
