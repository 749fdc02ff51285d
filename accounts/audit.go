package accounts

import (
	"context"
	"fmt"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// Action is something that is kept on record.
type Action string

// What is kept on record.
const (
	SignIn         Action = "sign-in"
	SignInRefused  Action = "sign-in-refused"
	PasswordReset  Action = "password-reset"
	PasswordChange Action = "password-change"
	AddressChange  Action = "address-change"
	FactorOn       Action = "second-factor-on"
	FactorOff      Action = "second-factor-off"
	FactorLifted   Action = "second-factor-lifted" // by an administrator
	FactorRefused  Action = "second-factor-refused"
	TokenMade      Action = "token-made"
	TokenRevoked   Action = "token-revoked"
	PersonAdded    Action = "person-added"
	PersonDeleted  Action = "person-deleted"
	RoleChange     Action = "role-change"
	LimitsChange   Action = "limits-change"
	Publication    Action = "publication"
)

// Entry is a line of the record: who did what to whom or what.
type Entry struct {
	bun.BaseModel `bun:"table:audit,alias:entry"`

	ID       string `bun:",pk"`
	At       time.Time
	Action   Action
	ActorID  string // who did it; empty for the command line and for strangers
	PersonID string // whose account it is about; may be empty
	Object   string // what it was done to, such as an asset's id; may be empty
	Detail   string // in words; no secret
	Address  string // of the network it came from
}

// record adds a line, in the transaction of what it is about.
func record(ctx context.Context, db bun.IDB, e Entry) error {
	e.ID, e.At = database.NewID(), database.Now()
	if _, err := db.NewInsert().Model(&e).Exec(ctx); err != nil {
		return fmt.Errorf("keep a record: %w", err)
	}
	return nil
}

// Record adds a line about something that other rooms do.
func (a *Accounts) Record(ctx context.Context, e Entry) error { return record(ctx, a.db, e) }

// note is record for what must not fail because of it.
func (a *Accounts) note(ctx context.Context, e Entry) {
	if err := record(ctx, a.db, e); err != nil {
		a.log.Error("an entry of the record is missing", "action", e.Action, "error", err)
	}
}

// MaxEntries is the most lines of one page of the record.
const MaxEntries = 200

// Audit returns a page of the record, newest first, before an entry if it is
// named, and about one person if they are.
func (a *Accounts) Audit(ctx context.Context, personID, before string, limit int) ([]Entry, error) {
	entries := []Entry{}
	q := a.db.NewSelect().Model(&entries).OrderExpr("id DESC").Limit(int64(min(max(limit, 1), MaxEntries)))
	if personID != "" {
		q.Where("person_id = ?", personID)
	}
	if before != "" {
		q.Where("id < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the record: %w", err)
	}
	return entries, nil
}
