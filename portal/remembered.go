package portal

import (
	"context"
	"sync"
	"time"
)

// keepRemembered is how long is remembered what all assets are read for.
const keepRemembered = 10 * time.Minute

// remembered is something that takes long to find out, as of some minutes ago at most.
type remembered[T any] struct {
	mu    sync.Mutex
	read  time.Time
	value T
}

func (r *remembered[T]) get(ctx context.Context, find func(context.Context) (T, error)) (T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.read) > keepRemembered {
		value, err := find(ctx)
		if err != nil {
			return value, err
		}
		r.read, r.value = time.Now(), value
	}
	return r.value, nil
}
