package portal

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"subclip/accounts"
	"subclip/mail"
	"subclip/storage"

	"github.com/gin-gonic/gin"
)

// page is what a handler says of the page it shows.
type page struct {
	Name        string   // of the template in templates/pages, without .html
	Title       string   // in the page's language; empty is the site's name alone
	Description string   // for search engines and those the page is shared with
	Image       *picture // for those the page is shared with
	Video       *picture // that plays, for them too
	Published   string   // when what is told came out, as RFC 3339
	Kind        string   // Open Graph type; empty is website
	Canonical   string   // path and query that stand for this page; empty is its path
	Languages   []string // that it is told in; nil is all
	Scripts     []string // modules of web/pages, without .js
	Structured  any      // schema.org description, as JSON-LD
	Hidden      bool     // from search engines
	Plays       bool     // its player styles itself inline
	Sends       bool     // its forms send files to the store
	Data        any
}

// picture is one that other sites show, with absolute address and in pixels.
type picture struct {
	Address       string
	About         string
	Width, Height int
}

// frame is a page with what surrounds it.
type frame struct {
	page
	Language string
	Site     string
	Address  string // of the page, absolute
	Here     string // path and query, for coming back
	Path     string
	Query    string // what is searched for
	Visitor  *accounts.Person
	Basket   int // how many things are in it
}

// Told is the language that stands for the page: its own, or the first that it is told in.
func (f frame) Told() string {
	if len(f.Languages) == 0 || slices.Contains(f.Languages, f.Language) {
		return f.Language
	}
	return f.Languages[0]
}

// Edits reports whether the visitor is an editor.
func (f frame) Edits() bool { return f.has(accounts.Editor) }

// Manages reports whether the visitor is an admin.
func (f frame) Manages() bool { return f.has(accounts.Admin) }

func (f frame) has(role accounts.Role) bool {
	return f.Visitor != nil && f.Visitor.Role.AtLeast(role)
}

// pageTemplates are a page's template in each language.
type pageTemplates map[string]*template.Template

func (p *Portal) readTemplates() (map[string]pageTemplates, error) {
	names, err := fs.Glob(files, "templates/pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the pages: %w", err)
	}
	pages := map[string]pageTemplates{}
	for _, language := range mail.Languages() {
		base, err := template.New("base.html").Funcs(p.functions(language)).ParseFS(files, "templates/base.html", "templates/parts/*.html")
		if err != nil {
			return nil, fmt.Errorf("read the pages: %w", err)
		}
		for _, file := range names {
			name := strings.TrimSuffix(path.Base(file), ".html")
			if pages[name] == nil {
				pages[name] = pageTemplates{}
			}
			of, err := base.Clone()
			if err != nil {
				return nil, fmt.Errorf("read the page %s: %w", name, err)
			}
			if pages[name][language], err = of.ParseFS(files, file); err != nil {
				return nil, fmt.Errorf("read the page %s: %w", name, err)
			}
		}
	}
	return pages, nil
}

// show answers with a page.
func (p *Portal) show(g *gin.Context, status int, pg page) {
	language := p.language(g)
	of := frame{
		page: pg, Language: language, Site: p.SiteName, Path: g.Request.URL.Path, Here: p.here(g), Query: g.Query("q"),
		Visitor: accounts.From(g.Request.Context()).Person, Basket: p.inBasket(g),
	}
	if of.Canonical == "" {
		of.Canonical = of.Path
	}
	of.Address = p.address(of.Canonical)
	var out bytes.Buffer
	if err := p.pages[pg.Name][language].Execute(&out, of); err != nil {
		p.Log.Error("page failed", "page", pg.Name, "error", err)
		g.Data(http.StatusInternalServerError, "text/plain; charset=utf-8", []byte(p.words.say(language, "error.500_text")+"\n"))
		return
	}
	g.Header("Content-Security-Policy", p.contentPolicy(pg))
	g.Writer.Header().Add("Vary", "Accept-Language, Cookie") // beside what the compression says
	if g.Writer.Header().Get("Cache-Control") == "" {
		g.Header("Cache-Control", "private, no-cache")
	}
	g.Data(status, "text/html; charset=utf-8", out.Bytes())
}

// contentPolicy says what a page may load: what is ours, and what the store serves.
func (p *Portal) contentPolicy(pg page) string {
	style, form := "style-src 'self'", "form-action 'self'"
	if pg.Plays {
		style += " 'unsafe-inline'"
	}
	if pg.Plays || pg.Sends { // the form for a whole video is led on to the store
		form += " " + p.origin
	}
	return strings.Join([]string{
		"default-src 'self'", "script-src 'self'", style, "img-src 'self' data: " + p.origin, "media-src 'self' blob: " + p.origin,
		"connect-src 'self' " + p.origin, "object-src 'none'", "base-uri 'none'", form, "frame-ancestors 'none'",
	}, "; ")
}

// storeOrigin is where signed URLs lead, which does not change while the service runs.
func storeOrigin(store *storage.Store) (string, error) {
	signed, err := store.ViewURL(context.Background(), "origin")
	if err != nil {
		return "", fmt.Errorf("find out where the store is: %w", err)
	}
	u, err := url.Parse(signed.URL)
	if err != nil {
		return "", fmt.Errorf("find out where the store is: %w", err)
	}
	return u.Scheme + "://" + u.Host, nil
}

// address makes a path with its query an absolute address of the site.
func (p *Portal) address(of string) string {
	path, query, _ := strings.Cut(of, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		values = nil
	}
	return p.Link(path, values)
}

// tab is an entry of the main navigation.
type tab struct {
	Path, Name string
	Current    bool
}

func newTab(here, path, name string) tab {
	current := here == path || (path != "/" && strings.HasPrefix(here, path+"/"))
	return tab{path, name, current}
}

// returning is the query that leads back to a page after signing in there.
func returning(here string) string { return "?" + url.Values{"return_to": {here}}.Encode() }

// withLanguage adds the choice of a language to a path with its query.
func withLanguage(of, language string) string {
	path, query, _ := strings.Cut(of, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		values = url.Values{}
	}
	values.Set(languageParameter, language)
	return path + "?" + values.Encode()
}
