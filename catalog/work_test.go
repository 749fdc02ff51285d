package catalog

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"subclip/database"
)

func TestClaimExclusive(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			job := h.clip(t, wish(h.asset(t).ID, 1)).Job
			type answer struct {
				job     Job
				claimed bool
			}
			answers, errs := together(t.Context(), 10, func(ctx context.Context, i int) (answer, error) {
				got, claimed, err := h.Claim(ctx, job.ID, job.Attempt, fmt.Sprint("worker-", i))
				return answer{got, claimed}, err
			})
			winners := 0
			for i, a := range answers {
				if errs[i] != nil {
					t.Fatal(errs[i])
				}
				if !a.claimed {
					continue
				}
				winners++
				if a.job.Status != JobRunning || a.job.Owner != fmt.Sprint("worker-", i) || a.job.Attempt != 1 || a.job.Request.Format != "source" {
					t.Errorf("claimed %+v", a.job)
				}
			}
			if winners != 1 {
				t.Errorf("%d workers have claimed the job", winners)
			}
			for _, attempt := range []int{0, 2} {
				if _, claimed, err := h.Claim(t.Context(), job.ID, attempt, "late"); claimed || err != nil {
					t.Errorf("attempt %d: claimed %v, %v", attempt, claimed, err)
				}
			}
			if _, claimed, err := h.Claim(t.Context(), "nothing", 1, "late"); claimed || err != nil {
				t.Errorf("no such job: claimed %v, %v", claimed, err)
			}
		})
	}
}

// lose lists the ways in which a worker loses its job.
func lose() map[string]func(*testing.T, *harness, *Clip, Job) {
	return map[string]func(*testing.T, *harness, *Clip, Job){
		"taken over": func(t *testing.T, h *harness, _ *Clip, job Job) {
			t.Helper()
			h.silence(t, job)
			if err := h.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.claim(t, h.job(t, job.ID))
		},
		"waits again": func(t *testing.T, h *harness, _ *Clip, job Job) {
			t.Helper()
			if err := h.GiveBack(t.Context(), &job); err != nil {
				t.Fatal(err)
			}
		},
		"cancelled": func(t *testing.T, h *harness, clip *Clip, _ Job) {
			t.Helper()
			must[string](t)(h.ReleaseClip(t.Context(), Asker{}, clip.ID))
		},
		"done": func(t *testing.T, h *harness, _ *Clip, job Job) {
			t.Helper()
			if err := h.Finish(t.Context(), &job, result("1.mp4")); err != nil {
				t.Fatal(err)
			}
		},
		"failed": func(t *testing.T, h *harness, _ *Clip, job Job) {
			t.Helper()
			if err := h.Fail(t.Context(), &job, "why"); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func (h *harness) silence(t *testing.T, job Job) {
	t.Helper()
	h.exec(t, "UPDATE jobs SET heartbeat_at = ? WHERE id = ?", database.Now().Add(-h.cfg.StaleAfter-time.Second), job.ID)
}

// TestFence lets a former owner write: nothing may change.
func TestFence(t *testing.T) {
	t.Parallel()
	late := map[string]func(context.Context, *harness, *Job) error{
		"Heartbeat": func(ctx context.Context, h *harness, job *Job) error { return h.Heartbeat(ctx, job, 0.9) },
		"Finish":    func(ctx context.Context, h *harness, job *Job) error { return h.Finish(ctx, job, result("late.mp4")) },
		"Fail":      func(ctx context.Context, h *harness, job *Job) error { return h.Fail(ctx, job, "late") },
		"Retry":     func(ctx context.Context, h *harness, job *Job) error { return h.Retry(ctx, job, 0, "late") },
		"GiveBack":  func(ctx context.Context, h *harness, job *Job) error { return h.GiveBack(ctx, job) },
		"last Retry": func(ctx context.Context, h *harness, job *Job) error {
			job.Failures = MaxFailures
			return h.Retry(ctx, job, 0, "late")
		},
	}
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			number := 0
			for how, loses := range lose() {
				number++
				clip := h.clip(t, wish(asset.ID, number))
				job := h.claim(t, *clip.Job)
				loses(t, h, clip, job)
				before := h.job(t, job.ID)
				for what, write := range late {
					mine := job
					if err := write(t.Context(), h, &mine); !errors.Is(err, ErrLost) {
						t.Errorf("%s of a job that is %s: %v, want ErrLost", what, how, err)
					}
					if after := h.job(t, job.ID); !reflect.DeepEqual(before, after) {
						t.Errorf("%s of a job that is %s changed it from %+v to %+v", what, how, before, after)
					}
				}
			}
		})
	}
}

