package worker

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"subclip/catalog"
	"subclip/queue"
	"subclip/storage"
	"subclip/transcoder"
)

const (
	// beatEvery is how often a worker writes how far it is, and so how soon it
	// learns that its job was cancelled.
	beatEvery = 400 * time.Millisecond
	// beatsMayFail is how long it works on without reaching the database.
	beatsMayFail = 10 * time.Second
	// concludeTime bounds what is written after a job, even while stopping.
	concludeTime = 15 * time.Second
)

// errMasterGone is told to users.
var errMasterGone = errors.New("the video's master is no longer in the store: upload it again")

// handle takes one job through its life: the one whose turn it is, which need not be
// the ticket's.
func (w *Worker) handle(ctx context.Context, t queue.Ticket) {
	job, claimed, err := w.catalog.Next(ctx, catalog.JobKind(t.Kind), t.JobID, t.Attempt, w.name)
	if err != nil {
		w.log.Error("no job could be claimed; they stay queued", "ticket", t.JobID, "error", err)
		return
	}
	if !claimed {
		return
	}
	log := w.log.With("job", job.ID, "kind", job.Kind, "attempt", job.Attempt)
	log.Info("job begins")
	working, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	progress := newProgress()
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		w.beat(working, cancel, &job, progress)
	}()
	err = outcome(working, w.do(working, &job, progress.set))
	cancel(nil)
	<-beating
	w.conclude(ctx, &job, err, time.Since(job.HeartbeatAt))
}

// outcome is how work under ctx ended. Work that is done was not lost, even where
// the heartbeat, finding the row done, has already cried so.
func outcome(ctx context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(ctx), catalog.ErrLost) {
		return catalog.ErrLost
	}
	return err
}

// do makes what the job asks for and records it.
func (w *Worker) do(ctx context.Context, job *catalog.Job, progress transcoder.Progress) error {
	if job.Kind == catalog.JobOrder {
		return w.order(ctx, job, progress)
	}
	room, err := w.scratch.room()
	if err != nil {
		return err
	}
	defer room.close()
	asset, err := w.catalog.Asset(ctx, catalog.House(), job.AssetID)
	if err != nil {
		return err
	}
	err = w.workOf(job.Kind)(ctx, job, &asset, room, progress)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if _, gone := w.store.Stat(ctx, asset.MasterKey); errors.Is(gone, storage.ErrNotFound) {
		return errMasterGone
	}
	return err
}

// beat keeps the job's row alive, and cancels the work when it is not ours any
// more or when the database cannot be told for so long that another worker may
// have taken it.
func (w *Worker) beat(ctx context.Context, cancel context.CancelCauseFunc, job *catalog.Job, progress *progress) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	told := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := w.heartbeat(ctx, job, progress.get())
		switch {
		case err == nil:
			told = time.Now()
		case errors.Is(err, catalog.ErrLost), time.Since(told) > beatsMayFail:
			cancel(catalog.ErrLost)
			return
		}
	}
}

// heartbeat does not wait for a database that says nothing.
func (w *Worker) heartbeat(ctx context.Context, job *catalog.Job, progress float64) error {
	ctx, cancel := context.WithTimeout(ctx, beatsMayFail)
	defer cancel()
	return w.catalog.Heartbeat(ctx, job, progress)
}

// conclude writes how a job went and removes what must not stay.
func (w *Worker) conclude(ctx context.Context, job *catalog.Job, err error, took time.Duration) {
	log := w.log.With("job", job.ID, "kind", job.Kind, "attempt", job.Attempt, "took", took.Round(time.Millisecond))
	if err == nil {
		log.Info("job done")
		return
	}
	stopping := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), concludeTime)
	defer cancel()
	var written error
	switch {
	case errors.Is(err, catalog.ErrLost):
		log.Info("job was cancelled or taken over")
	case stopping:
		log.Info("job is given back")
		written = w.catalog.GiveBack(ctx, job)
	case isFinal(err):
		log.Warn("job failed", "error", withCauses(err))
		written = w.catalog.Fail(ctx, job, err.Error())
	default:
		log.Error("job failed for now", "error", withCauses(err))
		written = w.catalog.Retry(ctx, job, retryPause(job.Failures), "the video could not be made, although it was tried several times: ask for it again later")
	}
	if written != nil && !errors.Is(written, catalog.ErrLost) {
		log.Error("how the job went could not be written; it will begin again", "error", written)
	}
	if err := w.removeUnlessKept(ctx, job); err != nil {
		log.Error("objects of the job are left for the sweep", "error", err)
	}
}

// removeUnlessKept asks the row first: the job may be done although writing that
// ended in an error.
func (w *Worker) removeUnlessKept(ctx context.Context, job *catalog.Job) error {
	kept, err := w.catalog.Kept(ctx, job.ID, job.Attempt)
	if err != nil || kept {
		return err
	}
	return w.store.DeletePrefix(ctx, job.ObjectPrefix())
}

// isFinal tells failures that no retry can mend.
func isFinal(err error) bool {
	_, badRange := transcoder.IsRangeError(err)
	return badRange || errors.Is(err, transcoder.ErrMedia) || errors.Is(err, errMasterGone) || errors.Is(err, errNothingMade) || errors.Is(err, errTooLarge)
}

// withCauses adds to a sentence for users what the tools said.
func withCauses(err error) string {
	if chain, ok := err.(interface{ Unwrap() []error }); ok {
		return fmt.Sprintf("%v: %v", err, errors.Join(chain.Unwrap()...))
	}
	return err.Error()
}

// retryPause grows with every failure: 2 s, 8 s, 32 s, 2 min.
func retryPause(failures int) time.Duration {
	return min(2*time.Second<<(2*min(failures, 4)), 2*time.Minute)
}

// progress is how much of a job is done, 0 to 1, written by the work and read by
// the heartbeat.
type progress struct{ bits atomic.Uint64 }

func newProgress() *progress { return &progress{} }

func (p *progress) set(done float64) { p.bits.Store(math.Float64bits(done)) }
func (p *progress) get() float64     { return math.Float64frombits(p.bits.Load()) }
