package httpapi

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"subclip/accounts"

	"github.com/pquerna/otp/totp"
)

// reader is a browser without script: it keeps cookies and posts forms.
type reader struct {
	*site
	http *http.Client
}

// reads opens the site in a browser of its own. Its cookies are for TLS alone, as the
// site's address says.
func (s *site) reads(t *testing.T) *reader {
	t.Helper()
	server := httptest.NewTLSServer(s.engine)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	check(t, err)
	client := server.Client()
	client.Jar, client.CheckRedirect = jar, func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	of := *s
	of.url = server.URL
	return &reader{&of, client}
}

// get opens a page; post sends a form to it, given as pairs.
func (r *reader) get(t *testing.T, path string) answer {
	t.Helper()
	return r.send(t, http.MethodGet, path, "")
}

func (r *reader) post(t *testing.T, path string, pairs ...string) answer {
	t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return r.send(t, http.MethodPost, path, values.Encode())
}

func (r *reader) send(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, strings.NewReader(body))
	check(t, err)
	req.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := r.http.Do(req)
	check(t, err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	check(t, err)
	return answer{status: res.StatusCode, header: res.Header, raw: string(raw)}
}

// leads fails the test unless the answer leads to a page of the site.
func (a answer) leads(t *testing.T, path string) {
	t.Helper()
	if to := a.header.Get("Location"); a.status != http.StatusSeeOther || to != path {
		t.Fatalf("it leads to %q (%d), not to %q: %s", to, a.status, path, a.raw)
	}
}

// beside fails the test unless a text stands beside a field that is marked as wrong.
func (a answer) beside(t *testing.T, field, text string) {
	t.Helper()
	mark := regexp.MustCompile(`id="` + field + `"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*` + field + `-wrong`)
	note := regexp.MustCompile(`(?s)id="` + field + `-wrong">(.*?)</div>`).FindStringSubmatch(a.raw)
	if a.status != http.StatusUnprocessableEntity || !mark.MatchString(a.raw) || note == nil || !strings.Contains(note[1], text) {
		t.Errorf("%q is not said beside %s (%d): %v", text, field, a.status, note)
	}
}

// TestFormsWithoutScript registers, is told of mistakes, and resets the password.
func TestFormsWithoutScript(t *testing.T) {
	s := start(t, Config{})
	r := s.reads(t)
	const back = "/assets/1?in=10%3A00%3A01%3A05&out=10%3A00%3A03%3A10"
	query := "?return_to=" + url.QueryEscape(back)
	fill := func(more ...string) []string {
		return append([]string{"name", "Zoë <b>Müller</b>", "email", "zoe@example.com", "password", password, "language", "en"}, more...)
	}
	wrong := r.post(t, "/register"+query, "name", "", "email", "zoe", "password", "zoe", "country", "")
	wrong.beside(t, "name", "Fill this in.")
	wrong.beside(t, "password", "at least 12 characters")
	wrong.beside(t, "password", "a digit")
	wrong.beside(t, "accept_terms", "Accept the terms")
	if list := regexp.MustCompile(`href="#(\w+)"`).FindAllStringSubmatch(strings.Split(wrong.raw, `id="mistakes"`)[1], 2); len(list) < 2 || list[0][1] != "name" {
		t.Errorf("the mistakes are not in the order of the page: %v", list)
	}
	if !strings.Contains(wrong.raw, `value="zoe"`) || strings.Contains(wrong.raw, `type="password" value`) {
		t.Error("the address is not kept, or the password is")
	}
	r.post(t, "/register"+query, fill("accept_terms", "yes")...).leads(t, "/register/confirm"+query)
	page := r.get(t, "/register/confirm"+query)
	if !strings.Contains(page.raw, `autocomplete="one-time-code"`) || !strings.Contains(page.raw, `inputmode="numeric"`) {
		t.Error("the field of the code does not say what it is for")
	}
	r.post(t, "/register/confirm"+query, "code", "12").beside(t, "code", "This code does not work")
	early := r.post(t, "/register/code"+query)
	early.leads(t, "/register/confirm"+query+"&said=early")
	if told := r.get(t, early.header.Get("Location")); !regexp.MustCompile(`too early for a new code: you can have one in \d+ seconds`).MatchString(told.raw) {
		t.Error("it is not said when a new code can be had")
	}
	code := s.box.Await(t, "zoe@example.com", 1).Code(t)
	r.post(t, "/register/confirm"+query, "code", code[:3]+" "+code[3:]).leads(t, back)
	profile := r.get(t, "/account")
	if !strings.Contains(profile.raw, "Zoë &lt;b&gt;Müller") || profile.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the profile is %s", profile.raw)
	}
	r.get(t, "/register"+query).leads(t, back)
	r.get(t, "/sign-in"+query).leads(t, back)

	r.post(t, "/sign-out").leads(t, "/")
	r.get(t, "/account/tokens").leads(t, "/sign-in?return_to=%2Faccount%2Ftokens")
	r.post(t, "/sign-in", "email", "zoe@example.com", "password", "wrong")
	r.post(t, "/reset"+query, "email", "ZOE@example.com").leads(t, "/reset/confirm"+query)
	code = s.box.Await(t, "zoe@example.com", 2).Code(t)
	r.post(t, "/reset/confirm"+query, "code", code, "password", "short").beside(t, "password", "at least 12 characters")
	r.post(t, "/reset/confirm"+query, "code", code, "password", "Another-Password-1!").leads(t, "/sign-in?renewed=1&"+query[1:])
	r.post(t, "/sign-in"+query, "email", "zoe@example.com", "password", "Another-Password-1!").leads(t, back)
}

