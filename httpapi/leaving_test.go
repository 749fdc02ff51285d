package httpapi

import (
	"strings"
	"testing"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/newsletter"
)

// begins has somebody begin all that one can, and give one of their clips back.
func (c *client) begins(t *testing.T, email string) (running, cancelled string) {
	t.Helper()
	asset := c.film(t, "Film")
	wish := func(in string) fields {
		return fields{"asset_id": asset.ID, "ranges": []fields{{"in": in, "out": "1:00.0"}}}
	}
	running = c.ask(t, "POST", "/v1/clips", wish("1.0"), "Idempotency-Key", "k").must(t, 202).text("id")
	cancelled = c.ask(t, "POST", "/v1/clips", wish("2.0")).must(t, 202).text("id")
	c.ask(t, "DELETE", "/v1/clips/"+cancelled, nil).must(t, 204)
	c.ask(t, "POST", "/v1/uploads", fields{"title": "Raw", "filename": "raw.mov", "size": 7}).must(t, 201)
	c.ask(t, "POST", "/v1/webhooks", fields{"url": "https://93.184.215.14/in", "events": []string{"clip.ready"}}).must(t, 201)
	c.ask(t, "POST", "/v1/newsletter/subscriptions", fields{"address": email}).must(t, 202)
	return running, cancelled
}

// TestExport looks in an export for what every room keeps, and for nothing of others.
func TestExport(t *testing.T) {
	s := start(t, Config{})
	zoe, other := s.person(t, "zoe@example.com", accounts.Editor), s.person(t, "other@example.com", accounts.Editor)
	running, cancelled := zoe.begins(t, "zoe@example.com")
	export := zoe.ask(t, "GET", "/v1/me/export", nil).must(t, 200).raw
	for _, want := range []string{
		`"id":"` + running, `"id":"` + cancelled, `"status":"cancelled"`, `"title":"Raw"`, `"filename":"raw.mov"`, `"url":"https://93.184.215.14/in"`,
		`"subscription":{"address":"zoe@example.com","status":"active"`,
	} {
		if !strings.Contains(export, want) {
			t.Errorf("the export lacks %s: %s", want, export)
		}
	}
	if strings.Contains(export, "whsec_") {
		t.Error("the export has a secret")
	}
	empty := other.ask(t, "GET", "/v1/me/export", nil).must(t, 200)
	for _, list := range []string{"clips", "uploads", "webhooks", "usage"} {
		if rows, isList := empty.body[list].([]any); !isList || len(rows) > 0 {
			t.Errorf("another's %s are %v", list, empty.body[list])
		}
	}
	if strings.Contains(empty.raw, "subscription") {
		t.Errorf("another reads %s", empty.raw)
	}
}

// TestLeaving deletes an account in the middle of things.
func TestLeaving(t *testing.T) {
	s := start(t, Config{})
	zoe, editor := s.person(t, "zoe@example.com", accounts.Editor), s.person(t, "ed@example.com", accounts.Editor)
	running, _ := zoe.begins(t, "zoe@example.com")
	clip, err := s.catalog.Clip(t.Context(), catalog.Asker{ID: zoe.ask(t, "GET", "/v1/me", nil).text("id"), Editor: true}, running)
	check(t, err)
	zoe.ask(t, "POST", "/v1/me/deletion", fields{"current_password": password}).must(t, 204)
	if job, err := s.catalog.Job(t.Context(), clip.JobID); err != nil || job.Status != catalog.JobCancelled {
		t.Errorf("the clip's job is %s, %v", job.Status, err)
	}
	if _, err := s.catalog.Clip(t.Context(), catalog.Asker{ID: clip.OwnerID, Editor: true}, running); err == nil {
		t.Error("the clip is still theirs")
	}
	if readers := editor.ask(t, "GET", "/v1/newsletter/subscribers", nil).must(t, 200); strings.Contains(readers.raw, "zoe@") {
		t.Errorf("the newsletter goes on: %s", readers.raw)
	}
}

// TestOwnSubscription subscribes signed in, by a token, and for somebody else's address.
func TestOwnSubscription(t *testing.T) {
	s := start(t, Config{})
	zoe := s.person(t, "zoe@example.com", accounts.Professional)
	own := "/v1/me/subscription"
	zoe.ask(t, "GET", own, nil).must(t, 404)
	zoe.ask(t, "DELETE", own, nil).must(t, 404)
	subscribe := func(c *client, address string) string {
		t.Helper()
		return c.ask(t, "POST", "/v1/newsletter/subscriptions", fields{"address": address, "language": "fr"}).must(t, 202).text("status")
	}
	for who, c := range map[string]*client{"a stranger": {site: s}, "a token": zoe.program(t, "read", "download")} {
		if status := subscribe(c, "zoe@example.com"); status != "asked" {
			t.Errorf("%s is answered %s", who, status)
		}
	}
	s.box.Await(t, "zoe@example.com", 2)
	if status := subscribe(zoe, "friend@example.com"); status != "asked" {
		t.Errorf("for another's address: %s", status)
	}
	if status := subscribe(zoe, " Zoe@EXAMPLE.com "); status != "active" {
		t.Errorf("for one's own: %s", status)
	}
	if got := zoe.ask(t, "GET", own, nil).must(t, 200); got.text("status") != "active" || got.text("language") != "fr" || got.text("address") != "zoe@example.com" {
		t.Errorf("it is %s", got.raw)
	}

	ticket := zoe.ask(t, "POST", "/v1/me/email", fields{"current_password": password, "email": "new@example.com"}).must(t, 202)
	code := s.box.Await(t, "new@example.com", 1).Code(t)
	zoe.ask(t, "POST", "/v1/me/email/"+ticket.text("id")+"/confirm", fields{"code": code}).must(t, 200)
	if got := zoe.ask(t, "GET", own, nil).must(t, 200); got.text("status") != "active" || got.text("address") != "new@example.com" {
		t.Errorf("after moving it is %s", got.raw)
	}
	if left := zoe.ask(t, "DELETE", own, nil).must(t, 200); left.text("status") != string(newsletter.SubscriberLeft) {
		t.Errorf("ended it is %s", left.raw)
	}
	if got := zoe.ask(t, "GET", own, nil).must(t, 200); got.text("status") != "unsubscribed" {
		t.Errorf("it goes on: %s", got.raw)
	}
}

// TestTopicNoLongerOffered opens the page of a reader who chose a topic that was removed since:
// it says so, before saving drops it.
func TestTopicNoLongerOffered(t *testing.T) {
	s := start(t, Config{})
	r := s.browses(t, "zoe@example.com")
	const page, told = "/account/newsletter", "offered no longer"
	r.post(t, page, "do", "subscribe", "language", "en", "topics", "culture").leads(t, page+"?said=subscribed")
	if a := r.get(t, page).must(t, 200); strings.Contains(a.raw, told) {
		t.Error("what is offered is said to be gone")
	}
	_, err := s.parts.DB.ExecContext(t.Context(), "UPDATE newsletter_subscribers SET topics = replace(topics, 'culture', 'weather')")
	check(t, err)
	if a := r.get(t, page).must(t, 200); !strings.Contains(a.raw, told) || !strings.Contains(a.raw, "Weather") {
		t.Errorf("nothing is said of a topic that is gone: %s", a.raw)
	}
}
