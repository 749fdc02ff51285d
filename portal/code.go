package portal

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"
)

// codeStep is the step of a journey in which the code of a message is typed. Its pages
// are below its path: /confirm takes the code, /code has a new one sent.
//
// The request that the code completes is named by a cookie, never by the address: by a
// link to a request of their own, somebody could have another person confirm an account
// with the wrong person's password.
type codeStep struct {
	path   string
	api    string                                      // where the API takes the code, with %s for the request
	fields func(form) any                              // what the API is sent
	next   func(*gin.Context) string                   // where it leads
	page   func(p *Portal, g *gin.Context, c codePage) // shows the page
}

const (
	codeCookie = "subclip_code"
	codeLife   = 24 * time.Hour
)

// ticket is the API's, with the address that the code went to.
type ticket struct {
	ID         string    `json:"id"`
	NextCodeAt time.Time `json:"next_code_at"`
	Email      string    `json:"email"`
}

// codePage is what such a page shows.
type codePage struct {
	Form     form
	ReturnTo string
	Email    string // where the code was sent
	Said     string // about another one: sent, or early
	Seconds  int    // until another one can be sent
	Wait     string // the same in words
	Confirm  string // where the code is posted
	Again    string // where another one is asked for
	Begin    string // where it began, for another address
}

func (s codeStep) mount(p *Portal, pages gin.IRoutes) {
	both(pages, s.path+"/confirm", func(g *gin.Context) { s.show(p, g, newForm()) })
	pages.POST(s.path+"/confirm", func(g *gin.Context) { s.confirm(p, g) })
	pages.POST(s.path+"/code", func(g *gin.Context) { s.again(p, g) })
}

// begin keeps the API's answer to a request for a code, and leads to where it is typed;
// pairs are further parameters of that page.
func (s codeStep) begin(p *Portal, g *gin.Context, a answer, email string, pairs ...string) {
	var t ticket
	if err := a.read(&t); err != nil {
		p.fail(g, err)
		return
	}
	t.Email = email
	s.keep(p, g, t, pairs...)
}

func (s codeStep) keep(p *Portal, g *gin.Context, t ticket, pairs ...string) {
	if err := p.keep(g, codeCookie, s.path, codeLife, t); err != nil {
		p.fail(g, fmt.Errorf("keep the request of a code: %w", err))
		return
	}
	lead(g, link(s.path+"/confirm", returnPath(g), pairs...))
}

// show shows the page, or leads to the beginning where there is no request.
func (s codeStep) show(p *Portal, g *gin.Context, f form) {
	var t ticket
	if !kept(g, codeCookie, &t) {
		lead(g, link(s.path, returnPath(g)))
		return
	}
	to := returnPath(g)
	c := codePage{
		Form: f, ReturnTo: to, Email: t.Email, Said: g.Query("said"),
		Confirm: link(s.path+"/confirm", to), Again: link(s.path+"/code", to), Begin: link(s.path, to),
	}
	if wait := time.Until(t.NextCodeAt); wait > 0 {
		c.Seconds, c.Wait = int(math.Ceil(wait.Seconds())), p.span(g, wait)
	}
	g.Header("Cache-Control", "no-store")
	s.page(p, g, c)
}

func (s codeStep) confirm(p *Portal, g *gin.Context) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	var t ticket
	if !kept(g, codeCookie, &t) {
		lead(g, link(s.path, returnPath(g)))
		return
	}
	_, done, ended := p.send(g, &f, http.MethodPost, fmt.Sprintf(s.api, url.PathEscape(t.ID)), s.fields(f))
	switch {
	case ended:
	case done:
		p.drop(g, codeCookie, s.path)
		lead(g, s.next(g))
	default:
		s.show(p, g, f)
	}
}

// again has a new code sent, or says when one can be.
func (s codeStep) again(p *Portal, g *gin.Context) {
	var t ticket
	if !kept(g, codeCookie, &t) {
		lead(g, link(s.path, returnPath(g)))
		return
	}
	a, err := p.ask(g, http.MethodPost, "/v1/codes/"+url.PathEscape(t.ID)+"/resend", nil)
	switch {
	case err != nil:
		p.fail(g, err)
	case a.good():
		s.begin(p, g, a, t.Email, "said", "sent")
	case a.Status == http.StatusTooManyRequests:
		t.NextCodeAt = time.Now().Add(a.wait())
		s.keep(p, g, t, "said", "early")
	case a.Status == http.StatusNotFound:
		p.drop(g, codeCookie, s.path)
		lead(g, link(s.path, returnPath(g)))
	default:
		p.showError(g, a.Status)
	}
}
