package portal

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
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
	if status == http.StatusUnauthorized && request.Method == http.MethodPost && strings.HasPrefix(request.URL.Path, deskPath+"/") {
		p.showSignedOut(g)
		return true
	}
	if status == http.StatusUnauthorized {
		g.Redirect(http.StatusSeeOther, SignInPath+returning(p.here(g)))
		return true
	}
	p.showError(g, status)
	return true
}

// showSignedOut tells somebody whose session has ended under a long form how to send it
// once more: the browser has it until the page is left.
func (p *Portal) showSignedOut(g *gin.Context) {
	of := errorPage{Headline: "desk.signed_out", Text: "desk.signed_out_text", SignIn: true}
	p.show(g, http.StatusUnauthorized, page{Name: "error", Title: p.say(g, of.Headline), Hidden: true, Data: of})
}

// fail answers with the page that suits an error of the catalogue's or the accounts'.
func (p *Portal) fail(g *gin.Context, err error) {
	if isMissing(err) {
		p.showError(g, http.StatusNotFound)
		return
	}
	p.Log.Error("page failed", "page", g.FullPath(), "error", err)
	p.showError(g, http.StatusInternalServerError)
}

// isMissing reports whether what was looked for is no more, rather than that it could not
// be looked for.
func isMissing(err error) bool {
	thing, known := errors.AsType[*catalog.Error](err)
	person, alsoKnown := errors.AsType[*accounts.Error](err)
	return known && thing.Kind == catalog.NotFound || alsoKnown && person.Kind == accounts.NotFound
}

// found finds what a path names and goes on with it, or answers with the page that says
// that it is not there.
func found[T any](p *Portal, find func(*gin.Context) (T, error), then func(*gin.Context, *T)) gin.HandlerFunc {
	return func(g *gin.Context) {
		thing, err := find(g)
		if err != nil {
			p.fail(g, err)
			return
		}
		then(g, &thing)
	}
}

// errorPage names the words of an error.
type errorPage struct {
	Headline, Text string
	Refusals       []mistake // what the API said, where it can be mended
	Back           string    // where one came from
	SignIn         bool      // signing in, elsewhere, is the way on
}

// mendable reports whether the API refused what whoever asked can mend, or ask for later.
func mendable(a answer) bool {
	return slices.Contains([]int{http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests}, a.Status)
}

// showRefusal tells what the API would not do, with a way back to where it was asked for.
func (p *Portal) showRefusal(g *gin.Context, a answer) {
	if !mendable(a) {
		p.showError(g, a.Status)
		return
	}
	var f form
	p.refuse(g, &f, a, nil)
	of := errorPage{Headline: "error.refused", Text: "error.refused_text", Refusals: f.Mistakes}
	// Only the path: a page of this site that posts here says where it is.
	if from := referer(g); from != nil {
		of.Back = (&url.URL{Path: onSite(from.Path), RawQuery: from.RawQuery}).String()
	}
	p.show(g, a.Status, page{Name: "error", Title: p.say(g, of.Headline), Hidden: true, Data: of})
}

func (p *Portal) showError(g *gin.Context, status int) {
	words := status
	switch status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusTooManyRequests:
	default:
		words = http.StatusInternalServerError
	}
	of := errorPage{Headline: fmt.Sprintf("error.%d", words), Text: fmt.Sprintf("error.%d_text", words)}
	p.show(g, status, page{Name: "error", Title: p.say(g, of.Headline), Hidden: true, Data: of})
}
