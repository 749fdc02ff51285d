package catalog

import (
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"subclip/database"
	"subclip/database/databasetest"
	"subclip/queue"
	"subclip/queue/queuetest"
)

// before are the migrations with numbers below one.
func before(t *testing.T, number string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	names, err := fs.Glob(Migrations(), "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.TrimPrefix(name, "migrations/") < number {
			data, err := fs.ReadFile(Migrations(), name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = &fstest.MapFile{Data: data}
		}
	}
	return files
}

// TestSearchOfBefore finds an asset that was there before there was an index.
func TestSearchOfBefore(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			cfg := databasetest.New(t, kind)
			old, err := database.Open(cfg, before(t, "20261126002200"))
			if err != nil {
				t.Fatal(err)
			}
			id := database.NewID()
			if err := old.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, err = old.NewRaw("INSERT INTO assets (id, title, description, language, filename, status, reason, size, master_key, proxy_key, poster_key, created_at) "+
				"VALUES (?, 'Œuvre d''été', '', 'fr', 'film.mp4', 'ready', '', 1, '', '', '', ?)", id, database.Now()).Exec(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			db, err := database.Open(cfg, Migrations())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			log := slog.New(slog.DiscardHandler)
			q, err := queue.New(queue.Config{URL: queuetest.URL()}, log)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = q.Close() })
			h := &harness{Catalog: must[*Catalog](t)(New(config(), db, q, log))}
			if err := h.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := h.find(t, AssetQuery{Words: "oeuvre ete", Language: "fr"}); !slices.Equal(got, []string{id}) {
				t.Errorf("it finds %v", got)
			}
			if got := must[Asset](t)(h.Asset(t.Context(), Asker{}, id)); got.Keywords == nil || got.ShotOn != "" {
				t.Errorf("it is %+v", got)
			}
			for range 2 { // the second time all of them are one group
				if err := db.Rollback(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	}
}
