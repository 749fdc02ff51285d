package catalog

import (
	"slices"
	"testing"
	"time"

	"subclip/database"
)

// embargo sets an asset's embargo to end after a while, which may be past.
func (h *harness) embargo(t *testing.T, id string, after time.Duration) {
	t.Helper()
	until := time.Now().Add(after)
	must[Asset](t)(h.ChangeAsset(t.Context(), House(), id, Change{EmbargoUntil: &until}))
}

// TestSight asks for assets and clips as everyone: what is not public is not found
// by any of the catalogue's ways, and neither is a clip that was made before.
func TestSight(t *testing.T) {
	t.Parallel()
	ann, editor := Asker{ID: "ann"}, Asker{ID: "ed", Editor: true}
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			public, past, future, gone := h.asset(t), h.asset(t), h.asset(t), h.asset(t)
			clips := map[string]*Clip{}
			for _, asset := range []Asset{public, past, future, gone} {
				for _, by := range []Asker{ann, editor} {
					request := wish(asset.ID, 1)
					request.By = by
					clips[by.ID+asset.ID] = h.clip(t, request)
				}
			}
			h.embargo(t, past.ID, -time.Second)
			h.embargo(t, future.ID, time.Hour)
			must[Asset](t)(h.Withdraw(t.Context(), editor, gone.ID))
			for _, tt := range []struct {
				by    Asker
				finds []string
				clips []string // of which assets
			}{
				{Asker{}, []string{past.ID, public.ID}, nil},
				{ann, []string{past.ID, public.ID}, []string{gone.ID, past.ID, public.ID}},
				{editor, []string{gone.ID, future.ID, past.ID, public.ID}, []string{gone.ID, future.ID, past.ID, public.ID}},
			} {
				page, _, err := h.Assets(t.Context(), AssetQuery{By: tt.by, Words: "film", Limit: 10})
				if err != nil || !slices.Equal(ids(page), tt.finds) {
					t.Errorf("%+v lists %v, %v, want %v", tt.by, ids(page), err, tt.finds)
				}
				for _, asset := range []Asset{public, past, future, gone} {
					_, err := h.Asset(t.Context(), tt.by, asset.ID)
					if slices.Contains(tt.finds, asset.ID) != (err == nil) {
						t.Errorf("%+v asks for an asset: %v", tt.by, err)
					}
					if err == nil {
						continue
					}
					request := wish(asset.ID, 2)
					request.By = tt.by
					_, err = h.CreateClip(t.Context(), request)
					wantError(t, err, NotFound, "", "there is no asset")
					_, _, err = h.Rendition(t.Context(), tt.by, asset.ID, "h264-360p")
					wantError(t, err, NotFound, "", "there is no asset")
					_, err = h.Withdraw(t.Context(), tt.by, asset.ID)
					wantError(t, err, NotFound, "", "there is no asset")
				}
				var own []string
				for _, clip := range h.recent(t, tt.by) {
					own = append(own, clip.AssetID)
				}
				slices.Sort(own)
				slices.Sort(tt.clips)
				if !slices.Equal(own, tt.clips) {
					t.Errorf("%+v has clips of %v, want %v", tt.by, own, tt.clips)
				}
			}
			hidden := clips["ann"+future.ID].ID
			_, err := h.Clip(t.Context(), ann, hidden)
			wantError(t, err, NotFound, "", "there is no clip")
			_, err = h.ReleaseClip(t.Context(), ann, hidden)
			wantError(t, err, NotFound, "", "there is no clip")
			h.embargo(t, future.ID, -time.Second)
			if got := must[*Clip](t)(h.Clip(t.Context(), ann, hidden)).Status(); got != ClipQueued {
				t.Errorf("after the embargo, the clip is %s", got)
			}
		})
	}
}

