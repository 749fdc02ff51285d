package catalog

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/database"
	"subclip/database/databasetest"
	"subclip/queue"
	"subclip/queue/queuetest"
)

// stands reports in which order assets are found, in every way of looking for them.
func (h *harness) stands(t *testing.T, want ...string) {
	t.Helper()
	for _, q := range []AssetQuery{{}, {Words: "film"}, {Format: "sd"}} {
		if got := h.find(t, q); !slices.Equal(got, want) {
			t.Errorf("%+v finds %v, want %v", q, got, want)
		}
	}
	hits, _, err := h.SearchCaptions(t.Context(), CaptionQuery{Words: "treaty", Limit: 10})
	got := []string{}
	for i := range hits {
		got = append(got, hits[i].Asset.ID)
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("in what is said it finds %v, want %v: %v", got, want, err)
	}
}

// says is an asset that came out some time ago, in which something is said.
func (h *harness) says(t *testing.T, ago time.Duration) string {
	t.Helper()
	asset := h.asset(t)
	h.released(t, asset.ID, database.Now().Add(-ago))
	if err := h.PutCaptions(t.Context(), asset.ID, "en", CaptionsUploaded, []Cue{cue(1000, 2000, "The treaty")}); err != nil {
		t.Fatal(err)
	}
	return asset.ID
}

// TestPublishedLater keeps an asset back and publishes it weeks later: from then on it is the
// newest, and found by that day.
func TestPublishedLater(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			kept, other := h.says(t, 30*24*time.Hour), h.says(t, 24*time.Hour)
			h.stands(t, other, kept)
			set := func(until time.Time) Asset {
				t.Helper()
				return must[Asset](t)(h.ChangeAsset(t.Context(), editor, kept, Change{EmbargoUntil: &until}))
			}
			if a := set(Unending()); a.IsOut() || !a.ReleasedAt.Equal(Unending()) || a.LastChange().After(time.Now()) {
				t.Errorf("kept back, it comes out at %s, and changed at %s", a.ReleasedAt, a.LastChange())
			}
			h.stands(t, other)
			before := database.Now()
			a := set(time.Time{})
			if !a.IsOut() || a.ReleasedAt.Before(before) || a.ReleasedAt.After(time.Now()) || a.LastChange().Before(before) {
				t.Errorf("published, it came out at %s, and changed at %s", a.ReleasedAt, a.LastChange())
			}
			h.stands(t, kept, other)
			if got := h.find(t, AssetQuery{Words: "film", From: before}); !slices.Equal(got, []string{kept}) {
				t.Errorf("since then came out %v", got)
			}
			if got := h.find(t, AssetQuery{To: before}); !slices.Equal(got, []string{other}) {
				t.Errorf("before came out %v", got)
			}
			// An embargo that is over says nothing of what everyone sees already.
			if again := set(time.Now().Add(-time.Hour)); !again.ReleasedAt.Equal(a.ReleasedAt) || again.Position != a.Position {
				t.Errorf("an embargo that is over moves it to %s", again.ReleasedAt)
			}
			h.stands(t, kept, other)
			h.wholeIndex(t)
		})
	}
}

// TestEndOfEmbargo has assets come out as their embargoes end, while editors change them.
func TestEndOfEmbargo(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			soon, late, other := h.says(t, 48*time.Hour), h.says(t, 36*time.Hour), h.says(t, 24*time.Hour)
			ends := database.Now().Add(-time.Second)
			for id, at := range map[string]time.Time{soon: ends, late: ends.Add(-time.Hour)} {
				h.embargo(t, id, time.Hour)
				h.exec(t, "UPDATE assets SET embargo_until = ?, released_at = ? WHERE id = ?", at, at, id)
			}
			before := database.Now()
			h.exec(t, "UPDATE documents SET due_at = ? WHERE due_at IS NOT NULL", ends)
			title := "Film, renamed"
			_, errs := together(t.Context(), 6, func(ctx context.Context, i int) (any, error) {
				switch i {
				case 0:
					return h.ChangeAsset(ctx, editor, soon, Change{Title: &title})
				case 1:
					return nil, h.PutCaptions(ctx, soon, "fr", CaptionsUploaded, []Cue{cue(1000, 2000, "Rien")})
				case 2:
					return h.PutShotlist(ctx, editor, soon, []Shot{{Text: "Exterior"}}, nil)
				}
				return nil, h.indexDue(ctx)
			})
			for i, err := range errs {
				if err != nil {
					t.Errorf("%d: %v", i, err)
				}
			}
			if err := h.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			newest := []string{soon, late}
			slices.SortFunc(newest, func(a, b string) int {
				return strings.Compare(h.assetOf(t, b).Position, h.assetOf(t, a).Position)
			})
			h.stands(t, append(newest, other)...)
			if got := h.assetOf(t, soon); !got.ReleasedAt.Equal(ends) || got.Title != title {
				t.Errorf("it came out at %s instead of %s, and is called %s", got.ReleasedAt, ends, got.Title)
			}
			if got := h.assetOf(t, late).ReleasedAt; got.Before(before) {
				t.Errorf("what nobody brought out for an hour came out at %s, before %s", got, before)
			}
			h.wholeIndex(t)
		})
	}
}

