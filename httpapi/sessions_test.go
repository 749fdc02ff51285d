package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"subclip/accounts"
)

// TestJourney registers, confirms, signs out and in, resets, and returns to the
// page with its marks.
func TestJourney(t *testing.T) {
	s := start(t, Config{})
	c := &client{site: s}
	ticket := c.ask(t, "POST", "/v1/registrations", applicant("zoe@example.com")).must(t, 202)
	code := s.box.Await(t, "zoe@example.com", 1).Code(t)
	c.ask(t, "GET", "/v1/me", nil).must(t, 401)
	a := c.ask(t, "POST", "/v1/registrations/"+ticket.text("id")+"/confirm", fields{"code": code[:3] + " " + code[3:]}).must(t, 200)
	if a.text("return_to") != "/?in=10:00:01:00" {
		t.Errorf("the marks are lost: %s", a.raw)
	}
	if me := c.ask(t, "GET", "/v1/me", nil).must(t, 200); me.text("email") != "zoe@example.com" || me.text("role") != "professional" {
		t.Errorf("this is %s", me.raw)
	}
	c.ask(t, "PUT", "/v1/me", fields{"name": "Zoë M.", "country": "de"}).must(t, 200)
	before := c.cookie
	c.ask(t, "DELETE", "/v1/sessions/current", nil).must(t, 204)
	if c.cookie != "" {
		t.Error("the cookie stays")
	}
	c.cookie = before
	c.ask(t, "GET", "/v1/me", nil).must(t, 401)

	reset := c.ask(t, "POST", "/v1/password-resets", fields{"email": "Zoe@Example.COM", "return_to": "/a?in=1&out=2"}).must(t, 202)
	c.ask(t, "POST", "/v1/codes/"+reset.text("id")+"/resend", nil).must(t, 429)
	fresh := "Another-Password-1!"
	code = s.box.Await(t, "zoe@example.com", 2).Code(t)
	back := c.ask(t, "POST", "/v1/password-resets/"+reset.text("id")+"/confirm", fields{"code": code, "password": fresh}).must(t, 200)
	if back.text("return_to") != "/a?in=1&out=2" {
		t.Errorf("the marks are lost: %s", back.raw)
	}
	c.ask(t, "POST", "/v1/sessions", fields{"email": "zoe@example.com", "password": password}).must(t, 401)
	c.ask(t, "POST", "/v1/sessions", fields{"email": "zoe@example.com", "password": fresh}).must(t, 201)
	for _, secret := range []string{password, fresh, code, c.cookie} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log has a secret:\n%s", s.log)
		}
	}
}

// TestFixation plants a session's identifier before somebody signs in.
func TestFixation(t *testing.T) {
	s := start(t, Config{})
	mallory := s.person(t, "mallory@example.com", accounts.Professional)
	planted := mallory.cookie
	_, err := s.accounts.Add(t.Context(), "zoe@example.com", password, accounts.Editor, accounts.Profile{Name: "Zoë"})
	check(t, err)
	zoe := &client{site: s, cookie: planted}
	zoe.ask(t, "POST", "/v1/sessions", fields{"email": "zoe@example.com", "password": password}).must(t, 201)
	if zoe.cookie == planted || zoe.cookie == "" {
		t.Error("the identifier is not a new one")
	}
	mallory.cookie = planted
	mallory.ask(t, "GET", "/v1/me", nil).must(t, 401)
	for _, invented := range []string{"x", strings.Repeat("A", 52), "'; --"} {
		stranger := &client{site: s, cookie: invented}
		stranger.ask(t, "GET", "/v1/me", nil).must(t, 401)
		stranger.ask(t, "GET", "/v1/assets", nil).must(t, 200)
	}
}

