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

// Assets returns a page, newest first, and the cursor of the next page, empty
// after the last.
func (c *Catalog) Assets(ctx context.Context, q AssetQuery) (page []Asset, next string, err error) {
	limit := min(max(q.Limit, 1), MaxPage)
	wanted, err := c.searchOf(ctx, q)
	if err != nil {
		return nil, "", err
	}
	err = c.tryWays(ctx, wanted, assetList, func(way search) (full bool, err error) {
		page = nil
		if err := c.selectAssets(q, way, &page).Limit(int64(limit) + 1).Scan(ctx); err != nil {
			return false, fmt.Errorf("list assets: %w", err)
		}
		return len(page) > limit, nil
	})
	if err != nil {
		return nil, "", err
	}
	page, next = database.Page(page, limit, func(row *Asset) string { return row.ID })
	return page, next, nil
}

// searchOf is what a query looks for.
func (c *Catalog) searchOf(ctx context.Context, q AssetQuery) (search, error) {
	wanted := search{words: q.Words, facets: facets("lang", q.Language, "topic", q.Topic, "format", q.Format), before: q.Cursor}
	return wanted, c.boundIDs(ctx, &wanted, q.From, q.To)
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
		query.Where("asset.created_at >= ?", from.UTC())
	}
	if !to.IsZero() {
		query.Where("asset.created_at < ?", to.UTC())
	}
}

// boundIDs keeps a search of assets published in [from, to) to the ids that those can
// have, since lists go by ids, which grow with the time. A minute makes up for ids that
// were made a little before or after another's.
func (c *Catalog) boundIDs(ctx context.Context, s *search, from, to time.Time) error {
	var ids []string
	if !from.IsZero() {
		err := c.db.NewSelect().Table("assets").Column("id").Where("created_at >= ?", from.UTC().Add(-time.Minute)).
			OrderExpr("created_at, id").Limit(1).Scan(ctx, &ids)
		if err != nil {
			return fmt.Errorf("look for the first asset since %s: %w", from, err)
		}
		s.from = afterAll
		if len(ids) > 0 {
			s.from = ids[0]
		}
	}
	if to.IsZero() {
		return nil
	}
	err := c.db.NewSelect().Table("assets").Column("id").Where("created_at < ?", to.UTC().Add(time.Minute)).
		OrderExpr("created_at DESC, id DESC").Limit(1).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("look for the last asset until %s: %w", to, err)
	}
	if len(ids) == 0 {
		s.from = afterAll
	} else if last := ids[0] + afterAll; s.before == "" || last < s.before {
		s.before = last
	}
	return nil
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
