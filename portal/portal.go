// Package portal serves the pages that people see: HTML made on the server,
// one style sheet, and JavaScript modules only for what needs them. It reads the
// catalogue itself; what changes things goes through the API, from the browser.
//
// Today it is one plain page that lists assets, and one's own clips, plays them,
// takes a range of an asset and signs people in.
package portal

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/storage"

	"github.com/gin-gonic/gin"
)

//go:embed home.html newsletter.html static
var files embed.FS

// shown is how many assets, and how many clips, the page lists.
const shown = 24

type portal struct {
	catalog *catalog.Catalog
	store   *storage.Store
	home    *template.Template
	log     *slog.Logger
}

// Mount adds the pages to the routes of the API.
func Mount(engine *gin.Engine, c *catalog.Catalog, s *storage.Store, log *slog.Logger) error {
	home, err := template.ParseFS(files, "home.html")
	if err != nil {
		return fmt.Errorf("read the pages: %w", err)
	}
	static, err := fs.Sub(files, "static")
	if err != nil {
		return fmt.Errorf("read the pages: %w", err)
	}
	p := &portal{c, s, home, log}
	engine.Match([]string{http.MethodGet, http.MethodHead}, "/", p.showHome)
	engine.Match([]string{http.MethodGet, http.MethodHead}, catalog.PagePath(":id"), p.showAsset)
	engine.StaticFS("/static", http.FS(static))
	return nil
}

type homePage struct {
	Visitor *accounts.Person // nil for a stranger
	Assets  []assetCard
	Clips   []clipCard
}

type assetCard struct {
	ID, Title, Status, Reason string
	Start, End, Rate, Length  string
	Proxy, Poster             string
	Embargo                   string // when it ends, if it has not
	Restrictions              string
}

type clipCard struct {
	ID, Title, Status, Reason string
	Marks, Method, Size       string
	Restrictions              string
	Links                     []clipLink
}

type clipLink struct{ Play, Save, Filename string }

func (p *portal) showHome(g *gin.Context) {
	page, err := p.homePage(g.Request.Context())
	p.show(g, page, err)
}

// showAsset is the page to which letters and feeds lead.
func (p *portal) showAsset(g *gin.Context) {
	var page homePage
	asset, err := p.catalog.Asset(g.Request.Context(), catalog.From(g.Request.Context()), g.Param("id"))
	if mistake, ok := errors.AsType[*catalog.Error](err); ok && mistake.Kind == catalog.NotFound {
		g.String(http.StatusNotFound, "There is no such video, or not any more.")
		return
	}
	if err == nil {
		page.Assets = make([]assetCard, 1)
		page.Assets[0], err = p.assetCard(g.Request.Context(), &asset)
	}
	p.show(g, page, err)
}

func (p *portal) show(g *gin.Context, page homePage, err error) {
	if err != nil {
		p.log.Error("page failed", "page", g.FullPath(), "error", err)
		g.String(http.StatusInternalServerError, "Something went wrong on our side and was logged. Please try again later.")
		return
	}
	var out bytes.Buffer
	if err := p.home.Execute(&out, page); err != nil {
		p.log.Error("page failed", "page", g.FullPath(), "error", err)
		g.String(http.StatusInternalServerError, "Something went wrong on our side and was logged. Please try again later.")
		return
	}
	store := p.storeOrigin(g.Request.Context())
	g.Header("Content-Security-Policy", strings.TrimSpace("default-src 'self'; img-src 'self' "+store+"; media-src "+store+"; frame-ancestors 'none'"))
	g.Data(http.StatusOK, "text/html; charset=utf-8", out.Bytes())
}

// storeOrigin is where signed URLs lead, which the page must be allowed to show.
func (p *portal) storeOrigin(ctx context.Context) string {
	signed, err := p.store.ViewURL(ctx, "origin")
	if err != nil {
		return ""
	}
	u, err := url.Parse(signed.URL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (p *portal) homePage(ctx context.Context) (homePage, error) {
	var page homePage
	assets, _, err := p.catalog.Assets(ctx, catalog.AssetQuery{By: catalog.From(ctx), Limit: shown})
	if err != nil {
		return page, err
	}
	for i := range assets {
		card, err := p.assetCard(ctx, &assets[i])
		if err != nil {
			return page, err
		}
		page.Assets = append(page.Assets, card)
	}
	if page.Visitor = accounts.From(ctx).Person; page.Visitor == nil {
		return page, nil
	}
	clips, err := p.catalog.RecentClips(ctx, catalog.From(ctx), shown)
	if err != nil {
		return page, err
	}
	for i := range clips {
		card, err := p.clipCard(ctx, &clips[i])
		if err != nil {
			return page, err
		}
		page.Clips = append(page.Clips, card)
	}
	return page, nil
}

func (p *portal) assetCard(ctx context.Context, a *catalog.Asset) (assetCard, error) {
	card := assetCard{ID: a.ID, Title: a.Title, Status: string(a.Status), Reason: a.Reason, Restrictions: a.Restrictions}
	if a.EmbargoUntil.After(time.Now()) {
		card.Embargo = a.EmbargoUntil.Format("2 January 2006 15:04 MST")
	}
	if a.Withdrawn() {
		card.Status = "withdrawn"
	}
	if !a.Shown() {
		return card, nil
	}
	base := a.Source.Timecode
	card.Start, card.End, card.Rate = base.Timecode(0), base.Timecode(a.Source.Frames), base.Rate.String()
	card.Length = length(base.Rate.TimeOf(a.Source.Frames))
	proxy, err := p.store.ViewURL(ctx, a.ProxyKey)
	if err != nil {
		return card, err
	}
	poster, err := p.store.ViewURL(ctx, a.PosterKey)
	card.Proxy, card.Poster = proxy.URL, poster.URL
	return card, err
}

func (p *portal) clipCard(ctx context.Context, c *catalog.Clip) (clipCard, error) {
	card := clipCard{ID: c.ID, Title: c.Asset.Title, Status: string(c.Status()), Reason: c.Reason(), Restrictions: c.Asset.Restrictions}
	base := c.Asset.Source.Timecode
	var marks []string
	for _, r := range c.Job.Request.Ranges {
		marks = append(marks, base.Timecode(r.In)+" – "+base.Timecode(r.Out))
	}
	card.Marks = strings.Join(marks, ", ")
	if c.Status() != catalog.ClipReady {
		return card, nil
	}
	var size int64
	for _, f := range c.Files() {
		play, err := p.store.ViewURL(ctx, f.Key)
		if err != nil {
			return card, err
		}
		save, err := p.store.DownloadURL(ctx, f.Key, f.Name)
		if err != nil {
			return card, err
		}
		card.Links = append(card.Links, clipLink{play.URL, save.URL, f.Name})
		card.Method = string(f.Report.Method)
		size += f.Report.Size
	}
	card.Size = fmt.Sprintf("%.1f MB", float64(size)/1e6)
	return card, nil
}

// length writes a duration as a viewer reads it: 3:00 or 1:02:30.
func length(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
