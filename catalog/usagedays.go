package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun/dialect"
)

// UsageDay is how often something was taken on a day, how much of it, and how often it was
// watched.
type UsageDay struct {
	Day   time.Time // midnight UTC
	Took  int64
	Parts int64 // of these, parts of an asset
	Size  int64 // bytes
	Plays int64
}

// partsTaken counts the parts among what was taken.
const partsTaken = "coalesce(sum(CASE WHEN marks <> '' THEN 1 ELSE 0 END), 0) AS parts"

// UsageDays counts what was taken and watched of an asset, or of all if assetID is empty, on each of
// so many days from a day on (midnight UTC).
func (c *Catalog) UsageDays(ctx context.Context, assetID string, from time.Time, days int) ([]UsageDay, error) {
	day := "strftime('%Y-%m-%d', at)"
	if c.db.Dialect().Name() == dialect.PG {
		day = "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
	}
	var rows []struct {
		Day               string
		Took, Parts, Size int64
	}
	q := c.db.NewSelect().Model((*Usage)(nil)).ColumnExpr(day+" AS day").ColumnExpr("count(*) AS took").ColumnExpr(partsTaken).ColumnExpr("coalesce(sum(size), 0) AS size").
		Where("at >= ? AND at < ?", from, from.AddDate(0, 0, days)).GroupExpr("1")
	if assetID != "" {
		q.Where("asset_id = ?", assetID)
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("count what was taken by day: %w", err)
	}
	watched, err := c.playsByDay(ctx, assetID, from, from.AddDate(0, 0, days))
	if err != nil {
		return nil, err
	}
	all := make([]UsageDay, days)
	for i := range all {
		all[i].Day = from.AddDate(0, 0, i)
		all[i].Plays = watched[all[i].Day.Format(time.DateOnly)]
		for _, row := range rows {
			if row.Day == all[i].Day.Format(time.DateOnly) {
				all[i].Took, all[i].Parts, all[i].Size = row.Took, row.Parts, row.Size
			}
		}
	}
	return all, nil
}

// Taken is an asset with how often it was taken, and how much of it.
type Taken struct {
	Asset
	Took  int64
	Parts int64 // of these, parts of it
	Sent  int64 // bytes
}

// MostTaken returns the assets that were taken most often since a time, at most MaxPage.
// It is for editors, as it also names what is not public.
func (c *Catalog) MostTaken(ctx context.Context, since time.Time, limit int) ([]Taken, error) {
	var rows []struct {
		Asset `bun:",extend"`
		Took  int64
		Parts int64
		Sent  int64
	}
	counted := c.db.NewSelect().Model((*Usage)(nil)).ColumnExpr("asset_id").ColumnExpr("count(*) AS took").ColumnExpr(partsTaken).ColumnExpr("coalesce(sum(size), 0) AS sent").
		Where("at >= ?", since).GroupExpr("asset_id").OrderExpr("took DESC, asset_id").Limit(int64(min(max(limit, 1), MaxPage)))
	err := c.db.NewSelect().Model(&rows).ModelTableExpr("assets AS asset").ColumnExpr("asset.*, counted.took, counted.parts, counted.sent").
		Join("JOIN (?) AS counted ON counted.asset_id = asset.id", counted).OrderExpr("counted.took DESC, asset.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find what was taken most: %w", err)
	}
	taken := make([]Taken, len(rows))
	for i := range rows {
		taken[i] = Taken{rows[i].Asset, rows[i].Took, rows[i].Parts, rows[i].Sent}
	}
	return taken, nil
}
