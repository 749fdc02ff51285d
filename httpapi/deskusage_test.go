package httpapi

import (
	"html"
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
