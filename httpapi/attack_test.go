package httpapi

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/timecode"
	"subclip/transcoder"
)

// same is an answer without what differs from one to the next: random ids and
// times.
func (a answer) same() string {
	body := regexp.MustCompile(`"(id|expires_at|next_code_at)":"[^"]*"`).ReplaceAllString(a.raw, `"$1":"…"`)
	header := a.header.Clone()
	header.Del("Date")
	var lines []string
	for name, values := range header {
		lines = append(lines, name+": "+strings.Join(values, ", "))
	}
	slices.Sort(lines)
	return fmt.Sprint(a.status, "\n", strings.Join(lines, "\n"), "\n", body)
}

// TestEnumeration asks for the same with an address that has an account and with
// one that has none: nothing in the answers differs.
func TestEnumeration(t *testing.T) {
	s := start(t, Config{})
	s.person(t, "known@example.com", accounts.Professional)
	ask := func(email string) (all []string) {
		c := &client{site: s}
		reset := c.ask(t, "POST", "/v1/password-resets", fields{"email": email}).must(t, 202)
		ticket := c.ask(t, "POST", "/v1/registrations", applicant(email)).must(t, 202)
		all = append(all, reset.same(), ticket.same())
		wrong := fields{"code": "000000x", "password": "Another-Password-1!"}
		for range 7 {
			all = append(all,
				c.ask(t, "POST", "/v1/sessions", fields{"email": email, "password": "Wrong-Password-7"}).must(t, 401).same(),
				c.ask(t, "POST", "/v1/password-resets/"+reset.text("id")+"/confirm", wrong).must(t, 422).same(),
				c.ask(t, "POST", "/v1/password-resets/"+reset.text("id")+"/confirm", fields{"code": "0", "password": "Zoë-Müller-2026"}).must(t, 422).same(),
				c.ask(t, "POST", "/v1/registrations/"+ticket.text("id")+"/confirm", fields{"code": "000000x"}).must(t, 422).same(),
			)
		}
		return append(all,
			c.ask(t, "POST", "/v1/password-resets", fields{"email": email}).must(t, 202).same(),
			c.ask(t, "POST", "/v1/registrations", applicant(email)).must(t, 202).same())
	}
	known, unknown := ask("known@example.com"), ask("unknown@example.com")
	for i := range known {
		if known[i] != unknown[i] {
			t.Errorf("answer %d tells:\n%s\n\n%s", i, known[i], unknown[i])
		}
	}
}

// TestGuessing tries all that one can at once; the right code is among them after
// the tries are used up.
func TestGuessing(t *testing.T) {
	s := start(t, Config{})
	c := &client{site: s}
	ticket := c.ask(t, "POST", "/v1/registrations", applicant("zoe@example.com")).must(t, 202)
	right, err := strconv.Atoi(s.box.Await(t, "zoe@example.com", 1).Code(t))
	check(t, err)
	try := func(code int) int {
		one := &client{site: s}
		return one.ask(t, "POST", "/v1/registrations/"+ticket.text("id")+"/confirm", fields{"code": fmt.Sprintf("%06d", code%1_000_000)}).status
	}
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if status := try(right + 1 + i); status != http.StatusUnprocessableEntity {
				t.Errorf("a wrong code gives %d", status)
			}
		})
	}
	all.Wait()
	if status := try(right); status != http.StatusUnprocessableEntity {
		t.Errorf("after 40 tries the right code gives %d", status)
	}
}

// TestTogether registers one address many times at the same instant.
func TestTogether(t *testing.T) {
	s := start(t, Config{})
	answers := make([]string, 8)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			c := &client{site: s}
			answers[i] = c.ask(t, "POST", "/v1/registrations", applicant("zoe@example.com")).same()
		})
	}
	all.Wait()
	for _, a := range answers {
		if a != answers[0] || !strings.HasPrefix(a, "202") {
			t.Errorf("the answers differ:\n%s\n\n%s", a, answers[0])
		}
	}
}

