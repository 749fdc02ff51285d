package webhooks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// DeliveryStatus is how far a delivery is.
type DeliveryStatus string

// The states of a delivery.
const (
	Waiting   DeliveryStatus = "waiting"   // it is due at NextAt
	Delivered DeliveryStatus = "delivered" // the receiver has answered 2xx
	GivenUp   DeliveryStatus = "failed"    // it was tried for a day
)

// Delivery is one event on its way to one webhook.
type Delivery struct {
	bun.BaseModel `bun:"table:webhook_deliveries,alias:delivery"`

	ID         string `bun:",pk"` // the webhook-id, by which receivers know what they have had
	WebhookID  string
	Event      string
	Body       string
	Status     DeliveryStatus
	Attempts   int    // so far; also a fence: a result names the attempt it is of
	Answer     int    // HTTP status of the last attempt, 0 if there was none
	Failure    string // why the last attempt failed
	CreatedAt  time.Time
	BegunAt    time.Time // the day of trying counts from here
	NextAt     time.Time
	TakenUntil time.Time `bun:",nullzero"` // somebody is sending it
	EndedAt    time.Time `bun:",nullzero"`

	Webhook *Hook `bun:"rel:belongs-to,join:webhook_id=id"`
}

// MaxDeliveries is the most deliveries of one page.
const MaxDeliveries = 200

// Deliveries returns a page of what was sent to a person's webhook, newest first,
// before one if it is named. Errors: NotFound.
func (w *Webhooks) Deliveries(ctx context.Context, owner Owner, hookID, before string, limit int) ([]Delivery, error) {
	if _, err := w.Get(ctx, owner, hookID); err != nil {
		return nil, err
	}
	all := []Delivery{}
	q := w.db.NewSelect().Model(&all).Where("webhook_id = ?", hookID).
		OrderExpr("id DESC").Limit(int64(min(max(limit, 1), MaxDeliveries)))
	if before != "" {
		q.Where("id < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return all, nil
}

// Redeliver sends something again at once, under the same webhook-id and with the
// same body, and tries for another day. Errors: NotFound, Conflict.
func (w *Webhooks) Redeliver(ctx context.Context, owner Owner, hookID, id string) (*Delivery, error) {
	hook, err := w.Get(ctx, owner, hookID)
	if err != nil {
		return nil, err
	}
	if !hook.Enabled {
		return nil, conflict("the webhook is not enabled: enable it first")
	}
	delivery, now := new(Delivery), database.Now()
	err = w.db.NewUpdate().Model(delivery).
		Set("status = ?, begun_at = ?, next_at = ?, ended_at = NULL", Waiting, now, now).
		Where("id = ? AND webhook_id = ?", id, hookID).Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound("there is no delivery %q", id)
	}
	if err != nil {
		return nil, fmt.Errorf("repeat delivery %s: %w", id, err)
	}
	return delivery, nil
}

// Sweep forgets deliveries that ended longer ago than they are kept.
func (w *Webhooks) Sweep(ctx context.Context) error {
	_, err := w.db.NewDelete().Model((*Delivery)(nil)).Where("ended_at < ?", database.Now().Add(-w.cfg.Keep)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("forget old deliveries: %w", err)
	}
	return nil
}
