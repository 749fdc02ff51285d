package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
	"golang.org/x/text/unicode/norm"
)

// Limits of a story.
const (
	maxStoryAssets = 50
	maxStoryTitle  = 300    // characters
	maxStoryText   = 50_000 // characters of a body; a summary is shorter by how it is used
	maxSlug        = 100
)

// NewStory is a story to be written.
type NewStory struct {
	StoryContent
	AssetIDs []string // in order
	Idempotency
}

// StoryChange is what an editor changes of a story; what is nil stays as it is.
type StoryChange struct {
	Slug         *string // of a draft
	Date         *time.Time
	Place        *string
	Topics       *[]string
	Keywords     *[]string
	Texts        *map[string]StoryText // all of them
	EmbargoUntil *time.Time            // the zero time lifts the embargo
	AssetIDs     *[]string             // all of them, in order

	Versions Versions
}

// CreateStory stores a draft, or finds the one that the same request has stored
// before. Errors: Invalid, Conflict.
func (c *Catalog) CreateStory(ctx context.Context, by Asker, draft NewStory) (Story, error) {
	now := database.Now()
	id := database.NewID()
	story := Story{
		ID: id, Position: id, StoryContent: draft.StoryContent, Status: StoryDraft, CreatedAt: now, ChangedAt: now,
		Idempotency: draft.of(by.ID),
	}
	if story.Date.IsZero() {
		story.Date = now
	}
	if err := c.checkStory(&story.StoryContent); err != nil {
		return story, err
	}
	named := story.Slug != ""
	if !named {
		story.Slug = slugOf(&story)
	}
	var stored bool
	for _, suffix := range []string{"", "-" + id[len(id)-8:]} {
		story.Slug += suffix
		err := c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
			stored, err = c.insertStory(ctx, tx, by, &story, draft.AssetIDs)
			return err
		})
		if err != nil || stored {
			return story, err
		}
		earlier, err := c.storyByKey(ctx, story.Idempotency)
		if !errors.Is(err, sql.ErrNoRows) {
			return earlier, err
		}
		if named {
			break
		}
	}
	return story, slugTaken(story.Slug)
}

// insertStory reports false where another story has the slug or the key.
func (c *Catalog) insertStory(ctx context.Context, tx bun.Tx, by Asker, story *Story, assetIDs []string) (bool, error) {
	res, err := tx.NewInsert().Model(story).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("store a story: %w", err)
	}
	if errors.Is(mustAffect(res), errAgain) {
		return false, nil
	}
	if err := setStoryAssets(ctx, tx, by, story.ID, assetIDs); err != nil {
		return false, err
	}
	return true, c.indexStory(ctx, tx, story, story.Position)
}

// storyByKey is the story that a request with this key has stored, or sql.ErrNoRows.
func (c *Catalog) storyByKey(ctx context.Context, key Idempotency) (Story, error) {
	var story Story
	if key.IdempotencyKey == "" {
		return story, sql.ErrNoRows
	}
	if err := c.db.NewSelect().Model(&story).Where("idempotency_key = ?", key.IdempotencyKey).Scan(ctx); err != nil {
		return story, fmt.Errorf("look for an earlier request: %w", err)
	}
	return story, key.matches(story.Idempotency)
}

func slugTaken(slug string) error {
	return &Error{Kind: Conflict, Field: "slug", Message: fmt.Sprintf("another story has the slug %q: choose another", slug)}
}

// ChangeStory changes a story and returns it. Errors: Invalid, NotFound, Conflict, Stale.
func (c *Catalog) ChangeStory(ctx context.Context, by Asker, id string, change StoryChange) (story Story, err error) {
	err = c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var err error
		if story, err = holdStory(ctx, tx, by, id); err != nil {
			return err
		}
		if err := change.Versions.Check(story.Version); err != nil {
			return err
		}
		if err := c.apply(&story, change); err != nil {
			return err
		}
		if taken, err := tx.NewSelect().Model((*Story)(nil)).Where("slug = ? AND id <> ?", story.Slug, story.ID).Exists(ctx); err != nil || taken {
			return errors.Join(err, slugTaken(story.Slug))
		}
		_, err = tx.NewUpdate().Model(&story).
			Column("slug", "dated", "place", "topics", "keywords", "texts", "embargo_until", "changed_at", "version").WherePK().Exec(ctx)
		if err != nil {
			return fmt.Errorf("change story %s: %w", id, err)
		}
		former, err := assetIDsOf(ctx, tx, story.ID)
		if err == nil && change.AssetIDs != nil {
			err = setStoryAssets(ctx, tx, by, story.ID, *change.AssetIDs)
		}
		if err != nil {
			return err
		}
		return c.indexStory(ctx, tx, &story, story.Position, former...)
	})
	return story, err
}

// apply gives a story what is changed of it, or says what cannot be.
func (c *Catalog) apply(story *Story, change StoryChange) error {
	if change.Slug != nil && *change.Slug != story.Slug && story.Status == StoryPublished {
		return &Error{Kind: Conflict, Field: "slug", Message: "links lead to the story by its slug: unpublish it before you change it"}
	}
	before := story.Topics
	set(&story.Slug, change.Slug)
	set(&story.Date, change.Date)
	set(&story.Place, change.Place)
	set(&story.Topics, change.Topics)
	set(&story.Keywords, change.Keywords)
	set(&story.Texts, change.Texts)
	set(&story.EmbargoUntil, change.EmbargoUntil)
	story.ChangedAt = database.Now()
	story.Version++
	if err := c.checkStory(&story.StoryContent, before...); err != nil {
		return err
	}
	if story.Slug == "" {
		story.Slug = slugOf(story)
	}
	return nil
}

