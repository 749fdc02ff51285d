package worker

import (
	"context"
	"fmt"
	"strings"

	"subclip/catalog"
	"subclip/storage"
	"subclip/transcoder"
)

// clip makes ranges of a master, or all of it, in a format: one file, or one for
// each range.
func (w *Worker) clip(ctx context.Context, job *catalog.Job, asset *catalog.Asset, room *room, progress transcoder.Progress) error {
	master, err := w.store.WorkerURL(ctx, asset.MasterKey)
	if err != nil {
		return err
	}
	files := [][]transcoder.Range{job.Request.Ranges}
	if job.Request.Separate {
		files = files[:0]
		for _, r := range job.Request.Ranges {
			files = append(files, []transcoder.Range{r})
		}
	}
	var result catalog.JobResult
	for i, ranges := range files {
		part := func(done float64) { progress((float64(i) + done) / float64(len(files))) }
		file, err := w.clipFile(ctx, job, asset, master, ranges, i, room, part)
		if err != nil {
			return err
		}
		result.Files = append(result.Files, file)
	}
	return w.catalog.Finish(ctx, job, result)
}

func (w *Worker) clipFile(ctx context.Context, job *catalog.Job, asset *catalog.Asset, master string,
	ranges []transcoder.Range, index int, room *room, progress transcoder.Progress,
) (catalog.JobFile, error) {
	request := transcoder.Request{Ranges: ranges, Format: job.Request.Format, Audio: job.Request.Audio, Restrictions: job.Request.Restrictions}
	bytes := transcoder.Master{ReaderAt: w.store.Reader(ctx, asset.MasterKey), Size: asset.Size}
	made, err := w.transcoder.Make(ctx, bytes, master, room.dir, *asset.Source, request, progress)
	if err != nil {
		return catalog.JobFile{}, err
	}
	w.log.Info("a clip is made", "job", job.ID, "method", made.Report.Method, "because", made.Report.Reason)
	key := fmt.Sprintf("%s%d.%s", job.ObjectPrefix(), index+1, made.Container)
	report, err := Deliver(ctx, made, w.store.Source(asset.MasterKey), w.store, key)
	if err != nil {
		return catalog.JobFile{}, err
	}
	return catalog.JobFile{Key: key, Name: fileName(asset, request, report, made.Container), Report: report}, nil
}

// Deliver puts a clip of a master into the store under key: what is a file is
// uploaded, what is a composition is put together inside the store. The report then
// says what was moved.
func Deliver(ctx context.Context, made transcoder.Made, master storage.Source, store *storage.Store, key string) (transcoder.Report, error) {
	report := made.Report
	if made.Path != "" {
		report.BytesUploaded = report.Size
		return report, store.Upload(ctx, key, made.Path, contentType(made.Container))
	}
	pieces := make([]storage.Piece, len(made.Layout))
	for i, p := range made.Layout {
		pieces[i] = storage.Piece{Bytes: p.Bytes, Offset: p.Offset, Length: p.Length}
	}
	moved, err := store.Compose(ctx, key, contentType(made.Container), master, pieces)
	if err != nil {
		return report, err
	}
	report.BytesRead += moved.Read
	report.BytesUploaded, report.BytesCopiedInside = moved.Uploaded, moved.Copied
	if moved.SHA256 != "" {
		report.SHA256 = &moved.SHA256
		return report, nil
	}
	object, err := store.Stat(ctx, key)
	report.Checksum = &object.ETag
	return report, err
}

func contentType(container string) string {
	if container == "mov" {
		return "video/quicktime"
	}
	return "video/mp4"
}

// fileName says what is inside: title, marks and, where it is not the master's
// own, the format. A long title is cut short, never the rest.
func fileName(asset *catalog.Asset, request transcoder.Request, report transcoder.Report, container string) string {
	var words []string
	if n := len(request.Ranges); n > 0 {
		words = append(words, report.Ranges[0].In, report.Ranges[len(report.Ranges)-1].Out)
		if n > 1 {
			words = append(words, fmt.Sprintf("%d ranges", n))
		}
	}
	if request.Format != transcoder.SourceFormat {
		words = append(words, request.Format)
	}
	ending := "." + container
	if len(words) > 0 {
		ending = "-" + storage.SafeFilename(strings.Join(words, " "), ending)
	}
	return storage.SafeFilename(asset.Title, ending)
}
