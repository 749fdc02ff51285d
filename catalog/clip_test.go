package catalog

import (
	"slices"
	"testing"
	"time"

	"subclip/database"
)

// TestClips lists a person's clips in every state: the list's SQL must say of each what
// the clip itself says.
func TestClips(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, gone, ann := h.asset(t), h.asset(t), Asker{ID: "ann"}
			var made []string // newest first
			order := func(assetID string, number int) *Clip {
				clip := h.order(t, ann.ID, assetID, number)
				made = slices.Insert(made, 0, clip.ID)
				return clip
			}
			order(asset.ID, 1) // it waits
			h.claim(t, *order(asset.ID, 2).Job)
			h.bring(t, order(asset.ID, 3), JobDone)
			h.bring(t, order(asset.ID, 4), JobFailed)
			late := order(asset.ID, 5)
			h.bring(t, late, JobDone)
			h.exec(t, "UPDATE clips SET kept_until = ? WHERE id = ?", database.Now().Add(-time.Second), late.ID)
			removed := order(asset.ID, 6)
			h.bring(t, removed, JobDone)
			h.exec(t, "UPDATE jobs SET status = ? WHERE id = ?", JobRemoved, removed.JobID)
			order(gone.ID, 7)
			must[Asset](t)(h.Withdraw(t.Context(), House(), gone.ID))
			deleted := order(asset.ID, 8)
			must[string](t)(h.ReleaseClip(t.Context(), ann, deleted.ID))
			item := order(asset.ID, 9)
			h.exec(t, "UPDATE clips SET order_id = 'some' WHERE id = ?", item.ID)
			h.order(t, "bob", asset.ID, 1)
			made = made[1:] // an order's are not listed

			list := func(q ClipQuery) (ids []string, next string) {
				q.By = ann
				page, next, err := h.Clips(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				for i := range page {
					ids = append(ids, page[i].ID)
				}
				return ids, next
			}
			if got, next := list(ClipQuery{Limit: 50}); !slices.Equal(got, made[1:]) || next != "" {
				t.Errorf("all are %v and %q, want %v", got, next, made[1:])
			}
			byStatus := map[ClipStatus][]string{}
			for _, id := range made[1:] { // the first was removed
				status := must[*Clip](t)(h.Clip(t.Context(), ann, id)).Status()
				byStatus[status] = append(byStatus[status], id)
			}
			if len(byStatus) != 6 {
				t.Fatalf("not every state is tried: %v", byStatus)
			}
			for status, want := range byStatus {
				if got, _ := list(ClipQuery{Limit: 50, Statuses: []ClipStatus{status}}); !slices.Equal(got, want) {
					t.Errorf("%s are %v, want %v", status, got, want)
				}
			}
			if got, _ := list(ClipQuery{Limit: 50, Statuses: []ClipStatus{ClipReady, ClipFailed}, AssetID: asset.ID}); len(got) != 2 {
				t.Errorf("ready and failed are %v", got)
			}
			if got, _ := list(ClipQuery{Limit: 50, AssetID: gone.ID}); len(got) != 1 {
				t.Errorf("of the withdrawn asset there are %v", got)
			}
			first, next := list(ClipQuery{Limit: 4})
			rest, end := list(ClipQuery{Limit: 4, Cursor: next})
			if !slices.Equal(slices.Concat(first, rest), made[1:]) || end != "" {
				t.Errorf("by pages: %v, %v, then %q", first, rest, end)
			}
		})
	}
}

// TestClipNames gives ranges names: files are called by them, each by another.
func TestClipNames(t *testing.T) {
	t.Parallel()
	h := start(t, kinds()[0])
	asset := h.asset(t)
	marks := []Marks{{"1", "2"}, {"2", "3"}, {"3", "4"}, {"4", "5"}}
	request := ClipRequest{AssetID: asset.ID, Ranges: marks, Separate: true, Names: []string{"Crowd: wide", "", "crowd wide", "../etc"}}
	clip := h.clip(t, request)
	job := h.claim(t, *clip.Job)
	var made JobResult
	for _, name := range []string{"1.mp4", "2.mp4", "3.mp4", "4.mp4"} {
		made.Files = append(made.Files, JobFile{Key: "made/" + name, Name: "Film-" + name})
	}
	if err := h.Finish(t.Context(), &job, made); err != nil {
		t.Fatal(err)
	}
	request.Names = nil
	for id, want := range map[string][]string{
		clip.ID:               {"Crowd-wide.mp4", "Film-2.mp4", "crowd-wide-2.mp4", "etc.mp4"},
		h.clip(t, request).ID: {"Film-1.mp4", "Film-2.mp4", "Film-3.mp4", "Film-4.mp4"},
	} {
		var got []string
		for _, file := range h.readClip(t, id).Files() {
			got = append(got, file.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("the files are called %v, want %v", got, want)
		}
	}
}
