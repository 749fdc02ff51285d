package httpapi

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"subclip/catalog"
)

// TestUsageGoesOn asks for more of those who took a video: the chart keeps its days.
func TestUsageGoesOn(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, _ := s.edits(t)
	const more = 30 // than stand on a page
	for range more {
		s.catalog.TookAsset(t.Context(), catalog.Asker{}, &asset, "source", 1, catalog.Idempotency{})
	}
	page := r.get(t, "/desk/usage?asset="+asset.ID+"&days=90").must(t, 200)
	next := regexp.MustCompile(`href="([^"]*)" rel="next"`).FindStringSubmatch(page.raw)
	if next == nil {
		t.Fatalf("nothing leads on: %s", page.raw)
	}
	path := html.UnescapeString(next[1])
	if further := r.get(t, path).must(t, 200); !strings.Contains(path, "days=90") || !regexp.MustCompile(`days=90"? aria-current="true"`).MatchString(further.raw) {
		t.Errorf("%s is of other days", path)
	}
}

// TestPlaysAreCounted watches a video as strangers do: the desk and the API tell how often.
func TestPlaysAreCounted(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, editor := s.edits(t)
	page, stranger := "/assets/"+asset.ID, s.reads(t)
	if a := stranger.get(t, page).must(t, 200); !strings.Contains(a.raw, "/static/played.js") {
		t.Errorf("the page does not say when it plays: %s", a.raw)
	}
	for range 3 {
		if a := stranger.post(t, page+"/played"); a.status != http.StatusNoContent || a.header.Get("Set-Cookie") != "" {
			t.Errorf("watching is answered by %d, %v", a.status, a.header)
		}
	}
	r.post(t, page+"/played") // an editor's work
	if a := stranger.post(t, "/assets/none/played"); a.status != http.StatusNotFound {
		t.Errorf("what is not there is watched: %d", a.status)
	}
	for _, path := range []string{"/v1/usage/days", "/v1/assets/" + asset.ID + "/usage/days?days=2"} {
		days := items(editor.ask(t, "GET", path, nil).must(t, 200), "days")
		if last := days[len(days)-1]; last["plays"] != float64(3) || last["took"] != float64(0) {
			t.Errorf("%s tells %v", path, last)
		}
	}
	table := editor.ask(t, "GET", "/v1/usage/days?format=csv&days=1", nil).must(t, 200).raw
	if !strings.HasPrefix(table, "day,took,parts,bytes,plays\n") || !strings.HasSuffix(table, ",0,0,0,3\n") {
		t.Errorf("as CSV it is %s", table)
	}
	editor.ask(t, "GET", "/v1/assets/none/usage/days", nil).must(t, 404)
	editor.ask(t, "GET", "/v1/usage/days?days=1000", nil).must(t, 422)
	for _, path := range []string{"/desk/usage", "/desk/usage?asset=" + asset.ID, "/desk/assets/" + asset.ID} {
		if a := r.get(t, path).must(t, 200); !strings.Contains(a.raw, "Watched 3 times in 30 days") || !strings.Contains(a.raw, "/usage/days?format=csv") {
			t.Errorf("%s does not tell how often it was watched: %s", path, a.raw)
		}
	}
}
