package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
	"subclip/catalog"
)

// browses signs somebody in with a browser of their own.
func (s *site) browses(t *testing.T, email string) *reader {
	t.Helper()
	s.person(t, email, accounts.Professional)
	r := s.reads(t)
	r.post(t, "/sign-in", "email", email, "password", password).leads(t, "/")
	return r
}

// TestTaken takes a clip and an order to where their files are, removes them and has them
// made again.
func TestTaken(t *testing.T) {
	s := start(t, Config{})
	asset, other := s.film(t, "Film"), s.film(t, "Other")
	r, stranger := s.browses(t, "zoe@example.com"), s.browses(t, "o@example.com")
	zoe := s.signedIn(t, "zoe@example.com")
	part := fields{"asset_id": asset.ID, "ranges": []fields{{"in": "1", "out": "2", "name": "Crowd"}}}
	clip := "/downloads/clips/" + zoe.ask(t, "POST", "/v1/clips", part).must(t, 202).text("id")
	r.get(t, clip+"/files/1").leads(t, "/downloads") // which says how far it is
	zoe.made(t, catalog.JobClip)
	order := "/downloads/orders/" + zoe.ask(t, "POST", "/v1/orders", fields{"name": "Best of", "items": []fields{part, {"asset_id": other.ID}}}).must(t, 202).text("id")
	zoe.made(t, catalog.JobOrder)

	page := r.get(t, "/downloads").must(t, http.StatusOK).raw
	if !strings.Contains(page, `href="`+clip+`/files/1"`) || !strings.Contains(page, `href="`+order+`/file"`) || strings.Contains(page, "X-Amz-Signature") {
		t.Errorf("the page is %s", page)
	}
	for path, name := range map[string]string{clip + "/files/1": "Crowd.mp4", order + "/file": "Best-of.zip"} {
		a := r.get(t, path)
		if to := a.header.Get("Location"); a.status != http.StatusFound || !strings.Contains(to, "X-Amz-Signature") || !strings.Contains(to, name) || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s leads to %q: %d", path, to, a.status)
		}
		if a := stranger.get(t, path); a.status != http.StatusNotFound {
			t.Errorf("somebody else gets %d of %s", a.status, path)
		}
		for _, deed := range []string{"/again", "/remove"} {
			if a := stranger.post(t, path[:strings.LastIndex(path, "/file")]+deed); a.status != http.StatusNotFound {
				t.Errorf("somebody else gets %d of %s of %s", a.status, deed, path)
			}
		}
	}
	for _, number := range []string{"0", "2", "one"} {
		if a := r.get(t, clip+"/files/"+number); a.status != http.StatusNotFound {
			t.Errorf("file %s is %d", number, a.status)
		}
	}

	for _, rows := range []any{(*catalog.Clip)(nil), (*catalog.Order)(nil)} {
		_, err := s.parts.DB.NewUpdate().Model(rows).Set("kept_until = ?", time.Now().Add(-time.Minute)).Where("1 = 1").Exec(t.Context())
		check(t, err)
	}
	for _, one := range []string{clip, order} {
		r.post(t, one+"/again").leads(t, "/downloads")
	}
	clips, orders := items(zoe.ask(t, "GET", "/v1/clips", nil), "clips"), items(zoe.ask(t, "GET", "/v1/orders", nil), "orders")
	if len(clips) != 2 || fmt.Sprint(clips[0]["ranges"]) != fmt.Sprint(clips[1]["ranges"]) || !strings.Contains(fmt.Sprint(clips[0]["ranges"]), "Crowd") {
		t.Errorf("the clips are %v", clips)
	}
	if len(orders) != 2 || orders[0]["name"] != "Best of" || len(items(answer{body: orders[0]}, "items")) != 2 {
		t.Errorf("the orders are %v", orders)
	}
	for _, one := range []string{clip, order} {
		r.post(t, one+"/remove").leads(t, "/downloads")
		if page := r.get(t, "/downloads").raw; strings.Contains(page, one) {
			t.Errorf("removed, %s is on the page", one)
		}
	}
}

