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
	reader := &timedReader{of: w.store.Reader(ctx, t.Master)}
	request := transcoder.Request{Ranges: []transcoder.Range{t.Range}, Format: transcoder.SourceFormat}
	delivery := jobs.Delivery{
		Transcoder: w.transcoder, Store: w.store, Object: w.store.Source(t.Master), URL: url, Private: true,
		Master: transcoder.Master{ReaderAt: reader, Size: t.MasterSize},
	}
	made, err := delivery.Make(ctx, t.Scratch, t.Facts, request, t.Key, nil)
	if err != nil {
		return err
	}
	out.Read, out.Written = made.Report.BytesRead, made.Report.BytesUploaded
	out.Cut = &cutOutcome{Report: made.Report, Reading: reader.took.Seconds(), Requests: reader.requests}
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
