package worker

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/catalog"
	"subclip/storage"
	"subclip/transcoder"

	"github.com/google/uuid"
)

// put stores a small object.
func (s *site) put(t *testing.T, keys ...string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "small")
	check(t, os.WriteFile(path, []byte("abc"), 0o600))
	for _, key := range keys {
		check(t, s.store.Upload(t.Context(), key, path, "video/mp4"))
	}
}

// begin leaves an unfinished upload.
func (s *site) begin(t *testing.T, keys ...string) {
	t.Helper()
	for _, key := range keys {
		_, err := s.store.CreateUpload(t.Context(), key, "video/mp4")
		check(t, err)
	}
}

// newUpload records an upload whose master is on its way.
func (s *site) newUpload(t *testing.T) *catalog.Upload {
	t.Helper()
	upload, _, err := s.NewUpload(t.Context(), "", catalog.Metadata{Title: "Film", Filename: "film.mp4"}, 3, catalog.Idempotency{})
	check(t, err)
	upload, err = s.StoreUpload(t.Context(), upload)
	check(t, err)
	return upload
}

func unknownID() string { return strings.ReplaceAll(uuid.NewString(), "-", "") }

// TestSweep leaves objects and unfinished uploads of every kind about.
func TestSweep(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset := s.film(t)
	request := encoded(asset)
	done := s.awaitClip(t, s.order(t, request).ID, catalog.ClipReady)
	stop()
	queued := s.order(t, catalog.ClipRequest{AssetID: asset.ID, Ranges: []catalog.Marks{{In: "1", Out: "2"}}})
	given := s.order(t, catalog.ClipRequest{AssetID: asset.ID, Ranges: []catalog.Marks{{In: "1", Out: "3"}}})
	job, _, err := s.Claim(t.Context(), given.JobID, 1, "worker")
	check(t, err)
	check(t, s.GiveBack(t.Context(), &job))
	cancelled := s.order(t, catalog.ClipRequest{AssetID: asset.ID, Ranges: []catalog.Marks{{In: "2", Out: "3"}}})
	_, err = s.ReleaseClip(t.Context(), catalog.Asker{}, cancelled.ID)
	check(t, err)
	open, aborted := s.newUpload(t), s.newUpload(t)
	check(t, s.AbortUpload(t.Context(), "", aborted.ID))

	needed := []string{
		catalog.JobPrefix(queued.JobID) + "1/1.mp4", catalog.JobPrefix(given.JobID) + "2/1.mp4", open.Key,
		// Others' keys, and a master that the database has forgotten.
		"backup.tar", "made/notes.txt", "made/by-hand/1/a.mp4", catalog.JobPrefix(queued.JobID) + "notes/a.txt",
		"masters/incoming/film.mp4", "masters/film.mp4", "masters/" + unknownID() + "/film.mp4", "other/" + unknownID() + "/1/a.mp4",
	}
	s.put(t, needed...)
	s.put(t,
		catalog.JobPrefix(done.JobID)+"2/1.mp4", catalog.JobPrefix(given.JobID)+"1/1.mp4", catalog.JobPrefix(given.JobID)+"1/2.mp4",
		catalog.JobPrefix(cancelled.JobID)+"1/1.mp4", catalog.JobPrefix(unknownID())+"1/1.mp4", aborted.Key)
	pending := []string{
		catalog.JobPrefix(queued.JobID) + "1/2.mp4", open.Key, "other/film.mp4",
		// These may have been opened by a request that is about to record them.
		"masters/" + unknownID() + "/film.mp4", aborted.Key,
	}
	s.begin(t, pending...)
	s.begin(t, catalog.JobPrefix(given.JobID)+"1/3.mp4", catalog.JobPrefix(unknownID())+"1/1.mp4")

	want := slices.Concat(needed, keys(asset), []string{done.Job.Result.Files[0].Key})
	for _, key := range pending {
		want = append(want, key+"?")
	}
	w := s.worker(t, "ffmpeg")
	check(t, w.sweep(t.Context()))
	got := s.stored(t, "")
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("after the sweep:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	check(t, w.scratch.close())
}

// TestSweepOldUploads sweeps long after uploads were opened.
func TestSweepOldUploads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	open, aborted := s.newUpload(t), s.newUpload(t)
	check(t, s.AbortUpload(t.Context(), "", aborted.ID))
	s.begin(t, open.Key, aborted.Key, "masters/"+unknownID()+"/film.mp4", "masters/incoming/film.mp4")
	w := s.worker(t, "ffmpeg")
	check(t, w.sweepUploads(t.Context(), time.Now().Add(2*orphanAge)))
	if got, want := s.stored(t, ""), []string{open.Key + "?", "masters/incoming/film.mp4?"}; !slices.Equal(got, want) {
		t.Errorf("after the sweep: %v, want %v", got, want)
	}
	check(t, w.scratch.close())
}

