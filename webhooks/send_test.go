package webhooks

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/database"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func ended(d Delivery) bool    { return d.Status != Waiting }
func troubled(d Delivery) bool { return d.Failure != "" }

// TestDelivery tells two people of their clips: each of theirs, signed, and again
// when they ask for it.
func TestDelivery(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		ann, bob := h.person(t, "ann", accounts.Professional), h.person(t, "bob", accounts.Professional)
		hers, his := receive(t, nil), receive(t, nil)
		hook, other := h.hook(t, ann, hers.url+"/in?x=1", "clip.ready"), h.hook(t, bob, his.url, "clip.ready", "clip.failed")
		h.run(t)
		clip := h.ready(t, ann, 1)
		failing := h.clip(t, bob, 2)
		job := h.claim(t, failing.JobID)
		check(t, h.catalog.Fail(t.Context(), &job, "it cannot be made"))

		delivery := h.await(t, hook, ended)
		if delivery.Status != Delivered || delivery.Answer != 204 || delivery.Attempts != 1 {
			t.Errorf("the delivery is %+v", delivery)
		}
		var body struct {
			Type      string
			Timestamp time.Time
			Data      map[string]any
		}
		got := hers.all()[0]
		check(t, json.Unmarshal(got.body, &body))
		if body.Type != "clip.ready" || body.Timestamp.IsZero() || body.Data["id"] != clip.ID || body.Data["size"] != 77.0 {
			t.Errorf("the body is %s", got.body)
		}
		verify(t, hook.Secret, got)
		if signer, err := standardwebhooks.NewWebhook(other.Secret); err != nil || signer.Verify(got.body, got.header) == nil {
			t.Errorf("another secret verifies it too: %v", err)
		}
		h.await(t, other, ended)
		if posts := his.all(); len(posts) != 1 || !strings.Contains(string(posts[0].body), `"reason":"it cannot be made"`) {
			t.Errorf("bob hears %+v", posts)
		}

		_, err := h.Redeliver(t.Context(), bob, hook.ID, delivery.ID)
		wantError(t, err, catalog.NotFound, "")
		_, err = h.Redeliver(t.Context(), ann, hook.ID, delivery.ID)
		check(t, err)
		h.await(t, hook, func(d Delivery) bool { return d.Attempts == 2 && d.Status == Delivered })
		same(t, hook.Secret, hers.all(), 2)
	})
}

// TestReadyAlready asks for what is made already: it is told too.
func TestReadyAlready(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		ann, bob := h.person(t, "ann", accounts.Professional), h.person(t, "bob", accounts.Professional)
		r := receive(t, nil)
		hook := h.hook(t, bob, r.url, "clip.ready")
		h.run(t)
		h.ready(t, ann, 1)
		clip := h.clip(t, bob, 1)
		h.await(t, hook, ended)
		if posts := r.all(); len(posts) != 1 || !strings.Contains(string(posts[0].body), clip.ID) {
			t.Errorf("bob hears %+v", posts)
		}
	})
}

// TestAssets tells editors of assets, as long as they are.
func TestAssets(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		former, editor := h.person(t, "former", accounts.Editor), h.person(t, "editor", accounts.Editor)
		r, silent := receive(t, nil), receive(t, nil)
		hook := h.hook(t, editor, r.url, "asset.ready", "asset.failed")
		h.hook(t, former, silent.url, "asset.ready")
		check(t, h.accounts.SetRole(t.Context(), "", former.PersonID, accounts.Professional, accounts.Origin{}))
		h.run(t)
		asset := h.publish(t)
		sent := h.await(t, hook, ended)
		mustHide(t, h, Owner{PersonID: editor.PersonID}, hook, sent.ID)
		if posts := r.all(); len(posts) != 1 || !strings.Contains(string(posts[0].body), asset.ID) {
			t.Errorf("the editor hears %+v", posts)
		}
		if posts := silent.all(); len(posts) != 0 {
			t.Errorf("who is no editor any more hears %s", posts[0].body)
		}
	})
}

