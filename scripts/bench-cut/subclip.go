package main

import (
	"context"
	"io"
	"sync"
	"time"

	"subclip/transcoder"
	jobs "subclip/worker"
)

// subclip does what package worker does for a clip.
func subclip(ctx context.Context, w *worker, t task, out *outcome) error {
	url, err := w.store.WorkerURL(ctx, t.Master)
	if err != nil {
		return err
	}
	start := time.Now()
	reader := &timedReader{of: w.store.Reader(ctx, t.Master)}
	request := transcoder.Request{Ranges: []transcoder.Range{t.Range}, Format: transcoder.SourceFormat}
	made, err := w.transcoder.Make(ctx, transcoder.Master{ReaderAt: reader, Size: t.MasterSize}, url, t.Scratch, t.Facts, request, nil)
	if err != nil {
		return err
	}
	cut := &cutOutcome{Composing: time.Since(start).Seconds(), Reading: reader.took.Seconds(), Requests: reader.requests}
	start = time.Now()
	if cut.Report, err = jobs.Deliver(ctx, made, w.store.Source(t.Master), w.store, t.Key); err != nil {
		return err
	}
	cut.Storing = time.Since(start).Seconds()
	out.Read, out.Written, out.Cut = cut.Report.BytesRead, cut.Report.BytesUploaded, cut
	return nil
}

// timedReader counts how often the master is read while a clip is composed, and
// how long that takes.
type timedReader struct {
	of       io.ReaderAt
	mu       sync.Mutex
	requests int
	took     time.Duration
}

// ReadAt reads from the master.
func (r *timedReader) ReadAt(p []byte, off int64) (int, error) {
	start := time.Now()
	n, err := r.of.ReadAt(p, off)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests++
	r.took += time.Since(start)
	return n, err //nolint:wrapcheck // io.EOF must stay what it is
}