// TestStrangersCode offers somebody the code page of a request that is not theirs: only
// the browser that asked has the request.
func TestStrangersCode(t *testing.T) {
	s := start(t, Config{})
	thief, zoe := s.reads(t), s.reads(t)
	thief.post(t, "/register", "name", "Thief", "email", "zoe@example.com", "password", password, "language", "en", "accept_terms", "yes").leads(t, "/register/confirm")
	code := s.box.Await(t, "zoe@example.com", 1).Code(t)
	zoe.get(t, "/register/confirm").leads(t, "/register")
	zoe.post(t, "/register/confirm", "code", code).leads(t, "/register")
	if people, err := s.accounts.People(t.Context(), "zoe", "", 1); err != nil || len(people) != 0 {
		t.Errorf("there is an account: %v, %v", people, err)
	}
}

// TestReturnTo signs in with addresses that lead elsewhere.
func TestReturnTo(t *testing.T) {
	s := start(t, Config{})
	s.person(t, "zoe@example.com", accounts.Professional)
	r := s.reads(t)
	for _, to := range []string{
		"https://evil.example", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/\t/evil.example", "evil.example", "///evil.example",
		"/sign-in?return_to=//evil.example", "/register/confirm?return_to=https://evil.example", "/reset", "/%zz",
	} {
		query := "?return_to=" + url.QueryEscape(to)
		for _, path := range []string{"/sign-in", "/register", "/reset"} {
			if page := r.get(t, path+query); page.status != 200 || strings.Contains(strings.Split(page.raw, `<main`)[1], "evil.example") {
				t.Errorf("%s with %q: %d %s", path, to, page.status, page.raw)
			}
		}
		r.post(t, "/sign-in"+query, "email", "zoe@example.com", "password", password).leads(t, "/")
		r.post(t, "/sign-out").leads(t, "/")
	}
	// A page on the way in stands for the one behind it.
	inner := "/sign-in?return_to=" + url.QueryEscape("/reset?return_to="+url.QueryEscape("/assets/1?in=1"))
	r.post(t, "/sign-in?return_to="+url.QueryEscape(inner), "email", "zoe@example.com", "password", password).leads(t, "/assets/1?in=1")
}

