package newsletter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"subclip/catalog"
)

// recentItems is how many stories or assets an issue has that names none.
const recentItems = 20

// Item is one story or one asset in an issue, as it was when the issue was sent.
type Item struct {
	AssetID     string    `json:"asset_id,omitempty"`
	PosterOf    string    `json:"poster_of,omitempty"` // the asset whose still is shown
	Title       string    `json:"title,omitempty"`
	Description string    `json:"description,omitempty"`
	Seconds     float64   `json:"seconds,omitempty"`
	Published   time.Time `json:"published"`

	StoryID string                       `json:"story_id,omitempty"`
	Slug    string                       `json:"slug,omitempty"`
	Texts   map[string]catalog.StoryText `json:"texts,omitempty"` // by language, without their bodies
}

// addRecent gives a draft the stories that came out since the last issue that was sent,
// or the assets where there are none.
func (n *Newsletter) addRecent(ctx context.Context, draft *Draft) error {
	var last Issue
	err := n.db.NewSelect().Model(&last).Where("status <> ?", IssueDraft).OrderExpr("started_at DESC").Limit(1).Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("look for the last issue: %w", err)
	}
	stories, _, err := n.catalog.Stories(ctx, catalog.StoryQuery{Limit: catalog.MaxPage})
	if err != nil {
		return err
	}
	draft.StoryIDs, draft.AssetIDs = []string{}, []string{}
	for i := range stories {
		if !stories[i].CameOut().Before(last.StartedAt) && len(draft.StoryIDs) < recentItems {
			draft.StoryIDs = append(draft.StoryIDs, stories[i].ID)
		}
	}
	if len(draft.StoryIDs) > 0 {
		return nil
	}
	assets, _, err := n.catalog.Assets(ctx, catalog.AssetQuery{From: last.StartedAt, Limit: catalog.MaxPage})
	if err != nil {
		return err
	}
	for i := range assets {
		if assets[i].Status == catalog.AssetReady && len(draft.AssetIDs) < recentItems {
			draft.AssetIDs = append(draft.AssetIDs, assets[i].ID)
		}
	}
	return nil
}

// items reads what an issue is made of: those stories and assets alone that everyone
// may see.
func (n *Newsletter) items(ctx context.Context, storyIDs, assetIDs []string) ([]Item, error) {
	items := []Item{}
	for _, part := range []struct {
		field string
		ids   []string
		read  func(ctx context.Context, id string) (Item, error)
	}{{"story_ids", storyIDs, n.storyItem}, {"asset_ids", assetIDs, n.assetItem}} {
		if len(part.ids) > maxItems {
			return nil, invalid(part.field, "there are %d: %d are the most", len(part.ids), maxItems)
		}
		for i, id := range part.ids {
			item, err := part.read(ctx, id)
			if mistake, ok := errors.AsType[*catalog.Error](err); ok {
				return nil, invalid(fmt.Sprintf("%s[%d]", part.field, i), "%s", mistake.Message)
			}
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
	}
	return items, nil
}

func (n *Newsletter) storyItem(ctx context.Context, id string) (Item, error) {
	story, err := n.catalog.Story(ctx, catalog.Asker{}, id)
	if err != nil {
		return Item{}, err
	}
	item := Item{StoryID: story.ID, Slug: story.Slug, Published: story.Date, Texts: map[string]catalog.StoryText{}}
	for language, text := range story.Texts {
		item.Texts[language] = catalog.StoryText{Title: text.Title, Summary: text.Lead()}
	}
	assets, err := n.catalog.StoryAssets(ctx, catalog.Asker{}, story.ID)
	if first := slices.IndexFunc(assets, func(a catalog.Asset) bool { return a.Shown() }); first >= 0 {
		item.PosterOf = assets[first].ID
	}
	return item, err
}

func (n *Newsletter) assetItem(ctx context.Context, id string) (Item, error) {
	asset, err := n.catalog.Asset(ctx, catalog.Asker{}, id)
	if err != nil {
		return Item{}, err
	}
	if asset.Status != catalog.AssetReady {
		return Item{}, invalid("", "the asset %q is not ready to be seen: leave it out", asset.Title)
	}
	return Item{AssetID: id, PosterOf: id, Title: asset.Title, Description: asset.Description, Published: asset.ReleasedAt, Seconds: asset.Source.Duration}, nil
}
