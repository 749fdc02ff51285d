package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"subclip/database"
	"subclip/mail"

	"github.com/uptrace/bun"
)

// proveAgain asks someone who is signed in for their password, before what a
// stranger at their desk must not do.
func (a *Accounts) proveAgain(ctx context.Context, person *Person, password string, from Origin) error {
	if err := a.prove(ctx, person, person.EmailKey, password, from); err != nil {
		if refused, ok := errors.AsType[*Error](err); ok && refused.Kind == Unauthorized {
			return invalid("current_password", "this is not your password")
		}
		return err
	}
	return nil
}

// ChangePassword sets a new password and ends the person's other sessions. Their tokens
// stay, unlike after a reset: whoever knows the password can see and revoke them.
func (a *Accounts) ChangePassword(ctx context.Context, v Visitor, former, password string, from Origin) error {
	person := v.Person
	if err := a.proveAgain(ctx, person, former, from); err != nil {
		return err
	}
	if err := checkPassword(password, person.Email, person.Name); err != nil {
		return err
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	err = a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := setPassword(ctx, tx, person.ID, hash); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, person.ID, v.SessionID); err != nil {
			return err
		}
		return record(ctx, tx, Entry{Action: PasswordChange, ActorID: person.ID, PersonID: person.ID, Address: from.Address})
	})
	if err == nil {
		a.tell(ctx, mail.PasswordChanged, person.Language, person.Email, mail.Data{Link: a.resetLink()})
	}
	return err
}

// BeginMove sends a code to another address that a person wants to have. Whether
// it has an account of its own is told to that address alone.
func (a *Accounts) BeginMove(ctx context.Context, person *Person, typed, password string, from Origin) (Ticket, error) {
	email, key, err := address(typed)
	if err != nil {
		return Ticket{}, err
	}
	if err := a.limitCode(ctx, from); err != nil {
		return Ticket{}, err
	}
	if err := a.proveAgain(ctx, person, password, from); err != nil {
		return Ticket{}, err
	}
	holder, err := a.byEmail(ctx, key)
	if err != nil {
		return Ticket{}, err
	}
	return a.begin(ctx, &code{Purpose: toMove, Email: email, EmailKey: key, PersonID: person.ID, Payload: payload{
		Language: person.Language, Taken: holder.ID != "" && holder.ID != person.ID,
	}})
}

// FinishMove gives a person the address that the code was sent to, ends their
// other sessions, and tells the former address.
func (a *Accounts) FinishMove(ctx context.Context, v Visitor, ticketID, typed string, from Origin) error {
	if err := a.limitCode(ctx, from); err != nil {
		return err
	}
	person := v.Person
	err := a.use(ctx, ticketID, toMove, typed, func(ctx context.Context, tx bun.Tx, c *code) error {
		if c.PersonID != person.ID {
			return wrongCode()
		}
		res, err := tx.NewUpdate().Model((*Person)(nil)).Set("email = ?, email_key = ?", c.Email, c.EmailKey).
			Where("id = ? AND NOT EXISTS (SELECT 1 FROM people AS other WHERE other.email_key = ? AND other.id <> ?)", person.ID, c.EmailKey, person.ID).Exec(ctx)
		if err != nil {
			return fmt.Errorf("store another address: %w", err)
		}
		if n, err := res.RowsAffected(); err == nil && n == 0 {
			return wrongCode()
		}
		// Whoever reads the former address must not go on with what was sent there.
		if err := voidCodes(ctx, tx, person.ID); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, person.ID, v.SessionID); err != nil {
			return err
		}
		return record(ctx, tx, Entry{Action: AddressChange, ActorID: person.ID, PersonID: person.ID, Address: from.Address})
	})
	if err == nil {
		a.tell(ctx, mail.AddressChanged, person.Language, person.Email, mail.Data{Link: a.resetLink()})
	}
	return err
}

// Delete removes a person and all that is theirs here, and has the other rooms forget
// them; what that fails to do, Sweep does later. The record keeps that something was
// done, without where from and without words.
func (a *Accounts) Delete(ctx context.Context, person *Person, password string, from Origin) error {
	if err := a.proveAgain(ctx, person, password, from); err != nil {
		return err
	}
	left := &Departure{PersonID: person.ID, At: database.Now()}
	err := a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := keepAdmin(ctx, tx, person.ID); err != nil {
			return err
		}
		return remove(ctx, tx, left)
	})
	if err != nil {
		return err
	}
	if err := a.finish(context.WithoutCancel(ctx), left); err != nil {
		a.log.Error("somebody who has left will be forgotten later", "error", err)
	}
	return nil
}

// remove takes somebody out of the accounts, whatever their address is by now.
func remove(ctx context.Context, tx bun.Tx, left *Departure) error {
	_, err := tx.NewUpdate().Model((*Entry)(nil)).Set("address = '', detail = ''").
		Where("person_id = ? OR actor_id = ?", left.PersonID, left.PersonID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("take a person out of the record: %w", err)
	}
	err = tx.NewDelete().Model((*Person)(nil)).Where("id = ?", left.PersonID).Returning("email_key").Scan(ctx, &left.EmailKey)
	if errors.Is(err, sql.ErrNoRows) {
		return notFound("there is no such person")
	}
	if err != nil {
		return fmt.Errorf("remove a person: %w", err)
	}
	// Requests that began with the address do not name the person.
	if _, err := tx.NewDelete().Model((*code)(nil)).Where("email_key = ?", left.EmailKey).Exec(ctx); err != nil {
		return fmt.Errorf("remove a person's codes: %w", err)
	}
	if _, err := tx.NewInsert().Model(left).Exec(ctx); err != nil {
		return fmt.Errorf("note that a person has left: %w", err)
	}
	return record(ctx, tx, Entry{Action: PersonDeleted, ActorID: left.PersonID, PersonID: left.PersonID})
}
