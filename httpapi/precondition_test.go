package httpapi

import (
	"testing"

	"subclip/accounts"
)

// TestIfMatch changes things as somebody else left them: what was read before has another
// ETag by then, and nothing is changed.
func TestIfMatch(t *testing.T) {
	s := start(t, Config{})
	editor := s.person(t, "editor@example.com", accounts.Editor)
	asset := s.film(t, "Film")
	story := editor.told(t, false, fields{"texts": texts("en", "Tale")})
	issue := func(subject string) fields {
		return fields{"editions": []fields{{"language": "en", "subject": subject, "intro": "There is news."}}, "asset_ids": []string{}}
	}
	letter := "/v1/newsletter/issues/" + editor.ask(t, "POST", "/v1/newsletter/issues", issue("News")).must(t, 201).text("id")
	for _, of := range []struct {
		method, path string
		body         func(string) fields
	}{
		{"PATCH", "/v1/assets/" + asset.ID, func(text string) fields { return fields{"title": text} }},
		{"PATCH", "/v1/stories/" + story.text("id"), func(text string) fields { return fields{"place": text} }},
		{"PUT", letter, issue},
	} {
		read := editor.ask(t, "GET", of.path, nil).must(t, 200).header.Get("ETag")
		changed := editor.ask(t, of.method, of.path, of.body("First"), "If-Match", read).must(t, 200).header.Get("ETag")
		if now := editor.ask(t, "GET", of.path, nil).must(t, 200).header.Get("ETag"); now != changed || now == read || len(now) < 3 {
			t.Errorf("%s has the ETag %s, then %s, and then %s", of.path, read, changed, now)
		}
		for _, stale := range []string{read, "W/" + changed, "3", `"x"`, read + `, "98"`, changed[1 : len(changed)-1]} {
			editor.ask(t, of.method, of.path, of.body("Second"), "If-Match", stale).must(t, 412)
		}
		if now := editor.ask(t, "GET", of.path, nil).must(t, 200).header.Get("ETag"); now != changed {
			t.Errorf("%s was changed by a request that was refused", of.path)
		}
		editor.ask(t, of.method, of.path, of.body("Third"), "If-Match", `"98", `+changed).must(t, 200)
		editor.ask(t, of.method, of.path, of.body("Fourth"), "If-Match", "*").must(t, 200)
		editor.ask(t, of.method, of.path, of.body("Fifth")).must(t, 200)
		if gone := editor.ask(t, of.method, of.path+"x", of.body("Sixth"), "If-Match", changed); gone.status != 404 {
			t.Errorf("of what is not there, it says %d", gone.status)
		}
	}
	read := editor.ask(t, "GET", letter, nil).must(t, 200).header.Get("ETag")
	editor.ask(t, "PUT", letter, issue("Sixth")).must(t, 200)
	editor.ask(t, "POST", letter+"/send", nil, "If-Match", read).must(t, 412)

	film := "/v1/assets/" + asset.ID
	read = editor.ask(t, "GET", film, nil).must(t, 200).header.Get("ETag")
	seen := fields{"text": "00:01 Seen"}
	editor.ask(t, "PUT", film+"/shotlist", seen, "If-Match", read).must(t, 200)
	editor.ask(t, "PUT", film+"/shotlist", seen, "If-Match", read).must(t, 412)
	editor.ask(t, "PATCH", film, fields{"title": "Seen"}, "If-Match", read).must(t, 412)
	for _, change := range []string{"withdraw", "restore"} {
		answered := editor.ask(t, "POST", film+"/"+change, nil).must(t, 200).header.Get("ETag")
		if now := editor.ask(t, "GET", film, nil).must(t, 200).header.Get("ETag"); now != answered {
			t.Errorf("to %s answers with the ETag %s of what has %s", change, answered, now)
		}
	}
}
