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

// Release is when an asset comes out. Lists go by it, not by when the asset was stored.
type Release struct {
	Position   string    // where it stands in lists: like an id, of when it came out, or until then of when it was stored
	ReleasedAt time.Time // when it came out, or will: Unending where it is kept back
}

// lateness is how long after its embargo an asset may move in lists and still have come out
// as the embargo ended; if nobody was there to move it for longer, it came out then. Ids are
// also made that little before or after what they name.
const lateness = time.Minute

// IsOut reports whether the asset has come out by now.
func (r *Release) IsOut() bool { return !r.ReleasedAt.After(database.Now()) }

// waits reports whether the asset stands in lists where it was stored, since its embargo is
// not over, or was until a moment ago.
func (r *Release) waits() bool {
	return r.Position < database.FirstID(r.ReleasedAt.Add(-lateness))
}

// LastChange is when what everyone sees of the asset was last another: as an editor changed
// it, or as it came out.
func (a *Asset) LastChange() time.Time {
	if a.IsOut() && a.ReleasedAt.After(a.ChangedAt) {
		return a.ReleasedAt
	}
	return a.ChangedAt
}

// reschedule says when an asset comes out whose embargo may be another than before; where
// that is now, it does so. Whoever calls goes on to write the documents of the asset and of
// its captions.
func (c *Catalog) reschedule(ctx context.Context, tx bun.Tx, asset *Asset) error {
	now := database.Now()
	switch {
	case asset.EmbargoUntil.After(now):
		asset.ReleasedAt = asset.EmbargoUntil
	case asset.waits():
		return c.bringOut(ctx, tx, asset, now)
	}
	return storeRelease(ctx, tx, asset)
}

// bringOut has an asset that nobody else changes until tx ends come out at a time, and so
// stand first in lists. Its documents are to be written.
func (c *Catalog) bringOut(ctx context.Context, tx bun.Tx, asset *Asset, at time.Time) error {
	var refs []struct {
		Kind documentKind
		Ref  string
	}
	err := tx.NewSelect().Table("documents").Column("kind", "ref").
		Where("kind IN (?) AND ref >= ? AND ref < ?", bun.List([]documentKind{assetDocument, captionsDocument}), asset.Position, asset.Position+afterAll).Scan(ctx, &refs)
	if err != nil {
		return fmt.Errorf("look for the documents of asset %s: %w", asset.ID, err)
	}
	for _, document := range refs {
		if err := c.forgetDocument(ctx, tx, document.Kind, document.Ref); err != nil {
			return err
		}
	}
	asset.Position, asset.ReleasedAt = database.NewID(), at
	return storeRelease(ctx, tx, asset)
}

func storeRelease(ctx context.Context, tx bun.Tx, asset *Asset) error {
	if _, err := tx.NewUpdate().Model(asset).Column("position", "released_at").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("say when asset %s comes out: %w", asset.ID, err)
	}
	return nil
}

// indexAt writes the documents of the asset at a position, and where its embargo is over has
// it come out.
func (c *Catalog) indexAt(ctx context.Context, tx bun.Tx, kind documentKind, position, ref string) error {
	var asset Asset
	err := held(tx.NewSelect().Model(&asset)).Where("position = ?", position).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return c.forgetDocument(ctx, tx, kind, ref)
	}
	if err != nil {
		return fmt.Errorf("read the asset at %s: %w", position, err)
	}
	switch {
	case asset.waits() && asset.IsOut():
		at := asset.ReleasedAt
		if now := database.Now(); now.Sub(at) > lateness {
			at = now
		}
		if err := c.bringOut(ctx, tx, &asset, at); err != nil {
			return err
		}
	case kind == assetDocument:
		return c.indexAsset(ctx, tx, asset.ID)
	}
	return c.indexSaid(ctx, tx, asset.ID)
}
