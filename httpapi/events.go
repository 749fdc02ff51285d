package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"
)

// keepAlive is how often a silent stream of events says how things stand, so that
// proxies between do not close it.
const keepAlive = 15 * time.Second

// standing is a resource as it is just now.
type standing[T any] struct {
	body     T
	jobID    string // whose news may be about it
	status   string
	progress float64
	ended    bool
}

// eventsInput names what is followed.
type eventsInput struct {
	ID string `path:"id" maxLength:"64"`
}

// registerEvents adds a stream of events that tell how a resource stands, whenever it has
// moved on, until it has ended.
func registerEvents[T any](a *API, api huma.API, op huma.Operation, name string, read func(ctx context.Context, id string) (standing[T], error)) {
	op.Middlewares = huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		// Answered before the stream begins, which can only say 200.
		_, err := read(ctx.Context(), ctx.Param("id"))
		if err == nil {
			next(ctx)
			return
		}
		status := http.StatusInternalServerError
		problem := a.problem(op.OperationID, err)
		if known, ok := errors.AsType[huma.StatusError](problem); ok {
			status = known.GetStatus()
		}
		if err := huma.WriteErr(api, ctx, status, problem.Error()); err != nil {
			a.log.Debug("a listener has gone", "error", err)
		}
	}}
	var sample T
	sse.Register(api, op, map[string]any{name: sample, "problem": huma.ErrorModel{}},
		func(ctx context.Context, in *eventsInput, send sse.Sender) {
			err := tell(ctx, a, in.ID, send, read)
			if err == nil || ctx.Err() != nil {
				return
			}
			// The stream has begun: an error can only be an event.
			problem, ok := errors.AsType[*huma.ErrorModel](a.problem(op.OperationID, err))
			if ok && send.Data(problem) != nil {
				a.log.Debug("a listener has gone", "id", in.ID)
			}
		})
}

func tell[T any](ctx context.Context, a *API, id string, send sse.Sender, read func(ctx context.Context, id string) (standing[T], error)) error {
	first, err := read(ctx, id)
	if err != nil {
		return err
	}
	var told standing[T]
	var toldAt time.Time
	return a.follow(ctx, first.jobID, func() (bool, error) {
		now, err := read(ctx, id)
		if err != nil {
			return true, err
		}
		if now.status != told.status || now.progress != told.progress || time.Since(toldAt) > keepAlive {
			told, toldAt = now, time.Now()
			if err := send.Data(now.body); err != nil {
				return true, fmt.Errorf("send an event: %w", err)
			}
		}
		return now.ended, nil
	})
}
