package portal

import (
	"net/http"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// Addresses of ours that lead on to the store. Signed URLs end; these do not, and they
// ask each time whether the asset may be seen.
func posterPath(assetID string) string { return catalog.PosterPath(assetID) }
func proxyPath(assetID string) string  { return catalog.PagePath(assetID) + "/proxy" }

// leadTo sends whoever may see an asset on to an object of it in the store.
func (p *Portal) leadTo(key func(*catalog.Asset) string) gin.HandlerFunc {
	return func(g *gin.Context) {
		ctx := g.Request.Context()
		asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), g.Param("id"))
		if err != nil {
			p.fail(g, err)
			return
		}
		if !asset.Shown() {
			p.showError(g, http.StatusNotFound)
			return
		}
		signed, err := p.Store.ViewURL(ctx, key(&asset))
		if err != nil {
			p.fail(g, err)
			return
		}
		g.Header("Cache-Control", "no-store")
		g.Redirect(http.StatusFound, signed.URL)
	}
}
