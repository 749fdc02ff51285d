package portal

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// keepField is the box of a form that keeps a video back until it is published.
const keepField = "keep_back"

const publishNow = "publish"

// embargoed says until when something is kept back.
func (p *Portal) embargoed(language string, until time.Time) string {
	if catalog.KeptBack(until) {
		return p.words.say(language, "desk.kept_back")
	}
	return p.words.say(language, "card.embargo", "Until", p.stamped(language, until))
}

// setEmbargo writes an embargo into a form's fields: a day and time, or a tick where it
// has no end.
func (p *Portal) setEmbargo(values url.Values, until time.Time) {
	values[embargoField], values[keepField] = []string{p.zone.field(until)}, nil
	if catalog.KeptBack(until) {
		values[embargoField], values[keepField] = []string{""}, []string{"yes"}
	}
}

// embargoOf is the embargo of a form, for the API; the tick goes before a time.
func (p *Portal) embargoOf(values url.Values) any {
	if values.Get(keepField) != "" {
		return catalog.Unending()
	}
	return p.zone.moment(values.Get(embargoField))
}

// unclearEmbargo is what is wrong with the time of a form's embargo, nil if nothing is.
func (p *Portal) unclearEmbargo(g *gin.Context, values url.Values) []mistake {
	text := p.unclear(g, values.Get(embargoField))
	if text == "" {
		return nil
	}
	return []mistake{{Field: embargoField, Text: text, Whole: text}}
}

// earlierThan are the videos of a story under embargo that come out before it does, or are
// out already.
func earlierThan(until time.Time, cards []assetCard) (earlier []assetCard) {
	if !until.After(time.Now()) {
		return nil
	}
	for _, card := range cards {
		if card.EmbargoUntil.Before(until) && !card.Withdrawn() {
			earlier = append(earlier, card)
		}
	}
	return earlier
}

// keepWithStory puts those videos of a story under its embargo that would come out before
// it. It reports whether that was done, or has answered why not.
func (p *Portal) keepWithStory(g *gin.Context, id string) bool {
	ctx := g.Request.Context()
	story, err := p.Catalog.Story(ctx, catalog.From(ctx), id)
	if err != nil {
		p.fail(g, err)
		return false
	}
	assets, err := p.Catalog.StoryAssets(ctx, catalog.From(ctx), id)
	if err != nil {
		p.fail(g, err)
		return false
	}
	for _, card := range earlierThan(story.EmbargoUntil, cardsOf(assets)) {
		// Somebody may put a video under a longer embargo at this very moment.
		a, err := p.askOf(g, card.Version, func() (answer, error) {
			return p.ask(g, http.MethodPatch, assetsAPI+card.ID, gin.H{embargoField: story.EmbargoUntil})
		})
		switch {
		case err != nil:
			p.fail(g, err)
			return false
		case !a.good():
			p.showStoryRefused(g, id, a)
			return false
		}
	}
	return true
}

// lifted is a form whose button publishes the video now.
func lifted(typed url.Values) url.Values {
	if slices.Contains(typed[thenField], publishNow) {
		typed.Set(embargoField, "")
		typed.Del(keepField)
	}
	return typed
}
