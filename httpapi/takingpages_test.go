package httpapi

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"subclip/accounts"
)

// keyOfForm is the key by which a form of a page counts once; before says where it begins.
func keyOfForm(t *testing.T, page, before string) string {
	t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(before) + `[^\x00]*?name="key" value="(\w+)"`).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("no form with a key follows %s: %s", before, page)
	}
	return found[1]
}

// TestFormsSignedOut posts forms without a session: signing in leads to the page on which
// each stands, with what was typed.
func TestFormsSignedOut(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	s.person(t, "zoe@example.com", accounts.Professional)
	r, page := s.reads(t), "/assets/"+asset.ID
	for from, to := range map[string]string{
		"/downloads/clips/1/cancel": "/downloads", "/downloads/clips/1/again": "/downloads", "/downloads/orders/1/remove": "/downloads",
		"/account/email/code": "/account/email/confirm", "/admin/jobs": "/admin", "/account": "/account", page + "/clips": page, page + "/download": page,
	} {
		r.post(t, from).leads(t, "/sign-in?return_to="+url.QueryEscape(to))
	}
	listed := r.url + "/downloads?clips=2&lang=fr"
	r.send(t, "POST", "/downloads/clips/1/cancel", "", "Referer", listed).leads(t, "/sign-in?return_to="+url.QueryEscape("/downloads?clips=2"))
	r.send(t, "POST", "/downloads/clips/1/cancel", "", "Referer", "https://evil.example/downloads?clips=2").leads(t, "/sign-in?return_to=%2Fdownloads")
	r.send(t, "POST", page+"/download", "format=source", "Referer", r.url+page+"?in=10:00:01:00").leads(t, "/sign-in?return_to="+url.QueryEscape(page+"?format=source&in=10%3A00%3A01%3A00"))

	if a := r.get(t, page); !strings.Contains(a.raw, "<noscript><button>Sign in to download</button></noscript>") {
		t.Errorf("signed out there is no button: %s", a.raw)
	}
	one := r.post(t, page+"/clips", "in", "10:00:01:00", "out", "soon", "name", "", "in", "", "out", "", "name", "", "format", "h264-360p")
	one.leads(t, "/sign-in?return_to="+url.QueryEscape(page+"?format=h264-360p&in=10%3A00%3A01%3A00&out=soon"))
	two := r.post(t, page+"/clips", "in", "10:00:01:00", "out", "10:00:02:00", "name", "Crowd & <co>~é", "in", "", "out", "", "name", "", "in", "10:00:03:00", "out", "", "name", "", "apart", "apart", "format", "h264-720p", "audio", "1", "audio", "2")
	a := r.post(t, two.header.Get("Location"), "email", "zoe@example.com", "password", password)
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), page+"?") {
		t.Fatalf("signing in leads to %q (%d)", a.header.Get("Location"), a.status)
	}
	has(t, r.get(t, a.header.Get("Location")).must(t, http.StatusOK).raw,
		`id="plain-in-1" name="in" value="10:00:01:00"`, `id="plain-out-1" name="out" value="10:00:02:00"`, `id="plain-name-1" name="name" value="Crowd &amp; &lt;co&gt;~é"`,
		`id="plain-in-2" name="in" value="10:00:03:00"`, `id="plain-out-2" name="out" value=""`, `id="plain-in-3" name="in" value=""`,
		`name="apart" value="apart" checked`, `value="h264-720p" selected`)

	r = s.reads(t)
	long := []string{"format", "source"}
	for range 50 {
		long = append(long, "in", "10:00:01:00", "out", "10:00:02:00", "name", strings.Repeat("é", 80))
	}
	a = r.post(t, r.post(t, page+"/clips", long...).header.Get("Location"), "email", "zoe@example.com", "password", password)
	has(t, r.get(t, a.header.Get("Location")).must(t, http.StatusOK).raw, `id="plain-in-50" name="in" value="10:00:01:00"`)
}

