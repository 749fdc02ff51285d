package worker

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"subclip/catalog"
	"subclip/transcoder"

	"github.com/redis/go-redis/v9"
)

// TestCancel cancels a clip while ffmpeg works on it.
func TestCancel(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset := s.film(t)
	stop()
	s.work(t, slow(t))
	before := s.stored(t, "")
	clip, other := s.order(t, encoded(asset)), s.order(t, encoded(asset))
	if other.JobID != clip.JobID {
		t.Fatal("equal clips have two jobs")
	}
	await(t, "ffmpeg works", func() bool { return s.tools(t) == 1 })
	s.release(t, other.ID, "")
	s.awaitClip(t, clip.ID, catalog.ClipRunning)
	if s.tools(t) != 1 {
		t.Error("cancelling one of two equal clips stopped ffmpeg")
	}
	s.release(t, clip.ID, clip.JobID)
	await(t, "ffmpeg is gone", func() bool { return s.tools(t) == 0 })
	await(t, "the room is cleared", func() bool { return len(s.rooms(t)) == 0 })
	if got := s.stored(t, ""); !slices.Equal(got, before) {
		t.Errorf("the store holds %v, it held %v", got, before)
	}
	// The worker is free for the next one.
	next := s.order(t, encoded(asset))
	s.awaitClip(t, next.ID, catalog.ClipRunning)
	s.release(t, next.ID, next.JobID)
}

func (s *site) release(t *testing.T, clipID, wantRemoved string) {
	t.Helper()
	removed, err := s.ReleaseClip(t.Context(), catalog.Asker{}, clipID)
	check(t, err)
	if removed != wantRemoved {
		t.Errorf("removed is %q, want %q", removed, wantRemoved)
	}
	s.awaitClip(t, clipID, catalog.ClipCancelled)
}

// TestStop stops a worker in the middle of a job; another one does it.
func TestStop(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset := s.film(t)
	stop()
	stop = s.work(t, slow(t))
	clip := s.order(t, encoded(asset))
	await(t, "ffmpeg works", func() bool { return s.tools(t) == 1 })
	stop()
	if n := s.tools(t); n > 0 {
		t.Errorf("%d programs outlive their worker", n)
	}
	if left, err := os.ReadDir(s.scratch); err != nil || len(left) > 0 {
		t.Errorf("files outlive their worker: %v, %v", left, err)
	}
	job, err := s.Job(t.Context(), clip.JobID)
	check(t, err)
	if job.Status != catalog.JobQueued || job.Attempt != 2 || job.Failures != 0 {
		t.Errorf("the job is %+v", job)
	}
	s.work(t, "ffmpeg")
	clip = s.awaitClip(t, clip.ID, catalog.ClipReady)
	s.wantMade(t, clip, 2, transcoder.Range{In: 1, Out: filmFrames})
}

// wantMade checks that a clip was made in that attempt, none having failed, and that
// the store holds nothing else of its job.
func (s *site) wantMade(t *testing.T, clip *catalog.Clip, attempt int, r transcoder.Range) {
	t.Helper()
	if clip.Job.Attempt != attempt || clip.Job.Failures != 0 {
		t.Errorf("the job is %+v", clip.Job)
	}
	file := clip.Job.Result.Files[0]
	s.wantFrames(t, file.Key, r)
	if got := s.stored(t, catalog.JobPrefix(clip.JobID)); !slices.Equal(got, []string{file.Key}) {
		t.Errorf("the store holds %v, want %s alone", got, file.Key)
	}
}

// TestTakenOver has a job taken from a worker that is alive but was taken for
// dead: it must stop, and remove nothing of its successor's.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset := s.film(t)
	stop()
	clip := s.order(t, encoded(asset))
	stop = s.work(t, slow(t))
	await(t, "ffmpeg works", func() bool { return s.tools(t) == 1 })
	job, err := s.Job(t.Context(), clip.JobID)
	check(t, err)
	check(t, s.GiveBack(t.Context(), &job))
	await(t, "the first attempt has stopped", func() bool {
		now, err := s.Job(t.Context(), clip.JobID)
		check(t, err)
		return now.Attempt == 2 && len(s.rooms(t)) <= 1
	})
	stop()
	s.work(t, "ffmpeg")
	clip = s.awaitClip(t, clip.ID, catalog.ClipReady)
	s.wantFrames(t, clip.Job.Result.Files[0].Key, transcoder.Range{In: 1, Out: filmFrames})
}

