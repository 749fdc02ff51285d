package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/hibiken/asynq"
)

// pollEvery is how soon a worker sees a ticket in an empty queue; asynq's own
// second would be most of what a short clip takes.
const pollEvery = 100 * time.Millisecond

// giveUpAfter is how long asynq waits for handlers when the worker stops, before
// it puts their tickets back. They claim nothing then, so it may be short.
const giveUpAfter = time.Second

// Handler does what a ticket asks for. The row says how it went, so it returns
// nothing. Its ctx ends when the worker stops.
type Handler func(ctx context.Context, t Ticket)

// Serve hands tickets to handle, up to concurrency at once, until ctx ends; then
// it waits for the handlers. weights gives each kind its share of the turns when
// several wait. Redis may come and go meanwhile.
func (q *Queue) Serve(ctx context.Context, concurrency int, weights map[string]int, handle Handler) error {
	server := asynq.NewServerFromRedisClient(q.redis, asynq.Config{
		Concurrency: concurrency, Queues: weights, TaskCheckInterval: pollEvery,
		DelayedTaskCheckInterval: time.Second, ShutdownTimeout: giveUpAfter,
		JanitorInterval: time.Minute, Logger: asynqLog{q.log}, LogLevel: asynq.WarnLevel,
	})
	places := make(chan struct{}, concurrency)
	work := func(_ context.Context, task *asynq.Task) error {
		ticket, err := ticketOf(task)
		if err != nil {
			return err
		}
		// asynq gives a handler up when its lease in Redis is lost, and takes
		// the next ticket in its place. The row, not Redis, says whose job it
		// is, so the handler goes on, and Restore puts the next ticket back.
		select {
		case places <- struct{}{}:
		default:
			return nil
		}
		defer func() { <-places }()
		handle(ctx, ticket)
		return nil
	}
	if err := q.start(ctx, server, asynq.HandlerFunc(work)); err != nil {
		return err
	}
	<-ctx.Done()
	server.Shutdown()
	for range concurrency {
		places <- struct{}{}
	}
	return nil
}

// start waits for a Redis that is not there yet.
func (q *Queue) start(ctx context.Context, server *asynq.Server, handler asynq.Handler) error {
	retry := time.NewTicker(time.Second)
	defer retry.Stop()
	for {
		err := q.Ping(ctx)
		if err == nil {
			if err := server.Start(handler); err != nil {
				return fmt.Errorf("start taking jobs from Redis: %w", err)
			}
			return nil
		}
		q.log.Warn("waiting for Redis", "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-retry.C:
		}
	}
}
