package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"subclip/database"

	"github.com/uptrace/bun"
)

// longestChain is how many replacements of one another are followed.
const longestChain = 100

// Successor returns the asset that has taken the place of another one, the last where that was
// replaced in turn. It is a NotFound Error where there is none that the asker may see.
func (c *Catalog) Successor(ctx context.Context, by Asker, id string) (Asset, error) {
	next := id
	for range longestChain {
		var asset Asset
		err := c.db.NewSelect().Model(&asset).Where("id = ?", next).Scan(ctx)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return Asset{}, fmt.Errorf("look for what has replaced asset %s: %w", id, err)
		}
		if asset.ReplacedBy != "" {
			next = asset.ReplacedBy
			continue
		}
		if err != nil || next == id || !by.Sees(&asset) {
			break
		}
		return asset, nil
	}
	return Asset{}, notFound("nothing has replaced the asset %q", id)
}

// Replace has an asset take the place of an older one: what is said of it, and its place in
// stories; the older one is withdrawn, and leads to the new one from now on. A master never
// changes under an asset: clips, marks in links and what was counted are about its frames, and
// so shotlist and captions stay too. Done again it changes nothing. The versions are the new
// one's. Errors: NotFound, Invalid, Conflict, Stale.
func (c *Catalog) Replace(ctx context.Context, by Asker, oldID, newID string, versions Versions) (successor Asset, err error) {
	if oldID == newID {
		return successor, invalid("asset_id", "a video cannot take its own place: name the older one")
	}
	var stopped []string
	err = c.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		stories, err := hold(ctx, storiesWith(tx, oldID))
		if err != nil {
			return err
		}
		older, err := c.holdBoth(ctx, tx, by, oldID, newID, &successor)
		if err != nil || older.ReplacedBy == newID {
			return err
		}
		if err := stillIn(ctx, tx, stories, oldID); err != nil {
			return err
		}
		if err := mayReplace(&older, &successor); err != nil {
			return err
		}
		if err := versions.Check(successor.Version); err != nil {
			return err
		}
		if err := c.takeOver(ctx, tx, &older, &successor); err != nil {
			return err
		}
		if err := c.replaceInStories(ctx, tx, stories, oldID, newID); err != nil {
			return err
		}
		if _, err := tx.NewUpdate().Model(&older).Set("replaced_by = ?", newID).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("have asset %s lead to %s: %w", oldID, newID, err)
		}
		stopped, err = withdraw(ctx, tx, &older)
		return err
	})
	for _, job := range stopped {
		c.announce(ctx, job)
	}
	return successor, err
}

// storiesWith are those that have an asset.
func storiesWith(tx bun.Tx, assetID string) *bun.SelectQuery {
	return tx.NewSelect().Model((*Story)(nil)).Where("id IN (SELECT story_id FROM story_assets WHERE asset_id = ?)", assetID)
}

// stillIn says errAgain where other stories have got or lost an asset before its row was held.
func stillIn(ctx context.Context, tx bun.Tx, stories []string, assetID string) error {
	now, err := hold(ctx, storiesWith(tx, assetID))
	if err == nil && !slices.Equal(now, stories) {
		err = errAgain
	}
	return err
}

// holdBoth holds two assets in one order, so that of two who replace them by one another the
// second finds what the first has done.
func (c *Catalog) holdBoth(ctx context.Context, tx bun.Tx, by Asker, oldID, newID string, successor *Asset) (older Asset, err error) {
	if _, err = hold(ctx, tx.NewSelect().Model((*Asset)(nil)).Where("id IN (?)", bun.List([]string{oldID, newID}))); err != nil {
		return older, err
	}
	if *successor, err = holdAsset(ctx, tx, by, newID); err != nil {
		return older, err
	}
	older, err = holdAsset(ctx, tx, by, oldID)
	return older, err
}

// mayReplace refuses what would lead nowhere. A new one has not been replaced itself, so chains
// grow at their ends and no loop can arise.
func mayReplace(older, successor *Asset) error {
	switch {
	case older.ReplacedBy != "":
		return conflict("the older video was replaced by another one already: replace that one")
	case successor.ReplacedBy != "":
		return conflict("this video was replaced itself: use the one that has taken its place")
	}
	return successor.usable()
}

// takeOver gives an asset what is said of another one.
func (c *Catalog) takeOver(ctx context.Context, tx bun.Tx, from, to *Asset) error {
	filename := to.Filename
	to.Metadata = from.Metadata
	to.Filename = filename
	to.Version++
	to.ChangedAt = database.Now()
	_, err := tx.NewUpdate().Model(to).WherePK().
		Column("title", "description", "language", "restrictions", "embargo_until", "topics", "keywords", "people", "places", "shot_on", "version", "changed_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("describe asset %s as %s: %w", to.ID, from.ID, err)
	}
	if err := c.reschedule(ctx, tx, to); err != nil {
		return err
	}
	if err := c.indexSaid(ctx, tx, to.ID); err != nil {
		return err
	}
	return letRenditionsGo(ctx, tx, to)
}

func (c *Catalog) replaceInStories(ctx context.Context, tx bun.Tx, stories []string, oldID, newID string) error {
	for _, id := range stories {
		if err := c.replaceInStory(ctx, tx, id, oldID, newID); err != nil {
			return err
		}
	}
	return nil
}

// replaceInStory puts an asset where another one stands in a story. One that is there already
// stays where it is.
func (c *Catalog) replaceInStory(ctx context.Context, tx bun.Tx, storyID, oldID, newID string) error {
	_, err := tx.NewUpdate().Table("story_assets").Set("asset_id = ?", newID).Where("story_id = ? AND asset_id = ?", storyID, oldID).
		Where("NOT EXISTS (SELECT 1 FROM story_assets AS there WHERE there.story_id = ? AND there.asset_id = ?)", storyID, newID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("replace an asset of story %s: %w", storyID, err)
	}
	if _, err := tx.NewDelete().Table("story_assets").Where("story_id = ? AND asset_id = ?", storyID, oldID).Exec(ctx); err != nil {
		return fmt.Errorf("take an asset out of story %s: %w", storyID, err)
	}
	story := Story{ID: storyID}
	err = tx.NewUpdate().Model(&story).Set("version = version + 1, changed_at = ?", database.Now()).WherePK().Returning("*").Scan(ctx)
	if err != nil {
		return fmt.Errorf("change story %s: %w", storyID, err)
	}
	return c.indexStory(ctx, tx, &story, story.Position, oldID)
}
