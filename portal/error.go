package portal

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// SignInPath is where people sign in; the parameter return_to leads them back.
const SignInPath = "/sign-in"

// ShowError answers a browser that wanted a page with one that says what went wrong
// and leads on: whoever has to sign in is led there, and comes back. It reports false,
// and has answered nothing, where a program asked.
func (p *Portal) ShowError(g *gin.Context, status int) bool {
	request := g.Request
	if strings.HasPrefix(request.URL.Path, "/v1/") || !strings.Contains(request.Header.Get("Accept"), "text/html") {
		return false
	}
	g.Abort()
	if status == http.StatusUnauthorized {
		g.Redirect(http.StatusSeeOther, SignInPath+returning(here(g)))
		return true
	}
	p.showError(g, status)
	return true
}

// fail answers with the page that suits an error of the catalogue's or the accounts'.
func (p *Portal) fail(g *gin.Context, err error) {
	mistake, known := errors.AsType[*catalog.Error](err)
	missing, alsoKnown := errors.AsType[*accounts.Error](err)
	if known && mistake.Kind == catalog.NotFound || alsoKnown && missing.Kind == accounts.NotFound {
		p.showError(g, http.StatusNotFound)
		return
	}
	p.Log.Error("page failed", "page", g.FullPath(), "error", err)
	p.showError(g, http.StatusInternalServerError)
}

// errorPage names the words of an error.
type errorPage struct{ Headline, Text string }

func (p *Portal) showError(g *gin.Context, status int) {
	words := status
	switch status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusTooManyRequests:
	default:
		words = http.StatusInternalServerError
	}
	of := errorPage{fmt.Sprintf("error.%d", words), fmt.Sprintf("error.%d_text", words)}
	p.show(g, status, page{Name: "error", Title: p.say(g, of.Headline), Hidden: true, Data: of})
}
