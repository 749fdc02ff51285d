package portal

import (
	"cmp"
	"net/http"
	"net/url"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// replaceAsset has an asset take the place of an older one.
func (p *Portal) replaceAsset(g *gin.Context) {
	values, ok := p.typed(g)
	if !ok {
		return
	}
	id := g.Param("id")
	a, err := p.ask(g, http.MethodPost, assetsAPI+url.PathEscape(id)+"/replaces", gin.H{"asset_id": values.Get("old")})
	switch {
	case err != nil:
		p.fail(g, err)
	case a.Status == http.StatusNotFound:
		p.showError(g, a.Status)
	case !a.good():
		p.showAssetRefused(g, id, nil, a)
	default:
		g.Redirect(http.StatusSeeOther, deskAssetPath(url.PathEscape(id))+"?saved=1")
	}
}

// replaced is the asset that a page's address, or its form, says is to be replaced, if there
// is one.
func (p *Portal) replaced(g *gin.Context, newID string) *catalog.Asset {
	ctx := g.Request.Context()
	old, err := p.Catalog.Asset(ctx, catalog.From(ctx), cmp.Or(g.Query("replaces"), g.PostForm("old")))
	if err != nil || old.ID == newID {
		return nil
	}
	return &old
}

// leadOn sends whoever opens an asset's page on to the asset that has taken its place, and
// reports whether there is one that they may see. Marks are left behind: they are about the
// frames of another master.
func (p *Portal) leadOn(g *gin.Context, id string) bool {
	ctx := g.Request.Context()
	successor, err := p.Catalog.Successor(ctx, catalog.From(ctx), id)
	if err != nil {
		return false
	}
	to := catalog.PagePath(successor.ID)
	if language := g.Query(languageParameter); language != "" {
		to = link(to, "", languageParameter, language)
	}
	g.Header("Cache-Control", "private, no-cache") // the older one may be restored
	g.Redirect(http.StatusMovedPermanently, to)
	return true
}
