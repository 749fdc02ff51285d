package httpapi

import (
	"bytes"
	"net/http"
	"testing"

	"subclip/accounts"
)

// put sends a part as a page's upload does, and returns the ETag that it learns.
func put(t *testing.T, url string, size int) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, bytes.NewReader(make([]byte, size)))
	check(t, err)
	res, err := http.DefaultClient.Do(req)
	check(t, err)
	check(t, res.Body.Close())
	if res.StatusCode != http.StatusOK {
		t.Fatalf("PUT: %s", res.Status)
	}
	return res.Header.Get("ETag")
}

// TestUploadAfterReload begins an upload and goes on with it as a page does that was loaded
// anew: all it needs is in the list.
func TestUploadAfterReload(t *testing.T) {
	s := start(t, Config{})
	editor, other := s.person(t, "e@example.com", accounts.Editor), s.person(t, "o@example.com", accounts.Editor)
	const part = 16 << 20
	editor.ask(t, "POST", "/v1/uploads", fields{"title": "Given up", "filename": "b.mp4", "size": 1}).must(t, 201)
	begun := editor.ask(t, "POST", "/v1/uploads", fields{"title": "Film", "filename": "a film.mp4", "size": part + 5}).must(t, 201)
	path := begun.header.Get("Location")
	sign := func(number int) string {
		signed := items(editor.ask(t, "POST", path+"/parts", fields{"numbers": []int{number}}).must(t, 200), "parts")
		url, _ := signed[0]["url"].(string)
		return url
	}
	etag := put(t, sign(1), part)
	put(t, sign(2), 4) // cut short

	page := editor.ask(t, "GET", "/v1/uploads?limit=1", nil).must(t, 200)
	listed := items(page, "uploads")
	if len(listed) != 1 || listed[0]["id"] != begun.text("id") || listed[0]["filename"] != "a film.mp4" || listed[0]["size"] != float64(part+5) || listed[0]["part_size"] != float64(part) {
		t.Fatalf("listed is %s", page.raw)
	}
	uploaded, _ := listed[0]["uploaded"].([]any)
	if len(uploaded) != 1 {
		t.Fatalf("of the two parts, there are %v", uploaded)
	}
	if first, _ := uploaded[0].(map[string]any); first["number"] != 1.0 || first["size"] != float64(part) || first["etag"] != etag || etag == "" {
		t.Errorf("the first part is %v, its ETag was %s", first, etag)
	}
	rest := items(editor.ask(t, "GET", "/v1/uploads?cursor="+page.text("next"), nil).must(t, 200), "uploads")
	if len(rest) != 1 || rest[0]["title"] != "Given up" {
		t.Errorf("next are %v", rest)
	}
	if theirs := items(other.ask(t, "GET", "/v1/uploads", nil).must(t, 200), "uploads"); len(theirs) != 0 {
		t.Errorf("somebody else sees %v", theirs)
	}
	editor.ask(t, "POST", path+"/complete", nil).must(t, 409)
	put(t, sign(2), 5)
	if a := editor.ask(t, "POST", path+"/complete", nil).must(t, 201); a.text("title") != "Film" {
		t.Errorf("the asset is %s", a.raw)
	}
	id, _ := rest[0]["id"].(string)
	editor.ask(t, "DELETE", "/v1/uploads/"+id, nil).must(t, 204)
	if left := items(editor.ask(t, "GET", "/v1/uploads", nil).must(t, 200), "uploads"); len(left) != 0 {
		t.Errorf("at the end there are %v", left)
	}
}
