package catalog

import (
	"context"
	"testing"
	"time"

	"subclip/database"
)

func TestReleaseClip(t *testing.T) {
	t.Parallel()
	tests := []struct {
		job      JobStatus
		clips    int
		released JobStatus // what becomes of the job when its last clip is released
	}{
		{JobQueued, 1, JobCancelled},
		{JobQueued, 2, JobCancelled},
		{JobRunning, 1, JobCancelled},
		{JobRunning, 2, JobCancelled},
		{JobDone, 1, JobRemoved},
		{JobDone, 2, JobRemoved},
		{JobFailed, 1, JobFailed},
		{JobFailed, 2, JobFailed},
	}
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			for i, tt := range tests {
				clips := []*Clip{h.clip(t, wish(asset.ID, i))}
				for len(clips) < tt.clips {
					clips = append(clips, h.clip(t, wish(asset.ID, i)))
				}
				job := h.bring(t, clips[0], tt.job)
				moved, stop := h.WatchClip(clips[0])
				for n, clip := range clips {
					if n < len(clips)-1 {
						h.release(t, clip, "", tt.job, len(clips)-1-n)
					} else {
						h.release(t, clip, job.ID, tt.released, 0)
					}
				}
				<-moved
				stop()
				again := h.clip(t, wish(asset.ID, i))
				if again.JobID == job.ID || again.Status() != ClipQueued {
					t.Errorf("%s: a new request is %s, on the released job: %v", tt.job, again.Status(), again.JobID == job.ID)
				}
			}
			_, err := h.ReleaseClip(t.Context(), Asker{}, "nothing")
			wantError(t, err, NotFound, "", "there is no clip")
		})
	}
}

// release cancels a clip twice and checks what is to be removed from the store,
// and how the job is then.
func (h *harness) release(t *testing.T, clip *Clip, wantRemoved string, want JobStatus, wantClaims int) {
	t.Helper()
	before := h.job(t, clip.JobID).Status
	if removed := must[string](t)(h.ReleaseClip(t.Context(), Asker{}, clip.ID)); removed != wantRemoved {
		t.Errorf("%s: removed is %q, want %q", before, removed, wantRemoved)
	}
	if again, err := h.ReleaseClip(t.Context(), Asker{}, clip.ID); again != "" || err != nil {
		t.Errorf("%s, released again: %q, %v", before, again, err)
	}
	if got := h.readClip(t, clip.ID).Status(); got != ClipCancelled {
		t.Errorf("%s: the clip is %s", before, got)
	}
	if got := h.job(t, clip.JobID); got.Status != want || got.Claims != wantClaims {
		t.Errorf("%s: the job is %s with %d claims, want %s with %d", before, got.Status, got.Claims, want, wantClaims)
	}
}

// TestReleaseRacesRequest releases the only clip of a job while others ask for
// the same: theirs must not be tied to a job that was released under them.
func TestReleaseRacesRequest(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			for round := range 15 {
				status := []JobStatus{JobQueued, JobRunning, JobDone}[round%3]
				first := h.clip(t, wish(asset.ID, round))
				job := h.bring(t, first, status)
				clips, errs := together(t.Context(), 4, func(ctx context.Context, i int) (*Clip, error) {
					if i%2 == 0 {
						return h.CreateClip(ctx, wish(asset.ID, round))
					}
					_, err := h.ReleaseClip(ctx, Asker{}, first.ID)
					return nil, err
				})
				claims := map[string]int{}
				for i, clip := range clips {
					if errs[i] != nil {
						t.Fatal(errs[i])
					}
					if clip == nil {
						continue
					}
					claims[clip.JobID]++
					if got := h.readClip(t, clip.ID); got.Status() == ClipCancelled || got.Status() == ClipExpired {
						t.Errorf("a clip that nobody released is %s: its job is %s", got.Status(), got.Job.Status)
					}
				}
				if got := h.readClip(t, first.ID); got.Status() != ClipCancelled {
					t.Errorf("the released clip is %s", got.Status())
				}
				for id, want := range claims {
					if got := h.job(t, id).Claims; got != want {
						t.Errorf("the job has %d claims, want %d", got, want)
					}
				}
				if got := h.job(t, job.ID); claims[job.ID] == 0 && got.Status != JobCancelled && got.Status != JobRemoved {
					t.Errorf("nobody claims the job and it is %s", got.Status)
				}
			}
		})
	}
}

