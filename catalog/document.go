package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"subclip/database"

	"github.com/uptrace/bun"
)

// Limits of a document; PostgreSQL takes a mebibyte of one.
const (
	maxWords      = 400_000 // bytes of all words, some seven hours of talk
	maxWord       = 100     // bytes of one
	maxPositions  = 255     // of one word; PostgreSQL keeps no more
	lastPosition  = 16_383  // PostgreSQL knows no order behind it
	indexedAtOnce = 100
)

// openDocument makes a document, or finds it, and holds it until the transaction ends, so
// that of two who write it at once the second sees what the first did. dueAt, unless
// zero, is when it is to be written again.
func openDocument(ctx context.Context, tx bun.Tx, kind documentKind, ref string, dueAt time.Time) error {
	row := map[string]any{"kind": kind, "ref": ref, "due_at": bun.NullTime{Time: dueAt}}
	_, err := tx.NewInsert().Model(&row).Table("documents").On("CONFLICT (kind, ref) DO UPDATE").Set("due_at = EXCLUDED.due_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("open the document of %s %s: %w", kind, ref, err)
	}
	return nil
}

// writeDocument says by what a document is found.
func (c *Catalog) writeDocument(ctx context.Context, tx bun.Tx, kind documentKind, ref string, words, facets []string) error {
	var err error
	if c.db.IsSQLite() {
		_, err = tx.NewRaw("INSERT OR REPLACE INTO ? (rowid, words, facets) SELECT number, ?, ? FROM documents WHERE kind = ? AND ref = ?",
			bun.Ident(string(kind)+"_words"), strings.Join(words, " "), strings.Join(facets, " "), kind, ref).Exec(ctx)
	} else {
		_, err = tx.NewRaw("UPDATE documents SET words = ?::tsvector WHERE kind = ? AND ref = ?", tsvector(words, facets), kind, ref).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("write the document of %s %s: %w", kind, ref, err)
	}
	return nil
}

// forgetDocument removes a document.
func (c *Catalog) forgetDocument(ctx context.Context, tx bun.Tx, kind documentKind, ref string) error {
	if c.db.IsSQLite() {
		_, err := tx.NewRaw("DELETE FROM ? WHERE rowid IN (SELECT number FROM documents WHERE kind = ? AND ref = ?)",
			bun.Ident(string(kind)+"_words"), kind, ref).Exec(ctx)
		if err != nil {
			return fmt.Errorf("forget the words of %s %s: %w", kind, ref, err)
		}
	}
	if _, err := tx.NewDelete().Table("documents").Where("kind = ? AND ref = ?", kind, ref).Exec(ctx); err != nil {
		return fmt.Errorf("forget the document of %s %s: %w", kind, ref, err)
	}
	return nil
}

// tsvector writes a document as PostgreSQL reads it: its own parser would take apart
// what looks like an address or a number.
func tsvector(words, facets []string) string {
	positions := map[string][]string{}
	for i, word := range words {
		if at := positions[word]; len(at) < maxPositions {
			positions[word] = append(at, strconv.Itoa(min(i+1, lastPosition)))
		}
	}
	var all strings.Builder
	for word, at := range positions {
		all.WriteString(lexeme(word) + ":" + strings.Join(at, ",") + " ")
	}
	for _, facet := range facets {
		all.WriteString(lexeme(facet) + " ")
	}
	return all.String()
}

// documentWords are the words of texts as far as a document holds them, the first
// texts first.
func documentWords(texts ...string) []string {
	words, size := []string{}, 0
	for _, text := range texts {
		for _, word := range shortened(foldedWords(text)) {
			if size += len(word) + 1; size > maxWords {
				return words
			}
			words = append(words, word)
		}
	}
	return words
}

// shortened cuts off what is too long to be a word.
func shortened(words []string) []string {
	for i, word := range words {
		if len(word) > maxWord {
			end := maxWord
			for !utf8.RuneStart(word[end]) {
				end--
			}
			words[i] = word[:end]
		}
	}
	return words
}

