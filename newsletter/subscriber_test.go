package newsletter

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"subclip/catalog"
	"subclip/database"
	"subclip/mail"

	"github.com/emersion/go-smtp"
)

func TestDoubleOptIn(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		token := h.ask(t, Wish{Address: " Jo@Example.org ", Language: "fr-CA", Topics: []string{"politics", "culture", "politics"}})
		all, _, err := h.Subscribers(t.Context(), "", "", 10)
		if err != nil || len(all) != 1 || all[0].Status != SubscriberPending || all[0].Address != "Jo@example.org" {
			t.Fatalf("%v %+v", err, all)
		}
		if got := h.LinkLanguage(t.Context(), token); got != "fr" {
			t.Errorf("the link's page would be in %q", got)
		}
		// A link opened twice gives the same answer.
		for range 2 {
			reader, err := h.Confirm(t.Context(), token)
			if err != nil || reader.Status != SubscriberActive || reader.Language != "fr" || !slices.Equal(reader.Topics(), []string{"culture", "politics"}) {
				t.Fatalf("%v %+v", err, reader)
			}
		}
		for _, bad := range []string{"", "x", token + "A", strings.ToLower(token)} {
			if _, err := h.Confirm(t.Context(), bad); kindOf(err) != catalog.NotFound {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

func TestLinkEnds(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		token := h.ask(t, Wish{Address: "jo@example.org"})
		h.exec(t, "UPDATE newsletter_subscribers SET confirm_until = ?, created_at = ?", database.Now().Add(-time.Second), database.Now().Add(-confirmLife-time.Minute))
		if _, err := h.Confirm(t.Context(), token); kindOf(err) != catalog.NotFound {
			t.Error(err)
		}
		if err := h.forgetPending(t.Context()); err != nil {
			t.Fatal(err)
		}
		if all, _, err := h.Subscribers(t.Context(), "", "", 10); err != nil || len(all) != 0 {
			t.Errorf("an address that nobody confirmed is kept: %v %+v", err, all)
		}
	})
}

// Whoever asks in another's name changes nothing before the other confirms.
func TestOthersChangeNothing(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		reader := h.subscribe(t, Wish{Address: "jo@example.org", Language: "fr", Topics: []string{"culture"}})
		token := h.ask(t, Wish{Address: "JO@example.org", Language: "en"})
		same, _, err := h.Subscribers(t.Context(), SubscriberActive, "", 10)
		if err != nil || len(same) != 1 || same[0].ID != reader.ID || same[0].Language != "fr" || same[0].TopicList != "|culture|" {
			t.Fatalf("%v %+v", err, same)
		}
		changed, err := h.Confirm(t.Context(), token)
		if err != nil || changed.ID != reader.ID || changed.Language != "en" || len(changed.Topics()) != 0 {
			t.Errorf("%v %+v", err, changed)
		}
	})
}

func TestUnsubscribeTwice(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		token := h.ask(t, Wish{Address: "jo@example.org"})
		reader, err := h.Confirm(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			left, err := h.Unsubscribe(t.Context(), reader.LeaveToken)
			if err != nil || left.Status != SubscriberLeft {
				t.Errorf("%v %+v", err, left)
			}
		}
		if _, err := h.Unsubscribe(t.Context(), "nobody"); kindOf(err) != catalog.NotFound {
			t.Error(err)
		}
		// The old link does not bring it back; a new one does.
		if _, err := h.Confirm(t.Context(), token); kindOf(err) != catalog.NotFound {
			t.Error(err)
		}
		if again := h.subscribe(t, Wish{Address: "jo@example.org"}); again.ID != reader.ID {
			t.Errorf("%+v", again)
		}
	})
}

// However often and at however many places somebody asks, an address gets so many
// messages an hour, and the answer does not tell.
func TestAsksAreBounded(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				if err := h.Subscribe(t.Context(), Wish{Address: "jo@example.org"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := len(h.server.Received()); got != h.cfg.Asks {
			t.Errorf("%d messages were sent, want %d", got, h.cfg.Asks)
		}
		if err := h.Subscribe(t.Context(), Wish{Address: "other@example.org"}); err != nil || len(h.server.Received()) != h.cfg.Asks+1 {
			t.Errorf("another address is not asked: %v", err)
		}
		hourAgo := database.Now().Add(-time.Hour - time.Second).Format(time.RFC3339)
		h.exec(t, "UPDATE newsletter_subscribers SET asked_at = ? WHERE address_key = ?", `["`+hourAgo+`","`+hourAgo+`","`+hourAgo+`"]`, "jo@example.org")
		if err := h.Subscribe(t.Context(), Wish{Address: "jo@example.org"}); err != nil || len(h.server.Received()) != h.cfg.Asks+2 {
			t.Errorf("an hour later it is not asked again: %v", err)
		}
	})
}

func TestBadWishes(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.server.Refuse("gone@example.org", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"})
		for name, wish := range map[string]Wish{
			"no address":      {},
			"two addresses":   {Address: "a@example.org, b@example.org"},
			"another header":  {Address: "a@example.org\r\nBcc: b@example.org"},
			"no such topic":   {Address: "a@example.org", Topics: []string{"sports"}},
			"no such mailbox": {Address: "gone@example.org"},
		} {
			if err := h.Subscribe(t.Context(), wish); kindOf(err) != catalog.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if len(h.server.Received()) != 0 {
			t.Error("a message was sent")
		}
	})
}

func TestSettings(t *testing.T) {
	for name, cfg := range map[string]Config{
		"SUBCLIP_NEWSLETTER_RATE": {Asks: 1},
		"SUBCLIP_NEWSLETTER_ASKS": {Rate: 1},
	} {
		if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, language := range mail.Languages() {
		w := wordsOf(language)
		if w.Watch == "" || w.Read == "" || w.Why == "" || w.Leave == "" || w.Colon == "" || w.Date == "" {
			t.Errorf("issues lack words in %s: %+v", language, w)
		}
	}
}