// TestRedisFlushed empties Redis while one job runs and others wait.
func TestRedisFlushed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset := s.film(t)
	stop()
	running := []*catalog.Clip{s.order(t, encoded(asset))}
	request := encoded(asset)
	request.Ranges[0].In = "0.08"
	running = append(running, s.order(t, request))
	// The worker has two places, both are taken.
	s.work(t, script(t, `exec ffmpeg -readrate 0.8 "$@"`))
	for i, clip := range running {
		running[i] = s.awaitClip(t, clip.ID, catalog.ClipRunning)
	}
	waiting := s.order(t, catalog.ClipRequest{AssetID: asset.ID, Ranges: []catalog.Marks{{In: "1", Out: "2"}}})
	options, err := redis.ParseURL(s.redis.URL)
	check(t, err)
	client := redis.NewClient(options)
	defer func() { _ = client.Close() }()
	check(t, client.FlushAll(t.Context()).Err())
	for _, clip := range append(running, waiting) {
		attempt := clip.Job.Attempt // a second one where the other's ticket began it
		clip = s.awaitClip(t, clip.ID, catalog.ClipReady)
		s.wantMade(t, clip, attempt, clip.Job.Request.Ranges[0])
	}
}

// TestConcludeDone concludes jobs whose row is done although the worker was told
// otherwise: what they made must stay.
func TestConcludeDone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset := s.film(t)
	clip := s.awaitClip(t, s.order(t, encoded(asset)).ID, catalog.ClipReady)
	stop()
	w := s.worker(t, "ffmpeg")
	stopping, cancel := context.WithCancel(t.Context())
	cancel()
	for name, conclude := range map[string]func(){
		"lost":     func() { w.conclude(t.Context(), clip.Job, catalog.ErrLost, 0) },
		"failing":  func() { w.conclude(t.Context(), clip.Job, os.ErrDeadlineExceeded, 0) },
		"final":    func() { w.conclude(t.Context(), clip.Job, transcoder.ErrMedia, 0) },
		"stopping": func() { w.conclude(stopping, clip.Job, context.Canceled, 0) },
	} {
		conclude()
		s.awaitClip(t, clip.ID, catalog.ClipReady)
		if got := s.stored(t, clip.Job.ObjectPrefix()); len(got) != 1 {
			t.Fatalf("%s: what a done job made was removed: %v", name, got)
		}
	}
	check(t, w.scratch.close())
}

// TestDoneWhileBeating lets the heartbeat find the job done before the work has
// returned: the work has not been lost.
func TestDoneWhileBeating(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.worker(t, "ffmpeg")
	asset := s.publish(t, os.Getenv(filmPath))
	stop := s.work(t, "ffmpeg")
	asset = s.settled(t, asset.ID)
	stop()
	clip := s.order(t, encoded(asset))
	job, claimed, err := s.Claim(t.Context(), clip.JobID, 1, w.name)
	if err != nil || !claimed {
		t.Fatal(claimed, err)
	}
	check(t, s.Finish(t.Context(), &job, catalog.JobResult{}))
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		w.beat(ctx, cancel, &job, newProgress())
	}()
	select {
	case <-beating:
	case <-time.After(patience):
		t.Fatal("the heartbeat goes on")
	}
	if got := outcome(ctx, nil); got != nil {
		t.Errorf("a job that is done ends in %v", got)
	}
	check(t, w.scratch.close())
}

// TestScratch starts workers beside the folders of living and of dead ones.
func TestScratch(t *testing.T) {
	t.Parallel()
	base := filepath.Join(t.TempDir(), "odd [a-b] *")
	living, err := openScratch(base)
	check(t, err)
	dead := filepath.Join(base, "worker-dead", "job-1")
	foreign := filepath.Join(base, "other")
	for _, dir := range []string{dead, foreign} {
		check(t, os.MkdirAll(dir, 0o700))
		check(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	}
	room, err := living.room()
	check(t, err)
	check(t, os.WriteFile(room.path("clip.mp4"), nil, 0o600))
	next, err := openScratch(base)
	check(t, err)
	for path, want := range map[string]bool{filepath.Dir(dead): false, foreign: true, room.path("clip.mp4"): true, next.dir: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	room.close()
	check(t, living.close())
	check(t, next.close())
	if entries, err := os.ReadDir(base); err != nil || len(entries) != 1 {
		t.Errorf("left: %v, %v", entries, err)
	}
}
