package httpapi

import (
	"strings"
	"testing"

	"subclip/accounts"
)

// TestWebhooks registers one, and has somebody else look for it.
func TestWebhooks(t *testing.T) {
	s := start(t, Config{})
	zoe, other := s.person(t, "zoe@example.com", accounts.Professional), s.person(t, "other@example.com", accounts.Admin)
	wish := fields{"url": "https://93.184.215.14/in", "events": []string{"clip.ready", "clip.failed"}}
	made := zoe.ask(t, "POST", "/v1/webhooks", wish, "Idempotency-Key", "k").must(t, 201)
	path := "/v1/webhooks/" + made.text("id")
	if secret := made.text("secret"); made.header.Get("Location") != path || !strings.HasPrefix(secret, "whsec_") || len(secret) < 40 {
		t.Errorf("the webhook is %s", made.raw)
	}
	if again := zoe.ask(t, "POST", "/v1/webhooks", wish, "Idempotency-Key", "k").must(t, 201); again.raw != made.raw {
		t.Errorf("asked again: %s", again.raw)
	}
	for _, seen := range []answer{zoe.ask(t, "GET", path, nil), zoe.ask(t, "GET", "/v1/webhooks", nil), zoe.program(t, "download").ask(t, "GET", path, nil)} {
		if seen.must(t, 200); !strings.Contains(seen.raw, "93.184.215.14") || strings.Contains(seen.raw, "whsec_") {
			t.Errorf("it is shown as %s", seen.raw)
		}
	}
	if off := zoe.ask(t, "PATCH", path, fields{"enabled": false, "events": []string{"clip.ready"}}).must(t, 200); off.body["enabled"] != false {
		t.Errorf("it is not off: %s", off.raw)
	}
	zoe.ask(t, "GET", path+"/deliveries", nil).must(t, 200)
	zoe.ask(t, "POST", path+"/deliveries/none/redeliver", nil).must(t, 409)
	for _, try := range [][2]string{{"GET", ""}, {"PATCH", ""}, {"DELETE", ""}, {"GET", "/deliveries"}, {"POST", "/deliveries/none/redeliver"}} {
		var body any
		if try[0] == "PATCH" {
			body = fields{"enabled": true}
		}
		other.ask(t, try[0], path+try[1], body).must(t, 404)
	}
	zoe.ask(t, "DELETE", path, nil).must(t, 204)
	zoe.ask(t, "GET", path, nil).must(t, 404)
}

// TestWebhooksRefused sends what cannot work.
func TestWebhooksRefused(t *testing.T) {
	s := start(t, Config{})
	zoe, editor := s.person(t, "zoe@example.com", accounts.Professional), s.person(t, "editor@example.com", accounts.Editor)
	target := "https://93.184.215.14/in"
	for _, wish := range []fields{
		{"url": "https://127.0.0.1/", "events": []string{"clip.ready"}},
		{"url": "https://localhost/", "events": []string{"clip.ready"}},
		{"url": target, "events": []string{}},
		{"url": target, "events": []string{"clip.eaten"}},
		{"url": target, "events": []string{"asset.ready"}},
		{"url": target, "events": []string{"clip.ready"}, "person_id": "someone", "secret": "whsec_mine"},
		{"url": target},
		{},
	} {
		zoe.ask(t, "POST", "/v1/webhooks", wish).must(t, 422)
	}
	wish := fields{"url": target, "events": []string{"asset.ready"}}
	editor.program(t, "download").ask(t, "POST", "/v1/webhooks", wish).must(t, 422)
	editor.program(t, "download", "publish").ask(t, "POST", "/v1/webhooks", wish).must(t, 201)
	editor.program(t, "read").ask(t, "POST", "/v1/webhooks", wish).must(t, 403)
}
