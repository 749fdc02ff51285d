package catalog

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

var editor = Asker{ID: "ed", Editor: true}

// told is a story in English.
func told(title string, assets ...string) NewStory {
	return NewStory{StoryContent: StoryContent{Texts: map[string]StoryText{"en": {Title: title, Body: "One.\r\n\r\nTwo."}}}, AssetIDs: assets}
}

func (h *harness) story(t *testing.T, draft NewStory) Story {
	t.Helper()
	return must[Story](t)(h.CreateStory(t.Context(), editor, draft))
}

func (h *harness) published(t *testing.T, draft NewStory) Story {
	t.Helper()
	return must[Story](t)(h.PublishStory(t.Context(), editor, h.story(t, draft).ID))
}

func storyIDs(stories []Story) []string {
	all := []string{}
	for i := range stories {
		all = append(all, stories[i].ID)
	}
	return all
}

// TestStorySight asks for stories as everyone, by every way to them.
func TestStorySight(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			open, hidden := h.asset(t), h.asset(t)
			h.embargo(t, hidden.ID, time.Hour)
			draft := h.story(t, told("A draft", open.ID))
			late := told("Under embargo", open.ID)
			late.EmbargoUntil = time.Now().Add(time.Hour)
			embargoed, public := h.published(t, late), h.published(t, told("Out", hidden.ID, open.ID))
			for _, tt := range []struct {
				by              Asker
				stories, assets []string
			}{
				{Asker{}, []string{public.ID}, []string{open.ID}},
				{Asker{ID: "ann"}, []string{public.ID}, []string{open.ID}},
				{editor, []string{public.ID, embargoed.ID, draft.ID}, []string{hidden.ID, open.ID}},
			} {
				page, _, err := h.Stories(t.Context(), StoryQuery{By: tt.by, Limit: 10})
				if err != nil || !slices.Equal(storyIDs(page), tt.stories) {
					t.Errorf("%+v lists %v, %v", tt.by, storyIDs(page), err)
				}
				if of := must[[]Story](t)(h.StoriesOf(t.Context(), tt.by, open.ID)); !slices.Equal(storyIDs(of), tt.stories) {
					t.Errorf("%+v finds %v of an asset", tt.by, storyIDs(of))
				}
				if got := ids(must[[]Asset](t)(h.StoryAssets(t.Context(), tt.by, public.Slug))); !slices.Equal(got, tt.assets) {
					t.Errorf("%+v gets the assets %v, want %v", tt.by, got, tt.assets)
				}
				for _, one := range []Story{draft, embargoed, public} {
					for _, name := range []string{one.ID, one.Slug} {
						_, err := h.Story(t.Context(), tt.by, name)
						_, assetsErr := h.StoryAssets(t.Context(), tt.by, name)
						if seen := slices.Contains(tt.stories, one.ID); seen != (err == nil) || seen != (assetsErr == nil) {
							t.Errorf("%+v asks for %s: %v, %v", tt.by, one.Slug, err, assetsErr)
						}
					}
				}
			}
		})
	}
}

