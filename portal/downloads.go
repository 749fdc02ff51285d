package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"

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
	both(pages, clipFilePath(":id", ":n"), p.leadToClip)
	both(pages, orderFilePath(":id"), p.leadToOrder)
	pages.POST(downloadsPath+"/clips/:id/again", p.clipAgain)
	pages.POST(downloadsPath+"/orders/:id/again", p.orderAgain)
	for _, kind := range []string{"clips", "orders"} {
		one := "/" + kind + "/:id"
		pages.POST(downloadsPath+one+"/cancel", func(g *gin.Context) {
			p.pass(g, http.MethodPost, "/v1/"+kind+"/"+url.PathEscape(g.Param("id"))+"/cancel", nil, downloadsPath)
		})
		pages.POST(downloadsPath+one+"/remove", func(g *gin.Context) {
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

type markPair struct{ In, Out, Name string }

// madeFile is a file that was made.
type madeFile struct {
	Save   string // where it is to be had; empty where it is a part of a ZIP
	Name   string
	Report transcoder.Report
}

// orderCard is an order as its owner sees it.
type orderCard struct {
	*catalog.Order
	State   catalog.ClipStatus
	Why     string
	Done    float64
	Pending bool
	Items   []itemCard
	Again   bool   // there is something of it that can be asked for anew
	Save    string // where the ZIP is to be had
	File    string
	Size    int64
}

type itemCard struct {
	Title, Path, Why string
	State            catalog.ClipStatus
	Marks            []markPair
	Files            []madeFile
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
			of.Orders = append(of.Orders, orderCardOf(by, &orders[i]))
		}
	}
	if g.Query(ordersCursor) == "" {
		clips, cursor, err := p.Catalog.Clips(ctx, catalog.ClipQuery{By: by, Cursor: g.Query(clipsCursor), Limit: shown})
		if err != nil {
			return of, err
		}
		of.MoreClips = next(clipsCursor, cursor)
		for i := range clips {
			of.Clips = append(of.Clips, clipCardOf(&clips[i]))
		}
	}
	return of, nil
}

func clipCardOf(c *catalog.Clip) clipCard {
	card := clipCard{Clip: c, State: c.Status(), Why: c.Reason(), Pending: !c.Status().Ended()}
	card.Format = cmp.Or(c.Job.Request.Format, transcoder.SourceFormat)
	card.Marks, card.Path = marksOf(c.Asset, c.Job.Request.Ranges, c.Names)
	if c.Asset.Shown() {
		card.Poster = posterPath(c.AssetID)
		card.Again = !card.Pending && card.State != catalog.ClipReady
	}
	if card.State != catalog.ClipReady {
		return card
	}
	for i, f := range c.Files() {
		card.Files = append(card.Files, madeFile{clipFilePath(c.ID, strconv.Itoa(i+1)), f.Name, f.Report})
	}
	return card
}

// marksOf tells ranges as timecodes with their names, and where the page of the asset shows them.
func marksOf(asset *catalog.Asset, ranges []transcoder.Range, names []string) (marks []markPair, path string) {
	path = catalog.PagePath(asset.ID)
	if asset.Source == nil || len(ranges) == 0 {
		return nil, path
	}
	query := url.Values{}
	named := false
	for i, r := range ranges {
		pair := markPair{In: asset.Source.Timecode.Timecode(r.In), Out: asset.Source.Timecode.Timecode(r.Out)}
		marked := pair.In + "-" + pair.Out
		if i < len(names) && names[i] != "" {
			pair.Name, named = names[i], true
			marked += "~" + pair.Name
		}
		marks = append(marks, pair)
		query.Add("range", marked)
	}
	if len(marks) == 1 && !named {
		query = url.Values{"in": {marks[0].In}, "out": {marks[0].Out}}
	}
	return marks, path + "?" + query.Encode()
}

func orderCardOf(by catalog.Asker, o *catalog.Order) orderCard {
	card := orderCard{Order: o, State: o.Status(), Why: o.Reason(), Done: o.Progress(), Pending: !o.Status().Ended(), File: o.FileName()}
	for i := range o.Items {
		of := itemCardOf(by, o, &o.Items[i])
		card.Items = append(card.Items, of)
		missing := card.State != catalog.ClipReady || of.State != catalog.ClipReady
		card.Again = card.Again || !card.Pending && missing && o.Items[i].Asset.Shown()
	}
	if card.State == catalog.ClipReady {
		card.Save, card.Size = orderFilePath(o.ID), o.Job.Result.Files[0].Report.Size
	}
	return card
}

func itemCardOf(by catalog.Asker, order *catalog.Order, item *catalog.OrderItem) itemCard {
	of := itemCard{State: order.StatusOf(item), Why: item.Reason()}
	if !by.Sees(item.Asset) {
		return of
	}
	of.Title = item.Asset.Title
	of.Marks, of.Path = marksOf(item.Asset, item.Request.Ranges, item.Names)
	if of.State == catalog.ClipReady {
		for _, f := range item.Files() {
			of.Files = append(of.Files, madeFile{Name: f.Name, Report: f.Report})
		}
	}
	return of
}

// deed is something that can be done with what one has taken.
type deed struct {
	Path, Word, Of string
	Key            string // so that pressing twice does it once; empty where that is so anyway
}

// Deeds are what can be done with a clip.
func (c clipCard) Deeds() []deed {
	return deedsOf("/clips/"+c.ID, c.Asset.Title, c.Pending, c.Again)
}

// Deeds are what can be done with an order.
func (o orderCard) Deeds() []deed {
	return deedsOf("/orders/"+o.ID, cmp.Or(o.Name, o.File), o.Pending, o.Again)
}

func deedsOf(path, title string, pending, again bool) (all []deed) {
	if again {
		all = append(all, deed{downloadsPath + path + "/again", "again", title, newKey()})
	}
	word := "remove"
	if pending {
		word = "cancel"
	}
	return append(all, deed{Path: downloadsPath + path + "/" + word, Word: word, Of: title})
}
