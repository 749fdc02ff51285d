package newsletter

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"subclip/database"
	"subclip/mail"

	"github.com/uptrace/bun"
)

// Paths of the pages that links in messages lead to; both take ?token=.
const (
	ConfirmPath = "/newsletter/confirm"
	LeavePath   = "/newsletter/unsubscribe"
)

// confirmLife is how long a link that confirms works.
const confirmLife = 48 * time.Hour

// SubscriberStatus is whether an address gets the newsletter.
type SubscriberStatus string

// The states of a subscription. All but active get nothing.
const (
	SubscriberPending SubscriberStatus = "pending"      // it has not confirmed yet
	SubscriberActive  SubscriberStatus = "active"       // it gets the newsletter
	SubscriberLeft    SubscriberStatus = "unsubscribed" // it has ended the subscription
	SubscriberBounced SubscriberStatus = "bounced"      // its mail server says that it does not exist
)

// SubscriberStatuses lists all states.
func SubscriberStatuses() []string {
	return []string{string(SubscriberPending), string(SubscriberActive), string(SubscriberLeft), string(SubscriberBounced)}
}

// Wish is what somebody asks for.
type Wish struct {
	Address  string   `json:"-"`
	Language string   `json:"language"` // BCP 47 tag; of those that messages have, the one that suits
	Topics   []string `json:"topics"`   // of Catalog.Topics; none means all
}

// Subscriber is an address that was asked to get the newsletter.
type Subscriber struct {
	bun.BaseModel `bun:"table:newsletter_subscribers"`

	ID           string `bun:",pk"`
	Address      string
	AddressKey   string
	Status       SubscriberStatus
	Reason       string // why it bounced, for editors
	Language     string
	TopicList    string         `bun:"topics"`
	Wish         Wish           // takes the place of language and topics when it is confirmed
	ConfirmHash  sql.NullString // of the link's token
	ConfirmUntil time.Time
	LeaveToken   string
	AskedAt      string // when it was asked to confirm, as a JSON list
	CreatedAt    time.Time
	ChangedAt    time.Time
}

// Topics are those that the subscriber chose; none means all.
func (s *Subscriber) Topics() []string { return splitTopics(s.TopicList) }

// Subscribe sends a link to an address with which it gets the newsletter, or, where
// it gets it already, changes language and topics. There is no answer but the
// link: nobody learns from here who reads what. A mistake is a catalog.Error.
func (n *Newsletter) Subscribe(ctx context.Context, wish Wish) error {
	wish, err := n.check(wish)
	if err != nil {
		return err
	}
	if err := know(ctx, n.db, wish); err != nil {
		return err
	}
	token, err := n.ask(ctx, wish)
	if err != nil {
		return err
	}
	if token == "" {
		n.log.Info("an address was asked to confirm too often; it is left alone for now")
		return nil
	}
	message, err := n.mailer.Compose(mail.ConfirmNewsletter, wish.Language, wish.Address, mail.Data{
		Link: n.mailer.Link(ConfirmPath, url.Values{"token": {token}}), Hours: int(confirmLife.Hours()),
	})
	if err != nil {
		return err
	}
	err = n.mailer.Send(ctx, message)
	if errors.Is(err, mail.ErrAddress) {
		return invalid("address", "the mail server says that this address does not exist: check it")
	}
	return err
}

// check brings a wish into the form in which it is stored, or says what is wrong with it.
func (n *Newsletter) check(wish Wish) (Wish, error) {
	address, err := mail.ParseAddress(wish.Address)
	if mistake, ok := errors.AsType[*mail.InvalidError](err); ok {
		return wish, invalid("address", "%s", mistake.Message)
	}
	if err != nil {
		return wish, err
	}
	if err := n.catalog.CheckTopics(wish.Topics); err != nil {
		return wish, err
	}
	wish.Address, wish.Language = address, mail.PickLanguage(wish.Language)
	slices.Sort(wish.Topics)
	wish.Topics = slices.Compact(wish.Topics)
	if wish.Topics == nil {
		wish.Topics = []string{}
	}
	return wish, nil
}

// know makes sure that there is a row for the address.
func know(ctx context.Context, db bun.IDB, wish Wish) error {
	now := database.Now()
	row := &Subscriber{
		ID: database.NewID(), Address: wish.Address, AddressKey: mail.AddressKey(wish.Address), Status: SubscriberPending,
		Language: wish.Language, Wish: wish, LeaveToken: rand.Text(), AskedAt: "[]", ConfirmUntil: now, CreatedAt: now, ChangedAt: now,
	}
	if _, err := db.NewInsert().Model(row).On("CONFLICT (address_key) DO NOTHING").Exec(ctx); err != nil {
		return fmt.Errorf("store a subscriber: %w", err)
	}
	return nil
}

