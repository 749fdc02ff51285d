package httpapi

import (
	"strings"
	"testing"

	"subclip/accounts"
)

func TestCaptions(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Zebra one")
	editor, stranger := s.person(t, "editor@example.com", accounts.Editor), &client{site: s}
	path := "/v1/assets/" + asset.ID + "/captions"
	for _, kind := range []string{"text/vtt", "application/x-subrip", "application/octet-stream"} {
		editor.ask(t, "PUT", path+"/FR", "1\n00:00:01,000 --> 00:00:02,000\n<i>Bonjour</i> <script>\n", "Content-Type", kind).must(t, 200)
	}
	list := stranger.ask(t, "GET", path, nil).must(t, 200)
	if url := path + "/fr.vtt"; !strings.Contains(list.raw, `"url":"`+url+`"`) || !strings.Contains(list.raw, `"source":"uploaded","cues":1`) {
		t.Errorf("there are %s", list.raw)
	}
	file := stranger.ask(t, "GET", path+"/fr.vtt", nil).must(t, 200)
	if file.raw != "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<i>Bonjour</i>\n" || file.header.Get("Content-Type") != "text/vtt; charset=utf-8" {
		t.Errorf("the file is %s %q", file.header, file.raw)
	}
	if same := stranger.ask(t, "GET", path+"/fr.vtt", nil, "If-None-Match", file.header.Get("ETag")); same.status != 304 || same.raw != "" {
		t.Errorf("asked again, it is %d %q", same.status, same.raw)
	}
	found := stranger.ask(t, "GET", "/v1/captions?q=bonj", nil).must(t, 200)
	if !strings.Contains(found.raw, `"lines":[{"start":1,"end":2,"frame":25,"timecode":"10:00:01:00","text":"Bonjour"}]`) || !strings.Contains(found.raw, asset.ID) {
		t.Errorf("a search finds %s", found.raw)
	}
	if in := stranger.ask(t, "GET", "/v1/captions?q=bonjour&asset_id="+asset.ID, nil).must(t, 200); in.raw != found.raw {
		t.Errorf("in the asset alone it finds %s", in.raw)
	}
	for _, bad := range []string{"", "Dear editor", "WEBVTT\n\n00:02.000 --> 00:01.000\nx"} {
		if a := editor.ask(t, "PUT", path+"/en", bad, "Content-Type", "text/vtt"); a.status != 422 && a.status != 400 {
			t.Errorf("%q gives %d %s", bad, a.status, a.raw)
		}
	}
	editor.ask(t, "PUT", path+"/en", strings.Repeat("x", 4<<20+1), "Content-Type", "text/vtt").must(t, 413)
	editor.ask(t, "PUT", path+"/nonsense", "WEBVTT\n\n00:01.000 --> 00:02.000\nx", "Content-Type", "text/vtt").must(t, 422)
	stranger.ask(t, "GET", path+"/en.vtt", nil).must(t, 404)
	editor.ask(t, "DELETE", path+"/fr", nil).must(t, 204)
	stranger.ask(t, "GET", path+"/fr.vtt", nil).must(t, 404)
	record := s.person(t, "admin@example.com", accounts.Admin).ask(t, "GET", "/v1/audit", nil).raw
	if !strings.Contains(record, "captions-changed") || !strings.Contains(record, "captions-deleted") {
		t.Errorf("the record is %s", record)
	}
}
