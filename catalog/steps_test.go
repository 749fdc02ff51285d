package catalog

import (
	"context"
	"errors"
	"testing"
)

// stepJob is the job of one of an asset's steps.
func (h *harness) stepJob(t *testing.T, assetID string, step JobKind) Job {
	t.Helper()
	jobs, err := stepJobs(t.Context(), h.db, assetID)
	if err != nil || jobs[step] == nil {
		t.Fatalf("there is no job of the step %s: %v", step, err)
	}
	return *jobs[step]
}

// see takes a step to its end.
func (h *harness) see(t *testing.T, assetID string, step JobKind, made Made) {
	t.Helper()
	job := h.claim(t, h.stepJob(t, assetID, step))
	if err := h.FinishStep(t.Context(), &job, made); err != nil {
		t.Fatal(err)
	}
}

// wantSteps checks the statuses of all steps, in their order, and the asset's.
func (h *harness) wantSteps(t *testing.T, assetID string, status AssetStatus, want ...JobStatus) {
	t.Helper()
	steps, err := h.Steps(t.Context(), House(), assetID)
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range steps {
		if step.Kind != Steps()[i] || step.Status != want[i] || (step.At.IsZero() != (step.Status == StepWaiting)) {
			t.Errorf("step %d is %+v, want %s", i, step, want[i])
		}
	}
	if got := must[Asset](t)(h.Asset(t.Context(), House(), assetID)); got.Status != status {
		t.Errorf("the asset is %s, want %s", got.Status, status)
	}
}

func (h *harness) restart(t *testing.T, assetID string, step JobKind, key string) Step {
	t.Helper()
	return must[Step](t)(h.RestartStep(t.Context(), Asker{ID: "ann", Editor: true}, assetID, step, Idempotency{IdempotencyKey: key}))
}

// proxyPlace is where an asset's proxy goes that is made next.
func (h *harness) proxyPlace(t *testing.T, assetID string) string {
	t.Helper()
	job := h.stepJob(t, assetID, JobProxy)
	return job.ObjectPrefix() + "proxy.mp4"
}

// told counts how often something was told of.
func (h *harness) told(t *testing.T, kind EventKind) int64 {
	t.Helper()
	n, err := h.db.NewSelect().Model((*Event)(nil)).Where("kind = ?", kind).Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSteps(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, ingest := h.newAsset(t, Metadata{Title: "Film"})
			h.exec(t, "UPDATE jobs SET person_id = 'ann' WHERE id = ?", ingest.ID)
			h.wantSteps(t, asset.ID, AssetProcessing, JobQueued, StepWaiting, StepWaiting, StepWaiting, StepWaiting, StepWaiting)
			_, err := h.RestartStep(t.Context(), House(), asset.ID, JobPoster, Idempotency{})
			wantError(t, err, Conflict, "", "proxy")
			_, err = h.RestartStep(t.Context(), House(), asset.ID, JobClip, Idempotency{})
			wantError(t, err, NotFound, "", "storyboard")
			_, err = h.Steps(t.Context(), Asker{}, "none")
			wantError(t, err, NotFound, "", "none")

			facts := source(t)
			h.see(t, asset.ID, JobIngest, Made{Source: &facts})
			h.wantSteps(t, asset.ID, AssetProcessing, JobDone, JobQueued, StepWaiting, StepWaiting, JobQueued, StepWaiting)
			sound := h.stepJob(t, asset.ID, JobSound)
			if !h.hasTicket(t, sound) || sound.PersonID != "ann" {
				t.Errorf("the sound's job is %+v", sound)
			}
			// What is no condition of an asset does not make it fail.
			running := h.claim(t, sound)
			if err := h.Fail(t.Context(), &running, "no sound"); err != nil {
				t.Fatal(err)
			}
			h.see(t, asset.ID, JobProxy, Made{ProxyKey: "proxy"})
			h.wantSteps(t, asset.ID, AssetProcessing, JobDone, JobDone, JobQueued, JobQueued, JobFailed, JobQueued)
			h.see(t, asset.ID, JobPoster, Made{PosterKey: "poster"})
			h.wantSteps(t, asset.ID, AssetReady, JobDone, JobDone, JobDone, JobQueued, JobFailed, JobQueued)

			board := Storyboard{Sheets: []string{"0.jpg"}, Interval: 1, Columns: 5, Rows: 5, Width: 320, Height: 180, Count: 20}
			h.see(t, asset.ID, JobStoryboard, Made{Storyboard: &board})
			if again := h.restart(t, asset.ID, JobSound, ""); again.Status != JobQueued || again.Reason != "" {
				t.Errorf("the step is %+v", again)
			}
			h.see(t, asset.ID, JobSound, Made{
				Waveforms: []Waveform{{Track: 0, Key: "0.dat", Channels: 1, PerSecond: 100}}, Loudness: []Loudness{{Integrated: -23.1, TruePeak: -3}},
			})
			got := must[Asset](t)(h.Asset(t.Context(), House(), asset.ID))
			if got.Storyboard.Count != 20 || len(got.Waveforms) != 1 || got.Waveforms[0].Key != "0.dat" || got.Loudness[0].Integrated != -23.1 ||
				got.ProxyKey != "proxy" || got.Source.Frames != 7500 {
				t.Errorf("the asset is %+v", got)
			}
			if n := h.told(t, AssetIsReady); n != 1 {
				t.Errorf("it was told %d times that the asset is ready", n)
			}
		})
	}
}

