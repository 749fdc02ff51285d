package queue_test

import (
	"context"
	"sync/atomic"
	"testing"

	"subclip/queue"
)

// TestLeaseLost lets asynq lose the lease of a ticket that is worked on, so that
// it hands out another one in its place. The worker must not do both at once,
// and the other ticket must not be lost.
func TestLeaseLost(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("asynq's lease runs half a minute")
	}
	q, cfg := connect(t)
	begun, release := make(chan struct{}), make(chan struct{})
	var released atomic.Bool
	got := make(chan queue.Ticket, 10)
	serve(t, q, 1, func(_ context.Context, ticket queue.Ticket) {
		if ticket.Kind == "clip" {
			close(begun)
			<-release
			return
		}
		if !released.Load() {
			t.Error("two tickets are worked on in one place")
		}
		got <- ticket
	})
	push(t, q, ticket("a"))
	receive(t, begun)
	// What is not a sorted set takes no longer lease.
	if err := client(t, cfg).Set(t.Context(), "asynq:{clip}:lease", "x", 0).Err(); err != nil {
		t.Fatal(err)
	}
	next := queue.Ticket{Kind: "ingest", JobID: "b", Attempt: 1}
	push(t, q, next)
	await(t, "the next ticket is handed out", func() bool { return q.Depth([]string{"ingest"})["ingest"] == 0 })
	if orphaned, err := q.Restore(t.Context(), next); orphaned || err != nil {
		t.Errorf("Restore: %v, %v", orphaned, err)
	}
	released.Store(true)
	close(release)
	await(t, "the next ticket is worked on", func() bool {
		if _, err := q.Restore(t.Context(), next); err != nil {
			t.Fatal(err)
		}
		return len(got) > 0
	})
}