func (h *harness) assetOf(t *testing.T, id string) Asset {
	t.Helper()
	return must[Asset](t)(h.Asset(t.Context(), House(), id))
}

// wholeIndex checks that assets and documents are of one another.
func (h *harness) wholeIndex(t *testing.T) {
	t.Helper()
	for _, q := range []string{
		"SELECT ref FROM documents WHERE kind IN ('asset', 'captions') AND substr(ref, 1, 32) NOT IN (SELECT position FROM assets)",
		"SELECT id FROM assets WHERE position NOT IN (SELECT ref FROM documents WHERE kind = 'asset')",
		"SELECT asset_id FROM captions JOIN assets ON id = asset_id WHERE position || '/' || captions.language NOT IN (SELECT ref FROM documents WHERE kind = 'captions')",
		"SELECT ref FROM documents WHERE due_at <= ?0",
	} {
		found := []string{}
		if err := h.db.NewRaw(q, database.Now()).Scan(t.Context(), &found); err != nil || len(found) != 0 {
			t.Errorf("%s: %v, %v", q, found, err)
		}
	}
}

// TestReleasesOfBefore gives assets from before their releases: what was under embargo stands
// where that ended.
func TestReleasesOfBefore(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			cfg := databasetest.New(t, kind)
			old := must[*database.DB](t)(database.Open(cfg, before(t, "20261126009001")))
			if err := old.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			now := database.Now()
			day := func(days int) time.Time { return now.AddDate(0, 0, days).Truncate(time.Second) }
			late, plain, hidden, kept := database.FirstID(day(-9))+strings.Repeat("a", 20), database.FirstID(day(-5))+strings.Repeat("b", 20),
				database.FirstID(day(-4))+strings.Repeat("c", 20), database.FirstID(day(-3))+strings.Repeat("d", 20)
			for _, row := range []struct {
				id     string
				stored time.Time
				until  any
			}{{late, day(-9), day(-1)}, {plain, day(-5), nil}, {hidden, day(-4), day(4)}, {kept, day(-3), Unending()}} {
				for _, q := range []string{
					"INSERT INTO assets (id, title, description, language, filename, status, reason, size, master_key, proxy_key, poster_key, created_at, embargo_until, source) " +
						"VALUES (?0, 'Film', '', 'fr', 'film.mp4', 'ready', '', 1, '', '', '', ?1, ?2, '{\"video\":{\"width\":320,\"height\":180}}')",
					"INSERT INTO documents (kind, ref, due_at) VALUES ('asset', ?0, ?1)",
					"INSERT INTO captions (asset_id, language, source, cues, changed_at) VALUES (?0, 'en', 'uploaded', '[{\"Start\":1,\"End\":2,\"Text\":\"The treaty\"}]', ?1)",
				} {
					if _, err := old.NewRaw(q, row.id, row.stored, row.until).Exec(t.Context()); err != nil {
						t.Fatal(q, err)
					}
				}
			}
			captions := "INSERT INTO documents (kind, ref, due_at) SELECT 'captions', asset_id || '/en', changed_at FROM captions"
			if old.IsSQLite() {
				captions = "INSERT INTO documents (number, kind, ref, due_at) SELECT -4611686018427387904 + number * 1048576, 'captions', ref || '/en', due_at FROM documents"
			}
			if _, err := old.NewRaw(captions).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			db := must[*database.DB](t)(database.Open(cfg, Migrations()))
			t.Cleanup(func() { _ = db.Close() })
			log := slog.New(slog.DiscardHandler)
			q := must[*queue.Queue](t)(queue.New(queue.Config{URL: queuetest.URL()}, log))
			t.Cleanup(func() { _ = q.Close() })
			h := &harness{Catalog: must[*Catalog](t)(New(config(), db, q, log))}
			for range 2 {
				if err := db.Migrate(t.Context()); err != nil {
					t.Fatal(err)
				}
				if err := h.Reconcile(t.Context()); err != nil {
					t.Fatal(err)
				}
				h.stands(t, late, plain)
				for id, want := range map[string]time.Time{late: day(-1), plain: day(-5), hidden: day(4), kept: Unending()} {
					if got := h.assetOf(t, id); !got.ReleasedAt.Equal(want) {
						t.Errorf("%s came out at %s, want %s", id, got.ReleasedAt, want)
					}
				}
				if got := h.find(t, AssetQuery{From: day(-2), Words: "film"}); !slices.Equal(got, []string{late}) {
					t.Errorf("since two days ago came out %v", got)
				}
				var due []time.Time
				err := db.NewSelect().Table("documents").Column("due_at").Where("due_at IS NOT NULL").OrderExpr("due_at").Scan(t.Context(), &due)
				if err != nil || len(due) != 2 || !due[0].Equal(day(4)) {
					t.Errorf("documents are due at %v, %v", due, err)
				}
				h.wholeIndex(t)
				// The first time all of them but the last are one group of before.
				if err := db.Rollback(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
