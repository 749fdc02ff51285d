package portal

import (
	"net/http"
	"strconv"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// Addresses of ours that lead on to the store. Signed URLs end; these do not, and they
// ask each time whether the asset may be seen.
func posterPath(assetID string) string { return catalog.PosterPath(assetID) }
func proxyPath(assetID string) string  { return catalog.PagePath(assetID) + "/proxy" }
func soundPath(assetID, track string) string {
	return catalog.PagePath(assetID) + "/sounds/" + track
}

// chosenSound is the key of the sound track that an address names, from 0.
func chosenSound(g *gin.Context, asset *catalog.Asset) string {
	track, err := strconv.Atoi(g.Param("track"))
	if err != nil {
		return ""
	}
	return asset.ProxySound(track)
}

// leadTo sends whoever may see an asset on to an object of it in the store, if there is one.
func (p *Portal) leadTo(key func(*gin.Context, *catalog.Asset) string) gin.HandlerFunc {
	return func(g *gin.Context) {
		ctx := g.Request.Context()
		asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), g.Param("id"))
		if err != nil {
			p.fail(g, err)
			return
		}
		object := key(g, &asset)
		if !asset.Shown() || object == "" {
			p.showError(g, http.StatusNotFound)
			return
		}
		signed, err := p.Store.ViewURL(ctx, object)
		if err != nil {
			p.fail(g, err)
			return
		}
		g.Header("Cache-Control", "no-store")
		g.Redirect(http.StatusFound, signed.URL)
	}
}
