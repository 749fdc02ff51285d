package feeds

import (
	"context"
	"time"

	"subclip/catalog"
)

// StoriesPath is where the feed of stories in a language is.
func StoriesPath(language string) string { return "/feeds/stories." + language + ".atom" }

// stories are those that everyone may read in a language, the last to come out first.
func (f *feeds) stories(ctx context.Context, language string) (any, error) {
	all, _, err := f.Catalog.Stories(ctx, catalog.StoryQuery{Language: language, Limit: entries})
	if err != nil {
		return nil, err
	}
	assets, err := f.Catalog.AssetsOfStories(ctx, catalog.Asker{}, all)
	if err != nil {
		return nil, err
	}
	self := f.Link(StoriesPath(language), nil)
	feed := atomFeed{
		ID: self, Title: f.SiteName, Updated: time.Unix(0, 0).UTC().Format(time.RFC3339), Author: atomPerson{f.SiteName},
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: self},
			{Rel: "alternate", Type: page, Href: f.Link("/stories", map[string][]string{"lang": {language}})},
		},
	}
	for i := range all {
		story := &all[i]
		text := story.Texts[language]
		changed := story.ChangedAt.UTC().Format(time.RFC3339)
		feed.Updated = max(feed.Updated, changed)
		entry := atomEntry{
			Language: language, ID: urn(story.ID), Title: text.Title, Published: story.CameOut().Format(time.RFC3339), Updated: changed, Summary: text.Lead(),
			Links: []atomLink{{Rel: "alternate", Type: page, Href: f.Link(catalog.StoryPath(story.Slug), map[string][]string{"lang": {language}})}},
		}
		for j := range assets[story.ID] {
			if asset := &assets[story.ID][j]; isPublic(asset) {
				entry.Links = append(entry.Links, atomLink{Rel: "related", Type: page, Href: f.page(asset), Title: asset.Title})
			}
		}
		feed.Entries = append(feed.Entries, entry)
	}
	return feed, nil
}
