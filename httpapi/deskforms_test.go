package httpapi

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/accounts"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// edits opens the desk in a browser without script; the client asks the API as the same
// editor.
func (s *site) edits(t *testing.T) (*reader, *client) {
	t.Helper()
	editor := s.person(t, "editor@example.com", accounts.Editor)
	r := s.reads(t)
	r.post(t, "/sign-in", "email", "editor@example.com", "password", password).leads(t, "/")
	return r, editor
}

// TestUnreadableDeskForms sends forms that cannot be read: nothing is taken of them, and
// nothing is deleted.
func TestUnreadableDeskForms(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, editor := s.edits(t)
	shotlist := "/v1/assets/" + asset.ID + "/shotlist"
	editor.ask(t, "PUT", shotlist, fields{"text": "10:00:01:00 Exterior"}).must(t, 200)
	story := editor.told(t, false, fields{"texts": texts("en", "Tale"), "place": "Geneva", "asset_ids": []string{asset.ID}})
	const multipart = "--x\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nen\r\n--x--\r\n"
	page, of := "/desk/assets/"+asset.ID, "/desk/stories/"+story.text("id")
	for _, path := range []string{page, page + "/replace", of, "/desk/stories/new", "/desk/newsletter/new"} {
		for name, a := range map[string]answer{
			"one of 5 MB":    r.send(t, http.MethodPost, path, "text="+strings.Repeat("x", 5<<20)),
			"a broken one":   r.send(t, http.MethodPost, path, "text=100%"),
			"one in parts":   r.send(t, http.MethodPost, path, multipart, "Content-Type", "multipart/form-data; boundary=x"),
			"one of no type": r.send(t, http.MethodPost, path, "text=", "Content-Type", ""),
			"one cut short":  r.send(t, http.MethodPost, page, "language=en"),
		} {
			if a.status != http.StatusBadRequest {
				t.Errorf("%s to %s gives %d", name, path, a.status)
			}
		}
	}
	if a := editor.ask(t, "GET", shotlist, nil).must(t, 200); !strings.Contains(a.raw, "Exterior") {
		t.Errorf("the shotlist is %s", a.raw)
	}
	if a := editor.ask(t, "GET", "/v1/stories/"+story.text("id"), nil).must(t, 200); a.text("place") != "Geneva" || !strings.Contains(a.raw, asset.ID) {
		t.Errorf("the story is %s", a.raw)
	}
	r.post(t, page, r.get(t, page).opened(t, page, "shots", "")...).leads(t, page+"?saved=1")
	if a := editor.ask(t, "GET", shotlist, nil).must(t, 200); strings.Contains(a.raw, "Exterior") {
		t.Errorf("emptied, the shotlist is %s", a.raw)
	}
}

// opened reads what stands in a form of the desk, as a browser would send it, and changes
// some of it, given as pairs.
func (a answer) opened(t *testing.T, action string, changed ...string) []string {
	t.Helper()
	page, err := html.Parse(strings.NewReader(a.raw))
	check(t, err)
	var sent []string
	for at := range page.Descendants() {
		if at.DataAtom == atom.Form && attribute(at, "action") == action {
			sent = append(sent, filledIn(at)...)
		}
	}
	if len(sent) == 0 {
		t.Fatalf("there is no form for %s (%d): %s", action, a.status, a.raw)
	}
	for i := 0; i+1 < len(changed); i += 2 {
		for at := 0; at < len(sent); at += 2 {
			if sent[at] == changed[i] {
				sent[at+1] = changed[i+1]
			}
		}
	}
	return sent
}

// filledIn are the fields of a form as pairs, lines as browsers end them.
func filledIn(form *html.Node) (pairs []string) {
	for at := range form.Descendants() {
		name := attribute(at, "name")
		switch {
		case name == "", attribute(at, "type") == "checkbox" && !slices.ContainsFunc(at.Attr, func(a html.Attribute) bool { return a.Key == "checked" }):
		case at.DataAtom == atom.Textarea:
			text := ""
			if at.FirstChild != nil {
				text = at.FirstChild.Data
			}
			pairs = append(pairs, name, strings.ReplaceAll(text, "\n", "\r\n"))
		case at.DataAtom == atom.Input:
			pairs = append(pairs, name, attribute(at, "value"))
		}
	}
	return pairs
}

