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
	plan, err := transcoder.NewPlan(*asset.Source, request)
	if err != nil {
		return catalog.JobFile{}, err
	}
	key := fmt.Sprintf("%s%d.%s", job.ObjectPrefix(), index+1, plan.Container)
	delivery := Delivery{
		Transcoder: w.transcoder, Store: w.store, Object: w.store.Source(asset.MasterKey), URL: master, Private: true,
		Master: transcoder.Master{ReaderAt: w.store.Reader(ctx, asset.MasterKey), Size: asset.Size},
	}
	made, err := delivery.Make(ctx, room.dir, *asset.Source, request, key, progress)
	if err != nil {
		return catalog.JobFile{}, err
	}
	w.log.Info("a clip is made", "job", job.ID, "method", made.Report.Method, "because", made.Report.Reason)
	return catalog.JobFile{Key: key, Name: fileName(asset, request, made.Report, made.Container), Report: made.Report}, nil
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
