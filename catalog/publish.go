package catalog

import (
	"context"
	"fmt"
	"slices"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
)

// withdrawn is told to those whose clips a withdrawal ended.
const withdrawn = "the video was withdrawn by its publisher"

// Change is what an editor changes of an asset; what is nil stays as it is.
type Change struct {
	Title        *string
	Description  *string
	Language     *string
	Restrictions *string
	EmbargoUntil *time.Time // the zero time lifts the embargo
	Topics       *[]string
	Keywords     *[]string
	People       *[]string
	Places       *[]string
	ShotOn       *string

	Versions Versions
}

// columns gives what is changed its new value, and names it.
func (ch *Change) columns(m *Metadata) (changed []string) {
	return slices.Concat(
		change("title", &m.Title, ch.Title), change("description", &m.Description, ch.Description), change("language", &m.Language, ch.Language),
		change("restrictions", &m.Restrictions, ch.Restrictions), change("embargo_until", &m.EmbargoUntil, ch.EmbargoUntil),
		change("topics", &m.Topics, ch.Topics), change("keywords", &m.Keywords, ch.Keywords), change("people", &m.People, ch.People),
		change("places", &m.Places, ch.Places), change("shot_on", &m.ShotOn, ch.ShotOn),
	)
}

// change gives a field its new value, if there is one, and then names its column.
func change[T any](column string, field, value *T) []string {
	if value == nil {
		return nil
	}
	*field = *value
	return []string{column}
}

// ChangeAsset changes what the publisher says of a video, and returns it. Errors:
// Invalid, NotFound, Stale.
func (c *Catalog) ChangeAsset(ctx context.Context, by Asker, id string, change Change) (asset Asset, err error) {
	err = c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var err error
		if asset, err = holdAsset(ctx, tx, by, id); err != nil {
			return err
		}
		if err := change.Versions.Check(asset.Version); err != nil {
			return err
		}
		before := asset.Topics
		columns := change.columns(&asset.Metadata)
		if len(columns) == 0 {
			return nil
		}
		if err := c.checkMetadata(&asset.Metadata, before...); err != nil {
			return err
		}
		asset.Version++
		asset.ChangedAt = database.Now()
		if _, err := tx.NewUpdate().Model(&asset).Column("version", "changed_at").Column(columns...).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("change asset %s: %w", id, err)
		}
		return c.follow(ctx, tx, &asset, change)
	})
	return asset, err
}

// follow does what a change of an asset entails: for when it comes out, by what it is found,
// and what was made of it.
func (c *Catalog) follow(ctx context.Context, tx bun.Tx, asset *Asset, change Change) error {
	if change.EmbargoUntil != nil {
		if err := c.reschedule(ctx, tx, asset); err != nil {
			return err
		}
	}
	index := c.indexAsset
	if change.Topics != nil || change.EmbargoUntil != nil { // by which its captions are found, or stand, too
		index = c.indexSaid
	}
	if err := index(ctx, tx, asset.ID); err != nil || change.Restrictions == nil {
		return err
	}
	return letRenditionsGo(ctx, tx, asset)
}

// letRenditionsGo lets the time of renditions be over that state other restrictions
// than the asset has now: nobody is given them any more.
func letRenditionsGo(ctx context.Context, tx bun.Tx, asset *Asset) error {
	var renditions []Job
	err := tx.NewSelect().Model(&renditions).
		Where("asset_id = ? AND kind = ? AND status IN (?)", asset.ID, JobRendition, bun.List([]JobStatus{JobQueued, JobRunning, JobDone})).Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for renditions: %w", err)
	}
	for i := range renditions {
		if renditions[i].Request.Restrictions == asset.Restrictions {
			continue
		}
		if _, err := tx.NewUpdate().Model(&renditions[i]).Set("kept_until = ?", database.Now()).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("let a rendition go: %w", err)
		}
	}
	return nil
}

// instant is a time as rows keep it.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Millisecond)
}

// Withdraw takes an asset back: from now on nothing of it is delivered to anyone,
// and only editors see it. Its clips end, its running jobs stop, and what was made
// of it is removed from the store by Expire; the master, its proxy and its poster
// stay. Withdrawing again changes nothing. Errors: NotFound.
func (c *Catalog) Withdraw(ctx context.Context, by Asker, id string) (Asset, error) {
	asset, err := c.Asset(ctx, by, id)
	if err != nil || asset.Withdrawn() {
		return asset, err
	}
	var stopped []string
	err = c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		stopped, err = withdraw(ctx, tx, &asset)
		return err
	})
	if err != nil {
		return asset, err
	}
	for _, job := range stopped {
		c.announce(ctx, job)
	}
	return asset, nil
}

