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

// TestRedisKilled kills Redis under a queue that serves and watches. It is started
// again, and all goes on.
func TestRedisKilled(t *testing.T) {
	t.Parallel()
	q, cfg := connect(t)
	got := make(chan queue.Ticket, 10)
	serve(t, q, 2, into(got))
	push(t, q, ticket("before"))
	receive(t, got)
	later := ticket("later")
	later.NotBefore = time.Now().Add(time.Hour)
	push(t, q, later)
	moved, stopWatching := q.Watch("job")
	defer stopWatching()
	pid := redisPID(t, cfg)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, "Redis is back", func() bool { return !runs(pid) && q.Ping(t.Context()) == nil })
	if depth := q.Depth([]string{"clip"})["clip"]; depth != 1 {
		t.Errorf("%d tickets wait, want the one that Redis held when it was killed", depth)
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
}

// TestNoRedis asks for everything where Redis is away.
func TestNoRedis(t *testing.T) {
	t.Parallel()
	q := open(t, queue.Config{URL: "unix://" + filepath.Join(t.TempDir(), "redis.sock")})
	_, restoreErr := q.Restore(t.Context(), ticket("a"))
	for what, err := range map[string]error{
		"Ping": q.Ping(t.Context()), "Push": q.Push(t.Context(), ticket("a")),
		"Announce": q.Announce(t.Context(), "a"), "Restore": restoreErr,
	} {
		if err == nil {
			t.Errorf("%s gives no error", what)
		}
	}
	if depth := q.Depth([]string{"clip"}); len(depth) > 0 {
		t.Errorf("depth is %v", depth)
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

// TestServeWaits stops serving while a handler works: Serve returns only after
// it, however long asynq waits, and tells it to stop.
func TestServeWaits(t *testing.T) {
	t.Parallel()
	q, cfg := connect(t)
	begun, release := make(chan struct{}), make(chan struct{})
	var ended atomic.Bool
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	served := make(chan bool, 1)
	go func() {
		err := q.Serve(ctx, 2, map[string]int{"clip": 1}, func(ctx context.Context, _ queue.Ticket) {
			close(begun)
			<-ctx.Done()
			<-release
			ended.Store(true)
		})
		served <- err == nil && ended.Load()
	}()
	push(t, q, ticket("a"))
	receive(t, begun)
	cancel()
	await(t, "asynq has given the ticket back and signed off", func() bool {
		servers, err := client(t, cfg).ZCard(t.Context(), "asynq:servers").Result()
		return err == nil && servers == 0 && q.Depth([]string{"clip"})["clip"] == 1
	})
	for range 100 { // time enough for a Serve that does not wait
		if err := q.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	close(release)
	if !receive(t, served) {
		t.Error("Serve did not wait for the handler")
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
