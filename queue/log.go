package queue

import (
	"context"
	"fmt"
	"log/slog"
)

// redisLog passes go-redis's log on to ours; what matters in it comes back as an
// error besides.
type redisLog struct{ log *slog.Logger }

// Printf logs what go-redis would write to the terminal.
func (l redisLog) Printf(_ context.Context, format string, args ...any) {
	l.log.Debug(fmt.Sprintf(format, args...))
}

// asynqLog passes asynq's log on to ours.
type asynqLog struct{ log *slog.Logger }

// Debug logs what only those who debug asynq want.
func (l asynqLog) Debug(args ...any) { l.log.Debug(fmt.Sprint(args...)) }

// Info logs what asynq is about.
func (l asynqLog) Info(args ...any) { l.log.Info(fmt.Sprint(args...)) }

// Warn logs what may go wrong.
func (l asynqLog) Warn(args ...any) { l.log.Warn(fmt.Sprint(args...)) }

// Error logs what went wrong.
func (l asynqLog) Error(args ...any) { l.log.Error(fmt.Sprint(args...)) }

// Fatal logs what asynq would end the process for; ours goes on.
func (l asynqLog) Fatal(args ...any) { l.log.Error(fmt.Sprint(args...)) }
