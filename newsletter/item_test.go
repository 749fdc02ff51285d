package newsletter

import (
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/catalog"
)

// story publishes a story in two languages.
func (h *harness) story(t *testing.T, title string) catalog.Story {
	t.Helper()
	story, err := h.catalog.CreateStory(t.Context(), catalog.House(), catalog.NewStory{StoryContent: catalog.StoryContent{Texts: map[string]catalog.StoryText{
		"en": {Title: title, Body: "They <talk>.\n\nMore."}, "fr": {Title: title + ", en français", Summary: "On se parle."},
	}}})
	if err == nil {
		story, err = h.catalog.PublishStory(t.Context(), catalog.House(), story.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return story
}

// TestStoriesOfIssues composes issues of what came out since the one before.
func TestStoriesOfIssues(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.subscribe(t, Wish{Address: "jo@example.org"})
		asset, first, second := h.asset(t, "Film", true), h.story(t, "First"), h.story(t, "Second")
		draft := bilingual()
		issue := h.issue(t, draft)
		if !slices.Equal(issue.StoryIDs, []string{second.ID, first.ID}) || len(issue.AssetIDs) != 0 {
			t.Errorf("the issue has %v and %v", issue.StoryIDs, issue.AssetIDs)
		}
		for language, want := range map[string][]string{
			"en": {"Second\n", "They <talk>.", "Read and watch: https://press.example.com/stories/second?lang=en"},
			"fr": {"Second, en français\n", "On se parle.", "Lire et voir\u00a0: https://press.example.com/stories/second?lang=fr"},
		} {
			message, err := h.Preview(t.Context(), issue.ID, language)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range want {
				if !strings.Contains(message.Text, part) {
					t.Errorf("%s: the text lacks %q:\n%s", language, part, message.Text)
				}
			}
			if strings.Contains(message.Text, "More.") || strings.Contains(message.HTML, "<talk>") {
				t.Errorf("%s: %s\n%s", language, message.Text, message.HTML)
			}
		}
		draft.StoryIDs, draft.AssetIDs = []string{first.ID}, []string{asset.ID}
		both, err := h.ChangeIssue(t.Context(), issue.ID, draft)
		if err != nil || !slices.Equal(both.StoryIDs, draft.StoryIDs) || !slices.Equal(both.AssetIDs, draft.AssetIDs) {
			t.Errorf("changed, it has %v and %v: %v", both.StoryIDs, both.AssetIDs, err)
		}
		h.send(t, issue.ID)
		third := h.story(t, "Third")
		if next := h.issue(t, bilingual()); !slices.Equal(next.StoryIDs, []string{third.ID}) {
			t.Errorf("the next issue has %v, want %s", next.StoryIDs, third.ID)
		}
		if _, err := h.catalog.UnpublishStory(t.Context(), catalog.House(), first.ID); err != nil {
			t.Fatal(err)
		}
		bad := bilingual()
		bad.StoryIDs = []string{third.ID, first.ID}
		_, err = h.CreateIssue(t.Context(), bad)
		if err == nil || !strings.Contains(err.Error(), "there is no story") {
			t.Errorf("a draft in an issue: %v", err)
		}
		items := []Item{{StoryID: first.ID}, {StoryID: third.ID}, {AssetID: asset.ID}}
		kept, err := (&Sender{Newsletter: h.Newsletter}).public(t.Context(), items)
		if err != nil || len(kept) != 2 || kept[0].StoryID != third.ID {
			t.Errorf("what is unpublished while an issue is sent stays in it: %v, %v", kept, err)
		}
	})
}

// TestAssetPublishedLater chooses an asset that came out since the last issue, though it was
// stored before.
func TestAssetPublishedLater(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.subscribe(t, Wish{Address: "jo@example.org"})
		kept := h.asset(t, "Kept back", true)
		set := func(until time.Time) catalog.Asset {
			t.Helper()
			a, err := h.catalog.ChangeAsset(t.Context(), catalog.House(), kept.ID, catalog.Change{EmbargoUntil: &until})
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		set(catalog.Unending())
		other := h.asset(t, "Other", true)
		first := h.issue(t, bilingual())
		if !slices.Equal(first.AssetIDs, []string{other.ID}) {
			t.Errorf("the first issue has %v, want %s", first.AssetIDs, other.ID)
		}
		h.send(t, first.ID)
		out := set(time.Time{})
		next := h.issue(t, bilingual())
		if !slices.Equal(next.AssetIDs, []string{kept.ID}) {
			t.Errorf("the next issue has %v, want %s", next.AssetIDs, kept.ID)
		}
		item, err := h.assetItem(t.Context(), kept.ID)
		if err != nil || !item.Published.Equal(out.ReleasedAt) {
			t.Errorf("it was published at %s, want %s: %v", item.Published, out.ReleasedAt, err)
		}
	})
}
