package newsletter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"subclip/database"
	"subclip/mail"

	"github.com/uptrace/bun"
)

// The methods here are for somebody who has proved that an address is theirs: people
// with an account, whose subscription is the one of their confirmed address.

// SubscribeOwn begins the subscription of an address without asking it, or changes
// language and topics. A mistake is a catalog.Error.
func (n *Newsletter) SubscribeOwn(ctx context.Context, wish Wish) (Subscriber, error) {
	var row Subscriber
	wish, err := n.check(wish)
	if err != nil {
		return row, err
	}
	return row, n.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row, err = begin(ctx, tx, wish)
		return err
	})
}

// begin makes an address a reader. Links that were sent to it before work no more.
func begin(ctx context.Context, tx bun.Tx, wish Wish) (row Subscriber, err error) {
	if err := know(ctx, tx, wish); err != nil {
		return row, err
	}
	err = tx.NewUpdate().Model(&row).
		Set("status = ?, reason = '', language = ?, topics = ?, wish = ?, confirm_hash = NULL, changed_at = ?",
			SubscriberActive, wish.Language, joinTopics(wish.Topics), wish, database.Now()).
		Where("address_key = ?", mail.AddressKey(wish.Address)).Returning("*").Scan(ctx)
	return row, wrapped(err, "begin a subscription")
}

// Own returns what is kept of an address, a subscription that has ended too, or a
// catalog.Error.
func (n *Newsletter) Own(ctx context.Context, address string) (row Subscriber, err error) {
	err = n.db.NewSelect().Model(&row).Where("address_key = ?", mail.AddressKey(address)).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return row, notFound("your address has no subscription")
	}
	return row, wrapped(err, "look for a subscription")
}

// Leave ends the subscription of an address; a second time it finds it ended. Where
// there is none, that is a catalog.Error.
func (n *Newsletter) Leave(ctx context.Context, address string) (Subscriber, error) {
	row, err := n.end(ctx, "address_key = ?", mail.AddressKey(address))
	if errors.Is(err, sql.ErrNoRows) {
		return row, notFound("your address has no subscription")
	}
	return row, err
}

// Follow takes a subscription from an address to another one of the same person.
func (n *Newsletter) Follow(ctx context.Context, from, to string) error {
	if mail.AddressKey(from) == mail.AddressKey(to) {
		return nil
	}
	return n.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var former Subscriber
		err := tx.NewSelect().Model(&former).Where("address_key = ?", mail.AddressKey(from)).Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look for a subscription: %w", err)
		}
		if former.Status == SubscriberActive {
			if _, err := begin(ctx, tx, Wish{Address: to, Language: former.Language, Topics: former.Topics()}); err != nil {
				return err
			}
		}
		return forget(ctx, tx, former.AddressKey, database.Now())
	})
}

// Forget removes what is kept of an address, by its key, and was last changed until a
// time: what came later is somebody's new wish. What was sent to it stays counted.
func (n *Newsletter) Forget(ctx context.Context, addressKey string, until time.Time) error {
	return n.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error { return forget(ctx, tx, addressKey, until) })
}

func forget(ctx context.Context, tx bun.Tx, addressKey string, until time.Time) error {
	_, err := tx.NewDelete().Model((*Subscriber)(nil)).Where("address_key = ? AND changed_at <= ?", addressKey, until).
		Where("NOT EXISTS (SELECT 1 FROM newsletter_deliveries WHERE subscriber_id = subscriber.id)").Exec(ctx)
	if err != nil {
		return fmt.Errorf("remove a subscriber: %w", err)
	}
	// Deliveries name the row: of it stays that somebody was there.
	_, err = tx.NewUpdate().Model((*Subscriber)(nil)).
		Set("address = '', address_key = 'forgotten ' || id, leave_token = 'forgotten ' || id, confirm_hash = NULL").
		Set("status = ?, reason = '', language = '', topics = '', wish = ?, asked_at = '[]'", SubscriberLeft, Wish{}).
		Where("address_key = ? AND changed_at <= ?", addressKey, until).Exec(ctx)
	return wrapped(err, "forget a subscriber")
}
