package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// departureMemory is how long somebody who has left is remembered, so that what a
// request of theirs still stored while the account was deleted is forgotten too. It is
// longer than any request lasts.
const departureMemory = 10 * time.Minute

// Departure is that an account was deleted. It is stored in the transaction that does
// so, and kept until all rooms have forgotten the person.
type Departure struct {
	bun.BaseModel `bun:"table:departures,alias:departure"`

	PersonID string `bun:",pk"`
	EmailKey string // of the address, by which other rooms know it; see mail.AddressKey
	At       time.Time
}

// OnDeparture says how the other rooms forget a person. It is called once, before
// anything is asked of the accounts; forget may be called several times for one person.
func (a *Accounts) OnDeparture(forget func(context.Context, Departure) error) { a.forget = forget }

// finishDepartures has forgotten again those who left, whatever came between at first.
func (a *Accounts) finishDepartures(ctx context.Context) error {
	var all []Departure
	if err := a.db.NewSelect().Model(&all).Scan(ctx); err != nil {
		return fmt.Errorf("look for those who have left: %w", err)
	}
	var errs []error
	for i := range all {
		errs = append(errs, a.finish(ctx, &all[i]))
	}
	return errors.Join(errs...)
}

func (a *Accounts) finish(ctx context.Context, left *Departure) error {
	if a.forget == nil {
		return nil // it is for a process that knows the other rooms
	}
	if err := a.forget(ctx, *left); err != nil {
		return fmt.Errorf("forget person %s: %w", left.PersonID, err)
	}
	if left.At.After(database.Now().Add(-departureMemory)) {
		return nil
	}
	if _, err := a.db.NewDelete().Model(left).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("note that person %s is forgotten: %w", left.PersonID, err)
	}
	return nil
}
