package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

const (
	deskStoriesPath = deskPath + "/stories"
	newStoryPath    = deskStoriesPath + "/new"
	storiesAPI      = "/v1/stories"
	textsField      = "texts"
	offered         = 8 // assets that a search in the form offers
)

func deskStoryPath(id string) string { return deskStoriesPath + "/" + id }

// mountDeskStories adds the pages on which stories are written.
func (p *Portal) mountDeskStories(pages gin.IRoutes) {
	both(pages, deskStoriesPath, p.showDeskStories)
	both(pages, newStoryPath, func(g *gin.Context) {
		values := url.Values{"date": {time.Now().UTC().Format(time.DateOnly)}, "key": {newKey()}}
		if asset := g.Query("asset"); asset != "" {
			values.Set(assetsField, asset)
		}
		p.showStoryForm(g, nil, form{Values: values, status: http.StatusOK})
	})
	pages.POST(newStoryPath, p.createStory)
	path := deskStoryPath(":id")
	both(pages, path, p.withStory(func(g *gin.Context, story *catalog.Story) {
		f, err := p.storyForm(g, story)
		if err != nil {
			p.fail(g, err)
			return
		}
		p.showStoryForm(g, story, f)
	}))
	pages.POST(path, p.withStory(p.saveStory))
	pages.POST(path+"/delete", func(g *gin.Context) {
		p.pass(g, http.MethodDelete, storiesAPI+"/"+url.PathEscape(g.Param("id")), nil, deskStoriesPath)
	})
}

// withStory finds the story that the path names.
func (p *Portal) withStory(then func(*gin.Context, *catalog.Story)) gin.HandlerFunc {
	return found(p, func(g *gin.Context) (catalog.Story, error) {
		ctx := g.Request.Context()
		return p.Catalog.Story(ctx, catalog.From(ctx), g.Param("id"))
	}, then)
}

type deskStoriesPage struct {
	Stories []storyRow
	Next    string
}

// storyRow is a story as one looks through them.
type storyRow struct {
	*catalog.Story
	Path, Title string
	Languages   []string
	Embargo     bool
}

func (p *Portal) showDeskStories(g *gin.Context) {
	ctx := g.Request.Context()
	stories, next, err := p.Catalog.Stories(ctx, catalog.StoryQuery{By: catalog.From(ctx), Cursor: g.Query(cursorParameter), Limit: shown})
	if err != nil {
		p.fail(g, err)
		return
	}
	of := deskStoriesPage{Next: further(deskStoriesPath, next)}
	for i := range stories {
		of.Stories = append(of.Stories, p.storyRow(g, &stories[i]))
	}
	p.show(g, http.StatusOK, page{Name: "desk_stories", Title: p.say(g, "desk.stories"), Hidden: true, Data: of})
}

func (p *Portal) storyRow(g *gin.Context, story *catalog.Story) storyRow {
	text, _ := story.Text(p.language(g))
	row := storyRow{Story: story, Path: deskStoryPath(story.ID), Title: text.Title, Embargo: story.EmbargoUntil.After(time.Now())}
	for _, language := range story.Languages() {
		row.Languages = append(row.Languages, strings.ToUpper(language))
	}
	return row
}

type storyPage struct {
	*catalog.Story // nil while it is new
	Action         string
	Form           form
	Languages      []string
	Topics         []string
	Chosen, Found  []assetCard
	Earlier        []assetCard // of those chosen that come out before it
	Searched       bool
	Page           string // where readers find it
	Said           string // what was done to it
}

// About is the form, as the list of topics knows it.
func (s storyPage) About() form { return s.Form }

func (p *Portal) storyForm(g *gin.Context, s *catalog.Story) (form, error) {
	values := url.Values{
		"slug": {s.Slug}, "date": {s.Date.UTC().Format(time.DateOnly)}, "place": {s.Place}, topicsField: s.Topics,
		keywordsField: {listField(s.Keywords)}, embargoField: {p.zone.field(s.EmbargoUntil)}, assetsField: nil,
	}
	for _, language := range catalog.StoryLanguages() {
		text := s.Texts[language]
		values.Set("texts."+language+".title", text.Title)
		values.Set("texts."+language+".summary", text.Summary)
		values.Set("texts."+language+".body", text.Body)
	}
	ctx := g.Request.Context()
	assets, err := p.Catalog.StoryAssets(ctx, catalog.From(ctx), s.ID)
	if err != nil {
		return form{}, err
	}
	for i := range assets {
		values.Add(assetsField, assets[i].ID)
	}
	return begun(values), nil
}

