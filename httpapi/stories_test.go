package httpapi

import (
	"strings"
	"testing"
	"time"

	"subclip/accounts"
)

// TestStories writes a story as an editor, and looks for it as a stranger.
func TestStories(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Zebra one")
	editor, stranger := s.person(t, "editor@example.com", accounts.Editor), &client{site: s}
	draft := fields{
		"date": "2026-11-20", "place": "Geneva", "keywords": []string{"talks"}, "asset_ids": []string{asset.ID},
		"texts": fields{"en": fields{"title": "Talks in Geneva", "body": "They talk."}, "fr": fields{"title": "Pourparlers à Genève"}},
	}
	made := editor.ask(t, "POST", "/v1/stories", draft, "Idempotency-Key", "1").must(t, 201)
	if again := editor.ask(t, "POST", "/v1/stories", draft, "Idempotency-Key", "1").must(t, 201); again.text("id") != made.text("id") {
		t.Error("asked again, another story is made")
	}
	path := "/v1/stories/" + made.text("id")
	if made.text("slug") != "talks-in-geneva" || made.text("date") != "2026-11-20" || made.text("status") != "draft" || made.header.Get("Location") != path {
		t.Errorf("the story is %s", made.raw)
	}
	missing := strings.ReplaceAll(stranger.ask(t, "GET", "/v1/stories/none", nil).must(t, 404).raw, "none", made.text("id"))
	if hidden := stranger.ask(t, "GET", path, nil).must(t, 404); hidden.raw != missing {
		t.Errorf("a draft is told from what does not exist: %s", hidden.raw)
	}
	editor.ask(t, "POST", path+"/publish", nil).must(t, 200)
	public := stranger.ask(t, "GET", "/v1/stories/talks-in-geneva", nil).must(t, 200)
	if !strings.Contains(public.raw, asset.ID) || !strings.Contains(public.raw, "Pourparlers à Genève") || public.text("published_at") == "" {
		t.Errorf("published, it is %s", public.raw)
	}
	for query, found := range map[string]bool{"": true, "?from=2026-11-20&to=2026-11-21": true, "?from=2026-11-21": false, "?to=2026-11-20": false} {
		if a := stranger.ask(t, "GET", "/v1/stories"+query, nil).must(t, 200); strings.Contains(a.raw, "Geneva") != found {
			t.Errorf("%q gives %s", query, a.raw)
		}
	}
	editor.ask(t, "PATCH", path, fields{"embargo_until": time.Now().Add(time.Hour)}).must(t, 200)
	stranger.ask(t, "GET", path, nil).must(t, 404)
	editor.ask(t, "PATCH", path, fields{"embargo_until": nil, "place": "Genève"}).must(t, 200)
	stranger.ask(t, "GET", path, nil).must(t, 200)
	for want, body := range map[string]fields{
		"body.texts.de": {"texts": fields{"de": fields{"title": "Nein"}}},
		"asset_ids[0]":  {"asset_ids": []string{"nothing"}},
		"body.date":     {"date": "2026-13-41"},
		"slug":          {"slug": "other"},
	} {
		if a := editor.ask(t, "PATCH", path, body); a.status != 422 && a.status != 409 || !strings.Contains(a.raw, want) {
			t.Errorf("%v gives %d %s", body, a.status, a.raw)
		}
	}
	editor.ask(t, "POST", path+"/unpublish", nil).must(t, 200)
	stranger.ask(t, "GET", path, nil).must(t, 404)
	editor.ask(t, "DELETE", path, nil).must(t, 204)
	editor.ask(t, "GET", path, nil).must(t, 404)
	admin := s.person(t, "admin@example.com", accounts.Admin)
	record := admin.ask(t, "GET", "/v1/audit", nil).must(t, 200).raw
	for _, action := range []string{"story-published", "story-changed", "story-unpublished", "story-deleted"} {
		if !strings.Contains(record, action) {
			t.Errorf("%s is not on record", action)
		}
	}
}
