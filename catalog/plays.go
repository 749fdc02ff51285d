package catalog

import (
	"context"
	"fmt"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// plays is how often a video was watched on a day. Nothing says by whom.
type plays struct {
	bun.BaseModel `bun:"table:plays"`

	AssetID string `bun:",pk"`
	Day     string `bun:",pk"` // of UTC, as 2026-11-26
	Count   int64
}

// Played counts that somebody watches a video; what editors look at in their work is not
// counted. Errors: NotFound.
func (c *Catalog) Played(ctx context.Context, by Asker, assetID string) error {
	asset, err := c.Asset(ctx, by, assetID)
	if err != nil || by.Editor || !asset.Shown() {
		return err
	}
	one := &plays{AssetID: assetID, Day: database.Now().Format(time.DateOnly), Count: 1}
	if _, err := c.db.NewInsert().Model(one).On("CONFLICT (asset_id, day) DO UPDATE").Set("count = plays.count + 1").Exec(ctx); err != nil {
		return fmt.Errorf("count that asset %s was watched: %w", assetID, err)
	}
	return nil
}

// playsByDay is how often an asset, or any if assetID is empty, was watched on the days
// in [from, to), by the days' names.
func (c *Catalog) playsByDay(ctx context.Context, assetID string, from, to time.Time) (map[string]int64, error) {
	var rows []plays
	q := c.db.NewSelect().Model(&rows).Column("day").ColumnExpr("sum(count) AS count").GroupExpr("day").
		Where("day >= ? AND day < ?", from.Format(time.DateOnly), to.Format(time.DateOnly))
	if assetID != "" {
		q.Where("asset_id = ?", assetID)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("count what was watched by day: %w", err)
	}
	byDay := map[string]int64{}
	for _, row := range rows {
		byDay[row.Day] = row.Count
	}
	return byDay, nil
}
