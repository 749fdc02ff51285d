// Package worker takes jobs from the queue and does them: it reads masters from
// the store, has the transcoder make files, puts those into the store and tells
// the catalogue how it went. It also keeps house: jobs that were lost are put
// back, expired clips are removed, and objects that no row needs are deleted.
//
// Any number of workers may run on any number of machines. A worker may be
// killed at any point: its job's row falls silent and another worker begins the
// next attempt, in a place of its own in the store, so that nothing is half-made.
//
// Files: worker.go runs, job.go takes a job through its life, ingest.go,
// steps.go, clip.go and order.go are the work itself, house.go keeps house, scratch.go is the room on
// disk.
package worker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"subclip/catalog"
	"subclip/queue"
	"subclip/storage"
	"subclip/transcoder"
)

// Config says how much a worker does at once, and where.
type Config struct {
	Concurrency int    `env:"SUBCLIP_CONCURRENCY" envDefault:"0" desc:"jobs at once, 1 to 64; 0 means half the processors, at least 2"`
	Scratch     string `env:"SUBCLIP_SCRATCH" desc:"folder for files in the making; empty means the system's folder for temporary files"`
}

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	if c.Concurrency < 0 || c.Concurrency > 64 {
		return fmt.Errorf("SUBCLIP_CONCURRENCY is %d: use 0 to 64", c.Concurrency)
	}
	return nil
}

// weights share a busy worker's turns: someone waits in front of a clip, which has more
// than half of them, and an asset is not ready without its first steps.
func weights() map[string]int {
	return map[string]int{
		string(catalog.JobClip):   36,
		string(catalog.JobIngest): 6, string(catalog.JobProxy): 5, string(catalog.JobPoster): 5,
		string(catalog.JobStoryboard): 2, string(catalog.JobSound): 2, string(catalog.JobCaptions): 2,
		string(catalog.JobOrder): 2, string(catalog.JobRendition): 1,
	}
}

// Worker does jobs.
type Worker struct {
	name       string
	cfg        Config
	catalog    *catalog.Catalog
	queue      *queue.Queue
	store      *storage.Store
	transcoder *transcoder.Transcoder
	scratch    *scratch
	log        *slog.Logger
}

// New prepares a worker and its room on disk.
func New(cfg Config, c *catalog.Catalog, q *queue.Queue, s *storage.Store, t *transcoder.Transcoder, log *slog.Logger) (*Worker, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.Concurrency == 0 {
		cfg.Concurrency = max(2, runtime.NumCPU()/2)
	}
	if cfg.Scratch == "" {
		cfg.Scratch = filepath.Join(os.TempDir(), "subclip")
	}
	room, err := openScratch(cfg.Scratch)
	if err != nil {
		return nil, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "worker"
	}
	name := fmt.Sprintf("%s-%d-%s", host, os.Getpid(), strings.ToLower(rand.Text()[:6]))
	return &Worker{
		name: name, cfg: cfg, catalog: c, queue: q, store: s, transcoder: t, scratch: room,
		log: log.With("worker", name),
	}, nil
}

// Run works until ctx ends. Jobs that are running then are given back, for
// another worker to begin at once.
func (w *Worker) Run(ctx context.Context) error {
	var house sync.WaitGroup
	keeping, stop := context.WithCancel(ctx)
	for _, chore := range w.chores() {
		house.Go(func() { w.repeat(keeping, chore) })
	}
	err := w.queue.Serve(ctx, w.cfg.Concurrency, weights(), w.handle)
	stop()
	house.Wait()
	return errors.Join(err, w.scratch.close())
}

func (w *Worker) repeat(ctx context.Context, c chore) {
	tick := time.NewTicker(c.every)
	defer tick.Stop()
	for {
		if err := c.do(ctx); err != nil && ctx.Err() == nil {
			w.log.Error("housekeeping failed and will be tried again", "chore", c.name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
