package worker

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"subclip/catalog"
	"subclip/database"
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
		{"usage", time.Hour, w.catalog.KeepUsage},
	}
}

// expire removes what has outlived its time. What it fails to remove is left for
// the sweep, as its rows say that it is over.
func (w *Worker) expire(ctx context.Context) error {
	jobs, jobsErr := w.catalog.Expire(ctx)
	errs := []error{jobsErr, w.catalog.ExpireBaskets(ctx)}
	for _, id := range jobs {
		errs = append(errs, w.store.DeletePrefix(ctx, catalog.JobPrefix(id)))
	}
	uploads, uploadsErr := w.catalog.ExpireUploads(ctx)
	errs = append(errs, uploadsErr)
	for _, upload := range uploads {
		errs = append(errs, w.store.DeletePrefix(ctx, upload.Key), w.store.DeletePrefix(ctx, catalog.PostedPrefix(upload.ID)))
	}
	return errors.Join(errs...)
}

// sweep deletes the objects and unfinished uploads that the rows no longer need:
// what a worker or an API process left behind when it was killed.
func (w *Worker) sweep(ctx context.Context) error {
	return errors.Join(w.sweepObjects(ctx), w.sweepUploads(ctx, time.Now()))
}

func (w *Worker) sweepObjects(ctx context.Context) error {
	memory := sweeper{remembered: map[string]bool{}, needed: w.needsObject}
	for object, err := range w.store.List(ctx, "") {
		if err != nil {
			return err
		}
		keep, err := memory.keeps(ctx, object.Key)
		if err != nil {
			return err
		}
		if keep {
			continue
		}
		w.log.Warn("an object that nothing needs is removed", "key", object.Key)
		if err := w.store.Delete(ctx, object.Key); err != nil {
			return err
		}
	}
	return nil
}

func (w *Worker) sweepUploads(ctx context.Context, now time.Time) error {
	memory := sweeper{remembered: map[string]bool{}, needed: w.needsUpload}
	for upload, err := range w.store.Unfinished(ctx, "") {
		if err != nil {
			return err
		}
		keep, err := memory.keeps(ctx, upload.Key)
		if err != nil {
			return err
		}
		if keep || (strings.HasPrefix(upload.Key, catalog.MastersRoot) && now.Sub(upload.Started) < orphanAge) {
			continue
		}
		w.log.Warn("an unfinished upload that nothing needs is removed", "key", upload.Key)
		if err := w.store.AbortUpload(ctx, upload.Key, upload.ID); err != nil {
			return err
		}
	}
	return nil
}

// sweeper asks once for each folder. Keys that do not look like ours are kept.
type sweeper struct {
	remembered map[string]bool
	needed     func(ctx context.Context, root, id, rest string) (bool, error)
}

func (s *sweeper) keeps(ctx context.Context, key string) (bool, error) {
	folder := key[:strings.LastIndex(key, "/")+1]
	if keep, known := s.remembered[folder]; known {
		return keep, nil
	}
	root, path, _ := strings.Cut(key, "/")
	id, rest, inFolder := strings.Cut(path, "/")
	if !inFolder || !database.IsID(id) {
		return true, nil
	}
	keep, err := s.needed(ctx, root+"/", id, rest)
	if err == nil {
		s.remembered[folder] = keep
	}
	return keep, err
}

// needsObject reports whether a row needs an object. A master without a row is
// kept: no crash leaves one, but a database that was lost or restored does.
func (w *Worker) needsObject(ctx context.Context, root, id, rest string) (bool, error) {
	switch root {
	case catalog.MadeRoot:
		return w.needsMade(ctx, id, rest)
	case catalog.MastersRoot:
		left, err := w.catalog.MasterLeft(ctx, id, root+id+"/"+rest)
		return !left, err
	case catalog.PostedRoot:
		return w.catalog.UploadWaits(ctx, id)
	}
	return true, nil
}

// needsUpload reports whether a row needs an unfinished upload.
func (w *Worker) needsUpload(ctx context.Context, root, id, rest string) (bool, error) {
	switch root {
	case catalog.MadeRoot:
		return w.needsMade(ctx, id, rest)
	case catalog.MastersRoot:
		known, err := w.catalog.UploadKnown(ctx, id)
		if err != nil || !known {
			return false, err
		}
		left, err := w.catalog.MasterLeft(ctx, id, root+id+"/"+rest)
		return !left, err
	}
	return true, nil
}

func (w *Worker) needsMade(ctx context.Context, jobID, rest string) (bool, error) {
	folder, _, _ := strings.Cut(rest, "/")
	attempt, err := strconv.Atoi(folder)
	if err != nil {
		return true, nil //nolint:nilerr // a name that no job makes is not ours to delete
	}
	return w.catalog.Kept(ctx, jobID, attempt)
}
