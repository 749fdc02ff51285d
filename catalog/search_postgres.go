package catalog

import (
	"strings"

	"github.com/uptrace/bun"
)

// way is how PostgreSQL goes about a search. Its index of words gives what it finds in no
// order, all at once. So words that many documents have are looked for in the newest of
// them, and only if these do not fill the page, the index is asked. Left to itself,
// PostgreSQL goes through all documents for words of which each stands in many, and that
// never stand together.
type way int

const (
	byIndex way = iota
	among       // the newest
)

// newest is how many documents are looked at before the index is asked.
const newest = 5000

// onPostgres lets a query go through the documents, newest first, and take the row of each.
func (s search) onPostgres(q *bun.SelectQuery, l list) *bun.SelectQuery {
	documents := s.bound(q.DB().NewSelect().Table("documents").Column("ref", "words").Where("kind = ?", l.kind), "ref")
	if s.way == among {
		documents.OrderExpr("ref DESC").Limit(newest)
	}
	found := q.DB().NewSelect().TableExpr("(?) AS documents", documents).Column("ref").Where("words @@ ?::tsquery", tsquery(s.terms(), s.facets))
	// Being materialized and offset keeps these apart from what is made of them: otherwise
	// PostgreSQL would join all rows before it sorts, or walk along them.
	return q.ModelTableExpr("(WITH found AS MATERIALIZED (?) SELECT ref FROM found ORDER BY ref DESC OFFSET 0) AS document "+
		"JOIN LATERAL (SELECT * FROM ? WHERE ? = ? OFFSET 0) AS ? ON TRUE",
		found, bun.Ident(l.table), bun.Ident(l.ref), bun.Safe(l.named), bun.Ident(l.alias)).OrderExpr("document.ref DESC")
}

// tsquery writes a search as PostgreSQL reads it.
func tsquery(terms []term, facets []string) string {
	parts := []string{}
	for _, t := range terms {
		words := make([]string, len(t.words))
		for i, word := range t.words {
			words[i] = lexeme(word)
		}
		part := strings.Join(words, " <-> ")
		if t.open {
			part += ":*"
		}
		parts = append(parts, "("+part+")")
	}
	for _, facet := range facets {
		parts = append(parts, lexeme(facet))
	}
	return strings.Join(parts, " & ")
}

// lexeme quotes a word for PostgreSQL's text search types.
func lexeme(word string) string {
	return "'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(word) + "'"
}
