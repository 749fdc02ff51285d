package httpapi

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// clashes fails the test unless a page says that somebody else has changed a field, and to
// what, and keeps what was typed.
func (a answer) clashes(t *testing.T, field, typed, theirs string) {
	t.Helper()
	beside := strings.Split(a.raw+`id="`+field+`-wrong"`, `id="`+field+`-wrong"`)[1]
	beside, _, _ = strings.Cut(beside, "</div>")
	if a.status != http.StatusConflict || !strings.Contains(beside, `<blockquote class="now">`+theirs) || !strings.Contains(a.raw, typed) {
		t.Errorf("of %s it is said (%d): %s", field, a.status, beside)
	}
}

// TestTwoEditorsOfOneField has two editors change the same field: the second is told before
// anything is stored, and decides; what only the first has changed stays.
func TestTwoEditorsOfOneField(t *testing.T) {
	s := start(t, Config{})
	asset, other := s.film(t, "Film"), s.film(t, "Other film")
	r, editor := s.edits(t)
	story := editor.told(t, true, fields{"texts": texts("en", "Tale"), "asset_ids": []string{asset.ID}})
	draft := func(subject, intro string, assets ...string) fields {
		return fields{"editions": []fields{{"language": "en", "subject": subject, "intro": intro}}, "asset_ids": append([]string{}, assets...), "story_ids": []string{}}
	}
	letter := editor.ask(t, "POST", "/v1/newsletter/issues", draft("News", "There is news.")).must(t, 201).text("id")
	for _, of := range []struct {
		page, api, method string
		theirs            fields
		field, typed      string
		shown, kept       string
	}{
		{"/desk/assets/" + asset.ID, "/v1/assets/" + asset.ID, "PATCH", fields{"title": "Theirs", "description": "Kept"}, "title", "Mine", "Theirs", "Kept"},
		{"/desk/stories/" + story.text("id"), "/v1/stories/" + story.text("id"), "PATCH", fields{"place": "Theirs", "keywords": []string{"Kept"}}, "place", "Mine", "Theirs", "Kept"},
		{"/desk/newsletter/" + letter, "/v1/newsletter/issues/" + letter, "PUT", draft("Theirs", "Kept", other.ID), "en.subject", "Mine", "Theirs", "Kept"},
	} {
		opened := r.get(t, of.page).opened(t, of.page, of.field, of.typed)
		editor.ask(t, of.method, of.api, of.theirs).must(t, 200)
		again := r.post(t, of.page, opened...)
		again.clashes(t, of.field, `value="`+of.typed+`"`, of.shown)
		if now := editor.ask(t, "GET", of.api, nil).must(t, 200); !strings.Contains(now.raw, of.shown) {
			t.Errorf("%s was overwritten: %s", of.page, now.raw)
		}
		if saved := r.post(t, of.page, again.opened(t, of.page)...); saved.status != http.StatusSeeOther {
			t.Errorf("saved again, %s gives %d", of.page, saved.status)
		}
		if now := editor.ask(t, "GET", of.api, nil).must(t, 200); !strings.Contains(now.raw, of.typed) || !strings.Contains(now.raw, of.kept) {
			t.Errorf("saved again, %s is %s", of.page, now.raw)
		}
	}
	if now := editor.ask(t, "GET", "/v1/newsletter/issues/"+letter, nil).must(t, 200); !strings.Contains(now.raw, other.ID) {
		t.Errorf("the other's video is gone: %s", now.raw)
	}
}

// TestListsOfTwoEditors has two editors choose videos for a story: the second sees the
// other's by their titles.
func TestListsOfTwoEditors(t *testing.T) {
	s := start(t, Config{})
	first, second := s.film(t, "First film"), s.film(t, "Second film")
	r, editor := s.edits(t)
	story := editor.told(t, true, fields{"texts": texts("en", "Tale")})
	page, api := "/desk/stories/"+story.text("id"), "/v1/stories/"+story.text("id")
	opened := append(r.get(t, page).opened(t, page), "asset_ids", first.ID)
	editor.ask(t, "PATCH", api, fields{"asset_ids": []string{second.ID}}).must(t, 200)
	if told := r.post(t, page, opened...); told.status != http.StatusConflict || !strings.Contains(told.raw, `<blockquote class="now">Second film`) {
		t.Errorf("it is not told that the other chose another: %d %s", told.status, told.raw)
	}
}

