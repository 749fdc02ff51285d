package webhooks

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"subclip/catalog"
	"subclip/database"

	"github.com/uptrace/bun"
)

const (
	// MaxHooks is the most webhooks of one person.
	MaxHooks = 20

	secretPrefix = "whsec_" // of Standard Webhooks
	secretBytes  = 32
)

// Hook is somebody's wish to be told.
type Hook struct {
	bun.BaseModel `bun:"table:webhooks,alias:webhook"`

	ID       string `bun:",pk"`
	PersonID string // whose it is
	URL      string
	Events   string // separated by blanks
	Secret   string // it has to be known to sign, so it is stored as it is
	Enabled  bool   // nothing is sent while it is not
	catalog.Idempotency
	CreatedAt time.Time
}

// EventList is the kinds of events that are wanted.
func (h *Hook) EventList() []string { return strings.Fields(h.Events) }

// Owner is who registers a webhook.
type Owner struct {
	PersonID  string
	Publishes bool // may be told of assets
}

// Change is what is to be different about a webhook; nil fields stay.
type Change struct {
	URL     *string
	Events  []string
	Enabled *bool
}

// Create registers a webhook, with a secret of its own. The same idempotency key
// with the same request gives the same webhook. Errors: a catalog.Error that is
// Invalid or a Conflict.
func (w *Webhooks) Create(ctx context.Context, owner Owner, target string, events []string, idempotency catalog.Idempotency) (*Hook, error) {
	if idempotency.IdempotencyKey != "" {
		idempotency.IdempotencyKey = owner.PersonID + " " + idempotency.IdempotencyKey
	}
	wanted, err := checkEvents(owner, events)
	if err != nil {
		return nil, err
	}
	if earlier, err := w.earlier(ctx, idempotency); earlier != nil || err != nil {
		return earlier, err
	}
	if err := w.checkTarget(ctx, target); err != nil {
		return nil, err
	}
	n, err := w.db.NewSelect().Model((*Hook)(nil)).Where("person_id = ?", owner.PersonID).Count(ctx)
	if err != nil {
		return nil, fmt.Errorf("count webhooks: %w", err)
	}
	if n >= MaxHooks {
		return nil, conflict(fmt.Sprintf("you have %d webhooks, as many as one can have: delete one first", MaxHooks))
	}
	hook := &Hook{
		ID: database.NewID(), PersonID: owner.PersonID, URL: target, Events: wanted, Secret: newSecret(), Enabled: true,
		Idempotency: idempotency, CreatedAt: database.Now(),
	}
	res, err := w.db.NewInsert().Model(hook).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("store a webhook: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		earlier, foundErr := w.earlier(ctx, idempotency)
		return earlier, errors.Join(err, foundErr)
	}
	return hook, nil
}

// earlier finds the webhook of a request that was sent before.
func (w *Webhooks) earlier(ctx context.Context, idempotency catalog.Idempotency) (*Hook, error) {
	if idempotency.IdempotencyKey == "" {
		return nil, nil //nolint:nilnil // without a key there is none
	}
	hook := new(Hook)
	err := w.db.NewSelect().Model(hook).Where("idempotency_key = ?", idempotency.IdempotencyKey).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // the first request is the ordinary one
	}
	if err != nil {
		return nil, fmt.Errorf("look for an earlier request: %w", err)
	}
	if hook.IdempotencyHash != idempotency.IdempotencyHash {
		return nil, invalid("", "this Idempotency-Key was used for another request: use a new key")
	}
	return hook, nil
}

func newSecret() string {
	key := make([]byte, secretBytes)
	_, _ = rand.Read(key) // it never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// checkEvents brings kinds into the form in which they are stored.
func checkEvents(owner Owner, events []string) (string, error) {
	if len(events) == 0 {
		return "", invalid("events", "name at least one event")
	}
	for i, name := range events {
		kind := catalog.EventKind(name)
		field := fmt.Sprintf("events[%d]", i)
		if !slices.Contains(catalog.EventKinds(), kind) {
			return "", invalid(field, fmt.Sprintf("there is no event %q", name))
		}
		if kind.OfAssets() && !owner.Publishes {
			return "", invalid(field, name+" is for editors, and for tokens with the scope publish")
		}
	}
	return strings.Join(slices.Compact(slices.Sorted(slices.Values(events))), " "), nil
}

// shows reports whether an owner may see a webhook of theirs. What is told of assets is
// for who publishes: a token without that scope, or somebody who is no editor any more,
// could read it in deliveries, or lead it elsewhere.
func (o Owner) shows(hook *Hook) bool {
	return o.Publishes || !slices.ContainsFunc(strings.Fields(hook.Events), func(name string) bool {
		return catalog.EventKind(name).OfAssets()
	})
}

// List returns a person's webhooks, newest first.
func (w *Webhooks) List(ctx context.Context, owner Owner) ([]Hook, error) {
	hooks := []Hook{}
	if err := w.db.NewSelect().Model(&hooks).Where("person_id = ?", owner.PersonID).OrderExpr("id DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list webhooks: %w", err)
	}
	return slices.DeleteFunc(hooks, func(h Hook) bool { return !owner.shows(&h) }), nil
}

// Get returns one webhook of a person, or a NotFound Error; somebody else's, and one
// that the owner may not see, is not found either.
func (w *Webhooks) Get(ctx context.Context, owner Owner, id string) (*Hook, error) {
	hook := new(Hook)
	err := w.db.NewSelect().Model(hook).Where("id = ? AND person_id = ?", id, owner.PersonID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && !owner.shows(hook)) {
		return nil, notFound("there is no webhook %q", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read webhook %s: %w", id, err)
	}
	return hook, nil
}

// Update changes a webhook; deliveries that wait go to where it then leads.
func (w *Webhooks) Update(ctx context.Context, owner Owner, id string, change Change) (*Hook, error) {
	hook, err := w.Get(ctx, owner, id)
	if err != nil {
		return nil, err
	}
	if change.URL != nil && *change.URL != hook.URL {
		if err := w.checkTarget(ctx, *change.URL); err != nil {
			return nil, err
		}
		hook.URL = *change.URL
	}
	if change.Events != nil {
		if hook.Events, err = checkEvents(owner, change.Events); err != nil {
			return nil, err
		}
	}
	if change.Enabled != nil {
		hook.Enabled = *change.Enabled
	}
	if _, err := w.db.NewUpdate().Model(hook).Column("url", "events", "enabled").WherePK().Exec(ctx); err != nil {
		return nil, fmt.Errorf("change webhook %s: %w", id, err)
	}
	return hook, nil
}

// Delete forgets a webhook and its deliveries.
func (w *Webhooks) Delete(ctx context.Context, owner Owner, id string) error {
	if _, err := w.Get(ctx, owner, id); err != nil {
		return err
	}
	res, err := w.db.NewDelete().Model((*Hook)(nil)).Where("id = ? AND person_id = ?", id, owner.PersonID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("delete webhook %s: %w", id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, notFound("there is no webhook %q", id))
	}
	return nil
}

func notFound(format string, args ...any) error {
	return &catalog.Error{Kind: catalog.NotFound, Message: fmt.Sprintf(format, args...)}
}

func conflict(message string) error { return &catalog.Error{Kind: catalog.Conflict, Message: message} }
