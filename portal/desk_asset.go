package portal

import (
	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

const assetsAPI = "/v1/assets/"

// mountDeskAssets adds the page on which an asset is described, and its forms.
func (p *Portal) mountDeskAssets(pages gin.IRoutes) {
	path := deskAssetPath(":id")
	both(pages, path, p.withAsset(func(g *gin.Context, asset *catalog.Asset) {
		f, err := p.assetForm(g, asset)
		if err != nil {
			p.fail(g, err)
			return
		}
		p.showDeskAsset(g, asset, f)
	}))
	pages.POST(path, p.withAsset(p.saveAsset))
	pages.POST(path+"/replace", p.replaceAsset)
}

// withAsset finds the asset that the path names.
func (p *Portal) withAsset(then func(*gin.Context, *catalog.Asset)) gin.HandlerFunc {
	return found(p, func(g *gin.Context) (catalog.Asset, error) {
		ctx := g.Request.Context()
		return p.Catalog.Asset(ctx, catalog.From(ctx), g.Param("id"))
	}, then)
}

type deskAssetPage struct {
	assetCard
	About    form
	Action   string
	Topics   []string
	Tracks   []catalog.Captions
	Stories  []storyLink
	Steps    []step
	Working  bool // a step waits or runs
	Usage    chart
	Takers   []taker // the latest
	Saved    bool
	Replaces *catalog.Asset
}

// Form is the page's one form.
func (d deskAssetPage) Form() form { return d.About }

// step is how far a step of the making is.
type step struct{ catalog.Step }

// Percent is how far it is.
func (s step) Percent() int { return int(100 * s.Progress) }

// CanRestart reports whether it may begin again.
func (s step) CanRestart() bool { return s.Status == catalog.JobDone || s.Status == catalog.JobFailed }

// storyLink is a story by its title.
type storyLink struct{ Path, Title string }

// showDeskAsset shows the page with its form.
func (p *Portal) showDeskAsset(g *gin.Context, asset *catalog.Asset, f form) {
	of := deskAssetPage{
		assetCard: cardOf(asset), About: f, Action: deskAssetPath(asset.ID), Topics: p.Catalog.Topics(), Saved: g.Query("saved") != "",
		Replaces: p.replaced(g, asset.ID),
	}
	if err := p.readAround(g, asset, &of); err != nil {
		p.fail(g, err)
		return
	}
	p.show(g, f.status, page{Name: "desk_asset", Title: asset.Title, Hidden: true, Scripts: []string{"desk"}, Data: of})
}

// readAround reads what belongs to an asset.
func (p *Portal) readAround(g *gin.Context, asset *catalog.Asset, of *deskAssetPage) error {
	ctx := g.Request.Context()
	by := catalog.From(ctx)
	var err error
	if of.Tracks, err = p.Catalog.AllCaptions(ctx, by, asset.ID); err != nil {
		return err
	}
	stories, err := p.Catalog.StoriesOf(ctx, by, asset.ID)
	if err != nil {
		return err
	}
	for i := range stories {
		text, _ := stories[i].Text(p.language(g))
		of.Stories = append(of.Stories, storyLink{deskStoryPath(stories[i].ID), text.Title})
	}
	steps, err := p.Catalog.Steps(ctx, by, asset.ID)
	if err != nil {
		return err
	}
	for _, one := range steps {
		of.Steps = append(of.Steps, step{one})
		of.Working = of.Working || one.Status == catalog.JobQueued || one.Status == catalog.JobRunning
	}
	if of.Usage, err = p.usageChart(g, asset.ID, periods()[0]); err != nil {
		return err
	}
	of.Takers, _, err = p.takers(g, asset.ID, "", takersShown)
	return err
}