// TestForeignForms posts forms as pages of other sites can, and forms that are too large.
func TestForeignForms(t *testing.T) {
	s := start(t, Config{})
	s.person(t, "zoe@example.com", accounts.Admin)
	r := s.reads(t)
	r.post(t, "/sign-in", "email", "zoe@example.com", "password", password).leads(t, "/")
	for _, route := range s.engine.Routes() {
		if route.Method != http.MethodPost || strings.HasPrefix(route.Path, "/v1/") {
			continue
		}
		for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			if a := r.send(t, route.Method, strings.ReplaceAll(route.Path, ":id", "none"), "do=end-all", header...); a.status != http.StatusForbidden {
				t.Errorf("%s with %v: %d", route.Path, header, a.status)
			}
		}
	}
	if a := r.send(t, http.MethodPost, "/newsletter", "", "Origin", "https://evil.example"); !strings.Contains(a.raw, `href="/"`) {
		t.Errorf("a browser is told with %s", a.raw)
	}
	if a := r.send(t, http.MethodPost, "/account", "do=save&name="+strings.Repeat("x", 10<<20)); a.status != http.StatusBadRequest {
		t.Errorf("a form of 10 MB: %d", a.status)
	}
	if a := r.post(t, "/account", "do=promote"); a.status != http.StatusBadRequest {
		t.Errorf("what no button does: %d", a.status)
	}
	r.post(t, "/account", "do", "save", "name", "Zoë\u202e", "language", "en").beside(t, "name", "cannot be seen")
	r.post(t, "/account", "do", "save", "name", "Zoë", "language", "fr", "role", "viewer").leads(t, "/account?said=saved")
}

// TestSecondStep signs in with a second factor. The password is in no page, and what the
// page has instead opens nothing elsewhere.
func TestSecondStep(t *testing.T) {
	s := start(t, Config{})
	s.person(t, "zoe@example.com", accounts.Professional)
	r, thief := s.reads(t), s.reads(t)
	r.post(t, "/sign-in", "email", "zoe@example.com", "password", password).leads(t, "/")
	r.post(t, "/account/factor", "do", "begin", "current_password", "wrong").beside(t, "current_password", "not your password")
	page := r.post(t, "/account/factor", "do", "begin", "current_password", password)
	secret := regexp.MustCompile(`id="secret"[^>]*>(\w+)<`).FindStringSubmatch(page.raw)
	if secret == nil || !strings.Contains(page.raw, `src="data:image/png;base64,`) {
		t.Fatalf("there is no secret, or no picture of it: %s", page.raw)
	}
	person, err := s.accounts.ByEmail(t.Context(), "zoe@example.com")
	check(t, err)
	code, err := totp.GenerateCode(person.TOTPPending, time.Now())
	check(t, err)
	page = r.post(t, "/account/factor", "do", "confirm", "code", code, "url", "otpauth://totp/Press:zoe@example.com?issuer=Press&secret="+secret[1])
	recovery := regexp.MustCompile(`<li><code>(\w+)</code>`).FindStringSubmatch(page.raw)
	if recovery == nil {
		t.Fatalf("there are no recovery codes: %s", page.raw)
	}
	r.post(t, "/sign-out").leads(t, "/")
	page = r.post(t, "/sign-in?return_to=%2Fdownloads", "email", "zoe@example.com", "password", password)
	sealed := regexp.MustCompile(`name="sealed" value="([^"]+)"`).FindStringSubmatch(page.raw)
	if page.status != 200 || sealed == nil || strings.Contains(page.raw, password) {
		t.Fatalf("the second step is %d: %s", page.status, page.raw)
	}
	step := []string{"email", "zoe@example.com", "sealed", sealed[1], "code"}
	if a := thief.post(t, "/sign-in", append(step, recovery[1])...); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a sealed password opens elsewhere: %d", a.status)
	}
	r.post(t, "/sign-in?return_to=%2Fdownloads", append(step, "123")...).beside(t, "code", "This code does not work")
	r.post(t, "/sign-in?return_to=%2Fdownloads", append(step, recovery[1])...).leads(t, "/downloads")
}