// withdraw takes an asset back, and returns the jobs that have stopped.
func withdraw(ctx context.Context, tx bun.Tx, asset *Asset) (stopped []string, err error) {
	if !asset.Withdrawn() {
		asset.WithdrawnAt = database.Now()
	}
	asset.ChangedAt = database.Now()
	_, err = tx.NewUpdate().Model(asset).Column("withdrawn_at", "changed_at").Set("version = version + 1").WherePK().Returning("version").Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("withdraw asset %s: %w", asset.ID, err)
	}
	return endWithdrawn(ctx, tx)
}

// Restore takes a withdrawal back, and with it a replacement. The clips that it ended do not
// return. Errors: NotFound.
func (c *Catalog) Restore(ctx context.Context, by Asker, id string) (Asset, error) {
	asset, err := c.Asset(ctx, by, id)
	if err != nil || !asset.Withdrawn() {
		return asset, err
	}
	asset.WithdrawnAt, asset.ReplacedBy, asset.ChangedAt = time.Time{}, "", database.Now()
	if _, err := c.db.NewUpdate().Model(&asset).Column("withdrawn_at", "replaced_by", "changed_at").Set("version = version + 1").WherePK().Returning("version").Exec(ctx); err != nil {
		return asset, fmt.Errorf("restore asset %s: %w", id, err)
	}
	return asset, nil
}

// endWithdrawn ends what is made of withdrawn assets: orders, clips, the jobs that wait
// or run, whose ids are returned, and the time of what is made already. It is for all
// withdrawn assets, so that it also ends what was asked for in the very moment of a
// withdrawal.
//
// Whoever holds several of these rows holds orders before their jobs, those before clips,
// clips before their jobs, and rows of one table by their ids.
func endWithdrawn(ctx context.Context, tx bun.Tx) (stopped []string, err error) {
	if stopped, err = endOrders(ctx, tx); err != nil {
		return nil, err
	}
	now := database.Now()
	ofWithdrawn := func() *bun.SelectQuery {
		return tx.NewSelect().Model((*Asset)(nil)).Column("id").Where("withdrawn_at IS NOT NULL")
	}
	clips, err := hold(ctx, tx.NewSelect().Model((*Clip)(nil)).
		Where("NOT withdrawn AND NOT cancelled AND kept_until > ? AND asset_id IN (?)", now, ofWithdrawn()))
	if err != nil {
		return nil, err
	}
	if _, err = tx.NewUpdate().Model((*Clip)(nil)).Set("withdrawn = ?", true).Where("id IN (?)", bun.List(clips)).Exec(ctx); err != nil {
		return nil, fmt.Errorf("end the clips of withdrawn assets: %w", err)
	}
	made := tx.NewSelect().Model((*Job)(nil)).
		Where("kind IN (?) AND asset_id IN (?)", bun.List([]JobKind{JobClip, JobRendition}), ofWithdrawn()).
		Where("status IN (?) OR status = ? AND (kept_until IS NULL OR kept_until > ?)", bun.List([]JobStatus{JobQueued, JobRunning}), JobDone, now)
	jobs, err := endJobs(ctx, tx, made, now)
	return append(stopped, jobs...), err
}

// endJobs ends jobs because something of theirs was withdrawn: the time of those that are
// done is over at now, and the others, whose ids are returned, are cancelled.
func endJobs(ctx context.Context, tx bun.Tx, which *bun.SelectQuery, now time.Time) (stopped []string, err error) {
	jobs, err := hold(ctx, which)
	if err != nil {
		return nil, err
	}
	_, err = tx.NewUpdate().Model((*Job)(nil)).Set("kept_until = ?", now).Where("status = ? AND id IN (?)", JobDone, bun.List(jobs)).Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("let go what was made of withdrawn assets: %w", err)
	}
	err = tx.NewUpdate().Model((*Job)(nil)).Set("status = ?, failure = ?", JobCancelled, withdrawn).
		Where("status <> ? AND id IN (?)", JobDone, bun.List(jobs)).Returning("id").Scan(ctx, &stopped)
	if err != nil {
		return nil, fmt.Errorf("stop the jobs of withdrawn assets: %w", err)
	}
	return stopped, nil
}

// hold keeps rows of one table, and returns their ids, until the transaction ends that
// selects them. They are taken in one order, so that two who hold several wait for one
// another but not for ever.
func hold(ctx context.Context, rows *bun.SelectQuery) (ids []string, err error) {
	if err := held(rows.Column("id").OrderExpr("id")).Scan(ctx, &ids); err != nil {
		return nil, fmt.Errorf("hold rows: %w", err)
	}
	return ids, nil
}

// settled is held, but lets others refer to what is read.
func settled(q *bun.SelectQuery) *bun.SelectQuery { return locked(q, "NO KEY UPDATE") }

// held lets a query keep what it reads until its transaction ends. In SQLite a transaction
// keeps everything.
func held(q *bun.SelectQuery) *bun.SelectQuery { return locked(q, "UPDATE") }

func locked(q *bun.SelectQuery, strength string) *bun.SelectQuery {
	if q.Dialect().Name() == dialect.SQLite {
		return q
	}
	return q.For(strength)
}
