package portal

import (
	"net/http"
	"slices"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

const storiesPath = "/stories"

// readPage is a story with its videos, for its readers.
type readPage struct {
	Card     storyCard
	Text     catalog.StoryText
	Others   []otherLanguage
	Videos   []assetCard
	Topics   []theme
	Keywords []theme
}

// otherLanguage is where a story is told in another language.
type otherLanguage struct{ Tag, Path string }

// theme is something that a story is about, and where there is more of it.
type theme struct{ Name, Path string }

func (p *Portal) showStory(g *gin.Context) {
	ctx := g.Request.Context()
	by, slug := catalog.From(ctx), g.Param("slug")
	if !singleName.MatchString(slug) {
		p.showError(g, http.StatusNotFound)
		return
	}
	story, err := p.Catalog.Story(ctx, by, slug)
	if err != nil {
		p.fail(g, err)
		return
	}
	if slug != story.Slug {
		g.Redirect(http.StatusMovedPermanently, keepLanguage(g, catalog.StoryPath(story.Slug)))
		return
	}
	assets, err := p.Catalog.StoryAssets(ctx, by, story.ID)
	if err != nil {
		p.fail(g, err)
		return
	}
	language := p.language(g)
	of := readPage{Card: storyCardOf(language, &story), Videos: cardsOf(assets)}
	of.Text, _ = story.Text(language)
	of.tell(&story)
	public := !of.Card.Draft && !of.Card.Embargo
	pg := page{
		Name: "story", Title: of.Card.Title, Description: summary(of.Card.Lead), Kind: "article", Languages: story.Languages(),
		Scripts: []string{"home"}, Hidden: !public, Data: of,
	}
	if i := slices.IndexFunc(of.Videos, func(c assetCard) bool { return c.Shown }); i >= 0 {
		pg.Image = p.address(of.Videos[i].Poster)
	}
	if public {
		pg.Structured = p.structuredStory(of)
	}
	p.show(g, http.StatusOK, pg)
}

// tell adds where there is more: in other languages, and of what the story is about.
func (of *readPage) tell(story *catalog.Story) {
	for _, tag := range story.Languages() {
		if tag != of.Card.Told {
			of.Others = append(of.Others, otherLanguage{tag, withLanguage(of.Card.Path, tag)})
		}
	}
	for _, topic := range story.Topics {
		of.Topics = append(of.Topics, theme{topic, link("/", "", topicParameter, topic)})
	}
	for _, word := range story.Keywords {
		of.Keywords = append(of.Keywords, theme{word, link("/", "", wordsParameter, `"`+word+`"`)})
	}
}