// TestSweepPosted sweeps what forms have brought: it is kept while its upload waits, and of
// what was made of it only the master.
func TestSweepPosted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	posted := func() *catalog.Upload {
		upload, _, err := s.NewPostedUpload(t.Context(), "", catalog.Metadata{Title: "Film", Filename: "film.mp4"}, catalog.Idempotency{})
		check(t, err)
		upload, err = s.StoreUpload(t.Context(), upload)
		check(t, err)
		return upload
	}
	waits, taken, aborted := posted(), posted(), posted()
	check(t, s.AbortUpload(t.Context(), "", aborted.ID))
	master, other := taken.MasterKey(unknownID()), taken.MasterKey(unknownID())
	if ok, err := s.TakePosted(t.Context(), taken, master, 1); !ok || err != nil {
		t.Fatalf("the master is not taken: %v", err)
	}
	if again, err := s.TakePosted(t.Context(), taken, other, 1); again || err != nil {
		t.Errorf("another master is taken, too: %v", err)
	}
	_, err := s.CompleteUpload(t.Context(), "", taken.ID)
	check(t, err)
	tried := waits.MasterKey(unknownID())
	s.put(t, waits.PostedKey(), taken.PostedKey(), aborted.PostedKey(), master, other, tried)
	w := s.worker(t, "ffmpeg")
	check(t, w.sweep(t.Context()))
	want := []string{waits.PostedKey(), master, tried}
	slices.Sort(want)
	if got := s.stored(t, ""); !slices.Equal(got, want) {
		t.Errorf("after the sweep: %v, want %v", got, want)
	}
	check(t, w.scratch.close())
}

// TestExpire lets clips and uploads outlive their time.
func TestExpire(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset := s.film(t)
	old := s.awaitClip(t, s.order(t, encoded(asset)).ID, catalog.ClipReady)
	request := encoded(asset)
	request.Ranges[0].In = "2"
	young := s.awaitClip(t, s.order(t, request).ID, catalog.ClipReady)
	stop()
	forgotten, open := s.newUpload(t), s.newUpload(t)
	s.begin(t, forgotten.Key, open.Key)
	past := time.Now().UTC().Add(-time.Minute).Format("2006-01-02 15:04:05-07:00")
	s.exec(t, "UPDATE clips SET kept_until = ? WHERE id = ?", past, old.ID)
	s.exec(t, "UPDATE jobs SET kept_until = ? WHERE id = ?", past, old.JobID)
	s.exec(t, "UPDATE uploads SET expires_at = ? WHERE id = ?", past, forgotten.ID)

	w := s.worker(t, "ffmpeg")
	check(t, w.expire(t.Context()))
	s.awaitClip(t, old.ID, catalog.ClipExpired)
	s.awaitClip(t, young.ID, catalog.ClipReady)
	want := append(keys(asset), young.Job.Result.Files[0].Key, open.Key+"?")
	got := s.stored(t, "")
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the store holds %v, want %v", got, want)
	}
	check(t, w.scratch.close())

	s.work(t, "ffmpeg")
	again := s.awaitClip(t, s.order(t, encoded(asset)).ID, catalog.ClipReady)
	s.wantFrames(t, again.Job.Result.Files[0].Key, transcoder.Range{In: 1, Out: filmFrames})
}

// exec changes rows behind the catalogue's back.
func (s *site) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.database+"?_pragma=busy_timeout(10000)")
	check(t, err)
	defer func() { _ = db.Close() }()
	res, err := db.ExecContext(t.Context(), query, args...)
	check(t, err)
	if n, err := res.RowsAffected(); n != 1 || err != nil {
		t.Fatalf("%d rows were changed: %v", n, err)
	}
}