// indexAssets writes the documents of assets, in one order, so that two who do so wait
// for one another but not for ever.
func (c *Catalog) indexAssets(ctx context.Context, tx bun.Tx, ids []string) error {
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if err := c.indexAsset(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// indexAsset writes the document of an asset.
func (c *Catalog) indexAsset(ctx context.Context, tx bun.Tx, id string) error {
	_, _, err := c.describeAsset(ctx, tx, id)
	return err
}

// describeAsset writes the document of an asset: what is said of it, in it, and in the
// stories that everyone may see by now. It returns what it has read.
func (c *Catalog) describeAsset(ctx context.Context, tx bun.Tx, id string) (asset Asset, captions []Captions, err error) {
	if err := settled(tx.NewSelect().Model(&asset)).Where("id = ?", id).Scan(ctx); err != nil {
		return asset, nil, fmt.Errorf("read asset %s: %w", id, err)
	}
	var due time.Time
	if asset.waits() {
		due = asset.ReleasedAt
	}
	if err := openDocument(ctx, tx, assetDocument, asset.Position, due); err != nil {
		return asset, nil, err
	}
	shots, err := shotsOf(ctx, tx, id)
	if err != nil {
		return asset, nil, err
	}
	if captions, err = captionsOf(ctx, tx, id); err != nil {
		return asset, nil, err
	}
	var stories []Story
	err = Asker{}.findsStories(tx.NewSelect().Model(&stories)).
		Where("story.id IN (SELECT story_id FROM story_assets WHERE asset_id = ?)", id).OrderExpr("story.position DESC").Limit(MaxPage).Scan(ctx)
	if err != nil {
		return asset, nil, fmt.Errorf("read the stories of asset %s: %w", id, err)
	}
	texts := slices.Concat([]string{asset.Title, asset.Description}, asset.People, asset.Places, asset.Keywords)
	for i := range stories {
		texts = append(texts, stories[i].words()...)
	}
	for i := range shots {
		texts = append(texts, shots[i].Text)
	}
	for i := range captions {
		texts = append(texts, captions[i].words()...)
	}
	about := append(facets("lang", asset.Language), asset.facets()...)
	return asset, captions, c.writeDocument(ctx, tx, assetDocument, asset.Position, documentWords(texts...), about)
}

// facets are those that an asset shares with its captions.
func (a *Asset) facets() []string {
	all := a.formats()
	for _, topic := range a.Topics {
		all = append(all, facets("topic", topic)...)
	}
	return all
}

// formats are what AssetQuery.Format may ask for, as facets.
func (a *Asset) formats() []string {
	if a.Source == nil {
		return nil
	}
	video := a.Source.Video
	size, long, short := "sd", max(video.Width, video.Height), min(video.Width, video.Height)
	switch {
	case long >= 3840 || short >= 2160:
		size = "uhd"
	case long >= 1280 || short >= 720:
		size = "hd"
	}
	return facets("format", size, "format", a.Source.Container, "format", video.Codec)
}

// words are all texts of a story.
func (s *Story) words() []string {
	texts := append([]string{s.Place}, s.Keywords...)
	for _, language := range StoryLanguages() {
		text := s.Texts[language]
		texts = append(texts, text.Title, text.Summary, text.Body)
	}
	return texts
}

func (c *Captions) words() []string {
	texts := make([]string, len(c.Cues))
	for i, cue := range c.Cues {
		texts[i] = cue.Plain()
	}
	return texts
}

// indexStory writes the documents of a story, whose place was another before, of its
// assets and of those that it had.
func (c *Catalog) indexStory(ctx context.Context, tx bun.Tx, story *Story, before string, former ...string) error {
	if before != story.Position {
		if err := c.forgetDocument(ctx, tx, storyDocument, before); err != nil {
			return err
		}
	}
	var due time.Time
	if story.EmbargoUntil.After(database.Now()) {
		due = story.EmbargoUntil
	}
	if err := openDocument(ctx, tx, storyDocument, story.Position, due); err != nil {
		return err
	}
	about := []string{}
	for language := range story.Texts {
		about = append(about, facets("lang", language)...)
	}
	for _, topic := range story.Topics {
		about = append(about, facets("topic", topic)...)
	}
	if err := c.writeDocument(ctx, tx, storyDocument, story.Position, documentWords(story.words()...), about); err != nil {
		return err
	}
	assets, err := assetIDsOf(ctx, tx, story.ID)
	if err != nil {
		return err
	}
	return c.indexAssets(ctx, tx, append(assets, former...))
}

func assetIDsOf(ctx context.Context, tx bun.Tx, storyID string) ([]string, error) {
	ids := []string{}
	if err := tx.NewSelect().Table("story_assets").Column("asset_id").Where("story_id = ?", storyID).Scan(ctx, &ids); err != nil {
		return nil, fmt.Errorf("read the assets of story %s: %w", storyID, err)
	}
	return ids, nil
}

// indexDue writes the documents whose time has come: those of stories and assets
// whose embargo is over, and those of what was there before there were documents.
func (c *Catalog) indexDue(ctx context.Context) error {
	for {
		var due []struct {
			Kind documentKind
			Ref  string
		}
		err := c.db.NewSelect().Table("documents").Column("kind", "ref").Where("due_at <= ?", database.Now()).Limit(indexedAtOnce).Scan(ctx, &due)
		if err != nil {
			return fmt.Errorf("look for what is to be indexed: %w", err)
		}
		for _, document := range due {
			err := c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
				// Another one, or one before it, may have written it meanwhile.
				still, err := tx.NewSelect().Table("documents").Where("kind = ? AND ref = ? AND due_at <= ?", document.Kind, document.Ref, database.Now()).Exists(ctx)
				if err != nil {
					return fmt.Errorf("look whether the %s %s is still to be indexed: %w", document.Kind, document.Ref, err)
				}
				if !still {
					return nil
				}
				return c.index(ctx, tx, document.Kind, document.Ref)
			})
			if err != nil {
				return err
			}
		}
		if len(due) < indexedAtOnce {
			return nil
		}
	}
}

// index writes the document of something, if it is there.
func (c *Catalog) index(ctx context.Context, tx bun.Tx, kind documentKind, ref string) error {
	if kind != storyDocument {
		position, _, _ := strings.Cut(ref, "/")
		return c.indexAt(ctx, tx, kind, position, ref)
	}
	// Of two who find it due, one finds it gone. A story is held before its document, as by
	// those who change it.
	var story Story
	err := held(tx.NewSelect().Model(&story)).Where("position = ?", ref).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return c.forgetDocument(ctx, tx, kind, ref)
	}
	if err != nil {
		return fmt.Errorf("read the story at %s: %w", ref, err)
	}
	// After its embargo a story stands where it comes out.
	if story.Status == StoryPublished && !story.EmbargoUntil.IsZero() && !story.EmbargoUntil.After(database.Now()) {
		story.Position = database.NewID()
		if _, err := tx.NewUpdate().Model(&story).Column("position").WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("move story %s: %w", story.ID, err)
		}
	}
	return c.indexStory(ctx, tx, &story, ref)
}
