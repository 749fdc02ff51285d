package database_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"subclip/database"
)

func TestMigrateCancelled(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, cfg database.Config) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		db := open(t, cfg)
		if err := db.Migrate(ctx); err == nil {
			t.Error("no error")
		}
		mustMigrate(t, db)
		keep(t, db)
	})
}

// TestSameNumber has two rooms that number a migration alike.
func TestSameNumber(t *testing.T) {
	t.Parallel()
	other := fstest.MapFS{"migrations/20260101000001_other.tx.up.sql": file("SELECT 1")}
	_, err := database.Open(database.Config{URL: "sqlite://" + filepath.Join(t.TempDir(), "x.db")}, append(rooms(), other)...)
	if err == nil || !strings.Contains(err.Error(), "20260101000001") {
		t.Errorf("error is %v, want one that names the number", err)
	}
}

func TestURL(t *testing.T) {
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
			db, err := database.Open(database.Config{URL: tt.url}, rooms()...)
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error is %v, want %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			mustMigrate(t, db)
			for _, name := range []string{odd, odd + "-wal"} {
				if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("others can read the database: %v, %v", info, err)
				}
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
			if err := db.Ping(t.Context()); err == nil {
				t.Error("a closed database answers")
			}
		})
	}
}