// TestRestartAlone restarts one step of a ready asset, whose failure takes nothing
// away from it, and steps of one that failed.
func TestRestartAlone(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, _ := h.newAsset(t, Metadata{Title: "Film"})
			facts := source(t)
			h.see(t, asset.ID, JobIngest, Made{Source: &facts})
			late := h.claim(t, h.stepJob(t, asset.ID, JobProxy))
			if err := h.Fail(t.Context(), &late, "no proxy"); err != nil {
				t.Fatal(err)
			}
			h.wantSteps(t, asset.ID, AssetFailed, JobDone, JobFailed, StepWaiting, StepWaiting, JobQueued, StepWaiting)

			// The facts lead to the proxy again.
			h.restart(t, asset.ID, JobIngest, "")
			h.wantSteps(t, asset.ID, AssetProcessing, JobQueued, JobFailed, StepWaiting, StepWaiting, JobQueued, StepWaiting)
			h.see(t, asset.ID, JobIngest, Made{Source: &facts})
			h.see(t, asset.ID, JobProxy, Made{ProxyKey: h.proxyPlace(t, asset.ID) + "proxy.mp4"})
			h.see(t, asset.ID, JobPoster, Made{PosterKey: "poster"})
			first := h.stepJob(t, asset.ID, JobProxy)

			h.restart(t, asset.ID, JobProxy, "key")
			running := h.claim(t, h.stepJob(t, asset.ID, JobProxy))
			if again := h.restart(t, asset.ID, JobProxy, "other"); again.Status != JobRunning {
				t.Errorf("a restart of what runs gives %+v", again)
			}
			for attempt, want := range map[int]bool{first.Attempt: true, running.Attempt: true, running.Attempt + 1: false} {
				if kept, err := h.Kept(t.Context(), first.ID, attempt); kept != want || err != nil {
					t.Errorf("attempt %d is kept: %v (%v)", attempt, kept, err)
				}
			}
			if err := h.FinishStep(t.Context(), &late, Made{ProxyKey: "late"}); !errors.Is(err, ErrLost) {
				t.Errorf("a late worker ends in %v", err)
			}
			if err := h.Fail(t.Context(), &running, "not now"); err != nil {
				t.Fatal(err)
			}
			h.wantSteps(t, asset.ID, AssetReady, JobDone, JobFailed, JobDone, JobQueued, JobQueued, JobQueued)
			if again := h.restart(t, asset.ID, JobProxy, "key"); again.Status != JobFailed {
				t.Errorf("the same request again gives %+v", again)
			}
			if kept, err := h.Kept(t.Context(), first.ID, first.Attempt); !kept || err != nil {
				t.Errorf("what is shown is not kept (%v)", err)
			}
			h.restart(t, asset.ID, JobProxy, "new")
			h.see(t, asset.ID, JobProxy, Made{ProxyKey: "elsewhere", ProxySounds: []ProxySound{{Track: 1, Key: h.proxyPlace(t, asset.ID)}}})
			if kept, err := h.Kept(t.Context(), first.ID, h.stepJob(t, asset.ID, JobProxy).Attempt); !kept || err != nil {
				t.Errorf("a sound of the proxy is not kept (%v)", err)
			}
			if kept, err := h.Kept(t.Context(), first.ID, first.Attempt); kept || err != nil {
				t.Errorf("what was replaced is kept (%v)", err)
			}
			h.wantSteps(t, asset.ID, AssetReady, JobDone, JobDone, JobDone, JobQueued, JobQueued, JobQueued)
			if ready, failed := h.told(t, AssetIsReady), h.told(t, AssetFailure); ready != 1 || failed != 1 {
				t.Errorf("it was told %d times that it is ready, %d times that it failed", ready, failed)
			}
		})
	}
}

