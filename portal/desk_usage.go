package portal

import (
	"net/http"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

const (
	deskUsagePath = deskPath + "/usage"
	mostShown     = 20 // assets
)

type deskUsagePage struct {
	Usage chart
	Most  []mostTaken
}

// mostTaken is an asset with how often it was taken.
type mostTaken struct {
	catalog.Taken
	Path  string
	Share float64 // of the one that was taken most, 0 to 1
}

// showDeskUsage shows what was taken in the last days, by day and by asset.
func (p *Portal) showDeskUsage(g *gin.Context) {
	usage, err := p.usageChart(g, "")
	if err != nil {
		p.fail(g, err)
		return
	}
	taken, err := p.Catalog.MostTaken(g.Request.Context(), chartStart(), mostShown)
	if err != nil {
		p.fail(g, err)
		return
	}
	of := deskUsagePage{Usage: usage}
	for _, one := range taken {
		of.Most = append(of.Most, mostTaken{one, deskAssetPath(one.ID), float64(one.Took) / float64(taken[0].Took)})
	}
	p.show(g, http.StatusOK, page{Name: "desk_usage", Title: p.say(g, "desk.usage"), Hidden: true, Data: of})
}
