package newsletter

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"subclip/catalog"
)

func bilingual(ids ...string) Draft {
	return Draft{AssetIDs: ids, Editions: []Edition{
		{Language: "en", Subject: "The week", Intro: "Hello.\n\n<b>Second</b> paragraph."},
		{Language: "fr", Subject: "La semaine", Intro: "Bonjour."},
	}}
}

func TestPreview(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		asset := h.asset(t, "A <film>\nof two lines", true)
		issue := h.issue(t, bilingual(asset.ID))
		for language, want := range map[string][]string{
			"en": {"The week", "Second</b> paragraph.", "Watch and download", "Unsubscribe"},
			"fr": {"La semaine", "Bonjour.", "Voir et télécharger", "Se désabonner"},
			"de": {"The week", "Hello.", "Watch and download", "Unsubscribe"},
		} {
			message, err := h.Preview(t.Context(), issue.ID, language)
			if err != nil {
				t.Fatal(err)
			}
			if message.Subject != want[0] {
				t.Errorf("%s: the subject is %q", language, message.Subject)
			}
			for _, part := range append(want, "https://press.example.com/assets/"+asset.ID, "1:30", "https://press.example.com/newsletter/unsubscribe?token=preview") {
				if !strings.Contains(message.Text, part) {
					t.Errorf("%s: the text lacks %q:\n%s", language, part, message.Text)
				}
			}
			if !strings.Contains(message.Text, "A <film> of two lines") || !strings.Contains(message.HTML, "A &lt;film&gt; of two lines") || !strings.Contains(message.HTML, "What &lt;it&gt; shows") {
				t.Errorf("%s: %s\n%s", language, message.Text, message.HTML)
			}
			if still := `<img src="https://press.example.com/assets/` + asset.ID + `/poster"`; !strings.Contains(message.HTML, still) {
				t.Errorf("%s: there is no picture in %s", language, message.HTML)
			}
			if strings.Contains(message.HTML, "<b>") {
				t.Errorf("%s: markup of the intro is let through:\n%s", language, message.HTML)
			}
		}
	})
}

func TestRecentAssets(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.subscribe(t, Wish{Address: "jo@example.org"})
		first, second := h.asset(t, "First", true), h.asset(t, "Second", true)
		h.asset(t, "Not ready", false)
		draft := news()
		draft.AssetIDs = nil
		issue := h.issue(t, draft)
		if !slices.Equal(issue.AssetIDs, []string{second.ID, first.ID}) {
			t.Errorf("the issue has %v, want %s and %s", issue.AssetIDs, second.ID, first.ID)
		}
		h.send(t, issue.ID)
		third := h.asset(t, "Third", true)
		if issue := h.issue(t, draft); !slices.Equal(issue.AssetIDs, []string{third.ID}) {
			t.Errorf("the next issue has %v, want %s", issue.AssetIDs, third.ID)
		}
	})
}

func TestBadDrafts(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		processing := h.asset(t, "Not ready", false)
		for name, spoil := range map[string]func(*Draft){
			"no edition":       func(d *Draft) { d.Editions = nil },
			"no such language": func(d *Draft) { d.Editions[0].Language = "tlh" },
			"a language twice": func(d *Draft) { d.Editions = append(d.Editions, d.Editions[0]) },
			"no subject":       func(d *Draft) { d.Editions[0].Subject = " " },
			"another header":   func(d *Draft) { d.Editions[0].Subject = "News\r\nBcc: a@example.org" },
			"control":          func(d *Draft) { d.Editions[0].Intro = "a\x00b" },
			"long intro":       func(d *Draft) { d.Editions[0].Intro = strings.Repeat("a", maxIntro+1) },
			"nothing in it":    func(d *Draft) { d.Editions[0].Intro = "" },
			"no such topic":    func(d *Draft) { d.Topics = []string{"sports"} },
			"no such asset":    func(d *Draft) { d.AssetIDs = []string{"nothing"} },
			"hidden asset":     func(d *Draft) { d.AssetIDs = []string{processing.ID} },
			"many assets":      func(d *Draft) { d.AssetIDs = make([]string, maxItems+1) },
		} {
			draft := news()
			spoil(&draft)
			if _, err := h.CreateIssue(t.Context(), draft); kindOf(err) != catalog.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if all, _, err := h.Issues(t.Context(), "", 10); err != nil || len(all) != 0 {
			t.Errorf("a bad draft is stored: %v %v", err, all)
		}
	})
}

