package portal

import (
	"net/http"
	"net/url"
	"time"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// shown is how many assets a page lists.
const shown = 24

type homePage struct {
	Cards []assetCard
	Next  string // address of the page after this one
}

// assetCard is an asset as one scans it.
type assetCard struct {
	catalog.Asset
	Status   string // withdrawn, or the asset's
	Shown    bool
	Embargo  bool // it is not over yet
	Rate     string
	Duration time.Duration

	Path, Poster, Proxy string
}

func (p *Portal) showHome(g *gin.Context) {
	query := catalog.AssetQuery{By: catalog.From(g.Request.Context()), Words: g.Query("q"), Cursor: g.Query("cursor"), Limit: shown}
	assets, next, err := p.Catalog.Assets(g.Request.Context(), query)
	if err != nil {
		p.fail(g, err)
		return
	}
	var of homePage
	for i := range assets {
		of.Cards = append(of.Cards, cardOf(&assets[i]))
	}
	if next != "" {
		values := url.Values{"cursor": {next}}
		if query.Words != "" {
			values.Set("q", query.Words)
		}
		of.Next = "/?" + values.Encode()
	}
	p.show(g, http.StatusOK, page{Name: "home", Data: of, Hidden: query.Words != "" || query.Cursor != ""})
}

func cardOf(a *catalog.Asset) assetCard {
	card := assetCard{
		Asset: *a, Status: string(a.Status), Shown: a.Shown(), Embargo: a.EmbargoUntil.After(time.Now()),
		Path: catalog.PagePath(a.ID), Poster: posterPath(a.ID), Proxy: proxyPath(a.ID),
	}
	if a.Withdrawn() {
		card.Status = "withdrawn"
	}
	if card.Shown {
		rate := a.Source.Timecode.Rate
		card.Rate, card.Duration = rate.String(), rate.TimeOf(a.Source.Frames)
	}
	return card
}