// TestStoreGone keeps house while the store is away: it says so and goes on.
func TestStoreGone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	forgotten := s.newUpload(t)
	s.exec(t, "UPDATE uploads SET expires_at = ? WHERE id = ?", "2026-01-01 00:00:00+00:00", forgotten.ID)
	var err error
	s.store, err = storage.New(t.Context(), storage.Config{
		Endpoint: "http://127.0.0.1:1", Bucket: "none", Region: "us-east-1", AccessKeyID: "a", SecretAccessKey: "b", URLExpiry: time.Hour, PathStyle: true,
	})
	check(t, err)
	w := s.worker(t, "ffmpeg")
	for name, do := range map[string]error{"expire": w.expire(t.Context()), "sweep": w.sweep(t.Context())} {
		if do == nil {
			t.Errorf("%s gives no error", name)
		}
	}
	if upload, err := s.Upload(t.Context(), "", forgotten.ID); err != nil || upload.Status != catalog.UploadAborted {
		t.Errorf("the upload is %+v, %v", upload, err)
	}
	check(t, w.scratch.close())
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for concurrency, valid := range map[int]bool{-1: false, 0: true, 1: true, 64: true, 65: false} {
		err := Config{Concurrency: concurrency}.Validate()
		if (err == nil) != valid || (err != nil && !strings.Contains(err.Error(), "SUBCLIP_CONCURRENCY")) {
			t.Errorf("concurrency %d: %v", concurrency, err)
		}
	}
}

func TestRetryPause(t *testing.T) {
	t.Parallel()
	want := []time.Duration{2 * time.Second, 8 * time.Second, 32 * time.Second, 2 * time.Minute, 2 * time.Minute, 2 * time.Minute}
	for failures, pause := range want {
		if got := retryPause(failures); got != pause {
			t.Errorf("after %d failures %s, want %s", failures, got, pause)
		}
	}
}

func TestFileName(t *testing.T) {
	t.Parallel()
	report := transcoder.Report{Ranges: []transcoder.ReportRange{{In: "10:00:00:00", Out: "10:00:01:00"}, {In: "10:00:02;00", Out: "10:00:03;00"}}}
	two := make([]transcoder.Range, 2)
	long := strings.Repeat("very long title ", 40)
	tests := []struct {
		title, format string
		ranges        []transcoder.Range
		want          string
	}{
		{"Film", "source", nil, "Film.mov"},
		{"Film", "h264-360p", nil, "Film-h264-360p.mov"},
		{"Film", "source", two, "Film-10-00-00-00-10-00-03-00-2-ranges.mov"},
		{"", "source", two[:1], "video-10-00-00-00-10-00-03-00.mov"},
		{long, "h264-360p", two, "-10-00-00-00-10-00-03-00-2-ranges-h264-360p.mov"},
	}
	for _, tt := range tests {
		got := fileName(&catalog.Asset{Metadata: catalog.Metadata{Title: tt.title}}, transcoder.Request{Ranges: tt.ranges, Format: tt.format}, report, "mov")
		if !strings.HasSuffix(got, tt.want) || len(got) > 200 || (tt.title != long && got != tt.want) {
			t.Errorf("%.10s, %s, %d ranges: %s, want %s", tt.title, tt.format, len(tt.ranges), got, tt.want)
		}
	}
}

// TestWithdraw withdraws an asset of which a clip is made, a rendition too, and
// another clip is being made: all of it goes, and the master stays.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset := s.film(t)
	done := s.awaitClip(t, s.order(t, encoded(asset)).ID, catalog.ClipReady)
	rendition, _, err := s.Rendition(t.Context(), catalog.House(), asset.ID, "h264-360p")
	check(t, err)
	await(t, "the rendition is made", func() bool {
		job, err := s.Job(t.Context(), rendition.ID)
		check(t, err)
		return job.Status == catalog.JobDone
	})
	stop()
	s.work(t, slow(t))
	request := encoded(asset)
	request.Ranges[0].In = "1"
	running := s.awaitClip(t, s.order(t, request).ID, catalog.ClipRunning)
	await(t, "ffmpeg works", func() bool { return s.tools(t) == 1 })
	_, err = s.Withdraw(t.Context(), catalog.House(), asset.ID)
	check(t, err)
	s.awaitClip(t, done.ID, catalog.ClipCancelled)
	s.awaitClip(t, running.ID, catalog.ClipCancelled)

	w := s.worker(t, "ffmpeg")
	check(t, w.expire(t.Context()))
	want := keys(asset)
	slices.Sort(want)
	await(t, "only the master and what its steps made are left, and nobody works", func() bool {
		left := s.stored(t, "")
		slices.Sort(left)
		return slices.Equal(left, want) && s.tools(t) == 0 && len(s.rooms(t)) == 0
	})
	check(t, w.scratch.close())
}