// TestWithdraw withdraws an asset of which everything is under way.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, other := h.asset(t), h.asset(t)
			elsewhere := h.clip(t, wish(other.ID, 1))
			queued, running, done, released, old := h.clip(t, wish(asset.ID, 1)), h.clip(t, wish(asset.ID, 2)), h.clip(t, wish(asset.ID, 3)), h.clip(t, wish(asset.ID, 4)), h.clip(t, wish(asset.ID, 5))
			work := h.claim(t, *running.Job)
			h.bring(t, done, JobDone)
			h.bring(t, old, JobDone)
			h.outlive(t, old)
			must[string](t)(h.ReleaseClip(t.Context(), Asker{}, released.ID))
			rendition, _, err := h.Rendition(t.Context(), House(), asset.ID, "h264-360p")
			if err != nil {
				t.Fatal(err)
			}
			made := h.claim(t, *rendition)
			if err := h.Finish(t.Context(), &made, result("r.mp4")); err != nil {
				t.Fatal(err)
			}
			moved, stop := h.WatchClip(running)
			defer stop()

			if got := must[Asset](t)(h.Withdraw(t.Context(), House(), asset.ID)); !got.Withdrawn() || got.Shown() {
				t.Errorf("the asset is %+v", got)
			}
			<-moved
			for clip, want := range map[*Clip]ClipStatus{queued: ClipCancelled, running: ClipCancelled, done: ClipCancelled, released: ClipCancelled, old: ClipExpired, elsewhere: ClipQueued} {
				got := h.readClip(t, clip.ID)
				ended := clip == queued || clip == running || clip == done
				if got.Status() != want || (got.Reason() == withdrawn) != ended {
					t.Errorf("a clip is %s (%s), want %s", got.Status(), got.Reason(), want)
				}
			}
			if err := h.Heartbeat(t.Context(), &work, 0.5); err == nil {
				t.Error("the worker may go on")
			}
			first := must[Asset](t)(h.Asset(t.Context(), House(), asset.ID)).WithdrawnAt
			if again := must[Asset](t)(h.Withdraw(t.Context(), House(), asset.ID)); !again.WithdrawnAt.Equal(first) {
				t.Errorf("withdrawn again, at %s and not %s", again.WithdrawnAt, first)
			}
			_, err = h.CreateClip(t.Context(), ClipRequest{By: House(), AssetID: asset.ID, Ranges: []Marks{{"1", "2"}}})
			wantError(t, err, Conflict, "", "was withdrawn")

			removed := must[[]string](t)(h.Expire(t.Context()))
			slices.Sort(removed)
			want := []string{done.JobID, old.JobID, rendition.ID}
			slices.Sort(want)
			if !slices.Equal(removed, want) {
				t.Errorf("removed from the store: %v, want %v", removed, want)
			}
			for _, clip := range []*Clip{queued, running} {
				if job := h.job(t, clip.JobID); job.Status != JobCancelled {
					t.Errorf("a job is %s", job.Status)
				}
			}
			if back := must[Asset](t)(h.Restore(t.Context(), House(), asset.ID)); back.Withdrawn() || !back.Shown() || back.MasterKey == "" {
				t.Errorf("restored, the asset is %+v", back)
			}
			for clip, want := range map[*Clip]ClipStatus{queued: ClipCancelled, running: ClipCancelled, done: ClipCancelled, old: ClipExpired} {
				if got := h.readClip(t, clip.ID); got.Status() != want || (got.Reason() == withdrawn) != (clip != old) {
					t.Errorf("after the asset is restored a clip is %s (%s), want %s", got.Status(), got.Reason(), want)
				}
			}
			if again := h.clip(t, wish(asset.ID, 3)); again.Status() != ClipQueued || again.JobID == done.JobID {
				t.Errorf("asked for again, a clip is %s", again.Status())
			}
		})
	}
}

// TestWithdrawRace leaves a clip that was stored in the moment of a withdrawal, and
// asks for what was made before it is removed.
func TestWithdrawRace(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			late := h.clip(t, wish(asset.ID, 1))
			h.exec(t, "UPDATE assets SET withdrawn_at = ? WHERE id = ?", database.Now(), asset.ID)
			if got := h.readClip(t, late.ID); got.Status() != ClipCancelled || got.Reason() != withdrawn {
				t.Errorf("it is %s (%s)", got.Status(), got.Reason())
			}
			must[[]string](t)(h.Expire(t.Context()))
			if job := h.job(t, late.JobID); job.Status != JobCancelled {
				t.Errorf("its job is %s", job.Status)
			}
			must[Asset](t)(h.Restore(t.Context(), House(), asset.ID))
			if got := h.readClip(t, late.ID).Status(); got != ClipCancelled {
				t.Errorf("after the asset is restored it is %s", got)
			}
			rendition, _, err := h.Rendition(t.Context(), House(), asset.ID, "h264-360p")
			if err != nil {
				t.Fatal(err)
			}
			job := h.claim(t, *rendition)
			if err := h.Finish(t.Context(), &job, result("r.mp4")); err != nil {
				t.Fatal(err)
			}
			must[Asset](t)(h.Withdraw(t.Context(), House(), asset.ID))
			must[Asset](t)(h.Restore(t.Context(), House(), asset.ID))
			again, _, err := h.Rendition(t.Context(), House(), asset.ID, "h264-360p")
			if err != nil || again.Status != JobDone {
				t.Fatalf("%+v, %v", again, err)
			}
			if removed := must[[]string](t)(h.Expire(t.Context())); len(removed) > 0 {
				t.Errorf("what is needed again is removed: %v", removed)
			}
		})
	}
}

