package httpapi

import (
	"strings"
	"testing"

	"subclip/accounts"
)

func TestShotlists(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Zebra one")
	editor, stranger := s.person(t, "editor@example.com", accounts.Editor), &client{site: s}
	path := "/v1/assets/" + asset.ID + "/shotlist"
	put := editor.ask(t, "PUT", path, fields{"shots": []fields{{"in": "00:12", "text": "Late", "language": "en"}, {"in": "10:00:00:00", "out": "10:00:05:00", "text": "Wide"}}}).must(t, 200)
	want := `{"shots":[{"in":"10:00:00:00","out":"10:00:05:00","in_frame":0,"out_frame":125,"text":"Wide"},{"in":"10:00:12:00","in_frame":300,"text":"Late","language":"en"}]}`
	if got := stranger.ask(t, "GET", path, nil).must(t, 200); strings.TrimSpace(got.raw) != want || got.raw != put.raw {
		t.Errorf("the shotlist is %s", got.raw)
	}
	for field, body := range map[string]fields{
		"shots[1].in":    {"shots": []fields{{"in": "1", "text": "a"}, {"in": "10:00:00:77", "text": "b"}}},
		"shots[0].out":   {"shots": []fields{{"in": "5", "out": "0", "text": "a"}}},
		"shots[0].in":    {"shots": []fields{{"in": "09:00:00:00", "text": "before the video"}}},
		"text: line 2: ": {"text": "00:01 Wide\n10:00:00:99 Close"},
		"either shots":   {"text": "00:01 Wide", "shots": []fields{{"in": "1", "text": "a"}}},
	} {
		if a := editor.ask(t, "PUT", path, body).must(t, 422); !strings.Contains(a.raw, field) {
			t.Errorf("%v gives %s", body, a.raw)
		}
	}
	pasted := editor.ask(t, "PUT", path, fields{"text": "1. 00:01 Wide\nof the hall\n2. 10:00:02:00 Close", "language": "fr"}).must(t, 200)
	if !strings.Contains(pasted.raw, `"in_frame":25,"text":"Wide of the hall","language":"fr"`) || strings.Contains(pasted.raw, "Late") {
		t.Errorf("pasted, it is %s", pasted.raw)
	}
	editor.ask(t, "PUT", path, fields{"shots": []fields{}}).must(t, 200)
	if got := stranger.ask(t, "GET", path, nil).must(t, 200); strings.TrimSpace(got.raw) != `{"shots":[]}` {
		t.Errorf("emptied, it is %s", got.raw)
	}
}
