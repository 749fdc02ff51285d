package chromium

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/chromedp/chromedp"
)

// barriers runs axe-core with the rules of WCAG up to 2.2 AA, and best practices, once
// no colour is on its way to another any more.
const barriers = `(document.getAnimations().forEach((a) => a instanceof CSSTransition && a.finish()), axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})).then(({violations}) =>
	violations.flatMap(({id, help, nodes}) => nodes.map(({html, failureSummary}) => id + ": " + help + "\n  " + html + "\n  " + failureSummary)))`

// Barriers has axe-core look at the page, and returns what it found wrong. axe-core is a
// package of portal/web, which scripts/web.sh installs.
func Barriers(tab context.Context) ([]string, error) {
	_, here, _, _ := runtime.Caller(0)
	path := filepath.Join(filepath.Dir(here), "..", "..", "portal", "web", "node_modules", "axe-core", "axe.min.js")
	script, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read axe-core: run make web first (%w)", err)
	}
	if _, err := chromedp.Run(tab, chromedp.Evaluate[any](string(script)+";0", chromedp.EvalAsValue)); err != nil {
		return nil, fmt.Errorf("load axe-core: %w", err)
	}
	return Ask[[]string](tab, "%s", barriers)
}
