package database_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"subclip/database"
	"subclip/database/databasetest"
)

func TestMain(m *testing.M) {
	code, err := databasetest.Run(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// rooms are two sets of migrations of which the second needs the first's.
func rooms() []fs.FS {
	return []fs.FS{
		fstest.MapFS{
			"migrations/20260101000001_films.tx.up.sql":   file("CREATE TABLE films (id TEXT PRIMARY KEY)"),
			"migrations/20260101000001_films.tx.down.sql": file("DROP TABLE films"),
			"migrations/20260101000003_year.tx.up.sql":    file("ALTER TABLE films ADD COLUMN year INTEGER NOT NULL DEFAULT 0"),
			"migrations/20260101000003_year.tx.down.sql":  file("ALTER TABLE films DROP COLUMN year"),
		},
		fstest.MapFS{
			"migrations/20260101000002_people.tx.up.sql":   file("CREATE TABLE people (id TEXT PRIMARY KEY, film TEXT REFERENCES films (id))"),
			"migrations/20260101000002_people.tx.down.sql": file("DROP TABLE people"),
		},
	}
}

// open connects to a database as a process does.
func open(t *testing.T, cfg database.Config) *database.DB {
	t.Helper()
	db, err := database.Open(cfg, rooms()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func mustMigrate(t *testing.T, db *database.DB) {
	t.Helper()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// keep stores a row, for which the tables must be there.
func keep(t *testing.T, db *database.DB) {
	t.Helper()
	id := database.NewID()
	for _, insert := range []string{"INSERT INTO films (id, year) VALUES (?0, 2026)", "INSERT INTO people (id, film) VALUES (?0, ?0)"} {
		if _, err := db.ExecContext(t.Context(), insert, id); err != nil {
			t.Fatal(err)
		}
	}
}

func mustCount(t *testing.T, db *database.DB, want int64) {
	t.Helper()
	if n, err := db.NewSelect().Table("people").Count(t.Context()); err != nil || n != want {
		t.Errorf("there are %d rows, not %d: %v", n, want, err)
	}
}

func eachKind(t *testing.T, test func(t *testing.T, cfg database.Config)) {
	for _, kind := range databasetest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test(t, databasetest.New(t, kind))
		})
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, cfg database.Config) {
		db := open(t, cfg)
		if err := db.CheckSchema(t.Context()); err == nil || !strings.Contains(err.Error(), "run `subclip migrate`") {
			t.Errorf("CheckSchema of an empty database: %v", err)
		}
		for range 2 {
			mustMigrate(t, db)
			if err := db.CheckSchema(t.Context()); err != nil {
				t.Error(err)
			}
		}
		keep(t, db)
		mustMigrate(t, open(t, cfg))
		mustCount(t, db, 1)
	})
}

// TestMigrateLater gives a room to a database that was there before it.
func TestMigrateLater(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, cfg database.Config) {
		before, err := database.Open(cfg, rooms()[0])
		if err != nil {
			t.Fatal(err)
		}
		mustMigrate(t, before)
		if err := before.Close(); err != nil {
			t.Fatal(err)
		}
		db := open(t, cfg)
		if err := db.CheckSchema(t.Context()); err == nil || !strings.Contains(err.Error(), "lacks 1 migrations") {
			t.Errorf("CheckSchema before the new room's tables are there: %v", err)
		}
		mustMigrate(t, db)
		keep(t, db)
	})
}

func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, cfg database.Config) {
		processes := []*database.DB{open(t, cfg), open(t, cfg), open(t, cfg), open(t, cfg)}
		var all sync.WaitGroup
		for i, db := range processes {
			all.Go(func() {
				if err := db.Migrate(t.Context()); err != nil {
					t.Errorf("process %d: %v", i, err)
				}
			})
		}
		all.Wait()
		if err := processes[0].CheckSchema(t.Context()); err != nil {
			t.Error(err)
		}
		keep(t, processes[1])
	})
}

func TestRollback(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, cfg database.Config) {
		db := open(t, cfg)
		mustMigrate(t, db)
		if err := db.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := db.CheckSchema(t.Context()); err == nil {
			t.Error("CheckSchema finds tables that were taken away")
		}
		mustMigrate(t, db)
		keep(t, db)
	})
}
