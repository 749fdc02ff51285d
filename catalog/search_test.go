package catalog

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/transcoder"
)

func (h *harness) find(t *testing.T, q AssetQuery) []string {
	t.Helper()
	q.Limit = 10
	page, _, err := h.Assets(t.Context(), q)
	if err != nil {
		t.Errorf("%+v: %v", q, err)
	}
	return ids(page)
}

func TestSearch(t *testing.T) {
	t.Parallel()
	assets := []Metadata{
		{Title: "Élection présidentielle", Description: "Le vote à Paris, l'œuvre d'Hélène", Language: "fr", Topics: []string{"politics"}},
		{Title: "50% off_sale", Description: `back\slash and 'quotes'`, Language: "en", Topics: []string{"politics", "sport-football"}},
		{Title: "500 people off sale", Description: "ΑΘΗΝΑ, Привет, İstanbul, भारत", Language: "el"},
		{Title: "Film", Language: "en", People: []string{"Søren Łukasz"}, Places: []string{"Plaine de Plainpalais"}, Keywords: []string{"water-polo"}},
	}
	tests := []struct {
		words, language, topic string
		want                   []int
	}{
		{"", "", "", []int{3, 2, 1, 0}},
		{"  ", "", "", []int{3, 2, 1, 0}},
		{"FILM", "", "", []int{3}},
		{"election", "", "", []int{0}},
		{"ÉLECTION PARIS", "", "", []int{0}},
		{"e\u0301lection", "", "", []int{0}},
		{"Œuvre hélen", "", "", []int{0}},
		{"l'oeuv", "", "", []int{0}},
		{"vot", "", "", []int{0}},
		{"vot paris", "", "", []int{}}, // the last word alone may go on
		{"p", "", "", []int{}},
		{"vote film", "", "", []int{}},
		{"off", "", "", []int{2, 1}},
		{"50%", "", "", []int{2, 1}},
		{`"50"`, "", "", []int{1}},
		{"500", "", "", []int{2}},
		{`"people off"`, "", "", []int{2}},
		{`"off people"`, "", "", []int{}},
		{`"sale off`, "", "", []int{}},
		{`sale "people off"`, "", "", []int{2}},
		{`back\slash`, "", "", []int{1}},
		{"%", "", "", []int{}},
		{`""`, "", "", []int{}},
		{"'; DROP TABLE assets; --", "", "", []int{}},
		{"film OR vote", "", "", []int{}},
		{"words : film", "", "", []int{}},
		{"lang=fr", "", "", []int{}},
		{"αθήνα", "", "", []int{2}},
		{"ПРИВЕТ", "", "", []int{2}},
		{"istanbul", "", "", []int{2}},
		{"भारत", "", "", []int{2}},
		{"off\x00", "", "", []int{2, 1}},
		{"soren lukasz", "", "", []int{3}},
		{"plainpalais", "", "", []int{3}},
		{"water polo", "", "", []int{3}},
		{"waterpolo", "", "", []int{}},
		{"", "en", "", []int{3, 1}},
		{"", "EN", "", []int{3, 1}},
		{"off", "en", "", []int{1}},
		{"", "de", "", []int{}},
		{"", "", "politics", []int{1, 0}},
		{"", "fr", "politics", []int{0}},
		{"off", "", "sport-football", []int{1}},
		{"", "", "sport", []int{}},
		{"", `fr" OR "lang=en`, "", []int{}},
		{"", `fr' | 'lang=en`, "", []int{}},
	}
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			var all []string
			for _, about := range assets {
				asset, _ := h.newAsset(t, about)
				all = append(all, asset.ID)
			}
			for _, tt := range tests {
				want := []string{}
				for _, i := range tt.want {
					want = append(want, all[i])
				}
				if got := h.find(t, AssetQuery{Words: tt.words, Language: tt.language, Topic: tt.topic}); !slices.Equal(got, want) {
					t.Errorf("%q in %q of %q finds %d, want assets %v", tt.words, tt.language, tt.topic, len(got), tt.want)
				}
			}
		})
	}
}

