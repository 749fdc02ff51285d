package storage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Assembly is an object in the making out of pieces, long runs of a source object
// among them. What is sure to be in it can be copied ahead, while the pieces around
// are still being made, and all of it can be put together before it is sure to be
// wanted. Finish makes the rest, and Close leaves nothing behind where Finish was not
// called or failed.
type Assembly struct {
	store            *Store
	key, contentType string
	source           Source

	copying sync.WaitGroup
	cancel  context.CancelFunc
	upload  string // that the copied parts belong to
	ahead   []composedPart
	err     error
	done    bool
	sent    bool // the request that makes the object; its outcome may be unknown

	making chan struct{} // of Start; closed when it is done
	made   Composed
	failed error
}

// Assemble begins an object under key out of a source.
func (s *Store) Assemble(key, contentType string, source Source) *Assembly {
	return &Assembly{store: s, key: key, contentType: contentType, source: source, cancel: func() {}}
}

// Ahead has the store begin to copy what is sure to become parts of their own of runs
// of the source, in the order in which they will be in the object. It returns at once
// and may be called once. What goes wrong costs only the time that it would have saved.
func (a *Assembly) Ahead(ctx context.Context, runs []Piece) {
	a.ahead = planAhead(runs)
	if len(a.ahead) == 0 {
		return
	}
	ctx, a.cancel = context.WithCancel(ctx)
	a.copying.Go(func() {
		if a.upload, a.err = a.store.CreateUpload(ctx, a.key, a.contentType); a.err != nil {
			return
		}
		_, a.err = a.makeParts(ctx, a.upload, a.ahead)
	})
}

// Start begins to make the object, as Finish does, before it is known whether it will be
// wanted: Close removes it again. It is for keys that nobody knows yet. It returns at
// once and may be called once.
func (a *Assembly) Start(ctx context.Context, pieces []Piece) {
	ctx, cancel := context.WithCancel(ctx)
	ahead := a.cancel
	a.cancel = func() { ahead(); cancel() }
	a.making = make(chan struct{})
	go func() {
		defer close(a.making)
		a.made, a.failed = a.make(ctx, pieces)
	}()
}

// Finish makes the object out of its pieces and whatever was copied ahead, or waits for
// the one that was started. When it fails or ctx ends, nothing stays behind; an object
// that was there before stays, unless the new one may have taken its place.
func (a *Assembly) Finish(ctx context.Context, pieces []Piece) (Composed, error) {
	a.done = true
	if a.making == nil {
		return a.make(ctx, pieces)
	}
	<-a.making
	return a.made, a.failed
}

func (a *Assembly) make(ctx context.Context, pieces []Piece) (Composed, error) {
	a.copying.Wait()
	done, err := a.finish(ctx, pieces)
	switch {
	case err == nil:
		return done, nil
	case a.sent:
		return Composed{}, a.store.tidied(ctx, a.key, err)
	}
	cleaning, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	return Composed{}, errors.Join(err, a.store.abortUploads(cleaning, a.key))
}

func (a *Assembly) finish(ctx context.Context, pieces []Piece) (Composed, error) {
	if a.upload != "" && a.err == nil {
		if parts := planParts(pieces, MinPart, a.ahead); number(parts) {
			return a.complete(ctx, a.upload, parts)
		}
	}
	if err := a.giveUp(ctx); err != nil {
		return Composed{}, err
	}
	parts := fewParts(pieces)
	if len(parts) == 1 && !parts[0].copied {
		a.sent = true
		return a.store.putWhole(ctx, a.key, a.contentType, a.source, parts[0])
	}
	done, err := a.compose(ctx, parts)
	if err != nil && ctx.Err() == nil && refusesCopies(err) {
		return a.compose(ctx, planParts(pieces, math.MaxInt64, nil))
	}
	return done, err
}

// Close gives up what was not finished. An object that was there before stays, unless
// one was started.
func (a *Assembly) Close(ctx context.Context) error {
	a.cancel()
	a.copying.Wait()
	started := a.making != nil
	if started {
		<-a.making
	}
	if a.done || (!started && len(a.ahead) == 0) {
		return nil
	}
	a.done = true
	ctx, cancel := context.WithTimeout(ctx, cleanUpTime)
	defer cancel()
	if started && a.failed == nil {
		return a.store.Delete(ctx, a.key)
	}
	return a.store.abortUploads(ctx, a.key)
}

// giveUp forgets what was copied ahead.
func (a *Assembly) giveUp(ctx context.Context) error {
	switch {
	case a.upload == "" && a.err != nil:
		return a.store.abortUploads(ctx, a.key) // it may have been opened although we never heard so
	case a.upload == "":
		return nil
	}
	return a.store.AbortUpload(ctx, a.key, a.upload)
}

func (a *Assembly) compose(ctx context.Context, parts []composedPart) (Composed, error) {
	if !number(parts) {
		return Composed{}, fmt.Errorf("compose %s: it would take more than %d parts", a.key, MaxParts)
	}
	id, err := a.store.CreateUpload(ctx, a.key, a.contentType)
	if err != nil {
		return Composed{}, err
	}
	return a.complete(ctx, id, parts)
}

// complete makes the parts that are not there yet, and the object.
func (a *Assembly) complete(ctx context.Context, id string, parts []composedPart) (Composed, error) {
	read, err := a.makeParts(ctx, id, parts)
	if err == nil {
		finished := make([]Part, len(parts))
		for i, p := range parts {
			finished[i] = *p.made
		}
		a.sent = true
		err = a.store.CompleteUpload(ctx, a.key, id, finished)
	}
	if err != nil {
		cleaning, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
		defer cancel()
		return Composed{}, errors.Join(err, a.store.AbortUpload(cleaning, a.key, id))
	}
	done := Composed{Read: read}
	for _, part := range parts {
		if part.copied {
			done.Copied += part.size
		} else {
			done.Uploaded += part.size
		}
	}
	return done, nil
}

// makeParts makes the parts that are not there yet, and tells how many bytes of the
// source it read for them.
func (a *Assembly) makeParts(ctx context.Context, id string, parts []composedPart) (read int64, err error) {
	reads := make([]int64, len(parts))
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(composedAtOnce)
	for i := range parts {
		if parts[i].made != nil {
			continue
		}
		group.Go(func() (err error) {
			parts[i].made, reads[i], err = a.store.composePart(running, a.key, id, a.source, parts[i])
			return err
		})
	}
	err = group.Wait()
	for _, n := range reads {
		read += n
	}
	return read, err
}
