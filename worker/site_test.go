package worker

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/catalog"
	"subclip/database"
	"subclip/queue"
	"subclip/sample"
	"subclip/storage"
	"subclip/transcoder"

	"github.com/caarlos0/env/v11"
	"github.com/google/uuid"
)

// patience is how long a test waits for what must happen.
const patience = 2 * time.Minute

// site is a whole service but for its API: a Redis, a database, a bucket and
// room for workers, all of the test's own.
type site struct {
	*catalog.Catalog
	redis   queue.Config
	queue   *queue.Queue
	store   *storage.Store
	scratch string

	database string // path of the file
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{scratch: filepath.Join(t.TempDir(), "scratch [1]"), database: filepath.Join(t.TempDir(), "subclip.db")}
	server, err := queue.StartServer(filepath.Join(t.TempDir(), "redis"), &s.redis)
	check(t, err)
	log := slog.New(slog.DiscardHandler)
	s.queue, err = queue.New(s.redis, log)
	check(t, err)
	db, err := database.Open(database.Config{URL: "sqlite://" + s.database}, catalog.Migrations())
	check(t, err)
	check(t, db.Migrate(t.Context()))
	s.Catalog, err = catalog.New(catalog.Config{
		KeepClips: time.Hour, KeepUploads: time.Hour, StaleAfter: 20 * time.Second,
	}, db, s.queue, log)
	check(t, err)
	cfg, err := env.ParseAs[storage.Config]()
	check(t, err)
	cfg.Bucket = "test-" + uuid.NewString()
	s.store, err = storage.New(t.Context(), cfg)
	check(t, err)
	check(t, s.store.EnsureBucket(t.Context()))
	t.Cleanup(func() {
		for _, err := range []error{db.Close(), s.queue.Close(), server.Stop()} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	return s
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// worker prepares a worker whose ffmpeg is a program.
func (s *site) worker(t *testing.T, ffmpeg string) *Worker {
	t.Helper()
	tools, err := transcoder.New(transcoder.Config{FFmpeg: ffmpeg, FFprobe: "ffprobe", Threads: 1, Memory: 2048})
	check(t, err)
	w, err := New(Config{Concurrency: 2, Scratch: s.scratch}, s.Catalog, s.queue, s.store, tools, slog.New(slog.DiscardHandler))
	check(t, err)
	return w
}

// work runs a worker until the test ends, or stop is called.
func (s *site) work(t *testing.T, ffmpeg string) (stop func()) {
	t.Helper()
	w := s.worker(t, ffmpeg)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(patience):
			t.Fatal("the worker does not stop")
		}
	}
	t.Cleanup(stop)
	return stop
}

// script writes a program that stands for ffmpeg.
func script(t *testing.T, lines string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ffmpeg")
	check(t, os.WriteFile(path, []byte("#!/bin/sh\n"+lines+"\n"), 0o700))
	return path
}

// slow is an ffmpeg that takes ten times as long as the film, so that it is
// caught at work.
func slow(t *testing.T) string {
	t.Helper()
	return script(t, `exec ffmpeg -readrate 0.1 "$@"`)
}

// publish puts a file into the store as a finished upload does.
func (s *site) publish(t *testing.T, path string) catalog.Asset {
	t.Helper()
	info, err := os.Stat(path)
	check(t, err)
	about := catalog.Metadata{Title: "A film: part 1", Filename: filepath.Base(path)}
	upload, _, err := s.NewUpload(t.Context(), "", about, info.Size(), catalog.Idempotency{})
	check(t, err)
	upload, err = s.StoreUpload(t.Context(), upload)
	check(t, err)
	check(t, s.store.Upload(t.Context(), upload.Key, path, "application/octet-stream"))
	asset, err := s.CompleteUpload(t.Context(), "", upload.ID)
	check(t, err)
	return asset
}

// film publishes the film and waits until all is made of it.
func (s *site) film(t *testing.T) catalog.Asset {
	t.Helper()
	return s.settled(t, s.publish(t, os.Getenv(filmPath)).ID)
}

// settled waits until all steps of an asset are done.
func (s *site) settled(t *testing.T, id string) catalog.Asset {
	t.Helper()
	asset := s.awaitAsset(t, id, catalog.AssetReady)
	await(t, "all steps are done", func() bool {
		steps, err := s.Steps(t.Context(), catalog.House(), id)
		check(t, err)
		for _, step := range steps {
			if step.Status == catalog.JobFailed {
				t.Fatalf("the step %s failed: %s", step.Kind, step.Reason)
			}
		}
		return !slices.ContainsFunc(steps, func(s catalog.Step) bool { return s.Status != catalog.JobDone })
	})
	asset, err := s.Asset(t.Context(), catalog.House(), asset.ID)
	check(t, err)
	return asset
}

// keys are the objects of an asset: its master and all that was made of it.
func keys(asset catalog.Asset) []string {
	all := append([]string{asset.MasterKey, asset.ProxyKey, asset.PosterKey}, asset.Storyboard.Sheets...)
	for _, waveform := range asset.Waveforms {
		all = append(all, waveform.Key)
	}
	for _, sound := range asset.ProxySounds {
		all = append(all, sound.Key)
	}
	return all
}

func (s *site) awaitAsset(t *testing.T, id string, want catalog.AssetStatus) (asset catalog.Asset) {
	t.Helper()
	await(t, "the asset is "+string(want), func() bool {
		var err error
		asset, err = s.Asset(t.Context(), catalog.House(), id)
		check(t, err)
		if asset.Status != want && asset.Status != catalog.AssetProcessing {
			t.Fatalf("the asset is %s: %s", asset.Status, asset.Reason)
		}
		return asset.Status == want
	})
	return asset
}

func (s *site) order(t *testing.T, request catalog.ClipRequest) *catalog.Clip {
	t.Helper()
	clip, err := s.CreateClip(t.Context(), request)
	check(t, err)
	return clip
}

func (s *site) awaitClip(t *testing.T, id string, want catalog.ClipStatus) (clip *catalog.Clip) {
	t.Helper()
	await(t, "the clip is "+string(want), func() bool {
		var err error
		clip, err = s.Clip(t.Context(), catalog.Asker{}, id)
		check(t, err)
		if clip.Status() != want && clip.Status().Ended() {
			t.Fatalf("the clip is %s: %s", clip.Status(), clip.Job.Failure)
		}
		return clip.Status() == want
	})
	return clip
}

// encoded asks for all but the first frame, encoded, which takes a while.
func encoded(asset catalog.Asset) catalog.ClipRequest {
	return catalog.ClipRequest{AssetID: asset.ID, Format: "h264-360p", Ranges: []catalog.Marks{{In: "0.04", Out: "4"}}}
}

// fetch downloads an object.
func (s *site) fetch(t *testing.T, key string) string {
	t.Helper()
	url, err := s.store.WorkerURL(t.Context(), key)
	check(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	check(t, err)
	res, err := http.DefaultClient.Do(req)
	check(t, err)
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", key, res.Status)
	}
	path := filepath.Join(t.TempDir(), filepath.Base(key))
	f, err := os.Create(path)
	check(t, err)
	_, err = io.Copy(f, res.Body)
	check(t, err)
	check(t, f.Close())
	return path
}

// wantFrames checks that an object shows exactly these frames of the film.
func (s *site) wantFrames(t *testing.T, key string, ranges ...transcoder.Range) {
	t.Helper()
	var want []int
	for _, r := range ranges {
		for frame := r.In; frame < r.Out; frame++ {
			want = append(want, int(frame))
		}
	}
	got, err := sample.Numbers(t.Context(), s.fetch(t, key))
	check(t, err)
	if !slices.Equal(got, want) {
		t.Errorf("%s shows frames %v, want %v", key, got, want)
	}
}

// stored lists what is under a prefix: objects, and unfinished uploads with a
// question mark.
func (s *site) stored(t *testing.T, prefix string) []string {
	t.Helper()
	keys := []string{}
	for object, err := range s.store.List(t.Context(), prefix) {
		check(t, err)
		keys = append(keys, object.Key)
	}
	for upload, err := range s.store.Unfinished(t.Context(), prefix) {
		check(t, err)
		keys = append(keys, upload.Key+"?")
	}
	return keys
}

// tools counts the programs that work in this site's scratch folder.
func (s *site) tools(t *testing.T) int {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	check(t, err)
	n := 0
	for _, path := range lines {
		if line, err := os.ReadFile(path); err == nil && strings.Contains(string(line), s.scratch) {
			n++
		}
	}
	return n
}

// rooms lists the files in the making.
func (s *site) rooms(t *testing.T) []string {
	t.Helper()
	var rooms []string
	check(t, filepath.WalkDir(s.scratch, func(path string, entry os.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(entry.Name(), "job-") {
			rooms = append(rooms, path)
		}
		return nil
	}))
	return rooms
}

func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !so(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatal(fmt.Sprint("not within ", patience, ": ", what))
		}
	}
}
