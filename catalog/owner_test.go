package catalog

import "testing"

// TestOwners has two people ask for the same: it is made once, and neither sees
// or cancels what is the other's, even under the same Idempotency-Key.
func TestOwners(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			request := func(owner string) ClipRequest {
				r := wish(asset.ID, 1)
				r.By, r.Idempotency = Asker{ID: owner}, Idempotency{"key", "hash of " + owner}
				return r
			}
			mine, theirs := h.clip(t, request("ann")), h.clip(t, request("bob"))
			if mine.ID == theirs.ID || mine.JobID != theirs.JobID {
				t.Errorf("clips %s and %s, jobs %s and %s", mine.ID, theirs.ID, mine.JobID, theirs.JobID)
			}
			for _, owner := range []string{"bob", "", "ann "} {
				_, err := h.Clip(t.Context(), Asker{ID: owner}, mine.ID)
				wantError(t, err, NotFound, "", "there is no clip")
				_, err = h.ReleaseClip(t.Context(), Asker{ID: owner}, mine.ID)
				wantError(t, err, NotFound, "", "there is no clip")
			}
			if list := h.recent(t, Asker{ID: "ann"}); len(list) != 1 || list[0].ID != mine.ID {
				t.Errorf("ann's clips are %+v", list)
			}
			must[string](t)(h.ReleaseClip(t.Context(), Asker{ID: "bob"}, theirs.ID))
			if got := must[*Clip](t)(h.Clip(t.Context(), Asker{ID: "ann"}, mine.ID)).Status(); got != ClipQueued {
				t.Errorf("bob's cancelling makes ann's clip %s", got)
			}

			upload, _, err := h.NewUpload(t.Context(), "ann", Metadata{Title: "Film"}, 10, Idempotency{"key", "a"})
			if err != nil {
				t.Fatal(err)
			}
			upload.StoreID = "store"
			must[*Upload](t)(h.StoreUpload(t.Context(), upload))
			if other, exists, err := h.NewUpload(t.Context(), "bob", Metadata{Title: "Film"}, 10, Idempotency{"key", "b"}); err != nil || exists || other.ID == upload.ID {
				t.Errorf("bob's upload is %+v, %v, %v", other, exists, err)
			}
			_, err = h.Upload(t.Context(), "bob", upload.ID)
			wantError(t, err, NotFound, "", "there is no upload")
			_, err = h.CompleteUpload(t.Context(), "bob", upload.ID)
			wantError(t, err, NotFound, "", "there is no upload")
			wantError(t, h.AbortUpload(t.Context(), "bob", upload.ID), Conflict, "", "")
		})
	}
}
