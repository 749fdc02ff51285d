package queue_test

import (
	"context"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"subclip/queue"
)

// TestRedisKilled kills Redis under a queue that serves and watches, and starts
// it again.
func TestRedisKilled(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	cfg, server := startRedis(t, folder)
	q := open(t, cfg)
	got := make(chan queue.Ticket, 10)
	stop := serve(t, q, 2, into(got))
	push(t, q, ticket("before"))
	receive(t, got)
	across := ticket("across")
	across.NotBefore = time.Now().Add(2 * time.Second)
	push(t, q, across)
	moved, stopWatching := q.Watch("job")
	defer stopWatching()

	if err := syscall.Kill(redisPID(t, cfg), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(); err == nil {
		t.Error("Stop does not tell that redis-server was killed")
	}
	if err := q.Ping(t.Context()); err == nil {
		t.Error("Ping of a dead Redis gives no error")
	}
	if err := q.Push(t.Context(), ticket("never")); err == nil {
		t.Error("Push to a dead Redis gives no error")
	}
	if err := q.Announce(t.Context(), "job"); err == nil {
		t.Error("Announce to a dead Redis gives no error")
	}
	if _, err := q.Restore(t.Context(), ticket("never")); err == nil {
		t.Error("Restore in a dead Redis gives no error")
	}

	again, server := startRedis(t, folder)
	if again.URL != cfg.URL {
		t.Fatalf("Redis is at %s, it was at %s", again.URL, cfg.URL)
	}
	if got := receive(t, got); got.JobID != "across" {
		t.Errorf("%s came, want the ticket that Redis held when it was killed", got.JobID)
	}
	push(t, q, ticket("after"))
	if got := receive(t, got); got.JobID != "after" {
		t.Errorf("%s came, want after", got.JobID)
	}
	await(t, "news comes again", func() bool {
		if err := q.Announce(t.Context(), "job"); err != nil {
			t.Fatal(err)
		}
		return len(moved) > 0
	})
	stop()
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
}

// TestServeBeforeRedis serves where there is no Redis yet.
func TestServeBeforeRedis(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	q := open(t, queue.Config{URL: "unix://" + filepath.Join(folder, "redis.sock")})
	got := make(chan queue.Ticket, 10)
	stop := serve(t, q, 1, into(got))
	if err := q.Push(t.Context(), ticket("a")); err == nil {
		t.Error("Push without Redis gives no error")
	}
	_, server := startRedis(t, folder)
	push(t, q, ticket("a"))
	receive(t, got)
	stop()
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
}

// TestStopWithoutRedis stops serving while Redis is away.
func TestStopWithoutRedis(t *testing.T) {
	t.Parallel()
	for _, started := range []bool{false, true} {
		t.Run(strconv.FormatBool(started), func(t *testing.T) {
			t.Parallel()
			cfg, server := startRedis(t, t.TempDir())
			q := open(t, cfg)
			if started {
				got := make(chan queue.Ticket, 1)
				stop := serve(t, q, 1, into(got))
				push(t, q, ticket("a"))
				receive(t, got)
				defer stop()
			}
			if err := server.Stop(); err != nil {
				t.Fatal(err)
			}
			if !started {
				serve(t, q, 1, into(make(chan queue.Ticket)))()
			}
		})
	}
}

// TestServeWaits stops serving while handlers work: Serve returns only after
// them, however long asynq waits, and tells them to stop.
func TestServeWaits(t *testing.T) {
	t.Parallel()
	q, _ := connect(t)
	begun, release := make(chan struct{}), make(chan struct{})
	var ended atomic.Bool
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	served := make(chan error, 1)
	go func() {
		served <- q.Serve(ctx, 2, map[string]int{"clip": 1}, func(ctx context.Context, _ queue.Ticket) {
			close(begun)
			<-ctx.Done()
			<-release
			ended.Store(true)
		})
	}()
	push(t, q, ticket("a"))
	receive(t, begun)
	cancel()
	// asynq gives the ticket back when it no longer waits for the handler.
	await(t, "the ticket is given back", func() bool { return q.Depth([]string{"clip"})["clip"] == 1 })
	select {
	case err := <-served:
		t.Fatal("Serve did not wait for the handler", err)
	default:
	}
	close(release)
	if err := receive(t, served); err != nil || !ended.Load() {
		t.Errorf("Serve: %v, the handler has ended: %v", err, ended.Load())
	}
}

// TestHandlerPanics checks that one bad ticket does not end the worker.
func TestHandlerPanics(t *testing.T) {
	t.Parallel()
	q, _ := connect(t)
	got := make(chan queue.Ticket, 10)
	serve(t, q, 1, func(_ context.Context, ticket queue.Ticket) {
		got <- ticket
		if ticket.JobID == "bad" {
			panic("a handler's mistake")
		}
	})
	for _, job := range []string{"bad", "good"} {
		push(t, q, ticket(job))
		if came := receive(t, got); came.JobID != job {
			t.Errorf("%s came, want %s", came.JobID, job)
		}
	}
}

// TestConcurrency counts how many handlers work at once.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	const places, tickets = 3, 12
	q, _ := connect(t)
	var now, most atomic.Int32
	done := make(chan struct{}, tickets)
	all := make(chan struct{})
	serve(t, q, places, func(context.Context, queue.Ticket) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if n == places {
			select {
			case <-all:
			default:
				close(all)
			}
		}
		<-all
		done <- struct{}{}
	})
	for i := range tickets {
		push(t, q, ticket(strconv.Itoa(i)))
	}
	for range tickets {
		receive(t, done)
	}
	if most.Load() != places {
		t.Errorf("%d handlers worked at once, want %d", most.Load(), places)
	}
}
