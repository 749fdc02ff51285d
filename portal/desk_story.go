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
			values.Set("asset_ids", asset)
		}
		p.showStoryForm(g, http.StatusOK, nil, form{Values: values})
	})
	pages.POST(newStoryPath, func(g *gin.Context) { p.saveStory(g, nil) })
	path := deskStoryPath(":id")
	both(pages, path, p.withStory(func(g *gin.Context, story *catalog.Story) {
		f, err := p.storyForm(g, story)
		if err != nil {
			p.fail(g, err)
			return
		}
		p.showStoryForm(g, http.StatusOK, story, f)
	}))
	pages.POST(path, p.withStory(p.saveStory))
	for _, form := range []string{"/publish", "/unpublish"} {
		pages.POST(path+form, func(g *gin.Context) {
			p.pass(g, http.MethodPost, storiesAPI+"/"+url.PathEscape(g.Param("id"))+form, nil, deskStoryPath(url.PathEscape(g.Param("id"))))
		})
	}
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
	Searched       bool
	Page           string // where readers find it
	Saved          bool
}

// About is the form, as the list of topics knows it.
func (s storyPage) About() form { return s.Form }

func (p *Portal) storyForm(g *gin.Context, s *catalog.Story) (form, error) {
	values := url.Values{
		"slug": {s.Slug}, "date": {s.Date.UTC().Format(time.DateOnly)}, "place": {s.Place}, topicsField: s.Topics,
		"keywords": {listField(s.Keywords)}, "embargo_until": {momentField(s.EmbargoUntil)},
	}
	for language, text := range s.Texts {
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
		values.Add("asset_ids", assets[i].ID)
	}
	return begun(values), nil
}

func (p *Portal) showStoryForm(g *gin.Context, status int, story *catalog.Story, f form) {
	of := storyPage{
		Story: story, Action: newStoryPath, Form: f, Languages: catalog.StoryLanguages(), Topics: p.Catalog.Topics(), Saved: g.Query("saved") != "",
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
	p.show(g, status, page{Name: "desk_story", Title: title, Hidden: true, Data: of})
}

// saveStory stores what the form says; a button of its list of assets only changes the
// form, and shows it again.
func (p *Portal) saveStory(g *gin.Context, story *catalog.Story) {
	values, ok := p.typed(g)
	if !ok {
		return
	}
	if do, id, _ := strings.Cut(values.Get("do"), " "); do != "" {
		values["asset_ids"] = rearranged(values["asset_ids"], do, id)
		p.showStoryForm(g, http.StatusOK, story, form{Values: values})
		return
	}
	method, path := http.MethodPost, storiesAPI
	body := storyBody(values)
	if story != nil {
		method, path = http.MethodPatch, storiesAPI+"/"+story.ID
		body = changes(values, storyBody)
		keepTexts(body, values, story)
		if story.Status == catalog.StoryPublished {
			delete(body, "slug")
		}
	}
	g.Request.Header.Set("Idempotency-Key", values.Get("key"))
	a, err := p.ask(g, method, path, body)
	var saved struct{ ID string }
	switch {
	case err != nil:
		p.fail(g, err)
	case a.good():
		if err := a.read(&saved); err != nil {
			p.fail(g, err)
			return
		}
		g.Redirect(http.StatusSeeOther, deskStoryPath(saved.ID)+"?saved=1")
	default:
		values.Set("key", newKey())
		p.showStoryForm(g, http.StatusUnprocessableEntity, story, p.wrong(g, values, a, storyField))
	}
}

// storyField puts a mistake about all texts at the first.
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

// keepTexts has a change of texts leave alone the languages that its form did not change:
// the API takes all texts or none.
func keepTexts(body gin.H, values url.Values, story *catalog.Story) {
	texts, changed := body[textsField].(map[string]catalog.StoryText)
	if !changed {
		return
	}
	before := storyTexts(begunWith(values))
	for _, language := range catalog.StoryLanguages() {
		if texts[language] != before[language] {
			continue
		}
		if now, told := story.Texts[language]; told {
			texts[language] = now
		} else {
			delete(texts, language)
		}
	}
}

func storyBody(values url.Values) gin.H {
	body := gin.H{
		textsField: storyTexts(values), "place": values.Get("place"), "embargo_until": moment(values.Get("embargo_until")), "keywords": listed(values.Get("keywords")),
		topicsField: append([]string{}, values[topicsField]...), "asset_ids": append([]string{}, values["asset_ids"]...),
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
	for _, id := range f.Values["asset_ids"] {
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
		if !f.Has("asset_ids", assets[i].ID) {
			found = append(found, cardOf(&assets[i]))
		}
	}
	return chosen, found, err
}
