package catalog

import (
	"context"
	"testing"
	"time"

	"subclip/database"
)

// TestPlayed watches videos, many at once: each is counted, by day, and nothing else is.
func TestPlayed(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			h.cfg.KeepUsage = 48 * time.Hour
			asset, other, gone := h.asset(t), h.asset(t), h.asset(t)
			must[Asset](t)(h.Withdraw(t.Context(), House(), gone.ID))
			_, errs := together(t.Context(), 8, func(ctx context.Context, i int) (int, error) {
				return 0, h.Played(ctx, Asker{}, []string{asset.ID, other.ID}[i%2])
			})
			for _, err := range errs {
				if err != nil {
					t.Error(err)
				}
			}
			wantError(t, h.Played(t.Context(), ann, gone.ID), NotFound, "", "there is no asset")
			if err := h.Played(t.Context(), House(), asset.ID); err != nil {
				t.Error(err)
			}
			today := database.Now().Truncate(24 * time.Hour)
			h.exec(t, "INSERT INTO plays (asset_id, day, count) VALUES (?, ?, 5)", asset.ID, today.AddDate(0, 0, -3).Format(time.DateOnly))
			count := func(assetID string) (plays []int64) {
				for _, day := range must[[]UsageDay](t)(h.UsageDays(t.Context(), assetID, today.AddDate(0, 0, -3), 5)) {
					plays = append(plays, day.Plays)
				}
				return plays
			}
			of, all := count(asset.ID), count("")
			if len(of) != 5 || of[0] != 5 || of[1]+of[2] != 0 || of[3]+of[4] != 4 || all[3]+all[4] != 8 {
				t.Errorf("watched are %v, of all %v", of, all)
			}
			if err := h.KeepUsage(t.Context()); err != nil || count(asset.ID)[0] != 0 {
				t.Errorf("what was watched long ago is kept: %v", err)
			}
		})
	}
}
