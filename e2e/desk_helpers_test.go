package e2e

import (
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// openDesk opens a tab in which the account of the first start is signed in; dir is the
// service's data folder.
func openDesk(t *testing.T, s *service, dir string) *pages {
	t.Helper()
	b := s.openPages()
	email, password := account(t, dir)
	stranger := &service{t: t, url: s.url}
	a := stranger.ask(http.MethodPost, "/v1/sessions", map[string]string{"email": email, "password": password})
	session := (&http.Response{Header: a.header}).Cookies()
	if a.status >= http.StatusBadRequest || len(session) == 0 {
		t.Fatalf("signing in answers %d %s", a.status, a.raw)
	}
	cookie := network.SetCookieParams{Name: session[0].Name, Value: session[0].Value, URL: s.url}
	if _, err := chromedp.Call(b.ctx, network.SetCookie, cookie); err != nil {
		t.Fatal(err)
	}
	return b
}

// connect says how well the tab is connected from now on.
func (b *pages) connect(how network.Conditions) {
	b.t.Helper()
	all := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&how}}
	if _, err := chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule, all); err != nil {
		b.t.Fatal(err)
	}
}

// write puts texts into fields, given as pairs of a selector and a text, whatever stands
// there.
func (b *pages) write(pairs ...string) {
	b.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		asked[string](b.tab, "document.querySelector(%s).value = %s", quoted(pairs[i]), quoted(pairs[i+1]))
	}
}
