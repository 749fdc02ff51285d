package catalog

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"
)

// On SQLite documents stand in the order of their numbers, which are given as they are
// made. Those of captions, which may be made whenever, are chosen: below zero, in the order
// of their assets' documents, with room for many of each.
const (
	belowAll        = -1 << 62
	roomForCaptions = 1 << 20
)

// firstCaptionsOf is the place of the captions of the asset whose document has a number.
func firstCaptionsOf(number string) bun.Safe {
	return bun.Safe(fmt.Sprintf("(%d + %s * %d)", belowAll, number, roomForCaptions))
}

// onSQLite lets a query go through the index of words, which is read newest first.
func (s search) onSQLite(q *bun.SelectQuery, l list) *bun.SelectQuery {
	index := bun.Ident(string(l.kind) + "_words")
	row := index + ".rowid"
	// CROSS keeps SQLite from beginning with another table.
	q.ModelTableExpr("? CROSS JOIN documents AS document ON document.number = ? CROSS JOIN ? AS ? ON ?.? = ?",
		index, row, bun.Ident(l.table), bun.Ident(l.alias), bun.Ident(l.alias), bun.Ident(l.ref), bun.Safe(l.named)).
		Where("? MATCH ?", index, fts5(s.terms(), s.facets)).OrderExpr("? DESC", row)
	of, first, next := l.kind, bun.Safe("number"), bun.Safe("number + 1")
	if l.kind == captionsDocument {
		of, first, next = assetDocument, firstCaptionsOf("number"), firstCaptionsOf("(number + 1)")
	}
	if s.before != "" {
		q.Where("? < coalesce((SELECT number FROM documents WHERE kind = ? AND ref = ?), "+
			"(SELECT ? FROM documents WHERE kind = ? AND ref < ? ORDER BY ref DESC LIMIT 1), ?)", row, l.kind, s.before, next, of, s.before, belowAll)
	}
	if s.from != "" {
		q.Where("? >= (SELECT ? FROM documents WHERE kind = ? AND ref >= ? ORDER BY ref LIMIT 1)", row, first, of, s.from)
	}
	return q
}

const (
	maxEndings = 32
	indexed    = 3 // letters of the longest beginnings that have an index of their own
)

// endings are the words that go on as the last of some terms, where they are few, and
// otherwise nil. SQLite finds any of a few words newest first, but puts together all that
// begin so before it gives the first.
func (c *Catalog) endings(ctx context.Context, terms []term, l list) (all []string, err error) {
	if len(terms) == 0 || !terms[len(terms)-1].open {
		return nil, nil
	}
	words := terms[len(terms)-1].words
	begin := words[len(words)-1]
	if utf8.RuneCountInString(begin) <= indexed {
		return nil, nil
	}
	// Each step seeks the next word, without going through where the one before it stands.
	index, end := bun.Ident(string(l.kind)+"_terms"), begin+string(utf8.MaxRune)
	err = c.db.NewRaw("WITH RECURSIVE words (term) AS (SELECT (SELECT term FROM ? WHERE term >= ? LIMIT 1) UNION ALL "+
		"SELECT (SELECT term FROM ? WHERE term >= words.term || char(1) LIMIT 1) FROM words WHERE words.term < ?) "+
		"SELECT term FROM words WHERE term < ? LIMIT ?", index, begin, index, end, end, maxEndings+1).Scan(ctx, &all)
	if err != nil {
		return nil, fmt.Errorf("look for words that begin with %s: %w", begin, err)
	}
	if len(all) == 0 || len(all) > maxEndings {
		return nil, nil
	}
	return all, nil
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
		last := len(words) - 1
		switch {
		case t.open && t.endings == nil:
			words[last] += " *"
		case t.open:
			either := make([]string, len(t.endings))
			for i, word := range t.endings {
				either[i] = strings.Join(append(words[:last:last], quote(word)), " + ")
			}
			parts = append(parts, "words : ("+strings.Join(either, " OR ")+")")
			continue
		}
		parts = append(parts, "words : "+strings.Join(words, " + "))
	}
	for _, facet := range facets {
		parts = append(parts, "facets : "+quote(facet))
	}
	return strings.Join(parts, " AND ")
}
