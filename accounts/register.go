package accounts

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"subclip/database"

	"github.com/uptrace/bun"
)

// Registration is what someone fills in to have an account.
type Registration struct {
	Email       string
	Password    string
	AcceptTerms bool
	ReturnTo    string // page of the site to go to afterwards
	Profile
}

// Register takes a registration and sends a code to its address. An address that
// has an account gets the same answer and a message that says so. Errors: Invalid,
// TooMany.
func (a *Accounts) Register(ctx context.Context, r Registration, from Origin) (Ticket, error) {
	email, key, err := address(r.Email)
	if err != nil {
		return Ticket{}, err
	}
	returnTo, err := ReturnPath(r.ReturnTo)
	if err != nil {
		return Ticket{}, err
	}
	if err := r.check(); err != nil {
		return Ticket{}, err
	}
	if err := checkPassword(r.Password, email, r.Name); err != nil {
		return Ticket{}, err
	}
	if !r.AcceptTerms {
		return Ticket{}, invalid("accept_terms", "accept the terms to have an account")
	}
	if err := a.limit(ctx, "register-address", from.Network(), a.cfg.RegistrationsPerAddress, codeWindow); err != nil {
		return Ticket{}, err
	}
	hash, err := a.hasher.hash(ctx, r.Password)
	if err != nil {
		return Ticket{}, err
	}
	person, err := a.byEmail(ctx, key)
	if err != nil {
		return Ticket{}, err
	}
	return a.begin(ctx, &code{Purpose: toRegister, Email: email, EmailKey: key, Payload: payload{
		Profile: r.Profile, PasswordHash: hash, ReturnTo: returnTo, Language: r.Language, Taken: person.ID != "",
	}})
}

// ConfirmRegistration makes the account and signs its person in.
func (a *Accounts) ConfirmRegistration(ctx context.Context, ticketID, typed string, from Origin) (SignedIn, error) {
	if err := a.limitCode(ctx, from); err != nil {
		return SignedIn{}, err
	}
	var person *Person
	var returnTo string
	err := a.use(ctx, ticketID, toRegister, typed, func(ctx context.Context, tx bun.Tx, c *code) error {
		now := database.Now()
		person = &Person{
			ID: database.NewID(), Email: c.Email, EmailKey: c.EmailKey, Profile: c.Payload.Profile, Role: Professional,
			PasswordHash: c.Payload.PasswordHash, TermsAt: c.CreatedAt, ConfirmedAt: now, CreatedAt: now,
		}
		returnTo = c.Payload.ReturnTo
		return insertPerson(ctx, tx, person)
	})
	if err != nil {
		return SignedIn{}, err
	}
	return a.open(ctx, person, returnTo, from)
}

// insertPerson stores someone, unless the address has an account.
func insertPerson(ctx context.Context, db bun.IDB, person *Person) error {
	res, err := db.NewInsert().Model(person).On("CONFLICT (email_key) DO NOTHING").Exec(ctx)
	if err != nil {
		return fmt.Errorf("store a person: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, conflict("this address has an account already: sign in, or have the password reset"))
	}
	return nil
}

// maxReturn is the longest address of a page to return to, in bytes.
const maxReturn = 4000

// ReturnPath checks that an address to return to is a page of this site, marks
// and all; empty is the front page. Browsers take a backslash for a slash, and skip
// blanks they cannot see. Errors: Invalid.
func ReturnPath(s string) (string, error) {
	if s == "" {
		return "/", nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || len(s) > maxReturn ||
		!strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsFunc(s, func(r rune) bool {
		return r == '\\' || unicode.IsControl(r) || unicode.IsSpace(r)
	}) {
		return "", invalid("return_to", "the page to return to is one of this site: write it from the first slash on, such as /assets/1?in=10:00:00:00")
	}
	return s, nil
}
