package catalog

import (
	"maps"
	"slices"
	"testing"
	"time"
)

func TestSearchCaptions(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			one, two, hidden := h.asset(t), h.asset(t), h.asset(t)
			say := func(asset Asset, language string, cues ...Cue) {
				if err := h.PutCaptions(t.Context(), asset.ID, language, CaptionsUploaded, cues); err != nil {
					t.Fatal(err)
				}
			}
			first, second, third := cue(1000, 2000, "We have reached an <i>agree</i>ment"), cue(2000, 3000, "with all parties"), cue(4000, 5000, "An agreement at last")
			say(one, "en", first, second, third)
			say(one, "fr", cue(1000, 2000, "Un accord"))
			say(two, "en", cue(500, 900, "No agreement"), cue(9000, 9900, "all agreed to differ"))
			say(hidden, "en", first)
			h.embargo(t, hidden.ID, time.Hour)
			type found map[string][]Cue
			for words, want := range map[string]found{
				"agreement":          {two.ID: {cue(500, 900, "No agreement")}, one.ID: {first, third}},
				`"an agreement"`:     {one.ID: {first, third}},
				"agreement parties":  {one.ID: {cue(1000, 3000, first.Text+"\n"+second.Text), cue(2000, 5000, second.Text+"\n"+third.Text)}},
				"accord":             {one.ID: {cue(1000, 2000, "Un accord")}},
				"no differ":          {}, // far apart
				"agreement at las":   {one.ID: {third}},
				"":                   {},
				`"`:                  {},
				"agreement anything": {},
			} {
				got := found{}
				for cursor := ""; ; {
					hits, next, err := h.SearchCaptions(t.Context(), CaptionQuery{Words: words, Cursor: cursor, Limit: 1})
					if err != nil {
						t.Fatal(err)
					}
					for _, hit := range hits {
						got[hit.Asset.ID] = hit.Cues
					}
					if cursor = next; next == "" {
						break
					}
				}
				if len(got) != len(want) {
					t.Errorf("%q finds %v, want %v", words, got, want)
				}
				for id, cues := range want {
					if !slices.Equal(got[id], cues) {
						t.Errorf("%q finds %v, want %v", words, got[id], cues)
					}
				}
			}
			hits := must[[]CaptionHit](t)(h.SearchAssetCaptions(t.Context(), Asker{}, one.ID, "agree"))
			if len(hits) != 1 || hits[0].Language != "en" || !slices.Equal(hits[0].Cues, []Cue{first, third}) || hits[0].Asset.FrameAt(hits[0].Cues[0].Start) != 25 {
				t.Errorf("in one asset: %+v", hits)
			}
			_, err := h.SearchAssetCaptions(t.Context(), Asker{}, hidden.ID, "agree")
			wantError(t, err, NotFound, "", "there is no asset")
		})
	}
}

// TestCaptionsBudget looks for words that stand far apart in all captions: a search goes
// through so many and no more, and the next page goes on behind them.
func TestCaptionsBudget(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			apart := []Cue{cue(0, 900, "One"), cue(1000, 1900, "and"), cue(90_000, 91_000, "two")}
			var oldest Asset
			for i := range 7 {
				asset := h.asset(t)
				if i == 0 {
					oldest = asset
				}
				if err := h.PutCaptions(t.Context(), asset.ID, "en", CaptionsUploaded, apart); err != nil {
					t.Fatal(err)
				}
			}
			if err := h.PutCaptions(t.Context(), oldest.ID, "en", CaptionsUploaded, []Cue{cue(0, 900, "One, two")}); err != nil {
				t.Fatal(err)
			}
			later := func() time.Time { return time.Now().Add(time.Hour) }
			q := CaptionQuery{Words: "one two", Limit: 5}
			for _, tt := range []struct {
				left reading
				read int // cues
			}{{reading{4, later()}, 6}, {reading{100, time.Now()}, 3}, {reading{6, later()}, 6}} {
				left := tt.left
				hits, next, err := h.searchCaptions(t.Context(), q, &left)
				if read := tt.left.cues - left.cues; err != nil || len(hits) > 0 || next == "" || read != tt.read {
					t.Errorf("%d cues were read, want %d; found are %v, next is %q, %v", read, tt.read, hits, next, err)
				}
				q.Cursor = next
			}
			hits, next, err := h.SearchCaptions(t.Context(), q)
			if err != nil || len(hits) != 1 || hits[0].Asset.ID != oldest.ID || next != "" {
				t.Errorf("at last found are %v, next is %q, %v", hits, next, err)
			}
		})
	}
}

