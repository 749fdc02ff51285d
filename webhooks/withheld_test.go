package webhooks

import (
	"bytes"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/database"
)

// TestWithheld has deliveries wait while what they tell stops being for their owners.
func TestWithheld(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		ed, ann := h.person(t, "ed", accounts.Editor), h.person(t, "ann", accounts.Professional)
		r := receive(t, answers(500, 500, 500, 204))
		ofAsset, ofClip, ofEditor := h.hook(t, ed, r.url, "asset.ready"), h.hook(t, ann, r.url, "clip.ready"), h.hook(t, ed, r.url, "clip.ready")
		h.run(t)
		h.publish(t)
		h.ready(t, ann, 1)
		h.await(t, ofAsset, troubled)
		h.await(t, ofClip, troubled)

		check(t, h.accounts.SetRole(t.Context(), "", ed.PersonID, accounts.Professional, accounts.Origin{}))
		later := database.Now().Add(time.Hour)
		_, err := h.catalog.ChangeAsset(t.Context(), catalog.House(), h.asset.ID, catalog.Change{EmbargoUntil: &later})
		check(t, err)
		h.now(t)
		for _, hook := range []*Hook{ofAsset, ofClip} {
			if d := h.await(t, hook, ended); d.Status != GivenUp || d.Failure != withheld || d.Answer != 0 {
				t.Errorf("the delivery is %+v", d)
			}
		}
		if posts := r.all(); len(posts) != 2 {
			t.Errorf("it was sent %d times", len(posts))
		}

		check(t, h.accounts.SetRole(t.Context(), "", ed.PersonID, accounts.Editor, accounts.Origin{}))
		_, err = h.catalog.ChangeAsset(t.Context(), catalog.House(), h.asset.ID, catalog.Change{EmbargoUntil: new(time.Time)})
		check(t, err)
		h.ready(t, ed, 2)
		h.await(t, ofEditor, troubled)
		_, err = h.catalog.Withdraw(t.Context(), catalog.House(), h.asset.ID)
		check(t, err)
		h.now(t)
		if d := h.await(t, ofEditor, ended); d.Failure != withheld {
			t.Errorf("of a withdrawn clip: %+v", d)
		}
		told := h.await(t, ofAsset, ended)
		_, err = h.Redeliver(t.Context(), ed, ofAsset.ID, told.ID)
		check(t, err)
		h.await(t, ofAsset, func(d Delivery) bool { return d.Status == Delivered })
	})
}

// TestOwnerGone deletes an account between the taking of a delivery and its sending.
func TestOwnerGone(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		ann := h.person(t, "ann", accounts.Professional)
		r := receive(t, nil)
		h.hook(t, ann, r.url, "clip.ready")
		h.ready(t, ann, 1)
		check(t, h.fanOut(t.Context()))
		taken, err := h.take(t.Context())
		if taken == nil || err != nil {
			t.Fatal(taken, err)
		}
		person, err := h.accounts.Person(t.Context(), ann.PersonID)
		check(t, err)
		check(t, h.accounts.Delete(t.Context(), person, "Correct-Horse-7-Battery", accounts.Origin{}))
		h.deliver(t.Context(), taken)
		if posts := r.all(); len(posts) != 0 {
			t.Errorf("it was sent: %s", posts[0].body)
		}
	})
}

// TestUnreached has receivers that cannot be spoken to: their owners learn nothing of
// how this service looks for them, the log learns all.
func TestUnreached(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		closed, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		check(t, err)
		check(t, closed.Close())
		strange := httptest.NewTLSServer(http.NotFoundHandler())
		t.Cleanup(strange.Close)
		strange.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
		for i, receiver := range []struct{ url, told, logged string }{
			{"https://host.invalid/", unreached, "lookup host.invalid"},
			{"http://" + closed.Addr().String() + "/", unreached, "connection refused"},
			{strange.URL, badIdentity, "certificate"},
		} {
			ann := h.person(t, "ann"+string(rune('a'+i)), accounts.Professional)
			hook := h.hook(t, ann, receiver.url, "clip.ready")
			h.ready(t, ann, i)
			check(t, h.fanOut(t.Context()))
			var log bytes.Buffer
			h.log = slog.New(slog.NewTextHandler(&log, nil))
			taken, err := h.take(t.Context())
			if taken == nil || err != nil {
				t.Fatal(taken, err)
			}
			h.deliver(t.Context(), taken)
			if d := h.await(t, hook, troubled); d.Failure != receiver.told || !strings.Contains(log.String(), receiver.logged) {
				t.Errorf("%s: told is %q, logged %s", receiver.url, d.Failure, log.String())
			}
		}
	})
}
