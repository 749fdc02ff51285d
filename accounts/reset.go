package accounts

import (
	"context"
	"errors"
	"fmt"

	"subclip/database"
	"subclip/mail"

	"github.com/uptrace/bun"
)

// BeginReset sends a code for a new password to an address, if it has an account.
// Errors: Invalid, TooMany.
func (a *Accounts) BeginReset(ctx context.Context, typed, returnTo string, from Origin) (Ticket, error) {
	email, key, err := address(typed)
	if err != nil {
		return Ticket{}, err
	}
	if returnTo, err = ReturnPath(returnTo); err != nil {
		return Ticket{}, err
	}
	if err := a.limitCode(ctx, from); err != nil {
		return Ticket{}, err
	}
	person, err := a.byEmail(ctx, key)
	if err != nil {
		return Ticket{}, err
	}
	if person.ID != "" {
		email = person.Email // as it was confirmed, not as it was typed now
	}
	return a.begin(ctx, &code{Purpose: toReset, Email: email, EmailKey: key, PersonID: person.ID, Payload: payload{
		ReturnTo: returnTo, Language: person.Language,
	}})
}

// FinishReset sets a new password, ends all sessions of the person, who then signs in
// with it, and revokes their tokens: whoever had the former password could have made
// one. It returns the page on which the reset began.
func (a *Accounts) FinishReset(ctx context.Context, ticketID, typed, password string, from Origin) (returnTo string, err error) {
	if err := a.limitCode(ctx, from); err != nil {
		return "", err
	}
	if err := checkPassword(password, "", ""); err != nil {
		return "", err
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return "", err
	}
	person := new(Person)
	err = a.use(ctx, ticketID, toReset, typed, func(ctx context.Context, tx bun.Tx, c *code) error {
		if c.PersonID == "" {
			return wrongCode()
		}
		returnTo = c.Payload.ReturnTo
		if err := tx.NewSelect().Model(person).Where("id = ?", c.PersonID).Scan(ctx); err != nil {
			return fmt.Errorf("read whose password it is: %w", err)
		}
		if err := checkPassword(password, person.Email, person.Name); err != nil {
			return err
		}
		if err := setPassword(ctx, tx, person.ID, hash); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, person.ID, ""); err != nil {
			return err
		}
		revoked, err := revokeTokens(ctx, tx, person.ID)
		if err != nil {
			return err
		}
		return record(ctx, tx, Entry{
			Action: PasswordReset, ActorID: person.ID, PersonID: person.ID, Address: from.Address, Detail: fmt.Sprintf("tokens revoked: %d", revoked),
		})
	})
	if err != nil {
		return "", err
	}
	a.tell(ctx, mail.PasswordRenewed, person.Language, person.Email, mail.Data{Link: a.resetLink()})
	return returnTo, nil
}

// setPassword stores the hash of a new password and lets codes that were sent for
// another one work no more.
func setPassword(ctx context.Context, tx bun.IDB, personID, hash string) error {
	if _, err := tx.NewUpdate().Model((*Person)(nil)).Set("password_hash = ?", hash).Where("id = ?", personID).Exec(ctx); err != nil {
		return fmt.Errorf("store a password: %w", err)
	}
	return voidCodes(ctx, tx, personID)
}

// voidCodes makes all codes of a person good for nothing.
func voidCodes(ctx context.Context, tx bun.IDB, personID string) error {
	_, err := tx.NewUpdate().Model((*code)(nil)).Set("used = ?", true).
		Where("person_id = ? AND created_at > ?", personID, database.Now().Add(-codeMemory)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("void the codes of an account: %w", err)
	}
	return nil
}

// holdPassword keeps the password of somebody as they were when they asked, until tx
// ends. Where it was reset meanwhile, a request that began before must not outlive it.
func holdPassword(ctx context.Context, tx bun.Tx, person *Person) error {
	res, err := tx.NewUpdate().Model((*Person)(nil)).Set("password_hash = password_hash").
		Where("id = ? AND password_hash = ?", person.ID, person.PasswordHash).Exec(ctx)
	if err != nil {
		return fmt.Errorf("hold a password: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, passwordChanged())
	}
	return nil
}

func passwordChanged() error {
	return conflict("your password was changed just now: sign in and try again")
}
