package catalog

import (
	"context"
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
// document.go says what documents hold, and keeps them; search_sqlite.go and
// search_postgres.go say how each database is asked.

// documentKind is what a document is about.
type documentKind string

const (
	assetDocument    documentKind = "asset"
	storyDocument    documentKind = "story"
	captionsDocument documentKind = "captions"
)

// list is a table whose rows are searched by the documents of a kind.
type list struct {
	kind         documentKind
	table, alias string
	ref          string // column that names a row's document
	named        string // what of a document's ref that is
}

//nolint:gochecknoglobals // constants
var (
	assetList = list{assetDocument, "assets", "asset", "position", "document.ref"}
	storyList = list{storyDocument, "stories", "story", "position", "document.ref"}
	// saidList are assets, once for each of their captions, whose refs begin with their
	// positions, of 32 letters.
	saidList = list{captionsDocument, "assets", "asset", "position", "substr(document.ref, 1, 32)"}
)

// search is what somebody looks for.
type search struct {
	words        string
	facets       []string
	from, before string // refs: what stands at or above the one, and below the other; empty for all
	way          way
	endings      []string // of the last word; see term
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
	words   []string
	open    bool     // the last may go on
	endings []string // if not nil, all words that are the last, going on
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
		last.endings = s.endings
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

// tryWays has a page read in each of the ways of a search until one fills it.
func (c *Catalog) tryWays(ctx context.Context, s search, l list, read func(search) (full bool, err error)) error {
	ways, err := c.ways(ctx, s, l)
	if err != nil {
		return err
	}
	for _, way := range ways {
		if full, err := read(way); err != nil || full {
			return err
		}
	}
	return nil
}

// ways are searches to be tried one after another until a page is full.
func (c *Catalog) ways(ctx context.Context, s search, l list) (all []search, err error) {
	switch {
	case len(s.terms())+len(s.facets) == 0:
	case c.db.IsSQLite():
		s.endings, err = c.endings(ctx, s.terms(), l)
	default:
		near := s
		near.way = among
		all = append(all, near)
	}
	return append(all, s), err
}

// narrow lets a query of a list's rows find what is looked for, newest first.
func (s search) narrow(c *Catalog, q *bun.SelectQuery, l list) *bun.SelectQuery {
	terms := s.terms()
	switch {
	case strings.TrimSpace(s.words) != "" && len(terms) == 0:
		return q.Where("1 = 0") // there is nothing in it that could be found
	case len(terms) == 0 && len(s.facets) == 0:
		ref := bun.Ident(l.alias + "." + l.ref)
		return s.bound(q, ref).OrderExpr("? DESC", ref)
	case c.db.IsSQLite():
		return s.onSQLite(q, l)
	}
	return s.onPostgres(q, l)
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