// TestStoryLife takes a story through all that can be done to it.
func TestStoryLife(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			one, two := h.asset(t), h.asset(t)
			draft := told("  L'Œuvre d'été\nà   Zürich ", one.ID, two.ID)
			draft.Keywords, draft.IdempotencyKey = []string{"a", " a ", "", "Émile  Zola"}, "key"
			story := h.story(t, draft)
			if story.Slug != "l-oeuvre-d-ete-a-zurich" || story.Texts["en"].Title != "L'Œuvre d'été à Zürich" || story.Texts["en"].Body != "One.\n\nTwo." {
				t.Errorf("the story is %+v", story)
			}
			read := must[Story](t)(h.Story(t.Context(), editor, story.Slug))
			if !slices.Equal(read.Keywords, []string{"a", "Émile Zola"}) || !read.Date.Equal(time.Now().UTC().Truncate(24*time.Hour)) || read.Topics == nil {
				t.Errorf("it is read as %+v", read)
			}
			if again := h.story(t, draft); again.ID != story.ID {
				t.Error("the same request makes a second story")
			}
			other := h.published(t, told(draft.Texts["en"].Title))
			if !strings.HasPrefix(other.Slug, story.Slug+"-") {
				t.Errorf("the other's slug is %q", other.Slug)
			}
			published := must[Story](t)(h.PublishStory(t.Context(), editor, story.ID))
			if page, _, err := h.Stories(t.Context(), StoryQuery{Limit: 5}); err != nil || !slices.Equal(storyIDs(page), []string{story.ID, other.ID}) {
				t.Errorf("published, it stands not first: %v, %v", page, err)
			}
			slug := "another"
			_, err := h.ChangeStory(t.Context(), editor, story.ID, StoryChange{Slug: &slug})
			wantError(t, err, Conflict, "slug", "unpublish")
			assets, texts := []string{two.ID}, map[string]StoryText{"fr": {Title: "Été"}}
			changed := must[Story](t)(h.ChangeStory(t.Context(), editor, story.ID, StoryChange{AssetIDs: &assets, Texts: &texts}))
			if got := ids(must[[]Asset](t)(h.StoryAssets(t.Context(), Asker{}, story.ID))); !slices.Equal(got, assets) || changed.Slug != story.Slug {
				t.Errorf("changed, it has %v and the slug %q", got, changed.Slug)
			}
			if text, language := changed.Text("en"); language != "fr" || text.Title != "Été" {
				t.Errorf("it says %v in %s", text, language)
			}
			must[Story](t)(h.UnpublishStory(t.Context(), editor, story.ID))
			_, err = h.Story(t.Context(), Asker{}, story.ID)
			wantError(t, err, NotFound, "", "there is no story")
			_, err = h.ChangeStory(t.Context(), editor, story.ID, StoryChange{Slug: &other.Slug})
			wantError(t, err, Conflict, "slug", "another story")
			must[Story](t)(h.ChangeStory(t.Context(), editor, story.ID, StoryChange{Slug: &slug}))
			if again := must[Story](t)(h.PublishStory(t.Context(), editor, story.ID)); again.Position != published.Position || again.Slug != slug {
				t.Errorf("published again it stands at %s, not %s", again.Position, published.Position)
			}
			must[Story](t)(h.DeleteStory(t.Context(), editor, story.ID))
			_, err = h.Story(t.Context(), editor, story.ID)
			wantError(t, err, NotFound, "", "there is no story")
			must[Asset](t)(h.Asset(t.Context(), Asker{}, two.ID))
		})
	}
}

func TestBadStories(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			h.story(t, told("Taken"))
			for field, change := range map[string]func(*NewStory){
				"slug":           func(s *NewStory) { s.Slug = "No Slug" },
				"texts":          func(s *NewStory) { s.Texts = nil },
				"texts.de":       func(s *NewStory) { s.Texts["de"] = StoryText{Title: "Nein"} },
				"texts.fr.title": func(s *NewStory) { s.Texts["fr"] = StoryText{Title: " \n"} },
				"texts.fr.body": func(s *NewStory) {
					s.Texts["fr"] = StoryText{Title: "Long", Body: strings.Repeat("é", maxStoryText+1)}
				},
				"topics[0]":    func(s *NewStory) { s.Topics = []string{"sports"} },
				"keywords[1]":  func(s *NewStory) { s.Keywords = []string{"", strings.Repeat("k", maxName+1)} },
				"asset_ids[1]": func(s *NewStory) { s.AssetIDs = []string{asset.ID, asset.ID} },
				"asset_ids[0]": func(s *NewStory) { s.AssetIDs = []string{"nothing"} },
			} {
				story := told("Bad")
				change(&story)
				_, err := h.CreateStory(t.Context(), editor, story)
				wantError(t, err, Invalid, field, "")
			}
			for _, slug := range []string{strings.Repeat("a", 101), "a--b", "-a", "0123456789abcdef0123456789abcdef"} {
				bad := told("Bad")
				bad.Slug = slug
				_, err := h.CreateStory(t.Context(), editor, bad)
				wantError(t, err, Invalid, "slug", "small letters")
			}
			taken := told("Taken")
			taken.Slug = "taken"
			_, err := h.CreateStory(t.Context(), editor, taken)
			wantError(t, err, Conflict, "slug", "another story")
			if page, _, err := h.Stories(t.Context(), StoryQuery{By: editor, Limit: 10}); err != nil || len(page) != 1 {
				t.Errorf("what is refused is stored: %v, %v", page, err)
			}
			if odd := h.story(t, told("Выборы 选举")); !strings.HasPrefix(odd.Slug, "story-") {
				t.Errorf("a title without Latin letters has the slug %q", odd.Slug)
			}
		})
	}
}

