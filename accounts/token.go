package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// Limits of tokens.
const (
	MaxTokens    = 50                   // of one person
	MaxTokenLife = 366 * 24 * time.Hour // then it has to be made anew
	tokenPrefix  = "subclip_"           // by which scanners know a secret that leaked
)

// Token lets a program ask in a person's name, for some things.
type Token struct {
	bun.BaseModel `bun:"table:tokens,alias:token"`

	ID        string `bun:",pk"`
	Hash      string
	PersonID  string
	Name      string
	Scopes    string // separated by blanks
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time `bun:",nullzero"` // to the minute

	Person *Person `bun:"rel:belongs-to,join:person_id=id"`
}

// ScopeList is the token's scopes.
func (t *Token) ScopeList() []Scope {
	scopes := []Scope{}
	for name := range strings.FieldsSeq(t.Scopes) {
		scopes = append(scopes, Scope(name))
	}
	return scopes
}

// NewToken makes a token and returns its secret, which is shown this once. Errors:
// Invalid, Conflict.
func (a *Accounts) NewToken(ctx context.Context, person *Person, name string, scopes []Scope, life time.Duration, from Origin) (*Token, string, error) {
	name, err := line("name", name, maxName)
	if err != nil {
		return nil, "", err
	}
	switch {
	case name == "":
		return nil, "", invalid("name", "the name is empty: say what the token is for")
	case life < time.Minute || life > MaxTokenLife:
		return nil, "", invalid("expires_at", "a token lasts from a minute to a year: choose when it ends")
	case len(scopes) == 0:
		return nil, "", invalid("scopes", "a token without scopes is good for nothing: choose some")
	}
	for _, s := range scopes {
		least, known := scopeRoles()[s]
		if !known || !person.Role.AtLeast(least) {
			return nil, "", invalid("scopes", "your role does not allow the scope %q", s)
		}
	}
	if n, err := a.db.NewSelect().Model((*Token)(nil)).Where("person_id = ?", person.ID).Count(ctx); err != nil || n >= MaxTokens {
		if err != nil {
			return nil, "", fmt.Errorf("count tokens: %w", err)
		}
		return nil, "", conflict("you have as many tokens as one can have: revoke one first")
	}
	names := []string{}
	for _, s := range slices.Compact(slices.Sorted(slices.Values(scopes))) {
		names = append(names, string(s))
	}
	secret, now := tokenPrefix+newSecret(), database.Now()
	token := &Token{
		ID: database.NewID(), Hash: hashOf(secret), PersonID: person.ID, Name: name, Scopes: strings.Join(names, " "),
		CreatedAt: now, ExpiresAt: now.Add(life),
	}
	return token, secret, a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := holdPassword(ctx, tx, person); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(token).Exec(ctx); err != nil {
			return fmt.Errorf("store a token: %w", err)
		}
		return record(ctx, tx, Entry{Action: TokenMade, ActorID: person.ID, PersonID: person.ID, Object: token.ID, Detail: name, Address: from.Address})
	})
}

// Tokens lists a person's tokens, newest first, also those that have ended.
func (a *Accounts) Tokens(ctx context.Context, personID string) ([]Token, error) {
	all := []Token{}
	if err := a.db.NewSelect().Model(&all).Where("person_id = ?", personID).OrderExpr("id DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return all, nil
}

// RevokeToken ends a person's token, or a NotFound Error.
func (a *Accounts) RevokeToken(ctx context.Context, personID, tokenID string, from Origin) error {
	return a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewDelete().Model((*Token)(nil)).Where("id = ? AND person_id = ?", tokenID, personID).Exec(ctx)
		if err != nil {
			return fmt.Errorf("revoke a token: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, notFound("there is no such token"))
		}
		return record(ctx, tx, Entry{Action: TokenRevoked, ActorID: personID, PersonID: personID, Object: tokenID, Address: from.Address})
	})
}

// revokeTokens ends all tokens of a person and says how many there were.
func revokeTokens(ctx context.Context, tx bun.Tx, personID string) (int64, error) {
	res, err := tx.NewDelete().Model((*Token)(nil)).Where("person_id = ?", personID).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("revoke tokens: %w", err)
	}
	revoked, err := res.RowsAffected()
	return revoked, err //nolint:wrapcheck // neither driver fails here
}

// ByToken returns for whom a program with this secret asks; ok is false where
// there is no such token, or no longer.
func (a *Accounts) ByToken(ctx context.Context, secret string) (v Visitor, ok bool, err error) {
	token := new(Token)
	err = a.db.NewSelect().Model(token).Relation("Person").
		Where("token.hash = ? AND token.expires_at > ?", hashOf(secret), database.Now()).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Visitor{}, false, nil
	}
	if err != nil {
		return Visitor{}, false, fmt.Errorf("look for a token: %w", err)
	}
	if now := database.Now(); now.Sub(token.UsedAt) > seenEvery {
		if _, err := a.db.NewUpdate().Model(token).Set("used_at = ?", now).WherePK().Exec(ctx); err != nil {
			return Visitor{}, false, fmt.Errorf("note that a token is used: %w", err)
		}
	}
	return Visitor{Person: token.Person, TokenID: token.ID, Scopes: token.ScopeList()}, true, nil
}
