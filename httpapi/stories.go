package httpapi

import (
	"context"
	"net/http"
	"time"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/danielgtaylor/huma/v2"
)

// What editors do to a story, as the record calls it.
const (
	storyChanged     accounts.Action = "story-changed"
	storyPublished   accounts.Action = "story-published"
	storyUnpublished accounts.Action = "story-unpublished"
	storyDeleted     accounts.Action = "story-deleted"
)

// StoryText is a story in one language.
type StoryText struct {
	Title   string `json:"title" minLength:"1" maxLength:"300"`
	Summary string `json:"summary,omitempty" maxLength:"2000"`
	Body    string `json:"body,omitempty" maxLength:"50000" doc:"plain text; an empty line ends a paragraph"`
}

// Story is a dated text with its assets, as the API shows it.
type Story struct {
	ID           string               `json:"id"`
	Slug         string               `json:"slug" doc:"names the story in the site's addresses"`
	Status       string               `json:"status" enum:"draft,published"`
	Date         string               `json:"date" format:"date"`
	Place        string               `json:"place"`
	Topics       []string             `json:"topics" nullable:"false"`
	Keywords     []string             `json:"keywords" nullable:"false"`
	Texts        map[string]StoryText `json:"texts" doc:"by language: en, fr"`
	EmbargoUntil *time.Time           `json:"embargo_until,omitempty" doc:"before, only editors see it"`
	PublishedAt  *time.Time           `json:"published_at,omitempty" doc:"when it first came out"`
	CreatedAt    time.Time            `json:"created_at"`
	ChangedAt    time.Time            `json:"changed_at"`
	Assets       []Asset              `json:"assets" nullable:"false" doc:"in order, those that you may see"`
}

