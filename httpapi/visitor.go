package httpapi

import (
	"cmp"
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/mail"

	"github.com/gin-gonic/gin"
)

// sessionCookie keeps the secret of a session in the browser.
const sessionCookie = "subclip_session"

// caller is what a request says besides what it asks for.
type caller struct {
	accounts.Visitor
	from   accounts.Origin
	cookie string // the secret of the session, also one that has ended
	basket string // the secret of the basket; empty where there is none
	secure bool   // it came by TLS
	tongue string // of the person, or else of their browser
}

type callerKey struct{}

// callerOf returns who asks, from where.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// asker is who asks, as the catalogue knows them. A token of an editor's sees what is
// not public only if it is for publishing: it may serve a site of theirs.
func (a *API) asker(c caller) catalog.Asker {
	limits := a.cfg.Limits.of(c.Visitor)
	return catalog.Asker{
		ID: c.ID(), TokenID: c.TokenID, Tongue: c.tongue, Editor: c.Role().AtLeast(accounts.Editor) && c.Has(accounts.ScopePublish),
		Person: limits.ofMaking(), Token: limits.share().ofMaking(),
	}
}

// identify finds out who asks. A token that is not good is refused at once, so that
// a program does not go on as a stranger; a session that has ended makes a stranger.
func (a *API) identify(g *gin.Context) {
	ctx := g.Request.Context()
	who := caller{
		from:   accounts.Origin{Address: g.ClientIP(), Agent: g.Request.UserAgent()},
		secure: a.cfg.SecureCookies || g.Request.TLS != nil || (a.trusts(g.RemoteIP()) && g.GetHeader("X-Forwarded-Proto") == "https"),
	}
	if basket, missing := g.Request.Cookie(catalog.BasketCookie); missing == nil {
		who.basket = basket.Value
	}
	var err error
	ok := true
	if scheme, secret, _ := strings.Cut(g.GetHeader("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		who.Visitor, ok, err = a.accounts.ByToken(ctx, strings.TrimSpace(secret))
	} else if cookie, missing := g.Request.Cookie(sessionCookie); missing == nil {
		who.cookie = cookie.Value
		who.Visitor, _, err = a.accounts.BySession(ctx, cookie.Value)
	}
	switch {
	case err != nil:
		a.log.Error("request failed", "operation", "identify", "error", err)
		writeProblem(g, http.StatusInternalServerError, wentWrong)
	case !ok:
		if !a.allowsStranger(g, who.from) {
			return
		}
		g.Header("WWW-Authenticate", `Bearer error="invalid_token"`)
		writeProblem(g, http.StatusUnauthorized, "this token is unknown, was revoked or has expired: make a new one")
	default:
		tongue := g.GetHeader("Accept-Language")
		if who.Person != nil {
			tongue = cmp.Or(who.Person.Language, tongue)
			g.Header("Cache-Control", "no-store")
		}
		who.tongue = mail.PickLanguage(tongue)
		ctx = accounts.With(context.WithValue(ctx, callerKey{}, who), who.Visitor)
		g.Request = g.Request.WithContext(catalog.With(ctx, a.asker(who)))
	}
}

// trusts reports whether an address is a proxy's whose word is taken.
func (a *API) trusts(remote string) bool {
	address, err := netip.ParseAddr(remote)
	if err != nil {
		return false
	}
	for _, text := range a.cfg.TrustedProxies {
		if network, err := readNetwork(text); err == nil && network.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}

// readNetwork reads a network, or one address.
func readNetwork(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()), nil
	}
	return netip.ParsePrefix(text) //nolint:wrapcheck // its words are shown with the setting's name
}

// newCookie gives the browser a secret of ours, or takes it away if it is empty.
func (c caller) newCookie(name, secret string, expires time.Time) http.Cookie {
	cookie := http.Cookie{ //nolint:gosec // without TLS, as on one machine, a Secure cookie would not come back
		Name: name, Value: secret, Path: "/", Expires: expires, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.secure,
	}
	if secret == "" {
		cookie.MaxAge = -1
	}
	return cookie
}
