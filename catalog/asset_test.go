package catalog

import (
	"slices"
	"testing"
	"time"
)

func ids(assets []Asset) []string {
	all := []string{}
	for _, a := range assets {
		all = append(all, a.ID)
	}
	return all
}

// turnPages reads all assets page by page, and calls between after every page.
func turnPages(t *testing.T, h *harness, limit int, between func()) []string {
	t.Helper()
	got := []string{}
	for cursor := ""; ; {
		page, next, err := h.Assets(t.Context(), AssetQuery{Cursor: cursor, Limit: limit})
		if err != nil || len(page) > limit || len(page) == 0 {
			t.Fatalf("limit %d: %d assets, %v", limit, len(page), err)
		}
		got = append(got, ids(page)...)
		if cursor = next; cursor == "" {
			return got
		}
		between()
	}
}

// TestPages turns pages while assets are published: none of the earlier ones may
// be missed or come twice.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			var all []string
			publish := func() {
				asset, _ := h.newAsset(t, Metadata{Title: "Film"})
				all = append([]string{asset.ID}, all...)
			}
			for range 11 {
				publish()
			}
			for _, limit := range []int{1, 3, 11, 12, MaxPage, 10 * MaxPage} {
				if got := turnPages(t, h, limit, func() {}); !slices.Equal(got, all) {
					t.Errorf("limit %d: %v, want %v", limit, got, all)
				}
			}
			earlier := all
			if got := turnPages(t, h, 3, publish); !slices.Equal(got, earlier) {
				t.Errorf("while others are published: %v, want %v", got, earlier)
			}
			for _, limit := range []int{0, -1} {
				if page, next, err := h.Assets(t.Context(), AssetQuery{Limit: limit}); err != nil || len(page) != 1 || next != page[0].ID {
					t.Errorf("limit %d: %v, %q, %v", limit, page, next, err)
				}
			}
			if page, next, err := h.Assets(t.Context(), AssetQuery{Cursor: "'; --%\x00", Limit: 5}); err != nil || len(page) > 0 || next != "" {
				t.Errorf("a cursor of no page: %v, %q, %v", page, next, err)
			}
		})
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			begin := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
			var all []string
			for i := range 4 {
				asset, _ := h.newAsset(t, Metadata{Title: "Film"})
				h.released(t, asset.ID, begin.Add(time.Duration(i)*500*time.Millisecond))
				all = append(all, asset.ID)
			}
			second := begin.Add(time.Second)
			tests := []struct {
				name     string
				from, to time.Time
				want     []string
			}{
				{"from", second, time.Time{}, []string{all[3], all[2]}},
				{"to", time.Time{}, second, []string{all[1], all[0]}},
				{"both", begin.Add(500 * time.Millisecond), second, []string{all[1]}},
				{"other zone", second.In(time.FixedZone("", 7200)), time.Time{}, []string{all[3], all[2]}},
				{"nothing between", second, second, []string{}},
			}
			for _, tt := range tests {
				page, _, err := h.Assets(t.Context(), AssetQuery{From: tt.from, To: tt.to, Limit: 10})
				if err != nil || !slices.Equal(ids(page), tt.want) {
					t.Errorf("%s: %v, %v, want %v", tt.name, ids(page), err, tt.want)
				}
			}
			if got := must[Asset](t)(h.Asset(t.Context(), House(), all[1])); !got.ReleasedAt.Equal(begin.Add(500 * time.Millisecond)) {
				t.Errorf("the time comes back as %s", got.ReleasedAt)
			}
		})
	}
}