func TestChangeAsset(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			until := time.Now().Add(time.Hour).In(time.FixedZone("", 7200))
			asset, _ := h.newAsset(t, Metadata{Title: "Film", Restrictions: "No archive", EmbargoUntil: until})
			if got := must[Asset](t)(h.Asset(t.Context(), House(), asset.ID)); got.Restrictions != "No archive" || !got.EmbargoUntil.Equal(instant(until)) {
				t.Errorf("uploaded, it is %+v", got)
			}
			title, words, lifted := "Été", "No use in France", time.Time{}
			must[Asset](t)(h.ChangeAsset(t.Context(), House(), asset.ID, Change{Title: &title}))
			must[Asset](t)(h.ChangeAsset(t.Context(), House(), asset.ID, Change{}))
			if got := must[Asset](t)(h.Asset(t.Context(), House(), asset.ID)); got.Title != title || got.Restrictions != "No archive" || got.EmbargoUntil.IsZero() {
				t.Errorf("with a new title, it is %+v", got)
			}
			must[Asset](t)(h.ChangeAsset(t.Context(), House(), asset.ID, Change{Restrictions: &words, EmbargoUntil: &lifted}))
			page, _, err := h.Assets(t.Context(), AssetQuery{Words: "été", Limit: 10})
			if err != nil || len(page) != 1 || page[0].Restrictions != words || !page[0].EmbargoUntil.IsZero() {
				t.Errorf("a stranger finds %+v, %v", page, err)
			}
			blank := " \t"
			_, err = h.ChangeAsset(t.Context(), House(), asset.ID, Change{Title: &blank})
			wantError(t, err, Invalid, "title", "the title is empty")
			_, err = h.ChangeAsset(t.Context(), House(), "nothing", Change{Title: &title})
			wantError(t, err, NotFound, "", "there is no asset")
		})
	}
}

// TestRestrictions changes an asset's restrictions: what states others is made anew,
// and a rendition that does is let go.
func TestRestrictions(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			words := "No archive"
			restrict := func() { must[Asset](t)(h.ChangeAsset(t.Context(), House(), asset.ID, Change{Restrictions: &words})) }
			rendition := func() *Job {
				job, _, err := h.Rendition(t.Context(), House(), asset.ID, "h264-360p")
				if err != nil {
					t.Fatal(err)
				}
				return job
			}
			finish := func(waiting Job) {
				job := h.claim(t, waiting)
				if err := h.Finish(t.Context(), &job, result("r.mp4")); err != nil {
					t.Fatal(err)
				}
			}
			clip, plain := h.clip(t, wish(asset.ID, 1)), rendition()
			finish(*plain)
			restrict()
			stated := rendition()
			again := h.clip(t, wish(asset.ID, 1))
			if again.JobID == clip.JobID || stated.ID == plain.ID || again.Job.Request.Restrictions != words || stated.Request.Restrictions != words {
				t.Errorf("with restrictions: %+v, %+v", again.Job.Request, stated.Request)
			}
			words = "No use in France"
			restrict() // while the second rendition waits
			finish(*stated)
			latest := rendition()
			finish(*latest)
			restrict() // to the same
			removed := must[[]string](t)(h.Expire(t.Context()))
			slices.Sort(removed)
			want := []string{plain.ID, stated.ID}
			slices.Sort(want)
			if !slices.Equal(removed, want) {
				t.Errorf("removed are %v, want %v", removed, want)
			}
			if kept := rendition(); kept.ID != latest.ID || kept.Status != JobDone {
				t.Errorf("the rendition is %+v", kept)
			}
		})
	}
}
