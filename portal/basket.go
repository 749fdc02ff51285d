package portal

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// basketPath is the page of the basket; other pages post below themselves what goes into it.
const basketPath = "/basket"

const basketAPI = "/v1/basket"

func (p *Portal) mountBasket(pages gin.IRoutes) {
	both(pages, basketPath, func(g *gin.Context) { p.showBasket(g, newForm()) })
	pages.POST(basketPath, p.sendBasket)
	pages.POST(catalog.PagePath(":id")+basketPath, p.addPart)
	pages.POST(catalog.StoryPath(":slug")+basketPath, p.addStory)
}

type basketPage struct {
	Form  form
	Stamp string // of what is shown, so that nothing else is ordered
	Items []basketRow
}

// basketRow is an item of the basket.
type basketRow struct {
	ID, Field    string // Field is what mistakes of it are about
	Title, Path  string
	Poster       string
	Marks        []markPair
	Format       string
	Length       time.Duration
	Restrictions string
	Gone         bool // the visitor cannot have it, or no longer
}

// basketOf reads the visitor's basket.
func (p *Portal) basketOf(g *gin.Context) (*catalog.Basket, error) {
	secret := ""
	if cookie, missing := g.Request.Cookie(catalog.BasketCookie); missing == nil {
		secret = cookie.Value
	}
	return p.Catalog.Basket(g.Request.Context(), secret)
}

// inBasket is how many things are in the visitor's basket, for the page's head.
func (p *Portal) inBasket(g *gin.Context) int {
	basket, err := p.basketOf(g)
	if err != nil {
		p.Log.Error("the basket is not counted", "error", err)
		return 0
	}
	return len(basket.Items)
}

// showBasket shows the basket, with what is wrong with its order.
func (p *Portal) showBasket(g *gin.Context, f form) {
	ctx := g.Request.Context()
	basket, err := p.basketOf(g)
	var assets map[string]*catalog.Asset
	if err == nil {
		assets, err = p.Catalog.BasketAssets(ctx, catalog.From(ctx), basket)
	}
	if err != nil {
		p.fail(g, err)
		return
	}
	if !f.Values.Has("name") {
		f.Values.Set("name", basket.Name)
	}
	of := basketPage{Form: f, Stamp: basket.Stamp}
	for i := range basket.Items {
		row := basketRowOf(&basket.Items[i], assets[basket.Items[i].AssetID])
		row.Field = itemField(i)
		if row.Gone {
			f.say(row.Field, p.say(g, "basket.gone"))
		}
		of.Items = append(of.Items, row)
	}
	p.show(g, f.status, page{Name: "basket", Title: p.say(g, "basket.title"), Hidden: true, Data: of})
}

// say puts other words in place of what is said of a field, if something is.
func (f *form) say(field, text string) {
	for i := range f.Mistakes {
		if m := &f.Mistakes[i]; m.Field == field {
			m.Text, m.Whole, m.Lang = text, text, ""
		}
	}
}

func itemField(index int) string { return fmt.Sprintf("item-%d", index+1) }

// basketRowOf shows an item of an asset, which is nil where it is not to be had.
func basketRowOf(item *catalog.BasketItem, asset *catalog.Asset) basketRow {
	row := basketRow{ID: item.ID(), Format: item.Format, Gone: asset == nil}
	if asset == nil {
		for _, r := range item.Ranges {
			row.Marks = append(row.Marks, markPair{r.In, r.Out, r.Name})
		}
		return row
	}
	row.Title, row.Poster, row.Restrictions = asset.Title, posterPath(asset.ID), asset.Restrictions
	ranges, names := item.Cut(asset)
	row.Marks, row.Path = marksOf(asset, ranges, names)
	frames := asset.Source.Frames
	if len(ranges) > 0 {
		frames = 0
		for _, r := range ranges {
			frames += r.Out - r.In
		}
	}
	row.Length = asset.Source.Timecode.Rate.TimeOf(frames)
	return row
}

// sendBasket does what a button of the page says. What was typed is kept whatever that is.
func (p *Portal) sendBasket(g *gin.Context) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	name := strings.TrimSpace(f.Value("name"))
	change, back := gin.H{"name": name}, basketPath
	switch remove, then := f.Value("remove"), f.Value("then"); {
	case remove != "":
		change["without"] = []string{remove}
	case then == "empty":
		change["empty"] = true
	case accounts.From(g.Request.Context()).Person == nil:
		back = SignInPath + returning(basketPath)
	default:
		p.orderBasket(g, f)
		return
	}
	_, done, ended := p.send(g, &f, http.MethodPatch, basketAPI, change)
	switch {
	case done:
		lead(g, back)
	case !ended:
		p.showBasket(g, f)
	}
}

func (p *Portal) orderBasket(g *gin.Context, f form) {
	a, err := p.ask(g, http.MethodPost, basketAPI+"/order", gin.H{"stamp": f.Value("stamp"), "name": f.Value("name")})
	switch {
	case err != nil:
		p.fail(g, err)
	case a.good():
		lead(g, downloadsPath)
	case a.Status >= http.StatusInternalServerError:
		p.showError(g, a.Status)
	default:
		p.refuse(g, &f, a, ofBasketItem)
		p.showBasket(g, f)
	}
}

// ofBasketItem is the page's field for one of the API's: the item that it is of.
func ofBasketItem(field string) string {
	var index int
	if n, err := fmt.Sscanf(field, "items[%d]", &index); n == 1 && err == nil {
		return itemField(index)
	}
	if field == "name" {
		return field
	}
	return ""
}

// addPart puts what a form has marked of a video into the basket, or all of it.
func (p *Portal) addPart(g *gin.Context) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	ctx := g.Request.Context()
	asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), g.Param("id"))
	if err != nil {
		p.fail(g, err)
		return
	}
	item := wish{AssetID: asset.ID, Format: f.Value("format"), Join: f.Value("apart") == ""}
	if asset.Shown() {
		item.Audio = someSounds(&asset, f.Values["audio"])
		if f.Value("whole") == "" {
			item.Ranges = markedOf(&asset, f)
		}
	}
	p.take(g, f, basketAPI+"/items", gin.H{"items": []wish{item}}, basketPath)
}

// someSounds are the ticked sound tracks, none where all are.
func someSounds(asset *catalog.Asset, ticked []string) []int {
	tracks := numbersOf(ticked)
	if len(tracks) == len(asset.Source.Audio) {
		return nil
	}
	return tracks
}

// markedOf are the ranges of a form, none where they are the whole video, as they are
// before anything is marked.
func markedOf(asset *catalog.Asset, f form) []map[string]any {
	base := asset.Source.Timecode
	whole := plainRange{1, base.Timecode(0), base.Timecode(asset.Source.Frames), ""}
	if slices.Equal(rangesIn(f), []plainRange{whole}) {
		return nil
	}
	return rangesOf(f)
}
