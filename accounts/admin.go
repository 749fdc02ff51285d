package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"subclip/database"
	"subclip/mail"

	"github.com/uptrace/bun"
	"golang.org/x/text/unicode/norm"
)

// Add makes an account without a code, for whoever runs the service. Errors:
// Invalid, Conflict.
func (a *Accounts) Add(ctx context.Context, email, password string, role Role, profile Profile) (*Person, error) {
	email, key, err := address(email)
	if err != nil {
		return nil, err
	}
	if err := profile.check(); err != nil {
		return nil, err
	}
	if !role.Valid() || role == Viewer {
		return nil, invalid("role", "there is no role %q to give: use professional, editor or admin", role)
	}
	if err := checkPassword(password, email, profile.Name); err != nil {
		return nil, err
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	now := database.Now()
	person := &Person{
		ID: database.NewID(), Email: email, EmailKey: key, Profile: profile, Role: role, PasswordHash: hash, ConfirmedAt: now, CreatedAt: now,
	}
	err = a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := insertPerson(ctx, tx, person); err != nil {
			return err
		}
		return record(ctx, tx, Entry{Action: PersonAdded, PersonID: person.ID, Detail: "as " + string(role)})
	})
	return person, err
}

// MaxPeople is the most people of one page.
const MaxPeople = 200

// People returns a page of people, newest first, before one if they are named: those
// whose address, name or organisation has each of the words, or all without words.
func (a *Accounts) People(ctx context.Context, words, before string, limit int) ([]Person, error) {
	people := []Person{}
	q := a.db.NewSelect().Model(&people).OrderExpr("id DESC").Limit(int64(min(max(limit, 1), MaxPeople)))
	for word := range strings.FieldsSeq(strings.ToLower(norm.NFC.String(words))) {
		like := "%" + strings.NewReplacer(`!`, `!!`, `%`, `!%`, `_`, `!_`).Replace(word) + "%"
		q.Where("(email_key LIKE ? ESCAPE '!' OR LOWER(name) LIKE ? ESCAPE '!' OR LOWER(organisation) LIKE ? ESCAPE '!')", like, like, like)
	}
	if before != "" {
		q.Where("id < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	return people, nil
}

// ByEmail returns the person with an address, or a NotFound Error. It is for those
// who manage people: to anyone else it would tell who has an account.
func (a *Accounts) ByEmail(ctx context.Context, email string) (*Person, error) {
	_, key, err := address(email)
	if err != nil {
		return nil, err
	}
	return a.findPerson(ctx, "email_key", key)
}

// SetRole changes what a person may do. It ends their sessions: whoever signs in
// again does so with a new identifier, and nothing that was seen before the change
// is worth anything after it. actorID is empty for the command line. Errors:
// Invalid, NotFound, Conflict.
func (a *Accounts) SetRole(ctx context.Context, actorID, personID string, role Role, from Origin) error {
	if !role.Valid() || role == Viewer {
		return invalid("role", "there is no role %q to give: use professional, editor or admin", role)
	}
	return a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var former Role
		err := tx.NewSelect().Model((*Person)(nil)).Column("role").Where("id = ?", personID).Scan(ctx, &former)
		if errors.Is(err, sql.ErrNoRows) {
			return notFound("there is no such person")
		}
		if err != nil {
			return fmt.Errorf("read a role: %w", err)
		}
		if former == role {
			return nil
		}
		if err := keepAdmin(ctx, tx, personID); err != nil {
			return err
		}
		if _, err := tx.NewUpdate().Model((*Person)(nil)).Set("role = ?", role).Where("id = ?", personID).Exec(ctx); err != nil {
			return fmt.Errorf("change a role: %w", err)
		}
		if err := endSessions(ctx, tx, personID, ""); err != nil {
			return err
		}
		return record(ctx, tx, Entry{
			Action: RoleChange, ActorID: actorID, PersonID: personID, Detail: fmt.Sprintf("%s to %s", former, role), Address: from.Address,
		})
	})
}

// MaxLimitTimes is the most times the usual limits that somebody can have; 0 is more.
const MaxLimitTimes = 1000

// SetLimits says how many times the usual limits somebody has, 0 to MaxLimitTimes, where
// 0 lifts them; nil leaves it to their role. Errors: Invalid, NotFound.
func (a *Accounts) SetLimits(ctx context.Context, actorID, personID string, times *int, from Origin) error {
	if times != nil && (*times < 0 || *times > MaxLimitTimes) {
		return invalid("times", "somebody has 1 to %d times the usual limits, or 0 for none", MaxLimitTimes)
	}
	return a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewUpdate().Model((*Person)(nil)).Set("limit_times = ?", times).Where("id = ?", personID).Exec(ctx)
		if err != nil {
			return fmt.Errorf("change somebody's limits: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, notFound("there is no such person"))
		}
		detail := "as of the role"
		if times != nil {
			detail = fmt.Sprintf("%d times", *times)
		}
		return record(ctx, tx, Entry{Action: LimitsChange, ActorID: actorID, PersonID: personID, Detail: detail, Address: from.Address})
	})
}

// LiftFactor ends the second factor of somebody who has lost it, ends their sessions and
// tells them. actorID is empty for the command line; one's own is ended by RemoveFactor,
// with a password. Errors: Invalid, NotFound, Conflict.
func (a *Accounts) LiftFactor(ctx context.Context, actorID, personID string, from Origin) error {
	if actorID == personID {
		return invalid("", "this is your own account: remove your second factor there, with your password")
	}
	person := new(Person)
	err := a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := tx.NewSelect().Model(person).Where("id = ?", personID).Scan(ctx); err != nil {
			if errors.Is(err, sql.ErrNoRows) {
				return notFound("there is no such person")
			}
			return fmt.Errorf("look for a person: %w", err)
		}
		if person.TOTPSecret == "" {
			return conflict("this account has no second factor")
		}
		if err := setFactor(ctx, tx, personID, "", 0); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, personID, ""); err != nil {
			return err
		}
		return record(ctx, tx, Entry{Action: FactorLifted, ActorID: actorID, PersonID: personID, Address: from.Address})
	})
	if err == nil {
		a.tell(ctx, mail.FactorLifted, person.Language, person.Email, mail.Data{Link: a.resetLink()})
	}
	return err
}

// keepAdmin refuses to lose the last administrator. It holds their rows until the
// transaction ends, so that two cannot leave at once.
func keepAdmin(ctx context.Context, tx bun.Tx, leaving string) error {
	_, err := tx.NewUpdate().Model((*Person)(nil)).Set("role = role").Where("role = ?", Admin).Exec(ctx)
	if err != nil {
		return fmt.Errorf("hold the administrators: %w", err)
	}
	var admins []string
	if err := tx.NewSelect().Model((*Person)(nil)).Column("id").Where("role = ?", Admin).Scan(ctx, &admins); err != nil {
		return fmt.Errorf("count the administrators: %w", err)
	}
	if len(admins) == 1 && admins[0] == leaving {
		return conflict("this is the last administrator: make somebody else one first")
	}
	return nil
}