func TestCookie(t *testing.T) {
	for _, c := range []struct {
		name   string
		cfg    Config
		header []string
		secure bool
	}{
		{"plain", Config{}, nil, false},
		{"said by anybody", Config{}, []string{"X-Forwarded-Proto", "https"}, false},
		{"said by a proxy", Config{TrustedProxies: []string{"127.0.0.0/8"}}, []string{"X-Forwarded-Proto", "https"}, true},
		{"plain by a proxy", Config{TrustedProxies: []string{"127.0.0.1"}}, []string{"X-Forwarded-Proto", "http"}, false},
		{"another proxy", Config{TrustedProxies: []string{"10.0.0.0/8"}}, []string{"X-Forwarded-Proto", "https"}, false},
		{"always", Config{SecureCookies: true}, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, c.cfg)
			zoe := s.person(t, "zoe@example.com", accounts.Professional)
			a := zoe.ask(t, "POST", "/v1/sessions", fields{"email": "zoe@example.com", "password": password}, c.header...).must(t, 201)
			cookies := (&http.Response{Header: a.header}).Cookies()
			if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode || cookies[0].Secure != c.secure || cookies[0].Path != "/" || cookies[0].Expires.IsZero() {
				t.Errorf("the cookie is %s", a.header.Get("Set-Cookie"))
			}
		})
	}
}

// TestAddress checks whose word is taken for where a request comes from.
func TestAddress(t *testing.T) {
	for _, c := range []struct {
		proxies []string
		want    string
	}{{nil, "127.0.0.1"}, {[]string{"127.0.0.1"}, "203.0.113.7"}} {
		s := start(t, Config{TrustedProxies: c.proxies})
		zoe := s.person(t, "zoe@example.com", accounts.Professional)
		zoe.ask(t, "POST", "/v1/sessions", fields{"email": "zoe@example.com", "password": password}, "X-Forwarded-For", "198.51.100.1, 203.0.113.7").must(t, 201)
		if a := zoe.ask(t, "GET", "/v1/sessions", nil).must(t, 200); !strings.Contains(a.raw, `"address":"`+c.want+`"`) {
			t.Errorf("trusting %v: %s", c.proxies, a.raw)
		}
	}
	bad := Config{TrustedProxies: []string{"everyone"}}
	if err := bad.Validate(); err == nil || !strings.Contains(err.Error(), "SUBCLIP_TRUSTED_PROXIES") {
		t.Errorf("the setting is taken: %v", err)
	}
}

func TestSessions(t *testing.T) {
	s := start(t, Config{})
	first := s.person(t, "zoe@example.com", accounts.Professional)
	second, other := s.signedIn(t, "zoe@example.com"), s.person(t, "other@example.com", accounts.Professional)
	list, _ := second.ask(t, "GET", "/v1/sessions", nil).must(t, 200).body["sessions"].([]any)
	if len(list) != 2 {
		t.Fatalf("there are %d sessions", len(list))
	}
	for _, item := range list {
		session, _ := item.(map[string]any)
		if session["current"] == true {
			continue
		}
		id, _ := session["id"].(string)
		other.ask(t, "DELETE", "/v1/sessions/"+id, nil).must(t, 404)
		second.ask(t, "DELETE", "/v1/sessions/"+id, nil).must(t, 204)
	}
	first.ask(t, "GET", "/v1/me", nil).must(t, 401)
	third := *s.signedIn(t, "zoe@example.com")
	kept := second.cookie
	second.ask(t, "DELETE", "/v1/sessions", nil).must(t, 204)
	second.cookie = kept
	second.ask(t, "GET", "/v1/me", nil).must(t, 401)
	third.ask(t, "GET", "/v1/me", nil).must(t, 401)
	other.ask(t, "GET", "/v1/me", nil).must(t, 200)
}

