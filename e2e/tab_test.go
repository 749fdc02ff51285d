package e2e

import (
	"net/http"
	"strings"
	"testing"

	"subclip/e2e/chromium"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// openTabAs opens a tab in which the account of the first start is signed in; dir is
// the service's data folder.
func openTabAs(t *testing.T, s *service, dir string) *tab {
	t.Helper()
	b := openTab(t)
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
func (b *tab) connect(how network.Conditions) {
	b.t.Helper()
	all := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&how}}
	if _, err := chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule, all); err != nil {
		b.t.Fatal(err)
	}
}

// submit clicks on what a selector finds and waits for the page that follows.
func (b *tab) submit(selector string) {
	b.t.Helper()
	answer, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(selector)))
	if err != nil {
		b.t.Fatalf("click on %s at %s: %v", selector, b.address(), err)
	}
	if answer.Status != http.StatusOK {
		b.t.Errorf("a click on %s answers %d: %s", selector, answer.Status, b.says())
	}
}

// says is all that the page says.
func (b *tab) says() string {
	b.t.Helper()
	return asked[string](b, "document.body.innerText")
}

// hasNoBarriers has axe-core look at pages, on a phone and on a desktop, and checks that
// nothing is wider than the screen.
func (b *tab) hasNoBarriers(paths ...string) {
	b.t.Helper()
	for _, width := range []int64{360, 1440} {
		if err := chromium.Look(b.ctx, width, 900, false); err != nil {
			b.t.Fatal(err)
		}
		for _, path := range paths {
			b.do(chromedp.Navigate(path))
			if wide := asked[int64](b, "document.documentElement.scrollWidth"); wide > width {
				b.t.Errorf("%s is %d px wide on a screen of %d", path, wide, width)
			}
			found, err := chromium.Barriers(b.ctx)
			if err != nil || len(found) > 0 {
				b.t.Errorf("%s at %d px: %v %s", path, width, err, strings.Join(found, "\n"))
			}
		}
	}
}