// TestProgramsPages makes a token and a webhook, which are shown once and to nobody else.
func TestProgramsPages(t *testing.T) {
	s := start(t, Config{})
	s.person(t, "zoe@example.com", accounts.Professional)
	s.person(t, "max@example.com", accounts.Professional)
	zoe, other := s.reads(t), s.reads(t)
	zoe.post(t, "/sign-in", "email", "zoe@example.com", "password", password).leads(t, "/")
	other.post(t, "/sign-in", "email", "max@example.com", "password", password).leads(t, "/")

	if a := zoe.post(t, "/account/tokens", "do", "create", "name", "x", "days", "30"); a.status != 422 || !strings.Contains(a.raw, "Choose at least one") {
		t.Errorf("a token for nothing: %d", a.status)
	}
	if a := zoe.post(t, "/account/tokens", "do", "create", "name", "x", "days", "30", "scopes", "manage"); a.status != 422 {
		t.Errorf("a token for more than the role: %d", a.status)
	}
	made := zoe.post(t, "/account/tokens", "do", "create", "name", "x", "days", "30", "scopes", "read", "scopes", "download")
	token := regexp.MustCompile(`subclip_\w+`).FindString(made.raw)
	(&client{site: s, token: token}).ask(t, "GET", "/v1/me", nil).must(t, 200)
	list := zoe.get(t, "/account/tokens").raw
	if strings.Contains(list, token) || !strings.Contains(list, "last used") {
		t.Error("the list shows the secret, or not when it was used")
	}
	id := regexp.MustCompile(`name="id" value="(\w+)"`).FindStringSubmatch(list)[1]
	if a := other.post(t, "/account/tokens", "do", "revoke", "id", id); a.status != 422 {
		t.Errorf("somebody else's token: %d", a.status)
	}
	zoe.post(t, "/account/tokens", "do", "revoke", "id", id).leads(t, "/account/tokens?said=token")
	(&client{site: s, token: token}).ask(t, "GET", "/v1/me", nil).must(t, 401)

	zoe.post(t, "/account/webhooks", "do", "create", "key", "1", "url", "https://127.0.0.1/hook", "events", "clip.ready").beside(t, "url", "private network")
	hook := []string{"do", "create", "key", "2", "url", "https://192.0.43.8/hook", "events", "clip.ready"}
	first, again := zoe.post(t, "/account/webhooks", hook...), zoe.post(t, "/account/webhooks", hook...)
	secret := regexp.MustCompile(`whsec_[\w+/=&#;]+`) // a plus is escaped
	if secret.FindString(first.raw) == "" || secret.FindString(first.raw) != secret.FindString(again.raw) {
		t.Error("the same form makes two webhooks, or none")
	}
	path := regexp.MustCompile(`/account/webhooks/\w+`).FindString(first.raw)
	if a := zoe.get(t, path); a.status != 200 || !strings.Contains(a.raw, "Nothing was sent yet") {
		t.Errorf("the deliveries are %d: %s", a.status, a.raw)
	}
	for _, a := range []answer{other.get(t, path), other.post(t, path, "do", "again", "id", "x")} {
		if a.status != 404 {
			t.Errorf("somebody else's webhook is %d", a.status)
		}
	}
	other.post(t, path, "do", "delete")
	zoe.post(t, path, "do", "delete").leads(t, "/account/webhooks?said=webhook")
}

// TestPeoplePages finds somebody, gives them a role, and may not lose the last
// administrator.
func TestPeoplePages(t *testing.T) {
	s := start(t, Config{})
	s.person(t, "chief@example.com", accounts.Admin)
	_, err := s.accounts.Add(t.Context(), "zoe@example.com", password, accounts.Professional, accounts.Profile{Name: "Zoë 100%", Organisation: "Agence_1"})
	check(t, err)
	r := s.reads(t)
	r.post(t, "/sign-in", "email", "chief@example.com", "password", password).leads(t, "/")
	for words, finds := range map[string]bool{"ZOE": true, "100%25": true, "agence_1 zoe": true, "%25x": false, "zoe chief": false} {
		words := strings.ReplaceAll(words, " ", "+")
		if a := r.get(t, "/admin/people?words="+words); strings.Contains(a.raw, "zoe@example.com") != finds {
			t.Errorf("%q finds her: %t", words, !finds)
		}
	}
	paths := map[string]string{}
	for _, found := range regexp.MustCompile(`href="(/admin/people/\w+)">(\w+)@`).FindAllStringSubmatch(r.get(t, "/admin/people").raw, -1) {
		paths[found[2]] = found[1]
	}
	r.post(t, paths["zoe"], "do", "role", "role", "editor").leads(t, paths["zoe"]+"?said=role")
	if a := r.get(t, paths["zoe"]); !strings.Contains(a.raw, "professional to editor") {
		t.Error("the change is not on record")
	}
	if a := r.post(t, paths["chief"], "do", "role", "role", "editor"); a.status != 422 || !strings.Contains(a.raw, "last administrator") {
		t.Errorf("the last administrator may go: %d %s", a.status, a.raw)
	}
	r.post(t, paths["zoe"], "do", "limits", "times", "many").beside(t, "times", "0 or more")
	r.post(t, paths["zoe"], "do", "limits", "times", "3").leads(t, paths["zoe"]+"?said=limits")
	if a := r.get(t, paths["zoe"]); !strings.Contains(a.raw, `type="text" value="3"`) || strings.Contains(a.raw, `value="lift"`) {
		t.Error("the limits are not shown, or a second factor that is not there")
	}
	if a := r.post(t, paths["zoe"], "do", "lift"); a.status != 422 || !strings.Contains(a.raw, "no second factor") {
		t.Errorf("what is not there is lifted: %d", a.status)
	}
	if a := r.get(t, "/admin/people/none"); a.status != 404 {
		t.Errorf("nobody's page is %d", a.status)
	}
}