// TestCaptionFilters goes page by page through what is said, narrowed in each way: pages
// are full, none is empty, and all stands in the order of the assets, though captions come
// later, assets change and captions go.
func TestCaptionFilters(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			begin := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
			all := make([]Asset, 24)
			for i := range all {
				all[i] = h.asset(t)
				h.released(t, all[i].ID, begin.AddDate(0, 0, i))
				all[i] = must[Asset](t)(h.Asset(t.Context(), House(), all[i].ID))
			}
			h.embargo(t, all[20].ID, time.Hour)
			say := func(i int, language, text string) {
				t.Helper()
				if err := h.PutCaptions(t.Context(), all[i].ID, language, CaptionsUploaded, []Cue{cue(1000, 2000, text)}); err != nil {
					t.Fatal(err)
				}
			}
			for _, i := range []int{5, 23, 0, 11, 20, 1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22} {
				say(i, "en", "The treaty")
				if i%3 == 0 {
					say(i, "fr", "Le traité, the treaty")
				}
				if i%5 == 0 {
					topics := []string{"politics"}
					must[Asset](t)(h.ChangeAsset(t.Context(), editor, all[i].ID, Change{Topics: &topics}))
				}
			}
			if err := h.DeleteCaptions(t.Context(), editor, all[10].ID, "en"); err != nil {
				t.Fatal(err)
			}
			say(1, "fr-CA", "treaty")
			tests := []struct {
				name string
				q    CaptionQuery
				want func(i int, language string) bool
			}{
				{"all", CaptionQuery{}, func(int, string) bool { return true }},
				{"language", CaptionQuery{Language: "FR"}, func(_ int, language string) bool { return language == "fr" }},
				{"topic", CaptionQuery{Topic: "politics"}, func(i int, _ string) bool { return i%5 == 0 }},
				{"format", CaptionQuery{Format: "sd"}, func(int, string) bool { return true }},
				{"no such format", CaptionQuery{Format: "uhd"}, func(int, string) bool { return false }},
				{"days", CaptionQuery{From: begin.AddDate(0, 0, 3), To: begin.AddDate(0, 0, 15)}, func(i int, _ string) bool { return i >= 3 && i < 15 }},
				{"from", CaptionQuery{From: begin.AddDate(0, 0, 22)}, func(i int, _ string) bool { return i >= 22 }},
				{"to, of a topic, in a language", CaptionQuery{To: begin.AddDate(0, 0, 16), Topic: "politics", Language: "fr"}, func(i int, language string) bool { return i < 16 && i%5 == 0 && language == "fr" }},
				{"later than all", CaptionQuery{From: begin.AddDate(1, 0, 0)}, func(int, string) bool { return false }},
				{"earlier than all", CaptionQuery{To: begin.AddDate(-1, 0, 0)}, func(int, string) bool { return false }},
			}
			there := []CaptionHit{}
			for i := len(all) - 1; i >= 0; i-- {
				for _, captions := range must[[]Captions](t)(h.AllCaptions(t.Context(), House(), all[i].ID)) {
					if i != 20 {
						there = append(there, CaptionHit{Asset: all[i], Language: captions.Language})
					}
				}
			}
			index := map[string]int{}
			for i := range all {
				index[all[i].ID] = i
			}
			for _, tt := range tests {
				want := map[string]bool{}
				for _, hit := range there {
					if tt.want(index[hit.Asset.ID], hit.Language) {
						want[hit.ref()] = true
					}
				}
				// As many as there are in all makes a page that looks as if one were behind it.
				for _, limit := range []int{1, 4, max(1, len(want))} {
					q, got, last := tt.q, map[string]bool{}, len(all)
					for q.Words, q.Limit = "treat", limit; ; {
						hits, next, err := h.SearchCaptions(t.Context(), q)
						if err != nil || len(hits) > limit || next != "" && len(hits) < limit || len(hits) == 0 && len(want) > 0 {
							t.Fatalf("%s: a page of %d has %d, next is %q: %v", tt.name, limit, len(hits), next, err)
						}
						for _, hit := range hits {
							if at := index[hit.Asset.ID]; got[hit.ref()] || at > last {
								t.Errorf("%s: %s stands out of order, or twice", tt.name, hit.ref())
							} else {
								last = at
							}
							got[hit.ref()] = true
						}
						if q.Cursor = next; next == "" {
							break
						}
					}
					if !maps.Equal(got, want) {
						t.Errorf("%s, by %d: found are %d, want %d", tt.name, limit, len(got), len(want))
					}
				}
			}
		})
	}
}
