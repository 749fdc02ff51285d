package e2e

import (
	"encoding/json"
	"fmt"
	"strings"

	"subclip/e2e/chromium"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// pages is a tab in which somebody goes through the pages of a service.
type pages struct {
	*tab
	url string // of the service
}

func (s *service) openPages() *pages { return &pages{openTab(s.t), s.url} }

// open shows a page of the service.
func (b *pages) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + path))
}

// here is the path and query of the page that is shown.
func (b *pages) here() string { return strings.TrimPrefix(b.address(), b.url) }

// fill types into fields, given as pairs of a selector and a text.
func (b *pages) fill(pairs ...string) {
	b.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		field := chromedp.CSS(pairs[i])
		b.do(chromedp.Clear(field), chromedp.SendKeys(field, pairs[i+1]))
	}
}

// click clicks on what changes the page alone.
func (b *pages) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// follow clicks on what leads to another page, and waits for it.
func (b *pages) follow(selector string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Click(chromedp.CSS(selector)))); err != nil {
		b.t.Fatalf("follow %s at %s: %v", selector, b.here(), err)
	}
}

// must fails the test unless the page has a text.
func (b *pages) must(text string) {
	b.t.Helper()
	if shown := b.text("main"); !strings.Contains(shown, text) {
		b.t.Fatalf("%s does not say %q: %s", b.here(), text, shown)
	}
}

// text is what stands in the first element that a selector finds.
func (b *pages) text(selector string) string {
	b.t.Helper()
	return asked[string](b.tab, `document.querySelector(%s).textContent`, quoted(selector))
}

// axe has axe-core look for what hinders people, on a phone and on a desk, by day and by
// night, and looks for what is wider than the window.
func (b *pages) axe() {
	b.t.Helper()
	for _, width := range []int64{360, 1440} {
		for _, dark := range []bool{false, true} {
			if err := chromium.Look(b.ctx, width, 900, dark); err != nil {
				b.t.Fatal(err)
			}
			what := fmt.Sprintf("%s, %d px wide, dark %t", b.here(), width, dark)
			barriers, err := chromium.Barriers(b.ctx)
			if err != nil {
				b.t.Fatalf("%s: %v", what, err)
			}
			for _, barrier := range barriers {
				b.t.Errorf("%s: %s", what, barrier)
			}
			if asked[bool](b.tab, `document.documentElement.scrollWidth > innerWidth`) {
				b.t.Errorf("%s is wider than the window", what)
			}
			if small := asked[[]string](b.tab, tinyText, 12); len(small) > 0 {
				b.t.Errorf("%s has tiny text: %q", what, small)
			}
		}
	}
}

// quoted writes a value as a script reads it.
func quoted(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(data)
}
