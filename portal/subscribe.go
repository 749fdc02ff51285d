package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"subclip/accounts"
	"subclip/mail"
	"subclip/newsletter"

	"github.com/gin-gonic/gin"
)

const newsletterPath = "/newsletter"

// subscribePage is where one asks for the newsletter.
type subscribePage struct {
	Form      form
	Topics    []string // none means one newsletter for all
	Languages []string
	Said      string // what the API said: asked, or active
}

func (p *Portal) mountSubscribe(pages gin.IRoutes) {
	both(pages, newsletterPath, func(g *gin.Context) {
		f := newForm("language", p.language(g))
		if who := accounts.From(g.Request.Context()).Person; who != nil {
			f.Values.Set("address", who.Email)
		}
		p.showSubscribe(g, f)
	})
	pages.POST(newsletterPath, func(g *gin.Context) {
		f, ok := p.readForm(g)
		if !ok {
			return
		}
		a, done, ended := p.send(g, &f, http.MethodPost, "/v1/newsletter/subscriptions", wishOf(f, f.Value("address")))
		if ended {
			return
		}
		if !done {
			p.showSubscribe(g, f)
			return
		}
		var said struct{ Status string }
		if err := a.read(&said); err != nil {
			p.fail(g, err)
			return
		}
		lead(g, newsletterPath+"?said="+said.Status)
	})
}

// wishOf is what a reader asks for, as the API takes it.
func wishOf(f form, address string) map[string]any {
	return map[string]any{"address": address, "language": f.Value("language"), "topics": f.Values["topics"]}
}

// ownSubscriptionPath is the newsletter that comes to the address of one's account.
const ownSubscriptionPath = accountPath + "/newsletter"

type ownSubscriptionPage struct {
	Status    newsletter.SubscriberStatus // empty where nobody asked for the newsletter
	Topics    []string
	Gone      []string // topics that they chose and that are offered no longer
	Languages []string
}

func (p *Portal) showOwnSubscription(g *gin.Context, f form) {
	more := ownSubscriptionPage{Topics: p.Newsletter.Topics(), Languages: mail.Languages()}
	row, err := p.Newsletter.Own(g.Request.Context(), accounts.From(g.Request.Context()).Person.Email)
	if err != nil && !isMissing(err) {
		p.fail(g, err)
		return
	}
	more.Status = row.Status
	for _, topic := range row.Topics() {
		if !slices.Contains(more.Topics, topic) {
			more.Gone = append(more.Gone, topic)
		}
	}
	if f.status == http.StatusOK {
		f.Values = url.Values{"language": {cmp.Or(row.Language, p.language(g))}, "topics": row.Topics()}
	}
	p.showAccount(g, f, "newsletter", more)
}

func (p *Portal) changeSubscription(g *gin.Context, f form) {
	body := wishOf(f, accounts.From(g.Request.Context()).Person.Email)
	p.act(g, f, http.MethodPost, "/v1/newsletter/subscriptions", body, ownSubscriptionPath+"?said=subscribed", p.showOwnSubscription)
}

func (p *Portal) endSubscription(g *gin.Context, f form) {
	p.act(g, f, http.MethodDelete, "/v1/me/subscription", nil, ownSubscriptionPath+"?said=left", p.showOwnSubscription)
}

func (p *Portal) showSubscribe(g *gin.Context, f form) {
	of := subscribePage{Form: f, Topics: p.Newsletter.Topics(), Languages: mail.Languages()}
	if said := g.Query("said"); f.status == http.StatusOK && slices.Contains([]string{"asked", "active"}, said) {
		of.Said = said
	}
	p.show(g, f.status, page{Name: "newsletter", Title: p.say(g, "letter.title"), Description: p.say(g, "newsletter.lead"), Data: of})
}
