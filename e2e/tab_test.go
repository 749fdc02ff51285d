package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"subclip/process"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// tab is a tab of Chromium that shows pages of a service.
type tab struct {
	context.Context
	t *testing.T
	s *service
}

// openTab opens a tab, signed in as the account of the first start, whose data folder
// is dir.
func openTab(t *testing.T, s *service, dir string) *tab {
	t.Helper()
	program, err := process.Find("chromium", "chromium")
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &tab{ctx, t, s}
	b.do(chromedp.Navigate(s.url + "/healthz"))
	// In time: its folder is removed next.
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("close Chromium: %v", err)
		}
	})
	b.signIn(dir)
	return b
}

func (b *tab) signIn(dir string) {
	b.t.Helper()
	email, password, _ := strings.Cut(strings.TrimSpace(string(read(b.t, filepath.Join(dir, "account.txt")))), "\n")
	stranger := &service{t: b.t, url: b.s.url}
	a := stranger.ask(http.MethodPost, "/v1/sessions", map[string]string{"email": email, "password": password})
	session := (&http.Response{Header: a.header}).Cookies()
	if a.status >= http.StatusBadRequest || len(session) == 0 {
		b.t.Fatalf("signing in answers %d %s", a.status, a.raw)
	}
	b.do(call(network.SetCookie, network.SetCookieParams{Name: session[0].Name, Value: session[0].Value, URL: b.s.url}))
}

// call sends a command of Chromium's protocol.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err //nolint:wrapcheck // do says what was tried
	})
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b, steps...); err != nil {
		b.t.Fatalf("in Chromium: %v", err)
	}
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.s.url + path))
}

// submit clicks on what a selector finds and waits for the page that follows.
func (b *tab) submit(selector string) {
	b.t.Helper()
	if _, err := chromedp.RunResponse(b, chromedp.Click(chromedp.CSS(selector))); err != nil {
		b.t.Fatalf("click on %s: %v", selector, err)
	}
}

// text is all that the page says.
func (b *tab) text() string {
	b.t.Helper()
	return look[string](b, "document.body.innerText")
}

// look evaluates an expression in the page.
func look[T any](b *tab, expression string, args ...any) T {
	b.t.Helper()
	expression = fmt.Sprintf(expression, args...)
	value, err := chromedp.Run(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// await waits until an expression holds in the page.
func (b *tab) await(expression string, args ...any) {
	b.t.Helper()
	expression = fmt.Sprintf(expression, args...)
	eventually(b.t, expression, func() bool { return look[bool](b, "Boolean(%s)", expression) })
}

// axe has axe-core look at pages, on a phone and on a desktop, and checks that nothing
// is wider than the screen.
func (b *tab) axe(paths ...string) {
	b.t.Helper()
	script, err := os.ReadFile("../portal/web/node_modules/axe-core/axe.min.js")
	if err != nil {
		b.t.Fatalf("axe-core is not there: run make web (%v)", err)
	}
	for _, width := range []int64{360, 1440} {
		b.do(chromedp.EmulateViewport(width, 900))
		for _, path := range paths {
			b.open(path)
			if wide := look[int64](b, "document.documentElement.scrollWidth"); wide > width {
				b.t.Errorf("%s is %d px wide on a screen of %d", path, wide, width)
			}
			look[bool](b, "%s", string(script)+"\n;true")
			found := look[string](b, `axe.run().then(r => JSON.stringify(r.violations.map(v => [v.id, v.nodes.map(n => n.html)])))`)
			var violations []any
			if err := json.Unmarshal([]byte(found), &violations); err != nil || len(violations) > 0 {
				b.t.Errorf("%s at %d px: %s", path, width, strings.ReplaceAll(found, `\"`, `'`))
			}
		}
	}
}
