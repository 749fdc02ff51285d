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
// Who may see what is decided in sight.go alone. An asset under embargo, or withdrawn,
// is for everyone but editors as if it did not exist.
//
// Who took what is kept too: a whole asset counts each time a URL of it is given out, a
// clip once, when it is there for its owner. Counting never makes a download fail; what a
// crash leaves out is counted by the house-keeping. See usage.go.
//
// An Order is several such claims and whole assets; its own job packs what they become,
// and waits until they have ended. A Basket is what is to become one.
//
// Files: asset.go, upload.go, clip.go, request.go, rendition.go, basket.go, order.go and orderwork.go
// for what people ask, estimate.go for what they may expect; publish.go for what editors do to an asset; story.go and storydraft.go for the texts
// that assets are published with, topic.go for what they are about,
// shotlist.go, captions.go and captionsfile.go for what is seen
// and said in them, metadata.go for what is said of them; search.go, document.go and
// transcript.go for how all of it is found; job.go for what a job is and work.go
// for how workers take and finish one; event.go for what others are told of; limits.go
// for how much somebody may have, turn.go for whose turn it is; forget.go for those whose
// accounts are gone; reconcile.go for what is put right behind them.
package catalog

import (
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"subclip/database"
	"subclip/queue"
)

// Config says how long things are kept and waited for.
type Config struct {
	Topics []string `env:"SUBCLIP_TOPICS" desc:"topics of stories and assets, which readers of the newsletter choose from, separated by commas, in small letters, such as politics,culture, each with what it is called where that is something else: politics:en=Politics:fr=Politique; empty means none, and one newsletter for all"`

	KeepClips   time.Duration `env:"SUBCLIP_KEEP_CLIPS" envDefault:"168h" desc:"how long a clip is kept, at least 1 minute"`
	KeepUploads time.Duration `env:"SUBCLIP_KEEP_UPLOADS" envDefault:"168h" desc:"how long an unfinished upload can be resumed, at least 1 minute"`
	KeepUsage   time.Duration `env:"SUBCLIP_KEEP_USAGE" envDefault:"17520h" desc:"how long it is kept who took what, at least 24h; 0 keeps it for ever"`
	StaleAfter  time.Duration `env:"SUBCLIP_STALE_AFTER" envDefault:"20s" desc:"silence after which a worker is taken for dead, at least 5 seconds"`
}

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	if _, err := parseTopics(c.Topics); err != nil {
		return err
	}
	switch {
	case c.KeepClips < time.Minute:
		return fmt.Errorf("SUBCLIP_KEEP_CLIPS is %s: use 1m or more", c.KeepClips)
	case c.KeepUploads < time.Minute:
		return fmt.Errorf("SUBCLIP_KEEP_UPLOADS is %s: use 1m or more", c.KeepUploads)
	case c.KeepUsage != 0 && c.KeepUsage < 24*time.Hour:
		return fmt.Errorf("SUBCLIP_KEEP_USAGE is %s: use 24h or more, or 0 to keep it for ever", c.KeepUsage)
	case c.StaleAfter < 5*time.Second:
		return fmt.Errorf("SUBCLIP_STALE_AFTER is %s: use 5s or more", c.StaleAfter)
	}
	return nil
}

// Catalog is the database and the queue that it feeds. It is safe for concurrent
// use.
type Catalog struct {
	db    *database.DB
	queue *queue.Queue
	cfg   Config
	log   *slog.Logger

	topics []topic
}

// New makes a catalogue of an open database whose rooms include Migrations.
func New(cfg Config, db *database.DB, q *queue.Queue, log *slog.Logger) (*Catalog, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	topics, err := parseTopics(cfg.Topics)
	if err != nil {
		return nil, err
	}
	return &Catalog{db: db, queue: q, cfg: cfg, log: log, topics: topics}, nil
}

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the changes of the catalogue's tables.
func Migrations() fs.FS { return migrations }

// KeepsClips is how long clips and orders are kept.
func (c *Catalog) KeepsClips() time.Duration { return c.cfg.KeepClips }