type (
	newStory struct {
		Slug         string               `json:"slug,omitempty" maxLength:"100" doc:"made of the title where it is left out" example:"talks-in-geneva"`
		Date         string               `json:"date,omitempty" format:"date" doc:"today where it is left out"`
		Place        string               `json:"place,omitempty" maxLength:"200"`
		Topics       []string             `json:"topics,omitempty" maxItems:"50"`
		Keywords     []string             `json:"keywords,omitempty" maxItems:"50"`
		Texts        map[string]StoryText `json:"texts" minProperties:"1" doc:"by language: en, fr"`
		EmbargoUntil *time.Time           `json:"embargo_until,omitempty" doc:"before, only editors see it"`
		AssetIDs     []string             `json:"asset_ids,omitempty" maxItems:"50" doc:"in order"`
	}
	storyChange struct {
		Slug         *string               `json:"slug,omitempty" maxLength:"100" doc:"of a draft"`
		Date         *string               `json:"date,omitempty" format:"date"`
		Place        *string               `json:"place,omitempty" maxLength:"200"`
		Topics       *[]string             `json:"topics,omitempty" maxItems:"50"`
		Keywords     *[]string             `json:"keywords,omitempty" maxItems:"50"`
		Texts        *map[string]StoryText `json:"texts,omitempty" doc:"all of them, by language"`
		EmbargoUntil setTime               `json:"embargo_until,omitempty" doc:"null lifts the embargo"`
		AssetIDs     *[]string             `json:"asset_ids,omitempty" maxItems:"50" doc:"all of them, in order"`
	}
	createStoryInput struct {
		Idempotent
		Body newStory
	}
	// StoryInput names a story; huma reads embedded inputs only if exported.
	StoryInput struct {
		ID string `path:"id" maxLength:"100" doc:"its id or its slug"`
	}
	changeStoryInput struct {
		StoryInput
		Precondition
		Body storyChange
	}
	storyOutput struct {
		ETag string `header:"ETag"`
		Body Story
	}
	createdStoryOutput struct {
		Location string `header:"Location"`
		ETag     string `header:"ETag"`
		Body     Story
	}
	listStoriesInput struct {
		Q      string `query:"q" maxLength:"200" doc:"words that stand in it; the last may go on, phrases stand in quotes"`
		Lang   string `query:"lang" maxLength:"35" doc:"told in this language"`
		Topic  string `query:"topic" maxLength:"40"`
		From   string `query:"from" format:"date" doc:"dated on or after"`
		To     string `query:"to" format:"date" doc:"dated before"`
		Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	listStoriesOutput struct {
		Body struct {
			Stories []Story `json:"stories" nullable:"false"`
			Next    string  `json:"next,omitempty" doc:"cursor of the next page"`
		}
	}
)

func (a *API) stories(api huma.API) {
	register(a, api, operation(http.MethodGet, "/v1/stories", "list-stories", "Find stories, the last to come out first", http.StatusOK, 422), a.listStories)
	register(a, api, operation(http.MethodGet, "/v1/stories/{id}", "get-story", "One story, by its id or its slug", http.StatusOK, 404),
		func(ctx context.Context, in *StoryInput) (*storyOutput, error) {
			row, err := a.catalog.Story(ctx, catalog.From(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return a.answerStory(ctx, &row)
		})
	register(a, api, operation(http.MethodPost, "/v1/stories", "create-story", "Write a story, as a draft", http.StatusCreated, 409, 413, 415, 422), a.createStory)
	change := operation(http.MethodPatch, "/v1/stories/{id}", "change-story", "Change a story", http.StatusOK, 404, 409, 412, 413, 415, 422)
	change.Description = "What is left out stays as it is."
	register(a, api, change, a.changeStory)
	register(a, api, operation(http.MethodPost, "/v1/stories/{id}/publish", "publish-story", "Bring a story out", http.StatusOK, 404),
		func(ctx context.Context, in *StoryInput) (*storyOutput, error) {
			return a.storyDone(ctx, storyPublished)(a.catalog.PublishStory(ctx, catalog.From(ctx), in.ID))
		})
	register(a, api, operation(http.MethodPost, "/v1/stories/{id}/unpublish", "unpublish-story", "Make a story a draft again", http.StatusOK, 404),
		func(ctx context.Context, in *StoryInput) (*storyOutput, error) {
			return a.storyDone(ctx, storyUnpublished)(a.catalog.UnpublishStory(ctx, catalog.From(ctx), in.ID))
		})
	register(a, api, operation(http.MethodDelete, "/v1/stories/{id}", "delete-story", "Delete a story; its assets stay", http.StatusNoContent, 404),
		func(ctx context.Context, in *StoryInput) (*struct{}, error) {
			row, err := a.catalog.DeleteStory(ctx, catalog.From(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return nil, a.recordStory(ctx, storyDeleted, &row)
		})
}

func (a *API) listStories(ctx context.Context, in *listStoriesInput) (*listStoriesOutput, error) {
	query := catalog.StoryQuery{By: catalog.From(ctx), Words: in.Q, Language: in.Lang, Topic: in.Topic, Cursor: in.Cursor, Limit: in.Limit}
	var err error
	if query.From, err = day("from", in.From); err != nil {
		return nil, err
	}
	if query.To, err = day("to", in.To); err != nil {
		return nil, err
	}
	rows, next, err := a.catalog.Stories(ctx, query)
	if err != nil {
		return nil, err
	}
	out := new(listStoriesOutput)
	out.Body.Next = next
	out.Body.Stories, err = a.storiesOf(ctx, rows)
	return out, err
}

// day reads a date; none is the zero time.
func day(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return date, &catalog.Error{Kind: catalog.Invalid, Field: field, Message: "write the date as in 2026-11-26"}
	}
	return date, nil
}

// storiesOf turns rows into resources with the assets that the asker may see.
func (a *API) storiesOf(ctx context.Context, rows []catalog.Story) ([]Story, error) {
	assets, err := a.catalog.AssetsOfStories(ctx, catalog.From(ctx), rows)
	if err != nil {
		return nil, err
	}
	out := []Story{}
	for i := range rows {
		row := &rows[i]
		story := Story{
			ID: row.ID, Slug: row.Slug, Status: string(row.Status), Date: row.Date.UTC().Format(time.DateOnly), Place: row.Place, Topics: row.Topics,
			Keywords: row.Keywords, Texts: map[string]StoryText{}, EmbargoUntil: orNull(row.EmbargoUntil), PublishedAt: orNull(row.PublishedAt),
			CreatedAt: row.CreatedAt, ChangedAt: row.ChangedAt, Assets: []Asset{},
		}
		for language, text := range row.Texts {
			story.Texts[language] = StoryText(text)
		}
		for i := range assets[row.ID] {
			asset, err := a.asset(ctx, &assets[row.ID][i])
			if err != nil {
				return nil, err
			}
			story.Assets = append(story.Assets, asset)
		}
		out = append(out, story)
	}
	return out, nil
}

func (a *API) answerStory(ctx context.Context, row *catalog.Story) (*storyOutput, error) {
	stories, err := a.storiesOf(ctx, []catalog.Story{*row})
	if err != nil {
		return nil, err
	}
	return &storyOutput{tagOf(row.Version), stories[0]}, nil
}

func (a *API) createStory(ctx context.Context, in *createStoryInput) (*createdStoryOutput, error) {
	idempotency, err := in.of(in.Body)
	if err != nil {
		return nil, err
	}
	b := in.Body
	content := catalog.StoryContent{Slug: b.Slug, Place: b.Place, Topics: b.Topics, Keywords: b.Keywords, Texts: textsOf(b.Texts)}
	if content.Date, err = day("date", b.Date); err != nil {
		return nil, err
	}
	if b.EmbargoUntil != nil {
		content.EmbargoUntil = *b.EmbargoUntil
	}
	row, err := a.catalog.CreateStory(ctx, catalog.From(ctx), catalog.NewStory{StoryContent: content, AssetIDs: b.AssetIDs, Idempotency: idempotency})
	if err != nil {
		return nil, err
	}
	out, err := a.answerStory(ctx, &row)
	if err != nil {
		return nil, err
	}
	return &createdStoryOutput{"/v1/stories/" + row.ID, out.ETag, out.Body}, nil
}

func textsOf(body map[string]StoryText) map[string]catalog.StoryText {
	texts := map[string]catalog.StoryText{}
	for language, text := range body {
		texts[language] = catalog.StoryText(text)
	}
	return texts
}

func (a *API) changeStory(ctx context.Context, in *changeStoryInput) (*storyOutput, error) {
	b := in.Body
	change := catalog.StoryChange{Slug: b.Slug, Place: b.Place, Topics: b.Topics, Keywords: b.Keywords, AssetIDs: b.AssetIDs, Versions: in.versions()}
	if b.Date != nil {
		date, err := day("date", *b.Date)
		if err != nil {
			return nil, err
		}
		change.Date = &date
	}
	if b.Texts != nil {
		texts := textsOf(*b.Texts)
		change.Texts = &texts
	}
	if b.EmbargoUntil.sent {
		change.EmbargoUntil = &b.EmbargoUntil.time
	}
	return a.storyDone(ctx, storyChanged)(a.catalog.ChangeStory(ctx, catalog.From(ctx), in.ID, change))
}

// storyDone puts what was done to a story on record and answers with it.
func (a *API) storyDone(ctx context.Context, action accounts.Action) func(catalog.Story, error) (*storyOutput, error) {
	return func(row catalog.Story, err error) (*storyOutput, error) {
		if err != nil {
			return nil, err
		}
		if err := a.recordStory(ctx, action, &row); err != nil {
			return nil, err
		}
		return a.answerStory(ctx, &row)
	}
}

func (a *API) recordStory(ctx context.Context, action accounts.Action, row *catalog.Story) error {
	text, _ := row.Text("en")
	return a.record(ctx, action, row.ID, text.Title)
}