// TestCancelled cancels a clip and an order on the page: they stay, can be had again, and be
// removed.
func TestCancelled(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, stranger := s.browses(t, "zoe@example.com"), s.browses(t, "o@example.com")
	zoe := s.signedIn(t, "zoe@example.com")
	part := fields{"asset_id": asset.ID, "ranges": []fields{{"in": "1", "out": "2"}}}
	for kind, body := range map[string]fields{"clips": part, "orders": {"items": []fields{part, {"asset_id": asset.ID}}}} {
		one := "/downloads/" + kind + "/" + zoe.ask(t, "POST", "/v1/"+kind, body).must(t, 202).text("id")
		if a := stranger.post(t, one+"/cancel"); a.status != http.StatusNotFound {
			t.Errorf("somebody else gets %d", a.status)
		}
		if page := r.get(t, "/downloads").raw; !strings.Contains(page, one+"/cancel") || strings.Contains(page, one+"/remove") {
			t.Errorf("while it is made the page is %s", page)
		}
		for range 2 { // the second changes nothing
			r.post(t, one+"/cancel").leads(t, "/downloads")
		}
		if page := r.get(t, "/downloads").raw; !strings.Contains(page, "Cancelled") || !strings.Contains(page, one+"/again") || !strings.Contains(page, one+"/remove") || strings.Contains(page, one+"/cancel") {
			t.Errorf("cancelled, the page is %s", page)
		}
		r.post(t, one+"/again").leads(t, "/downloads")
		r.post(t, one+"/remove").leads(t, "/downloads")
		all := items(zoe.ask(t, "GET", "/v1/"+kind, nil).must(t, 200), kind)
		if len(all) != 1 || strings.HasSuffix(one, fmt.Sprint(all[0]["id"])) || all[0]["status"] != "queued" {
			t.Errorf("asked for again, there are %v", all)
		}
		again := "/v1/" + kind + "/" + fmt.Sprint(all[0]["id"]) + "/cancel"
		if a := zoe.ask(t, "POST", again, nil).must(t, 200); a.text("status") != "cancelled" {
			t.Errorf("cancelled by the API it is %s", a.text("status"))
		}
	}
	zoe.ask(t, "POST", "/v1/clips/none/cancel", nil).must(t, 404)
}

// TestTakingWithoutScript takes what an address has marked, and waits for a rendition.
func TestTakingWithoutScript(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, page := s.browses(t, "zoe@example.com"), "/assets/"+asset.ID
	zoe := s.signedIn(t, "zoe@example.com")
	shown := r.get(t, page+"?range=10:00:01:00-10:00:02:00~Crowd&range=10:00:03:00-10:00:04:00").must(t, http.StatusOK).raw
	for _, want := range []string{
		`name="in" value="10:00:01:00"`, `name="out" value="10:00:02:00"`, `name="name" value="Crowd"`, `name="in" value="10:00:03:00"`, `id="plain-in-3" name="in" value=""`,
		"Clips and orders are kept in My downloads for an hour",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("the form lacks %s", want)
		}
	}
	form := []string{"in", "10:00:01:00", "out", "10:00:02:00", "name", "Crowd", "in", "10:00:03:00", "out", "10:00:04:00", "name", "", "in", "", "out", "", "name", ""}
	r.post(t, page+"/clips", form...).leads(t, "/downloads")
	r.post(t, page+"/clips", append(form, "apart", "apart")...).leads(t, "/downloads")
	clips := items(zoe.ask(t, "GET", "/v1/clips", nil).must(t, 200), "clips")
	if len(clips) != 2 || clips[0]["join"] != false || clips[1]["join"] != true || len(items(answer{body: clips[0]}, "ranges")) != 2 {
		t.Errorf("the clips are %v", clips)
	}
	if a := r.post(t, page+"/clips", "in", "", "out", ""); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no range at all is %d", a.status)
	}

	wait := page + "/download?format=h264-360p"
	r.get(t, wait).leads(t, page) // nobody has asked for it
	r.post(t, page+"/download", "format", "h264-360p").leads(t, wait)
	if a := r.get(t, wait); !strings.Contains(a.raw, `href="`+wait+`">Look again`) || strings.Contains(a.raw, `http-equiv="refresh"`) || strings.Contains(a.raw, "<form method=\"post\" action=\""+page) {
		t.Errorf("while it is made the page is %s", a.raw)
	}
	zoe.made(t, catalog.JobRendition)
	if a := r.get(t, wait); strings.Contains(a.raw, "Look again") || !strings.Contains(a.raw, `<form method="post" action="`+page+`/download"><input type="hidden" name="format" value="h264-360p">`) {
		t.Errorf("once it is made the page is %s", a.raw)
	}
	if a := r.post(t, page+"/download", "format", "h264-360p"); a.status != http.StatusSeeOther || !strings.Contains(a.header.Get("Location"), "X-Amz-Signature") {
		t.Errorf("it leads to %q", a.header.Get("Location"))
	}
}
