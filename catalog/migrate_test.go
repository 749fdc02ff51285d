package catalog

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestMigrate(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			cfg := database(t, kind)
			h := open(t, cfg)
			if err := h.CheckSchema(t.Context()); err == nil || !strings.Contains(err.Error(), "run `subclip migrate`") {
				t.Errorf("CheckSchema of an empty database: %v", err)
			}
			for range 2 {
				if err := h.Migrate(t.Context()); err != nil {
					t.Fatal(err)
				}
				if err := h.CheckSchema(t.Context()); err != nil {
					t.Error(err)
				}
			}
			h.asset(t)
			if err := open(t, cfg).Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			if page, _, err := h.Assets(t.Context(), AssetQuery{Limit: 10}); err != nil || len(page) != 1 {
				t.Errorf("another Migrate leaves %d assets: %v", len(page), err)
			}
		})
	}
}

func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			cfg := database(t, kind)
			processes := []*harness{open(t, cfg), open(t, cfg), open(t, cfg), open(t, cfg)}
			_, errs := together(t.Context(), len(processes), func(ctx context.Context, i int) (struct{}, error) {
				return struct{}{}, processes[i].Migrate(ctx)
			})
			for i, err := range errs {
				if err != nil {
					t.Errorf("process %d: %v", i, err)
				}
			}
			if err := processes[0].CheckSchema(t.Context()); err != nil {
				t.Error(err)
			}
			processes[1].asset(t)
		})
	}
}

// TestMigrateBack takes the tables away again, which nothing in the service does.
func TestMigrateBack(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			migrator, err := h.migrator()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := migrator.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := h.CheckSchema(t.Context()); err == nil {
				t.Error("CheckSchema finds tables that were taken away")
			}
			if err := h.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.asset(t)
		})
	}
}

func TestMigrateCancelled(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			cfg := database(t, kind)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			h := open(t, cfg)
			if err := h.Migrate(ctx); err == nil {
				t.Error("no error")
			}
			if err := h.Migrate(t.Context()); err != nil {
				t.Errorf("after an interrupted Migrate: %v", err)
			}
		})
	}
}

func TestDatabaseURL(t *testing.T) {
	t.Parallel()
	odd := filepath.Join(t.TempDir(), "a b#c%20d?e&f=Ü", "subclip.db")
	tests := []struct{ name, url, want string }{
		{"odd path", "sqlite://" + odd, ""},
		{"relative path", "sqlite://data/subclip.db", "sqlite:///path"},
		{"empty", "", "DATABASE_URL is empty"},
		{"other database", "mysql://localhost/subclip", `"mysql"`},
		{"no scheme", "subclip.db", "use postgres:// or sqlite://"},
		{"folder is a file", "sqlite:///proc/version/subclip.db", "make the folder of the database"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := Open(config(tt.url), nil, slog.New(slog.DiscardHandler))
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error is %v, want %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(odd); err != nil {
				t.Error(err)
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			if err := c.Ping(t.Context()); err == nil {
				t.Error("a closed database answers")
			}
		})
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		want   string
		change func(*Config)
	}{
		{"", func(*Config) {}},
		{"DATABASE_URL", func(c *Config) { c.DatabaseURL = "" }},
		{"SUBCLIP_KEEP_CLIPS", func(c *Config) { c.KeepClips = time.Minute - 1 }},
		{"SUBCLIP_KEEP_UPLOADS", func(c *Config) { c.KeepUploads = 0 }},
		{"SUBCLIP_STALE_AFTER", func(c *Config) { c.StaleAfter = 5*time.Second - 1 }},
	}
	for _, tt := range tests {
		cfg := config("sqlite:///x")
		tt.change(&cfg)
		err := cfg.Validate()
		if (err == nil) != (tt.want == "") || (err != nil && !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("error is %v, want one that names %q", err, tt.want)
		}
	}
}
