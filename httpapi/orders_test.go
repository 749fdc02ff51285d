package httpapi

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"subclip/accounts"
	"subclip/catalog"
)

// made ends the waiting jobs of an order: a clip of it and then, the ZIP.
func (c *client) made(t *testing.T, kind catalog.JobKind) {
	t.Helper()
	var job catalog.Job
	check(t, c.parts.DB.NewSelect().Model(&job).Where("kind = ? AND status = ?", kind, catalog.JobQueued).Scan(t.Context()))
	job = c.claim(t, job)
	file := catalog.JobFile{Key: job.ObjectPrefix() + "1.mp4", Name: "film.mp4"}
	check(t, c.catalog.Finish(t.Context(), &job, catalog.JobResult{Files: []catalog.JobFile{file}}))
}

func TestOrders(t *testing.T) {
	s := start(t, Config{})
	asset, other := s.film(t, "Film"), s.film(t, "Other")
	zoe, stranger := s.person(t, "zoe@example.com", accounts.Professional), s.person(t, "o@example.com", accounts.Professional)
	wish := fields{"name": "Best of", "items": []fields{
		{"asset_id": asset.ID, "ranges": []fields{{"in": "1", "out": "2", "name": "Crowd"}}}, {"asset_id": other.ID},
	}}
	a := zoe.ask(t, "POST", "/v1/orders", wish, "Idempotency-Key", "k").must(t, 202)
	path := a.header.Get("Location")
	if path != "/v1/orders/"+a.text("id") || a.text("status") != "queued" {
		t.Fatalf("the order is at %q: %s", path, a.raw)
	}
	if again := zoe.ask(t, "POST", "/v1/orders", wish, "Idempotency-Key", "k").must(t, 202); again.text("id") != a.text("id") {
		t.Errorf("asked again, it is another order: %s", again.raw)
	}
	zoe.ask(t, "POST", "/v1/orders", fields{"items": wish["items"]}, "Idempotency-Key", "k").must(t, 422)
	members := items(a, "items")
	if members[0]["title"] != "Film" || members[0]["status"] != "queued" || members[1]["status"] != "ready" || members[1]["report"] == nil || members[1]["clip_id"] != nil {
		t.Errorf("its items are %v", members)
	}
	clip, _ := members[0]["clip_id"].(string)
	zoe.ask(t, "GET", "/v1/clips/"+clip, nil).must(t, 200)
	for _, method := range []string{"GET", "DELETE"} {
		stranger.ask(t, method, path, nil).must(t, 404)
	}
	stranger.ask(t, "GET", path+"/events", nil).must(t, 404)

	events := zoe.follow(t, path+"/events")
	if first := events.next(t); first.text("status") != "queued" {
		t.Errorf("the first event is %s", first.raw)
	}
	zoe.made(t, catalog.JobClip)
	zoe.made(t, catalog.JobOrder)
	last := events.next(t)
	for last.text("status") != "ready" {
		last = events.next(t)
	}
	if last.text("url") == "" || last.text("filename") != "film.mp4" || last.body["progress"] != 1.0 {
		t.Errorf("the last event is %s", last.raw)
	}
	listed := items(zoe.ask(t, "GET", "/v1/orders", nil).must(t, 200), "orders")
	if len(listed) != 1 || listed[0]["status"] != "ready" || listed[0]["url"] == "" {
		t.Errorf("listed are %v", listed)
	}
	if a := zoe.ask(t, "POST", "/v1/orders", wish, "Idempotency-Key", "k", "Prefer", "wait=5").must(t, 201); a.text("url") == "" {
		t.Errorf("it is ready: %s", a.raw)
	}
	zoe.ask(t, "DELETE", path, nil).must(t, 204)
	if a := zoe.ask(t, "GET", path, nil).must(t, 200); a.text("status") != "cancelled" || a.text("url") != "" {
		t.Errorf("after it was removed: %s", a.raw)
	}
	if listed := items(zoe.ask(t, "GET", "/v1/orders", nil).must(t, 200), "orders"); len(listed) != 0 {
		t.Errorf("removed, it is listed: %v", listed)
	}

	bad := zoe.ask(t, "POST", "/v1/orders", fields{"items": []fields{{"asset_id": asset.ID}, {"asset_id": asset.ID, "ranges": []fields{{"in": "1", "out": "1"}}}}}).must(t, 422)
	if details := items(bad, "errors"); len(details) != 1 || details[0]["location"] != "body.items[1].ranges[0].out" {
		t.Errorf("what cannot be: %s", bad.raw)
	}
	zoe.ask(t, "POST", "/v1/orders", fields{"items": []fields{}}).must(t, 422)
}

// stream is a stream of events that is read.
type stream struct{ lines *bufio.Scanner }

func (c *client) follow(t *testing.T, path string) stream {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+path, http.NoBody)
	check(t, err)
	req.Header.Set("Cookie", sessionCookie+"="+c.cookie)
	res, err := http.DefaultClient.Do(req)
	check(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	return stream{bufio.NewScanner(res.Body)}
}

func (s stream) next(t *testing.T) answer {
	t.Helper()
	for s.lines.Scan() {
		if data, isData := strings.CutPrefix(s.lines.Text(), "data: "); isData {
			a := answer{raw: data}
			check(t, json.Unmarshal([]byte(data), &a.body))
			return a
		}
	}
	t.Fatalf("the stream ends: %v", s.lines.Err())
	return answer{}
}
