package accounts

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode"

	"subclip/database"
	"subclip/mail"

	"github.com/uptrace/bun"
)

// The life of a code.
const (
	codeLife  = 15 * time.Minute
	codeTries = 5
	// codeMemory is how long a request for codes stays, and how long after the
	// last code the waits begin anew.
	codeMemory = 24 * time.Hour

	firstWait   = 30 * time.Second // until another code is sent; it doubles
	longestWait = time.Hour
)

// purpose is what a code allows.
type purpose string

const (
	toRegister purpose = "register"
	toReset    purpose = "reset"
	toMove     purpose = "move" // to another e-mail address
)

// code is one request that a six-digit code completes. There is one for an
// address without an account too, whose code is told to nobody.
type code struct {
	bun.BaseModel `bun:"table:codes"`

	ID        string `bun:",pk"`
	Purpose   purpose
	Email     string // where the code goes
	EmailKey  string
	PersonID  string `bun:",nullzero"` // whose account it changes, if anybody's
	Payload   payload
	Hash      string // of the code
	Tries     int
	Used      bool
	CreatedAt time.Time
	ExpiresAt time.Time // of the code
}

// payload is what the code completes.
type payload struct {
	Profile      Profile `json:"profile"`
	PasswordHash string  `json:"password_hash,omitempty"`
	ReturnTo     string  `json:"return_to,omitempty"`
	Taken        bool    `json:"taken,omitempty"`    // somebody has an account with the address
	Language     string  `json:"language,omitempty"` // of the message
}

// Ticket is what whoever asked for a code gets: the request's id, with which alone
// the code works.
type Ticket struct {
	ID         string
	ExpiresAt  time.Time // of the code
	NextCodeAt time.Time // when another one can be sent
}

// wrongCode is the answer to any code that does not work, whatever the reason.
func wrongCode() error {
	return invalid("code", "this code does not work: it is mistyped, was used, is older than 15 minutes or was tried too often. Check it, or have a new one sent")
}

// begin stores a request and sends its code. While the wait after an earlier code
// lasts nothing is sent, and the answer is the same; the code that was not sent has
// no tries, or requests without end would be as many to guess at.
func (a *Accounts) begin(ctx context.Context, c *code) (Ticket, error) {
	c.ID, c.CreatedAt = rand.Text(), database.Now()
	digits, err := a.draw(ctx, c)
	if err != nil {
		return Ticket{}, err
	}
	next, sent, err := a.wait(ctx, c)
	if err != nil {
		return Ticket{}, err
	}
	if !sent {
		c.Tries = codeTries
	}
	if _, err := a.db.NewInsert().Model(c).Exec(ctx); err != nil {
		return Ticket{}, fmt.Errorf("store a code: %w", err)
	}
	if sent {
		a.sendCode(ctx, c, digits)
	}
	return Ticket{c.ID, c.ExpiresAt, next}, nil
}

// SendCode sends a new code for a request; the former one works no more. A
// TooMany Error says how long to wait.
func (a *Accounts) SendCode(ctx context.Context, id string, from Origin) (Ticket, error) {
	if err := a.limitCode(ctx, from); err != nil {
		return Ticket{}, err
	}
	c := new(code)
	err := a.db.NewSelect().Model(c).Where("id = ? AND created_at > ?", id, database.Now().Add(-codeMemory)).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Ticket{}, notFound("there is no such request for a code: begin again")
	}
	if err != nil {
		return Ticket{}, fmt.Errorf("look for a code: %w", err)
	}
	digits, err := a.draw(ctx, c)
	if err != nil {
		return Ticket{}, err
	}
	next, sent, err := a.wait(ctx, c)
	if err != nil {
		return Ticket{}, err
	}
	if !sent {
		return Ticket{}, tooMany(time.Until(next))
	}
	res, err := a.db.NewUpdate().Model(c).Column("hash", "tries", "expires_at").WherePK().Where("NOT used").Exec(ctx)
	if err != nil {
		return Ticket{}, fmt.Errorf("store a new code: %w", err)
	}
	if n, err := res.RowsAffected(); err == nil && n > 0 {
		a.sendCode(ctx, c, digits)
	}
	return Ticket{c.ID, c.ExpiresAt, next}, nil
}

