package worker

import (
	"context"

	"subclip/catalog"
	"subclip/transcoder"
)

// ingest reads the facts of a new master over a signed URL, without fetching it
// whole, and makes the proxy and the poster. The master itself is not touched.
func (w *Worker) ingest(ctx context.Context, job *catalog.Job, asset *catalog.Asset, room *room, progress transcoder.Progress) error {
	master, err := w.store.WorkerURL(ctx, asset.MasterKey)
	if err != nil {
		return err
	}
	source, err := w.transcoder.Probe(ctx, master)
	if err != nil {
		return err
	}
	poster, proxy := room.path("poster.jpg"), room.path("proxy.mp4")
	if source.Frames, err = w.transcoder.Proxy(ctx, master, proxy, source, progress); err != nil {
		return err
	}
	if err := w.transcoder.Poster(ctx, proxy, poster, source); err != nil {
		return err
	}
	proxyKey, posterKey := job.ObjectPrefix()+"proxy.mp4", job.ObjectPrefix()+"poster.jpg"
	if err := w.store.Upload(ctx, proxyKey, proxy, "video/mp4"); err != nil {
		return err
	}
	if err := w.store.Upload(ctx, posterKey, poster, "image/jpeg"); err != nil {
		return err
	}
	return w.catalog.FinishIngest(ctx, job, source, proxyKey, posterKey)
}
