package portal

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	"subclip/catalog"
	"subclip/transcoder"

	"github.com/gin-gonic/gin"
)

// downloadsPath is the page of what one has taken; forms of clips and orders are posted
// below it.
const downloadsPath = "/downloads"

// Cursors of the two lists of the page.
const (
	clipsCursor  = "clips"
	ordersCursor = "orders"
)

func (p *Portal) mountDownloads(pages gin.IRoutes) {
	both(pages, downloadsPath, p.showDownloads)
	both(pages, "/basket", func(g *gin.Context) {
		p.show(g, http.StatusOK, page{Name: "basket", Title: p.say(g, "basket.title"), Hidden: true, Scripts: []string{"basket"}})
	})
	pages.POST(downloadsPath+"/clips/:id/again", p.takeAgain)
	for _, kind := range []string{"clips", "orders"} {
		pages.POST(downloadsPath+"/"+kind+"/:id/remove", func(g *gin.Context) {
			p.pass(g, http.MethodDelete, "/v1/"+kind+"/"+url.PathEscape(g.Param("id")), nil, downloadsPath)
		})
	}
}

type downloadsPage struct {
	Clips                 []clipCard
	Orders                []orderCard
	MoreClips, MoreOrders string // addresses of the pages after this one
}

// clipCard is a clip as its owner sees it.
type clipCard struct {
	*catalog.Clip
	State   catalog.ClipStatus
	Why     string
	Format  string
	Marks   []markPair
	Files   []madeFile
	Pending bool
	Again   bool   // it can be asked for anew
	Path    string // of the asset's page, with the marks
	Poster  string
}

type markPair struct{ In, Out string }

// madeFile is a file to take, and what it is.
type madeFile struct {
	Save, Name string
	Report     transcoder.Report
}

// orderCard is an order as its owner sees it.
type orderCard struct {
	*catalog.Order
	State   catalog.ClipStatus
	Why     string
	Done    float64
	Pending bool
	Items   []itemCard
	Save    string // address of the ZIP
	File    string
	Size    int64
}

type itemCard struct {
	Title, Path, Why string
	State            catalog.ClipStatus
	Marks            []markPair
}

func (p *Portal) showDownloads(g *gin.Context) {
	of, err := p.downloads(g)
	if err != nil {
		p.fail(g, err)
		return
	}
	p.show(g, http.StatusOK, page{Name: "downloads", Title: p.say(g, "downloads.title"), Hidden: true, Scripts: []string{"downloads"}, Data: of})
}

func (p *Portal) downloads(g *gin.Context) (of downloadsPage, err error) {
	ctx := g.Request.Context()
	by := catalog.From(ctx)
	next := func(list, cursor string) string {
		if cursor == "" {
			return ""
		}
		return link(downloadsPath, "", list, cursor)
	}
	// A page further on of one list does not show the other.
	if g.Query(clipsCursor) == "" {
		orders, cursor, err := p.Catalog.Orders(ctx, by, g.Query(ordersCursor), shown)
		if err != nil {
			return of, err
		}
		of.MoreOrders = next(ordersCursor, cursor)
		for i := range orders {
			card, err := p.orderCard(ctx, by, &orders[i])
			if err != nil {
				return of, err
			}
			of.Orders = append(of.Orders, card)
		}
	}
	if g.Query(ordersCursor) == "" {
		clips, cursor, err := p.Catalog.Clips(ctx, catalog.ClipQuery{By: by, Cursor: g.Query(clipsCursor), Limit: shown})
		if err != nil {
			return of, err
		}
		of.MoreClips = next(clipsCursor, cursor)
		for i := range clips {
			card, err := p.clipCard(ctx, &clips[i])
			if err != nil {
				return of, err
			}
			of.Clips = append(of.Clips, card)
		}
	}
	return of, nil
}

func (p *Portal) clipCard(ctx context.Context, c *catalog.Clip) (clipCard, error) {
	card := clipCard{Clip: c, State: c.Status(), Why: c.Reason(), Pending: !c.Status().Ended()}
	card.Format = cmp.Or(c.Job.Request.Format, transcoder.SourceFormat)
	card.Marks, card.Path = marksOf(c.Asset, c.Job.Request.Ranges)
	if c.Asset.Shown() {
		card.Poster = posterPath(c.AssetID)
		card.Again = card.State == catalog.ClipFailed || card.State == catalog.ClipExpired
	}
	if card.State != catalog.ClipReady {
		return card, nil
	}
	for _, f := range c.Files() {
		save, err := p.Store.DownloadURL(ctx, f.Key, f.Name)
		if err != nil {
			return card, err
		}
		card.Files = append(card.Files, madeFile{save.URL, f.Name, f.Report})
	}
	return card, nil
}

// marksOf tells ranges as timecodes, and where the page of the asset shows them.
func marksOf(asset *catalog.Asset, ranges []transcoder.Range) (marks []markPair, path string) {
	path = catalog.PagePath(asset.ID)
	if asset.Source == nil || len(ranges) == 0 {
		return nil, path
	}
	query := url.Values{}
	for _, r := range ranges {
		pair := markPair{asset.Source.Timecode.Timecode(r.In), asset.Source.Timecode.Timecode(r.Out)}
		marks = append(marks, pair)
		query.Add("range", pair.In+"-"+pair.Out)
	}
	if len(marks) == 1 {
		query = url.Values{"in": {marks[0].In}, "out": {marks[0].Out}}
	}
	return marks, path + "?" + query.Encode()
}

func (p *Portal) orderCard(ctx context.Context, by catalog.Asker, o *catalog.Order) (orderCard, error) {
	card := orderCard{Order: o, State: o.Status(), Why: o.Reason(), Done: o.Progress(), Pending: !o.Status().Ended(), File: o.FileName()}
	for i := range o.Items {
		item := &o.Items[i]
		of := itemCard{State: item.Status(), Why: item.Reason()}
		if by.Sees(item.Asset) {
			of.Title = item.Asset.Title
			of.Marks, of.Path = marksOf(item.Asset, item.Request.Ranges)
		}
		card.Items = append(card.Items, of)
	}
	if card.State != catalog.ClipReady {
		return card, nil
	}
	zip := o.Job.Result.Files[0]
	save, err := p.Store.DownloadURL(ctx, zip.Key, card.File)
	card.Save, card.Size = save.URL, zip.Report.Size
	return card, err
}

// takeAgain asks for a clip anew that failed or is no longer kept.
func (p *Portal) takeAgain(g *gin.Context) {
	a, err := p.ask(g, http.MethodGet, "/v1/clips/"+url.PathEscape(g.Param("id")), nil)
	if err == nil && !a.good() {
		p.showError(g, a.Status)
		return
	}
	// What the API tells of a clip is what it takes for a new one.
	var wish struct {
		AssetID string           `json:"asset_id"`
		Ranges  []map[string]any `json:"ranges"`
		Format  string           `json:"format"`
		Join    bool             `json:"join"`
		Audio   []int            `json:"audio,omitempty"`
	}
	if err == nil {
		err = a.read(&wish)
	}
	if err != nil {
		p.fail(g, err)
		return
	}
	p.pass(g, http.MethodPost, "/v1/clips", wish, downloadsPath)
}
