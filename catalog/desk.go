package catalog

import (
	"context"
	"fmt"

	"subclip/database"
)

// What editors look through assets by; the others are those of AssetStatus.
const (
	DeskEmbargo   = "embargo"   // not public yet
	DeskWithdrawn = "withdrawn" // taken back
)

// DeskStates lists all of them.
func DeskStates() []string {
	return []string{string(AssetProcessing), string(AssetReady), string(AssetFailed), DeskEmbargo, DeskWithdrawn}
}

// DeskAssets returns a page of the assets that the asker may see and that are in one of
// DeskStates (all, if state is empty), newest first, and the cursor of the next page,
// empty after the last. limit is 1 to MaxPage. Errors: Invalid.
func (c *Catalog) DeskAssets(ctx context.Context, by Asker, state, cursor string, limit int) (page []Asset, next string, err error) {
	limit = min(max(limit, 1), MaxPage)
	query := by.finds(c.db.NewSelect().Model(&page)).OrderExpr("asset.id DESC").Limit(int64(limit) + 1)
	switch state {
	case "":
	case string(AssetProcessing), string(AssetReady), string(AssetFailed):
		query.Where("asset.status = ? AND asset.withdrawn_at IS NULL", state)
	case DeskEmbargo:
		query.Where("asset.embargo_until > ? AND asset.withdrawn_at IS NULL", database.Now())
	case DeskWithdrawn:
		query.Where("asset.withdrawn_at IS NOT NULL")
	default:
		return nil, "", invalid("state", "there is no state %q: use one of %v", state, DeskStates())
	}
	if cursor != "" {
		query.Where("asset.id < ?", cursor)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("list assets: %w", err)
	}
	page, next = database.Page(page, limit, func(row *Asset) string { return row.ID })
	return page, next, nil
}
