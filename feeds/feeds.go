// Package feeds lets programs follow the new assets: /feeds/assets.atom is Atom
// (RFC 4287), /feeds/assets.rss is RSS 2.0 with Media RSS. /feeds/stories.LANGUAGE.atom
// is the new stories in a language. All list what everyone may see, newest first.
//
// A feed is kept by its readers for as long as they like, and the store's signed
// URLs end within hours; so the feed links to addresses of ours, which look at the
// asset again and lead on to a fresh URL. An asset that may no longer be seen is
// out of reach for old copies of the feed, too.
//
// Readers ask often and mostly in vain, so answers have an ETag and Last-Modified,
// and 304 where nothing is new.
//
// Files: feeds.go answers, atom.go and rss.go are the two forms of assets, stories.go is
// the feed of stories.
package feeds

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"subclip/catalog"
	"subclip/storage"

	"github.com/gin-gonic/gin"
)

// entries is how many assets a feed has.
const entries = 50

// Addresses of the feeds.
const (
	AtomPath = "/feeds/assets.atom"
	RSSPath  = "/feeds/assets.rss"
)

// Parts is what the feeds are made of.
type Parts struct {
	Catalog  *catalog.Catalog
	Store    *storage.Store
	SiteName string
	Link     func(path string, query url.Values) string // makes addresses of the site
	Log      *slog.Logger
}

type feeds struct {
	Parts
	mu   sync.Mutex
	seen map[string]version // by path
}

// version is what a feed was when it was last asked for.
type version struct {
	tag   string
	since time.Time
}

// Mount adds the feeds to the routes.
func Mount(engine *gin.Engine, p Parts) {
	f := &feeds{Parts: p, seen: map[string]version{}}
	methods := []string{http.MethodGet, http.MethodHead}
	engine.Match(methods, AtomPath, func(g *gin.Context) { f.serve(g, "application/atom+xml", f.ofAssets(f.atom)) })
	engine.Match(methods, RSSPath, func(g *gin.Context) { f.serve(g, "application/rss+xml", f.ofAssets(f.rss)) })
	for _, language := range catalog.StoryLanguages() {
		engine.Match(methods, StoriesPath(language), func(g *gin.Context) {
			f.serve(g, "application/atom+xml", func(ctx context.Context) (any, error) { return f.stories(ctx, language) })
		})
	}
	engine.Match(methods, "/feeds/assets/:id/proxy", func(g *gin.Context) {
		f.lead(g, func(a *catalog.Asset) string { return a.ProxyKey })
	})
	engine.Match(methods, "/feeds/assets/:id/poster", func(g *gin.Context) {
		f.lead(g, func(a *catalog.Asset) string { return a.PosterKey })
	})
}

// ofAssets is a feed of assets in a form.
func (f *feeds) ofAssets(form func([]catalog.Asset) any) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		assets, err := f.assets(ctx)
		return form(assets), err
	}
}

func (f *feeds) serve(g *gin.Context, kind string, feed func(context.Context) (any, error)) {
	document, err := feed(g.Request.Context())
	var body []byte
	if err == nil {
		body, err = encode(document)
	}
	if err != nil {
		f.fail(g, err)
		return
	}
	path := g.Request.URL.Path
	current := f.note(path, body)
	g.Header("Content-Type", kind+"; charset=utf-8")
	g.Header("Cache-Control", "public, max-age=60")
	g.Header("ETag", current.tag)
	http.ServeContent(g.Writer, g.Request, path, current.since, bytes.NewReader(body))
}

// assets are those that everyone may see, newest first.
func (f *feeds) assets(ctx context.Context) ([]catalog.Asset, error) {
	all, _, err := f.Catalog.Assets(ctx, catalog.AssetQuery{Limit: catalog.MaxPage})
	if err != nil {
		return nil, err
	}
	var public []catalog.Asset
	for i := range all {
		if isPublic(&all[i]) && len(public) < entries {
			public = append(public, all[i])
		}
	}
	return public, nil
}

// isPublic reports whether everyone may see an asset.
func isPublic(a *catalog.Asset) bool { return a.Shown() }

func encode(document any) ([]byte, error) {
	body, err := xml.MarshalIndent(document, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write a feed: %w", err)
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}

// note tells since when a feed is what it is. The times of its assets would not do:
// one that is ready late, or withdrawn, changes the feed without being the newest.
func (f *feeds) note(path string, body []byte) version {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	f.mu.Lock()
	defer f.mu.Unlock()
	last := f.seen[path]
	if last.tag != tag {
		// HTTP's times are whole seconds; two versions must not have the same.
		since := time.Now().UTC().Truncate(time.Second)
		if since.Sub(last.since) < time.Second {
			since = last.since.Add(time.Second)
		}
		f.seen[path] = version{tag, since}
	}
	return f.seen[path]
}

// lead sends whoever follows an address of the feed on to the store.
func (f *feeds) lead(g *gin.Context, key func(*catalog.Asset) string) {
	asset, err := f.Catalog.Asset(g.Request.Context(), catalog.Asker{}, g.Param("id"))
	mistake, known := errors.AsType[*catalog.Error](err)
	if (known && mistake.Kind == catalog.NotFound) || (err == nil && !isPublic(&asset)) {
		g.String(http.StatusNotFound, "There is nothing to see at this address, or not any more.\n")
		return
	}
	var signed storage.SignedURL
	if err == nil {
		signed, err = f.Store.ViewURL(g.Request.Context(), key(&asset))
	}
	if err != nil {
		f.fail(g, err)
		return
	}
	g.Header("Cache-Control", "no-store")
	g.Redirect(http.StatusFound, signed.URL)
}

func (f *feeds) fail(g *gin.Context, err error) {
	f.Log.Error("a feed failed", "path", g.Request.URL.Path, "error", err)
	g.String(http.StatusInternalServerError, "Something went wrong on our side and was logged. Please try again later.\n")
}

func (f *feeds) page(a *catalog.Asset) string  { return f.Link(catalog.PagePath(a.ID), nil) }
func (f *feeds) proxy(a *catalog.Asset) string { return f.Link("/feeds/assets/"+a.ID+"/proxy", nil) }

func (f *feeds) poster(a *catalog.Asset) string { return f.Link("/feeds/assets/"+a.ID+"/poster", nil) }