func attribute(of *html.Node, name string) string {
	for _, a := range of.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// TestDeskFormOpenedEarlier saves forms that were opened before somebody else changed the
// same thing: only what was changed in the form is stored.
func TestDeskFormOpenedEarlier(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, editor := s.edits(t)
	stranger := &client{site: s}
	page, of := "/desk/assets/"+asset.ID, "/v1/assets/"+asset.ID
	editor.ask(t, "PATCH", of, fields{"description": "\nFirst.\nSecond.", "keywords": []string{"talks"}, "restrictions": "None"}).must(t, 200)
	form := r.get(t, page).opened(t, page, "title", "Film, corrected", "places", "Washington, D.C.\r\n\r\n Genève \r\n")

	until := time.Now().Add(time.Hour).UTC().Truncate(time.Minute).Add(59*time.Second + 250*time.Millisecond).Format(time.RFC3339Nano)
	later := fields{"embargo_until": until, "restrictions": "Not in print", "description": "Third.", "people": []string{"Example, Ann"}}
	editor.ask(t, "PATCH", of, later).must(t, 200)
	r.post(t, page, form...).leads(t, page+"?saved=1")
	stranger.ask(t, "GET", of, nil).must(t, 404)
	saved := editor.ask(t, "GET", of, nil).must(t, 200)
	for _, want := range []string{`"title":"Film, corrected"`, `"restrictions":"Not in print"`, `"description":"Third."`, `"people":["Example, Ann"]`, `"places":["Washington, D.C.","Genève"]`, until} {
		if !strings.Contains(saved.raw, want) {
			t.Errorf("%s is not in %s", want, saved.raw)
		}
	}

	r.post(t, page, r.get(t, page).opened(t, page, "title", "")...).beside(t, "title", "Fill this in.")
	again := r.post(t, page, r.get(t, page).opened(t, page, "title", "")...).opened(t, page, "title", "Again")
	editor.ask(t, "PATCH", of, fields{"restrictions": "Not at all"}).must(t, 200)
	r.post(t, page, again...).leads(t, page+"?saved=1")
	if saved = editor.ask(t, "GET", of, nil).must(t, 200); saved.text("title") != "Again" || saved.text("restrictions") != "Not at all" || saved.text("embargo_until") != until {
		t.Errorf("after a mistake it is %s", saved.raw)
	}
	r.post(t, page, r.get(t, page).opened(t, page, "embargo_until", "")...).leads(t, page+"?saved=1")
	stranger.ask(t, "GET", of, nil).must(t, 200)
}

// TestStoryFormOpenedEarlier does the same to a story, whose texts are changed by language.
func TestStoryFormOpenedEarlier(t *testing.T) {
	s := start(t, Config{})
	r, editor := s.edits(t)
	stranger := &client{site: s}
	const created = "/desk/stories/new"
	made := r.post(t, created, r.get(t, created).opened(t, created, "texts.en.title", "Talks", "texts.fr.title", "Pourparlers", "keywords", "Rome, Italy")...)
	page, _, _ := strings.Cut(made.header.Get("Location"), "?")
	of := "/v1" + strings.TrimPrefix(page, "/desk")
	editor.ask(t, "POST", of+"/publish", nil).must(t, 200)

	form := r.get(t, page).opened(t, page, "texts.en.title", "Talks go on")
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Minute).Add(59 * time.Second).Format(time.RFC3339)
	asset := s.film(t, "Film")
	editor.ask(t, "PATCH", of, fields{
		"embargo_until": until, "place": "Rome", "asset_ids": []string{asset.ID},
		"texts": fields{"en": fields{"title": "Talks"}, "fr": fields{"title": "Les pourparlers", "body": "À Rome."}},
	}).must(t, 200)
	r.post(t, page, form...).leads(t, page+"?said=saved")
	stranger.ask(t, "GET", of, nil).must(t, 404)
	saved := editor.ask(t, "GET", of, nil).must(t, 200)
	for _, want := range []string{`"title":"Talks go on"`, `"title":"Les pourparlers"`, "À Rome.", `"place":"Rome"`, `"keywords":["Rome, Italy"]`, asset.ID, until} {
		if !strings.Contains(saved.raw, want) {
			t.Errorf("%s is not in %s", want, saved.raw)
		}
	}
}

