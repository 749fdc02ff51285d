package portal

import (
	"context"
	"net/http"
	"slices"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// How much a page lists.
const (
	shown        = 24 // of one kind
	shownVideos  = 8  // beside other kinds
	shownStories = 4
	shownSaid    = 5
	frontStories = 5
	frontVideos  = 16
)

// frontPage is what is new.
type frontPage struct {
	Filter     filter
	Stories    []storyCard // the first one large
	Cards      []assetCard
	MoreVideos string
}

// resultsPage is what is found, or all of one kind.
type resultsPage struct {
	Filter  filter
	Title   string
	Tabs    []tab
	Videos  []assetCard
	Stories []storyCard
	Said    []saidCard
	More    map[string]string // address of all of a kind
	Next    string            // of the page after this one
}

// Empty reports whether there is nothing.
func (r resultsPage) Empty() bool { return len(r.Videos)+len(r.Stories)+len(r.Said) == 0 }

// First reports whether this is the first page.
func (r resultsPage) First() bool { return r.Filter.cursor() == "" }

func (p *Portal) mountHome(pages gin.IRoutes) {
	both(pages, "/", p.showHome)
	both(pages, storiesPath, p.showStories)
	both(pages, catalog.StoryPath(":slug"), p.showStory)
}

func (p *Portal) showHome(g *gin.Context) {
	f, done := p.readFilter(g, kindVideos, kindStories, kindSaid)
	switch {
	case done:
	case f.Any():
		p.showResults(g, f, p.tabs(g, f))
	default:
		p.showFront(g, f)
	}
}

func (p *Portal) showFront(g *gin.Context, f filter) {
	ctx := g.Request.Context()
	// The front is everyone's: drafts stand in the list of stories.
	stories, _, err := p.Catalog.Stories(ctx, catalog.StoryQuery{Limit: frontStories})
	of := frontPage{Filter: f}
	if err == nil {
		of.Stories, err = p.storyCards(ctx, p.language(g), stories)
	}
	if err == nil {
		of.Cards, of.MoreVideos, err = p.videos(ctx, f, frontVideos)
	}
	if err != nil {
		p.fail(g, err)
		return
	}
	of.lead()
	p.show(g, http.StatusOK, page{Name: "home", Description: p.say(g, "home.about"), Scripts: []string{"home"}, Data: of})
}

// lead puts the newest story that has a picture before the others.
func (f *frontPage) lead() {
	first := slices.IndexFunc(f.Stories, func(s storyCard) bool { return s.Poster != "" })
	if first < 0 {
		return
	}
	story := f.Stories[first]
	story.Leads = true
	f.Stories = slices.Insert(slices.Delete(f.Stories, first, first+1), 0, story)
}

// showStories lists stories alone.
func (p *Portal) showStories(g *gin.Context) {
	if f, done := p.readFilter(g, kindStories); !done {
		p.showResults(g, f, nil)
	}
}

// showResults answers with what is found of one kind, or some of each.
func (p *Portal) showResults(g *gin.Context, f filter, tabs []tab) {
	of := resultsPage{Filter: f, Title: p.say(g, "home.all"), Tabs: tabs, More: map[string]string{}}
	switch {
	case f.Words() != "":
		of.Title = p.say(g, "home.found", "Words", f.Words())
	case f.Kind != "":
		of.Title = p.say(g, "home."+f.Kind)
	}
	var err error
	if len(f.Form.Mistakes) == 0 {
		err = p.find(g, &of)
	}
	if err != nil {
		p.fail(g, err)
		return
	}
	p.show(g, f.Form.status, page{Name: "results", Title: of.Title, Hidden: f.Any(), Scripts: []string{"home"}, Data: of})
}

// find fills a page with what is looked for.
func (p *Portal) find(g *gin.Context, of *resultsPage) error {
	ctx, f := g.Request.Context(), of.Filter
	limit := func(kind string, some int) int {
		switch f.Kind {
		case kind:
			return shown
		case "":
			return some
		}
		return 0
	}
	ways := []struct {
		kind string
		some int
		find func(limit int) (string, error)
	}{
		{kindStories, shownStories, func(limit int) (next string, err error) {
			of.Stories, next, err = p.stories(ctx, p.language(g), f, limit)
			return next, err
		}},
		{kindVideos, shownVideos, func(limit int) (next string, err error) {
			of.Videos, next, err = p.videos(ctx, f, limit)
			return next, err
		}},
		{kindSaid, shownSaid, func(limit int) (next string, err error) {
			of.Said, next, err = p.said(ctx, f, limit)
			return next, err
		}},
	}
	for _, way := range ways {
		most := limit(way.kind, way.some)
		if most == 0 || way.kind == kindStories && f.Form.Value(formatParameter) != "" || way.kind == kindSaid && f.Words() == "" {
			continue // nothing of this kind is asked for, or could be
		}
		next, err := way.find(most)
		switch {
		case err != nil:
			return err
		case next != "" && f.Kind == "":
			of.More[way.kind] = f.with(kindParameter, way.kind)
		case next != "":
			of.Next = f.with(cursorParameter, next)
		}
	}
	return nil
}

// videos lists those that can be watched, and for editors also the others.
func (p *Portal) videos(ctx context.Context, f filter, limit int) (cards []assetCard, next string, err error) {
	by := catalog.From(ctx)
	assets, next, err := p.Catalog.Assets(ctx, catalog.AssetQuery{
		By: by, Ready: !by.Editor, Words: f.Words(), Language: f.Form.Value(spokenParameter), Topic: f.Form.Value(topicParameter),
		Format: f.Form.Value(formatParameter), From: f.From, To: f.Until, Cursor: f.cursor(), Limit: limit,
	})
	return cardsOf(assets), next, err
}

func (p *Portal) stories(ctx context.Context, language string, f filter, limit int) (cards []storyCard, next string, err error) {
	stories, next, err := p.Catalog.Stories(ctx, catalog.StoryQuery{
		By: catalog.From(ctx), Words: f.Words(), Language: f.Form.Value(spokenParameter), Topic: f.Form.Value(topicParameter),
		OutFrom: f.From, OutTo: f.Until, Cursor: f.cursor(), Limit: limit,
	})
	if err != nil {
		return nil, "", err
	}
	cards, err = p.storyCards(ctx, language, stories)
	return cards, next, err
}

// said looks for lines. Where words stand far apart in very many videos, a page may be
// short, and still have one behind it.
func (p *Portal) said(ctx context.Context, f filter, limit int) (cards []saidCard, next string, err error) {
	hits, next, err := p.Catalog.SearchCaptions(ctx, catalog.CaptionQuery{
		By: catalog.From(ctx), Words: f.Words(), Language: f.Form.Value(spokenParameter), Topic: f.Form.Value(topicParameter),
		Format: f.Form.Value(formatParameter), From: f.From, To: f.Until, Cursor: f.cursor(), Limit: limit,
	})
	for i := range hits {
		cards = append(cards, saidCardOf(f.Words(), &hits[i]))
	}
	return cards, next, err
}

// tabs lead to each kind of what is found.
func (p *Portal) tabs(g *gin.Context, f filter) []tab {
	kinds := []string{"", kindStories, kindVideos}
	if f.Words() != "" {
		kinds = append(kinds, kindSaid)
	}
	var tabs []tab
	for _, kind := range kinds {
		name := "home.all"
		if kind != "" {
			name = "home." + kind
		}
		tabs = append(tabs, tab{f.with(kindParameter, kind), p.say(g, name), kind == f.Kind})
	}
	return tabs
}