// mustHide asks for a webhook of assets as a token that may not publish does: what was
// sent is not for it, nor may it lead what will be sent elsewhere.
func mustHide(t *testing.T, h *house, token Owner, hook *Hook, delivery string) {
	t.Helper()
	elsewhere := "https://example.com/"
	_, err := h.Get(t.Context(), token, hook.ID)
	wantError(t, err, catalog.NotFound, "")
	_, err = h.Update(t.Context(), token, hook.ID, Change{URL: &elsewhere})
	wantError(t, err, catalog.NotFound, "")
	_, err = h.Deliveries(t.Context(), token, hook.ID, "", 10)
	wantError(t, err, catalog.NotFound, "")
	_, err = h.Redeliver(t.Context(), token, hook.ID, delivery)
	wantError(t, err, catalog.NotFound, "")
	wantError(t, h.Delete(t.Context(), token, hook.ID), catalog.NotFound, "")
	if all, err := h.List(t.Context(), token); err != nil || len(all) != 0 {
		t.Errorf("it sees %+v, %v", all, err)
	}
}

func TestRetry(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		ann := h.person(t, "ann", accounts.Professional)
		r := receive(t, answers(500, 429, 200))
		hook := h.hook(t, ann, r.url, "clip.ready")
		h.run(t)
		h.ready(t, ann, 1)
		first := h.await(t, hook, troubled)
		if first.Status != Waiting || first.Answer != 500 || !strings.Contains(first.Failure, "500") || !first.NextAt.After(first.BegunAt) {
			t.Errorf("after the first attempt: %+v", first)
		}
		h.now(t)
		h.await(t, hook, func(d Delivery) bool { return d.Answer == 429 })
		h.now(t)
		if last := h.await(t, hook, ended); last.Status != Delivered || last.Failure != "" || last.Attempts != 3 {
			t.Errorf("in the end: %+v", last)
		}
		same(t, hook.Secret, r.all(), 3)
	})
}

func TestGivenUp(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		ann := h.person(t, "ann", accounts.Professional)
		r := receive(t, answers(500, 500, 204))
		hook := h.hook(t, ann, r.url, "clip.ready")
		h.run(t)
		h.ready(t, ann, 1)
		waiting := h.await(t, hook, troubled)
		_, err := h.db.NewUpdate().Model((*Delivery)(nil)).Set("begun_at = ?", database.Now().Add(-23*time.Hour)).Where("id = ?", waiting.ID).Exec(t.Context())
		check(t, err)
		h.now(t)
		if over := h.await(t, hook, ended); over.Status != GivenUp || over.Attempts != 2 || over.EndedAt.IsZero() {
			t.Errorf("after a day: %+v", over)
		}
		_, err = h.Redeliver(t.Context(), ann, hook.ID, waiting.ID)
		check(t, err)
		h.await(t, hook, func(d Delivery) bool { return d.Status == Delivered })
		same(t, hook.Secret, r.all(), 3)
	})
}

// TestKilled sends, and is killed before it has written how it went.
func TestKilled(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		ann := h.person(t, "ann", accounts.Professional)
		r := receive(t, nil)
		hook := h.hook(t, ann, r.url, "clip.ready")
		h.ready(t, ann, 1)
		check(t, h.fanOut(t.Context()))
		taken, err := h.take(t.Context())
		check(t, err)
		_, err = h.post(t.Context(), hook, taken)
		check(t, err)
		if second, err := h.take(t.Context()); second != nil || err != nil {
			t.Fatalf("it is sent by two at once: %+v, %v", second, err)
		}
		_, err = h.db.NewUpdate().Model((*Delivery)(nil)).Set("taken_until = ?", database.Now().Add(-time.Second)).Where("id = ?", taken.ID).Exec(t.Context())
		check(t, err)
		h.run(t)
		h.await(t, hook, func(d Delivery) bool { return d.Status == Delivered && d.Attempts == 2 })
		same(t, hook.Secret, r.all(), 2)

		// The one that was killed was only slow: what it writes now counts no more.
		check(t, h.conclude(t.Context(), taken, 500, http.ErrHandlerTimeout))
		if d := h.await(t, hook, ended); d.Status != Delivered || d.Failure != "" {
			t.Errorf("a late result is written: %+v", d)
		}
	})
}

