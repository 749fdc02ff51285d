package httpapi

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
)

// wantLater checks that an answer says which limit was met, and when to come back.
func wantLater(t *testing.T, a answer, words string) {
	t.Helper()
	a.must(t, 429)
	if wait, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || wait < 1 || !strings.Contains(a.text("detail"), words) {
		t.Errorf("Retry-After is %q: %s", a.header.Get("Retry-After"), a.raw)
	}
}

func TestRequestLimits(t *testing.T) {
	s := start(t, Config{Limits: Limits{Requests: 4, Editors: 3, TokenShare: 25}})
	zoe, editor, admin := s.person(t, "zoe@example.com", accounts.Professional), s.person(t, "ed@example.com", accounts.Editor), s.person(t, "admin@example.com", accounts.Admin)
	program := editor.program(t, "read")
	for range 4 {
		zoe.ask(t, "GET", "/v1/me", nil).must(t, 200)
	}
	wantLater(t, zoe.ask(t, "GET", "/v1/assets", nil), "you have sent more than 4 requests in a minute")
	wantLater(t, s.signedIn(t, "zoe@example.com").ask(t, "GET", "/v1/me", nil), "you have")
	for range 3 {
		program.ask(t, "GET", "/v1/me", nil).must(t, 200)
	}
	wantLater(t, program.ask(t, "GET", "/v1/me", nil), "this token has sent more than 3")
	editor.ask(t, "GET", "/v1/me", nil).must(t, 200)
	stranger := &client{site: s}
	for range 20 {
		admin.ask(t, "GET", "/v1/me", nil).must(t, 200)
		stranger.ask(t, "GET", "/v1/assets", nil).must(t, 200)
		zoe.ask(t, "GET", "/healthz", nil).must(t, 200)
	}
}

// TestPersonLimits has an admin give somebody more, none, and what the role says again.
func TestPersonLimits(t *testing.T) {
	s := start(t, Config{Limits: Limits{Requests: 2}})
	zoe, admin := s.person(t, "zoe@example.com", accounts.Professional), s.person(t, "admin@example.com", accounts.Admin)
	id := zoe.ask(t, "GET", "/v1/me", nil).must(t, 200).text("id")
	zoe.ask(t, "GET", "/v1/me", nil).must(t, 200)
	wantLater(t, zoe.ask(t, "GET", "/v1/me", nil), "more than 2 requests")
	path := "/v1/people/" + id + "/limits"
	if seen := admin.ask(t, "PUT", path, fields{"times": 0}).must(t, 200); seen.body["limit_times"] != 0.0 {
		t.Errorf("the person is %s", seen.raw)
	}
	for range 9 {
		zoe.ask(t, "GET", "/v1/me", nil).must(t, 200)
	}
	if seen := admin.ask(t, "PUT", path, fields{"times": nil}).must(t, 200); strings.Contains(seen.raw, "limit_times") {
		t.Errorf("the person is %s", seen.raw)
	}
	for name, body := range map[string]fields{"none": {}, "less than none": {"times": -1}, "too many": {"times": 1001}} {
		if a := admin.ask(t, "PUT", path, body); a.status != 422 {
			t.Errorf("%s gives %s", name, a.raw)
		}
	}
	admin.ask(t, "PUT", "/v1/people/none/limits", fields{"times": 3}).must(t, 404)
	if got := (Limits{AtOnce: 2, Editors: 10}).of(accounts.Visitor{Person: &accounts.Person{Role: accounts.Editor, LimitTimes: new(3)}}); got.AtOnce != 6 {
		t.Errorf("three times 2 are %d", got.AtOnce)
	}
	if record := admin.ask(t, "GET", "/v1/audit?person="+id, nil); !strings.Contains(record.raw, `"action":"limits-change"`) {
		t.Errorf("the record is %s", record.raw)
	}
}