// TestDeskFormsOfWhatCannotBeRead opens forms while the database does not answer for the
// videos in them: they are not shown without, since they would be saved without.
func TestDeskFormsOfWhatCannotBeRead(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, editor := s.edits(t)
	story := editor.told(t, false, fields{"texts": texts("en", "Tale"), "asset_ids": []string{asset.ID}})
	page := "/desk/stories/" + story.text("id")
	composer := []string{"do", "up " + asset.ID, "asset_ids", asset.ID, "asset_ids", "missing"}
	if a := r.post(t, "/desk/newsletter/new", composer...); a.status != 200 || !strings.Contains(a.raw, asset.ID) || strings.Contains(a.raw, `value="missing"`) {
		t.Errorf("with a video that is no more, the form is %d: %s", a.status, a.raw)
	}
	_, err := s.parts.DB.ExecContext(t.Context(), "ALTER TABLE assets RENAME TO elsewhere")
	check(t, err)
	for name, a := range map[string]answer{
		"a story": r.get(t, page), "a changed story": r.post(t, page, composer...), "a newsletter": r.post(t, "/desk/newsletter/new", composer...),
	} {
		if a.status != http.StatusInternalServerError {
			t.Errorf("%s is shown without its videos: %d", name, a.status)
		}
	}
}

// TestReplaceTwice confirms a replacement again, in another language, after the new video
// was described further: that stays.
func TestReplaceTwice(t *testing.T) {
	s := start(t, Config{})
	older, newer := s.film(t, "Film"), s.film(t, "New master")
	r, editor := s.edits(t)
	editor.ask(t, "PATCH", "/v1/assets/"+older.ID, fields{"description": "Ministers arrive.", "keywords": []string{"talks"}}).must(t, 200)
	page, of := "/desk/assets/"+newer.ID, "/v1/assets/"+newer.ID
	replace := func(language string) {
		t.Helper()
		r.send(t, http.MethodPost, page+"/replace", "old="+older.ID, "Accept-Language", language).leads(t, page+"?saved=1")
	}
	replace("en")
	if a := editor.ask(t, "GET", of, nil).must(t, 200); a.text("title") != "Film" || a.text("description") != "Ministers arrive." || !strings.Contains(a.raw, "talks") {
		t.Errorf("replaced, it is %s", a.raw)
	}
	editor.ask(t, "PATCH", of, fields{"title": "Film, longer"}).must(t, 200)
	replace("en")
	replace("fr")
	replace("en")
	if a := editor.ask(t, "GET", of, nil).must(t, 200); a.text("title") != "Film, longer" || a.text("description") != "Ministers arrive." {
		t.Errorf("replaced again, it is %s", a.raw)
	}
	if a := editor.ask(t, "GET", "/v1/assets/"+older.ID, nil).must(t, 200); a.text("withdrawn_at") == "" || a.text("replaced_by") != newer.ID || a.text("description") != "Ministers arrive." {
		t.Errorf("the older one is %s", a.raw)
	}
	if a := r.send(t, http.MethodPost, "/desk/assets/"+older.ID+"/replace", "old="+newer.ID); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.raw, "was replaced itself") {
		t.Errorf("in a circle it is %d: %s", a.status, a.raw)
	}
	if a := r.send(t, http.MethodPost, page+"/replace", "old=none"); a.status != http.StatusNotFound {
		t.Errorf("what is not there is replaced: %d", a.status)
	}
}

// TestOldLinks opens the links of a video that was replaced, as a stranger and as an editor.
func TestOldLinks(t *testing.T) {
	s := start(t, Config{})
	older, newer := s.film(t, "Film"), s.film(t, "New master")
	r, editor := s.edits(t)
	stranger, passer := &client{site: s}, s.reads(t)
	editor.ask(t, "POST", "/v1/assets/"+newer.ID+"/replaces", fields{"asset_id": older.ID}).must(t, 200)
	for _, who := range []*reader{passer, r} {
		a := who.get(t, "/assets/"+older.ID+"?in=10:00:01:00&out=10:00:02:00&lang=fr")
		if a.status != http.StatusMovedPermanently || a.header.Get("Location") != "/assets/"+newer.ID+"?lang=fr" || a.header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("an old link leads to %q: %d, %s", a.header.Get("Location"), a.status, a.header.Get("Cache-Control"))
		}
	}
	a := stranger.ask(t, "GET", "/v1/assets/"+older.ID, nil).must(t, 404)
	if link := a.header.Get("Link"); link != "</v1/assets/"+newer.ID+`>; rel="successor-version"` {
		t.Errorf("the API says %q", link)
	}
	for _, path := range []string{"/sitemap/assets.xml", "/feeds/assets.atom", "/feeds/assets.rss", "/"} {
		if a := passer.get(t, path).must(t, 200); strings.Contains(a.raw, older.ID) || !strings.Contains(a.raw, newer.ID) {
			t.Errorf("%s names %s", path, a.raw)
		}
	}
	if a := r.get(t, "/desk/assets/"+older.ID).must(t, 200); !strings.Contains(a.raw, `href="/desk/assets/`+newer.ID+`">Another video has taken its place`) {
		t.Errorf("the desk says %s", a.raw)
	}
	editor.ask(t, "PATCH", "/v1/assets/"+newer.ID, fields{"embargo_until": time.Now().Add(time.Hour).UTC()}).must(t, 200)
	if a := passer.get(t, "/assets/"+older.ID); a.status != http.StatusNotFound || strings.Contains(a.raw, newer.ID) {
		t.Errorf("under embargo, the new one is told of: %d, %s", a.status, a.raw)
	}
	if a := stranger.ask(t, "GET", "/v1/assets/"+older.ID, nil).must(t, 404); a.header.Get("Link") != "" || strings.Contains(a.raw, newer.ID) {
		t.Errorf("under embargo, the API tells of the new one: %s", a.raw)
	}
	editor.ask(t, "POST", "/v1/assets/"+older.ID+"/restore", nil).must(t, 200)
	if a := passer.get(t, "/assets/"+older.ID); a.status != http.StatusOK {
		t.Errorf("restored, it is %d", a.status)
	}
}

