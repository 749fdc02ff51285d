package portal

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"subclip/catalog"
	"subclip/mail"

	"github.com/gin-gonic/gin"
)

// replaceAsset has an asset take the place of an older one: its description, and its
// place in stories; the older one is withdrawn, and leads to the new one. A master never
// changes under an asset: clips, marks in links and what was counted are about its
// frames. Done again after it was cut short, it goes on.
func (p *Portal) replaceAsset(g *gin.Context) {
	values, ok := p.typed(g)
	if !ok {
		return
	}
	ctx := g.Request.Context()
	by := catalog.From(ctx)
	newID := g.Param("id")
	old, err := p.Catalog.Asset(ctx, by, values.Get("old"))
	if err == nil {
		_, err = p.Catalog.Asset(ctx, by, newID)
	}
	if err != nil || old.ID == newID {
		p.showError(g, http.StatusNotFound)
		return
	}
	steps := []func() error{
		func() error {
			// Done again, the older one has no description of its own left, and the new one
			// may have been changed since.
			if p.leadsTo(&old, newID) {
				return nil
			}
			return p.mustAsk(g, http.MethodPatch, assetsAPI+url.PathEscape(newID), descriptionOf(&old))
		},
		func() error { return p.replaceInStories(g, old.ID, newID) },
		func() error {
			return p.mustAsk(g, http.MethodPatch, assetsAPI+old.ID, gin.H{descriptionField: p.lead(p.language(g), newID)})
		},
		func() error { return p.mustAsk(g, http.MethodPost, assetsAPI+old.ID+"/withdraw", nil) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			p.fail(g, err)
			return
		}
	}
	g.Redirect(http.StatusSeeOther, deskAssetPath(url.PathEscape(newID))+"?saved=1")
}

// descriptionOf is what is said of an asset, for the API.
func descriptionOf(a *catalog.Asset) gin.H {
	body := gin.H{
		"title": a.Title, descriptionField: a.Description, languageField: a.Language, restrictionsField: a.Restrictions, "shot_on": a.ShotOn, embargoField: nil,
		topicsField: append([]string{}, a.Topics...), keywordsField: append([]string{}, a.Keywords...),
		peopleField: append([]string{}, a.People...), "places": append([]string{}, a.Places...),
	}
	if !a.EmbargoUntil.IsZero() {
		body[embargoField] = a.EmbargoUntil
	}
	return body
}

// lead is the description of an asset that another has replaced.
func (p *Portal) lead(language, newID string) string {
	return p.words.say(language, "desk.replaced_by", "Address", p.address(catalog.PagePath(newID)))
}

// leadsTo reports whether an asset is described as replaced by another, in any language.
func (p *Portal) leadsTo(old *catalog.Asset, newID string) bool {
	return slices.ContainsFunc(mail.Languages(), func(language string) bool { return old.Description == p.lead(language, newID) })
}

// replaceInStories puts an asset where another stands.
func (p *Portal) replaceInStories(g *gin.Context, oldID, newID string) error {
	ctx := g.Request.Context()
	by := catalog.From(ctx)
	stories, err := p.Catalog.StoriesOf(ctx, by, oldID)
	if err != nil {
		return err
	}
	for i := range stories {
		assets, err := p.Catalog.StoryAssets(ctx, by, stories[i].ID)
		if err != nil {
			return err
		}
		ids := []string{}
		for _, asset := range assets {
			if asset.ID == oldID {
				asset.ID = newID
			}
			ids = append(ids, asset.ID)
		}
		if err := p.mustAsk(g, http.MethodPatch, storiesAPI+"/"+stories[i].ID, gin.H{"asset_ids": ids}); err != nil {
			return err
		}
	}
	return nil
}

// mustAsk asks for what the API has no reason to refuse.
func (p *Portal) mustAsk(g *gin.Context, method, path string, body any) error {
	a, err := p.ask(g, method, path, body)
	if err == nil && !a.good() {
		err = errors.New(method + " " + path + " answers " + string(a.body))
	}
	return err
}

// replaced is the asset that a page's address says is to be replaced, if there is one.
func (p *Portal) replaced(g *gin.Context, newID string) *catalog.Asset {
	ctx := g.Request.Context()
	old, err := p.Catalog.Asset(ctx, catalog.From(ctx), g.Query("replaces"))
	if err != nil || old.ID == newID {
		return nil
	}
	return &old
}