// TestSaveAndPublish types into forms and presses the button that sends them out, once.
func TestSaveAndPublish(t *testing.T) {
	s := start(t, Config{})
	r, editor := s.edits(t)
	stranger := &client{site: s}
	const created = "/desk/stories/new"
	fill := append(r.get(t, created).opened(t, created, "texts.en.title", "Talks"), "then", "publish")
	made := r.post(t, created, fill...)
	page, said, _ := strings.Cut(made.header.Get("Location"), "?")
	of := "/v1" + strings.TrimPrefix(page, "/desk")
	if a := stranger.ask(t, "GET", of, nil); said != "said=published" || a.status != 200 {
		t.Fatalf("written and published, it is %d, and %q is said", a.status, said)
	}
	r.post(t, page, append(r.get(t, page).opened(t, page, "place", "Rome"), "then", "unpublish")...).leads(t, page+"?said=unpublished")
	stranger.ask(t, "GET", of, nil).must(t, 404)
	if a := editor.ask(t, "GET", of, nil).must(t, 200); a.text("place") != "Rome" {
		t.Errorf("what was typed is lost: %s", a.raw)
	}

	opened := append(r.get(t, page).opened(t, page, "place", "Geneva"), "then", "publish")
	editor.ask(t, "PATCH", of, fields{"keywords": []string{"unseen"}}).must(t, 200)
	r.post(t, page, opened...).leads(t, page+"?said=others")
	stranger.ask(t, "GET", of, nil).must(t, 404)
	r.post(t, page, append(r.get(t, page).opened(t, page), "then", "publish")...).leads(t, page+"?said=published")
	if a := stranger.ask(t, "GET", of, nil).must(t, 200); a.text("place") != "Geneva" || !strings.Contains(a.raw, "unseen") {
		t.Errorf("it comes out as %s", a.raw)
	}
	if wrong := r.post(t, page, append(r.get(t, page).opened(t, page, "texts.en.title", ""), "then", "unpublish")...); wrong.status != 422 {
		t.Errorf("with a mistake it gives %d", wrong.status)
	}
	stranger.ask(t, "GET", of, nil).must(t, 200)
}

// TestSaveAndSend sends a newsletter with what was typed in the same press.
func TestSaveAndSend(t *testing.T) {
	s := start(t, Config{})
	r, editor := s.edits(t)
	draft := fields{"editions": []fields{{"language": "en", "subject": "News", "intro": "There is news."}}, "asset_ids": []string{}, "story_ids": []string{}}
	api := "/v1/newsletter/issues/" + editor.ask(t, "POST", "/v1/newsletter/issues", draft).must(t, 201).text("id")
	page := "/desk" + strings.TrimSuffix(strings.Replace(api, "/v1/newsletter/issues", "/newsletter", 1), "/")
	send := func(subject string) answer {
		return r.post(t, page, append(r.get(t, page).opened(t, page, "en.subject", subject), "then", "send")...)
	}
	if a := send("Typed"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.raw, `value="Typed"`) {
		t.Errorf("without readers it is %d: %s", a.status, a.raw)
	}
	editor.ask(t, "POST", "/v1/newsletter/subscriptions", fields{"address": "editor@example.com"}).must(t, 202)
	opened := append(r.get(t, page).opened(t, page, "en.subject", "Mine"), "then", "send")
	draft["editions"] = []fields{{"language": "en", "subject": "Typed", "intro": "Unseen."}}
	editor.ask(t, "PUT", api, draft).must(t, 200)
	r.post(t, page, opened...).leads(t, page+"?said=others#preview")
	if a := editor.ask(t, "GET", api, nil).must(t, 200); a.text("status") != "draft" || !strings.Contains(a.raw, "Unseen") || !strings.Contains(a.raw, "Mine") {
		t.Errorf("it is %s", a.raw)
	}
	send("Last").leads(t, page+"#sending")
	if a := editor.ask(t, "GET", api, nil).must(t, 200); a.text("status") == "draft" || !strings.Contains(a.raw, "Last") {
		t.Errorf("it is %s", a.raw)
	}
}

// TestAssetPageInOnePress stores all parts of an asset's page with whatever button is
// pressed; a mistake in one part keeps neither the others nor a withdrawal.
func TestAssetPageInOnePress(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, editor := s.edits(t)
	stranger := &client{site: s}
	page, of := "/desk/assets/"+asset.ID, "/v1/assets/"+asset.ID
	press := func(then string, changed ...string) answer {
		return r.post(t, page, append(r.get(t, page).opened(t, page, changed...), "then", then)...)
	}
	wrong := press("", "description", "Typed", "shots", "99:00:00:00 Nothing")
	wrong.beside(t, "shots", "99:00:00:00")
	if !strings.Contains(wrong.raw, "Nothing") {
		t.Error("the shotlist is not kept")
	}
	if a := editor.ask(t, "GET", of, nil).must(t, 200); a.text("description") != "Typed" {
		t.Errorf("what was right is not stored: %s", a.raw)
	}
	r.post(t, page, wrong.opened(t, page, "shots", "10:00:01:00 Exterior")...).leads(t, page+"?saved=1")
	if a := editor.ask(t, "GET", of+"/shotlist", nil).must(t, 200); !strings.Contains(a.raw, "Exterior") {
		t.Errorf("the shotlist is %s", a.raw)
	}
	if a := press("withdraw", "title", ""); a.status != 422 {
		t.Errorf("with a mistake, a withdrawal gives %d", a.status)
	}
	stranger.ask(t, "GET", of, nil).must(t, 404)
	press("restore", "title", "").beside(t, "title", "Fill this in.")
	stranger.ask(t, "GET", of, nil).must(t, 404)
	press("restore", "title", "Film, restored").leads(t, page+"?saved=1")
	if a := stranger.ask(t, "GET", of, nil).must(t, 200); a.text("title") != "Film, restored" {
		t.Errorf("published again, it is %s", a.raw)
	}
}