func (p *Portal) showStoryForm(g *gin.Context, story *catalog.Story, f form) {
	of := storyPage{
		Story: story, Action: newStoryPath, Form: f, Languages: catalog.StoryLanguages(), Topics: p.Catalog.Topics(), Said: saidOf(g),
		Searched: f.Value("q") != "",
	}
	title := p.say(g, "story.new")
	if story != nil {
		text, _ := story.Text(p.language(g))
		title, of.Action, of.Page = text.Title, deskStoryPath(story.ID), catalog.StoryPath(story.Slug)
	}
	var err error
	if of.Chosen, of.Found, err = p.picked(g, f); err != nil {
		p.fail(g, err)
		return
	}
	if moments, _ := p.zone.readings(f.Value(embargoField)); len(moments) > 0 {
		of.Earlier = earlierThan(moments[0], of.Chosen)
	}
	p.show(g, f.status, page{Name: "desk_story", Title: title, Hidden: true, Scripts: []string{"desk"}, Data: of})
}

// createStory stores a new story, and publishes it if its button says so.
func (p *Portal) createStory(g *gin.Context) {
	show := func(f form) { p.showStoryForm(g, nil, f) }
	values, ok := p.typedWithVideos(g, show)
	if !ok {
		return
	}
	if wrong := p.unclearEmbargo(g, values); wrong != nil {
		show(form{Values: values, status: http.StatusUnprocessableEntity, Mistakes: wrong})
		return
	}
	if id, _, ok := p.create(g, storiesAPI, values, p.storyBody(values), storyField, show); ok {
		p.thenStory(g, id, values.Get(thenField))
	}
}

// saveStory stores what was changed in the form, and then publishes the story, or makes it
// a draft again, if its button says so. What others have changed meanwhile is looked at
// before it comes out.
func (p *Portal) saveStory(g *gin.Context, story *catalog.Story) {
	show := func(f form) { p.showStoryForm(g, story, f) }
	typed, ok := p.typedWithVideos(g, show)
	if !ok {
		return
	}
	ctx := g.Request.Context()
	s, err := p.save(g, typed, edited{
		read: func() (url.Values, int, error) {
			now, err := p.Catalog.Story(ctx, catalog.From(ctx), story.ID)
			if err != nil {
				return nil, 0, err
			}
			f, err := p.storyForm(g, &now)
			return f.Values, now.Version, err
		},
		store: func(values, now url.Values) (answer, error) {
			body := changes(p.storyBody(values), p.storyBody(now))
			if len(body) == 0 {
				return answer{}, nil
			}
			return p.ask(g, http.MethodPatch, storiesAPI+"/"+story.ID, body)
		},
		show:  p.showsOf(g),
		field: func(url.Values) func(string) string { return storyField },
	})
	switch {
	case err != nil:
		p.fail(g, err)
	case !s.stored:
		show(s.form)
	case s.others && typed.Get(thenField) == "publish":
		g.Redirect(http.StatusSeeOther, deskStoryPath(story.ID)+"?said=others")
	default:
		p.thenStory(g, story.ID, typed.Get(thenField))
	}
}

// thenStory does what a button says once the story is stored.
func (p *Portal) thenStory(g *gin.Context, id, then string) {
	page := deskStoryPath(id)
	switch then {
	case "embargo":
		if p.keepWithStory(g, id) {
			g.Redirect(http.StatusSeeOther, page+"?said=embargoed")
		}
	case "publish", "unpublish":
		a, err := p.ask(g, http.MethodPost, storiesAPI+"/"+id+"/"+then, nil)
		switch {
		case err != nil:
			p.fail(g, err)
		case !a.good():
			p.showStoryRefused(g, id, a)
		default:
			g.Redirect(http.StatusSeeOther, page+"?said="+then+"ed")
		}
	default:
		g.Redirect(http.StatusSeeOther, page+"?said=saved")
	}
}