// TestReleaseRacesFinish cancels a clip at the moment when it is done.
func TestReleaseRacesFinish(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			for round := range 10 {
				clip := h.clip(t, wish(asset.ID, round))
				job := h.claim(t, *clip.Job)
				_, errs := together(t.Context(), 2, func(ctx context.Context, i int) (string, error) {
					if i == 0 {
						return "", h.Finish(ctx, &job, result("1.mp4"))
					}
					return h.ReleaseClip(ctx, Asker{}, clip.ID)
				})
				if errs[1] != nil {
					t.Fatal(errs[1])
				}
				want := JobRemoved // it was done first
				if errs[0] != nil {
					want = JobCancelled
				}
				if got := h.job(t, job.ID).Status; got != want {
					t.Errorf("Finish: %v, and the job is %s", errs[0], got)
				}
				if kept, err := h.Kept(t.Context(), job.ID, 1); kept || err != nil {
					t.Errorf("what it made is kept: %v, %v", kept, err)
				}
			}
		})
	}
}

func TestExpire(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			old, shared, young := h.clip(t, wish(asset.ID, 1)), h.clip(t, wish(asset.ID, 2)), h.clip(t, wish(asset.ID, 3))
			waiting := h.clip(t, wish(asset.ID, 4))
			for _, clip := range []*Clip{old, shared, young} {
				h.bring(t, clip, JobDone)
			}
			for _, clip := range []*Clip{old, shared, waiting} {
				h.outlive(t, clip)
			}
			again := h.clip(t, wish(asset.ID, 2)) // it keeps what the first one's claim would let go
			removed := must[[]string](t)(h.Expire(t.Context()))
			if len(removed) != 1 || removed[0] != old.JobID {
				t.Errorf("expired jobs are %v, want %s", removed, old.JobID)
			}
			if removed := must[[]string](t)(h.Expire(t.Context())); len(removed) > 0 {
				t.Errorf("they expire again: %v", removed)
			}
			for clip, want := range map[*Clip]ClipStatus{
				old: ClipExpired, shared: ClipExpired, again: ClipReady, young: ClipReady, waiting: ClipQueued,
			} {
				if got := h.readClip(t, clip.ID).Status(); got != want {
					t.Errorf("a clip is %s, want %s", got, want)
				}
			}
			h.release(t, old, old.JobID, JobRemoved, 0)
			h.release(t, shared, "", JobDone, 1)
			if got := h.clip(t, wish(asset.ID, 1)); got.JobID == old.JobID || got.Status() != ClipQueued {
				t.Errorf("an expired clip, asked for again, is %s", got.Status())
			}
		})
	}
}

// TestExpireRendition checks that a rendition is kept with its asset.
func TestExpireRendition(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			rendition, _, err := h.Rendition(t.Context(), House(), h.asset(t).ID, "h264-360p")
			if err != nil {
				t.Fatal(err)
			}
			job := h.claim(t, *rendition)
			if err := h.Finish(t.Context(), &job, result("r.mp4")); err != nil {
				t.Fatal(err)
			}
			h.exec(t, "UPDATE jobs SET created_at = ?, finished_at = ?", database.Now().AddDate(-1, 0, 0), database.Now().AddDate(-1, 0, 0))
			if removed := must[[]string](t)(h.Expire(t.Context())); len(removed) > 0 || h.job(t, job.ID).Status != JobDone {
				t.Errorf("the rendition expires: %v", removed)
			}
		})
	}
}

// outlive lets a clip's time be over.
func (h *harness) outlive(t *testing.T, clip *Clip) {
	t.Helper()
	past := database.Now().Add(-time.Second)
	h.exec(t, "UPDATE clips SET kept_until = ? WHERE id = ?", past, clip.ID)
	h.exec(t, "UPDATE jobs SET kept_until = ? WHERE id = ?", past, clip.JobID)
}