func TestOpenRedirect(t *testing.T) {
	s := start(t, Config{})
	s.person(t, "zoe@example.com", accounts.Professional)
	c := &client{site: s}
	for _, to := range []string{
		"https://evil.example", "//evil.example", `/\evil.example`, `\/evil.example`, "/\n/evil.example", "/\t/evil.example", "javascript:alert(1)",
		"evil.example", " //evil.example", "http:evil.example", "///evil.example", "/ /evil.example",
	} {
		for path, body := range map[string]fields{
			"/v1/registrations":   applicant("new@example.com"),
			"/v1/password-resets": {"email": "zoe@example.com"},
			"/v1/sessions":        {"email": "zoe@example.com", "password": password},
		} {
			body["return_to"] = to
			if a := c.ask(t, "POST", path, body).must(t, 422); !strings.Contains(a.raw, "body.return_to") || c.cookie != "" {
				t.Errorf("%s takes %q: %s", path, to, a.raw)
			}
		}
	}
}

// TestCSRF sends what a page of another site can make a browser send.
func TestCSRF(t *testing.T) {
	s := start(t, Config{})
	zoe := s.person(t, "zoe@example.com", accounts.Admin)
	id := zoe.ask(t, "GET", "/v1/me", nil).text("id")
	for _, request := range []struct {
		method, path string
		body         any
	}{
		{"POST", "/v1/sessions", fields{"email": "zoe@example.com", "password": password}},
		{"DELETE", "/v1/sessions/current", nil},
		{"POST", "/v1/tokens", fields{"name": "x", "scopes": []string{"read"}}},
		{"PUT", "/v1/me/password", fields{"current_password": password, "password": "Another-Password-1!"}},
		{"POST", "/v1/me/deletion", fields{"current_password": password}},
		{"PUT", "/v1/people/" + id + "/role", fields{"role": "editor"}},
		{"POST", "/v1/uploads", fields{"title": "x", "filename": "x.mp4", "size": 1}},
	} {
		for _, header := range [][]string{
			{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"},
		} {
			asking := *zoe
			asking.ask(t, request.method, request.path, request.body, header...).must(t, 403)
		}
	}
	zoe.ask(t, "GET", "/v1/me", nil).must(t, 200)
	// A form can send no JSON, and what it can send is not taken.
	zoe.ask(t, "POST", "/v1/tokens", `{"name": "x", "scopes": ["read"]}`, "Content-Type", "text/plain").must(t, 415)
}

// TestMassAssignment sends fields that are not for those who ask to set.
func TestMassAssignment(t *testing.T) {
	s := start(t, Config{})
	zoe := s.person(t, "zoe@example.com", accounts.Professional)
	before := zoe.ask(t, "GET", "/v1/me", nil).raw
	for name, value := range map[string]any{
		"role": "admin", "id": "1", "email_key": "x", "confirmed_at": "2020-01-01T00:00:00Z", "password_hash": "x", "totp_secret": "x", "Role": "admin", "ROLE": "admin",
	} {
		body := applicant("new@example.com")
		body[name] = value
		zoe.ask(t, "POST", "/v1/registrations", body).must(t, 422)
		zoe.ask(t, "PUT", "/v1/me", fields{"name": "Zoë Müller", name: value}).must(t, 422)
		zoe.ask(t, "POST", "/v1/tokens", fields{"name": "x", "scopes": []string{"read"}, name: value}).must(t, 422)
	}
	zoe.ask(t, "POST", "/v1/clips", fields{"asset_id": "x", "ranges": []fields{{"in": "1", "out": "2"}}, "owner_id": "x"}).must(t, 422)
	if after := zoe.ask(t, "GET", "/v1/me", nil).raw; after != before {
		t.Errorf("the person was %s and is %s", before, after)
	}
}

// asset publishes an asset that can be cut.
func (s *site) asset(t *testing.T) string {
	t.Helper()
	upload, _, err := s.catalog.NewUpload(t.Context(), "editor", catalog.Metadata{Title: "Film", Filename: "film.mp4"}, 10, catalog.Idempotency{})
	check(t, err)
	upload.StoreID = "store-" + upload.ID
	upload, err = s.catalog.StoreUpload(t.Context(), upload)
	check(t, err)
	asset, err := s.catalog.CompleteUpload(t.Context(), "editor", upload.ID)
	check(t, err)
	var waiting catalog.Job
	check(t, s.parts.DB.NewSelect().Model(&waiting).Where("asset_id = ?", asset.ID).Scan(t.Context()))
	job, _, err := s.catalog.Claim(t.Context(), waiting.ID, waiting.Attempt, "worker")
	check(t, err)
	base, err := timecode.NewBase(timecode.Rate{Num: 25, Den: 1}, "10:00:00:00")
	check(t, err)
	facts := transcoder.Source{Container: "mp4", Size: 10, Timecode: base, Frames: 7500, Duration: 300}
	check(t, s.catalog.FinishStep(t.Context(), &job, catalog.Made{Source: &facts, ProxyKey: "proxy", PosterKey: "poster"}))
	return asset.ID
}

// TestIDs has an administrator ask for what is somebody else's: nothing is there.
func TestIDs(t *testing.T) {
	s := start(t, Config{})
	zoe, other := s.person(t, "zoe@example.com", accounts.Editor), s.person(t, "other@example.com", accounts.Admin)
	wish := fields{"asset_id": s.asset(t), "ranges": []fields{{"in": "1", "out": "2"}}}
	key := []string{"Idempotency-Key", "the same"}
	clip := zoe.ask(t, "POST", "/v1/clips", wish, key...).must(t, 202).text("id")
	upload := zoe.ask(t, "POST", "/v1/uploads", fields{"title": "x", "filename": "x.mp4", "size": 10}).must(t, 201).text("id")
	token := zoe.ask(t, "POST", "/v1/tokens", fields{"name": "x", "scopes": []string{"read"}}).must(t, 201).text("id")
	program := other.program(t, "read", "download", "publish", "manage")
	for _, request := range []struct {
		method, path string
		body         any
	}{
		{"GET", "/v1/clips/" + clip, nil},
		{"GET", "/v1/clips/" + clip + "/events", nil},
		{"POST", "/v1/clips/" + clip + "/cancel", nil},
		{"DELETE", "/v1/clips/" + clip, nil},
		{"GET", "/v1/uploads/" + upload, nil},
		{"POST", "/v1/uploads/" + upload + "/parts", fields{"numbers": []int{1}}},
		{"POST", "/v1/uploads/" + upload + "/complete", nil},
		{"DELETE", "/v1/uploads/" + upload, nil},
	} {
		other.ask(t, request.method, request.path, request.body).must(t, 404)
		program.ask(t, request.method, request.path, request.body).must(t, 404)
	}
	other.ask(t, "DELETE", "/v1/tokens/"+token, nil).must(t, 404)
	if theirs := other.ask(t, "POST", "/v1/clips", wish, key...).must(t, 202).text("id"); theirs == clip {
		t.Error("an Idempotency-Key leads to somebody else's clip")
	}
	if a := zoe.ask(t, "GET", "/v1/clips/"+clip, nil).must(t, 200); a.text("status") != "queued" {
		t.Errorf("the clip is %s", a.raw)
	}
	page := other.ask(t, "GET", "/", nil).must(t, 200)
	if strings.Contains(page.raw, clip) {
		t.Error("the page shows somebody else's clip")
	}
	stranger := &client{site: s}
	if page := stranger.ask(t, "GET", "/", nil).must(t, 200); strings.Contains(page.raw, clip) || strings.Contains(page.raw, "zoe@") {
		t.Error("the page shows a stranger what is somebody's")
	}
}

func TestBadInput(t *testing.T) {
	s := start(t, Config{})
	zoe := s.person(t, "zoe@example.com", accounts.Professional)
	huge := `{"email": "` + strings.Repeat("a", 10<<20) + `"}`
	for _, path := range []string{"/v1/registrations", "/v1/sessions", "/v1/password-resets", "/v1/tokens", "/v1/clips"} {
		zoe.ask(t, "POST", path, huge).must(t, 413)
	}
	for name, value := range map[string]any{
		"name": strings.Repeat("ä", 4000), "organisation": "a\x00b", "media_role": "a\u202eb", "country": "FRANCE", "language": "?", "email": "a@b@c",
		"password": "short", "accept_terms": false, "return_to": "//evil.example",
	} {
		body := applicant("new@example.com")
		body[name] = value
		a := zoe.ask(t, "POST", "/v1/registrations", body).must(t, 422)
		if !strings.Contains(a.raw, `"location":"body.`+name) || strings.Contains(a.raw, password) {
			t.Errorf("%s: %s", name, a.raw)
		}
	}
	body := applicant("new@example.com")
	body["password"] = "weak and short"
	a := zoe.ask(t, "POST", "/v1/registrations", body).must(t, 422)
	for _, part := range []string{"no spaces", "an upper-case letter", "a digit", "a symbol"} {
		if !strings.Contains(a.raw, `{"message":"`+part) {
			t.Errorf("%q is not named by itself: %s", part, a.raw)
		}
	}
	typed := (&client{site: s}).ask(t, "POST", "/v1/password-checks", fields{"password": "weak and short", "email": "new@example.com"}).must(t, 200)
	if unmet, _ := typed.body["unmet"].([]any); len(unmet) != 4 || unmet[0] != "no spaces" || strings.Contains(typed.raw, "weak") {
		t.Errorf("while typing it lacks %s", typed.raw)
	}
	if mine := zoe.ask(t, "POST", "/v1/password-checks", fields{"password": "ZoëMüller-2026!"}).must(t, 200); !strings.Contains(mine.raw, "your name") {
		t.Errorf("one's own name lacks %s", mine.raw)
	}
	if good := zoe.ask(t, "POST", "/v1/password-checks", fields{"password": password}).must(t, 200); !strings.Contains(good.raw, `"unmet":[]`) {
		t.Errorf("a good one lacks %s", good.raw)
	}
	if a := zoe.ask(t, "POST", "/v1/sessions", fields{"email": "zoe@example.com", "password": []string{password}}).must(t, 422); strings.Contains(a.raw, password) {
		t.Errorf("the password comes back: %s", a.raw)
	}
	if a := zoe.ask(t, "POST", "/v1/sessions", `{"email": "zoe@example.com", "password": "`+password+`"`).must(t, 400); strings.Contains(a.raw, password) {
		t.Errorf("the password comes back: %s", a.raw)
	}
	if strings.Contains(s.log.String(), password) {
		t.Error("the log has a password")
	}
}

// TestLimits tries too often, and empties Redis: then it may be tried again, and
// nothing else has changed.
func TestLimits(t *testing.T) {
	limits := generous()
	limits.SignInsPerAccount = 3
	s := startWith(t, Config{}, limits)
	email := "limits@example.com"
	zoe := s.person(t, email, accounts.Professional)
	other := s.person(t, "other-"+email, accounts.Professional)
	wrong := fields{"email": email, "password": "Wrong-Password-7"}
	zoe.ask(t, "POST", "/v1/sessions", wrong).must(t, 401)
	zoe.ask(t, "POST", "/v1/sessions", wrong).must(t, 401)
	for _, body := range []fields{wrong, {"email": strings.ToUpper(email), "password": password}} {
		a := zoe.ask(t, "POST", "/v1/sessions", body).must(t, 429)
		if seconds, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 900 {
			t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
		}
	}
	zoe.ask(t, "POST", "/v1/me/deletion", fields{"current_password": password}).must(t, 429)
	other.ask(t, "POST", "/v1/sessions", fields{"email": "other-" + email, "password": password}).must(t, 201)
	zoe.ask(t, "GET", "/v1/me", nil).must(t, 200)

	check(t, s.parts.Queue.Redis().Del(t.Context(), "rate:limit:signin-account:"+email).Err())
	zoe.ask(t, "POST", "/v1/sessions", wrong).must(t, 401)
	stranger := &client{site: s}
	stranger.ask(t, "GET", "/v1/me", nil).must(t, 401)
	zoe.ask(t, "GET", "/v1/people", nil).must(t, 403)
}
