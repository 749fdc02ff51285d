package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"subclip/transcoder"

	"github.com/uptrace/bun"
	"golang.org/x/text/unicode/norm"
)

// AssetStatus is how far an asset is.
type AssetStatus string

// The states of an asset.
const (
	AssetProcessing AssetStatus = "processing" // its master is stored; facts, proxy and poster are being made
	AssetReady      AssetStatus = "ready"      // it can be watched, downloaded and cut; its aids may follow
	AssetFailed     AssetStatus = "failed"     // its master is not playable video; Reason says why
)

// Metadata is what the publisher says of a video.
type Metadata struct {
	Title       string
	Description string
	Language    string // BCP 47 tag, or empty
	Filename    string // of the master, as delivered

	Restrictions string    // what those who use it must keep to; it travels with every download
	EmbargoUntil time.Time `bun:",nullzero"` // before, only editors see it
}

// Asset is one published video.
type Asset struct {
	bun.BaseModel `bun:"table:assets"`

	ID string `bun:",pk"`
	Metadata
	Status    AssetStatus
	Reason    string // why it failed, for users
	Size      int64  // of the master, bytes
	MasterKey string
	ProxyKey  string
	PosterKey string
	Source    *transcoder.Source // facts of the master, once probed
	CreatedAt time.Time
	Aids

	WithdrawnAt time.Time `bun:",nullzero"` // when it was taken back; see Catalog.Withdraw

	// SearchText is what searches look in. SQLite itself knows only the case
	// of English letters.
	SearchText string
}

// PagePath is where the site has an asset's page; letters and feeds lead there.
func PagePath(assetID string) string { return "/assets/" + assetID }

// Withdrawn reports whether the publisher has taken the asset back.
func (a *Asset) Withdrawn() bool { return !a.WithdrawnAt.IsZero() }

// Shown reports whether the asset can be watched, by those who may see it.
func (a *Asset) Shown() bool { return a.Status == AssetReady && !a.Withdrawn() }

func (m Metadata) searchText() string { return searchable(m.Title + " " + m.Description) }

// searchable brings words into the form in which they are stored and looked for.
func searchable(words string) string { return strings.ToLower(norm.NFC.String(words)) }

// AssetQuery selects assets; zero fields select all that the asker may see.
type AssetQuery struct {
	By       Asker
	Words    string    // all of them stand in the title or description
	Language string    // BCP 47 tag
	From, To time.Time // published in [From, To)
	Cursor   string    // from the page before
	Limit    int       // 1 to MaxPage
}

// MaxPage is the most assets of one page.
const MaxPage = 200

// Asset returns one asset that the asker may see, or a NotFound Error.
func (c *Catalog) Asset(ctx context.Context, by Asker, id string) (Asset, error) {
	var asset Asset
	err := by.finds(c.db.NewSelect().Model(&asset)).Where("asset.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return asset, notFound("asset", id)
	}
	if err != nil {
		return asset, fmt.Errorf("read asset %s: %w", id, err)
	}
	return asset, nil
}

// Assets returns a page, newest first, and the cursor of the next page, empty
// after the last.
func (c *Catalog) Assets(ctx context.Context, q AssetQuery) (page []Asset, next string, err error) {
	limit := min(max(q.Limit, 1), MaxPage)
	query := q.By.finds(c.db.NewSelect().Model(&page)).OrderExpr("id DESC").Limit(int64(limit) + 1)
	for _, word := range strings.Fields(searchable(q.Words)) {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word) + "%"
		query.Where(`search_text LIKE ? ESCAPE '\'`, like)
	}
	if q.Language != "" {
		query.Where("language = ?", q.Language)
	}
	if !q.From.IsZero() {
		query.Where("created_at >= ?", q.From.UTC())
	}
	if !q.To.IsZero() {
		query.Where("created_at < ?", q.To.UTC())
	}
	if q.Cursor != "" {
		query.Where("id < ?", q.Cursor)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("list assets: %w", err)
	}
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1].ID
	}
	return page, next, nil
}

// readyAsset returns an asset that can be cut, or the Error that says why not.
func (c *Catalog) readyAsset(ctx context.Context, by Asker, id string) (Asset, error) {
	asset, err := c.Asset(ctx, by, id)
	if err != nil {
		return asset, err
	}
	switch {
	case asset.Withdrawn():
		return asset, conflict("the asset was withdrawn: restore it first")
	case asset.Status == AssetProcessing:
		return asset, conflict("the asset is still being processed: try again when its status is ready")
	case asset.Status == AssetFailed:
		return asset, conflict("the asset cannot be used: %s", asset.Reason)
	}
	return asset, nil
}
