package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
)

// nobody stands in the rows of somebody who was forgotten, where they named the person.
// It is no person's id, nor the empty one of a stranger.
const nobody = "-"

// ForgetPerson takes a person whose account is deleted out of all rows. What is in the
// making for them alone stops, what they were delivering is given up; what was made or
// published stays, and what was taken stays counted, without the person. What is stored
// meanwhile is forgotten by forgetting again.
func (c *Catalog) ForgetPerson(ctx context.Context, personID string) error {
	if personID == "" {
		return errors.New("forget a person: no person is named")
	}
	if err := c.releaseAll(ctx, personID); err != nil {
		return err
	}
	return c.takeOut(ctx, personID)
}

// takeOut takes a person out of the rows, but for orders and clips that are still to be
// made: those keep whose they are, and so their limits, until they have been released.
func (c *Catalog) takeOut(ctx context.Context, personID string) error {
	return c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		toMake := tx.NewSelect().Model((*Job)(nil)).Column("id").Where("status IN (?)", bun.List([]JobStatus{JobWaiting, JobQueued, JobRunning}))
		for _, q := range []interface {
			Exec(ctx context.Context, dest ...any) (sql.Result, error)
		}{
			// An Idempotency-Key begins with the person.
			tx.NewUpdate().Model((*Order)(nil)).Set("owner_id = ?, asker = ?, idempotency_key = NULL", nobody, Asker{ID: nobody}).Where("owner_id = ?", personID).
				Where("cancelled OR job_id NOT IN (?)", toMake),
			tx.NewUpdate().Model((*Clip)(nil)).Set("owner_id = ?, token_id = '', idempotency_key = NULL", nobody).Where("owner_id = ?", personID).
				Where("cancelled OR job_id NOT IN (?)", toMake),
			tx.NewUpdate().Model((*Upload)(nil)).Set("owner_id = ?, idempotency_key = NULL", nobody).
				Set("status = CASE WHEN status = ? THEN ? ELSE status END", UploadOpen, UploadAborted).Where("owner_id = ?", personID),
			tx.NewUpdate().Model((*Job)(nil)).Set("person_id = ?, token_id = ''", nobody).Where("person_id = ?", personID),
			tx.NewUpdate().Model((*Job)(nil)).Set("begun_for = ?", nobody).Where("begun_for = ?", personID),
			tx.NewUpdate().Model((*Usage)(nil)).Set("person_id = NULL, request = NULL").Where("person_id = ?", personID),
			tx.NewDelete().Model((*Event)(nil)).Where("person_id = ?", personID),
			tx.NewDelete().Table("takers").Where("person_id = ?", personID),
		} {
			if _, err := q.Exec(ctx); err != nil {
				return fmt.Errorf("take a person out of the catalogue: %w", err)
			}
		}
		return nil
	})
}

// releaseAll cancels a person's orders and clips that are in the making. What one of them
// has made at this very moment is left for the sweep.
func (c *Catalog) releaseAll(ctx context.Context, personID string) error {
	var orders []Order
	err := c.db.NewSelect().Model(&orders).Relation("Job").
		Where("orders.owner_id = ? AND NOT orders.cancelled AND job.status IN (?)", personID, bun.List([]JobStatus{JobWaiting, JobQueued, JobRunning})).Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for the orders of a person: %w", err)
	}
	for i := range orders {
		if _, err := c.ReleaseOrder(ctx, Asker{ID: personID, Editor: true}, orders[i].ID); err != nil {
			return err
		}
	}
	var clips []Clip
	err = c.db.NewSelect().Model(&clips).Relation("Job").
		Where("clip.owner_id = ? AND NOT clip.cancelled AND job.status IN (?)", personID, bun.List([]JobStatus{JobQueued, JobRunning})).Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for the clips of a person: %w", err)
	}
	for i := range clips {
		err := c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			_, err := c.release(ctx, tx, &clips[i])
			return err
		})
		if err != nil {
			return err
		}
		c.announce(ctx, clips[i].JobID)
	}
	return nil
}