// TestFormsLanguage posts a form to each route that takes nothing else: the page that answers
// leads to one that can be read, in the other language and for signing in.
func TestFormsLanguage(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, stranger := s.browses(t, "zoe@example.com"), s.reads(t)
	french := regexp.MustCompile(`<nav class="languages"[^>]*>[^\x00]*?href="([^"]*)" hreflang="fr"`)
	reads, led := map[string]bool{}, 0
	for _, route := range s.engine.Routes() {
		reads[route.Method+" "+route.Path] = true
	}
	for _, route := range s.engine.Routes() {
		if route.Method != http.MethodPost || strings.HasPrefix(route.Path, "/v1/") || reads["GET "+route.Path] {
			continue
		}
		path := strings.NewReplacer(":id", asset.ID, ":slug", "none").Replace(route.Path)
		for _, who := range []*reader{r, stranger} {
			a := who.post(t, path)
			var to string
			if link := french.FindStringSubmatch(a.raw); link != nil {
				to = strings.ReplaceAll(link[1], "&amp;", "&")
			} else if sign, err := url.Parse(a.header.Get("Location")); err == nil && sign.Path == "/sign-in" {
				to = sign.Query().Get("return_to")
			} else {
				continue
			}
			led++
			if found := r.get(t, to); found.status == http.StatusMethodNotAllowed || to == "" {
				t.Errorf("%s leads to %q, which cannot be read", path, to)
			}
		}
	}
	if led < 20 {
		t.Errorf("only %d answers lead on", led)
	}
	r = s.browses(t, "again@example.com") // the other has signed out
	page := "/assets/" + asset.ID
	a := r.post(t, page+"/clips", "in", "soon", "out", "10:00:02:00", "format", "source")
	link := french.FindStringSubmatch(a.raw)
	a = r.get(t, strings.ReplaceAll(link[1], "&amp;", "&")).must(t, http.StatusOK)
	has(t, a.raw, `lang="fr"`, `id="plain-in-1" name="in" value="soon"`, `name="out" value="10:00:02:00"`)
}

// TestRefusedTaking has a clip and an item of the basket refused: the page shows what was
// typed, and which field of it is wrong.
func TestRefusedTaking(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, page := s.browses(t, "zoe@example.com"), "/assets/"+asset.ID
	zoe := s.signedIn(t, "zoe@example.com")
	form := []string{
		"in", "", "out", "", "name", "", "in", "10:00:01:00", "out", "10:00:02:00", "name", "Crowd", "in", "10:00:04:00", "out", "10:00:03:00", "name", "", "in", "10:00:05:00", "out", "", "name", "Exit",
		"format", "h264-360p", "apart", "apart",
	}
	for _, to := range []string{page + "/clips", page + "/basket"} {
		a := r.post(t, to, form...)
		a.beside(t, "plain-out-3", "Fill this in.")
		has(t, a.raw, `href="#plain-out-3">Range 3, Mark out: Fill this in.`, `id="plain-name-3" name="name" value="Exit"`, `value="h264-360p" selected`, `name="apart" value="apart" checked`)
		a = r.post(t, to, append(form[:18:18], form[24:]...)...)
		a.beside(t, "plain-out-2", "comes before mark in")
		has(t, a.raw, `href="#plain-out-2">Range 2, Mark out: `, `id="plain-in-1" name="in" value="10:00:01:00"`, `name="name" value="Crowd"`, `id="plain-in-2" name="in" value="10:00:04:00"`)
		if strings.Contains(a.raw, `id="plain-in-1" name="in" value="10:00:01:00" maxlength="32" autocomplete="off" aria-invalid`) {
			t.Error("the right field is told of as wrong")
		}
	}
	r.post(t, page+"/clips", "in", "", "out", "", "name", "").beside(t, "plain-in-1", "Nothing is marked")
	french := r.send(t, "POST", page+"/clips?lang=fr", "in=10:00:04:00&out=10:00:03:00&name=")
	has(t, french.raw, "Extrait 1, Point de sortie\u00a0: Le point de sortie est avant")
	r.get(t, page+"?lang=en")
	r.post(t, page+"/clips", "in", "1", "out", "2", "name", "", "format", "betamax").beside(t, "format", "")
	if a := r.post(t, page+"/download", "in", "10:00:01:00", "out", "", "format", "betamax"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.raw, `name="in" value="10:00:01:00"`) {
		t.Errorf("a whole video in no format is %d: %s", a.status, a.raw)
	}
	if clips := items(zoe.ask(t, "GET", "/v1/clips", nil), "clips"); len(clips) != 0 {
		t.Errorf("refused, there are %v", clips)
	}
	has(t, r.get(t, "/basket").raw, "The basket is empty")
	if a := r.post(t, "/assets/none/clips", form...); a.status != http.StatusNotFound {
		t.Errorf("a clip of no video is %d", a.status)
	}
}