// TestSignedOutUnderAForm sends a long form after the session has ended: the page that
// answers lets the browser send it once more.
func TestSignedOutUnderAForm(t *testing.T) {
	s := start(t, Config{})
	r, _ := s.edits(t)
	const created = "/desk/stories/new"
	fill := r.get(t, created).opened(t, created, "texts.en.title", "Talks")
	r.post(t, "/sign-out").leads(t, "/")
	if a := r.post(t, created, fill...); a.status != http.StatusUnauthorized || !strings.Contains(a.raw, `href="/sign-in" target="_blank"`) {
		t.Errorf("it is answered with %d: %s", a.status, a.raw)
	}
	r.post(t, "/sign-in", "email", "editor@example.com", "password", password).leads(t, "/")
	if a := r.post(t, created, fill...); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/desk/stories/") {
		t.Errorf("sent once more, it is answered with %d", a.status)
	}
}

// TestEmbargoInTheSitesZone types embargoes by the clocks of Paris.
func TestEmbargoInTheSitesZone(t *testing.T) {
	s := startIn(t, "Europe/Paris")
	asset := s.film(t, "Film")
	r, editor := s.edits(t)
	page, of := "/desk/assets/"+asset.ID, "/v1/assets/"+asset.ID
	set := func(typed string) answer {
		return r.post(t, page, r.get(t, page).opened(t, page, "embargo_until", typed)...)
	}
	for typed, want := range map[string]string{
		"2099-01-15T18:30": "2099-01-15T17:30:00Z", "2099-07-15T18:30": "2099-07-15T16:30:00Z", "2099-07-15T18:30:05": "2099-07-15T16:30:05Z",
	} {
		set(typed).leads(t, page+"?saved=1")
		if a := editor.ask(t, "GET", of, nil).must(t, 200); a.text("embargo_until") != want {
			t.Errorf("%s is stored as %s", typed, a.text("embargo_until"))
		}
		shown := r.get(t, page)
		at, err := time.Parse("2006-01-02T15:04", typed[:16])
		check(t, err)
		if !strings.Contains(shown.raw, `value="`+typed+`"`) || !strings.Contains(shown.raw, at.Format("15:04 CE")) || !strings.Contains(shown.raw, "Europe/Paris") {
			t.Errorf("%s is not shown again", typed)
		}
	}
	before := editor.ask(t, "GET", of, nil).text("embargo_until")
	set("2027-03-28T02:30").beside(t, "embargo_until", "02:30 does not come on this day, as the clocks are put forward: write 01:30 or 03:30.")
	twice := set("2027-10-31T02:30")
	twice.beside(t, "embargo_until", "02:30 comes twice on this day, as the clocks are put back: write 01:30 or 03:30.")
	if a := editor.ask(t, "GET", of, nil); a.text("embargo_until") != before || !strings.Contains(twice.raw, `value="2027-10-31T02:30"`) {
		t.Errorf("a time that is none is stored as %s, or forgotten", a.text("embargo_until"))
	}
	// One of the two can still be set by the API, and is left alone by the form.
	editor.ask(t, "PATCH", of, fields{"embargo_until": "2027-10-31T01:30:00Z"}).must(t, 200)
	r.post(t, page, r.get(t, page).opened(t, page, "title", "Film, renamed")...).leads(t, page+"?saved=1")
	if a := editor.ask(t, "GET", of, nil); a.text("embargo_until") != "2027-10-31T01:30:00Z" || a.text("title") != "Film, renamed" {
		t.Errorf("it is %s", a.raw)
	}
	for typed, status := range map[string]int{"2027-03-28T02:30": 422, "2027-03-28T03:30": 200} {
		if a := r.get(t, "/desk/moment?typed="+typed); a.status != status || status == 200 && !strings.Contains(a.raw, `"2027-03-28T01:30:00Z"`) {
			t.Errorf("%s is told as %d %s", typed, a.status, a.raw)
		}
	}
	const created = "/desk/stories/new"
	r.post(t, created, r.get(t, created).opened(t, created, "texts.en.title", "Talks", "embargo_until", "2027-03-28T02:30")...).beside(t, "embargo_until", "does not come")
}
