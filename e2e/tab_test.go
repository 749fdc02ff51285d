package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"subclip/process"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// tab is a tab of a browser of its own.
type tab struct {
	t   *testing.T
	ctx context.Context //nolint:containedctx // chromedp's contexts are the tab
	url string          // of the service
}

// openTab starts Chromium on a service.
func (s *service) openTab() *tab {
	s.t.Helper()
	program, err := process.Find("chromium", "chromium")
	if err != nil {
		s.t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.UserDataDir(s.t.TempDir()), chromedp.Flag("lang", "en"))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	s.t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	s.t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	s.t.Cleanup(cancel)
	b := &tab{s.t, ctx, s.url}
	b.do(chromedp.Navigate("about:blank"))
	// In time: its folder is removed next.
	s.t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			s.t.Errorf("close Chromium: %v", err)
		}
	})
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("at %s: %v", b.here(), err)
	}
}

// open shows a page of the service.
func (b *tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + path))
}

// here is the path and query of the page that is shown.
func (b *tab) here() string {
	b.t.Helper()
	location, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.TrimPrefix(location, b.url)
}

// fill types into fields, given as pairs of a selector and a text.
func (b *tab) fill(pairs ...string) {
	b.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		field := chromedp.CSS(pairs[i])
		b.do(chromedp.Clear(field), chromedp.SendKeys(field, pairs[i+1]))
	}
}

// click clicks on what changes the page alone.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// press clicks on what leads to another page, and waits for it.
func (b *tab) press(selector string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Click(chromedp.CSS(selector)))); err != nil {
		b.t.Fatalf("press %s at %s: %v", selector, b.here(), err)
	}
}

// evaluate asks the page, and waits for its answer.
func evaluate[T any](b *tab, expression string) T {
	b.t.Helper()
	answer, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s at %s: %v", expression, b.here(), err)
	}
	return answer
}

// says reports whether the page's content has a text.
func (b *tab) says(text string) bool {
	b.t.Helper()
	return strings.Contains(evaluate[string](b, `document.querySelector("main").textContent`), text)
}

// must fails the test unless the page has a text.
func (b *tab) must(text string) {
	b.t.Helper()
	if !b.says(text) {
		b.t.Fatalf("%s does not say %q: %s", b.here(), text, evaluate[string](b, `document.querySelector("main").innerText`))
	}
}

// look chooses the width of the window, and light or dark.
func (b *tab) look(width int64, scheme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900))
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		b.t.Fatal(err)
	}
}

// axe has axe-core look for what hinders people, on a phone and on a desk, by day and by
// night, and for what is wider than the window.
func (b *tab) axe() {
	b.t.Helper()
	for _, width := range []int64{360, 1440} {
		for _, scheme := range []string{"light", "dark"} {
			b.look(width, scheme)
			b.axeOnce(fmt.Sprintf("%s at %d px, %s", b.here(), width, scheme))
		}
	}
}

func (b *tab) axeOnce(what string) {
	b.t.Helper()
	if !evaluate[bool](b, `typeof axe !== "undefined"`) {
		evaluate[chromedp.Void](b, axeSource(b.t))
	}
	found := evaluate[string](b, `axe.run().then((all) => JSON.stringify(all.violations.map((v) =>
		v.id + ": " + v.nodes.map((n) => n.target + " (" + n.failureSummary + ")").join("; "))))`)
	var violations []string
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.t.Fatal(err)
	}
	for _, violation := range violations {
		b.t.Errorf("%s: %s", what, violation)
	}
	if evaluate[bool](b, `document.documentElement.scrollWidth > innerWidth`) {
		b.t.Errorf("%s is wider than the window", what)
	}
}

func axeSource(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("../portal/web/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing: run make web (%v)", err)
	}
	return string(source)
}

// quoted writes a value as a script reads it.
func quoted(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(data)
}