func TestOnlyDraftsChange(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.subscribe(t, Wish{Address: "jo@example.org"})
		issue := h.issue(t, news())
		changed := news()
		changed.Editions[0].Subject, changed.Topics = "Other news", []string{"culture"}
		got, err := h.ChangeIssue(t.Context(), issue.ID, changed)
		if err != nil || got.Editions[0].Subject != "Other news" || got.TopicList != "|culture|" {
			t.Errorf("%v %+v", err, got)
		}
		gone := h.issue(t, news())
		if err := h.DeleteIssue(t.Context(), gone.ID); err != nil {
			t.Error(err)
		}
		if _, err := h.Issue(t.Context(), gone.ID); kindOf(err) != catalog.NotFound {
			t.Error(err)
		}
		h.send(t, issue.ID)
		if _, err := h.ChangeIssue(t.Context(), issue.ID, news()); kindOf(err) != catalog.Conflict {
			t.Error(err)
		}
		if err := h.DeleteIssue(t.Context(), issue.ID); kindOf(err) != catalog.Conflict {
			t.Error(err)
		}
		h.send(t, issue.ID) // asked again it changes nothing
		if p, err := h.Progress(t.Context(), issue.ID); err != nil || p.Total != 1 {
			t.Errorf("%v %+v", err, p)
		}
	})
}

func TestNobodyToSendTo(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.ask(t, Wish{Address: "pending@example.org"})
		issue := h.issue(t, news())
		if _, err := h.Send(t.Context(), issue.ID, nil); kindOf(err) != catalog.Conflict {
			t.Error(err)
		}
		if got, err := h.Issue(t.Context(), issue.ID); err != nil || got.Status != IssueDraft {
			t.Errorf("%v %+v", err, got)
		}
	})
}

func TestSameRequestIsOneIssue(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		draft := news()
		draft.Idempotency = catalog.Idempotency{IdempotencyKey: "k", IdempotencyHash: "h"}
		if first, second := h.issue(t, draft), h.issue(t, draft); first.ID != second.ID {
			t.Error("there are two issues")
		}
		draft.IdempotencyHash = "another"
		if _, err := h.CreateIssue(t.Context(), draft); kindOf(err) != catalog.Invalid {
			t.Error(err)
		}
	})
}

// TestOneDraftChangedOnce has two editors replace the same draft, and one of them send what
// the other has not seen.
func TestOneDraftChangedOnce(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.subscribe(t, Wish{Address: "jo@example.org"})
		issue := h.issue(t, news())
		seen := catalog.Versions{issue.Version}
		first, second := news(), news()
		first.Versions, second.Versions = seen, seen
		first.Editions[0].Subject, second.Editions[0].Subject = "First", "Second"
		if _, err := h.ChangeIssue(t.Context(), issue.ID, first); err != nil {
			t.Fatal(err)
		}
		if _, err := h.ChangeIssue(t.Context(), issue.ID, second); kindOf(err) != catalog.Stale {
			t.Errorf("the second: %v", err)
		}
		if _, err := h.Send(t.Context(), issue.ID, seen); kindOf(err) != catalog.Stale {
			t.Errorf("sending: %v", err)
		}
		now, err := h.Issue(t.Context(), issue.ID)
		if err != nil || now.Editions[0].Subject != "First" || now.Status != IssueDraft {
			t.Errorf("%v %+v", err, now)
		}
		if err := h.begin(t.Context(), &issue); !errors.Is(err, errLost) { // it read the draft before it was changed
			t.Errorf("of what is no more, it begins to send: %v", err)
		}
		if sent, err := h.Send(t.Context(), issue.ID, catalog.Versions{now.Version}); err != nil || sent.Status != IssueSending {
			t.Errorf("%v %+v", err, sent)
		}
	})
}
