package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// seenEvery is how exactly it is known when a session or token was last used.
const seenEvery = time.Minute

// maxAgent is how much is kept of what a browser calls itself, in bytes.
const maxAgent = 200

// Session is one sign-in.
type Session struct {
	bun.BaseModel `bun:"table:sessions,alias:session"`

	ID        string `bun:",pk"`
	Hash      string // of the text that the browser keeps
	PersonID  string
	Agent     string
	Address   string
	CreatedAt time.Time
	SeenAt    time.Time // to the minute
	ExpiresAt time.Time

	Person *Person `bun:"rel:belongs-to,join:person_id=id"`
}

// SignedIn is a session that has begun.
type SignedIn struct {
	Secret    string // what the browser keeps and shows
	ExpiresAt time.Time
	Person    *Person
	ReturnTo  string
}

// open begins a session, with a secret that nobody has seen before.
func (a *Accounts) open(ctx context.Context, person *Person, returnTo string, from Origin) (SignedIn, error) {
	secret, now := newSecret(), database.Now()
	session := &Session{
		ID: database.NewID(), Hash: hashOf(secret), PersonID: person.ID, Agent: cut(from.Agent), Address: from.Address,
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(a.cfg.SessionLife),
	}
	err := a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := holdPassword(ctx, tx, person); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(session).Exec(ctx); err != nil {
			return fmt.Errorf("store a session: %w", err)
		}
		return record(ctx, tx, Entry{Action: SignIn, ActorID: person.ID, PersonID: person.ID, Address: from.Address})
	})
	return SignedIn{secret, session.ExpiresAt, person, returnTo}, err
}

// newSecret is a text of 260 random bits.
func newSecret() string { return rand.Text() + rand.Text() }

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func cut(agent string) string {
	text, err := line("agent", agent[:min(len(agent), maxAgent)], maxAgent)
	if err != nil {
		return ""
	}
	return text
}

// BySession returns who keeps a session's secret; ok is false where there is no
// such session, or no longer.
func (a *Accounts) BySession(ctx context.Context, secret string) (v Visitor, ok bool, err error) {
	session := new(Session)
	err = a.db.NewSelect().Model(session).Relation("Person").
		Where("session.hash = ? AND session.expires_at > ?", hashOf(secret), database.Now()).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Visitor{}, false, nil
	}
	if err != nil {
		return Visitor{}, false, fmt.Errorf("look for a session: %w", err)
	}
	if now := database.Now(); now.Sub(session.SeenAt) > seenEvery {
		if _, err := a.db.NewUpdate().Model(session).Set("seen_at = ?", now).WherePK().Exec(ctx); err != nil {
			return Visitor{}, false, fmt.Errorf("note that a session is used: %w", err)
		}
	}
	return Visitor{Person: session.Person, SessionID: session.ID}, true, nil
}

// Sessions lists where a person is signed in, newest first.
func (a *Accounts) Sessions(ctx context.Context, personID string) ([]Session, error) {
	var all []Session
	err := a.db.NewSelect().Model(&all).Where("person_id = ? AND expires_at > ?", personID, database.Now()).OrderExpr("id DESC").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return all, nil
}

// SignOut ends one session of a person, or a NotFound Error.
func (a *Accounts) SignOut(ctx context.Context, personID, sessionID string) error {
	res, err := a.db.NewDelete().Model((*Session)(nil)).Where("id = ? AND person_id = ?", sessionID, personID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, notFound("there is no such session"))
	}
	return nil
}

// Forget ends the session with this secret, if there is one.
func (a *Accounts) Forget(ctx context.Context, secret string) error {
	if _, err := a.db.NewDelete().Model((*Session)(nil)).Where("hash = ?", hashOf(secret)).Exec(ctx); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// SignOutEverywhere ends all sessions of a person.
func (a *Accounts) SignOutEverywhere(ctx context.Context, personID string) error {
	return endSessions(ctx, a.db, personID, "")
}

// endSessions ends all sessions of a person but one.
func endSessions(ctx context.Context, db bun.IDB, personID, but string) error {
	if _, err := db.NewDelete().Model((*Session)(nil)).Where("person_id = ? AND id <> ?", personID, but).Exec(ctx); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// Sweep removes what is over: sessions, codes, waits and old entries of the record; and
// has forgotten those who have left, where that was interrupted.
func (a *Accounts) Sweep(ctx context.Context) error {
	now := database.Now()
	for _, q := range []*bun.DeleteQuery{
		a.db.NewDelete().Model((*Session)(nil)).Where("expires_at < ?", now),
		a.db.NewDelete().Model((*code)(nil)).Where("created_at < ?", now.Add(-codeMemory)),
		a.db.NewDelete().Model((*codeWait)(nil)).Where("next_at < ?", now.Add(-codeMemory)),
		a.db.NewDelete().Model((*Entry)(nil)).Where("at < ?", now.Add(-a.cfg.KeepRecord)),
	} {
		if _, err := q.Exec(ctx); err != nil {
			return fmt.Errorf("remove what is over: %w", err)
		}
	}
	return a.finishDepartures(ctx)
}
