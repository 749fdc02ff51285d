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
	request := transcoder.Request{Ranges: ranges, Format: job.Request.Format}
	plan, err := transcoder.NewPlan(*asset.Source, request)
	if err != nil {
		return catalog.JobFile{}, err
	}
	name := fmt.Sprintf("%d.%s", index+1, plan.Container)
	key := job.ObjectPrefix() + name
	if plan.Method == transcoder.MethodSmart {
		report, err := w.compose(ctx, asset, key, contentType(plan.Container), request, room)
		if err == nil {
			return catalog.JobFile{Key: key, Name: fileName(asset, request, report, plan.Container), Report: report}, nil
		}
		why, ok := transcoder.WhyEncode(err)
		if !ok {
			return catalog.JobFile{}, err
		}
		w.log.Info("the clip is encoded", "job", job.ID, "because", err)
		request.MustEncode = why
	}
	path := room.path(name)
	report, err := w.transcoder.Cut(ctx, master, path, *asset.Source, request, progress)
	if err != nil {
		return catalog.JobFile{}, err
	}
	if err := w.store.Upload(ctx, key, path, contentType(plan.Container)); err != nil {
		return catalog.JobFile{}, err
	}
	report.BytesUploaded = report.Size
	return catalog.JobFile{Key: key, Name: fileName(asset, request, report, plan.Container), Report: report}, nil
}

// compose makes a clip inside the store, out of the master's own bytes.
func (w *Worker) compose(ctx context.Context, asset *catalog.Asset, key, contentType string, request transcoder.Request, room *room) (transcoder.Report, error) {
	master := transcoder.Master{ReaderAt: w.store.Reader(ctx, asset.MasterKey), Size: asset.Size}
	made, err := w.transcoder.Compose(ctx, master, room.dir, *asset.Source, request)
	if err != nil {
		return transcoder.Report{}, err
	}
	pieces := make([]storage.Piece, len(made.Layout))
	for i, p := range made.Layout {
		pieces[i] = storage.Piece{Bytes: p.Bytes, Offset: p.Offset, Length: p.Length}
	}
	moved, err := w.store.Compose(ctx, key, contentType, asset.MasterKey, pieces)
	if err != nil {
		return transcoder.Report{}, err
	}
	report := made.Report
	report.BytesRead += moved.Read
	report.BytesUploaded, report.BytesCopiedInside = moved.Uploaded, moved.Copied
	if moved.SHA256 != "" {
		report.SHA256 = &moved.SHA256
		return report, nil
	}
	object, err := w.store.Stat(ctx, key)
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
