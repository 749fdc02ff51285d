package worker

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"subclip/catalog"
	"subclip/transcoder"

	"golang.org/x/text/language"
)

// work is how the jobs of a kind are done: it makes what a job asks for in a room on
// disk, puts it into the store and records it.
type work func(ctx context.Context, job *catalog.Job, asset *catalog.Asset, room *room, progress transcoder.Progress) error

func (w *Worker) workOf(kind catalog.JobKind) work {
	switch kind {
	case catalog.JobIngest:
		return w.ingest
	case catalog.JobProxy:
		return w.proxy
	case catalog.JobPoster:
		return w.poster
	case catalog.JobStoryboard:
		return w.storyboard
	case catalog.JobSound:
		return w.sound
	case catalog.JobCaptions:
		return w.captions
	}
	return w.clip
}

func (w *Worker) proxy(ctx context.Context, job *catalog.Job, asset *catalog.Asset, room *room, progress transcoder.Progress) error {
	master, err := w.store.WorkerURL(ctx, asset.MasterKey)
	if err != nil {
		return err
	}
	source, file := *asset.Source, room.path("proxy.mp4")
	if source.Frames, err = w.transcoder.Proxy(ctx, master, file, source, progress); err != nil {
		return err
	}
	made := catalog.Made{Source: &source}
	if made.ProxyKey, err = w.put(ctx, job, file, "video/mp4"); err != nil {
		return err
	}
	sounds, err := w.transcoder.ProxySounds(ctx, file, room.dir, source)
	if err != nil {
		return err
	}
	made.ProxySounds = []catalog.ProxySound{}
	for i, sound := range sounds {
		key, err := w.put(ctx, job, sound, "audio/mp4")
		if err != nil {
			return err
		}
		made.ProxySounds = append(made.ProxySounds, catalog.ProxySound{Track: i + 1, Key: key})
	}
	return w.catalog.FinishStep(ctx, job, made)
}

func (w *Worker) poster(ctx context.Context, job *catalog.Job, asset *catalog.Asset, room *room, _ transcoder.Progress) error {
	proxy, err := w.store.WorkerURL(ctx, asset.ProxyKey)
	if err != nil {
		return err
	}
	file := room.path("poster.jpg")
	if err := w.transcoder.Poster(ctx, proxy, file, *asset.Source); err != nil {
		return err
	}
	var made catalog.Made
	if made.PosterKey, err = w.put(ctx, job, file, "image/jpeg"); err != nil {
		return err
	}
	return w.catalog.FinishStep(ctx, job, made)
}

func (w *Worker) storyboard(ctx context.Context, job *catalog.Job, asset *catalog.Asset, room *room, progress transcoder.Progress) error {
	proxy, err := w.store.WorkerURL(ctx, asset.ProxyKey)
	if err != nil {
		return err
	}
	board, err := w.transcoder.Storyboard(ctx, proxy, room.dir, *asset.Source, progress)
	if err != nil {
		return err
	}
	made := catalog.Storyboard(board)
	made.Sheets = make([]string, len(board.Sheets))
	for i, sheet := range board.Sheets {
		if made.Sheets[i], err = w.put(ctx, job, sheet, "image/jpeg"); err != nil {
			return err
		}
	}
	return w.catalog.FinishStep(ctx, job, catalog.Made{Storyboard: &made})
}

func (w *Worker) sound(ctx context.Context, job *catalog.Job, asset *catalog.Asset, room *room, progress transcoder.Progress) error {
	master, err := w.store.WorkerURL(ctx, asset.MasterKey)
	if err != nil {
		return err
	}
	tracks, err := w.transcoder.Sound(ctx, master, room.dir, *asset.Source, progress)
	if err != nil {
		return err
	}
	made := catalog.Made{Waveforms: []catalog.Waveform{}, Loudness: []catalog.Loudness{}}
	for i, track := range tracks {
		key, err := w.put(ctx, job, track.Peaks, "application/octet-stream")
		if err != nil {
			return err
		}
		made.Waveforms = append(made.Waveforms, catalog.Waveform{Track: i, Key: key, Channels: track.Channels, PerSecond: track.PerSecond})
		made.Loudness = append(made.Loudness, catalog.Loudness{Track: i, Integrated: track.Integrated, Range: track.Range, TruePeak: track.TruePeak})
	}
	return w.catalog.FinishStep(ctx, job, made)
}

