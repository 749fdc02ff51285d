package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// StoryStatus is whether a story is out.
type StoryStatus string

// The states of a story.
const (
	StoryDraft     StoryStatus = "draft"     // only editors see it
	StoryPublished StoryStatus = "published" // everyone sees it, after its embargo
)

// StoryText is a story in one language, as plain text.
type StoryText struct {
	Title   string `json:"title"`
	Summary string `json:"summary,omitempty"`
	Body    string `json:"body,omitempty"` // an empty line ends a paragraph
}

// Lead is what lists say of a story: its summary, or else its first paragraph.
func (t StoryText) Lead() string {
	if t.Summary != "" {
		return t.Summary
	}
	first, _, _ := strings.Cut(t.Body, "\n\n")
	return first
}

// StoryContent is what an editor says in a story.
type StoryContent struct {
	Slug         string               // names the story in addresses; made of the title where it is empty
	Date         time.Time            `bun:"dated"` // the day it is about, midnight UTC
	Place        string               // dateline, such as Geneva
	Topics       []string             // of Catalog.Topics
	Keywords     []string             // as people would look for it
	Texts        map[string]StoryText // by language, of StoryLanguages; one or more
	EmbargoUntil time.Time            `bun:",nullzero"` // before, only editors see it
}

// Story is a dated text, in one or more languages, published with its assets.
type Story struct {
	bun.BaseModel `bun:"table:stories"`

	ID string `bun:",pk"`
	StoryContent
	Status      StoryStatus
	Position    string    // where it stands in lists: like an id, of when it first came out
	PublishedAt time.Time `bun:",nullzero"` // when it first came out
	CreatedAt   time.Time
	ChangedAt   time.Time
	Version     int // grows with each change
	Idempotency
}

// StoryLanguages are those in which stories are told.
func StoryLanguages() []string { return []string{"en", "fr"} }

// StoryPath is where the site has a story's page.
func StoryPath(slug string) string { return "/stories/" + slug }

// Text is the story in a language, or else in the first of StoryLanguages that it
// has, and which one it is.
func (s *Story) Text(language string) (StoryText, string) {
	for _, candidate := range append([]string{language}, StoryLanguages()...) {
		if text, ok := s.Texts[candidate]; ok {
			return text, candidate
		}
	}
	return StoryText{}, language
}

// CameOut is when a published story could first be read, or can be after its embargo.
func (s *Story) CameOut() time.Time {
	if s.EmbargoUntil.After(s.PublishedAt) {
		return s.EmbargoUntil.UTC()
	}
	return s.PublishedAt.UTC()
}

// cameOut is Story.CameOut in a query.
const cameOut = bun.Safe("CASE WHEN story.embargo_until > story.published_at THEN story.embargo_until ELSE story.published_at END")

// StoryQuery selects stories; zero fields select all that the asker may see.
type StoryQuery struct {
	By       Asker
	Words    string    // all of them stand in it
	Language string    // it is told in
	Topic    string    // it is about
	From, To time.Time // dated in [From, To)
	OutFrom  time.Time // it came out at or after
	OutTo    time.Time // it came out before
	Cursor   string    // from the page before
	Limit    int       // 1 to MaxPage
}

// Stories returns a page, the last to come out first, and the cursor of the next
// page, empty after the last.
func (c *Catalog) Stories(ctx context.Context, q StoryQuery) (page []Story, next string, err error) {
	limit := min(max(q.Limit, 1), MaxPage)
	wanted := search{words: q.Words, facets: facets("lang", q.Language, "topic", q.Topic), before: q.Cursor}
	err = c.tryWays(ctx, wanted, storyList, func(way search) (full bool, err error) {
		page = nil
		query := way.narrow(c, q.By.findsStories(c.db.NewSelect().Model(&page)), storyList).Limit(int64(limit) + 1)
		if !q.From.IsZero() {
			query.Where("story.dated >= ?", q.From.UTC())
		}
		if !q.To.IsZero() {
			query.Where("story.dated < ?", q.To.UTC())
		}
		if !q.OutFrom.IsZero() {
			query.Where("? >= ?", cameOut, q.OutFrom.UTC())
		}
		if !q.OutTo.IsZero() {
			query.Where("? < ?", cameOut, q.OutTo.UTC())
		}
		if err := query.Scan(ctx); err != nil {
			return false, fmt.Errorf("list stories: %w", err)
		}
		return len(page) > limit, nil
	})
	if err != nil {
		return nil, "", err
	}
	page, next = database.Page(page, limit, func(row *Story) string { return row.Position })
	return page, next, nil
}

// Story returns one story that the asker may see, by its id or its slug, or a NotFound
// Error.
func (c *Catalog) Story(ctx context.Context, by Asker, idOrSlug string) (Story, error) {
	return readStory(ctx, by, idOrSlug, c.db.NewSelect())
}