// TestNewsletterPages subscribes a stranger, who has to confirm, and somebody signed in,
// whose address is proved.
func TestNewsletterPages(t *testing.T) {
	s := start(t, Config{})
	s.person(t, "zoe@example.com", accounts.Professional)
	r := s.reads(t)
	r.post(t, "/newsletter", "address", "nobody", "language", "fr").beside(t, "address", "not an e-mail address")
	r.post(t, "/newsletter", "address", "reader@example.com", "language", "fr").leads(t, "/newsletter?said=asked")
	s.box.Await(t, "reader@example.com", 1)
	if a := r.get(t, "/newsletter?said=asked"); !strings.Contains(a.raw, "open the link that we have sent") {
		t.Error("it is not said what happens now")
	}
	r.post(t, "/sign-in", "email", "zoe@example.com", "password", password).leads(t, "/")
	r.post(t, "/account/newsletter", "do", "subscribe", "language", "fr").leads(t, "/account/newsletter?said=subscribed")
	if a := r.get(t, "/account/newsletter"); !strings.Contains(a.raw, "It comes") || !strings.Contains(a.raw, `value="fr" checked`) {
		t.Errorf("the subscription is not shown: %s", a.raw)
	}
	r.post(t, "/account/newsletter", "do", "end").leads(t, "/account/newsletter?said=left")
	if a := r.get(t, "/account/newsletter?said=left"); !strings.Contains(a.raw, "You get no newsletter any more") {
		t.Error("the end is not said")
	}
}

// TestFormOfLeaving deletes an account by its page.
func TestFormOfLeaving(t *testing.T) {
	s := start(t, Config{})
	s.person(t, "zoe@example.com", accounts.Professional)
	r := s.reads(t)
	r.post(t, "/sign-in", "email", "zoe@example.com", "password", password).leads(t, "/")
	r.post(t, "/account/data", "do", "delete", "current_password", "wrong").beside(t, "current_password", "not your password")
	if a := r.post(t, "/account/data", "do", "delete", "current_password", password); a.status != 200 || !strings.Contains(a.raw, "Your account is deleted") || strings.Contains(a.raw, "Zoë") {
		t.Errorf("the farewell is %d: %s", a.status, a.raw)
	}
	r.get(t, "/account").leads(t, "/sign-in?return_to=%2Faccount")
}

// TestRefusedPages has a form without fields of its own refused: the page says what the
// API said, and leads back; and no page leads off the site.
func TestRefusedPages(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r := s.reads(t)
	s.person(t, "zoe@example.com", accounts.Professional)
	r.post(t, "/sign-in", "email", "zoe@example.com", "password", password).leads(t, "/")
	a := r.post(t, "/assets/"+asset.ID+"/clips", "in", "soon", "out", "later", "format", "source")
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.raw, "write a timecode as HH:MM:SS:FF") {
		t.Errorf("it is said %d: %s", a.status, a.raw)
	}
	if a := r.post(t, "/assets/"+asset.ID+"/clips", "in", strings.Repeat("x", 1<<20)); a.status != http.StatusBadRequest {
		t.Errorf("a form that is too long gives %d", a.status)
	}
	if a := r.get(t, "/"+"/evil.example/x"); strings.Contains(a.raw, `href="//evil`) {
		t.Errorf("a page leads off the site: %s", a.raw)
	}
	if a := r.get(t, "/?q="+strings.Repeat("the+", 5000)); a.status != http.StatusBadRequest {
		t.Errorf("a search for 5000 words gives %d", a.status)
	}
}
