package catalog

import (
	"errors"
	"strings"
	"testing"
)

// TestForget has somebody leave amid all that they can have begun.
func TestForget(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			request := func(by string, number int) ClipRequest {
				r := wish(asset.ID, number)
				r.By, r.Idempotency = Asker{ID: by, TokenID: by + "-token"}, Idempotency{IdempotencyKey: "key" + r.Ranges[0].In, IdempotencyHash: "hash"}
				return r
			}
			taken := h.clip(t, request("ann", 1))
			h.bring(t, taken, JobDone)
			alone, together := h.clip(t, request("ann", 2)), h.clip(t, request("ann", 3))
			job, claimed, err := h.Next(t.Context(), JobClip, alone.JobID, 1, "worker")
			if err != nil || !claimed {
				t.Fatal(claimed, err)
			}
			his := h.clip(t, request("bob", 3))
			uncounted := h.clip(t, request("ann", 4))
			h.bring(t, uncounted, JobDone)
			h.exec(t, "DELETE FROM usage WHERE id = ?", uncounted.ID)
			upload, _, err := h.NewUpload(t.Context(), "ann", Metadata{Title: "Film"}, 10, Idempotency{IdempotencyKey: "key", IdempotencyHash: "a"})
			if err != nil {
				t.Fatal(err)
			}
			must[*Upload](t)(h.StoreUpload(t.Context(), upload))

			order := h.orderOf(t, Asker{ID: "ann"}, parts(asset.ID, 5, 6)...)

			if err := h.ForgetPerson(t.Context(), "ann"); err != nil {
				t.Fatal(err)
			}
			if got := h.job(t, order.JobID); got.Status != JobCancelled {
				t.Errorf("her order is %s", got.Status)
			}
			if err := h.Heartbeat(t.Context(), &job, 0.5); !errors.Is(err, ErrLost) {
				t.Errorf("what runs for her alone goes on: %v", err)
			}
			if got := h.job(t, together.JobID); got.Status != JobQueued || got.Claims != 1 {
				t.Errorf("what another waits for is %s with %d claims", got.Status, got.Claims)
			}
			if open := must[bool](t)(h.UploadKnown(t.Context(), upload.ID)); open {
				t.Error("her upload can go on")
			}
			if err := h.KeepUsage(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.bring(t, his, JobDone)
			who := map[string]string{}
			for _, u := range h.usage(t, UsageQuery{}) {
				who[u.ID] = u.PersonID
			}
			if ann, counted := who[taken.ID]; !counted || ann != "" || len(who) != 3 || who[his.ID] != "bob" {
				t.Errorf("taken by %v", who)
			}
			if ann, counted := who[uncounted.ID]; !counted || ann != "" {
				t.Errorf("what was not counted yet is counted as %v", who)
			}
			h.nowhere(t, "ann")
		})
	}
}

// TestForgetAgain forgets what a request stored while its person was leaving.
func TestForgetAgain(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			for range 2 {
				late := h.order(t, "ann", asset.ID, 1)
				if err := h.ForgetPerson(t.Context(), "ann"); err != nil {
					t.Fatal(err)
				}
				if got := h.job(t, late.JobID); got.Status != JobCancelled {
					t.Errorf("the late clip is %s", got.Status)
				}
			}
			by := Asker{ID: "ann", Person: Limits{AtOnce: 1}}
			order, clip := h.orderOf(t, by, parts(asset.ID, 2, 3)...), h.order(t, "ann", asset.ID, 4)
			// As where they come when it has been looked for what is to be released.
			if err := h.takeOut(t.Context(), "ann"); err != nil {
				t.Fatal(err)
			}
			if left := h.readOrder(t, by, order.ID); left.Asker != by || left.Status().Ended() {
				t.Errorf("the late order is %s, for %+v", left.Status(), left.Asker)
			}
			if err := h.ForgetPerson(t.Context(), "ann"); err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{order.JobID, order.Items[0].JobID, clip.JobID} {
				if got := h.job(t, id); got.Status != JobCancelled {
					t.Errorf("what came in between is %s", got.Status)
				}
			}
			h.nowhere(t, "ann")
			if err := h.ForgetPerson(t.Context(), ""); err == nil {
				t.Error("nobody can be forgotten")
			}
		})
	}
}

// nowhere looks for a person in every column of texts that there is.
func (h *harness) nowhere(t *testing.T, person string) {
	t.Helper()
	for table, columns := range map[string][]string{
		"clips": {"owner_id", "token_id", "idempotency_key"}, "orders": {"owner_id", "asker", "idempotency_key"}, "uploads": {"owner_id", "idempotency_key"},
		"jobs": {"person_id", "token_id", "begun_for"}, "usage": {"person_id", "request"}, "events": {"person_id"}, "takers": {"person_id"},
	} {
		for _, column := range columns {
			var left []string
			err := h.db.NewSelect().Table(table).Column(column).Where(column+" LIKE ?", "%"+person+"%").Scan(t.Context(), &left)
			if err != nil || len(left) > 0 {
				t.Errorf("%s.%s has %s (%v)", table, column, strings.Join(left, ", "), err)
			}
		}
	}
}
