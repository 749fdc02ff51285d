// Package queue holds the work in flight, in Redis: tickets that tell workers
// that a job waits (asynq), and news that a job has moved on (publish and
// subscribe), on which the API's waiting clients hang.
//
// The catalogue's rows are the truth and Redis may be flushed or killed at any
// moment. A ticket therefore says only "job J, attempt N, waits". Its id is made
// of both, so pushing it twice is harmless. It wakes a worker, which claims the row
// of the job whose turn it is before it works; one too many finds nothing. Restore
// puts back the tickets that Redis has lost. asynq's own retries and archive are not
// used: when to try again is written in the row.
//
// Files: queue.go pushes and restores tickets, serve.go hands them to workers,
// news.go spreads the news, server.go runs the redis-server of `subclip up`.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Config says where Redis is.
type Config struct {
	URL string `env:"REDIS_URL" desc:"Redis to use, redis://, rediss:// or unix://; empty lets subclip up start its own redis-server"`
}

// Ticket tells a worker that a job waits.
type Ticket struct {
	Kind      string    // of the job; each kind has a queue of its own
	JobID     string    // in the catalogue
	Attempt   int       // of the job, from 1
	NotBefore time.Time // zero means at once
}

func (t Ticket) id() string { return t.JobID + ":" + strconv.Itoa(t.Attempt) }

func ticketOf(task *asynq.Task) (Ticket, error) {
	job, attempt, _ := strings.Cut(string(task.Payload()), ":")
	n, err := strconv.Atoi(attempt)
	if err != nil {
		return Ticket{}, fmt.Errorf("read ticket %q: %w", task.Payload(), err)
	}
	return Ticket{Kind: task.Type(), JobID: job, Attempt: n}, nil
}

// Queue is a connection to Redis. It is safe for concurrent use.
type Queue struct {
	redis     redis.UniversalClient
	client    *asynq.Client
	inspector *asynq.Inspector
	news      *news
	log       *slog.Logger
}

// mostActive is beyond what all workers together take at once.
const mostActive = 10_000

// noLimit keeps asynq from stopping long jobs; the worker has its own limits.
const noLimit = 7 * 24 * time.Hour

// New connects to Redis; where Redis is down it connects once it is back.
func New(cfg Config, log *slog.Logger) (*Queue, error) {
	options, err := redis.ParseURL(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL is not a Redis address such as redis://127.0.0.1:6379/0: %w", err)
	}
	options.DialTimeout = 2 * time.Second
	redis.SetLogger(redisLog{log}) // there is one for the whole process
	client := redis.NewClient(options)
	q := &Queue{
		redis: client, client: asynq.NewClientFromRedisClient(client),
		inspector: asynq.NewInspectorFromRedisClient(client), log: log,
	}
	q.news = newNews(client)
	return q, nil
}

// Close ends the connection.
func (q *Queue) Close() error {
	q.news.close()
	if err := q.redis.Close(); err != nil {
		return fmt.Errorf("close the connection to Redis: %w", err)
	}
	return nil
}

// Ping checks that Redis answers.
func (q *Queue) Ping(ctx context.Context) error {
	if err := q.redis.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("reach Redis: %w", err)
	}
	return nil
}

// Redis is the connection, for others who keep there what may be lost.
func (q *Queue) Redis() redis.UniversalClient { return q.redis }

// Push adds a ticket; one that is there already is left as it is.
func (q *Queue) Push(ctx context.Context, t Ticket) error {
	task := asynq.NewTask(t.Kind, []byte(t.id()))
	options := []asynq.Option{asynq.TaskID(t.id()), asynq.Queue(t.Kind), asynq.MaxRetry(0), asynq.Timeout(noLimit)}
	if !t.NotBefore.IsZero() {
		options = append(options, asynq.ProcessAt(t.NotBefore))
	}
	_, err := q.client.EnqueueContext(ctx, task, options...)
	if err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
		return fmt.Errorf("push job %s: %w", t.JobID, err)
	}
	return nil
}

// Restore makes sure that a waiting job's ticket can still reach a worker: it
// pushes one that Redis has lost. orphaned reports that a worker took the ticket
// to its grave before it claimed the row, so that the job needs a new attempt;
// asynq notices by itself only after a minute or more.
func (q *Queue) Restore(ctx context.Context, t Ticket) (orphaned bool, err error) {
	info, err := q.inspector.GetTaskInfo(t.Kind, t.id())
	switch {
	case errors.Is(err, asynq.ErrTaskNotFound), errors.Is(err, asynq.ErrQueueNotFound):
		return false, q.Push(ctx, t)
	case err != nil:
		return false, fmt.Errorf("look for job %s in Redis: %w", t.JobID, err)
	}
	if info.State == asynq.TaskStateActive {
		return q.isOrphan(t)
	}
	return info.State == asynq.TaskStateArchived, nil
}

// isOrphan looks for a ticket among those whose worker fell silent. Only the
// list tells; asked for one ticket, asynq leaves IsOrphaned out.
func (q *Queue) isOrphan(t Ticket) (bool, error) {
	active, err := q.inspector.ListActiveTasks(t.Kind, asynq.PageSize(mostActive))
	if err != nil {
		return false, fmt.Errorf("look for job %s in Redis: %w", t.JobID, err)
	}
	return slices.ContainsFunc(active, func(task *asynq.TaskInfo) bool { return task.ID == t.id() && task.IsOrphaned }), nil
}

// Depth is how many tickets wait, by kind.
func (q *Queue) Depth(kinds []string) map[string]int {
	depth := map[string]int{}
	for _, kind := range kinds {
		if info, err := q.inspector.GetQueueInfo(kind); err == nil {
			depth[kind] = info.Pending + info.Scheduled
		}
	}
	return depth
}
