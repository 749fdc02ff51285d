package portal

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"time"

	"subclip/catalog"
	"subclip/mail"

	"github.com/gin-gonic/gin"
)

const (
	sitemapPath        = "/sitemap.xml"
	assetsSitemapPath  = "/sitemap/assets.xml"
	storiesSitemapPath = "/sitemap/stories.xml"
	pagesSitemapPath   = "/sitemap/pages.xml"

	// placesShown is how many pages a part of the site map has, each with an address in
	// every language: 5000 addresses at most.
	placesShown = 2500
)

// The elements of sitemaps.org's format, and of Google's for other languages.
type (
	siteIndex struct {
		XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Parts   []sitePart `xml:"sitemap"`
	}
	sitePart struct {
		Address string `xml:"loc"`
	}
	siteMap struct {
		XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		XHTML   string     `xml:"xmlns:xhtml,attr"`
		Pages   []sitePage `xml:"url"`
	}
	sitePage struct {
		Address string     `xml:"loc"`
		Changed string     `xml:"lastmod,omitempty"`
		Others  []siteLink `xml:"xhtml:link"`
	}
	siteLink struct {
		Rel      string `xml:"rel,attr"`
		Language string `xml:"hreflang,attr"`
		Address  string `xml:"href,attr"`
	}
)

// starts are where the parts of the site map begin. A part itself is read anew each time it
// is asked for.
type starts struct{ assets, stories []string }

func (p *Portal) mountSitemap(pages gin.IRoutes) {
	both(pages, sitemapPath, p.showSitemap)
	both(pages, assetsSitemapPath, p.showPlaces(p.Catalog.AssetPlaces))
	both(pages, storiesSitemapPath, p.showPlaces(p.Catalog.StoryPlaces))
	both(pages, pagesSitemapPath, p.showPlaces(lasting))
	both(pages, "/robots.txt", func(g *gin.Context) {
		g.String(http.StatusOK, "User-agent: *\nDisallow: /account\nDisallow: /admin\nDisallow: /desk\nDisallow: /dev/\nDisallow: /downloads\n\nSitemap: %s\n", p.address(sitemapPath))
	})
}

func (p *Portal) showSitemap(g *gin.Context) {
	of, err := p.starts.get(g.Request.Context(), p.placeStarts)
	if err != nil {
		p.fail(g, err)
		return
	}
	var index siteIndex
	for _, part := range []struct {
		path   string
		starts []string
	}{{pagesSitemapPath, []string{""}}, {storiesSitemapPath, of.stories}, {assetsSitemapPath, of.assets}} {
		for _, from := range part.starts {
			path := part.path
			if from != "" {
				path = link(path, "", fromParameter, from)
			}
			index.Parts = append(index.Parts, sitePart{p.address(path)})
		}
	}
	p.showXML(g, index)
}

// placeStarts is where the parts begin.
func (p *Portal) placeStarts(ctx context.Context) (of starts, err error) {
	if of.assets, err = p.Catalog.AssetPlaceStarts(ctx, placesShown); err == nil {
		of.stories, err = p.Catalog.StoryPlaceStarts(ctx, placesShown)
	}
	return of, err
}

// lasting are the pages that are always there.
func lasting(context.Context, string, int) (places []catalog.Place, err error) {
	for _, path := range []string{"/", storiesPath, newsletterPath, developersPath, "/terms", "/privacy"} {
		places = append(places, catalog.Place{Path: path})
	}
	return places, nil
}

// showPlaces answers with a part of the site map: what strangers may see, whoever asks.
func (p *Portal) showPlaces(find func(ctx context.Context, from string, limit int) ([]catalog.Place, error)) gin.HandlerFunc {
	return func(g *gin.Context) {
		from := g.Query(fromParameter)
		if !singleName.MatchString(from) {
			p.showError(g, http.StatusBadRequest)
			return
		}
		places, err := find(g.Request.Context(), from, placesShown)
		if err != nil {
			p.fail(g, err)
			return
		}
		of := siteMap{XHTML: "http://www.w3.org/1999/xhtml"}
		for _, place := range places {
			of.Pages = append(of.Pages, p.sitePages(place)...)
		}
		p.showXML(g, of)
	}
}

// sitePages are the addresses of a place, one for each language that it is told in.
func (p *Portal) sitePages(place catalog.Place) (pages []sitePage) {
	languages := place.Languages
	if languages == nil {
		languages = mail.Languages()
	}
	var all []siteLink
	for _, language := range languages {
		all = append(all, siteLink{"alternate", language, p.address(withLanguage(place.Path, language))})
	}
	changed := ""
	if !place.ChangedAt.IsZero() {
		changed = place.ChangedAt.UTC().Format(time.RFC3339)
	}
	for _, one := range all {
		pages = append(pages, sitePage{one.Address, changed, all})
	}
	return pages
}

func (p *Portal) showXML(g *gin.Context, document any) {
	body, err := xml.Marshal(document)
	if err != nil {
		p.fail(g, fmt.Errorf("write the site map: %w", err))
		return
	}
	g.Header("Cache-Control", "public, max-age=600")
	g.Data(http.StatusOK, "application/xml; charset=utf-8", append([]byte(xml.Header), body...))
}