// ask notes that an address is asked, and returns the token of the link to send
// it, or none where it was asked too often. The list of times is compared when it
// is written, so that requests at the same instant are counted as well.
func (n *Newsletter) ask(ctx context.Context, wish Wish) (token string, err error) {
	for {
		var row Subscriber
		if err := n.db.NewSelect().Model(&row).Where("address_key = ?", mail.AddressKey(wish.Address)).Scan(ctx); err != nil {
			return "", fmt.Errorf("read a subscriber: %w", err)
		}
		asked, err := n.askedAgain(row.AskedAt)
		if err != nil || asked == "" {
			return "", err
		}
		token := rand.Text()
		now := database.Now()
		res, err := n.db.NewUpdate().Model((*Subscriber)(nil)).
			Set("wish = ?, confirm_hash = ?, confirm_until = ?, asked_at = ?, changed_at = ?", wish, hash(token), now.Add(confirmLife), asked, now).
			Where("id = ? AND asked_at = ?", row.ID, row.AskedAt).Exec(ctx)
		if err != nil {
			return "", fmt.Errorf("note that a subscriber is asked: %w", err)
		}
		if changed, err := res.RowsAffected(); err != nil || changed > 0 {
			return token, err //nolint:wrapcheck // neither driver fails here
		}
	}
}

// askedAgain adds the present to a list of times and leaves out what is more than
// an hour past. It is empty where the hour has enough.
func (n *Newsletter) askedAgain(list string) (string, error) {
	var times []time.Time
	if err := json.Unmarshal([]byte(list), &times); err != nil {
		return "", fmt.Errorf("read when a subscriber was asked: %w", err)
	}
	now := database.Now()
	times = slices.DeleteFunc(times, func(t time.Time) bool { return t.Before(now.Add(-time.Hour)) })
	if len(times) >= n.cfg.Asks {
		return "", nil
	}
	data, err := json.Marshal(append(times, now))
	if err != nil {
		return "", fmt.Errorf("note when a subscriber was asked: %w", err)
	}
	return string(data), nil
}

// Confirm begins the subscription whose link has this token; a second time it
// finds it begun. A link that is not, or no longer, good is a catalog.Error.
func (n *Newsletter) Confirm(ctx context.Context, token string) (Subscriber, error) {
	var row Subscriber
	err := n.db.NewSelect().Model(&row).Where("confirm_hash = ? AND confirm_until > ?", hash(token), database.Now()).Scan(ctx)
	if err == nil {
		err = n.db.NewUpdate().Model(&row).
			Set("status = ?, reason = '', language = ?, topics = ?, changed_at = ?", SubscriberActive, row.Wish.Language, joinTopics(row.Wish.Topics), database.Now()).
			Where("id = ? AND confirm_hash = ?", row.ID, row.ConfirmHash.String).Returning("*").Scan(ctx)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return row, notFound("this link does not work any more: subscribe again, and use the link of the newest message")
	}
	if err != nil {
		return row, fmt.Errorf("confirm a subscription: %w", err)
	}
	return row, nil
}

// LinkLanguage is the language to speak to whoever opens a link with this token,
// or none where the token is unknown.
func (n *Newsletter) LinkLanguage(ctx context.Context, token string) string {
	var row Subscriber
	err := n.db.NewSelect().Model(&row).Where("confirm_hash = ? OR leave_token = ?", hash(token), token).Limit(1).Scan(ctx)
	switch {
	case err != nil:
		return ""
	case row.LeaveToken == token:
		return row.Language
	}
	return row.Wish.Language
}

// Unsubscribe ends the subscription whose link has this token; a second time it
// finds it ended. An unknown token is a catalog.Error.
func (n *Newsletter) Unsubscribe(ctx context.Context, token string) (Subscriber, error) {
	row, err := n.end(ctx, "leave_token = ?", token)
	if errors.Is(err, sql.ErrNoRows) {
		return row, notFound("this link is not complete: copy all of it from the message")
	}
	return row, err
}

func (n *Newsletter) end(ctx context.Context, which string, arg any) (row Subscriber, err error) {
	err = n.db.NewUpdate().Model(&row).
		Set("status = ?, confirm_hash = NULL, changed_at = ?", SubscriberLeft, database.Now()).
		Where(which, arg).Returning("*").Scan(ctx)
	return row, wrapped(err, "end a subscription")
}

// Subscribers returns a page of those in a state, newest first, of all where it is
// empty, and the cursor of the next page, empty after the last.
func (n *Newsletter) Subscribers(ctx context.Context, status SubscriberStatus, cursor string, limit int) (page []Subscriber, next string, err error) {
	query := n.db.NewSelect().Model(&page).Where("address <> ''").OrderExpr("id DESC").Limit(int64(limit) + 1)
	if status != "" {
		query.Where("status = ?", status)
	}
	if cursor != "" {
		query.Where("id < ?", cursor)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("list subscribers: %w", err)
	}
	page, next = database.Page(page, limit, func(row *Subscriber) string { return row.ID })
	return page, next, nil
}

// forgetPending removes the addresses that somebody typed and nobody confirmed.
func (n *Newsletter) forgetPending(ctx context.Context) error {
	_, err := n.db.NewDelete().Model((*Subscriber)(nil)).
		Where("status = ? AND confirm_until < ? AND created_at < ?", SubscriberPending, database.Now(), database.Now().Add(-confirmLife)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("forget addresses that were not confirmed: %w", err)
	}
	return nil
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
