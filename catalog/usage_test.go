package catalog

import (
	"context"
	"slices"
	"testing"
	"time"

	"subclip/database"
)

func (h *harness) usage(t *testing.T, q UsageQuery) []Usage {
	t.Helper()
	q.Limit = MaxPage
	page, _, err := h.Usage(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func (h *harness) order(t *testing.T, by, assetID string, number int) *Clip {
	t.Helper()
	request := wish(assetID, number)
	request.By = Asker{ID: by}
	return h.clip(t, request)
}

// TestUsage takes assets whole and in part: each is counted as often as it should.
func TestUsage(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, other := h.asset(t), h.asset(t)
			first := h.order(t, "ann", asset.ID, 1)
			h.order(t, "bob", asset.ID, 1) // the same job
			cancelled := h.order(t, "eve", asset.ID, 1)
			must[string](t)(h.ReleaseClip(t.Context(), Asker{ID: "eve"}, cancelled.ID))
			h.order(t, "ann", asset.ID, 2) // it waits
			if got := h.usage(t, UsageQuery{}); len(got) > 0 {
				t.Errorf("before anything is made: %+v", got)
			}
			job := h.bring(t, first, JobDone)
			h.order(t, "cat", asset.ID, 1) // made already
			h.order(t, "cat", asset.ID, 1) // another clip
			got := h.usage(t, UsageQuery{AssetID: asset.ID})
			who := map[string]int{}
			for _, u := range got {
				who[u.PersonID]++
				if u.Marks != "10:00:01:00-10:01:00:00" || u.Format != "source" || u.Asset.ID != asset.ID || u.At.Before(job.FinishedAt) {
					t.Errorf("a clip is counted as %+v", u)
				}
			}
			if len(got) != 4 || who["ann"] != 1 || who["bob"] != 1 || who["cat"] != 2 {
				t.Errorf("taken by %v", who)
			}
			for _, key := range []string{"", "", "key", "key"} {
				h.TookAsset(t.Context(), Asker{ID: "ann"}, &other, "h264-360p", 7, Idempotency{IdempotencyKey: key})
			}
			h.TookAsset(t.Context(), Asker{ID: "bob"}, &other, "h264-360p", 7, Idempotency{IdempotencyKey: "key"})
			h.TookAsset(t.Context(), Asker{ID: "dan"}, &other, "source", 8, Idempotency{IdempotencyKey: "key"})
			h.TookAsset(t.Context(), Asker{ID: "dan"}, &asset, "source", 9, Idempotency{IdempotencyKey: "key"})
			if his := h.usage(t, UsageQuery{PersonID: "dan"}); len(his) != 2 {
				t.Errorf("one key for two assets counts as %+v", his)
			}
			whole := h.usage(t, UsageQuery{AssetID: other.ID})
			whole = slices.DeleteFunc(whole, func(u Usage) bool { return u.PersonID == "dan" })
			if len(whole) != 4 || whole[0].PersonID != "bob" || whole[0].Marks != "" || whole[0].Size != 7 || whole[0].Format != "h264-360p" {
				t.Errorf("taken whole: %+v", whole)
			}
			if mine := h.usage(t, UsageQuery{PersonID: "ann"}); len(mine) != 4 {
				t.Errorf("ann took %+v", mine)
			}

			seen, cursor := map[string]bool{}, ""
			for {
				page, next, err := h.Usage(t.Context(), UsageQuery{Cursor: cursor, Limit: 3})
				if err != nil || len(page) == 0 || len(page) > 3 {
					t.Fatalf("%d rows, %v", len(page), err)
				}
				for _, u := range page {
					if seen[u.ID] {
						t.Errorf("%s comes twice", u.ID)
					}
					seen[u.ID] = true
				}
				if cursor = next; cursor == "" {
					break
				}
			}
			if len(seen) != 10 {
				t.Errorf("pages have %d rows", len(seen))
			}

			if err := h.ForgetPerson(t.Context(), "ann"); err != nil {
				t.Fatal(err)
			}
			if mine, all := h.usage(t, UsageQuery{PersonID: "ann"}), h.usage(t, UsageQuery{}); len(mine) != 0 || len(all) != 10 {
				t.Errorf("with ann forgotten there are %d of hers, %d in all", len(mine), len(all))
			}
			var left []string
			if err := h.db.NewSelect().Model((*Usage)(nil)).Column("id").Where("request LIKE 'ann%'").Scan(t.Context(), &left); err != nil || len(left) > 0 {
				t.Errorf("her keys are left: %v, %v", left, err)
			}
		})
	}
}

// TestKeepUsage counts what a crash left out, once, and forgets what is old.
func TestKeepUsage(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			h.cfg.KeepUsage = 48 * time.Hour
			asset := h.asset(t)
			clip := h.order(t, "ann", asset.ID, 1)
			h.bring(t, clip, JobDone)
			h.exec(t, "DELETE FROM usage")
			h.TookAsset(t.Context(), Asker{ID: "old"}, &asset, "source", 1, Idempotency{})
			h.TookAsset(t.Context(), Asker{ID: "young"}, &asset, "source", 1, Idempotency{})
			for person, age := range map[string]time.Duration{"old": 49 * time.Hour, "young": 47 * time.Hour} {
				h.exec(t, "UPDATE usage SET at = ? WHERE person_id = ?", database.Now().Add(-age), person)
			}
			_, errs := together(t.Context(), 4, func(ctx context.Context, _ int) (int, error) { return 0, h.KeepUsage(ctx) })
			for _, err := range errs {
				if err != nil {
					t.Error(err)
				}
			}
			got := h.usage(t, UsageQuery{})
			if len(got) != 2 || got[0].PersonID != "young" || got[1].PersonID != "ann" {
				t.Errorf("kept are %+v", got)
			}
			h.cfg.KeepUsage = 0
			h.exec(t, "UPDATE usage SET at = ?", database.Now().AddDate(-50, 0, 0))
			if err := h.KeepUsage(t.Context()); err != nil || len(h.usage(t, UsageQuery{})) != 2 {
				t.Errorf("kept for ever, they are gone: %v", err)
			}
		})
	}
}

// TestUsageFails breaks the counting: clips and downloads go on.
func TestUsageFails(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			clip := h.order(t, "ann", asset.ID, 1)
			if _, err := h.db.ExecContext(t.Context(), "DROP TABLE usage"); err != nil {
				t.Fatal(err)
			}
			h.bring(t, clip, JobDone)
			if again := h.order(t, "ann", asset.ID, 1); again.Status() != ClipReady {
				t.Errorf("the clip is %s", again.Status())
			}
			h.TookAsset(t.Context(), Asker{ID: "ann"}, &asset, "source", 1, Idempotency{})
		})
	}
}
