// Package webhooks tells other services what has happened: that a clip is ready,
// that an asset has failed. Who wants to be told registers an address, and what
// happens is POSTed there, signed as Standard Webhooks says.
//
// The catalogue stores an event in the transaction in which it happens. One
// transaction turns events into deliveries, a row for each webhook that wants it,
// with the body as it will be sent. A delivery is due at a time in its row; whoever
// takes it moves that time on first, so that a worker that is killed before it has
// written how it went leaves a delivery that comes due again. The receiver may then
// hear the same twice, under the same webhook-id, but never misses it.
//
// Addresses come from users, so nothing is sent into private networks: the name is
// looked up when a webhook is registered, for a clear answer, and the address is
// checked again when the connection is made, which alone is binding. Redirects are
// not followed, no proxy is used, and what receivers answer is not kept.
//
// Files: hook.go for webhooks, delivery.go for deliveries, fan.go turns events into
// them, send.go sends them, target.go says where to.
package webhooks

import (
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"subclip/catalog"
	"subclip/database"
)

// Config says how deliveries are made.
type Config struct {
	AllowPrivate bool          `env:"SUBCLIP_WEBHOOK_ALLOW_PRIVATE" envDefault:"false" desc:"let webhooks reach private, loopback and other special networks, and by http://; anyone with an account can then make this service send requests there"`
	Timeout      time.Duration `env:"SUBCLIP_WEBHOOK_TIMEOUT" envDefault:"10s" desc:"longest wait for a webhook's receiver, 1 second to 1 minute"`
	Keep         time.Duration `env:"SUBCLIP_WEBHOOK_KEEP" envDefault:"720h" desc:"how long deliveries that have ended can be seen, at least 1 hour"`
}

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	switch {
	case c.Timeout < time.Second || c.Timeout > time.Minute:
		return fmt.Errorf("SUBCLIP_WEBHOOK_TIMEOUT is %s: use 1s to 1m", c.Timeout)
	case c.Keep < time.Hour:
		return fmt.Errorf("SUBCLIP_WEBHOOK_KEEP is %s: use 1h or more", c.Keep)
	}
	return nil
}

// Webhooks is what others want to be told, and the telling. It is safe for
// concurrent use, also by several processes.
type Webhooks struct {
	cfg     Config
	db      *database.DB
	catalog *catalog.Catalog
	client  *http.Client
	log     *slog.Logger
}

// New makes the webhooks of an open database whose rooms include Migrations and
// those of catalog and accounts.
func New(cfg Config, db *database.DB, c *catalog.Catalog, log *slog.Logger) (*Webhooks, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Webhooks{cfg: cfg, db: db, catalog: c, client: newClient(cfg), log: log}, nil
}

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the changes of the webhooks' tables.
func Migrations() fs.FS { return migrations }
