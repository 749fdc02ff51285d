package httpapi

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/transcoder"

	"golang.org/x/net/html"
)

// english are words that stand in any English sentence and in no French one.
var english = regexp.MustCompile(`(?i)\b(the|of|and|is|are|with|this|your|you|from|there)\b`)

// TestFrenchPages walks the pages in French, as those who see most, and finds English in
// them that does not say that it is.
func TestFrenchPages(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Visite du barrage")
	editor := s.person(t, "editor@example.com", accounts.Editor)
	admin := s.person(t, "admin@example.com", accounts.Admin)
	editor.ask(t, "PATCH", "/v1/assets/"+asset.ID, fields{"topics": []string{"culture", "sport-football"}}).must(t, 200)
	story := editor.told(t, true, fields{"texts": fields{"fr": fields{"title": "Un barrage", "body": "Il est plein."}}, "topics": []string{"culture"}, "asset_ids": []string{asset.ID}})
	letter := editor.ask(t, "POST", "/v1/newsletter/issues", fields{"editions": []fields{{"language": "fr", "subject": "La semaine", "intro": "Bonjour."}}}).must(t, 201)
	failed := admin.jobOfNew(t, fields{"asset_id": asset.ID, "ranges": []fields{{"in": "2.0", "out": "3.0"}}})
	check(t, s.catalog.Fail(t.Context(), &failed, "the file gives 3 of the 25 marked frames: it may be damaged there"))
	made := admin.jobOfNew(t, fields{"asset_id": asset.ID, "ranges": []fields{{"in": "4.0", "out": "5.0"}}})
	report := transcoder.Report{
		Method: transcoder.MethodEncode, Reason: "every picture is encoded again: no picture between the marks can be taken over; copied out of mpegts",
		Notes: []string{"track 3 (tmcd) was left out: its samples depend on one another"}, Frames: 12000, FramesEncoded: 12000,
	}
	check(t, s.catalog.Finish(t.Context(), &made, catalog.JobResult{Files: []catalog.JobFile{{Key: made.ObjectPrefix() + "1.mp4", Name: "film.mp4", Report: report}}}))

	r := s.reads(t)
	french := []string{"Accept-Language", "fr", "Accept", "text/html"}
	seen := map[string]string{}
	visit := func(paths ...string) {
		for _, path := range paths {
			a := r.send(t, http.MethodGet, path, "", french...)
			seen[path] = a.raw
			if a.status >= http.StatusInternalServerError || a.status == http.StatusSeeOther {
				t.Errorf("%s is %d", path, a.status)
			}
			for _, text := range englishIn(t, a.raw) {
				t.Errorf("%s says %q", path, text)
			}
		}
	}
	of := "/assets/" + asset.ID
	visit("/", "/?q=barrage", "/?q=rien", "/?topic=culture", "/?from=hier", "/stories", "/stories/"+story.text("slug"), of, "/sign-in", "/register", "/reset", "/newsletter",
		"/terms", "/privacy", "/basket", "/developers", "/developers/clips", "/developers/account", "/nulle-part")
	for sentence, want := range map[string]string{
		"this is not your password": `{"text":"Ce n’est pas votre mot de passe.","lang":""}`, "what nobody says": `{"text":"what nobody says","lang":"en"}`,
	} {
		if a := r.send(t, http.MethodGet, "/said?"+url.Values{"text": {sentence}}.Encode(), "", french...); a.raw != want {
			t.Errorf("a script is told %s, want %s", a.raw, want)
		}
	}
	if a := r.send(t, http.MethodGet, "/said?text="+strings.Repeat("x", 5<<10), "", french...); a.status != http.StatusBadRequest {
		t.Errorf("of a sentence that is too long, a script is told %d", a.status)
	}
	r.post(t, "/sign-in", "email", "admin@example.com", "password", password).leads(t, "/")
	visit("/downloads", of, "/desk", "/desk?state=failed", "/desk/upload", "/desk"+of, "/desk/stories", "/desk/stories/new", "/desk/stories/"+story.text("id"),
		"/desk/newsletter", "/desk/newsletter/new", "/desk/newsletter/"+letter.text("id"), "/desk/usage", "/admin", "/admin/people", "/admin/log",
		"/account", "/account/email", "/account/password", "/account/factor", "/account/sessions", "/account/tokens", "/account/webhooks", "/account/newsletter", "/account/data")
	for path, texts := range map[string][]string{
		of: {"Culture et société", "Sport football"}, "/stories/" + story.text("slug"): {"Culture et société"}, "/?topic=culture": {"Culture et société"},
		"/newsletter": {"Culture et société"}, "/desk" + of: {"Culture et société"}, "/downloads": {
			"Le fichier donne 3 des 25 images marquées\u00a0: il est peut-être endommagé à cet endroit.", "12\u00a0000",
			"Toutes les images sont réencodées\u00a0: aucune image entre les points ne peut être reprise\u202f; après copie depuis mpegts.",
			"La piste 3 (tmcd) a été laissée de côté\u00a0: ses échantillons dépendent les uns des autres.",
		},
		"/admin": {"Le fichier donne 3 des 25 images", "Durée de conservation d’un extrait"}, "/admin/log": {"comme administrateur"},
	} {
		for _, text := range texts {
			if !strings.Contains(seen[path], text) {
				t.Errorf("%s lacks %q", path, text)
			}
		}
	}
}