// captions stores captions per language; of several tracks in one, that which says
// most.
func (w *Worker) captions(ctx context.Context, job *catalog.Job, asset *catalog.Asset, room *room, progress transcoder.Progress) error {
	tracks, err := w.readCaptions(ctx, job, asset, room, progress)
	if err != nil {
		return err
	}
	said := map[string][]transcoder.Cue{}
	for _, track := range tracks {
		if tag := languageTag(track.Language); len(track.Cues) > len(said[tag]) {
			said[tag] = track.Cues
		}
	}
	for tag, cues := range said {
		// The job must still be ours: captions have no fence of their own.
		if err := w.catalog.Hold(ctx, job); err != nil {
			return fmt.Errorf("before captions are stored: %w", err)
		}
		rows := make([]catalog.Cue, len(cues))
		for i, cue := range cues {
			rows[i] = catalog.Cue(cue)
		}
		if err := w.catalog.PutCaptions(ctx, asset.ID, tag, catalog.CaptionsExtracted, rows); err != nil {
			return err
		}
	}
	return w.catalog.FinishStep(ctx, job, catalog.Made{})
}

// readCaptions reads the captions of a master: its tracks, its pictures, and what lies beside
// these. What cannot be read of the last keeps nothing else from being read.
func (w *Worker) readCaptions(ctx context.Context, job *catalog.Job, asset *catalog.Asset, room *room, progress transcoder.Progress) ([]transcoder.Captions, error) {
	master, err := w.store.WorkerURL(ctx, asset.MasterKey)
	if err != nil {
		return nil, err
	}
	proxy, err := w.store.WorkerURL(ctx, asset.ProxyKey)
	if err != nil {
		return nil, err
	}
	half := func(from float64) transcoder.Progress { return func(done float64) { progress(from + done/2) } }
	tracks, err := w.transcoder.Captions(ctx, master, proxy, room.dir, *asset.Source, half(0))
	if err != nil {
		return nil, err
	}
	stored := transcoder.Master{ReaderAt: w.store.Reader(ctx, asset.MasterKey), Size: asset.Size}
	beside, err := w.transcoder.AncillaryCaptions(ctx, stored, room.dir, *asset.Source, half(0.5))
	if errors.Is(err, transcoder.ErrMedia) {
		w.log.Warn("not all captions of a master can be read", "job", job.ID, "error", withCauses(err))
		err = nil
	}
	return joinCaptions(tracks, beside), err
}

// joinCaptions are captions of both, less those in no language that the second has in one: a
// master may have the same in its pictures and beside them.
func joinCaptions(tracks, beside []transcoder.Captions) []transcoder.Captions {
	text := func(a, b transcoder.Cue) bool { return a.Text == b.Text } // times may be rounded otherwise
	named := func(in transcoder.Captions) bool {
		return in.Language == "" && slices.ContainsFunc(beside, func(b transcoder.Captions) bool {
			return b.Language != "" && slices.EqualFunc(in.Cues, b.Cues, text)
		})
	}
	return append(slices.DeleteFunc(tracks, named), beside...)
}

// languageTag is the BCP 47 tag of a language that a file names, mostly by ISO 639-2.
func languageTag(name string) string {
	tag, err := language.Parse(name)
	if err != nil {
		return language.Und.String()
	}
	return tag.String()
}

// put stores a file of a job's room and returns its key.
func (w *Worker) put(ctx context.Context, job *catalog.Job, path, mediaType string) (string, error) {
	key := job.ObjectPrefix() + filepath.Base(path)
	return key, w.store.Upload(ctx, key, path, mediaType)
}
