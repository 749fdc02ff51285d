package catalog

import (
	"context"
	"testing"
	"time"
)

func TestReconcileStale(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			_, ingest := h.newAsset(t, Metadata{Title: "Film"})
			clip := h.clip(t, wish(asset.ID, 1))
			alive, silent, ingesting := h.claim(t, *h.clip(t, wish(asset.ID, 2)).Job), h.claim(t, *clip.Job), h.claim(t, ingest)
			h.silence(t, silent)
			h.silence(t, ingesting)
			_, errs := together(t.Context(), 5, func(ctx context.Context, _ int) (struct{}, error) { return struct{}{}, h.Reconcile(ctx) })
			for _, err := range errs {
				if err != nil {
					t.Error(err)
				}
			}
			if got := h.job(t, alive.ID); got.Status != JobRunning || got.Attempt != 1 {
				t.Errorf("the living worker's job is %s, attempt %d", got.Status, got.Attempt)
			}
			for _, job := range []Job{silent, ingesting} {
				got := h.job(t, job.ID)
				if got.Status != JobQueued || got.Attempt != 2 || got.Failures != 1 || got.Owner != "" {
					t.Errorf("the silent worker's job is %+v", got)
				}
				if !h.hasTicket(t, got) {
					t.Error("it was not queued")
				}
			}
		})
	}
}

// TestReconcileDeadly has a job that every worker dies of.
func TestReconcileDeadly(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			clip := h.clip(t, wish(h.asset(t).ID, 1))
			for h.job(t, clip.JobID).Status == JobQueued {
				h.silence(t, h.claim(t, h.job(t, clip.JobID)))
				if err := h.Reconcile(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			got := h.readClip(t, clip.ID)
			if got.Status() != ClipFailed || got.Job.Failures != MaxFailures || got.Job.Attempt != MaxFailures {
				t.Errorf("the clip is %s, its job %+v", got.Status(), got.Job)
			}
		})
	}
}

func TestReconcileTickets(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			lost, kept, cancelled := h.clip(t, wish(asset.ID, 1)), h.clip(t, wish(asset.ID, 2)), h.clip(t, wish(asset.ID, 3))
			running := h.claim(t, *h.clip(t, wish(asset.ID, 4)).Job)
			must[string](t)(h.ReleaseClip(t.Context(), "", cancelled.ID))
			for _, job := range []Job{*lost.Job, *cancelled.Job, running} {
				h.loseTicket(t, job)
			}
			for range 2 {
				if err := h.Reconcile(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for name, tt := range map[string]struct {
				job  Job
				want bool
			}{
				"lost": {*lost.Job, true}, "kept": {*kept.Job, true}, "cancelled": {*cancelled.Job, false}, "running": {running, false},
			} {
				if got := h.hasTicket(t, tt.job); got != tt.want {
					t.Errorf("the %s job has a ticket: %v", name, got)
				}
				if got := h.job(t, tt.job.ID); got.Attempt != 1 {
					t.Errorf("the %s job is at attempt %d", name, got.Attempt)
				}
			}
		})
	}
}

// TestReconcileOrphan finds a ticket that a worker took to its grave.
func TestReconcileOrphan(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			job := h.clip(t, wish(h.asset(t).ID, 1)).Job
			// asynq puts away what it cannot run; the ticket is of no use then.
			if err := h.inspector.ArchiveTask("clip", job.ID+":1"); err != nil {
				t.Fatal(err)
			}
			if err := h.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := h.job(t, job.ID)
			if got.Status != JobQueued || got.Attempt != 2 || got.Failures != 0 || !h.hasTicket(t, got) {
				t.Errorf("the job is %+v, queued: %v", got, h.hasTicket(t, got))
			}
		})
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			kept := func(id string, attempt int) bool {
				t.Helper()
				return must[bool](t)(h.Kept(t.Context(), id, attempt))
			}
			if kept("nothing", 1) {
				t.Error("what no job made is kept")
			}
			for i, tt := range []struct {
				status JobStatus
				want   bool
			}{{JobQueued, true}, {JobRunning, true}, {JobDone, true}, {JobFailed, false}} {
				job := h.bring(t, h.clip(t, wish(asset.ID, i)), tt.status)
				if got := kept(job.ID, 1); got != tt.want {
					t.Errorf("%s: kept is %v", tt.status, got)
				}
				if kept(job.ID, 2) || kept(job.ID, 0) {
					t.Errorf("%s: another attempt's is kept", tt.status)
				}
			}
			clip := h.clip(t, wish(asset.ID, 10))
			job := h.claim(t, *clip.Job)
			if err := h.GiveBack(t.Context(), &job); err != nil {
				t.Fatal(err)
			}
			if kept(job.ID, 1) || !kept(job.ID, 2) {
				t.Error("what a former attempt made is kept, or the next one's is not")
			}
			must[string](t)(h.ReleaseClip(t.Context(), "", clip.ID))
			if kept(job.ID, 2) {
				t.Error("what a cancelled job made is kept")
			}
			h.exec(t, "UPDATE jobs SET status = ? WHERE id = ?", JobRemoved, job.ID)
			if kept(job.ID, 2) {
				t.Error("what was removed is kept")
			}
		})
	}
}

func TestJobCounts(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			for i, status := range []JobStatus{JobQueued, JobQueued, JobRunning, JobDone, JobFailed} {
				h.bring(t, h.clip(t, wish(asset.ID, i)), status)
			}
			counts, err := h.JobCounts(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if c := counts[JobClip]; c[JobQueued] != 2 || c[JobRunning] != 1 || len(c) != 2 {
				t.Errorf("clips: %v", c)
			}
			if c, ok := counts[JobRendition]; !ok || c[JobQueued] != 0 {
				t.Errorf("renditions: %v", c)
			}
		})
	}
}

func TestRendition(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			if job, got, err := h.Rendition(t.Context(), Asker{}, asset.ID, ""); job != nil || err != nil || got.MasterKey != asset.MasterKey {
				t.Errorf("the master itself: %v, %v", job, err)
			}
			_, _, err := h.Rendition(t.Context(), Asker{}, asset.ID, "h265")
			wantError(t, err, Invalid, "format", "choose one of")
			jobs, errs := together(t.Context(), 8, func(ctx context.Context, _ int) (*Job, error) {
				job, _, err := h.Rendition(ctx, Asker{}, asset.ID, "h264-360p")
				return job, err
			})
			for i := range jobs {
				if errs[i] != nil || jobs[i].ID != jobs[0].ID {
					t.Fatalf("request %d: %v, %v", i, jobs[i], errs[i])
				}
			}
			if !h.hasTicket(t, *jobs[0]) {
				t.Error("the job was not queued")
			}
			job := h.claim(t, *jobs[0])
			if err := h.Finish(t.Context(), &job, result("r.mp4")); err != nil {
				t.Fatal(err)
			}
			again, _, err := h.Rendition(t.Context(), Asker{}, asset.ID, "h264-360p")
			if err != nil || again.ID != job.ID || again.Status != JobDone || again.Result.Files[0].Name != "r.mp4" {
				t.Errorf("asked for again: %+v, %v", again, err)
			}
			if again.KeptUntil != (time.Time{}) {
				t.Errorf("a rendition is kept until %s only", again.KeptUntil)
			}
		})
	}
}
