package catalog

import (
	"testing"
	"time"

	"subclip/database"
)

// TestHealth looks at a queue in which something waits, runs and has failed.
func TestHealth(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			empty := must[Health](t)(h.Health(t.Context()))
			if empty.Waiting != nil || len(empty.Jobs)+len(empty.Workers)+len(empty.Failed)+empty.OpenUploads != 0 {
				t.Errorf("of an empty queue it is told: %+v", empty)
			}
			for _, size := range []int64{100, 200} {
				upload, _, err := h.NewUpload(t.Context(), "", Metadata{Title: "Film", Filename: "a.mp4"}, size, Idempotency{})
				if err != nil {
					t.Fatal(err)
				}
				must[*Upload](t)(h.StoreUpload(t.Context(), upload))
				if size == 200 {
					must[Asset](t)(h.CompleteUpload(t.Context(), "", upload.ID))
				}
			}
			busy := must[Health](t)(h.Health(t.Context()))
			if busy.Waiting == nil || busy.Waiting.Kind != JobIngest || busy.OpenUploads != 1 || busy.OpenBytes != 100 {
				t.Errorf("of a waiting job and an open upload it is told: %+v", busy)
			}
			h.exec(t, "UPDATE jobs SET status = ?, owner = ?, heartbeat_at = ?", JobRunning, "one", database.Now())
			if busy = must[Health](t)(h.Health(t.Context())); len(busy.Workers) != 1 || busy.Workers[0].Owner != "one" || busy.Workers[0].Running != 1 || busy.Waiting != nil {
				t.Errorf("of a running job it is told: %+v", busy)
			}
			h.exec(t, "UPDATE jobs SET status = ?, failure = ?, finished_at = ?, heartbeat_at = ?", JobFailed, "no video", database.Now(), database.Now().Add(-2*time.Hour))
			busy = must[Health](t)(h.Health(t.Context()))
			if len(busy.Failed) != 1 || busy.Failed[0].Failure != "no video" || busy.Failed[0].Title != "Film" || len(busy.Workers) != 0 ||
				len(busy.Jobs) != 1 || busy.Jobs[0] != (JobCount{JobIngest, JobFailed, 1}) {
				t.Errorf("of a failed job it is told: %+v", busy)
			}
		})
	}
}

// TestDeskAssets finds assets by what editors look for.
func TestDeskAssets(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			public, hidden, gone := h.asset(t), h.asset(t), h.asset(t)
			tomorrow := database.Now().Add(24 * time.Hour)
			must[Asset](t)(h.ChangeAsset(t.Context(), House(), hidden.ID, Change{EmbargoUntil: &tomorrow}))
			must[Asset](t)(h.Withdraw(t.Context(), House(), gone.ID))
			for state, want := range map[string][]string{
				"": {gone.ID, hidden.ID, public.ID}, "ready": {hidden.ID, public.ID}, "processing": {}, "failed": {}, DeskEmbargo: {hidden.ID}, DeskWithdrawn: {gone.ID},
			} {
				var got []string
				for cursor, first := "", true; first || cursor != ""; first = false {
					page, next, err := h.DeskAssets(t.Context(), House(), state, cursor, 1)
					if err != nil {
						t.Fatal(err)
					}
					for _, asset := range page {
						got = append(got, asset.ID)
					}
					cursor = next
				}
				if len(got) != len(want) {
					t.Errorf("%q finds %v, not %v", state, got, want)
					continue
				}
				for i := range want {
					if got[i] != want[i] {
						t.Errorf("%q finds %v, not %v", state, got, want)
					}
				}
			}
			if page, _, err := h.DeskAssets(t.Context(), Asker{}, DeskWithdrawn, "", 10); err != nil || len(page) != 0 {
				t.Errorf("a stranger is told of %d assets, %v", len(page), err)
			}
			_, _, err := h.DeskAssets(t.Context(), House(), "lost", "", 10)
			wantError(t, err, Invalid, "state", "there is no state")
		})
	}
}

// TestUsageDays counts by days of UTC, of one asset and of all.
func TestUsageDays(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			one, other := h.asset(t), h.asset(t)
			from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
			taken := func(asset *Asset, at time.Time) Usage {
				return Usage{ID: database.NewID(), AssetID: asset.ID, Format: "source", Size: 10, At: at}
			}
			err := h.count(t.Context(), []Usage{
				taken(&one, from.Add(-time.Millisecond)), taken(&one, from), taken(&one, from.Add(24*time.Hour-time.Millisecond)),
				taken(&other, from.Add(24*time.Hour)), taken(&one, from.Add(48*time.Hour)),
			})
			if err != nil {
				t.Fatal(err)
			}
			part := taken(&one, from)
			part.Marks = "10:00:00:00-10:00:05:00"
			if err := h.count(t.Context(), []Usage{part}); err != nil {
				t.Fatal(err)
			}
			all := must[[]UsageDay](t)(h.UsageDays(t.Context(), "", from, 2))
			if len(all) != 2 || all[0] != (UsageDay{from, 3, 1, 30, 0}) || all[1] != (UsageDay{from.Add(24 * time.Hour), 1, 0, 10, 0}) {
				t.Errorf("by day: %+v", all)
			}
			if of := must[[]UsageDay](t)(h.UsageDays(t.Context(), other.ID, from, 2)); of[0].Took != 0 || of[1].Took != 1 {
				t.Errorf("of one asset by day: %+v", of)
			}
			most := must[[]Taken](t)(h.MostTaken(t.Context(), from, 10))
			if len(most) != 2 || most[0].ID != one.ID || most[0].Took != 4 || most[0].Parts != 1 || most[0].Sent != 40 || most[1].ID != other.ID {
				t.Errorf("taken most: %+v", most)
			}
		})
	}
}
