package accounts

import (
	"context"
	"fmt"
)

// Credentials are what someone signs in with.
type Credentials struct {
	Email    string
	Password string
	Code     string // of the authenticator app, or a recovery code
	ReturnTo string
}

// SignIn begins a session. Errors: Invalid; TooMany; Unauthorized, with the field
// "code" where all but the second factor is right.
func (a *Accounts) SignIn(ctx context.Context, c Credentials, from Origin) (SignedIn, error) {
	_, key, err := address(c.Email)
	if err != nil {
		return SignedIn{}, err
	}
	returnTo, err := ReturnPath(c.ReturnTo)
	if err != nil {
		return SignedIn{}, err
	}
	person, err := a.byEmail(ctx, key)
	if err != nil {
		return SignedIn{}, err
	}
	if err := a.prove(ctx, person, key, c.Password, from); err != nil {
		return SignedIn{}, err
	}
	if err := a.checkFactor(ctx, person, c.Code, from); err != nil {
		return SignedIn{}, err
	}
	return a.open(ctx, person, returnTo, from)
}

// prove checks a password, for someone who may not exist; the work is the same.
func (a *Accounts) prove(ctx context.Context, person *Person, key, password string, from Origin) error {
	if err := a.limitSignIn(ctx, key, from); err != nil {
		return err
	}
	same, stale, err := a.hasher.verify(ctx, password, person.PasswordHash)
	if err != nil {
		return err
	}
	if !same || person.ID == "" {
		// Also where there is no account: writing takes time that could be measured.
		a.note(ctx, Entry{Action: SignInRefused, PersonID: person.ID, Address: from.Address})
		return unauthorized("", "the e-mail address or the password is wrong")
	}
	if stale {
		return a.rehash(ctx, person, password)
	}
	return nil
}

// rehash stores a password with the parameters of today, unless it was changed
// meanwhile.
func (a *Accounts) rehash(ctx context.Context, person *Person, password string) error {
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	res, err := a.db.NewUpdate().Model((*Person)(nil)).Set("password_hash = ?", hash).
		Where("id = ? AND password_hash = ?", person.ID, person.PasswordHash).Exec(ctx)
	if err != nil {
		return fmt.Errorf("hash a password anew: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		person.PasswordHash = hash
		return err //nolint:wrapcheck // neither driver fails here
	}
	// Another sign-in has done so, or the password is another one by now.
	now, err := a.byEmail(ctx, person.EmailKey)
	if err != nil {
		return err
	}
	same, _, err := a.hasher.verify(ctx, password, now.PasswordHash)
	if err == nil && !same {
		err = passwordChanged()
	}
	person.PasswordHash = now.PasswordHash
	return err
}