func TestFenceIngest(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, waiting := h.newAsset(t, Metadata{Title: "Film"})
			job := h.claim(t, waiting)
			if err := h.GiveBack(t.Context(), &job); err != nil {
				t.Fatal(err)
			}
			if err := h.FinishStep(t.Context(), &job, made(t)); !errors.Is(err, ErrLost) {
				t.Errorf("FinishStep: %v, want ErrLost", err)
			}
			if err := h.Fail(t.Context(), &job, "late"); !errors.Is(err, ErrLost) {
				t.Errorf("Fail: %v, want ErrLost", err)
			}
			if got := must[Asset](t)(h.Asset(t.Context(), House(), asset.ID)); got.Status != AssetProcessing || got.Source != nil || got.Reason != "" {
				t.Errorf("the asset is %+v", got)
			}
		})
	}
}

// wearOut lets a job fail as often as it may. Giving it back in between counts
// for nothing.
func (h *harness) wearOut(t *testing.T, waiting Job, reason string) {
	t.Helper()
	for n := 1; n <= MaxFailures; n++ {
		job := h.claim(t, waiting)
		if err := h.GiveBack(t.Context(), &job); err != nil {
			t.Fatal(err)
		}
		job = h.claim(t, h.job(t, job.ID))
		if err := h.Retry(t.Context(), &job, 0, reason); err != nil {
			t.Fatal(err)
		}
		waiting = h.job(t, job.ID)
		if n == MaxFailures {
			break
		}
		if waiting.Status != JobQueued || waiting.Failures != n || waiting.Attempt != 2*n+1 || waiting.Owner != "" {
			t.Fatalf("after failure %d: %+v", n, waiting)
		}
		if !h.hasTicket(t, waiting) {
			t.Error("the next attempt was not queued")
		}
	}
	if waiting.Status != JobFailed || waiting.Failures != MaxFailures || waiting.Failure != reason || waiting.FinishedAt.IsZero() {
		t.Errorf("after failure %d: %+v", MaxFailures, waiting)
	}
}

func TestRetry(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			clip := h.clip(t, wish(h.asset(t).ID, 1))
			asset, ingest := h.newAsset(t, Metadata{Title: "Film"})
			h.wearOut(t, *clip.Job, "it was tried often")
			h.wearOut(t, ingest, "it is not video")
			if got := h.readClip(t, clip.ID); got.Status() != ClipFailed || got.Job.Failure != "it was tried often" {
				t.Errorf("the clip is %s: %s", got.Status(), got.Job.Failure)
			}
			if got := must[Asset](t)(h.Asset(t.Context(), House(), asset.ID)); got.Status != AssetFailed || got.Reason != "it is not video" {
				t.Errorf("the asset is %s: %s", got.Status, got.Reason)
			}
			if again := h.clip(t, wish(clip.AssetID, 1)); again.JobID == clip.JobID || again.Status() != ClipQueued {
				t.Error("a new request is tied to the failed job")
			}
		})
	}
}

// TestRetryPause checks that an attempt that is to wait has a ticket that waits,
// and is not put back before its time.
func TestRetryPause(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			job := h.claim(t, *h.clip(t, wish(h.asset(t).ID, 1)).Job)
			if err := h.Retry(t.Context(), &job, time.Hour, "why"); err != nil {
				t.Fatal(err)
			}
			waiting := h.job(t, job.ID)
			if until := time.Until(waiting.NotBefore); until < 50*time.Minute {
				t.Errorf("the next attempt begins in %s", until)
			}
			info, err := h.inspector.GetTaskInfo("clip", fmt.Sprintf("%s:%d", job.ID, waiting.Attempt))
			if err != nil || time.Until(info.NextProcessAt) < 50*time.Minute {
				t.Errorf("its ticket is %+v, %v", info, err)
			}
			h.loseTicket(t, waiting)
			if err := h.Reconcile(t.Context()); err != nil || h.hasTicket(t, waiting) {
				t.Errorf("an attempt was queued before its time (%v)", err)
			}
		})
	}
}

func TestHeartbeat(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			clip := h.clip(t, wish(h.asset(t).ID, 1))
			job := h.claim(t, *clip.Job)
			h.silence(t, job)
			if err := h.Heartbeat(t.Context(), &job, 0.25); err != nil {
				t.Fatal(err)
			}
			if err := h.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := h.readClip(t, clip.ID)
			if got.Status() != ClipRunning || got.Job.Progress != 0.25 || got.Job.Owner != job.Owner {
				t.Errorf("the clip is %s, its job %+v", got.Status(), got.Job)
			}
			moved, stop := h.WatchClip(got)
			defer stop()
			if err := h.Finish(t.Context(), &job, result("1.mp4")); err != nil {
				t.Fatal(err)
			}
			<-moved
			if got := h.readClip(t, clip.ID); got.Status() != ClipReady || got.Job.Progress != 1 || got.Job.Result.Files[0].Name != "1.mp4" {
				t.Errorf("the clip is %s, its job %+v", got.Status(), got.Job)
			}
		})
	}
}