// TestExpireRacesRequest asks for a clip in the moment when it expires.
func TestExpireRacesRequest(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			for round := range 15 {
				old := h.clip(t, wish(asset.ID, round))
				h.bring(t, old, JobDone)
				h.outlive(t, old)
				clips, errs := together(t.Context(), 4, func(ctx context.Context, i int) (*Clip, error) {
					if i == 0 {
						_, err := h.Expire(ctx)
						return nil, err
					}
					return h.CreateClip(ctx, wish(asset.ID, round))
				})
				for i, clip := range clips {
					if errs[i] != nil {
						t.Fatal(errs[i])
					}
					if clip == nil {
						continue
					}
					got := h.readClip(t, clip.ID)
					if s := got.Status(); s != ClipReady && s != ClipQueued {
						t.Errorf("a new clip is %s: its job is %s", s, got.Job.Status)
					}
				}
			}
		})
	}
}

// TestCancel cancels what somebody shares with others: they alone lose it, they are still
// shown it, and it can be had again. What has ended is not cancelled.
func TestCancel(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			mine, bobs := h.order(t, ann.ID, asset.ID, 1), h.order(t, "bob", asset.ID, 1)
			order := h.orderOf(t, ann, parts(asset.ID, 1, 2)...)
			if _, err := h.CancelClip(t.Context(), Asker{ID: "bob"}, mine.ID); err == nil {
				t.Error("somebody else cancels a clip")
			}
			if _, err := h.CancelOrder(t.Context(), Asker{ID: "bob"}, order.ID); err == nil {
				t.Error("somebody else cancels an order")
			}
			for range 2 { // the second changes nothing
				must[string](t)(h.CancelClip(t.Context(), ann, mine.ID))
				must[[]string](t)(h.CancelOrder(t.Context(), ann, order.ID))
			}
			clips, _, err := h.Clips(t.Context(), ClipQuery{By: ann, Limit: 9})
			if err != nil || len(clips) != 1 || clips[0].Status() != ClipCancelled {
				t.Errorf("ann is shown %+v, %v", clips, err)
			}
			orders, _, err := h.Orders(t.Context(), ann, "", 9)
			if err != nil || len(orders) != 1 || orders[0].Status() != ClipCancelled || orders[0].StatusOf(&orders[0].Items[0]) != ClipCancelled {
				t.Errorf("ann is shown %+v, %v", orders, err)
			}
			if job := h.job(t, bobs.JobID); job.Status != JobQueued || job.Claims != 1 {
				t.Errorf("what bob waits for is %s with %d claims", job.Status, job.Claims)
			}
			again := h.order(t, ann.ID, asset.ID, 1)
			if again.JobID != bobs.JobID {
				t.Error("asked for again, it is made twice")
			}
			h.bring(t, again, JobDone)
			if removed := must[string](t)(h.CancelClip(t.Context(), ann, again.ID)); removed != "" || h.readClipOf(t, ann, again.ID).Status() != ClipReady {
				t.Error("what is ready was cancelled")
			}
			if removed := must[string](t)(h.ReleaseClip(t.Context(), ann, mine.ID)); removed != "" {
				t.Error("what was cancelled took another's clip along")
			}
			must[[]string](t)(h.ReleaseOrder(t.Context(), ann, order.ID))
			clips, _, err = h.Clips(t.Context(), ClipQuery{By: ann, Limit: 9})
			orders, _, other := h.Orders(t.Context(), ann, "", 9)
			if err != nil || other != nil || len(clips) != 1 || clips[0].ID != again.ID || len(orders) > 0 {
				t.Errorf("removed, ann is shown %d clips and %d orders", len(clips), len(orders))
			}
			if got := h.readClipOf(t, Asker{ID: "bob"}, bobs.ID).Status(); got != ClipReady {
				t.Errorf("bob's clip is %s", got)
			}
		})
	}
}

func (h *harness) readClipOf(t *testing.T, by Asker, id string) *Clip {
	t.Helper()
	return must[*Clip](t)(h.Clip(t.Context(), by, id))
}
