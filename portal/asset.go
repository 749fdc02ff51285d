package portal

import (
	"net/http"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// showAsset is the page to which letters and feeds lead.
func (p *Portal) showAsset(g *gin.Context) {
	asset, err := p.Catalog.Asset(g.Request.Context(), catalog.From(g.Request.Context()), g.Param("id"))
	if err != nil {
		p.fail(g, err)
		return
	}
	p.show(g, http.StatusOK, page{Name: "asset", Title: asset.Title, Data: cardOf(&asset)})
}
