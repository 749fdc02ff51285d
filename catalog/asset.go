package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"subclip/database"
	"subclip/transcoder"

	"github.com/uptrace/bun"
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

	Topics   []string // of Catalog.Topics
	Keywords []string // as people would look for it
	People   []string // who is seen or heard
	Places   []string // where it was shot
	ShotOn   string   // the day it was shot, as 2026-11-26, or empty
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
	Release
	ChangedAt time.Time // by an editor, or CreatedAt
	Aids

	WithdrawnAt time.Time `bun:",nullzero"` // when it was taken back; see Catalog.Withdraw
	ReplacedBy  string    `bun:",nullzero"` // the asset that has taken its place; see Catalog.Replace
	Version     int       // grows with each change by an editor
}

// PagePath is where the site has an asset's page; letters and feeds lead there.
func PagePath(assetID string) string { return "/assets/" + assetID }

// PosterPath is where the site leads on to an asset's still.
func PosterPath(assetID string) string { return PagePath(assetID) + "/poster" }

// Withdrawn reports whether the publisher has taken the asset back.
func (a *Asset) Withdrawn() bool { return !a.WithdrawnAt.IsZero() }

// Shown reports whether the asset can be watched, by those who may see it.
func (a *Asset) Shown() bool { return a.Status == AssetReady && !a.Withdrawn() }

// AssetQuery selects assets; zero fields select all that the asker may see.
type AssetQuery struct {
	By       Asker
	Words    string    // all of them stand in what is said of it, or in it; see search.go
	Language string    // BCP 47 tag
	Topic    string    // it is about
	Format   string    // of the master: uhd, hd or sd, a container such as mxf, or a codec such as h264
	From, To time.Time // published in [From, To)
	Ready    bool      // it can be watched
	Cursor   string    // from the page before
	Limit    int       // 1 to MaxPage
}

// MaxPage is the most assets of one page.
const MaxPage = 200

// Asset returns one asset that the asker may see, or a NotFound Error.
func (c *Catalog) Asset(ctx context.Context, by Asker, id string) (Asset, error) {
	return readAsset(ctx, by, id, c.db.NewSelect())
}

// holdAsset is Asset for who goes on to change it: nobody else does until tx ends.
func holdAsset(ctx context.Context, tx bun.Tx, by Asker, id string) (Asset, error) {
	return readAsset(ctx, by, id, held(tx.NewSelect()))
}

func readAsset(ctx context.Context, by Asker, id string, q *bun.SelectQuery) (Asset, error) {
	var asset Asset
	err := by.finds(q.Model(&asset)).Where("asset.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return asset, notFound("there is no asset %q", id)
	}
	if err != nil {
		return asset, fmt.Errorf("read asset %s: %w", id, err)
	}
	return asset, nil
}

// Assets returns a page, the last to come out first, and the cursor of the next page, empty
// after the last.
func (c *Catalog) Assets(ctx context.Context, q AssetQuery) (page []Asset, next string, err error) {
	limit := min(max(q.Limit, 1), MaxPage)
	err = c.tryWays(ctx, q.search(), assetList, func(way search) (full bool, err error) {
		page = nil
		if err := c.selectAssets(q, way, &page).Limit(int64(limit) + 1).Scan(ctx); err != nil {
			return false, fmt.Errorf("list assets: %w", err)
		}
		return len(page) > limit, nil
	})
	if err != nil {
		return nil, "", err
	}
	page, next = database.Page(page, limit, func(row *Asset) string { return row.Position })
	return page, next, nil
}

// search is what a query looks for.
func (q *AssetQuery) search() search {
	wanted := search{words: q.Words, facets: facets("lang", q.Language, "topic", q.Topic, "format", q.Format), before: q.Cursor}
	wanted.boundTo(q.From, q.To)
	return wanted
}

// selectAssets is the query for all pages from one on.
func (c *Catalog) selectAssets(q AssetQuery, wanted search, page *[]Asset) *bun.SelectQuery {
	query := wanted.narrow(c, q.By.finds(c.db.NewSelect().Model(page)), assetList)
	if q.Ready {
		query.Where("asset.status = ? AND asset.withdrawn_at IS NULL", AssetReady)
	}
	published(query, q.From, q.To)
	return query
}

// published lets a query find only assets that were published in [from, to).
func published(query *bun.SelectQuery, from, to time.Time) {
	if !from.IsZero() {
		query.Where("asset.released_at >= ?", from.UTC())
	}
	if !to.IsZero() {
		query.Where("asset.released_at < ?", to.UTC())
	}
}

// boundTo keeps a search to the positions that assets published in [from, to) can have: made
// within a few moments of when they came out, or a little late.
func (s *search) boundTo(from, to time.Time) {
	if !from.IsZero() {
		s.from = database.FirstID(from.Add(-lateness))
	}
	if to.IsZero() {
		return
	}
	if last := database.FirstID(to.Add(2 * lateness)); s.before == "" || last < s.before {
		s.before = last
	}
}

// readyAsset returns an asset that can be cut, or the Error that says why not.
func (c *Catalog) readyAsset(ctx context.Context, by Asker, id string) (Asset, error) {
	asset, err := c.Asset(ctx, by, id)
	if err != nil {
		return asset, err
	}
	return asset, asset.usable()
}

// usable is a Conflict Error that says why an asset cannot be watched and cut, if it cannot.
func (a *Asset) usable() error {
	switch {
	case a.Withdrawn():
		return conflict("the asset was withdrawn: restore it first")
	case a.Status == AssetProcessing:
		return conflict("the asset is still being processed: try again when its status is ready")
	case a.Status == AssetFailed:
		return conflict("the asset cannot be used: %s", a.Reason)
	}
	return nil
}
