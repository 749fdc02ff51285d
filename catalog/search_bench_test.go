package catalog

import (
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"subclip/database"
	"subclip/database/databasetest"
)

// BenchmarkSearch times pages of 50 in a catalogue of SUBCLIP_BENCH_ASSETS assets
// (200000 unless set), each with some 40 words, and asks the database how it goes about them:
//
//	go test ./catalog -run '^$' -bench Search -benchtime 20x
//
// The word everywhere stands in all of them, often in one of 10, seldom in one of 1000,
// and rare in one of 50000.
func BenchmarkSearch(b *testing.B) {
	assets := 200_000
	if text := os.Getenv("SUBCLIP_BENCH_ASSETS"); text != "" {
		var err error
		if assets, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	for _, kind := range kinds() {
		b.Run(kind, func(b *testing.B) {
			c := filled(b, kind, assets)
			for _, q := range questions(assets) {
				b.Logf("%s:\n%s", q.name, planOf(b, c, q.query))
				b.Run(q.name, func(b *testing.B) {
					for b.Loop() {
						if _, _, err := c.Assets(b.Context(), q.query); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

// question is a query with a name.
type question struct {
	name  string
	query AssetQuery
}

// questions are what is asked of a filled catalogue.
func questions(assets int) []question {
	begin := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(part float64) time.Time { return begin.Add(time.Duration(part*float64(assets)) * time.Minute) }
	middle := fmt.Sprintf("%032x", assets/2)
	all := []question{
		{"newest", AssetQuery{}},
		{"page from the middle", AssetQuery{Cursor: middle}},
		{"everywhere", AssetQuery{Words: "everywhere"}},
		{"everywhere, from the middle", AssetQuery{Words: "everywhere", Cursor: middle}},
		{"often", AssetQuery{Words: "often"}},
		{"seldom", AssetQuery{Words: "seldom"}},
		{"rare", AssetQuery{Words: "rare"}},
		{"nothing", AssetQuery{Words: "nowhere"}},
		{"everywhere and rare", AssetQuery{Words: "everywhere rare"}},
		{"prefix of two letters", AssetQuery{Words: "ev"}},
		{"prefix of many words", AssetQuery{Words: "wo"}},
		{"phrase", AssetQuery{Words: `"everywhere often"`}},
		{"language", AssetQuery{Language: "fr"}},
		{"rare language and often", AssetQuery{Words: "often", Language: "oc"}},
		{"topic and format", AssetQuery{Topic: "politics", Format: "uhd"}},
		{"an hour long ago", AssetQuery{From: at(0.1), To: at(0.1).Add(time.Hour)}},
		{"seldom, of the last hour", AssetQuery{Words: "seldom", From: at(1).Add(-time.Hour)}},
		{"everywhere, until long ago", AssetQuery{Words: "everywhere", To: at(0.1)}},
	}
	for i := range all {
		all[i].query.Limit = 50
	}
	return all
}

// planOf is how the database goes about a query.
func planOf(tb testing.TB, c *Catalog, q AssetQuery) string {
	tb.Helper()
	query, err := c.selectAssets(tb.Context(), q, &[]Asset{})
	if err != nil {
		tb.Fatal(err)
	}
	explain, columns := "EXPLAIN ", 1
	if c.db.IsSQLite() {
		explain, columns = "EXPLAIN QUERY PLAN ", 4
	}
	rows, err := c.db.QueryContext(tb.Context(), strings.ReplaceAll(explain+query.Limit(51).String(), "?", "??"))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var plan strings.Builder
	for rows.Next() {
		var line string
		cells := []any{new(any), new(any), new(any), &line}
		if err := rows.Scan(cells[len(cells)-columns:]...); err != nil {
			tb.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return plan.String()
}

// TestSearchPlans has pages found along an index, whatever is asked: nothing is sorted
// that grows with the catalogue, and no table is read through.
func TestSearchPlans(t *testing.T) {
	t.Parallel()
	const assets = 20_000
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := filled(t, kind, assets)
			for _, q := range questions(assets) {
				plan := planOf(t, c, q.query)
				bad := []string{"Seq Scan"}
				if c.db.IsSQLite() {
					bad = []string{"SCAN document", "TEMP B-TREE"}
				}
				for _, sign := range bad {
					if strings.Contains(plan, sign) {
						t.Errorf("%s goes by:\n%s", q.name, plan)
					}
				}
				page, _, err := c.Assets(t.Context(), q.query)
				if found := len(page) > 0; err != nil || found == (q.name == "nothing" || q.name == "rare" || strings.HasSuffix(q.name, "and rare")) {
					t.Errorf("%s finds %d: %v", q.name, len(page), err)
				}
			}
		})
	}
}

// filled is a catalogue with many assets.
func filled(tb testing.TB, kind string, assets int) *Catalog {
	tb.Helper()
	db, err := database.Open(databasetest.New(tb, kind), Migrations())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	c := &Catalog{db: db, cfg: config(), log: slog.New(slog.DiscardHandler)}
	began := time.Now()
	for _, query := range fill(db.IsSQLite()) {
		if _, err := db.NewRaw(strings.ReplaceAll(query, "COUNT", strconv.Itoa(assets))).Exec(tb.Context()); err != nil {
			tb.Fatalf("%s: %v", query, err)
		}
	}
	tb.Logf("%d assets were stored in %s", assets, time.Since(began).Round(time.Second))
	return c
}

// fill are the statements that store assets 1 to COUNT and their documents.
func fill(sqlite bool) []string {
	const columns = `(id, title, description, language, filename, status, reason, size, master_key, proxy_key, poster_key, created_at)
		SELECT id, 'Film ' || i, '', 'en', 'film.mp4', 'ready', '', 1, '', '', '', at FROM numbers`
	var others strings.Builder
	for i := range 36 {
		fmt.Fprintf(&others, " || 'word' || ((i * %d + %d) %% 40000) || ' '", 7919+2*i, 104729*i)
	}
	when := func(every int, word string) string {
		return fmt.Sprintf(" || CASE WHEN i %% %d = 0 THEN '%s ' ELSE '' END", every, word)
	}
	words := "'everywhere '" + when(10, "often") + when(1000, "seldom") + when(50_000, "rare") + others.String()
	facets := "'lang=' || CASE WHEN i % 20000 = 0 THEN 'oc' WHEN i % 3 = 0 THEN 'fr' ELSE 'en' END" + " || ' format=' || CASE WHEN i % 7 = 0 THEN 'uhd' ELSE 'hd' END || ' '" + when(11, "topic=politics")
	if sqlite {
		numbers := `WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < COUNT),
			numbers AS (SELECT i, printf('%032x', i) AS id, strftime('%Y-%m-%d %H:%M:%S+00:00', 1577836800 + i * 60, 'unixepoch') AS at FROM counted) `
		return []string{
			numbers + "INSERT INTO assets " + columns,
			numbers + "INSERT INTO documents (number, kind, ref) SELECT i, 'asset', id FROM numbers",
			numbers + "INSERT INTO asset_words (rowid, words, facets) SELECT i, " + words + ", " + facets + " FROM numbers",
			"ANALYZE",
		}
	}
	numbers := `WITH numbers AS (SELECT i::bigint, lpad(to_hex(i), 32, '0') AS id, timestamptz '2020-01-01 00:00:00Z' + i * interval '1 minute' AS at FROM generate_series(1, COUNT) AS i) `
	return []string{
		numbers + "INSERT INTO assets " + columns,
		numbers + "INSERT INTO documents (kind, ref, words) SELECT 'asset', id, to_tsvector('simple', " + words + ") || array_to_tsvector(string_to_array(trim(" + facets + "), ' ')) FROM numbers",
		"ANALYZE",
	}
}
