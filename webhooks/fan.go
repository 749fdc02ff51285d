package webhooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/database"

	"github.com/uptrace/bun"
)

// eventsAtOnce bounds one transaction.
const eventsAtOnce = 100

// message is the body of a delivery.
type message struct {
	Type      catalog.EventKind `json:"type"`
	Timestamp time.Time         `json:"timestamp"` // when it happened
	Data      catalog.EventData `json:"data"`
}

// fanOut makes deliveries of all events that there are.
func (w *Webhooks) fanOut(ctx context.Context) error {
	for {
		n, err := w.catalog.TakeEvents(ctx, eventsAtOnce, store)
		if err != nil || n < eventsAtOnce {
			return err
		}
	}
}

// listener is a webhook, and what its owner may do by now.
type listener struct {
	Hook `bun:",extend"`

	Role accounts.Role
}

// listening selects webhooks with their owners; one whose owner is gone is not found.
func listening(db bun.IDB, into any) *bun.SelectQuery {
	return db.NewSelect().Model(into).ColumnExpr("webhook.*, person.role").Join("JOIN people AS person ON person.id = webhook.person_id")
}

func store(ctx context.Context, tx bun.Tx, events []catalog.Event) error {
	var listeners []listener
	if err := listening(tx, &listeners).Where("webhook.enabled").OrderExpr("webhook.id").Scan(ctx); err != nil {
		return fmt.Errorf("look for webhooks: %w", err)
	}
	var deliveries []*Delivery
	for _, event := range events {
		body, err := json.Marshal(message{event.Kind, event.CreatedAt, event.Data})
		if err != nil {
			return fmt.Errorf("write the event %s: %w", event.Kind, err)
		}
		for i := range listeners {
			if listeners[i].hears(&event) {
				now := database.Now()
				deliveries = append(deliveries, &Delivery{
					ID: database.NewID(), WebhookID: listeners[i].ID, Event: string(event.Kind), Body: string(body),
					Status: Waiting, CreatedAt: now, BegunAt: now, NextAt: now,
				})
			}
		}
	}
	if len(deliveries) == 0 {
		return nil
	}
	if _, err := tx.NewInsert().Model(&deliveries).Exec(ctx); err != nil {
		return fmt.Errorf("store deliveries: %w", err)
	}
	return nil
}

// hears reports whether a webhook wants an event that its owner may know of.
func (l *listener) hears(event *catalog.Event) bool {
	if !slices.Contains(l.EventList(), string(event.Kind)) {
		return false
	}
	if event.Kind.OfAssets() {
		return l.Role.AtLeast(accounts.Editor)
	}
	return l.PersonID == event.PersonID
}

// errWithheld says that a delivery must not be sent any more.
var errWithheld = errors.New("the webhook's owner may no longer see what it is about")

// mayHear says errWithheld where what a delivery tells is no longer for the webhook's
// owner: they are no editor any more, or it was put under an embargo, or withdrawn.
func (w *Webhooks) mayHear(ctx context.Context, l *listener, delivery *Delivery) error {
	var told message
	if err := json.Unmarshal([]byte(delivery.Body), &told); err != nil {
		return fmt.Errorf("read delivery %s: %w", delivery.ID, err)
	}
	owner := catalog.Asker{ID: l.PersonID, Editor: l.Role.AtLeast(accounts.Editor)}
	may, err := w.catalog.MayTell(ctx, owner, told.Type, told.Data.ID)
	if err == nil && !may {
		err = errWithheld
	}
	return err
}
