package httpapi

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
)

// basket reads the page of the basket: its stamp and the buttons that take out.
func (r *reader) basket(t *testing.T) (page, stamp string, removes []string) {
	t.Helper()
	page = r.get(t, "/basket").must(t, http.StatusOK).raw
	if found := regexp.MustCompile(`name="stamp" value="(\w+)"`).FindStringSubmatch(page); found != nil {
		stamp = found[1]
	}
	for _, one := range regexp.MustCompile(`name="remove" value="(\w+)"`).FindAllStringSubmatch(page, -1) {
		removes = append(removes, one[1])
	}
	return page, stamp, removes
}

// has fails the test unless a page has all of some words.
func has(t *testing.T, page string, words ...string) {
	t.Helper()
	for _, want := range words {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q: %s", want, page)
		}
	}
}

// TestBasketWithoutScript fills the basket signed out, signs in on the way, and orders it.
func TestBasketWithoutScript(t *testing.T) {
	s := start(t, Config{})
	editor := s.person(t, "e@example.com", accounts.Editor)
	film, other, hidden := s.film(t, "Film"), s.film(t, "Other"), s.film(t, "Hidden")
	editor.ask(t, "PATCH", "/v1/assets/"+hidden.ID, fields{"embargo_until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}).must(t, 200)
	editor.told(t, true, fields{"texts": texts("en", "Talks"), "slug": "talks", "asset_ids": []string{film.ID, other.ID, hidden.ID}})
	s.person(t, "zoe@example.com", accounts.Professional)
	r, page := s.reads(t), "/assets/"+film.ID

	has(t, r.get(t, "/basket").raw, "The basket is empty", "data-empty>0<")
	marked := r.get(t, page+"?in=10:00:01:00&out=10:00:02:00").raw
	has(t, marked, `formaction="`+page+`/basket"`, `name="in" value="10:00:01:00"`)
	whole := []string{"in", "10:00:00:00", "out", film.Source.Timecode.Timecode(film.Source.Frames), "name", "", "format", "source"}
	r.post(t, page+"/basket", whole...).leads(t, "/basket") // as the form is before anything is marked
	cookie := r.http.Jar.Cookies(must(url.Parse(r.url)))[0]
	if cookie.Name != "subclip_basket" || len(cookie.Value) < 26 {
		t.Errorf("the cookie is %+v", cookie)
	}
	r.post(t, page+"/basket", "in", "10:00:01:00", "out", "10:00:02:00", "name", "", "format", "h264-360p").leads(t, "/basket")
	r.post(t, page+"/basket", "in", "10:00:01:00", "out", "10:00:02:00", "name", "Crowd", "format", "h264-360p").leads(t, "/basket") // the same, with a name
	r.post(t, page+"/basket", "in", "10:00:01:00", "out", "10:00:02:00", "name", "", "format", "source", "whole", "whole").leads(t, "/basket")
	r.post(t, "/stories/talks/basket").leads(t, "/basket")
	shown, _, removes := r.basket(t)
	if len(removes) != 3 || strings.Contains(shown, "Hidden") {
		t.Fatalf("the basket has %v: %s", removes, shown)
	}
	has(t, shown, "Crowd", "10:00:01:00 – 10:00:02:00", `href="`+page+`?range=10%3A00%3A01%3A00-10%3A00%3A02%3A00~Crowd"`, "data-count>3<", "Whole video", "Other", "Sign in to order")
	has(t, r.get(t, "/").raw, "data-count>3<")

	if a := r.post(t, page+"/basket", "in", "10:00:01:00", "out", "10:00:01:00", "name", ""); a.status != http.StatusUnprocessableEntity {
		t.Errorf("what cannot be cut is %d", a.status)
	}
	if a := r.post(t, "/assets/"+hidden.ID+"/basket", "whole", "whole"); a.status != http.StatusNotFound {
		t.Errorf("what is hidden is %d", a.status)
	}
	if a := s.reads(t).get(t, "/basket"); !strings.Contains(a.raw, "The basket is empty") {
		t.Errorf("another browser has %s", a.raw)
	}

	r.post(t, "/basket", "name", "Evening news", "remove", removes[2]).leads(t, "/basket")
	r.post(t, "/basket", "name", "Evening news").leads(t, "/sign-in?return_to=%2Fbasket")
	r.post(t, "/sign-in?return_to=%2Fbasket", "email", "zoe@example.com", "password", password).leads(t, "/basket")
	shown, stamp, removes := r.basket(t)
	has(t, shown, `value="Evening news"`, "Order as one ZIP")
	if len(removes) != 2 {
		t.Errorf("signed in, the basket has %v", removes)
	}
	for range 2 { // pressed twice
		r.post(t, "/basket", "stamp", stamp, "name", "Evening news").leads(t, "/downloads")
	}
	orders := items(s.signedIn(t, "zoe@example.com").ask(t, "GET", "/v1/orders", nil), "orders")
	if len(orders) != 1 || orders[0]["name"] != "Evening news" || len(items(answer{body: orders[0]}, "items")) != 2 {
		t.Errorf("the orders are %v", orders)
	}
	has(t, r.get(t, "/basket").raw, "The basket is empty")
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// TestBasketThatCannotBeOrdered has a video be withdrawn, and the basket change, before it
// is ordered: nothing is lost.
func TestBasketThatCannotBeOrdered(t *testing.T) {
	s := start(t, Config{})
	editor := s.person(t, "e@example.com", accounts.Editor)
	film, other := s.film(t, "Film"), s.film(t, "Other")
	r := s.browses(t, "zoe@example.com")
	r.post(t, "/assets/"+film.ID+"/basket", "whole", "whole").leads(t, "/basket")
	_, former, _ := r.basket(t)
	r.post(t, "/assets/"+other.ID+"/basket", "in", "10:00:01:00", "out", "10:00:02:00", "name", "Crowd").leads(t, "/basket")
	a := r.post(t, "/basket", "stamp", former, "name", "Mine")
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("a basket that has changed is %d", a.status)
	}
	has(t, a.raw, "basket has changed meanwhile", `value="Mine"`)

	editor.ask(t, "POST", "/v1/assets/"+other.ID+"/withdraw", fields{}).must(t, 200)
	shown, stamp, removes := r.basket(t)
	has(t, shown, "A video that is no longer there", "10:00:01:00 – 10:00:02:00", "Crowd", "remove it to order the others")
	if strings.Contains(shown, "Other") {
		t.Errorf("the withdrawn video is named: %s", shown)
	}
	a = r.post(t, "/basket", "stamp", stamp, "name", "Mine")
	has(t, a.raw, `href="#item-2"`, `id="item-2"`, `aria-describedby="item-2-wrong"`, `id="item-2-wrong"`, `value="Mine"`)
	if a.status != http.StatusUnprocessableEntity || strings.Contains(a.raw, "there is no asset") {
		t.Errorf("a withdrawn video is ordered with %d: %s", a.status, a.raw)
	}
	french := r.get(t, "/basket?lang=fr").raw
	has(t, french, "Retirer", "Vider le panier")
	a = r.post(t, "/basket", "stamp", stamp, "name", strings.Repeat("x", 201))
	a.beside(t, "name", "")
	r.post(t, "/basket", "name", "Mine", "remove", removes[1]).leads(t, "/basket")
	_, stamp, _ = r.basket(t)
	r.post(t, "/basket", "stamp", stamp, "name", "Mine").leads(t, "/downloads")

	r.post(t, "/assets/"+film.ID+"/basket", "whole", "whole").leads(t, "/basket")
	r.post(t, "/basket", "then", "empty").leads(t, "/basket")
	has(t, r.get(t, "/basket").raw, "Le panier est vide")
}

// TestBasketsOfStrangers begins more baskets than anybody needs, and chooses a secret.
func TestBasketsOfStrangers(t *testing.T) {
	s := start(t, Config{Limits: Limits{Strangers: 100000}})
	film := s.film(t, "Film")
	check(t, s.parts.Queue.Redis().Del(t.Context(), "rate:limit:baskets:address:127.0.0.1").Err())
	body := fields{"items": []fields{{"asset_id": film.ID}}}
	stranger := &client{site: s}
	chosen := stranger.ask(t, "POST", "/v1/basket/items", body, "Cookie", "subclip_basket=chosen").must(t, 200)
	if cookie := chosen.header.Get("Set-Cookie"); strings.Contains(cookie, "chosen") || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("whoever chooses a secret gets %q", cookie)
	}
	for range basketsAnHour - 1 {
		stranger.ask(t, "POST", "/v1/basket/items", body).must(t, 200)
	}
	if a := stranger.ask(t, "POST", "/v1/basket/items", body).must(t, 429); a.header.Get("Retry-After") == "" {
		t.Errorf("it does not say when to come back: %v", a.header)
	}
	kept, _, _ := strings.Cut(chosen.header.Get("Set-Cookie"), ";")
	stranger.ask(t, "POST", "/v1/basket/items", body, "Cookie", kept).must(t, 200)
	stranger.ask(t, "POST", "/v1/basket/order", fields{"stamp": "1"}, "Cookie", kept).must(t, 401)
	stranger.ask(t, "PATCH", "/v1/basket", fields{"empty": true}, "Cookie", kept, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site").must(t, 403)
}
