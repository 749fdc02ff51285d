package newsletter

import (
	"testing"
	"time"

	"subclip/catalog"
	"subclip/database"
)

// TestOwn subscribes a proved address: it is not asked, and a link that somebody had
// sent to it before changes nothing any more.
func TestOwn(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		stale := h.ask(t, Wish{Address: "Zoe@example.org", Topics: []string{"politics"}})
		if _, err := h.Own(t.Context(), "other@example.org"); kindOf(err) != catalog.NotFound {
			t.Errorf("another has a subscription: %v", err)
		}
		if _, err := h.SubscribeOwn(t.Context(), Wish{Address: "zoe@example.org", Topics: []string{"sports"}}); kindOf(err) != catalog.Invalid {
			t.Errorf("there is no such topic: %v", err)
		}
		if row, err := h.SubscribeOwn(t.Context(), Wish{Address: "zoe@example.org", Language: "fr-CH", Topics: []string{"culture"}}); err != nil || row.Status != SubscriberActive {
			t.Fatal(row, err)
		}
		if _, err := h.Confirm(t.Context(), stale); kindOf(err) != catalog.NotFound {
			t.Errorf("the former link works: %v", err)
		}
		row, err := h.Own(t.Context(), "zoe@example.org")
		if err != nil || row.Status != SubscriberActive || row.Language != "fr" || len(row.Topics()) != 1 || row.Topics()[0] != "culture" {
			t.Errorf("it is %+v, %v", row, err)
		}
		for range 2 {
			if row, err := h.Leave(t.Context(), "zoe@example.org"); err != nil || row.Status != SubscriberLeft {
				t.Errorf("it is %+v, %v", row, err)
			}
		}
		if _, err := h.Leave(t.Context(), "other@example.org"); kindOf(err) != catalog.NotFound {
			t.Errorf("another leaves: %v", err)
		}
		if len(h.server.Received()) != 0 {
			t.Error("a message was sent")
		}
	})
}

// TestForget forgets a reader who has had an issue, and one who has not.
func TestForget(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		reader := h.subscribe(t, Wish{Address: "old@example.org"})
		issue := h.issue(t, news())
		h.run(t)
		h.send(t, issue.ID)
		h.await(t, issue.ID, "the issue is sent", isSent)
		h.server.Only(t)
		h.subscribe(t, Wish{Address: "new@example.org"})
		until := database.Now()
		for _, key := range []string{"old@example.org", "new@example.org"} {
			for range 2 {
				if err := h.Forget(t.Context(), key, until); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := h.Own(t.Context(), key); kindOf(err) != catalog.NotFound {
				t.Errorf("%s is kept: %v", key, err)
			}
		}
		if _, err := h.Unsubscribe(t.Context(), reader.LeaveToken); kindOf(err) != catalog.NotFound {
			t.Errorf("the link still finds them: %v", err)
		}
		if all, _, err := h.Subscribers(t.Context(), "", "", 10); err != nil || len(all) != 0 {
			t.Errorf("there are %+v, %v", all, err)
		}
		if progress, err := h.Progress(t.Context(), issue.ID); err != nil || progress.Total != 1 || progress.ByStatus[DeliverySent] != 1 {
			t.Errorf("sent were %+v, %v", progress, err)
		}
		// Whoever comes back is somebody new.
		if _, err := h.SubscribeOwn(t.Context(), Wish{Address: "old@example.org"}); err != nil {
			t.Fatal(err)
		}
		if err := h.Forget(t.Context(), "old@example.org", until.Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
		if row, err := h.Own(t.Context(), "old@example.org"); err != nil || row.Status != SubscriberActive || row.ID == reader.ID {
			t.Errorf("the new wish is %+v, %v", row, err)
		}
	})
}

// TestFollow moves to another address: what is read comes along, what was ended does not.
func TestFollow(t *testing.T) {
	each(t, func(t *testing.T, h *harness) {
		h.subscribe(t, Wish{Address: "old@example.org", Language: "fr", Topics: []string{"culture"}})
		steps := []struct{ from, to string }{{"nobody@example.org", "old@example.org"}, {"old@example.org", "Old@example.org"}, {"old@example.org", "new@example.org"}}
		for _, step := range steps {
			if err := h.Follow(t.Context(), step.from, step.to); err != nil {
				t.Fatal(err)
			}
		}
		row, err := h.Own(t.Context(), "new@example.org")
		if err != nil || row.Status != SubscriberActive || row.Language != "fr" || len(row.Topics()) != 1 {
			t.Errorf("it is %+v, %v", row, err)
		}
		if _, err := h.Own(t.Context(), "old@example.org"); kindOf(err) != catalog.NotFound {
			t.Errorf("the former address is kept: %v", err)
		}
		if _, err := h.Leave(t.Context(), "new@example.org"); err != nil {
			t.Fatal(err)
		}
		if err := h.Follow(t.Context(), "new@example.org", "third@example.org"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Own(t.Context(), "third@example.org"); kindOf(err) != catalog.NotFound {
			t.Errorf("what was ended begins anew: %v", err)
		}
	})
}
