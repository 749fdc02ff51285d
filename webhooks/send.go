package webhooks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"subclip/database"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/uptrace/bun"
)

const (
	lookEvery = 500 * time.Millisecond
	// atOnce is how many deliveries one process sends at a time; of each webhook
	// all processes send one, so that a slow receiver holds up its own alone.
	atOnce = 16
	// spare is the time beside the receiver's that a delivery is taken for.
	spare = 20 * time.Second

	tryFor    = 24 * time.Hour
	firstWait = 10 * time.Second
	longest   = 4 * time.Hour

	maxAnswer = 64 << 10 // bytes that are read, so that the connection can be used again
)

// Run makes deliveries of what happens, and sends them, until ctx ends; then it
// waits for those that are being sent.
func (w *Webhooks) Run(ctx context.Context) error {
	places := make(chan struct{}, atOnce)
	var sending sync.WaitGroup
	defer sending.Wait()
	again := make(chan struct{}, 1)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := w.round(ctx, places, &sending, again); err != nil && ctx.Err() == nil {
			w.log.Error("webhooks wait and will be tried again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-again:
		}
	}
	return nil
}

// round begins to send all that is due and has a place.
func (w *Webhooks) round(ctx context.Context, places chan struct{}, sending *sync.WaitGroup, again chan<- struct{}) error {
	if err := w.fanOut(ctx); err != nil {
		return err
	}
	for {
		select {
		case places <- struct{}{}:
		default:
			return nil
		}
		delivery, err := w.take(ctx)
		if delivery == nil || err != nil {
			<-places
			return err
		}
		sending.Go(func() {
			defer func() { <-places }()
			w.deliver(context.WithoutCancel(ctx), delivery)
			select {
			case again <- struct{}{}:
			default: // it will look anyway
			}
		})
	}
}

// atOncePerPerson is how many deliveries of one person are sent together, however many
// webhooks they have: a few slow receivers are not to hold up everybody's.
const atOncePerPerson = 4

// take makes the delivery that is longest due this process's, for as long as
// sending takes at most. It returns nil where there is none.
func (w *Webhooks) take(ctx context.Context) (*Delivery, error) {
	delivery, now := new(Delivery), database.Now()
	due := w.db.NewSelect().Model((*Delivery)(nil)).Column("delivery.id").
		Join("JOIN webhooks AS webhook ON webhook.id = delivery.webhook_id").
		Where("webhook.enabled AND delivery.status = ? AND delivery.next_at <= ?", Waiting, now).
		Where("NOT EXISTS (SELECT 1 FROM webhook_deliveries AS other WHERE other.webhook_id = delivery.webhook_id AND other.taken_until > ?)", now).
		Where("(SELECT COUNT(*) FROM webhook_deliveries AS other JOIN webhooks AS theirs ON theirs.id = other.webhook_id "+
			"WHERE theirs.person_id = webhook.person_id AND other.taken_until > ?) < ?", now, atOncePerPerson).
		OrderExpr("delivery.next_at, delivery.id").Limit(1)
	err := w.db.NewUpdate().Model(delivery).
		Set("attempts = attempts + 1, taken_until = ?", now.Add(w.cfg.Timeout+spare)).
		Where("id = (?) AND status = ? AND (taken_until IS NULL OR taken_until <= ?)", due, Waiting, now).
		Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing is due most of the time
	}
	if err != nil {
		return nil, fmt.Errorf("take a delivery: %w", err)
	}
	return delivery, nil
}

// deliver tries once and writes how it went. What cannot be read or written is tried
// again.
func (w *Webhooks) deliver(ctx context.Context, delivery *Delivery) {
	log := w.log.With("delivery", delivery.ID, "webhook", delivery.WebhookID, "attempt", delivery.Attempts)
	to := new(listener)
	err := listening(w.db, to).Where("webhook.id = ?", delivery.WebhookID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return // it was deleted meanwhile, or its owner, and the delivery with it
	}
	if err == nil {
		err = w.attempt(ctx, to, delivery, log)
	}
	if err != nil {
		log.Error("a delivery, or how it went, could not be read or written; it will be sent again", "error", err)
	}
}

