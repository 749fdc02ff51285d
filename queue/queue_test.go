package queue_test

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/queue"

	"github.com/redis/go-redis/v9"
)

func TestPushTwice(t *testing.T) {
	t.Parallel()
	q, _ := connect(t)
	second := ticket("a")
	second.Attempt = 2
	other := ticket("a")
	other.Kind = "ingest"
	push(t, q, ticket("a"), ticket("a"), second, second, other)
	if depth := q.Depth([]string{"clip", "ingest", "rendition"}); !maps.Equal(depth, map[string]int{"clip": 2, "ingest": 1}) {
		t.Errorf("depth is %v", depth)
	}
	got := make(chan queue.Ticket, 10)
	serve(t, q, 1, into(got))
	seen := []queue.Ticket{receive(t, got), receive(t, got), receive(t, got)}
	for _, want := range []queue.Ticket{ticket("a"), second, other} {
		if !slices.Contains(seen, want) {
			t.Errorf("%+v did not come, but %+v", want, seen)
		}
	}
	push(t, q, ticket("last"))
	if last := receive(t, got); last != ticket("last") {
		t.Errorf("%+v came twice", last)
	}
}

// TestPushAgain pushes a ticket whose delivery is over: it is a new one.
func TestPushAgain(t *testing.T) {
	t.Parallel()
	q, _ := connect(t)
	got := make(chan queue.Ticket, 10)
	serve(t, q, 1, into(got))
	push(t, q, ticket("a"))
	receive(t, got)
	await(t, "the ticket is gone", func() bool {
		push(t, q, ticket("a"))
		return len(got) > 0
	})
}

func TestDelayed(t *testing.T) {
	t.Parallel()
	q, _ := connect(t)
	late := ticket("late")
	late.NotBefore = time.Now().Add(3 * time.Second)
	push(t, q, late)
	if orphaned, err := q.Restore(t.Context(), late); orphaned || err != nil {
		t.Errorf("Restore of a delayed ticket: %v, %v", orphaned, err)
	}
	if depth := q.Depth([]string{"clip"})["clip"]; depth != 1 {
		t.Errorf("depth is %d, want the delayed ticket counted", depth)
	}
	got := make(chan queue.Ticket, 10)
	serve(t, q, 1, into(got))
	push(t, q, ticket("soon"))
	for _, want := range []string{"soon", "late"} {
		if first := receive(t, got); first.JobID != want {
			t.Fatalf("%s came, want %s", first.JobID, want)
		}
	}
	// Redis keeps such times in whole seconds.
	if early := time.Until(late.NotBefore); early > time.Second {
		t.Errorf("the delayed ticket came %s early", early)
	}
}

func TestRestore(t *testing.T) {
	t.Parallel()
	q, cfg := connect(t)
	lost, kept := ticket("lost"), ticket("kept")
	push(t, q, lost)
	if err := client(t, cfg).FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	push(t, q, kept)
	for _, ticket := range []queue.Ticket{lost, kept, lost, kept} {
		if orphaned, err := q.Restore(t.Context(), ticket); orphaned || err != nil {
			t.Errorf("Restore of %s: %v, %v", ticket.JobID, orphaned, err)
		}
	}
	got := make(chan queue.Ticket, 10)
	serve(t, q, 1, into(got))
	seen := []string{receive(t, got).JobID, receive(t, got).JobID}
	push(t, q, ticket("last"))
	if seen = append(seen, receive(t, got).JobID); !slices.Equal(seen, []string{"kept", "lost", "last"}) {
		t.Errorf("tickets came as %v", seen)
	}
}

// TestOrphan kills a worker that has taken a ticket and has not claimed the row.
func TestOrphan(t *testing.T) {
	t.Parallel()
	q, cfg := connect(t)
	push(t, q, ticket("a"))
	killWorkerWithTicket(t, cfg.URL)
	if orphaned, err := q.Restore(t.Context(), ticket("a")); orphaned || err != nil {
		t.Errorf("Restore while the dead worker's lease runs: %v, %v", orphaned, err)
	}
	// A lease of half a minute is let run out at once.
	past := redis.Z{Score: float64(time.Now().Add(-time.Second).Unix()), Member: "a:1"}
	if n, err := client(t, cfg).ZAddXX(t.Context(), "asynq:{clip}:lease", past).Result(); err != nil {
		t.Fatal(n, err)
	}
	if orphaned, err := q.Restore(t.Context(), ticket("a")); !orphaned || err != nil {
		t.Errorf("Restore after the dead worker's lease: %v, %v", orphaned, err)
	}
	if orphaned, err := q.Restore(t.Context(), ticket("b")); orphaned || err != nil {
		t.Errorf("Restore of another ticket: %v, %v", orphaned, err)
	}
}

// TestArchived finds a ticket that asynq has put away.
func TestArchived(t *testing.T) {
	t.Parallel()
	q, cfg := connect(t)
	push(t, q, ticket("a"))
	killWorkerWithTicket(t, cfg.URL)
	past := redis.Z{Score: float64(time.Now().Add(-time.Minute).Unix()), Member: "a:1"}
	if err := client(t, cfg).ZAddXX(t.Context(), "asynq:{clip}:lease", past).Err(); err != nil {
		t.Fatal(err)
	}
	serve(t, q, 1, into(make(chan queue.Ticket, 10))) // it clears up when it starts
	await(t, "the ticket is archived", func() bool {
		n, err := client(t, cfg).ZCard(t.Context(), "asynq:{clip}:archived").Result()
		return err == nil && n == 1
	})
	if orphaned, err := q.Restore(t.Context(), ticket("a")); !orphaned || err != nil {
		t.Errorf("Restore: %v, %v", orphaned, err)
	}
}

func TestBadURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "localhost:6379", "http://localhost", "unix://", "redis://localhost/x", "redis://a b"} {
		_, err := queue.New(queue.Config{URL: url}, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), "REDIS_URL") {
			t.Errorf("%q: %v, want an error that names REDIS_URL", url, err)
		}
	}
}