// TestStoryRaces changes a story by several hands at once, at the moment in which its
// embargo ends: nobody's change is lost, and it is found where it stands.
func TestStoryRaces(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			for round := range 12 {
				late := told("Under embargo", asset.ID)
				late.EmbargoUntil = time.Now().Add(time.Hour)
				story, draft := h.published(t, late), h.story(t, told("A draft"))
				h.exec(t, "UPDATE stories SET embargo_until = ? WHERE id = ?", database.Now(), story.ID)
				h.exec(t, "UPDATE documents SET due_at = ? WHERE ref = ?", database.Now(), story.Position)
				place, keywords, until := "Geneva", []string{"talks"}, database.Now().Add(time.Hour)
				_, errs := together(t.Context(), 6, func(ctx context.Context, i int) (any, error) {
					switch i {
					case 0:
						return h.ChangeStory(ctx, editor, story.ID, StoryChange{Place: &place})
					case 1:
						return h.ChangeStory(ctx, editor, story.Slug, StoryChange{Keywords: &keywords})
					case 2:
						return h.ChangeStory(ctx, editor, draft.ID, StoryChange{Place: &place})
					case 3:
						return h.ChangeStory(ctx, editor, draft.ID, StoryChange{EmbargoUntil: &until})
					case 4:
						return h.PublishStory(ctx, editor, draft.ID)
					}
					return nil, h.indexDue(ctx)
				})
				for i, err := range errs {
					if err != nil {
						t.Errorf("round %d, %d: %v", round, i, err)
					}
				}
				story, draft = must[Story](t)(h.Story(t.Context(), editor, story.ID)), must[Story](t)(h.Story(t.Context(), editor, draft.ID))
				if story.Place != place || !slices.Equal(story.Keywords, keywords) || draft.Place != place || !draft.EmbargoUntil.Equal(until) || draft.Status != StoryPublished {
					t.Errorf("round %d: a change is lost of %+v or %+v", round, story, draft)
				}
			}
			if n, err := h.db.NewSelect().Table("documents").
				Where("kind = ? AND ref NOT IN (SELECT position FROM stories)", storyDocument).Count(t.Context()); err != nil || n != 0 {
				t.Errorf("%d documents are of no story, %v", n, err)
			}
			if n, err := h.db.NewSelect().Model((*Story)(nil)).
				Where("position NOT IN (SELECT ref FROM documents WHERE kind = ?)", storyDocument).Count(t.Context()); err != nil || n != 0 {
				t.Errorf("%d stories have no document, %v", n, err)
			}
		})
	}
}

// TestStoriesCameOut narrows stories by when they came out, which is not the day they are about.
func TestStoriesCameOut(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			now := database.Now()
			of := func(title string, out, embargo time.Time) string {
				t.Helper()
				content := told(title)
				content.Date = now.AddDate(-1, 0, 0)
				story := h.published(t, content)
				h.exec(t, "UPDATE stories SET published_at = ?, embargo_until = ? WHERE id = ?", out, bun.NullTime{Time: embargo}, story.ID)
				return story.ID
			}
			plain, embargoed := of("Plain", now.AddDate(0, 0, -5), time.Time{}), of("Embargoed", now.AddDate(0, 0, -9), now.AddDate(0, 0, -1))
			h.story(t, told("A draft"))
			for name, tt := range map[string]struct {
				q    StoryQuery
				want []string
			}{
				"from":        {StoryQuery{OutFrom: now.AddDate(0, 0, -2)}, []string{embargoed}},
				"to":          {StoryQuery{OutTo: now.AddDate(0, 0, -2)}, []string{plain}},
				"from and to": {StoryQuery{OutFrom: now.AddDate(0, 0, -6), OutTo: now}, []string{embargoed, plain}},
				"with words":  {StoryQuery{Words: "embargoed", OutFrom: now.AddDate(0, 0, -2), OutTo: now}, []string{embargoed}},
			} {
				tt.q.By, tt.q.Limit = editor, 10
				if page, _, err := h.Stories(t.Context(), tt.q); err != nil || !slices.Equal(storyIDs(page), tt.want) {
					t.Errorf("%s: %v, want %v: %v", name, storyIDs(page), tt.want, err)
				}
			}
		})
	}
}