// TestRestartAtOnce lets many restart the same step: it begins once.
func TestRestartAtOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			for _, step := range []JobKind{JobIngest, JobPoster} {
				steps, errs := together(t.Context(), 8, func(ctx context.Context, _ int) (Step, error) {
					return h.RestartStep(ctx, House(), asset.ID, step, Idempotency{})
				})
				if err := errors.Join(errs...); err != nil {
					t.Fatal(err)
				}
				for _, got := range steps {
					if got.Status != JobQueued {
						t.Errorf("%s is %+v", step, got)
					}
				}
			}
			if got := h.stepJob(t, asset.ID, JobIngest); got.Attempt != 2 || !h.hasTicket(t, got) {
				t.Errorf("the job is %+v", got)
			}
		})
	}
}

// TestMissingSteps has assets from before there were steps, more than get theirs at once.
func TestMissingSteps(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			var all []Asset
			for range missingAtOnce + 1 {
				all = append(all, h.asset(t))
			}
			withdrawn := h.asset(t)
			must[Asset](t)(h.Withdraw(t.Context(), House(), withdrawn.ID))
			h.exec(t, "DELETE FROM jobs WHERE kind <> ?", JobIngest)
			h.exec(t, "UPDATE assets SET steps_asked = ?", false)
			h.wantSteps(t, all[0].ID, AssetReady, JobDone, JobDone, JobDone, StepWaiting, StepWaiting, StepWaiting)
			_, errs := together(t.Context(), 4, func(ctx context.Context, _ int) (struct{}, error) { return struct{}{}, h.Reconcile(ctx) })
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
			h.wantSteps(t, all[1].ID, AssetReady, JobDone, JobDone, JobDone, JobQueued, JobQueued, JobQueued)
			if !h.hasTicket(t, h.stepJob(t, all[1].ID, JobStoryboard)) {
				t.Error("it was not queued")
			}
			if err := h.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, asset := range append(all, withdrawn) {
				want := JobQueued
				if asset.ID == withdrawn.ID {
					want = StepWaiting
				}
				h.wantSteps(t, asset.ID, AssetReady, JobDone, JobDone, JobDone, want, want, want)
			}
			n, err := h.db.NewSelect().Model((*Job)(nil)).Where("kind = ?", JobSound).Count(t.Context())
			if err != nil || n != int64(len(all)) {
				t.Errorf("%d jobs are stored for %d assets: %v", n, len(all), err)
			}
		})
	}
}
