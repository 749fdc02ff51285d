package catalog

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/text/language"
)

// Place is a page of the site that strangers may open, for those who list them all.
type Place struct {
	Path      string
	ChangedAt time.Time
	Languages []string // that it is told in, one or more; nil for those of the site
}

// AssetPlaces returns the pages of assets that everyone can watch from an id on, in the
// order of their ids, at most limit.
func (c *Catalog) AssetPlaces(ctx context.Context, from string, limit int) ([]Place, error) {
	var assets []Asset
	if err := c.watchable(&assets).Column("id", "released_at", "changed_at").Where("asset.id >= ?", from).OrderExpr("asset.id").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("list the places of assets: %w", err)
	}
	places := make([]Place, len(assets))
	for i := range assets {
		places[i] = Place{Path: PagePath(assets[i].ID), ChangedAt: assets[i].LastChange()}
	}
	return places, nil
}

// StoryPlaces does so for stories, from a position on.
func (c *Catalog) StoryPlaces(ctx context.Context, from string, limit int) ([]Place, error) {
	var stories []Story
	err := Asker{}.findsStories(c.db.NewSelect().Model(&stories)).Where("story.position >= ?", from).OrderExpr("story.position").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the places of stories: %w", err)
	}
	places := make([]Place, len(stories))
	for i := range stories {
		places[i] = Place{StoryPath(stories[i].Slug), stories[i].ChangedAt, stories[i].Languages()}
	}
	return places, nil
}

// Languages are those that a story is told in, in the order of StoryLanguages.
func (s *Story) Languages() []string {
	return slices.DeleteFunc(StoryLanguages(), func(language string) bool {
		_, told := s.Texts[language]
		return !told
	})
}

// AssetPlaceStarts divides AssetPlaces into parts of a size and returns where each
// begins, the first of them where anything does. It reads through all assets.
func (c *Catalog) AssetPlaceStarts(ctx context.Context, size int) ([]string, error) {
	return c.starts(ctx, c.watchable((*Asset)(nil)), "asset.id", size)
}

// StoryPlaceStarts does so for StoryPlaces.
func (c *Catalog) StoryPlaceStarts(ctx context.Context, size int) ([]string, error) {
	return c.starts(ctx, Asker{}.findsStories(c.db.NewSelect().Model((*Story)(nil))), "story.position", size)
}

func (c *Catalog) starts(ctx context.Context, of *bun.SelectQuery, ref bun.Ident, size int) ([]string, error) {
	refs := []string{}
	numbered := of.ColumnExpr("? AS ref, row_number() OVER (ORDER BY ?) AS number", ref, ref)
	err := c.db.NewSelect().TableExpr("(?) AS numbered", numbered).ColumnExpr("ref").Where("(number - 1) % ? = 0", size).OrderExpr("ref").Scan(ctx, &refs)
	if err != nil {
		return nil, fmt.Errorf("divide the places of the site: %w", err)
	}
	if len(refs) > 0 {
		refs[0] = ""
	}
	return refs, nil
}

// SpokenLanguages are the BCP 47 tags of the languages of what everyone can watch, and of
// its captions, sorted. It reads through all assets.
func (c *Catalog) SpokenLanguages(ctx context.Context) ([]string, error) {
	tags := []string{}
	captions := c.db.NewSelect().Model((*Captions)(nil)).ColumnExpr("captions.language").
		Where("captions.asset_id IN (?)", c.watchable((*Asset)(nil)).ColumnExpr("asset.id"))
	all := c.watchable((*Asset)(nil)).ColumnExpr("asset.language").Union(captions)
	err := c.db.NewSelect().TableExpr("(?) AS spoken", all).ColumnExpr("language").
		Where("language NOT IN ('', ?)", language.Und.String()).OrderExpr("language").Scan(ctx, &tags)
	if err != nil {
		return nil, fmt.Errorf("list the languages of assets: %w", err)
	}
	return tags, nil
}

// watchable selects assets that everyone can watch; see Asset.Shown.
func (c *Catalog) watchable(into any) *bun.SelectQuery {
	return Asker{}.finds(c.db.NewSelect().Model(into)).Where("asset.status = ?", AssetReady)
}
