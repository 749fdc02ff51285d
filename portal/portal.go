// Package portal serves the pages that people see: HTML made on the server that works
// without script for everything but the clip editor, one style sheet, and JavaScript
// modules for what needs them.
//
// A page reads the catalogue itself, as the asker that the request's context names.
// What changes things goes through the API, whether by a script in the browser or by a
// form that is posted here and passed on within the process (bridge.go), so that rules,
// limits and errors are the API's.
//
// page.go holds what every page has: frame, language, headers, errors. language.go
// finds words, in words/PART.LANGUAGE.json; static.go serves what `make web` builds out
// of web/. The other files are a page, or a few that belong together, each, with a
// template of the same name in templates/pages.
package portal

import (
	"embed"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/newsletter"
	"subclip/storage"
	"subclip/webhooks"

	"github.com/gin-contrib/gzip"
	"github.com/gin-gonic/gin"
)

//go:embed templates words static
var files embed.FS

// Parts is what the pages are made of.
type Parts struct {
	Config     Config
	Catalog    *catalog.Catalog
	Accounts   *accounts.Accounts
	Newsletter *newsletter.Newsletter
	Webhooks   *webhooks.Webhooks
	Store      *storage.Store
	Settings   []Setting // that admins are shown
	SiteName   string
	Link       func(path string, query url.Values) string // an address of the site, absolute
	Log        *slog.Logger
}

// Portal is the pages.
type Portal struct {
	Parts
	words     *words
	pages     map[string]pageTemplates
	static    *static
	zone      zone
	origin    string // of the store, where signed URLs lead
	starts    remembered[starts]
	spoken    remembered[[]string] // languages of the catalogue
	api       http.Handler         // the routes of the API, for forms
	stands    map[string]string    // where forms stand, see standings
	described atomic.Pointer[reference]
}

// New reads the templates and words.
func New(parts Parts) (*Portal, error) {
	if err := parts.Config.Validate(); err != nil {
		return nil, err
	}
	static, err := readStatic()
	if err != nil {
		return nil, err
	}
	words, err := readWords()
	if err != nil {
		return nil, err
	}
	p := &Portal{Parts: parts, words: words, static: static}
	if p.zone, err = readZone(parts.Config.TimeZone); err != nil {
		return nil, err
	}
	if p.origin, err = storeOrigin(parts.Store); err != nil {
		return nil, err
	}
	if p.pages, err = p.readTemplates(); err != nil {
		return nil, err
	}
	return p, nil
}

// Mount adds the pages to the routes of the API.
func (p *Portal) Mount(engine *gin.Engine) error {
	p.api = engine
	pages := engine.Group("/", gzip.Gzip(gzip.DefaultCompression), boundBody)
	p.mountHome(pages)
	both(pages, "/said", p.showSaid)
	p.mountSitemap(pages)
	both(pages, "/static/*filepath", p.static.serve)
	p.mountAssets(pages)
	p.mountDownloads(pages)
	p.mountBasket(pages)
	p.mountDesk(pages)
	p.mountLetters(pages)
	p.mountAccess(pages)
	p.mountDevelopers(pages)
	p.stands = standings(engine.Routes())
	return nil
}

// both serves a page, and its headers alone to whoever asks for these.
func both(pages gin.IRoutes, path string, handler gin.HandlerFunc) {
	pages.Match([]string{http.MethodGet, http.MethodHead}, path, handler)
}
