package portal

import (
	"net/http"
	"slices"
	"time"

	"subclip/catalog"
	"subclip/transcoder"

	"github.com/gin-gonic/gin"
)

const storiesPath = "/stories"

// readPage is a story with its videos, for its readers.
type readPage struct {
	Card     storyCard
	Text     catalog.StoryText
	Others   []otherLanguage
	Videos   []assetCard
	Items    []wish // the videos that can be taken, for the basket
	Topics   []theme
	Keywords []theme
}

// otherLanguage is where a story is told in another language.
type otherLanguage struct{ Tag, Path string }

// theme is something that a story is about, and where there is more of it.
type theme struct{ Name, Path string }

// findStory finds the story that an address names, with its videos, or answers that there
// is none.
func (p *Portal) findStory(g *gin.Context) (story catalog.Story, videos []assetCard, ok bool) {
	ctx, slug := g.Request.Context(), g.Param("slug")
	if !singleName.MatchString(slug) {
		p.showError(g, http.StatusNotFound)
		return story, nil, false
	}
	story, err := p.Catalog.Story(ctx, catalog.From(ctx), slug)
	if err != nil {
		p.fail(g, err)
		return story, nil, false
	}
	assets, err := p.Catalog.StoryAssets(ctx, catalog.From(ctx), story.ID)
	if err != nil {
		p.fail(g, err)
		return story, nil, false
	}
	return story, cardsOf(assets), true
}

// addStory puts all videos of a story into the basket.
func (p *Portal) addStory(g *gin.Context) {
	_, videos, ok := p.findStory(g)
	if ok {
		p.pass(g, http.MethodPost, basketAPI+"/items", gin.H{"items": wholes(videos)}, basketPath)
	}
}

// wholes are the videos that can be taken, whole and as delivered.
func wholes(videos []assetCard) []wish {
	items := []wish{}
	for _, video := range videos {
		if video.Shown {
			items = append(items, wish{AssetID: video.ID, Format: transcoder.SourceFormat, Join: true})
		}
	}
	return items
}

func (p *Portal) showStory(g *gin.Context) {
	story, videos, ok := p.findStory(g)
	if !ok {
		return
	}
	if g.Param("slug") != story.Slug {
		g.Redirect(http.StatusMovedPermanently, keepLanguage(g, catalog.StoryPath(story.Slug)))
		return
	}
	language := p.language(g)
	of := readPage{Card: storyCardOf(language, &story), Videos: videos, Items: wholes(videos)}
	of.Text, _ = story.Text(language)
	of.tell(&story)
	public := !of.Card.Draft && !of.Card.Embargo
	pg := page{
		Name: "story", Title: of.Card.Title, Description: summary(of.Card.Lead), Kind: "article", Languages: story.Languages(),
		Scripts: []string{"home", "story"}, Hidden: !public, Data: of,
	}
	if i := slices.IndexFunc(of.Videos, func(c assetCard) bool { return c.Shown }); i >= 0 {
		pg.Image, _ = p.pictures(of.Videos[i])
	}
	if public {
		pg.Structured = p.structuredStory(of)
		pg.Published = story.CameOut().Format(time.RFC3339)
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