// set gives a field its new value, if there is one.
func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// setStoryAssets writes which assets a story has: those that its editor may see.
func setStoryAssets(ctx context.Context, tx bun.Tx, by Asker, storyID string, ids []string) error {
	if len(ids) > maxStoryAssets {
		return invalid("asset_ids", "there are %d assets: %d are the most", len(ids), maxStoryAssets)
	}
	if _, err := tx.NewDelete().Table("story_assets").Where("story_id = ?", storyID).Exec(ctx); err != nil {
		return fmt.Errorf("change the assets of story %s: %w", storyID, err)
	}
	for i, id := range ids {
		field := fmt.Sprintf("asset_ids[%d]", i)
		if slices.Contains(ids[:i], id) {
			return invalid(field, "the asset %q is there twice: leave one out", id)
		}
		known, err := by.finds(tx.NewSelect().Model((*Asset)(nil))).Where("asset.id = ?", id).Exists(ctx)
		if err != nil {
			return fmt.Errorf("look for asset %s: %w", id, err)
		}
		if !known {
			return invalid(field, "there is no asset %q: leave it out", id)
		}
		row := map[string]any{"story_id": storyID, "asset_id": id, "number": i}
		if _, err := tx.NewInsert().Model(&row).Table("story_assets").Exec(ctx); err != nil {
			return fmt.Errorf("add an asset to story %s: %w", storyID, err)
		}
	}
	return nil
}

// checkStory brings what an editor says into the form in which it is kept, or names
// what cannot be. before are topics that the story has already.
func (c *Catalog) checkStory(s *StoryContent, before ...string) error {
	if s.Slug != "" && !isSlug(s.Slug) {
		return invalid("slug", "write the slug in small letters, digits and single hyphens, such as talks-in-geneva, at most %d characters", maxSlug)
	}
	if err := c.CheckTopics(s.Topics, before...); err != nil {
		return err
	}
	var err error
	if s.Keywords, err = tidyList("keywords", s.Keywords); err != nil {
		return err
	}
	s.Topics = append([]string{}, s.Topics...)
	s.Date = time.Date(s.Date.Year(), s.Date.Month(), s.Date.Day(), 0, 0, 0, 0, time.UTC)
	s.EmbargoUntil, s.Place = instant(s.EmbargoUntil), tidy(s.Place)
	return checkTexts(s)
}

func checkTexts(s *StoryContent) error {
	if len(s.Texts) == 0 {
		return invalid("texts", "the story says nothing: write it in one of %s at least", strings.Join(StoryLanguages(), ", "))
	}
	texts := map[string]StoryText{}
	for language, text := range s.Texts {
		field := "texts." + language
		text.Title, text.Summary, text.Body = tidy(text.Title), tidyText(text.Summary), tidyText(text.Body)
		switch {
		case !slices.Contains(StoryLanguages(), language):
			return invalid(field, "stories are told in %s: leave %q out", strings.Join(StoryLanguages(), " and "), language)
		case text.Title == "":
			return invalid(field+".title", "the title is empty: give the story a title, or leave the language out")
		case len([]rune(text.Title)) > maxStoryTitle:
			return invalid(field+".title", "the title has more than %d characters: shorten it", maxStoryTitle)
		case len([]rune(text.Body))+len([]rune(text.Summary)) > maxStoryText:
			return invalid(field+".body", "the text has more than %d characters: shorten it", maxStoryText)
		}
		texts[language] = text
	}
	s.Texts = texts
	return nil
}

// tidy is one line without needless spaces.
func tidy(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// tidyText is a text of several lines without needless ones.
func tidyText(s string) string {
	return strings.TrimSpace(norm.NFC.String(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)))
}

// Limits of a list of names or keywords.
const (
	maxList = 50
	maxName = 200 // characters
)

// tidyList is a list without what is empty or there twice.
func tidyList(field string, list []string) ([]string, error) {
	tidied := []string{}
	for i, entry := range list {
		entry = tidy(entry)
		if len([]rune(entry)) > maxName {
			return nil, invalid(fmt.Sprintf("%s[%d]", field, i), "it has more than %d characters: shorten it", maxName)
		}
		if entry != "" && !slices.Contains(tidied, entry) {
			tidied = append(tidied, entry)
		}
	}
	if len(tidied) > maxList {
		return nil, invalid(field, "there are %d: %d are the most", len(tidied), maxList)
	}
	return tidied, nil
}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// isSlug reports whether something can name a story; it must not look like an id.
func isSlug(s string) bool { return len(s) <= maxSlug && slug.MatchString(s) && !database.IsID(s) }

// slugOf makes a slug of a story's title.
func slugOf(s *Story) string {
	text, _ := s.Text("en")
	made := ""
	for _, word := range foldedWords(text.Title) {
		word = strings.Map(func(r rune) rune {
			if r > 'z' {
				return -1
			}
			return r
		}, word)
		if word == "" {
			continue
		}
		if len(made)+len(word) > 60 {
			break
		}
		made = strings.TrimPrefix(made+"-"+word, "-")
	}
	if !isSlug(made) {
		return strings.TrimPrefix(made+"-story-"+s.ID[len(s.ID)-8:], "-")
	}
	return made
}
