package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"subclip/database"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"github.com/uptrace/bun"
)

// Of codes of an authenticator app (RFC 6238).
const (
	totpPeriod    = 30 // seconds
	recoveryCodes = 10
	factorTries   = 10 // wrong ones in a quarter of an hour
)

// Enrolment is what an authenticator app is set up with.
type Enrolment struct {
	Secret string // base32, to type
	URL    string // otpauth://, to show as a QR code
}

// BeginFactor draws a secret for a person's authenticator app. Nothing is asked
// for at sign-ins until ConfirmFactor.
func (a *Accounts) BeginFactor(ctx context.Context, person *Person, password string, from Origin) (Enrolment, error) {
	if err := a.proveAgain(ctx, person, password, from); err != nil {
		return Enrolment{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: a.mailer.SiteName(), AccountName: person.Email, Period: totpPeriod})
	if err != nil {
		return Enrolment{}, fmt.Errorf("draw a secret for an authenticator app: %w", err)
	}
	if _, err := a.db.NewUpdate().Model((*Person)(nil)).Set("totp_pending = ?", key.Secret()).Where("id = ?", person.ID).Exec(ctx); err != nil {
		return Enrolment{}, fmt.Errorf("store a secret for an authenticator app: %w", err)
	}
	return Enrolment{key.Secret(), key.URL()}, nil
}

// ConfirmFactor proves that the app has the secret. From then on sign-ins ask for
// its codes. It returns recovery codes, each good for one sign-in without the app;
// they are shown this once.
func (a *Accounts) ConfirmFactor(ctx context.Context, person *Person, typed string, from Origin) ([]string, error) {
	if err := a.limitSignIn(ctx, person.EmailKey, from); err != nil {
		return nil, err
	}
	if person.TOTPPending == "" {
		return nil, conflict("no authenticator app is being set up: begin anew")
	}
	step, err := stepOf(person.TOTPPending, digitsOf(typed))
	if err != nil || step == 0 {
		return nil, orWrongFactor(err)
	}
	codes := make([]string, recoveryCodes)
	err = a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := setFactor(ctx, tx, person.ID, person.TOTPPending, step); err != nil {
			return err
		}
		for i := range codes {
			codes[i] = rand.Text()[:16]
			if _, err := tx.NewInsert().Model(&recoveryCode{hashOf(person.ID + codes[i]), person.ID}).Exec(ctx); err != nil {
				return fmt.Errorf("store a recovery code: %w", err)
			}
		}
		return record(ctx, tx, Entry{Action: FactorOn, ActorID: person.ID, PersonID: person.ID, Address: from.Address})
	})
	return codes, err
}

// RemoveFactor ends the second factor.
func (a *Accounts) RemoveFactor(ctx context.Context, person *Person, password string, from Origin) error {
	if err := a.proveAgain(ctx, person, password, from); err != nil {
		return err
	}
	return a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := setFactor(ctx, tx, person.ID, "", 0); err != nil {
			return err
		}
		return record(ctx, tx, Entry{Action: FactorOff, ActorID: person.ID, PersonID: person.ID, Address: from.Address})
	})
}

// recoveryCode is one that is still good.
type recoveryCode struct {
	Hash     string `bun:",pk"`
	PersonID string
}

// setFactor replaces the second factor and removes the recovery codes of the
// former.
func setFactor(ctx context.Context, tx bun.Tx, personID, secret string, step int64) error {
	_, err := tx.NewUpdate().Model((*Person)(nil)).Set("totp_secret = ?, totp_pending = '', totp_step = ?", secret, step).
		Where("id = ?", personID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("store a second factor: %w", err)
	}
	if _, err := tx.NewDelete().Model((*recoveryCode)(nil)).Where("person_id = ?", personID).Exec(ctx); err != nil {
		return fmt.Errorf("remove recovery codes: %w", err)
	}
	return nil
}

// checkFactor checks the second factor of someone whose password was right. A
// code works once. A try is on the record before it is made, and taken off if the code
// is right, so that many at the same instant are not more than factorTries.
func (a *Accounts) checkFactor(ctx context.Context, person *Person, typed string, from Origin) error {
	if person.TOTPSecret == "" {
		return nil
	}
	typed = strings.ToUpper(digitsOf(typed))
	if typed == "" {
		return unauthorized("code", "enter the code that your authenticator app shows, or a recovery code")
	}
	try := Entry{ID: database.NewID(), At: database.Now(), Action: FactorRefused, PersonID: person.ID, Address: from.Address}
	if _, err := a.db.NewInsert().Model(&try).Exec(ctx); err != nil {
		return fmt.Errorf("keep a record of a try: %w", err)
	}
	// Counted in the record, so that this holds without Redis.
	wrong, err := a.db.NewSelect().Model((*Entry)(nil)).
		Where("person_id = ? AND action = ? AND at > ?", person.ID, FactorRefused, database.Now().Add(-signInWindow)).Count(ctx)
	if err != nil {
		return fmt.Errorf("count the tries of a second factor: %w", err)
	}
	if wrong > factorTries {
		return tooMany(signInWindow)
	}
	step, err := stepOf(person.TOTPSecret, typed)
	if err != nil {
		return err
	}
	q := a.db.NewDelete().Model((*recoveryCode)(nil)).Where("hash = ?", hashOf(person.ID+typed)).Exec
	if step != 0 {
		q = a.db.NewUpdate().Model((*Person)(nil)).Set("totp_step = ?", step).
			Where("id = ? AND totp_secret = ? AND totp_step < ?", person.ID, person.TOTPSecret, step).Exec
	}
	res, err := q(ctx)
	if err != nil {
		return fmt.Errorf("use the code of a second factor: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return orWrongFactor(err)
	}
	if _, err := a.db.NewDelete().Model(&try).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("take a try off the record: %w", err)
	}
	return nil
}

func orWrongFactor(err error) error {
	if err != nil {
		return err
	}
	return unauthorized("code", "this code does not work: wait for the next one that your authenticator app shows")
}

// stepOf returns the time step at which an app shows a code: the present one, the
// one before or the one after; 0 if it is none of them.
func stepOf(secret, typed string) (int64, error) {
	now := database.Now()
	options := totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix}
	const step = totpPeriod * time.Second
	for _, at := range []time.Time{now, now.Add(-step), now.Add(step)} {
		code, err := totp.GenerateCodeCustom(secret, at, options)
		if err != nil {
			return 0, fmt.Errorf("read the secret of a second factor: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(code), []byte(typed)) == 1 {
			return at.Unix() / totpPeriod, nil
		}
	}
	return 0, nil
}
