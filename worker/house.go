package worker

import (
	"context"
	"strconv"
	"strings"
	"time"

	"subclip/catalog"
)

// chore is something done again and again beside the jobs.
type chore struct {
	name  string
	every time.Duration
	do    func(context.Context) error
}

// orphanAge is how old an unfinished upload of a master must be before it is
// taken for forgotten: its row is written just after it is opened.
const orphanAge = time.Hour

func (w *Worker) chores() []chore {
	return []chore{
		{"reconcile", 5 * time.Second, w.catalog.Reconcile},
		{"expire", time.Minute, w.expire},
		{"sweep", time.Hour, w.sweep},
	}
}

// expire removes what has outlived its time.
func (w *Worker) expire(ctx context.Context) error {
	jobs, err := w.catalog.Expire(ctx)
	if err != nil {
		return err
	}
	for _, id := range jobs {
		if err := w.store.DeletePrefix(ctx, catalog.JobPrefix(id)); err != nil {
			return err
		}
	}
	uploads, err := w.catalog.ExpireUploads(ctx)
	if err != nil {
		return err
	}
	for _, upload := range uploads {
		if err := w.store.DeletePrefix(ctx, upload.Key); err != nil {
			return err
		}
	}
	return nil
}

// sweep deletes the objects and unfinished uploads that no row knows: what a
// worker or an API process left behind when it was killed.
func (w *Worker) sweep(ctx context.Context) error {
	kept := map[string]bool{}
	for object, err := range w.store.List(ctx, "") {
		if err != nil {
			return err
		}
		if err := w.sweepOne(ctx, kept, object.Key, func() error { return w.store.Delete(ctx, object.Key) }); err != nil {
			return err
		}
	}
	for upload, err := range w.store.Unfinished(ctx, "") {
		if err != nil {
			return err
		}
		if strings.HasPrefix(upload.Key, catalog.MastersRoot) && time.Since(upload.Started) < orphanAge {
			continue
		}
		if err := w.sweepOne(ctx, kept, upload.Key, func() error { return w.store.AbortUpload(ctx, upload.Key, upload.ID) }); err != nil {
			return err
		}
	}
	return nil
}

func (w *Worker) sweepOne(ctx context.Context, kept map[string]bool, key string, remove func() error) error {
	root, rest, _ := strings.Cut(key, "/")
	folder := key[:strings.LastIndex(key, "/")+1]
	keep, known := kept[folder]
	if !known {
		var err error
		if keep, err = w.keeps(ctx, root+"/", rest); err != nil {
			return err
		}
		kept[folder] = keep
	}
	if keep {
		return nil
	}
	w.log.Warn("an object that nothing refers to is removed", "key", key)
	return remove()
}

// keeps reports whether a row needs an object. Roots that are not ours are left
// alone.
func (w *Worker) keeps(ctx context.Context, root, rest string) (bool, error) {
	id, rest, _ := strings.Cut(rest, "/")
	switch root {
	case catalog.MadeRoot:
		attempt, _, _ := strings.Cut(rest, "/")
		number, err := strconv.Atoi(attempt)
		if err != nil {
			return true, nil //nolint:nilerr // a name that no job makes is not ours to delete
		}
		return w.catalog.Kept(ctx, id, number)
	case catalog.MastersRoot:
		return w.catalog.UploadKnown(ctx, id)
	}
	return true, nil
}
