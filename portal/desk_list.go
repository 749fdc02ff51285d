package portal

import (
	"net/http"
	"slices"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// drafts is how many stories that are not out the desk shows.
const drafts = 5

type deskPage struct {
	States     []string
	State      string
	Assets     []deskRow
	Next       string
	Unfinished []unfinishedUpload
	Drafts     []storyRow
}

// deskRow is an asset with what stands in the way of its being ready.
type deskRow struct {
	assetCard
	Path  string
	Steps []step // that run, wait or failed
}

func (p *Portal) showDesk(g *gin.Context) {
	ctx := g.Request.Context()
	of := deskPage{States: catalog.DeskStates(), State: g.Query("state")}
	if !slices.Contains(of.States, of.State) {
		of.State = ""
	}
	assets, next, err := p.Catalog.DeskAssets(ctx, catalog.From(ctx), of.State, g.Query(cursorParameter), shown)
	if err != nil {
		p.fail(g, err)
		return
	}
	for i := range assets {
		row, err := p.deskRow(g, &assets[i])
		if err != nil {
			p.fail(g, err)
			return
		}
		of.Assets = append(of.Assets, row)
	}
	of.Next = further(deskPath, next, "state", of.State)
	if g.Query(cursorParameter) == "" {
		if err := p.readUnfinished(g, &of); err != nil {
			p.fail(g, err)
			return
		}
	}
	p.show(g, http.StatusOK, page{Name: "desk", Title: p.say(g, "base.desk"), Hidden: true, Scripts: []string{"desk"}, Data: of})
}

// deskRow asks for the steps of what is not ready; what is has nothing under way that
// would concern its readers.
func (p *Portal) deskRow(g *gin.Context, asset *catalog.Asset) (deskRow, error) {
	row := deskRow{assetCard: cardOf(asset), Path: deskAssetPath(asset.ID)}
	if asset.Status == catalog.AssetReady {
		return row, nil
	}
	ctx := g.Request.Context()
	steps, err := p.Catalog.Steps(ctx, catalog.From(ctx), asset.ID)
	for _, one := range steps {
		if one.Status == catalog.JobRunning || one.Status == catalog.JobQueued || one.Status == catalog.JobFailed {
			row.Steps = append(row.Steps, step{one})
		}
	}
	return row, err
}

// readUnfinished reads uploads and stories that somebody has begun.
func (p *Portal) readUnfinished(g *gin.Context, of *deskPage) error {
	var err error
	if of.Unfinished, err = p.unfinishedUploads(g); err != nil {
		return err
	}
	ctx := g.Request.Context()
	stories, _, err := p.Catalog.Stories(ctx, catalog.StoryQuery{By: catalog.From(ctx), Limit: shown})
	for i := range stories {
		if stories[i].Status == catalog.StoryDraft && len(of.Drafts) < drafts {
			of.Drafts = append(of.Drafts, p.storyRow(g, &stories[i]))
		}
	}
	return err
}