// TestDeskFormsRefused is refused by the API in ways that are not about what the form itself
// stores: the form comes again with all that was typed and the mistake in its place.
func TestDeskFormsRefused(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, editor := s.edits(t)
	editor.ask(t, "PATCH", "/v1/assets/"+asset.ID, fields{"language": "en"}).must(t, 200)
	page := "/desk/assets/" + asset.ID
	captions := func(language, file string) answer {
		t.Helper()
		form := r.get(t, page).opened(t, page, "captions_language", language, "places", "Geneva")
		var body strings.Builder
		for i := 0; i+1 < len(form); i += 2 {
			body.WriteString("--x\r\nContent-Disposition: form-data; name=\"" + form[i] + "\"\r\n\r\n" + form[i+1] + "\r\n")
		}
		body.WriteString("--x\r\nContent-Disposition: form-data; name=\"captions_file\"; filename=\"a.vtt\"\r\n\r\n" + file + "\r\n--x--\r\n")
		return r.send(t, http.MethodPost, page, body.String(), "Content-Type", "multipart/form-data; boundary=x")
	}
	const good = "WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour"
	captions("fr", good).leads(t, page+"?saved=1") // not the video's language, which is no clash
	captions("fr", "nonsense").beside(t, "captions_file", "There are no captions in the file")
	captions("!!", good).beside(t, "captions_language", "is no language")
	captions("fr", strings.Repeat("x", 5<<20)).beside(t, "captions_file", "This is too large")
	r.post(t, page, r.get(t, page).opened(t, page, "shots", "nonsense", "title", "Kept")...).beside(t, "shots", "Line 1 has no time")
	if a := editor.ask(t, "GET", "/v1/assets/"+asset.ID, nil); a.text("title") != "Kept" {
		t.Errorf("what was right beside it is not stored: %s", a.raw)
	}

	_, err := s.parts.DB.ExecContext(t.Context(), "UPDATE assets SET proxy_key = '', status = 'processing'")
	check(t, err)
	restart := append(r.get(t, page).opened(t, page, "title", "Kept too"), "then", "restart storyboard")
	if a := r.post(t, page, restart...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.raw, "see that one through first") || !strings.Contains(a.raw, `value="Kept too"`) {
		t.Errorf("a step that cannot begin answers %d: %s", a.status, a.raw)
	}

	const letter = "/desk/newsletter/new"
	r.post(t, letter, r.get(t, letter).opened(t, letter)...).beside(t, "en.subject", "Fill this in.")
}

// TestDeskMarksWhatIsRequired reads the labels of a form of which most may be left empty.
func TestDeskMarksWhatIsRequired(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, _ := s.edits(t)
	page := r.get(t, "/desk/assets/"+asset.ID).raw
	for _, label := range []string{`for="title">Title <span class="quiet">(required)`, `for="shot_on">Shot on</label>`} {
		if !strings.Contains(page, label) {
			t.Errorf("no label is %s", label)
		}
	}
	required := regexp.MustCompile(`id="(\w+)"[^>]* required`).FindAllStringSubmatch(page, -1)
	if len(required) != 1 || required[0][1] != "title" || strings.Contains(page, "(optional)") {
		t.Errorf("required are %v", required)
	}
}