// attempt sends a delivery, if it may still be sent, and writes how it went.
func (w *Webhooks) attempt(ctx context.Context, to *listener, delivery *Delivery, log *slog.Logger) error {
	status, failure := 0, w.mayHear(ctx, to, delivery)
	switch {
	case failure == nil:
		status, failure = w.post(ctx, &to.Hook, delivery)
	case !errors.Is(failure, errWithheld):
		return failure
	}
	if failure != nil {
		log.Info("a delivery failed", "error", failure)
	}
	return w.conclude(ctx, delivery, status, failure)
}

// post sends the body to the receiver; anything but an answer 2xx is an error.
func (w *Webhooks) post(ctx context.Context, hook *Hook, delivery *Delivery) (status int, err error) {
	signer, err := standardwebhooks.NewWebhook(hook.Secret)
	if err != nil {
		return 0, fmt.Errorf("read the secret of webhook %s: %w", hook.ID, err)
	}
	now := time.Now()
	signature, err := signer.Sign(delivery.ID, now, []byte(delivery.Body))
	if err != nil {
		return 0, fmt.Errorf("sign: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, strings.NewReader(delivery.Body))
	if err != nil {
		return 0, fmt.Errorf("address the receiver: %w", err)
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "Subclip-Webhooks/1",
		standardwebhooks.HeaderWebhookID:        delivery.ID,
		standardwebhooks.HeaderWebhookTimestamp: strconv.FormatInt(now.Unix(), 10),
		standardwebhooks.HeaderWebhookSignature: signature,
	} {
		req.Header.Set(name, value)
	}
	res, err := w.client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("send: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.CopyN(io.Discard, res.Body, maxAnswer)
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return res.StatusCode, fmt.Errorf("the receiver answered %d", res.StatusCode)
	}
	return res.StatusCode, nil
}

// conclude writes how an attempt went: what failed is due again after a wait, until
// a day is over or it must not be sent. A receiver that is gone for good (410) has its
// webhook switched off.
func (w *Webhooks) conclude(ctx context.Context, delivery *Delivery, status int, failure error) error {
	now := database.Now()
	wait := nextWait(now.Sub(delivery.BegunAt))
	q := w.db.NewUpdate().Model(delivery).Set("answer = ?, taken_until = NULL", status)
	switch {
	case failure == nil:
		q.Set("status = ?, failure = '', ended_at = ?", Delivered, now)
	case status == http.StatusGone, errors.Is(failure, errWithheld), now.Add(wait).Sub(delivery.BegunAt) > tryFor:
		q.Set("status = ?, failure = ?, ended_at = ?", GivenUp, explain(status, failure), now)
	default:
		q.Set("failure = ?, next_at = ?", explain(status, failure), now.Add(wait))
	}
	return w.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := q.Conn(tx).Where("id = ? AND attempts = ?", delivery.ID, delivery.Attempts).Exec(ctx); err != nil {
			return fmt.Errorf("write how delivery %s went: %w", delivery.ID, err)
		}
		if status != http.StatusGone {
			return nil
		}
		if _, err := tx.NewUpdate().Model((*Hook)(nil)).Set("enabled = ?", false).Where("id = ?", delivery.WebhookID).Exec(ctx); err != nil {
			return fmt.Errorf("switch webhook %s off: %w", delivery.WebhookID, err)
		}
		return nil
	})
}

func explain(status int, failure error) string {
	switch {
	case status == 0:
		return reason(failure)
	case status >= 300 && status < 400:
		return fmt.Sprintf("the receiver answered %d: redirects are not followed, register the address that it leads to", status)
	}
	return fmt.Sprintf("the receiver answered %d", status)
}

// nextWait grows with the time already spent: 10 s, 20 s, 1 min, 3 min, 9 min, …
// and from then on 4 h.
func nextWait(spent time.Duration) time.Duration {
	return min(max(firstWait, 2*spent), longest)
}
