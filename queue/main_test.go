package queue_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"subclip/process"
	"subclip/queue"

	"github.com/redis/go-redis/v9"
)

// patience is how long a test waits for what must happen.
const patience = time.Minute

// doomedWorker, in the environment, makes the test binary a worker that takes
// one ticket and hangs until it is killed.
const doomedWorker = "QUEUE_TEST_DOOMED_WORKER"

func TestMain(m *testing.M) {
	if url := os.Getenv(doomedWorker); url != "" {
		os.Exit(takeAndHang(url))
	}
	os.Exit(m.Run())
}

func takeAndHang(url string) int {
	q, err := queue.New(queue.Config{URL: url}, slog.New(slog.DiscardHandler))
	if err != nil {
		return 1
	}
	err = q.Serve(context.Background(), 1, map[string]int{"clip": 1}, func(context.Context, queue.Ticket) {
		_, _ = fmt.Fprintln(os.Stdout, "taken")
		select {}
	})
	if err != nil {
		return 1
	}
	return 0
}

// killWorkerWithTicket starts a worker, lets it take the ticket that waits and
// kills it.
func killWorkerWithTicket(t *testing.T, url string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	worker := process.Command(t.Context(), self)
	worker.Env = append(os.Environ(), doomedWorker+"="+url)
	stdout, err := worker.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "taken\n" {
		t.Fatalf("the worker says %q: %v", line, err)
	}
	killAndWait(t, worker)
}

func killAndWait(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
}

// startRedis runs a redis-server of the test's own.
func startRedis(t *testing.T, folder string) (queue.Config, *queue.Server) {
	t.Helper()
	var cfg queue.Config
	server, err := queue.StartServer(folder, &cfg)
	if err != nil {
		t.Fatal(err)
	}
	return cfg, server
}

// connect returns a queue on a redis-server that runs until the test ends.
func connect(t *testing.T) (*queue.Queue, queue.Config) {
	t.Helper()
	cfg, server := startRedis(t, t.TempDir())
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return open(t, cfg), cfg
}

func open(t *testing.T, cfg queue.Config) *queue.Queue {
	t.Helper()
	q, err := queue.New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	})
	return q
}

// client speaks to Redis behind the queue's back.
func client(t *testing.T, cfg queue.Config) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(cfg.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(options)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// serve takes tickets until the test ends, or stop is called.
func serve(t *testing.T, q *queue.Queue, concurrency int, handle queue.Handler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	weights := map[string]int{"clip": 6, "ingest": 3}
	go func() { done <- q.Serve(ctx, concurrency, weights, handle) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := receive(t, done); err != nil {
			t.Errorf("Serve: %v", err)
		}
	}
	t.Cleanup(stop)
	return stop
}

// into is a handler that hands tickets on.
func into(c chan<- queue.Ticket) queue.Handler {
	return func(_ context.Context, ticket queue.Ticket) { c <- ticket }
}

func receive[T any](t *testing.T, c <-chan T) (value T) {
	t.Helper()
	select {
	case value = <-c:
	case <-time.After(patience):
		t.Fatalf("nothing came within %s", patience)
	}
	return value
}

// await looks until something is so.
func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !so(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

func push(t *testing.T, q *queue.Queue, tickets ...queue.Ticket) {
	t.Helper()
	for _, ticket := range tickets {
		if err := q.Push(t.Context(), ticket); err != nil {
			t.Fatal(err)
		}
	}
}

func ticket(job string) queue.Ticket { return queue.Ticket{Kind: "clip", JobID: job, Attempt: 1} }

// redisPID asks Redis for its process.
func redisPID(t *testing.T, cfg queue.Config) int {
	t.Helper()
	info, err := client(t, cfg).Info(t.Context(), "server").Result()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(info, "process_id:")
	number, _, _ := strings.Cut(rest, "\r")
	pid, err := strconv.Atoi(number)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func runs(pid int) bool { return syscall.Kill(pid, 0) == nil }
