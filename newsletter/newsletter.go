// Package newsletter is subscriptions by e-mail: who gets the newsletter, what an
// issue says, and the sending of it to thousands.
//
// An address subscribes twice over (double opt-in): asking for it sends a link,
// and only the link makes it so. Every message has a link that ends it, one that
// mail programs use by themselves too (RFC 8058). Whoever asks learns nothing of
// the address: the answer is the same whether it is known or not, and one address
// is sent only so many links an hour, however often someone asks.
//
// An issue is composed by an editor out of recent stories and assets. Sending it makes one row for each reader, a Delivery, in the transaction
// that makes it "sending"; then a ticket in the queue. The row has an owner
// with a heartbeat, as the catalogue's jobs have, so that another worker takes over
// from one that dies.
//
// Nobody gets an issue twice. A delivery is claimed, in the database, before its
// message is handed to the mail server, and a claimed one is never sent again by
// anyone: at most once. The price is the message that was under way when a worker
// was killed, or whose server fell silent: it may not have arrived, cannot be asked
// for, and is counted as uncertain. At least once would cost a reader the same
// letter again and the sender the name of a spammer, so a letter may be lost, and is
// seen to be. A message that the server refused for now is known not to have gone
// out, so its delivery waits for another try.
//
// Files: subscriber.go is who reads, own.go what people with an account do about their
// own address, issue.go and item.go what they get, render.go how it looks;
// delivery.go and turn.go are the rows that sending goes by; sender.go sends.
package newsletter

import (
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"subclip/catalog"
	"subclip/database"
	"subclip/mail"
	"subclip/queue"
)

// Config says how fast messages go out. What may be subscribed to are the catalogue's
// topics.
type Config struct {
	Rate int `env:"SUBCLIP_NEWSLETTER_RATE" envDefault:"600" desc:"most messages of the newsletter a minute, 1 to 60000"`
	Asks int `env:"SUBCLIP_NEWSLETTER_ASKS" envDefault:"3" desc:"most messages an hour that ask one address to confirm, 1 to 100"`
}

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	switch {
	case c.Rate < 1 || c.Rate > 60_000:
		return fmt.Errorf("SUBCLIP_NEWSLETTER_RATE is %d: use 1 to 60000", c.Rate)
	case c.Asks < 1 || c.Asks > 100:
		return fmt.Errorf("SUBCLIP_NEWSLETTER_ASKS is %d: use 1 to 100", c.Asks)
	}
	return nil
}

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the changes of the newsletter's tables.
func Migrations() fs.FS { return migrations }

// Newsletter is the subscriptions and the issues. It is safe for concurrent use.
type Newsletter struct {
	cfg     Config
	db      *database.DB
	catalog *catalog.Catalog
	queue   *queue.Queue
	mailer  *mail.Mailer
	views   *views
	log     *slog.Logger
}

// Parts is what the newsletter works on. The database's rooms include Migrations.
type Parts struct {
	DB      *database.DB
	Catalog *catalog.Catalog
	Queue   *queue.Queue
	Mailer  *mail.Mailer
	Log     *slog.Logger
}

// New makes a newsletter.
func New(cfg Config, p Parts) (*Newsletter, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	views, err := newViews()
	if err != nil {
		return nil, err
	}
	return &Newsletter{cfg: cfg, db: p.DB, catalog: p.Catalog, queue: p.Queue, mailer: p.Mailer, views: views, log: p.Log}, nil
}

// Topics are those that readers choose from; none means one newsletter for all.
func (n *Newsletter) Topics() []string { return n.catalog.Topics() }

// Topics are kept as |one|other|, which SQL can look into.
func joinTopics(topics []string) string {
	if len(topics) == 0 {
		return ""
	}
	return "|" + strings.Join(topics, "|") + "|"
}

func splitTopics(joined string) []string {
	if joined == "" {
		return []string{}
	}
	return strings.Split(strings.Trim(joined, "|"), "|")
}

func invalid(field, format string, args ...any) error {
	return &catalog.Error{Kind: catalog.Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) error {
	return &catalog.Error{Kind: catalog.NotFound, Message: fmt.Sprintf(format, args...)}
}

func conflict(format string, args ...any) error {
	return &catalog.Error{Kind: catalog.Conflict, Message: fmt.Sprintf(format, args...)}
}