// draw gives a request a new code and returns its digits.
func (a *Accounts) draw(ctx context.Context, c *code) (digits string, err error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("draw a code: %w", err)
	}
	digits = fmt.Sprintf("%06d", n)
	c.Hash, err = a.hasher.hash(ctx, digits)
	c.Tries, c.ExpiresAt = 0, database.Now().Add(codeLife)
	return digits, err
}

// sendCode tells the code to whoever may have it. That an address has an account,
// or none, is told to its owner alone.
func (a *Accounts) sendCode(ctx context.Context, c *code, digits string) {
	data := mail.Data{Code: digits, Minutes: int(codeLife.Minutes())}
	kind := map[purpose]mail.Kind{toRegister: mail.ConfirmAddress, toReset: mail.ResetPassword, toMove: mail.ChangeAddress}[c.Purpose]
	switch {
	case c.Payload.Taken:
		kind, data = mail.AlreadyRegistered, mail.Data{Link: a.resetLink()}
	case c.Purpose == toReset && c.PersonID == "":
		return
	}
	a.tell(ctx, kind, c.Payload.Language, c.Email, data)
}

// wait reports whether another code may be sent to an address now, and if so
// counts it and lengthens the wait for the next.
func (a *Accounts) wait(ctx context.Context, c *code) (next time.Time, allowed bool, err error) {
	now := database.Now()
	row := &codeWait{Purpose: c.Purpose, EmailKey: c.EmailKey, NextAt: now}
	err = a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(row).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return fmt.Errorf("begin to count codes: %w", err)
		}
		err := tx.NewUpdate().Model(row).WherePK().Where("next_at <= ?", now).
			Set("sent = CASE WHEN next_at < ? THEN 1 ELSE sent + 1 END", now.Add(-codeMemory)).Returning("*").Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			if err := tx.NewSelect().Model(row).WherePK().Scan(ctx); err != nil {
				return fmt.Errorf("read when the next code may be sent: %w", err)
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("count codes: %w", err)
		}
		allowed = true
		row.NextAt = now.Add(min(firstWait<<min(row.Sent-1, 20), longestWait))
		if _, err := tx.NewUpdate().Model(row).Column("next_at").WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("say when the next code may be sent: %w", err)
		}
		return nil
	})
	return row.NextAt, allowed, err
}

// codeWait counts the codes for an address.
type codeWait struct {
	bun.BaseModel `bun:"table:code_waits"`

	Purpose  purpose `bun:",pk"`
	EmailKey string  `bun:",pk"`
	Sent     int
	NextAt   time.Time
}

// use tries a code and, if it is right, does work in the transaction in which it
// stops being right. A try is counted before it is made, so that no number of
// simultaneous ones gets more than five.
func (a *Accounts) use(ctx context.Context, id string, p purpose, typed string, work func(context.Context, bun.Tx, *code) error) error {
	c := new(code)
	err := a.db.NewUpdate().Model(c).Set("tries = tries + 1").
		Where("id = ? AND purpose = ? AND tries < ? AND NOT used AND expires_at > ?", id, p, codeTries, database.Now()).
		Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return wrongCode()
	}
	if err != nil {
		return fmt.Errorf("try a code: %w", err)
	}
	right, _, err := a.hasher.verify(ctx, digitsOf(typed), c.Hash)
	if err != nil {
		return err
	}
	if !right {
		return wrongCode()
	}
	return a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewUpdate().Model(c).Set("used = ?", true).WherePK().Where("NOT used AND hash = ?", c.Hash).Exec(ctx)
		if err != nil {
			return fmt.Errorf("use a code: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, wrongCode())
		}
		return work(ctx, tx, c)
	})
}

// digitsOf reads a code as people type it, with blanks or dashes.
func digitsOf(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, typed)
}