// TestHostileSearch types what has a meaning in the languages of either database.
func TestHostileSearch(t *testing.T) {
	t.Parallel()
	pieces := []string{`"`, `'`, `\`, "*", "^", "(", ")", ":", "&", "|", "!", "<->", "AND", "NOT", "NEAR(", "words", "-", "+", "{", "}", "\x00", "\xff", " ", "film", "ﬁ", "\u0301", "=", "a", "?", "$1", "--", strings.Repeat("ж", 300)}
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			h.asset(t)
			for seed := range uint64(80) {
				random := rand.New(rand.NewPCG(seed, 0))
				words := ""
				for range random.IntN(12) {
					words += pieces[random.IntN(len(pieces))] //nolint:perfsprint // few
				}
				h.find(t, AssetQuery{Words: words, Topic: words})
				if _, _, err := h.Stories(t.Context(), StoryQuery{Words: words, Language: words}); err != nil {
					t.Errorf("%q: %v", words, err)
				}
				if _, _, err := h.SearchCaptions(t.Context(), CaptionQuery{Words: words, Cursor: words, Limit: 5}); err != nil {
					t.Errorf("%q: %v", words, err)
				}
			}
		})
	}
}

// TestLongSearch types more than is looked for, in one phrase and in many words.
func TestLongSearch(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			about := strings.Repeat("talk ", maxQueryWords)
			asset, _ := h.newAsset(t, Metadata{Title: "Film", Description: about + "ends"})
			for _, words := range []string{about + "never", strings.Repeat("talk ", 40_000), strings.Repeat("talk-", 40_000)} {
				for _, words := range []string{words, `"` + words + `"`} {
					n := 0
					for _, term := range (search{words: words}).terms() {
						n += len(term.words)
					}
					if n != maxQueryWords {
						t.Errorf("%d words are looked for", n)
					}
					if got := h.find(t, AssetQuery{Words: words}); !slices.Equal(got, []string{asset.ID}) {
						t.Errorf("%.20q… finds %v", words, got)
					}
				}
			}
		})
	}
}

// TestSearchFollows changes everything that an asset is found by, and looks for it.
func TestSearchFollows(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, other := h.asset(t), h.asset(t)
			finds := func(words string, want ...string) {
				t.Helper()
				if got := h.find(t, AssetQuery{Words: words}); !slices.Equal(got, append([]string{}, want...)) {
					t.Errorf("%q finds %v, want %v", words, got, want)
				}
			}
			title, people := "Zebra", []string{"Ann Example"}
			must[Asset](t)(h.ChangeAsset(t.Context(), editor, asset.ID, Change{Title: &title, People: &people}))
			finds("film", other.ID)
			finds("zebra ann", asset.ID)
			must[[]Shot](t)(h.PutShotlist(t.Context(), editor, asset.ID, []Shot{{Text: "Exterior of headquarters"}}, nil))
			finds("zebra headquarters", asset.ID)
			must[[]Shot](t)(h.PutShotlist(t.Context(), editor, asset.ID, nil, nil))
			finds("headquarters")
			must[Captions](t)(h.UploadCaptions(t.Context(), editor, asset.ID, "en", []byte("WEBVTT\n\n00:01.000 --> 00:02.000\n<b>agree</b>ment\n")))
			finds("agreement", asset.ID)
			if err := h.DeleteCaptions(t.Context(), editor, asset.ID, "en"); err != nil {
				t.Error(err)
			}
			finds("agreement")

			draft := h.story(t, told("Quokka", asset.ID))
			finds("quokka")
			must[Story](t)(h.PublishStory(t.Context(), editor, draft.ID))
			finds("quokka zebra", asset.ID)
			moved := []string{other.ID}
			must[Story](t)(h.ChangeStory(t.Context(), editor, draft.ID, StoryChange{AssetIDs: &moved}))
			finds("quokka", other.ID)
			must[Story](t)(h.UnpublishStory(t.Context(), editor, draft.ID))
			finds("quokka")
			must[Story](t)(h.PublishStory(t.Context(), editor, draft.ID))
			must[Story](t)(h.DeleteStory(t.Context(), editor, draft.ID))
			finds("quokka")

			for format, want := range map[string]int{"sd": 2, "hd": 0, "H264": 2, "mp4": 2, "mxf": 0} {
				if got := h.find(t, AssetQuery{Format: format}); len(got) != want {
					t.Errorf("%d have the format %s, want %d", len(got), format, want)
				}
			}
			h.exec(t, "UPDATE documents SET due_at = ?", time.Now()) // as the migration leaves them
			h.exec(t, "UPDATE assets SET title = 'Walrus' WHERE id = ?", other.ID)
			if err := h.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			finds("walrus", other.ID)
		})
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		width, height int
		want          string
	}{{720, 576, "sd"}, {1024, 576, "sd"}, {1280, 720, "hd"}, {1440, 1080, "hd"}, {1080, 1920, "hd"}, {3840, 1608, "uhd"}, {4096, 2160, "uhd"}, {2160, 3840, "uhd"}} {
		asset := Asset{Source: &transcoder.Source{Container: "mxf", Video: transcoder.VideoTrack{Codec: "mpeg2video", Width: tt.width, Height: tt.height}}}
		if got := asset.formats(); !slices.Equal(got, []string{"format=" + tt.want, "format=mxf", "format=mpeg2video"}) {
			t.Errorf("%d × %d is %v", tt.width, tt.height, got)
		}
	}
}

// TestStorySearch finds stories, and what an embargo hides only after it.
func TestStorySearch(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			late := told("Quokka one", asset.ID)
			late.EmbargoUntil = time.Now().Add(time.Hour)
			late.Topics = []string{"politics"}
			one := h.published(t, late)
			french := told("Quokka two")
			french.Texts["fr"] = StoryText{Title: "Été"}
			two := h.published(t, french)
			finds := func(by Asker, q StoryQuery, want ...string) {
				t.Helper()
				q.By, q.Limit = by, 10
				page, _, err := h.Stories(t.Context(), q)
				if err != nil || !slices.Equal(storyIDs(page), append([]string{}, want...)) {
					t.Errorf("%+v finds %v, %v, want %v", q, storyIDs(page), err, want)
				}
			}
			finds(Asker{}, StoryQuery{Words: "quokka"}, two.ID)
			finds(Asker{}, StoryQuery{Words: "ete", Language: "fr"}, two.ID)
			finds(Asker{}, StoryQuery{Topic: "politics"})
			finds(editor, StoryQuery{Words: "quokka"}, two.ID, one.ID)
			if got := h.find(t, AssetQuery{Words: "quokka"}); len(got) != 0 {
				t.Errorf("an asset tells of a story under embargo: %v", got)
			}
			h.exec(t, "UPDATE stories SET embargo_until = ? WHERE id = ?", time.Now().Add(-time.Second), one.ID)
			h.exec(t, "UPDATE documents SET due_at = ? WHERE due_at IS NOT NULL", time.Now().Add(-time.Second))
			_, errs := together(t.Context(), 4, func(ctx context.Context, _ int) (bool, error) { return true, h.Reconcile(ctx) })
			for _, err := range errs {
				if err != nil {
					t.Error(err)
				}
			}
			finds(Asker{}, StoryQuery{Words: "quokka"}, one.ID, two.ID)
			finds(Asker{}, StoryQuery{}, one.ID, two.ID)
			finds(Asker{}, StoryQuery{Topic: "politics"}, one.ID)
			if got := h.find(t, AssetQuery{Words: "quokka"}); !slices.Equal(got, []string{asset.ID}) {
				t.Errorf("after the embargo the asset is not found: %v", got)
			}
		})
	}
}

// TestSearchPages turns the pages of a search.
func TestSearchPages(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			var all []string
			for i := range 7 {
				asset, _ := h.newAsset(t, Metadata{Title: []string{"Zebra", "Zebra crossing"}[i%2], Language: "en"})
				all = append([]string{asset.ID}, all...)
			}
			for _, q := range []AssetQuery{{Words: "zeb"}, {Language: "en"}, {Words: "zebra", Language: "en", From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)}} {
				got := []string{}
				for q.Limit = 3; ; {
					page, next, err := h.Assets(t.Context(), q)
					if err != nil || len(page) > 3 {
						t.Fatal(err)
					}
					got = append(got, ids(page)...)
					if q.Cursor = next; next == "" {
						break
					}
				}
				if !slices.Equal(got, all) {
					t.Errorf("%+v finds %v, want %v", q, got, all)
				}
			}
			if got := h.find(t, AssetQuery{Words: "zebra", Cursor: "'; --\x00"}); len(got) != 0 {
				t.Errorf("behind a cursor of no page stand %v", got)
			}
		})
	}
}
