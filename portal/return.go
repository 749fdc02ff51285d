package portal

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// Pages on which nobody wants to end up once they are signed in.
func entrances() []string { return []string{SignInPath, registerPath, resetPath} }

// returnPath is the page of the site to which to go back, marks and all; the front
// page where none is named, or one that is not of this site. A page on the way in
// stands for the one behind it.
func returnPath(g *gin.Context) string {
	wanted := g.Query("return_to")
	for {
		path, err := accounts.ReturnPath(wanted)
		if err != nil {
			return "/"
		}
		u, err := url.Parse(path)
		if err != nil {
			return "/"
		}
		if !slices.ContainsFunc(entrances(), func(way string) bool { return u.Path == way || strings.HasPrefix(u.Path, way+"/") }) {
			return path
		}
		wanted = u.Query().Get("return_to")
	}
}

// link is a path with the page to return to, and other parameters in pairs.
func link(path, returnTo string, pairs ...string) string {
	values := url.Values{}
	if returnTo != "/" && returnTo != "" {
		values.Set("return_to", returnTo)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return withQuery(path, values)
}

// further is the address of the page of a list that begins at a cursor, with other
// parameters in pairs; empty where there is none.
func further(path, cursor string, pairs ...string) string {
	if cursor == "" {
		return ""
	}
	return link(path, "", append(pairs, cursorParameter, cursor)...)
}

// standings finds, for each route that pages only post forms to, the page on which its form
// stands: the nearest above it that can be read, unless it is among those named here.
func standings(routes gin.RoutesInfo) map[string]string {
	read := map[string]bool{}
	for _, route := range routes {
		if route.Method == http.MethodGet {
			read[route.Path] = true
		}
	}
	stands := map[string]string{}
	for _, route := range routes {
		if of := route.Path; route.Method == http.MethodPost && !read[of] && !strings.HasPrefix(of, "/v1/") {
			for of != "/" && !read[of] {
				of = path.Dir(of)
			}
			stands[route.Path] = of
		}
	}
	stands[wholePath(":id")] = catalog.PagePath(":id") // what can be read there is another page
	for _, way := range []string{registerPath, resetPath, accountPath + "/email"} {
		stands[way+"/code"] = way + "/confirm"
	}
	return stands
}

// here is the page's own path and query, less what was only to choose its language. A form
// that is posted to a route of its own is of the page on which it stands: nothing else can
// be come back to, nor asked for in another language.
func (p *Portal) here(g *gin.Context) string {
	query := g.Request.URL.Query()
	stands, only := p.stands[g.FullPath()]
	if g.Request.Method != http.MethodPost || !only {
		query.Del(languageParameter)
		return withQuery(onSite(g.Request.URL.Path), query)
	}
	parts := strings.Split(stands, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = url.PathEscape(g.Param(name))
		}
	}
	of := strings.Join(parts, "/")
	if from := referer(g); from != nil && from.EscapedPath() == of {
		query = from.Query()
	}
	query.Del(languageParameter)
	if stands == catalog.PagePath(":id") {
		g.Request.Body = http.MaxBytesReader(g.Writer, g.Request.Body, maxForm)
		if g.Request.ParseForm() == nil {
			return inAddress(of, query, form{Values: g.Request.PostForm})
		}
	}
	return withQuery(of, query)
}

// referer is the page of this site that was left for another, where the browser says so.
func referer(g *gin.Context) *url.URL {
	from, err := url.Parse(g.Request.Referer())
	if err != nil || from.Host != g.Request.Host {
		return nil
	}
	return from
}

func withQuery(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// onSite is a path that browsers do not take for the name of another site.
func onSite(path string) string { return "/" + strings.TrimLeft(path, `/\`) }

// lead sends a browser to another page, after a form was done.
func lead(g *gin.Context, path string) { g.Redirect(http.StatusSeeOther, path) }
