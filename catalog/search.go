package catalog

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"
)

// Searches go through documents: one for each asset, story and captions, with the words
// that it is found by, and facets such as lang=fr that narrow a search. Words are folded
// here (see foldedWords), so that SQLite (FTS5) and PostgreSQL (tsvector) find the same,
// and facets are words of the index too, so that a page is found by the index alone
// whatever is asked. Pages go by a document's place, newest first, and no other rank:
// that is what an index can be read along.
//
// document.go says what documents hold, and keeps them.

// documentKind is what a document is about.
type documentKind string

const (
	assetDocument    documentKind = "asset"
	storyDocument    documentKind = "story"
	captionsDocument documentKind = "captions"
)

// list is a table whose rows are searched: each has a document by its ref.
type list struct {
	kind       documentKind
	table, ref string
}

var (
	assetList = list{assetDocument, "assets", "id"}        //nolint:gochecknoglobals // a constant
	storyList = list{storyDocument, "stories", "position"} //nolint:gochecknoglobals // a constant
)

// search is what somebody looks for.
type search struct {
	words        string
	facets       []string
	from, before string // refs: what stands at or above the one, and below the other; empty for all
}

// afterAll is above all ids, and behind one it is above that alone.
const afterAll = "g"

// facets makes them of names and values; what has no value is left out.
func facets(pairs ...string) (all []string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			all = append(all, pairs[i]+"="+strings.ToLower(pairs[i+1]))
		}
	}
	return all
}

// term is a word, or several that follow one another.
type term struct {
	words []string
	open  bool // the last may go on
}

const maxQueryWords = 40 // words in all terms of a search

// terms reads what somebody typed: phrases stand in quotes, and a last word that is
// not in quotes may go on. Whatever else they typed only parts words. What is beyond
// maxQueryWords is not looked for.
func (s search) terms() (all []term) {
	room := maxQueryWords
	for i, part := range strings.Split(s.words, `"`) {
		pieces := []string{part}
		if i%2 == 0 {
			pieces = strings.Fields(part)
		}
		for _, piece := range pieces {
			words := foldedWords(piece)
			words = words[:min(len(words), room)]
			if room -= len(words); len(words) > 0 {
				all = append(all, term{words: shortened(words)})
			}
		}
	}
	if len(all) > 0 && !strings.HasSuffix(strings.TrimSpace(s.words), `"`) {
		last := &all[len(all)-1]
		// One letter begins too many words.
		last.open = utf8.RuneCountInString(last.words[len(last.words)-1]) > 1
	}
	return all
}

// found reports whether the words of a text have the term in them.
func (t term) found(words []string) bool {
	for i := 0; i+len(t.words) <= len(words); i++ {
		at := words[i : i+len(t.words)]
		last := len(at) - 1
		if slices.Equal(at[:last], t.words[:last]) && (at[last] == t.words[last] || t.open && strings.HasPrefix(at[last], t.words[last])) {
			return true
		}
	}
	return false
}

// narrow lets a query of a list's rows find what is looked for, newest first.
func (s search) narrow(c *Catalog, q *bun.SelectQuery, l list) *bun.SelectQuery {
	ref, terms := bun.Ident(string(l.kind)+"."+l.ref), s.terms()
	switch {
	case strings.TrimSpace(s.words) != "" && len(terms) == 0:
		return q.Where("1 = 0") // there is nothing in it that could be found
	case len(terms) == 0 && len(s.facets) == 0:
		return s.bound(q, ref).OrderExpr("? DESC", ref)
	}
	if !c.db.IsSQLite() {
		s.bound(q, ref) // PostgreSQL does not conclude it, and would walk the rows from the newest on
	}
	return s.documents(c, q, l.kind, "? AS ? ON ? = document.ref", bun.Ident(l.table), bun.Ident(string(l.kind)), ref)
}

// bound keeps a query between two refs.
func (s search) bound(q *bun.SelectQuery, ref bun.Ident) *bun.SelectQuery {
	if s.before != "" {
		q.Where("? < ?", ref, s.before)
	}
	if s.from != "" {
		q.Where("? >= ?", ref, s.from)
	}
	return q
}

// documents makes a query go through the documents of a kind, newest first, and what is
// joined to them.
func (s search) documents(c *Catalog, q *bun.SelectQuery, kind documentKind, joined string, args ...any) *bun.SelectQuery {
	if !c.db.IsSQLite() {
		q.ModelTableExpr("documents AS document JOIN "+joined, args...).
			Where("document.kind = ? AND document.words @@ ?::tsquery", string(kind), tsquery(s.terms(), s.facets)).OrderExpr("document.ref DESC")
		return s.bound(q, "document.ref")
	}
	index := bun.Ident(string(kind) + "_words")
	row := index + ".rowid"
	// CROSS keeps SQLite from beginning with another table.
	q.ModelTableExpr("? CROSS JOIN documents AS document ON document.number = ? CROSS JOIN "+joined, append([]any{index, row}, args...)...).
		Where("? MATCH ?", index, fts5(s.terms(), s.facets)).OrderExpr("? DESC", row)
	if s.before != "" {
		q.Where("? < coalesce((SELECT number FROM documents WHERE kind = ? AND ref = ?), "+
			"(SELECT number + 1 FROM documents WHERE kind = ? AND ref < ? ORDER BY ref DESC LIMIT 1), 0)", row, kind, s.before, kind, s.before)
	}
	if s.from != "" {
		q.Where("? >= (SELECT number FROM documents WHERE kind = ? AND ref >= ? ORDER BY ref LIMIT 1)", row, kind, s.from)
	}
	return q
}

// fts5 writes a search as SQLite reads it. Words have letters and digits alone.
func fts5(terms []term, facets []string) string {
	quote := func(word string) string { return `"` + strings.ReplaceAll(word, `"`, `""`) + `"` }
	parts := []string{}
	for _, t := range terms {
		words := make([]string, len(t.words))
		for i, word := range t.words {
			words[i] = quote(word)
		}
		part := "words : " + strings.Join(words, " + ")
		if t.open {
			part += " *"
		}
		parts = append(parts, part)
	}
	for _, facet := range facets {
		parts = append(parts, "facets : "+quote(facet))
	}
	return strings.Join(parts, " AND ")
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
