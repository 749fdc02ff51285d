package catalog

import (
	"context"
	"slices"
	"testing"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// TestReplace has one asset take another's place, in stories too, and that one replaced in turn:
// whoever has an old link is led to the last, if they may see it.
func TestReplace(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			first, second, third := h.asset(t), h.asset(t), h.asset(t)
			people, title, restrictions := []string{"Ann Example"}, "Talks", "Not in print"
			must[Asset](t)(h.ChangeAsset(t.Context(), House(), first.ID, Change{Title: &title, People: &people, Restrictions: &restrictions}))
			story := h.tale(t, first.ID, third.ID)
			both := h.tale(t, second.ID, first.ID)
			clip := h.order(t, ann.ID, first.ID, 1)

			replace := func(old, by string) (Asset, error) { return h.Replace(t.Context(), House(), old, by, nil) }
			if _, err := h.Replace(t.Context(), House(), first.ID, second.ID, Versions{second.Version + 7}); err == nil {
				t.Error("a version that is no more is replaced by")
			}
			before := must[Asset](t)(h.Asset(t.Context(), House(), first.ID))
			got := must[Asset](t)(replace(first.ID, second.ID))
			err := h.db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
				_, err := withdraw(ctx, tx, &before) // by somebody who read it a moment ago
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if got.Title != title || got.Restrictions != restrictions || !slices.Equal(got.People, people) || got.Filename != second.Filename || got.Version == second.Version {
				t.Errorf("the new one is %+v", got)
			}
			again := must[Asset](t)(replace(first.ID, second.ID))
			if again.Version != got.Version {
				t.Error("done again, it changes something")
			}
			older := must[Asset](t)(h.Asset(t.Context(), House(), first.ID))
			if !older.Withdrawn() || older.ReplacedBy != second.ID || older.Title != title {
				t.Errorf("the older one is %+v", older)
			}
			if status := h.readClipOf(t, ann, clip.ID).Status(); status != ClipCancelled {
				t.Errorf("a clip of the older one is %s", status)
			}
			for id, want := range map[string][]string{story.ID: {second.ID, third.ID}, both.ID: {second.ID}} {
				if in := h.assetsOf(t, id); !slices.Equal(in, want) {
					t.Errorf("a story has %v, want %v", in, want)
				}
			}
			found, _, err := h.Assets(t.Context(), AssetQuery{Words: "Ann Example", Limit: 9})
			if err != nil || len(found) != 1 || found[0].ID != second.ID {
				t.Errorf("searched for, there are %d, %v", len(found), err)
			}

			_, err = replace(second.ID, first.ID)
			wantError(t, err, Conflict, "", "was replaced itself")
			_, err = replace(first.ID, third.ID)
			wantError(t, err, Conflict, "", "replace that one")
			_, err = replace(first.ID, first.ID)
			wantError(t, err, Invalid, "asset_id", "cannot take its own place")
			_, err = replace("nothing", third.ID)
			wantError(t, err, NotFound, "", "there is no asset")
			h.exec(t, "UPDATE assets SET status = ? WHERE id = ?", AssetProcessing, third.ID)
			_, err = replace(second.ID, third.ID)
			wantError(t, err, Conflict, "", "still being processed")
			h.exec(t, "UPDATE assets SET status = ? WHERE id = ?", AssetReady, third.ID)

			must[Asset](t)(replace(second.ID, third.ID))
			for _, id := range []string{first.ID, second.ID} {
				if to := must[Asset](t)(h.Successor(t.Context(), Asker{}, id)); to.ID != third.ID {
					t.Errorf("%s leads to %s, want %s", id, to.ID, third.ID)
				}
			}
			_, err = h.Successor(t.Context(), Asker{}, third.ID)
			wantError(t, err, NotFound, "", "nothing has replaced")
			until := database.Now().Add(time.Hour)
			must[Asset](t)(h.ChangeAsset(t.Context(), House(), third.ID, Change{EmbargoUntil: &until}))
			_, err = h.Successor(t.Context(), ann, first.ID)
			wantError(t, err, NotFound, "", "nothing has replaced")
			if to := must[Asset](t)(h.Successor(t.Context(), House(), first.ID)); to.ID != third.ID {
				t.Errorf("for editors it leads to %s", to.ID)
			}

			must[Asset](t)(h.Restore(t.Context(), House(), second.ID))
			if to := must[Asset](t)(h.Successor(t.Context(), Asker{}, first.ID)); to.ID != second.ID {
				t.Errorf("with that restored, it leads to %s", to.ID)
			}
		})
	}
}

// TestReplaceOneAnother has assets replaced in a ring at once: no loop arises.
func TestReplaceOneAnother(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			ring := []string{h.asset(t).ID, h.asset(t).ID, h.asset(t).ID}
			for _, id := range ring {
				h.tale(t, id)
			}
			_, errs := together(t.Context(), 6, func(ctx context.Context, i int) (Asset, error) {
				return h.Replace(ctx, House(), ring[i%3], ring[(i+1)%3], nil)
			})
			left := 0
			for _, id := range ring {
				if asset := must[Asset](t)(h.Asset(t.Context(), House(), id)); !asset.Withdrawn() {
					left++
					continue
				}
				must[Asset](t)(h.Successor(t.Context(), Asker{}, id))
			}
			if left == 0 {
				t.Errorf("all are replaced: %v", errs)
			}
		})
	}
}

// tale publishes a story with assets.
func (h *harness) tale(t *testing.T, assets ...string) Story {
	t.Helper()
	content := StoryContent{Date: database.Now().Truncate(24 * time.Hour), Texts: map[string]StoryText{"en": {Title: "Tale"}}}
	story := must[Story](t)(h.CreateStory(t.Context(), House(), NewStory{StoryContent: content, AssetIDs: assets}))
	return must[Story](t)(h.PublishStory(t.Context(), House(), story.ID))
}

// assetsOf are the ids of a story's assets, in order.
func (h *harness) assetsOf(t *testing.T, story string) (ids []string) {
	t.Helper()
	for _, asset := range must[[]Asset](t)(h.StoryAssets(t.Context(), Asker{}, story)) {
		ids = append(ids, asset.ID)
	}
	return ids
}