// showStoryRefused shows the form of a story, which is stored, with why something else was
// not done.
func (p *Portal) showStoryRefused(g *gin.Context, id string, a answer) {
	ctx := g.Request.Context()
	story, err := p.Catalog.Story(ctx, catalog.From(ctx), id)
	var f form
	if err == nil {
		f, err = p.storyForm(g, &story)
	}
	if err != nil {
		p.fail(g, err)
		return
	}
	p.showStoryForm(g, &story, p.wrong(g, f.Values, a, storyField))
}

// saidOf is what a page of the desk says was done, a key of words in "done".
func saidOf(g *gin.Context) string {
	said := g.Query("said")
	if !slices.Contains([]string{"saved", "published", "unpublished", "embargoed", "others"}, said) {
		return ""
	}
	return said
}

// showsOf writes the state of a field for people: lists by the titles of what is in them.
func (p *Portal) showsOf(g *gin.Context) func(string, []string) string {
	return func(name string, values []string) string {
		titles := slices.Clone(values)
		ctx := g.Request.Context()
		for i, id := range values {
			switch name {
			case assetsField:
				if asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), id); err == nil {
					titles[i] = asset.Title
				}
			case storiesField:
				if story, err := p.Catalog.Story(ctx, catalog.From(ctx), id); err == nil {
					text, _ := story.Text(p.language(g))
					titles[i] = text.Title
				}
			}
		}
		return strings.Join(titles, ", ")
	}
}

// storyField puts what is wrong with all texts at the first.
func storyField(name string) string {
	if name == textsField {
		return "texts." + catalog.StoryLanguages()[0] + ".title"
	}
	return name
}

// storyTexts are the texts that a form has, by language.
func storyTexts(values url.Values) map[string]catalog.StoryText {
	texts := map[string]catalog.StoryText{}
	for _, language := range catalog.StoryLanguages() {
		of := func(part string) string { return strings.TrimSpace(text(values, "texts."+language+"."+part)) }
		told := catalog.StoryText{Title: of("title"), Summary: of("summary"), Body: of("body")}
		if told != (catalog.StoryText{}) {
			texts[language] = told
		}
	}
	return texts
}

// storyBody is the form for the API.
func (p *Portal) storyBody(values url.Values) gin.H {
	body := gin.H{
		textsField: storyTexts(values), "place": values.Get("place"), embargoField: p.zone.moment(values.Get(embargoField)), keywordsField: listed(values.Get(keywordsField)),
		topicsField: append([]string{}, values[topicsField]...), assetsField: append([]string{}, values[assetsField]...),
	}
	for _, name := range []string{"slug", "date"} {
		if values.Get(name) != "" {
			body[name] = values.Get(name)
		}
	}
	return body
}

// rearranged is a list after a button of it was pressed.
func rearranged(ids []string, do, id string) []string {
	at := slices.Index(ids, id)
	switch {
	case do == "add" && at < 0:
		return append(ids, id)
	case at < 0:
	case do == "remove":
		return slices.Delete(ids, at, at+1)
	case do == "up" && at > 0:
		ids[at-1], ids[at] = ids[at], ids[at-1]
	case do == "down" && at < len(ids)-1:
		ids[at+1], ids[at] = ids[at], ids[at+1]
	}
	return ids
}

// picked are the assets that a form has chosen, and those that a search in it offers. One
// that is no more is left out, and so is not saved again.
func (p *Portal) picked(g *gin.Context, f form) (chosen, found []assetCard, err error) {
	ctx := g.Request.Context()
	by := catalog.From(ctx)
	for _, id := range f.Values[assetsField] {
		asset, err := p.Catalog.Asset(ctx, by, id)
		switch {
		case err == nil:
			chosen = append(chosen, cardOf(&asset))
		case !isMissing(err):
			return nil, nil, err
		}
	}
	if f.Value("q") == "" {
		return chosen, nil, nil
	}
	assets, _, err := p.Catalog.Assets(ctx, catalog.AssetQuery{By: by, Words: f.Value("q"), Limit: offered})
	for i := range assets {
		if !f.Has(assetsField, assets[i].ID) {
			found = append(found, cardOf(&assets[i]))
		}
	}
	return chosen, found, err
}
