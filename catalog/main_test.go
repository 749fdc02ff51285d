package catalog

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"subclip/database"
	"subclip/database/databasetest"
	"subclip/queue"
	"subclip/queue/queuetest"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

func TestMain(m *testing.M) {
	queuetest.Main(func() (int, error) { return databasetest.Run(m.Run) })
}

// harness is a catalogue with a database of the test's own.
type harness struct {
	*Catalog
	redis     *redis.Client
	inspector *asynq.Inspector
}

// kinds are the databases on which every test runs.
func kinds() []string { return databasetest.Kinds() }

func config() Config {
	return Config{Topics: []string{"politics", "sport-football"}, KeepClips: time.Hour, KeepUploads: time.Hour, StaleAfter: 20 * time.Second}
}

// start opens a catalogue on an empty database of the test's own.
func start(t *testing.T, kind string) *harness {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	address := queuetest.URL()
	q, err := queue.New(queue.Config{URL: address}, log)
	if err != nil {
		t.Fatal(err)
	}
	db, err := database.Open(databasetest.New(t, kind), Migrations())
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := New(config(), db, q, log)
	if err != nil {
		t.Fatal(err)
	}
	options, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if err := q.Close(); err != nil {
			t.Error(err)
		}
		_ = client.Close()
	})
	return &harness{c, client, asynq.NewInspectorFromRedisClient(client)}
}

// exec changes rows behind the catalogue's back.
func (h *harness) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	res, err := h.db.ExecContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("no row was changed: %v", err)
	}
}

// hasTicket reports whether a job's attempt has a ticket in Redis.
func (h *harness) hasTicket(t *testing.T, job Job) bool {
	t.Helper()
	_, err := h.inspector.GetTaskInfo(string(job.Kind), fmt.Sprintf("%s:%d", job.ID, job.Attempt))
	return err == nil
}

func (h *harness) loseTicket(t *testing.T, job Job) {
	t.Helper()
	if err := h.inspector.DeleteTask(string(job.Kind), fmt.Sprintf("%s:%d", job.ID, job.Attempt)); err != nil {
		t.Fatal(err)
	}
}

// must stops the test where something that has to work does not.
func must[T any](t *testing.T) func(value T, err error) T {
	t.Helper()
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// together calls f n times at once and returns the answers.
func together[T any](ctx context.Context, n int, f func(ctx context.Context, i int) (T, error)) ([]T, []error) {
	values, errs := make([]T, n), make([]error, n)
	start, done := make(chan struct{}), make(chan struct{})
	for i := range n {
		go func() {
			<-start
			values[i], errs[i] = f(ctx, i)
			done <- struct{}{}
		}()
	}
	close(start)
	for range n {
		<-done
	}
	return values, errs
}

func TestValidate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		want   string
		change func(*Config)
	}{
		{"", func(*Config) {}},
		{"SUBCLIP_TOPICS", func(c *Config) { c.Topics = []string{"Sport & more"} }},
		{"", func(c *Config) {
			c.Topics = []string{"politics", " culture : fr = Culture et société ", "sport:en=Sports:fr=Sport"}
		}},
		{`"de=Politik" for politics`, func(c *Config) { c.Topics = []string{"politics:de=Politik"} }},
		{`"fr=" for politics`, func(c *Config) { c.Topics = []string{"politics:fr="} }},
		{`"Politics" for politics`, func(c *Config) { c.Topics = []string{"politics:Politics"} }},
		{`"politics" twice`, func(c *Config) { c.Topics = []string{"politics", "politics:en=Politics"} }},
		{"SUBCLIP_KEEP_CLIPS", func(c *Config) { c.KeepClips = time.Minute - 1 }},
		{"SUBCLIP_KEEP_UPLOADS", func(c *Config) { c.KeepUploads = 0 }},
		{"", func(c *Config) { c.KeepUsage = 24 * time.Hour }},
		{"SUBCLIP_KEEP_USAGE", func(c *Config) { c.KeepUsage = 24*time.Hour - 1 }},
		{"SUBCLIP_STALE_AFTER", func(c *Config) { c.StaleAfter = 5*time.Second - 1 }},
	}
	for _, tt := range tests {
		cfg := config()
		tt.change(&cfg)
		err := cfg.Validate()
		if (err == nil) != (tt.want == "") || (err != nil && !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("error is %v, want one that names %q", err, tt.want)
		}
	}
}
