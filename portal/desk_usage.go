package portal

import (
	"net/http"
	"net/url"
	"strconv"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

const (
	deskUsagePath = deskPath + "/usage"
	mostShown     = 20 // assets
	takersShown   = 10 // on the page of an asset
)

type deskUsagePage struct {
	Usage   chart
	Periods []periodLink
	Most    []mostTaken
	Asset   *assetCard // whose usage it is; nil is all assets'
	Takers  []taker    // of the asset
	Next    string
}

// periodLink leads to the same page over another number of days.
type periodLink struct {
	Days    int
	Path    string
	Current bool
}

// mostTaken is an asset with how often it was taken.
type mostTaken struct {
	catalog.Taken
	Path, Poster string
	Shown        bool
	Share        float64 // of the one that was taken most, 0 to 1
}

// taker is who took something, and when.
type taker struct {
	catalog.Usage
	Person *accounts.Person // nil where the account is deleted
}

// showDeskUsage shows what was taken in the last days, by day and by asset, or who took
// one asset.
func (p *Portal) showDeskUsage(g *gin.Context) {
	of := deskUsagePage{}
	title := p.say(g, "desk.usage")
	id := g.Query("asset")
	err := p.readAsset(g, id, &of)
	if err == nil {
		of.Usage, err = p.usageChart(g, id, period(g))
	}
	if err == nil && id == "" {
		err = p.readMost(g, &of)
	}
	if err != nil {
		p.fail(g, err)
		return
	}
	for _, days := range periods() {
		query := url.Values{"days": {strconv.Itoa(days)}}
		if id != "" {
			query.Set("asset", id)
		}
		of.Periods = append(of.Periods, periodLink{days, deskUsagePath + "?" + query.Encode(), days == of.Usage.Days})
	}
	if of.Asset != nil {
		title = of.Asset.Title + " – " + title
	}
	p.show(g, http.StatusOK, page{Name: "desk_usage", Title: title, Hidden: true, Data: of})
}

// readAsset reads the asset that a page of usage is about, if it is about one, and who took it.
func (p *Portal) readAsset(g *gin.Context, id string, of *deskUsagePage) error {
	if id == "" {
		return nil
	}
	ctx := g.Request.Context()
	asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), id)
	if err != nil {
		return err
	}
	card := cardOf(&asset)
	of.Asset = &card
	var next string
	if of.Takers, next, err = p.takers(g, id, g.Query(cursorParameter), shown); err == nil {
		of.Next = further(deskUsagePath, next, "asset", id, "days", strconv.Itoa(period(g)))
	}
	return err
}

// readMost reads which assets were taken most.
func (p *Portal) readMost(g *gin.Context, of *deskUsagePage) error {
	if accounts.From(g.Request.Context()).Role().AtLeast(accounts.Admin) {
		of.Usage.CSV = "/v1/usage?format=csv"
	}
	taken, err := p.Catalog.MostTaken(g.Request.Context(), chartStart(of.Usage.Days), mostShown)
	for _, one := range taken {
		of.Most = append(of.Most, mostTaken{
			Taken: one, Path: deskUsagePath + "?" + url.Values{"asset": {one.ID}}.Encode(), Poster: posterPath(one.ID), Shown: one.Shown(),
			Share: float64(one.Took) / float64(taken[0].Took),
		})
	}
	return err
}

// takers reads who took an asset, the latest first, and the cursor of those before.
func (p *Portal) takers(g *gin.Context, assetID, cursor string, limit int) (all []taker, next string, err error) {
	ctx := g.Request.Context()
	rows, next, err := p.Catalog.Usage(ctx, catalog.UsageQuery{AssetID: assetID, Cursor: cursor, Limit: limit})
	known := map[string]*accounts.Person{"": nil}
	for _, row := range rows {
		person, seen := known[row.PersonID]
		if !seen {
			person, err = p.Accounts.Person(ctx, row.PersonID)
			if isMissing(err) {
				person, err = nil, nil
			}
			if err != nil {
				return nil, "", err
			}
			known[row.PersonID] = person
		}
		all = append(all, taker{row, person})
	}
	return all, next, err
}
