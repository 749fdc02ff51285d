package catalog

import (
	"slices"
	"testing"
	"time"
)

func paths(places []Place) []string {
	all := []string{}
	for _, p := range places {
		all = append(all, p.Path)
	}
	return all
}

// TestPlaces goes through what strangers may open in parts of two, and finds each once.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			if starts := must[[]string](t)(h.AssetPlaceStarts(t.Context(), 2)); len(starts) != 0 {
				t.Errorf("nothing begins at %q", starts)
			}
			var assets, stories []string
			for range 5 {
				assets = append(assets, PagePath(h.asset(t).ID))
			}
			hidden := h.asset(t)
			h.embargo(t, hidden.ID, time.Hour)
			h.newAsset(t, Metadata{Title: "Not ready"})
			for _, title := range []string{"One", "Two", "Three", "Four"} {
				story := h.published(t, told(title))
				stories = append(stories, StoryPath(story.Slug))
			}
			h.story(t, told("A draft"))
			for _, part := range []struct {
				starts []string
				places func(from string) ([]Place, error)
				want   []string
			}{
				{must[[]string](t)(h.AssetPlaceStarts(t.Context(), 2)), func(from string) ([]Place, error) { return h.AssetPlaces(t.Context(), from, 2) }, assets},
				{must[[]string](t)(h.StoryPlaceStarts(t.Context(), 2)), func(from string) ([]Place, error) { return h.StoryPlaces(t.Context(), from, 2) }, stories},
			} {
				var got []string
				for _, from := range part.starts {
					got = append(got, paths(must[[]Place](t)(part.places(from)))...)
				}
				if slices.Sort(got); len(part.starts) != (len(part.want)+1)/2 || !slices.Equal(got, slices.Sorted(slices.Values(part.want))) {
					t.Errorf("from %q on there are %q, want %q", part.starts, got, part.want)
				}
			}
			if places := must[[]Place](t)(h.StoryPlaces(t.Context(), "", 1)); !slices.Equal(places[0].Languages, []string{"en"}) || places[0].ChangedAt.IsZero() {
				t.Errorf("a place is %+v", places)
			}
		})
	}
}

// TestSpokenLanguages asks for those of what everyone can watch.
func TestSpokenLanguages(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			speaks := func(tag string) string {
				id := h.asset(t).ID
				must[Asset](t)(h.ChangeAsset(t.Context(), House(), id, Change{Language: &tag}))
				return id
			}
			speaks("de")
			speaks("")
			film, secret := speaks("de"), speaks("it")
			h.embargo(t, secret, time.Hour)
			cues := []Cue{{Start: 0, End: time.Second, Text: "Bom dia"}}
			for asset, tags := range map[string][]string{film: {"pt-BR", ""}, secret: {"es"}} {
				for _, tag := range tags {
					if err := h.PutCaptions(t.Context(), asset, tag, CaptionsUploaded, cues); err != nil {
						t.Fatal(err)
					}
				}
			}
			if got := must[[]string](t)(h.SpokenLanguages(t.Context())); !slices.Equal(got, []string{"de", "pt-BR"}) {
				t.Errorf("the languages are %q", got)
			}
		})
	}
}
