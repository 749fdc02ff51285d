package catalog

import (
	"context"
	"errors"
	"strconv"
	"testing"
)

// TestOneVersionChangedOnce has six editors change the same version at once: one of them
// does, and the others are told.
func TestOneVersionChangedOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, story := h.asset(t), h.story(t, told("A draft"))
			for name, change := range map[string]func(context.Context, string) (any, error){
				"asset": func(ctx context.Context, text string) (any, error) {
					return h.ChangeAsset(ctx, editor, asset.ID, Change{Description: &text, Versions: Versions{asset.Version}})
				},
				"story": func(ctx context.Context, text string) (any, error) {
					return h.ChangeStory(ctx, editor, story.ID, StoryChange{Place: &text, Versions: Versions{story.Version}})
				},
			} {
				_, errs := together(t.Context(), 6, func(ctx context.Context, i int) (any, error) { return change(ctx, strconv.Itoa(i)) })
				changed := 0
				for _, err := range errs {
					mistake, told := errors.AsType[*Error](err)
					switch {
					case err == nil:
						changed++
					case !told || mistake.Kind != Stale:
						t.Errorf("%s: %v", name, err)
					}
				}
				if changed != 1 {
					t.Errorf("the %s was changed %d times", name, changed)
				}
			}
		})
	}
}
