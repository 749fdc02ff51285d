package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"subclip/accounts"

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
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// further is the address of the page of a list that begins at a cursor, with other
// parameters in pairs; empty where there is none.
func further(path, cursor string, pairs ...string) string {
	if cursor == "" {
		return ""
	}
	return link(path, "", append(pairs, cursorParameter, cursor)...)
}

// lead sends a browser to another page, after a form was done.
func lead(g *gin.Context, path string) { g.Redirect(http.StatusSeeOther, path) }
