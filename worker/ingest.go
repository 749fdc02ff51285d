package worker

import (
	"context"

	"subclip/catalog"
	"subclip/transcoder"
)

// ingest reads the facts of a new master over a signed URL, without fetching it
// whole. What is made of it follows in steps of their own; see steps.go.
func (w *Worker) ingest(ctx context.Context, job *catalog.Job, asset *catalog.Asset, _ *room, _ transcoder.Progress) error {
	master, err := w.store.WorkerURL(ctx, asset.MasterKey)
	if err != nil {
		return err
	}
	source, err := w.transcoder.Probe(ctx, master)
	if err != nil {
		return err
	}
	if asset.ProxyKey != "" && asset.Source != nil {
		// Its pictures were counted when the proxy was made, which tells truly.
		source.Frames = asset.Source.Frames
	}
	return w.catalog.FinishStep(ctx, job, catalog.Made{Source: &source})
}
