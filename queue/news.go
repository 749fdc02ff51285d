package queue

import (
	"context"
	"fmt"
	"sync"

	"github.com/redis/go-redis/v9"
)

const newsChannel = "subclip:jobs"

// news spreads the word that a job has moved on to whoever waits for it in this
// process, over one subscription. It carries no state: who hears it reads the
// row. A message lost with Redis costs only delay, as waiters also look at the
// row now and then.
type news struct {
	subscription *redis.PubSub
	mu           sync.Mutex
	waiting      map[string]map[chan struct{}]struct{}
}

func newNews(client redis.UniversalClient) *news {
	n := &news{
		subscription: client.Subscribe(context.Background(), newsChannel),
		waiting:      map[string]map[chan struct{}]struct{}{},
	}
	go n.listen()
	return n
}

func (n *news) listen() {
	for message := range n.subscription.Channel() {
		n.mu.Lock()
		for c := range n.waiting[message.Payload] {
			select {
			case c <- struct{}{}:
			default: // it has news to look at already
			}
		}
		n.mu.Unlock()
	}
}

func (n *news) close() { _ = n.subscription.Close() }

// Announce says that a job has moved on.
func (q *Queue) Announce(ctx context.Context, jobID string) error {
	if err := q.redis.Publish(ctx, newsChannel, jobID).Err(); err != nil {
		return fmt.Errorf("announce job %s: %w", jobID, err)
	}
	return nil
}

// Watch returns a channel that receives when the job has moved on. The caller
// calls stop when it no longer waits.
func (q *Queue) Watch(jobID string) (moved <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	n := q.news
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiting[jobID] == nil {
		n.waiting[jobID] = map[chan struct{}]struct{}{}
	}
	n.waiting[jobID][c] = struct{}{}
	return c, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.waiting[jobID], c)
		if len(n.waiting[jobID]) == 0 {
			delete(n.waiting, jobID)
		}
	}
}