// holdStory is Story for who goes on to change it: nobody else does until tx ends.
func holdStory(ctx context.Context, tx bun.Tx, by Asker, idOrSlug string) (Story, error) {
	return readStory(ctx, by, idOrSlug, held(tx.NewSelect()))
}

func readStory(ctx context.Context, by Asker, idOrSlug string, q *bun.SelectQuery) (story Story, err error) {
	err = by.findsStories(q.Model(&story)).Where("(story.id = ? OR story.slug = ?)", idOrSlug, idOrSlug).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return story, notFound("there is no story %q", idOrSlug)
	}
	if err != nil {
		return story, fmt.Errorf("read story %s: %w", idOrSlug, err)
	}
	return story, nil
}

// StoriesOf returns the stories of an asset that the asker may see, the last to come
// out first, at most MaxPage.
func (c *Catalog) StoriesOf(ctx context.Context, by Asker, assetID string) ([]Story, error) {
	stories := []Story{}
	err := by.findsStories(c.db.NewSelect().Model(&stories)).
		Where("story.id IN (SELECT story_id FROM story_assets WHERE asset_id = ?)", assetID).
		OrderExpr("story.position DESC").Limit(MaxPage).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the stories of asset %s: %w", assetID, err)
	}
	return stories, nil
}

// StoryAssets returns the assets of a story that the asker may see, in order, or a
// NotFound Error where they may not see the story.
func (c *Catalog) StoryAssets(ctx context.Context, by Asker, storyID string) ([]Asset, error) {
	story, err := c.Story(ctx, by, storyID)
	if err != nil {
		return nil, err
	}
	assets, err := c.AssetsOfStories(ctx, by, []Story{story})
	return assets[story.ID], err
}

// AssetsOfStories returns the assets of several stories that the asker may see, in
// order, by the stories' ids. Whoever has the stories may see them.
func (c *Catalog) AssetsOfStories(ctx context.Context, by Asker, stories []Story) (map[string][]Asset, error) {
	if len(stories) == 0 {
		return map[string][]Asset{}, nil
	}
	ids := make([]string, len(stories))
	for i := range stories {
		ids[i] = stories[i].ID
	}
	var rows []struct {
		Asset   `bun:",extend"`
		StoryID string
	}
	err := by.finds(c.db.NewSelect().Model(&rows).ModelTableExpr("assets AS asset")).
		ColumnExpr("asset.*, story_assets.story_id").
		Join("JOIN story_assets ON story_assets.asset_id = asset.id").
		Where("story_assets.story_id IN (?)", bun.List(ids)).OrderExpr("story_assets.story_id, story_assets.number").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the assets of stories: %w", err)
	}
	byStory := map[string][]Asset{}
	for i := range rows {
		byStory[rows[i].StoryID] = append(byStory[rows[i].StoryID], rows[i].Asset)
	}
	return byStory, nil
}

// PublishStory brings a story out; again changes nothing. Errors: NotFound.
func (c *Catalog) PublishStory(ctx context.Context, by Asker, id string) (Story, error) {
	return c.setStatus(ctx, by, id, StoryPublished)
}

// UnpublishStory makes a story a draft again. Errors: NotFound.
func (c *Catalog) UnpublishStory(ctx context.Context, by Asker, id string) (Story, error) {
	return c.setStatus(ctx, by, id, StoryDraft)
}

func (c *Catalog) setStatus(ctx context.Context, by Asker, id string, status StoryStatus) (story Story, err error) {
	err = c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var err error
		if story, err = holdStory(ctx, tx, by, id); err != nil || story.Status == status {
			return err
		}
		before := story.Position
		story.Status, story.ChangedAt = status, database.Now()
		story.Version++
		columns := []string{"status", "changed_at", "version"}
		if story.PublishedAt.IsZero() {
			story.PublishedAt, story.Position = story.ChangedAt, database.NewID()
			columns = append(columns, "published_at", "position")
		}
		if _, err := tx.NewUpdate().Model(&story).Column(columns...).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("make story %s %s: %w", id, status, err)
		}
		return c.indexStory(ctx, tx, &story, before)
	})
	return story, err
}

// DeleteStory removes a story and returns what it was; its assets stay. Errors: NotFound.
func (c *Catalog) DeleteStory(ctx context.Context, by Asker, id string) (story Story, err error) {
	err = c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var err error
		if story, err = holdStory(ctx, tx, by, id); err != nil {
			return err
		}
		assets, err := assetIDsOf(ctx, tx, story.ID)
		if err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model(&story).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("delete story %s: %w", id, err)
		}
		return errors.Join(c.forgetDocument(ctx, tx, storyDocument, story.Position), c.indexAssets(ctx, tx, assets))
	})
	return story, err
}