// TestTakenOnce presses buttons twice.
func TestTakenOnce(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, page := s.browses(t, "zoe@example.com"), "/assets/"+asset.ID
	zoe := s.signedIn(t, "zoe@example.com")
	part := []string{"key", keyOfForm(t, r.get(t, page).raw, `action="`+page+`/clips"`), "format", "source", "name", "", "in", "10:00:01:00"}
	of := func(kind string, want int) []map[string]any {
		t.Helper()
		all := items(zoe.ask(t, "GET", "/v1/"+kind, nil).must(t, 200), kind)
		if len(all) != want {
			t.Fatalf("there are %d %s, not %d: %v", len(all), kind, want, all)
		}
		return all
	}
	for _, out := range []string{"10:00:02:00", "10:00:02:00", "10:00:03:00", "10:00:03:00"} { // back to the form, and other marks
		r.post(t, page+"/clips", append(part, "out", out)...).leads(t, "/downloads")
	}
	of("clips", 2)
	r.post(t, page+"/clips", append(part[2:], "out", "10:00:03:00")...).leads(t, "/downloads")
	clip, _ := of("clips", 3)[0]["id"].(string)
	order := zoe.ask(t, "POST", "/v1/orders", fields{"items": []fields{{"asset_id": asset.ID}}}).must(t, 202).text("id")
	for kind, id := range map[string]string{"clips": clip, "orders": order} {
		one := "/downloads/" + kind + "/" + id
		r.post(t, one+"/cancel").leads(t, "/downloads")
		key := keyOfForm(t, r.get(t, "/downloads").raw, `action="`+one+`/again"`)
		for range 2 {
			r.post(t, one+"/again", "key", key).leads(t, "/downloads")
		}
		of(kind, map[string]int{"clips": 4, "orders": 2}[kind])
		key = keyOfForm(t, r.get(t, "/downloads").raw, `action="`+one+`/again"`)
		r.post(t, one+"/again", "key", key).leads(t, "/downloads")
		of(kind, map[string]int{"clips": 5, "orders": 3}[kind])
	}
}

// TestTakingTooMuch is told to wait, and what was typed is kept.
func TestTakingTooMuch(t *testing.T) {
	s := start(t, Config{Limits: Limits{AtOnce: 1}})
	asset := s.film(t, "Film")
	r, page := s.browses(t, "zoe@example.com"), "/assets/"+asset.ID
	r.post(t, page+"/clips", "in", "10:00:01:00", "out", "10:00:02:00", "name", "", "format", "source").leads(t, "/downloads")
	a := r.post(t, page+"/clips", "in", "10:00:03:00", "out", "10:00:04:00", "name", "Crowd", "format", "source")
	has(t, a.raw, `id="mistakes"`, "Try again in 10 seconds", `name="name" value="Crowd"`)
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
		t.Errorf("too much is %d", a.status)
	}
}
