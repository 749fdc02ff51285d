package catalog

import (
	"context"
	"errors"
	"testing"

	"subclip/database"

	"github.com/uptrace/bun"
)

// events takes all events and returns them.
func (h *harness) events(t *testing.T) []Event {
	t.Helper()
	var all []Event
	if _, err := h.TakeEvents(t.Context(), 100, func(_ context.Context, _ bun.Tx, events []Event) error {
		all = events
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEvents(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			if got := h.events(t); len(got) != 1 || got[0].Kind != AssetIsReady || got[0].Data.ID != asset.ID || got[0].PersonID != "" {
				t.Errorf("of the asset: %+v", got)
			}
			request := func(owner string) ClipRequest {
				r := wish(asset.ID, 1)
				r.By = Asker{ID: owner}
				return r
			}
			ann, bob, gone := h.clip(t, request("ann")), h.clip(t, request("bob")), h.clip(t, request("gone"))
			must[string](t)(h.ReleaseClip(t.Context(), Asker{ID: "gone"}, gone.ID))
			stale := h.claim(t, *ann.Job)
			if err := h.GiveBack(t.Context(), &stale); err != nil {
				t.Fatal(err)
			}
			if err := h.Finish(t.Context(), &stale, result("1.mp4")); !errors.Is(err, ErrLost) {
				t.Errorf("a worker that lost the job ends it: %v", err)
			}
			if got := h.events(t); len(got) != 0 {
				t.Errorf("before anything has ended: %+v", got)
			}
			h.bring(t, &Clip{Job: new(h.job(t, ann.JobID))}, JobDone)

			cannot := errors.New("the deliveries cannot be stored")
			if _, err := h.TakeEvents(t.Context(), 100, func(context.Context, bun.Tx, []Event) error { return cannot }); !errors.Is(err, cannot) {
				t.Errorf("taking gives %v", err)
			}
			// Two processes take them at once: each is taken once.
			taken, errs := together(t.Context(), 2, func(ctx context.Context, _ int) (map[string]string, error) {
				seen := map[string]string{}
				_, err := h.TakeEvents(ctx, 100, func(_ context.Context, _ bun.Tx, events []Event) error {
					for _, e := range events {
						seen[e.PersonID] = e.Data.ID
					}
					return nil
				})
				return seen, err
			})
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
			if len(taken[0])+len(taken[1]) != 2 {
				t.Errorf("the events are taken as %v", taken)
			}
			if all := taken[0]["ann"] + taken[1]["ann"] + taken[0]["bob"] + taken[1]["bob"]; all != ann.ID+bob.ID {
				t.Errorf("the events are %v", taken)
			}
		})
	}
}

// TestWithdrawnIsNotTold finishes what was asked for in the instant of a withdrawal.
func TestWithdrawnIsNotTold(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			made, running := h.order(t, "ann", asset.ID, 1), h.order(t, "ann", asset.ID, 2)
			h.bring(t, made, JobDone)
			h.events(t)
			// Withdraw has looked for clips before these were stored.
			h.exec(t, "UPDATE assets SET withdrawn_at = ?", database.Now())
			h.bring(t, running, JobDone)
			request := wish(asset.ID, 1)
			request.By = Asker{ID: "bob"}
			var late string
			err := h.inTx(t.Context(), func(ctx context.Context, tx bun.Tx) (err error) {
				late, err = h.insertClip(ctx, tx, &asset, request, made.Job.Request)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if clip := must[*Clip](t)(h.Clip(t.Context(), Asker{ID: "bob"}, late)); clip.Status() != ClipCancelled {
				t.Errorf("the late clip is %s", clip.Status())
			}
			if told := h.events(t); len(told) > 0 {
				t.Errorf("told is %+v", told)
			}
		})
	}
}
