package portal

import (
	"context"
	"net/http"
	"net/url"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// downloadsPath is the page of what one has taken; a clip's forms are posted below it.
const downloadsPath = "/downloads"

func (p *Portal) mountDownloads(pages gin.IRoutes) {
	both(pages, downloadsPath, p.showDownloads)
	both(pages, "/basket", func(g *gin.Context) {
		p.show(g, http.StatusOK, page{Name: "basket", Title: p.say(g, "basket.title"), Hidden: true, Scripts: []string{"basket"}})
	})
	pages.POST(downloadsPath+"/clips/:id/remove", func(g *gin.Context) {
		p.pass(g, http.MethodDelete, "/v1/clips/"+url.PathEscape(g.Param("id")), nil, downloadsPath)
	})
}

type downloadsPage struct{ Clips []clipCard }

// clipCard is a clip as its owner sees it.
type clipCard struct {
	*catalog.Clip
	State   catalog.ClipStatus
	Why     string
	Marks   []markPair
	Method  string
	Size    int64
	Files   []clipFile
	Pending bool
	Path    string // of the asset's page, with the marks
	Poster  string
}

type markPair struct{ In, Out string }

type clipFile struct{ Save, Name string }

func (p *Portal) showDownloads(g *gin.Context) {
	ctx := g.Request.Context()
	clips, err := p.Catalog.RecentClips(ctx, catalog.From(ctx), shown)
	if err != nil {
		p.fail(g, err)
		return
	}
	var of downloadsPage
	for i := range clips {
		card, err := p.clipCard(ctx, &clips[i])
		if err != nil {
			p.fail(g, err)
			return
		}
		of.Clips = append(of.Clips, card)
	}
	p.show(g, http.StatusOK, page{Name: "downloads", Title: p.say(g, "downloads.title"), Hidden: true, Scripts: []string{"downloads"}, Data: of})
}

func (p *Portal) clipCard(ctx context.Context, c *catalog.Clip) (clipCard, error) {
	card := clipCard{Clip: c, State: c.Status(), Why: c.Reason(), Pending: !c.Status().Ended()}
	base := c.Asset.Source.Timecode
	marks := url.Values{}
	for _, r := range c.Job.Request.Ranges {
		pair := markPair{base.Timecode(r.In), base.Timecode(r.Out)}
		card.Marks = append(card.Marks, pair)
		marks.Add("range", pair.In+"-"+pair.Out)
	}
	card.Path = catalog.PagePath(c.AssetID) + "?" + marks.Encode()
	if c.Asset.Shown() {
		card.Poster = posterPath(c.AssetID)
	}
	if card.State != catalog.ClipReady {
		return card, nil
	}
	for _, f := range c.Files() {
		save, err := p.Store.DownloadURL(ctx, f.Key, f.Name)
		if err != nil {
			return card, err
		}
		card.Files = append(card.Files, clipFile{save.URL, f.Name})
		card.Method = string(f.Report.Method)
		card.Size += f.Report.Size
	}
	return card, nil
}
