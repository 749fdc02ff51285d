// Package database opens the SQL database that the rooms share, SQLite or
// PostgreSQL, through bun, and brings its tables up to date.
//
// A room that keeps rows brings its migrations, SQL files that both databases
// take (as templates: {{if .SQLite}}), and is handed the open DB. All migrations are one list, ordered by the
// numbers in their names, whichever room they come from.
package database

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/migrate"
	"github.com/uptrace/bun/schema"
	_ "modernc.org/sqlite" // the driver of SQLite
)

// Config says where the database is.
type Config struct {
	URL string `env:"DATABASE_URL" desc:"database, postgres://… or sqlite:///path; empty means a file in the data folder of subclip up"`
}

// Validate reports a setting that cannot work.
func (c Config) Validate() error {
	if c.URL == "" {
		return errors.New("DATABASE_URL is empty: give postgres://user:password@host/name or sqlite:///path")
	}
	return nil
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	*bun.DB
	folder     string // of the file, for SQLite
	migrations *migrate.Migrations
}

// Open connects to the database, in which each of the rooms keeps rows. It
// neither creates nor changes tables; see Migrate.
func Open(cfg Config, rooms ...fs.FS) (*DB, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	all := migrate.NewMigrations()
	for _, room := range rooms {
		if err := all.Discover(room); err != nil {
			return nil, fmt.Errorf("read the migrations: %w", err)
		}
	}
	db, folder, err := connect(cfg.URL)
	if err != nil {
		return nil, err
	}
	return &DB{db, folder, all}, nil
}

// maxConnections leaves room for several processes in PostgreSQL's own limit,
// which is 100 unless changed.
const maxConnections = 16

func connect(address string) (db *bun.DB, folder string, err error) {
	switch scheme, rest, _ := strings.Cut(address, "://"); scheme {
	case "postgres", "postgresql":
		config, err := pgx.ParseConfig(address)
		if err != nil {
			return nil, "", fmt.Errorf("open PostgreSQL: %w", err)
		}
		db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(plainPlans))
		db.SetMaxOpenConns(maxConnections)
		return bun.NewDB(db, text{pgdialect.New()}), "", nil
	case "sqlite":
		if !filepath.IsAbs(rest) {
			return nil, "", fmt.Errorf("DATABASE_URL is %q: write sqlite:// and then a path from the root, sqlite:///path", address)
		}
		folder = filepath.Dir(rest)
		if err := os.MkdirAll(folder, 0o750); err != nil {
			return nil, "", fmt.Errorf("make the folder of the database: %w", err)
		}
		// SQLite would let everyone read it; its other files follow this one.
		file, err := os.OpenFile(rest, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, "", fmt.Errorf("open the database: %w", err)
		}
		if err := file.Close(); err != nil {
			return nil, "", fmt.Errorf("open the database: %w", err)
		}
		// Transactions take the write lock when they begin: one that upgraded
		// later could be refused instead of made to wait.
		options := url.Values{"_txlock": {"immediate"}, "_pragma": {
			"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)", "foreign_keys(ON)",
		}}
		name := url.URL{Scheme: "file", Path: rest, RawQuery: options.Encode()}
		db, err := sql.Open("sqlite", name.String())
		if err != nil {
			return nil, "", fmt.Errorf("open SQLite: %w", err)
		}
		return bun.NewDB(db, text{sqlitedialect.New()}), folder, nil
	default:
		return nil, "", fmt.Errorf("DATABASE_URL begins with %q: use postgres:// or sqlite://", scheme)
	}
}

// plainPlans keeps PostgreSQL from starting workers, and from compiling queries, which take
// longer than any query of ours should, and has it go by an index where that is nearly as
// good as reading all of a table.
func plainPlans(ctx context.Context, connection *pgx.Conn) error {
	if _, err := connection.Exec(ctx, "SET max_parallel_workers_per_gather = 0; SET jit = off; SET random_page_cost = 1.1"); err != nil {
		return fmt.Errorf("choose how PostgreSQL plans: %w", err)
	}
	return nil
}

// text is a dialect whose strings leave out the zero bytes that no text column
// takes and any client can send.
type text struct{ schema.Dialect }

// AppendString writes a string into a query.
func (t text) AppendString(query []byte, s string) []byte {
	return t.Dialect.AppendString(query, strings.ReplaceAll(s, "\x00", ""))
}

// IsSQLite tells SQLite from PostgreSQL, for what only one of them understands.
func (d *DB) IsSQLite() bool { return d.Dialect().Name() == dialect.SQLite }

// Close ends the connection.
func (d *DB) Close() error {
	if err := d.DB.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// Ping checks that the database answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.PingContext(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

// NewID makes an opaque identifier of a row; later ones sort after earlier ones,
// which is what pages are cut by.
func NewID() string {
	id, err := uuid.NewV7()
	if err != nil {
		id = uuid.New()
	}
	return strings.ReplaceAll(id.String(), "-", "")
}

// FirstID stands below all identifiers that are made from a time on, and above those from
// before; it is none itself.
func FirstID(from time.Time) string { return fmt.Sprintf("%012x", max(from.UnixMilli(), 0)) }

// IsID reports whether something may be an identifier of ours.
func IsID(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == hex.EncodedLen(len(uuid.UUID{}))
}

// Now is the time as rows keep it, to the millisecond.
func Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
