package catalog

import (
	"context"
	"testing"
	"time"

	"subclip/database"
)

// TestRetryJob begins failed jobs again: for those who wait alone, once, in a new attempt that
// the former's worker cannot write to.
func TestRetryJob(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, gone := h.asset(t), h.asset(t)
			admin := Asker{ID: "admin", Editor: true}
			retry := func(id, key string) (Job, error) {
				return h.RetryJob(t.Context(), admin, id, Idempotency{IdempotencyKey: key})
			}
			clip := h.order(t, ann.ID, asset.ID, 1)
			_, err := retry(clip.JobID, "")
			wantError(t, err, Conflict, "", "only what has failed can begin again")
			failed := h.bring(t, clip, JobFailed)
			h.exec(t, "UPDATE clips SET kept_until = ? WHERE id = ?", database.Now().Add(-time.Hour), clip.ID)
			again := must[Job](t)(retry(clip.JobID, "key"))
			if again.Status != JobQueued || again.Attempt != failed.Attempt+1 || again.Failures != 0 || again.Failure != "" {
				t.Errorf("begun again it is %+v", again)
			}
			if err := h.Finish(t.Context(), &failed, result("late.mp4")); err == nil {
				t.Error("the attempt that failed still writes")
			}
			job := h.claim(t, again)
			if repeated := must[Job](t)(retry(clip.JobID, "key")); repeated.Status != JobRunning || repeated.Attempt != again.Attempt {
				t.Errorf("the same request again makes it %+v", repeated)
			}
			if err := h.Finish(t.Context(), &job, result("1.mp4")); err != nil {
				t.Fatal(err)
			}
			if got := h.readClipOf(t, ann, clip.ID); got.Status() != ClipReady {
				t.Errorf("the clip is %s", got.Status())
			}

			twin := h.order(t, ann.ID, asset.ID, 2)
			h.bring(t, twin, JobFailed)
			h.order(t, "bob", asset.ID, 2)
			_, err = retry(twin.JobID, "")
			wantError(t, err, Conflict, "", "asked for again since")
			left := h.order(t, ann.ID, asset.ID, 3)
			h.bring(t, left, JobFailed)
			must[string](t)(h.ReleaseClip(t.Context(), ann, left.ID))
			_, err = retry(left.JobID, "")
			wantError(t, err, Conflict, "", "nobody waits")
			withdrawn := h.order(t, ann.ID, gone.ID, 4)
			h.bring(t, withdrawn, JobFailed)
			must[Asset](t)(h.Withdraw(t.Context(), House(), gone.ID))
			_, err = retry(withdrawn.JobID, "")
			wantError(t, err, Conflict, "", "nobody waits")
			must[Asset](t)(h.Restore(t.Context(), House(), gone.ID))
			_, err = retry(withdrawn.JobID, "")
			wantError(t, err, Conflict, "", "nobody waits")

			rendition, _, err := h.Rendition(t.Context(), ann, asset.ID, "h264-360p")
			if err != nil {
				t.Fatal(err)
			}
			h.bring(t, &Clip{Job: rendition}, JobFailed)
			queued := must[Job](t)(retry(rendition.ID, ""))
			if queued.Status != JobQueued {
				t.Errorf("the rendition is %s", queued.Status)
			}
			h.bring(t, &Clip{Job: &queued}, JobFailed)
			restricted := "not for sale"
			must[Asset](t)(h.ChangeAsset(t.Context(), House(), asset.ID, Change{Restrictions: &restricted}))
			_, err = retry(rendition.ID, "")
			wantError(t, err, Conflict, "", "restricted to has changed")
			_, err = retry("nothing", "")
			wantError(t, err, NotFound, "", "there is no job")
		})
	}
}

// TestRetryOrder begins an order again of which nothing could be made: its items are made
// anew, and only then it is packed.
func TestRetryOrder(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			order := h.orderOf(t, ann, append(parts(asset.ID, 1), ClipRequest{AssetID: asset.ID, Format: "h264-360p"})...)
			for i := range order.Items {
				h.finish(t, &order.Items[i], false)
			}
			zip := h.claim(t, h.job(t, order.JobID))
			if err := h.Fail(t.Context(), &zip, "none of the items could be made: see why at each of them"); err != nil {
				t.Fatal(err)
			}
			if _, err := h.RetryJob(t.Context(), House(), order.Items[0].JobID, Idempotency{}); err == nil {
				t.Error("an item is made for an order that has ended")
			}
			_, errs := together(t.Context(), 3, func(ctx context.Context, _ int) (Job, error) {
				return h.RetryJob(ctx, House(), order.JobID, Idempotency{})
			})
			begun := 0
			for _, err := range errs {
				if err == nil {
					begun++
				}
			}
			if begun == 0 {
				t.Fatal(errs)
			}
			order = h.readOrder(t, ann, order.ID)
			wantStatuses(t, order, ClipQueued, ClipQueued, ClipQueued)
			if job := h.job(t, order.JobID); job.Status != JobWaiting || job.Attempt != zip.Attempt+1 {
				t.Errorf("the order's job is %s in attempt %d", job.Status, job.Attempt)
			}
			for i := range order.Items {
				h.finish(t, &order.Items[i], true)
			}
			zip = h.claim(t, h.job(t, order.JobID))
			if err := h.Finish(t.Context(), &zip, result("a.zip")); err != nil {
				t.Fatal(err)
			}
			wantStatuses(t, h.readOrder(t, ann, order.ID), ClipReady, ClipReady, ClipReady)
			must[[]string](t)(h.ReleaseOrder(t.Context(), ann, order.ID))
			if job := h.job(t, order.Items[0].JobID); job.Claims != 0 || job.Status != JobRemoved {
				t.Errorf("the item's job is %s with %d claims", job.Status, job.Claims)
			}
		})
	}
}
