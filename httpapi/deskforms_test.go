package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"subclip/accounts"
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
	for _, path := range []string{page, page + "/shotlist", page + "/replace", of, "/desk/stories/new", "/desk/newsletter/new"} {
		for name, a := range map[string]answer{
			"one of 5 MB":     r.send(t, http.MethodPost, path, "text="+strings.Repeat("x", 5<<20)),
			"a broken one":    r.send(t, http.MethodPost, path, "text=100%"),
			"one in parts":    r.send(t, http.MethodPost, path, multipart, "Content-Type", "multipart/form-data; boundary=x"),
			"one of no type":  r.send(t, http.MethodPost, path, "text=", "Content-Type", ""),
			"one of no field": r.send(t, http.MethodPost, page+"/shotlist", "language=en"),
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
	r.post(t, page+"/shotlist", "text", "").leads(t, page+"?saved=shotlist#shotlist")
	if a := editor.ask(t, "GET", shotlist, nil).must(t, 200); strings.Contains(a.raw, "Exterior") {
		t.Errorf("emptied, the shotlist is %s", a.raw)
	}
}
