// Package catalog is what the service knows and has promised: assets, uploads,
// clips, and the jobs that make them, in SQL (SQLite or PostgreSQL, through bun).
//
// The database is the truth and Redis is work in flight. A request becomes rows
// in one transaction and only then a ticket in the queue; a ticket that cannot be
// pushed is put back later by Reconcile, so nothing accepted is lost. A Job is
// the making of one thing, once: it is found by its fingerprint, so the same clip
// asked for by many is one job with many claims. A Clip is one such claim.
//
// A job is worked on by whoever claims its row for its current attempt. The owner
// keeps a heartbeat; when it stops, Reconcile begins the next attempt, and
// whatever the former owner still writes is refused, because every write names
// the attempt and the owner (a fence).
//
// Files: asset.go, upload.go, clip.go, request.go and rendition.go for what people
// ask; job.go for what a job is and work.go for how workers take and finish one;
// reconcile.go for what is put right behind them; migrate.go for the tables.
package catalog

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"subclip/queue"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver of PostgreSQL
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
	_ "modernc.org/sqlite" // the driver of SQLite
)

// Config says where the database is and how long things are kept.
type Config struct {
	DatabaseURL string        `env:"DATABASE_URL" desc:"database, postgres://… or sqlite:///path; empty means a file in the data folder of subclip up"`
	KeepClips   time.Duration `env:"SUBCLIP_KEEP_CLIPS" envDefault:"168h" desc:"how long a clip is kept, at least 1 minute"`
	KeepUploads time.Duration `env:"SUBCLIP_KEEP_UPLOADS" envDefault:"168h" desc:"how long an unfinished upload can be resumed, at least 1 minute"`
	StaleAfter  time.Duration `env:"SUBCLIP_STALE_AFTER" envDefault:"20s" desc:"silence after which a worker is taken for dead, at least 5 seconds"`
}

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	switch {
	case c.DatabaseURL == "":
		return errors.New("DATABASE_URL is empty: give postgres://user:password@host/name or sqlite:///path")
	case c.KeepClips < time.Minute:
		return fmt.Errorf("SUBCLIP_KEEP_CLIPS is %s: use 1m or more", c.KeepClips)
	case c.KeepUploads < time.Minute:
		return fmt.Errorf("SUBCLIP_KEEP_UPLOADS is %s: use 1m or more", c.KeepUploads)
	case c.StaleAfter < 5*time.Second:
		return fmt.Errorf("SUBCLIP_STALE_AFTER is %s: use 5s or more", c.StaleAfter)
	}
	return nil
}

// Catalog is the database and the queue that it feeds. It is safe for concurrent
// use.
type Catalog struct {
	db    *bun.DB
	queue *queue.Queue
	cfg   Config
	log   *slog.Logger
}

// Open connects to the database. It neither creates nor changes tables; see
// Migrate.
func Open(cfg Config, q *queue.Queue, log *slog.Logger) (*Catalog, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	db, err := openDB(cfg.DatabaseURL)
	if err != nil {
		return nil, err
	}
	return &Catalog{db: db, queue: q, cfg: cfg, log: log}, nil
}

// maxConnections leaves room for several processes in PostgreSQL's own limit,
// which is 100 unless changed.
const maxConnections = 16

func openDB(address string) (*bun.DB, error) {
	switch scheme, rest, _ := strings.Cut(address, "://"); scheme {
	case "postgres", "postgresql":
		db, err := sql.Open("pgx", address)
		if err != nil {
			return nil, fmt.Errorf("open PostgreSQL: %w", err)
		}
		db.SetMaxOpenConns(maxConnections)
		return bun.NewDB(db, text{pgdialect.New()}), nil
	case "sqlite":
		if !filepath.IsAbs(rest) {
			return nil, fmt.Errorf("DATABASE_URL is %q: write sqlite:// and then a path from the root, sqlite:///path", address)
		}
		if err := os.MkdirAll(filepath.Dir(rest), 0o750); err != nil { //nolint:gosec // where it is kept is the operator's to say
			return nil, fmt.Errorf("make the folder of the database: %w", err)
		}
		// Transactions take the write lock when they begin: one that upgraded
		// later could be refused instead of made to wait.
		options := url.Values{"_txlock": {"immediate"}, "_pragma": {
			"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)", "foreign_keys(ON)",
		}}
		file := url.URL{Scheme: "file", Path: rest, RawQuery: options.Encode()}
		db, err := sql.Open("sqlite", file.String())
		if err != nil {
			return nil, fmt.Errorf("open SQLite: %w", err)
		}
		return bun.NewDB(db, text{sqlitedialect.New()}), nil
	default:
		return nil, fmt.Errorf("DATABASE_URL begins with %q: use postgres:// or sqlite://", scheme)
	}
}

// text is a dialect whose strings leave out the zero bytes that no text column
// takes and any client can send.
type text struct{ schema.Dialect }

// AppendString writes a string into a query.
func (t text) AppendString(query []byte, s string) []byte {
	return t.Dialect.AppendString(query, strings.ReplaceAll(s, "\x00", ""))
}

// Close ends the connection.
func (c *Catalog) Close() error {
	if err := c.db.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// Ping checks that the database answers.
func (c *Catalog) Ping(ctx context.Context) error {
	if err := c.db.PingContext(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

// newID makes an opaque identifier; later ones sort after earlier ones, which is
// what pages are cut by.
func newID() string {
	id, err := uuid.NewV7()
	if err != nil {
		id = uuid.New()
	}
	return strings.ReplaceAll(id.String(), "-", "")
}

// IsID reports whether something may be an identifier of ours.
func IsID(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == hex.EncodedLen(len(uuid.UUID{}))
}

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