func TestRoleChange(t *testing.T) {
	s := start(t, Config{})
	admin, zoe := s.person(t, "admin@example.com", accounts.Admin), s.person(t, "zoe@example.com", accounts.Professional)
	program := zoe.program(t, "read", "download")
	id := zoe.ask(t, "GET", "/v1/me", nil).must(t, 200).text("id")
	upload := fields{"title": "x", "filename": "x.mp4", "size": 1}
	zoe.ask(t, "POST", "/v1/uploads", upload).must(t, 403)
	zoe.ask(t, "PUT", "/v1/people/"+id+"/role", fields{"role": "admin"}).must(t, 403)
	admin.ask(t, "PUT", "/v1/people/"+id+"/role", fields{"role": "viewer"}).must(t, 422)
	admin.ask(t, "PUT", "/v1/people/none/role", fields{"role": "editor"}).must(t, 404)
	admin.ask(t, "PUT", "/v1/people/"+id+"/role", fields{"role": "editor"}).must(t, 200)
	zoe.ask(t, "GET", "/v1/me", nil).must(t, 401)
	program.ask(t, "POST", "/v1/uploads", upload).must(t, 403) // its scopes are as they were
	again := s.signedIn(t, "zoe@example.com")
	again.ask(t, "POST", "/v1/uploads", upload).must(t, 201)
	own := admin.ask(t, "GET", "/v1/me", nil).text("id")
	admin.ask(t, "PUT", "/v1/people/"+own+"/role", fields{"role": "editor"}).must(t, 409)
	if people, _ := admin.ask(t, "GET", "/v1/people?limit=1", nil).must(t, 200).body["people"].([]any); len(people) != 1 {
		t.Errorf("the page has %d people", len(people))
	}
}

func TestTokens(t *testing.T) {
	s := start(t, Config{})
	zoe, other := s.person(t, "zoe@example.com", accounts.Editor), s.person(t, "other@example.com", accounts.Editor)
	zoe.ask(t, "POST", "/v1/tokens", fields{"name": "x", "scopes": []string{"manage"}}).must(t, 422)
	zoe.ask(t, "POST", "/v1/tokens", fields{"name": "x", "scopes": []string{"everything"}}).must(t, 422)
	zoe.ask(t, "POST", "/v1/tokens", fields{"name": "x", "scopes": []string{"read"}, "expires_at": "2020-01-01T00:00:00Z"}).must(t, 422)
	made := zoe.ask(t, "POST", "/v1/tokens", fields{"name": "cron", "scopes": []string{"read", "publish"}}).must(t, 201)
	program := &client{site: s, token: made.text("token")}
	program.ask(t, "GET", "/v1/me", nil).must(t, 200)
	program.ask(t, "POST", "/v1/uploads", fields{"title": "x", "filename": "x.mp4", "size": 1}).must(t, 201)
	if a := program.ask(t, "POST", "/v1/clips", fields{}).must(t, 403); !strings.Contains(a.raw, "the scope download") {
		t.Errorf("the missing scope is not named: %s", a.raw)
	}
	program.ask(t, "POST", "/v1/tokens", fields{"name": "x", "scopes": []string{"read"}}).must(t, 403)
	list := zoe.ask(t, "GET", "/v1/tokens", nil).must(t, 200)
	if strings.Contains(list.raw, program.token) || !strings.Contains(list.raw, `"used_at"`) {
		t.Errorf("the list is %s", list.raw)
	}
	other.ask(t, "DELETE", "/v1/tokens/"+made.text("id"), nil).must(t, 404)
	zoe.ask(t, "DELETE", "/v1/tokens/"+made.text("id"), nil).must(t, 204)
	for _, secret := range []string{program.token, "subclip_nothing", "", zoe.cookie} {
		nobody := &client{site: s, cookie: zoe.cookie}
		a := nobody.ask(t, "GET", "/v1/assets", nil, "Authorization", "Bearer "+secret).must(t, 401)
		if !strings.Contains(a.header.Get("WWW-Authenticate"), "invalid_token") {
			t.Errorf("%q: %s", secret, a.header.Get("WWW-Authenticate"))
		}
	}
}
