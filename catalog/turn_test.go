package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"subclip/database"
)

// next has a worker that was woken by a job's ticket begin what is to be begun.
func (h *harness) next(t *testing.T, ticket Job) Job {
	t.Helper()
	job, claimed, err := h.Next(t.Context(), ticket.Kind, ticket.ID, ticket.Attempt, "worker-"+database.NewID())
	if err != nil || !claimed {
		t.Fatalf("nothing was begun: %v", err)
	}
	return job
}

// asks has somebody ask for clips, and returns their jobs.
func (h *harness) asks(t *testing.T, asset Asset, person string, from, to int) []Job {
	t.Helper()
	var jobs []Job
	for number := from; number < to; number++ {
		request := wish(asset.ID, number)
		request.By = Asker{ID: person}
		jobs = append(jobs, *h.clip(t, request).Job)
	}
	return jobs
}

func TestTurns(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			many := h.asks(t, asset, "ann", 0, 30)
			one := h.asks(t, asset, "bob", 30, 31)[0]

			// Two workers begin, woken by ann's tickets: one of them with bob's.
			begun := []string{h.next(t, many[0]).ID, h.next(t, many[1]).ID}
			if !slices.Contains(begun, one.ID) || !slices.Contains(begun, many[0].ID) {
				t.Errorf("begun are %v, not ann's first and bob's", begun)
			}
			passed := h.job(t, many[1].ID)
			if passed.Status != JobQueued || passed.Attempt != 2 || passed.Failures != 0 || !h.hasTicket(t, passed) {
				t.Errorf("the job that was passed over is %+v", passed)
			}
			// Ann's go on in their order, whatever wakes the worker.
			if got := h.next(t, many[20]); got.ID != many[1].ID || got.BegunFor != "ann" {
				t.Errorf("%s is begun for %q, not %s", got.ID, got.BegunFor, many[1].ID)
			}
			// Carol comes late. Bob has one running and ann two.
			carol := h.asks(t, asset, "carol", 31, 34)
			order := []string{h.next(t, many[21]).BegunFor, h.next(t, many[22]).BegunFor, h.next(t, many[23]).BegunFor}
			if !slices.Equal(order, []string{"carol", "carol", "ann"}) {
				t.Errorf("turns are %v", order)
			}
			if got := h.job(t, carol[0].ID); got.Status != JobRunning {
				t.Errorf("carol's first is %s", got.Status)
			}
		})
	}
}

// TestTurnOfShared asks for what is somebody's last: it is begun at the turn of
// whoever comes first.
func TestTurnOfShared(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			many := h.asks(t, asset, "ann", 0, 10)
			shared := h.asks(t, asset, "bob", 9, 10)[0]
			if shared.ID != many[9].ID {
				t.Fatal("it is made twice")
			}
			begun := []string{h.next(t, many[0]).ID, h.next(t, many[1]).ID}
			if !slices.Contains(begun, shared.ID) || h.job(t, shared.ID).BegunFor != "bob" {
				t.Errorf("begun are %v, and not bob's %s", begun, shared.ID)
			}
		})
	}
}

// TestTurnsAtOnce lets many workers begin at the same instant: each begins another
// job, and none is left.
func TestTurnsAtOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			tickets := slices.Concat(h.asks(t, asset, "ann", 0, 8), h.asks(t, asset, "bob", 8, 12))
			seen, errs := together(t.Context(), len(tickets), func(ctx context.Context, i int) (string, error) {
				job, claimed, err := h.Next(ctx, JobClip, tickets[i].ID, tickets[i].Attempt, fmt.Sprint("worker-", i))
				if err == nil && !claimed {
					err = errors.New("nothing is left")
				}
				return job.ID, err
			})
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
			slices.Sort(seen)
			if n := len(slices.Compact(seen)); n != len(tickets) {
				t.Errorf("%d jobs were begun by %d workers", n, len(tickets))
			}
			if _, claimed, err := h.Next(t.Context(), JobClip, tickets[0].ID, 1, "late"); claimed || err != nil {
				t.Errorf("a ticket that is left over begins something: %v", err)
			}
		})
	}
}

// TestNotDue leaves what has to wait, unless its own ticket says that it is time.
func TestNotDue(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			jobs := h.asks(t, asset, "ann", 0, 2)
			h.exec(t, "UPDATE jobs SET not_before = ? WHERE id = ?", database.Now().Add(time.Hour), jobs[0].ID)
			if got := h.next(t, jobs[1]); got.ID != jobs[1].ID {
				t.Errorf("%s is begun, which is not due", got.ID)
			}
			if _, claimed, err := h.Next(t.Context(), JobClip, jobs[1].ID, 1, "late"); claimed || err != nil {
				t.Errorf("what is not due is begun: %v", err)
			}
			if _, claimed, err := h.Next(t.Context(), JobRendition, jobs[0].ID, 1, "other"); claimed || err != nil {
				t.Errorf("a clip is begun in the turn of renditions: %v", err)
			}
			if got := h.next(t, jobs[0]); got.ID != jobs[0].ID {
				t.Errorf("%s is begun", got.ID)
			}
		})
	}
}
