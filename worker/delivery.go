package worker

import (
	"context"
	"errors"

	"subclip/storage"
	"subclip/transcoder"
	"subclip/transcoder/mp4"
)

// Delivery makes clips of a master that is an object, as objects. What is composed of
// the master's own bytes is put together inside the store, which begins to copy them
// while the edges are being made; what is a file is uploaded.
type Delivery struct {
	Transcoder *transcoder.Transcoder
	Store      *storage.Store // that clips go into
	Object     storage.Source // the master
	Master     transcoder.Master
	URL        string // of the master, for ffmpeg
	// Private keys are known to nobody before Make returns: the store puts a clip together
	// under them while its joints are still being proved.
	Private bool
}

// Make makes one clip under key. Its report says what was moved. When it fails or ctx
// ends, nothing stays behind; folder is for small files.
func (d Delivery) Make(ctx context.Context, folder string, s transcoder.Source, req transcoder.Request, key string, progress transcoder.Progress) (made transcoder.Made, err error) {
	plan, err := transcoder.NewPlan(s, req)
	if err != nil {
		return made, err
	}
	object := d.Store.Assemble(key, transcoder.Made{Container: plan.Container}.MediaType(), d.Object)
	defer func() { err = errors.Join(err, object.Close(context.WithoutCancel(ctx))) }()
	d.Master.Ahead = func(runs []mp4.Piece) { object.Ahead(ctx, pieces(runs)) }
	if d.Private {
		d.Master.Unproved = func(layout mp4.Layout) { object.Start(ctx, pieces(layout)) }
	}
	if made, err = d.Transcoder.Make(ctx, d.Master, d.URL, folder, s, req, progress); err != nil {
		return made, err
	}
	report := &made.Report
	if made.Path != "" {
		report.BytesUploaded = report.Size
		if err := object.Close(ctx); err != nil {
			return made, err
		}
		return made, d.Store.Upload(ctx, key, made.Path, made.MediaType())
	}
	moved, err := object.Finish(ctx, pieces(made.Layout))
	if err != nil {
		return made, err
	}
	report.BytesRead += moved.Read
	report.BytesUploaded, report.BytesCopiedInside = moved.Uploaded, moved.Copied
	if moved.SHA256 != "" {
		report.SHA256 = &moved.SHA256
		return made, nil
	}
	stored, err := d.Store.Stat(ctx, key)
	report.Checksum = &stored.ETag
	return made, err
}

// pieces are runs of a layout as the store takes them.
func pieces(layout []mp4.Piece) []storage.Piece {
	all := make([]storage.Piece, len(layout))
	for i, p := range layout {
		all[i] = storage.Piece{Bytes: p.Bytes, Offset: p.Offset, Length: p.Length}
	}
	return all
}
