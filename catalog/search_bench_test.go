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

	"github.com/uptrace/bun"
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
				b.Logf("%s:\n%s", q.name, plansOf(b, c, q))
				b.Run(q.name, func(b *testing.B) {
					for b.Loop() {
						if _, err := q.ask(b, c); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

// question is a query with a name, of assets or of what is said in them.
type question struct {
	name  string
	query AssetQuery
	said  bool
}

func (q question) captions() CaptionQuery {
	of := q.query
	return CaptionQuery{Words: of.Words, Language: of.Language, Topic: of.Topic, Format: of.Format, From: of.From, To: of.To, Cursor: of.Cursor, Limit: of.Limit}
}

// ask counts what a page has.
func (q question) ask(tb testing.TB, c *Catalog) (found int, err error) {
	tb.Helper()
	if q.said {
		hits, _, err := c.SearchCaptions(tb.Context(), q.captions())
		return len(hits), err
	}
	assets, _, err := c.Assets(tb.Context(), q.query)
	return len(assets), err
}

// selected are the queries that find the rows of a page, one after another.
func (q question) selected(tb testing.TB, c *Catalog) (all []*bun.SelectQuery) {
	tb.Helper()
	said := q.captions()
	wanted := q.query.search()
	of := assetList
	if q.said {
		of = saidList
	}
	ways, err := c.ways(tb.Context(), wanted, of)
	if err != nil {
		tb.Fatal(err)
	}
	for _, wanted := range ways {
		if q.said {
			all = append(all, c.selectCaptions(said, wanted))
		} else {
			all = append(all, c.selectAssets(q.query, wanted, &[]Asset{}))
		}
	}
	return all
}

// questions are what is asked of a filled catalogue.
func questions(assets int) []question {
	begin := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(part float64) time.Time { return begin.Add(time.Duration(part*float64(assets)) * time.Minute) }
	middle := fmt.Sprintf("%s%020x", database.FirstID(at(0.5)), assets/2)
	all := []question{
		{"newest", AssetQuery{}, false},
		{"page from the middle", AssetQuery{Cursor: middle}, false},
		{"everywhere", AssetQuery{Words: "everywhere"}, false},
		{"everywhere, from the middle", AssetQuery{Words: "everywhere", Cursor: middle}, false},
		{"often", AssetQuery{Words: "often"}, false},
		{"seldom", AssetQuery{Words: "seldom"}, false},
		{"rare", AssetQuery{Words: "rare"}, false},
		{"nothing", AssetQuery{Words: "nowhere"}, false},
		{"everywhere and rare", AssetQuery{Words: "everywhere rare"}, false},
		{"prefix of two letters", AssetQuery{Words: "ev"}, false},
		{"prefix of many words", AssetQuery{Words: "wo"}, false},
		{"phrase", AssetQuery{Words: `"everywhere often"`}, false},
		{"language", AssetQuery{Language: "fr"}, false},
		{"rare language and often", AssetQuery{Words: "often", Language: "oc"}, false},
		{"topic and format", AssetQuery{Topic: "politics", Format: "uhd"}, false},
		{"language and topic that never meet", AssetQuery{Language: "fr", Topic: "economy"}, false},
		{"an hour long ago", AssetQuery{From: at(0.1), To: at(0.1).Add(time.Hour)}, false},
		{"seldom, of the last hour", AssetQuery{Words: "seldom", From: at(1).Add(-time.Hour)}, false},
		{"everywhere, until long ago", AssetQuery{Words: "everywhere", To: at(0.1)}, false},
	}
	for _, said := range []question{
		{"everywhere", AssetQuery{Words: "everywhere"}, true},
		{"everywhere, from the middle", AssetQuery{Words: "everywhere", Cursor: middle + "/en"}, true},
		{"often", AssetQuery{Words: "often"}, true},
		{"seldom, in a language", AssetQuery{Words: "seldom", Language: "fr"}, true},
		{"everywhere, of a topic and format", AssetQuery{Words: "everywhere", Topic: "politics", Format: "uhd"}, true},
		{"everywhere, until long ago", AssetQuery{Words: "everywhere", To: at(0.1)}, true},
		{"everywhere, of a month long ago", AssetQuery{Words: "everywhere", From: at(0.1), To: at(0.1).Add(31 * 24 * time.Hour)}, true},
		{"nothing", AssetQuery{Words: "nowhere"}, true},
	} {
		said.name = "said " + said.name
		all = append(all, said)
	}
	for i := range all {
		all[i].query.Limit = 50
	}
	return all
}

// plansOf is how the database goes about a question, up to a full page.
func plansOf(tb testing.TB, c *Catalog, q question) string {
	tb.Helper()
	var plans strings.Builder
	for _, query := range q.selected(tb, c) {
		query.Limit(51)
		plans.WriteString(planOf(tb, c, query.String()))
		if found, err := c.db.NewSelect().TableExpr("(?) AS page", query).Count(tb.Context()); err != nil {
			tb.Fatal(err)
		} else if found == 51 {
			break
		}
	}
	return plans.String()
}

func planOf(tb testing.TB, c *Catalog, query string) string {
	tb.Helper()
	explain, columns := "EXPLAIN ", 1
	if c.db.IsSQLite() {
		explain, columns = "EXPLAIN QUERY PLAN ", 4
	}
	rows, err := c.db.QueryContext(tb.Context(), strings.ReplaceAll(explain+query, "?", "??"))
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
				plan := plansOf(t, c, q)
				bad := []string{"Seq Scan"}
				if c.db.IsSQLite() {
					bad = []string{"SCAN document", "TEMP B-TREE"}
				}
				for _, sign := range bad {
					if strings.Contains(plan, sign) {
						t.Errorf("%s goes by:\n%s", q.name, plan)
					}
				}
				page, err := q.ask(t, c)
				if found := page > 0; err != nil || found == (strings.HasSuffix(q.name, "nothing") || strings.HasSuffix(q.name, "never meet") || strings.HasSuffix(q.name, "rare")) {
					t.Errorf("%s finds %d: %v", q.name, page, err)
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
	const columns = `(id, title, description, language, filename, status, reason, size, master_key, created_at, proxy_key, changed_at, poster_key, released_at, position)
		SELECT id, 'Film ' || i, '', 'en', 'film.mp4', 'ready', '', 1, '', at, '', at, '', at, id FROM numbers`
	var others strings.Builder
	for i := range 36 {
		fmt.Fprintf(&others, " || 'word' || ((i * %d + %d) %% 40000) || ' '", 7919+2*i, 104729*i)
	}
	when := func(every int, word string) string {
		return fmt.Sprintf(" || CASE WHEN i %% %d = 0 THEN '%s ' ELSE '' END", every, word)
	}
	words := "'everywhere '" + when(10, "often") + when(1000, "seldom") + when(50_000, "rare") + others.String()
	facets := "'lang=' || CASE WHEN i % 20000 = 0 THEN 'oc' WHEN i % 3 = 0 THEN 'fr' ELSE 'en' END" + " || ' format=' || CASE WHEN i % 7 = 0 THEN 'uhd' ELSE 'hd' END || ' '" + when(11, "topic=politics") + " || CASE WHEN i % 3 = 1 THEN 'topic=economy ' ELSE '' END"
	const said = `SELECT id, CASE WHEN i % 8 = 0 THEN 'fr' ELSE 'en' END AS language, i, SAID AS said, at FROM numbers WHERE i % 4 = 0`
	spoken := numbersOf(sqlite) + ", spoken AS (" + strings.Replace(said, "SAID", "'everywhere '"+when(10, "often")+when(1000, "seldom"), 1) + ") "
	captions := spoken + `INSERT INTO captions (asset_id, language, source, cues, changed_at)
		SELECT id, language, 'uploaded', '[{"Start":1000000000,"End":2000000000,"Text":"' || said || '"}]', at FROM spoken`
	saidFacets := strings.Replace(facets, "CASE WHEN i % 20000 = 0 THEN 'oc' WHEN i % 3 = 0 THEN 'fr' ELSE 'en' END", "language", 1)
	numbers := numbersOf(sqlite)
	if sqlite {
		const number = "-4611686018427387904 + i * 1048576"
		return []string{
			numbers + "INSERT INTO assets " + columns,
			numbers + "INSERT INTO documents (number, kind, ref) SELECT i, 'asset', id FROM numbers",
			numbers + "INSERT INTO asset_words (rowid, words, facets) SELECT i, " + words + ", " + facets + " FROM numbers",
			captions,
			spoken + "INSERT INTO documents (number, kind, ref) SELECT " + number + ", 'captions', id || '/' || language FROM spoken",
			spoken + "INSERT INTO captions_words (rowid, words, facets) SELECT " + number + ", said, " + saidFacets + " FROM spoken",
			"ANALYZE",
		}
	}
	vector := func(words, facets string) string {
		return "to_tsvector('simple', " + words + ") || array_to_tsvector(string_to_array(trim(" + facets + "), ' '))"
	}
	return []string{
		numbers + "INSERT INTO assets " + columns,
		"DROP INDEX documents_asset_words", // it is made faster of all at once
		numbers + "INSERT INTO documents (kind, ref, words) SELECT 'asset', id, " + vector(words, facets) + " FROM numbers",
		"CREATE INDEX documents_asset_words ON documents USING gin (words) WITH (fastupdate = off) WHERE kind = 'asset'",
		captions,
		spoken + "INSERT INTO documents (kind, ref, words) SELECT 'captions', id || '/' || language, " + vector("said", saidFacets) + " FROM spoken",
		"ANALYZE",
	}
}

// numbersOf names the rows from 1 to COUNT, each with an id and a minute.
func numbersOf(sqlite bool) string {
	if sqlite {
		return `WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < COUNT),
			numbers AS (SELECT i, printf('%012x%020x', (1577836800 + i * 60) * 1000, i) AS id, strftime('%Y-%m-%d %H:%M:%S+00:00', 1577836800 + i * 60, 'unixepoch') AS at FROM counted) `
	}
	return `WITH numbers AS (SELECT i::bigint, lpad(to_hex((1577836800 + i::bigint * 60) * 1000), 12, '0') || lpad(to_hex(i), 20, '0') AS id, timestamptz '2020-01-01 00:00:00Z' + i * interval '1 minute' AS at FROM generate_series(1, COUNT) AS i) `
}