// TestFrenchReference finds parts and operations of the API that have no French name, and names
// of what is not there any more.
func TestFrenchReference(t *testing.T) {
	s := start(t, Config{})
	_, here, _, _ := runtime.Caller(0) // the gateway has changed the working directory
	data, err := os.ReadFile(filepath.Join(filepath.Dir(here), "../said/fr.json"))
	check(t, err)
	var words struct{ Reference map[string]string }
	check(t, json.Unmarshal(data, &words))
	var api struct {
		Tags  []struct{ Name, Description string }
		Paths map[string]map[string]struct{ Summary string }
	}
	check(t, json.Unmarshal([]byte((&client{site: s}).ask(t, http.MethodGet, "/openapi.json", nil).must(t, http.StatusOK).raw), &api))
	var told []string
	for _, tag := range api.Tags {
		told = append(told, tag.Name, tag.Description)
	}
	for _, operations := range api.Paths {
		for _, operation := range operations {
			told = append(told, operation.Summary)
		}
	}
	for _, text := range told {
		if words.Reference[text] == "" {
			t.Errorf("%q has no French", text)
		}
	}
	for text := range words.Reference {
		if !slices.Contains(told, text) {
			t.Errorf("there is French for %q, which is not there", text)
		}
	}
}

// jobOfNew asks for a clip and takes the job that makes it.
func (c *client) jobOfNew(t *testing.T, wanted fields) catalog.Job {
	t.Helper()
	id := c.ask(t, "POST", "/v1/clips", wanted).must(t, http.StatusAccepted).text("id")
	var row catalog.Clip
	check(t, c.parts.DB.NewSelect().Model(&row).Relation("Job").Where("clip.id = ?", id).Scan(t.Context()))
	return c.claim(t, *row.Job)
}

// englishIn are the texts of a page, and its labels, that look like English and do not
// stand in an element that says so.
func englishIn(t *testing.T, page string) (found []string) {
	t.Helper()
	root, err := html.ParseWithOptions(strings.NewReader(page), html.ParseOptionEnableScripting(false)) // <noscript> too
	check(t, err)
	var walk func(n *html.Node, language string)
	walk = func(n *html.Node, language string) {
		var texts []string
		for _, attribute := range n.Attr {
			switch attribute.Key {
			case "lang":
				language = attribute.Val
			case "aria-label", "title", "alt", "placeholder":
				texts = append(texts, attribute.Val)
			}
		}
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "code" || n.Data == "pre") {
			return
		}
		if n.Type == html.TextNode {
			texts = append(texts, n.Data)
		}
		for _, text := range texts {
			if language == "fr" && english.MatchString(text) {
				found = append(found, strings.TrimSpace(text))
			}
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			walk(child, language)
		}
	}
	walk(root, "")
	return found
}
