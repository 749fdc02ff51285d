package portal

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/webhooks"

	"github.com/gin-gonic/gin"
)

// tokensPage is what programs may do in one's name.
type tokensPage struct {
	Tokens []accounts.Token
	Scopes []accounts.Scope
	Days   []int  // lives to choose from
	Secret string // of the token that was made just now, shown once
	Now    time.Time
}

func (p *Portal) showTokens(g *gin.Context, f form) { p.showTokensWith(g, f, "") }

func (p *Portal) showTokensWith(g *gin.Context, f form, secret string) {
	who := accounts.From(g.Request.Context()).Person
	tokens, err := p.Accounts.Tokens(g.Request.Context(), who.ID)
	if err != nil {
		p.fail(g, err)
		return
	}
	more := tokensPage{Tokens: tokens, Scopes: accounts.ScopesOf(who.Role), Days: []int{7, 30, 90, 365}, Secret: secret, Now: time.Now()}
	if f.Value("days") == "" {
		f.Values.Set("days", "90")
	}
	p.showAccount(g, f, "tokens", more, "copy")
}

func (p *Portal) createToken(g *gin.Context, f form) {
	days, err := strconv.Atoi(f.Value("days"))
	if err != nil {
		days = 0
	}
	a, done, ended := p.send(g, &f, http.MethodPost, "/v1/tokens", map[string]any{
		"name": f.Value("name"), "scopes": append([]string{}, f.Values["scopes"]...), "expires_at": time.Now().AddDate(0, 0, days),
	})
	switch {
	case ended:
	case !done:
		p.showTokens(g, f)
	default:
		var made struct{ Token string }
		if err := a.read(&made); err != nil {
			p.fail(g, err)
			return
		}
		p.showTokensWith(g, newForm(), made.Token)
	}
}

func (p *Portal) revokeToken(g *gin.Context, f form) {
	p.act(g, f, http.MethodDelete, "/v1/tokens/"+url.PathEscape(f.Value("id")), nil, accountPath+"/tokens?said=token", p.showTokens)
}

const webhooksPath = accountPath + "/webhooks"

// webhooksPage is whom one has told what happens.
type webhooksPage struct {
	Hooks  []webhooks.Hook
	Events []catalog.EventKind
	Secret string // of the webhook that was made just now, shown once
}

// hookOwner is whose webhooks the page is about.
func hookOwner(g *gin.Context) webhooks.Owner {
	who := accounts.From(g.Request.Context())
	return webhooks.Owner{PersonID: who.ID(), Publishes: who.Role().AtLeast(accounts.Editor)}
}

func (p *Portal) showWebhooks(g *gin.Context, f form) { p.showWebhooksWith(g, f, "") }

func (p *Portal) showWebhooksWith(g *gin.Context, f form, secret string) {
	owner := hookOwner(g)
	hooks, err := p.Webhooks.List(g.Request.Context(), owner)
	if err != nil {
		p.fail(g, err)
		return
	}
	if f.Value("key") == "" {
		f.Values.Set("key", rand.Text())
	}
	events := slices.DeleteFunc(catalog.EventKinds(), func(kind catalog.EventKind) bool { return kind.OfAssets() && !owner.Publishes })
	p.showAccount(g, f, "webhooks", webhooksPage{hooks, events, secret}, "copy")
}

func (p *Portal) createWebhook(g *gin.Context, f form) {
	g.Request.Header.Set("Idempotency-Key", f.Value("key")) // a form that is sent twice makes one
	a, done, ended := p.send(g, &f, http.MethodPost, "/v1/webhooks", map[string]any{"url": f.Value("url"), "events": append([]string{}, f.Values["events"]...)})
	switch {
	case ended:
	case !done:
		p.showWebhooks(g, f)
	default:
		var made struct{ Secret string }
		if err := a.read(&made); err != nil {
			p.fail(g, err)
			return
		}
		p.showWebhooksWith(g, newForm(), made.Secret)
	}
}

// deliveriesPage is what was sent to one webhook.
type deliveriesPage struct {
	Hook       *webhooks.Hook
	Deliveries []webhooks.Delivery
	Next       string // address of the page after this one
}

func (p *Portal) showDeliveries(g *gin.Context, f form) {
	ctx, owner := g.Request.Context(), hookOwner(g)
	hook, err := p.Webhooks.Get(ctx, owner, g.Param("id"))
	if err != nil {
		p.fail(g, err)
		return
	}
	rows, err := p.Webhooks.Deliveries(ctx, owner, hook.ID, g.Query("cursor"), shown)
	if err != nil {
		p.fail(g, err)
		return
	}
	more := deliveriesPage{Hook: hook, Deliveries: rows}
	if len(rows) == shown {
		more.Next = webhooksPath + "/" + hook.ID + "?" + url.Values{"cursor": {rows[len(rows)-1].ID}}.Encode()
	}
	p.showAccount(g, f, "deliveries", more)
}

func (p *Portal) redeliver(g *gin.Context, f form) {
	here := webhooksPath + "/" + url.PathEscape(g.Param("id"))
	api := "/v1/webhooks/" + url.PathEscape(g.Param("id")) + "/deliveries/" + url.PathEscape(f.Value("id")) + "/redeliver"
	p.act(g, f, http.MethodPost, api, nil, here+"?said=again", p.showDeliveries)
}

func (p *Portal) deleteWebhook(g *gin.Context, f form) {
	p.act(g, f, http.MethodDelete, "/v1/webhooks/"+url.PathEscape(g.Param("id")), nil, webhooksPath+"?said=webhook", p.showWebhooks)
}