// TestStrangerLimits counts those who are not signed in by the network they come from.
func TestStrangerLimits(t *testing.T) {
	s := start(t, Config{TrustedProxies: []string{"127.0.0.1"}, Limits: Limits{Strangers: 3}})
	stranger, zoe := &client{site: s}, s.person(t, "zoe@example.com", accounts.Professional) // two requests from 127.0.0.1
	for _, c := range []struct{ last, same, other string }{
		{"203.0.113.99", "203.0.113.99", "203.0.113.98"}, {"2001:db8:7:1::1", "2001:db8:7:1:ffff::2", "2001:db8:7:2::1"},
	} {
		for _, path := range []string{"/v1/assets", "/", "/none"} {
			if a := stranger.ask(t, "GET", path, nil, "X-Forwarded-For", c.last); a.status == 429 {
				t.Errorf("%s gives %s", path, a.raw)
			}
		}
		for _, path := range []string{"/v1/assets", "/", "/feeds/assets.atom", "/none"} {
			wantLater(t, stranger.ask(t, "GET", path, nil, "X-Forwarded-For", c.same), "at your network address have sent more than 3")
		}
		// Guessing tokens is no way around it, being somebody is.
		wantLater(t, (&client{site: s, token: "subclip_none"}).ask(t, "GET", "/v1/me", nil, "X-Forwarded-For", c.same), "at your network address")
		zoe.ask(t, "GET", "/v1/me", nil, "X-Forwarded-For", c.same).must(t, 200)
		stranger.ask(t, "GET", "/v1/assets", nil, "X-Forwarded-For", c.other).must(t, 200)
		for range 5 {
			for _, path := range []string{"/healthz", "/readyz", "/metrics", "/static/portal.css"} {
				stranger.ask(t, "GET", path, nil, "X-Forwarded-For", c.same).must(t, 200)
			}
		}
	}
}

func TestMakingLimits(t *testing.T) {
	s := start(t, Config{Limits: Limits{AtOnce: 2, Encoding: time.Minute, Editors: 2, TokenShare: 50}})
	asset := s.film(t, "Film")
	wish := func(in, format string) fields {
		return fields{"asset_id": asset.ID, "format": format, "ranges": []fields{{"in": in, "out": "1:00.0"}}}
	}
	zoe, editor, admin := s.person(t, "zoe@example.com", accounts.Professional), s.person(t, "ed@example.com", accounts.Editor), s.person(t, "admin@example.com", accounts.Admin)
	program := zoe.program(t, "download")
	program.ask(t, "POST", "/v1/clips", wish("1.0", "source")).must(t, 202)
	wantLater(t, program.ask(t, "POST", "/v1/clips", wish("2.0", "source")), "1 clips and renditions are being made for this token")
	zoe.ask(t, "POST", "/v1/clips", wish("30.0", "h264-360p")).must(t, 202)
	wantLater(t, zoe.ask(t, "POST", "/v1/assets/"+asset.ID+"/downloads", fields{"format": "h264-720p"}), "2 clips and renditions are being made for you")
	editor.ask(t, "POST", "/v1/clips", wish("5.0", "h264-360p")).must(t, 202)
	editor.ask(t, "POST", "/v1/clips", wish("6.0", "h264-360p")).must(t, 202)
	wantLater(t, editor.ask(t, "POST", "/v1/clips", wish("7.0", "h264-360p")), "come back after midnight, UTC")
	for _, in := range []string{"1.0", "2.0", "3.0", "4.0", "5.0"} {
		admin.ask(t, "POST", "/v1/clips", wish(in, "h264-360p")).must(t, 202)
	}
}

func TestLimitSettings(t *testing.T) {
	for want, limits := range map[string]Limits{
		"SUBCLIP_LIMIT_REQUESTS": {Requests: -1}, "SUBCLIP_LIMIT_STRANGERS": {Strangers: -1}, "SUBCLIP_LIMIT_ENCODING": {Encoding: -1}, "SUBCLIP_LIMIT_TOKEN_SHARE": {TokenShare: 101},
	} {
		if err := (Config{Limits: limits}).Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v gives %v", limits, err)
		}
	}
}

// TestPageLimits asks for more pages than somebody may: a browser gets a page that says so,
// and the API still answers.
func TestPageLimits(t *testing.T) {
	s := start(t, Config{Limits: Limits{Strangers: 20, Editors: 10}})
	s.person(t, "pages@example.com", accounts.Professional)
	r := s.reads(t)
	r.post(t, "/sign-in", "email", "pages@example.com", "password", password).leads(t, "/")
	var last answer
	for range 30 {
		if last = r.get(t, "/downloads"); last.status != http.StatusOK {
			break
		}
	}
	if last.status != http.StatusTooManyRequests || last.header.Get("Retry-After") == "" || !strings.Contains(last.raw, "<h1>") {
		t.Errorf("the last page is %d: %s", last.status, last.raw)
	}
	if a := r.get(t, "/v1/clips"); a.status != http.StatusOK {
		t.Errorf("the API answers %d", a.status)
	}
	if a := r.get(t, "/static/none.css"); a.status != http.StatusNotFound {
		t.Errorf("what pages are made of is counted: %d", a.status)
	}
}