func TestGone(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		ann := h.person(t, "ann", accounts.Professional)
		hook := h.hook(t, ann, receive(t, answers(410)).url, "clip.ready")
		h.run(t)
		h.ready(t, ann, 1)
		delivery := h.await(t, hook, ended)
		if got, err := h.Get(t.Context(), ann, hook.ID); err != nil || got.Enabled || delivery.Status != GivenUp {
			t.Errorf("the webhook is %+v, %v; the delivery %+v", got, err, delivery)
		}
		_, err := h.Redeliver(t.Context(), ann, hook.ID, delivery.ID)
		wantError(t, err, catalog.Conflict, "")
	})
}

// TestEndlessAnswer has a receiver that never stops answering.
func TestEndlessAnswer(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		ann := h.person(t, "ann", accounts.Professional)
		r := receive(t, func(w http.ResponseWriter, _ *http.Request) {
			for chunk := make([]byte, 32<<10); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		})
		hook := h.hook(t, ann, r.url, "clip.ready")
		h.run(t)
		h.ready(t, ann, 1)
		if d := h.await(t, hook, ended); d.Status != Delivered {
			t.Errorf("the delivery is %+v", d)
		}
	})
}

// TestNoAnswer has one that never begins to.
func TestNoAnswer(t *testing.T) {
	cfg := near()
	cfg.Timeout = time.Second
	each(t, cfg, func(t *testing.T, h *house) {
		ann := h.person(t, "ann", accounts.Professional)
		r := receive(t, func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() })
		hook := h.hook(t, ann, r.url, "clip.ready")
		h.run(t)
		h.ready(t, ann, 1)
		if d := h.await(t, hook, troubled); d.Status != Waiting || d.Answer != 0 || !strings.Contains(d.Failure, "in time") {
			t.Errorf("the delivery is %+v", d)
		}
	})
}

// TestSweep forgets what has ended long ago, and nothing else.
func TestSweep(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		ann := h.person(t, "ann", accounts.Professional)
		hook := h.hook(t, ann, receive(t, nil).url, "clip.ready")
		h.run(t)
		h.ready(t, ann, 1)
		delivery := h.await(t, hook, ended)
		check(t, h.Sweep(t.Context()))
		h.await(t, hook, ended)
		_, err := h.db.NewUpdate().Model((*Delivery)(nil)).Set("ended_at = ?", database.Now().Add(-2*time.Hour)).Where("id = ?", delivery.ID).Exec(t.Context())
		check(t, err)
		check(t, h.Sweep(t.Context()))
		if all, err := h.Deliveries(t.Context(), ann, hook.ID, "", 10); err != nil || len(all) != 0 {
			t.Errorf("%d are left: %v", len(all), err)
		}
	})
}

// verify checks a request as a receiver does.
func verify(t *testing.T, secret string, p post) {
	t.Helper()
	checker, err := standardwebhooks.NewWebhook(secret)
	check(t, err)
	if err := checker.Verify(p.body, p.header); err != nil {
		t.Errorf("the signature is not good: %v", err)
	}
}

// same checks that a receiver had one message n times.
func same(t *testing.T, secret string, posts []post, n int) {
	t.Helper()
	if len(posts) != n {
		t.Fatalf("it was sent %d times, not %d", len(posts), n)
	}
	for _, p := range posts {
		verify(t, secret, p)
		if p.header.Get("Webhook-Id") != posts[0].header.Get("Webhook-Id") || string(p.body) != string(posts[0].body) {
			t.Errorf("%v %s is not %v %s", p.header, p.body, posts[0].header, posts[0].body)
		}
	}
}
