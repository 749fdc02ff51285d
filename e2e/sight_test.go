package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"subclip/database"
	"subclip/e2e/chromium"

	intercept "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestPagesAsTheyCome looks at pages as they build up, in the states that are rare: what is
// there before script is, what moves, what jumps, and what hinders people.
func TestPagesAsTheyCome(t *testing.T) {
	t.Setenv("SUBCLIP_WEBHOOK_ALLOW_PRIVATE", "true")
	n := startNewsroom(t)
	hook := n.deliver(t)
	processing, failed, withdrawn := n.process(t), n.fail(t), n.ingest(tools.short, "Taken back")
	n.ask(http.MethodPost, "/v1/assets/"+withdrawn+"/withdraw", nil).must(t, http.StatusOK)
	b := openDesk(t, n.service, n.dir)
	t.Run("before script", func(t *testing.T) {
		b.comeWithoutScript(t, map[string]string{
			"/?lang=en": "Delegations return", "/?q=timetable": "We have agreed on a", n.talks: "Talks begin on Thursday.", "/assets/" + n.ministers: "Arrival of ministers",
			"/desk": "Orchestra at dusk", "/desk/assets/" + n.ministers: "No use after 30 days", "/account": "Account since", "/developers": "Find",
		})
	})
	t.Run("motion", b.moves)
	t.Run("as it is built", func(t *testing.T) {
		for _, path := range []string{
			n.talks, "/?q=timetable", "/desk", "/account", "/account/webhooks/" + hook,
			"/assets/" + processing, "/assets/" + failed, "/assets/" + withdrawn, "/desk/assets/" + processing, "/desk/assets/" + n.ministers,
			"/desk?lang=fr", "/desk/assets/" + failed, "/desk/assets/" + withdrawn, "/desk/upload", "/account",
		} {
			b.mustNotJump(t, path)
			b.axe()
		}
	})
}

// deliver has a webhook told of something, and returns the webhook's id.
func (n newsroom) deliver(t *testing.T) string {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(receiver.Close)
	hook := n.ask(http.MethodPost, "/v1/webhooks", map[string]any{"url": receiver.URL, "events": []string{"clip.ready"}}).must(t, http.StatusCreated).text("id")
	n.ask(http.MethodPost, "/v1/clips", clipBody(n.ministers, nil, "1.0", "2.0")).must(t, http.StatusAccepted)
	eventually(t, "the webhook is told", func() bool {
		return strings.Contains(n.ask(http.MethodGet, "/v1/webhooks/"+hook+"/deliveries", nil).raw, `"status":"delivered"`)
	})
	return hook
}

// process makes an asset whose preview video waits for a worker, for long.
func (n newsroom) process(t *testing.T) string {
	t.Helper()
	id := n.ingest(tools.short, "Being prepared")
	db, err := database.Open(database.Config{URL: "sqlite://" + filepath.Join(n.dir, "subclip.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, change := range []string{
		"UPDATE assets SET status = 'processing', proxy_key = '', poster_key = '' WHERE id = ?",
		"UPDATE jobs SET status = 'queued', progress = 0, not_before = '2100-01-01 00:00:00' WHERE kind = 'proxy' AND asset_id = ?",
	} {
		if _, err := db.ExecContext(t.Context(), change, id); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

// fail makes an asset of what is no video.
func (n newsroom) fail(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notes.mp4")
	if err := os.WriteFile(path, []byte(strings.Repeat("These are not pictures.\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	n.command(1, "ingest", path, "--title", "Notes", "--server", n.url)
	assets, _ := n.ask(http.MethodGet, "/v1/assets?q=Notes", nil).must(t, http.StatusOK).body["assets"].([]any)
	if len(assets) != 1 {
		t.Fatalf("there are %d assets called Notes", len(assets))
	}
	asset, _ := assets[0].(map[string]any)
	id, _ := asset["id"].(string)
	return id
}

// painted is true once something of the page is painted and its main part is there to see.
const painted = `performance.getEntriesByName("first-contentful-paint").length > 0 && document.querySelector("main h1")?.checkVisibility()`

// comeWithoutScript holds back all scripts and expects each page's text all the same, and
// again when they come.
func (b *pages) comeWithoutScript(t *testing.T, pages map[string]string) {
	b.look(1440, 900, false)
	// Out of the browser's cache scripts come at once.
	b.cached(t, false)
	defer b.cached(t, true)
	for path, want := range pages {
		hold := intercept.EnableParams{Patterns: []*intercept.RequestPattern{{URLPattern: "*.js*"}}}
		if _, err := chromedp.Call(b.ctx, intercept.Enable, hold); err != nil {
			t.Fatal(err)
		}
		if _, err := chromedp.Call(b.ctx, page.Navigate, page.NavigateParams{URL: b.url + path}); err != nil {
			t.Fatal(err)
		}
		for _, state := range []string{"loading", "complete"} {
			b.await(painted+` && location.href === %s && (%q === "loading") !== (document.readyState === "complete")`, quoted(b.url+path), state)
			if shown := asked[string](b.tab, `document.querySelector("main").innerText + [...document.querySelectorAll("main :is(input, textarea)")].map((field) => field.value).join(" ")`); !strings.Contains(shown, want) {
				t.Errorf("%s does not show %q while it is %s", path, want, state)
			}
			if state == "loading" {
				b.letGo(t)
			}
		}
	}
}

// cached has the browser keep what it has loaded, or load everything anew.
func (b *pages) cached(t *testing.T, keep bool) {
	t.Helper()
	if _, err := chromedp.Call(b.ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: !keep}); err != nil {
		t.Fatal(err)
	}
}

// letGo lets go what is held back.
func (b *pages) letGo(t *testing.T) {
	t.Helper()
	if _, err := chromedp.Call(b.ctx, intercept.Disable, struct{}{}); err != nil {
		t.Fatal(err)
	}
}

// moving counts what would move: elements with a transition or an animation.
const moving = `[...document.querySelectorAll("*")].flatMap((e) => [null, "::before", "::after"].map((part) => getComputedStyle(e, part)))
	.filter((s) => s.animationName !== "none" || s.transitionDuration.split(", ").some((time) => parseFloat(time) > 0) || s.scrollBehavior === "smooth").length`

// moves points at a button, which changes its colour gently, or at once for those who want
// nothing to move.
func (b *pages) moves(t *testing.T) {
	for _, gently := range []bool{true, false} {
		for _, path := range []string{"/", "/desk/upload", "/account"} {
			if err := chromium.Move(b.ctx, gently); err != nil {
				t.Fatal(err)
			}
			b.open(path)
			if count := asked[int](b.tab, moving); (count > 0) != gently {
				t.Errorf("on %s %d things move, wished for: %t", path, count, gently)
			}
		}
		asked[bool](b.tab, `(globalThis.runs = 0, document.addEventListener("transitionrun", () => runs++), true)`)
		box := asked[[]float64](b.tab, `(({ left, top, width, height }) => [left + width / 2, top + height / 2])((document.querySelector("main form button:not(.off-screen)").scrollIntoView({ block: "center" }), document.querySelector("main form button:not(.off-screen)").getBoundingClientRect()))`)
		b.do(chromedp.MouseEvent(chromedp.MouseMoved, box[0], box[1]))
		b.await(`document.querySelector("main form button:hover")`)
		if gently {
			b.await("runs > 0")
		} else if runs := asked[int](b.tab, `new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(() => then(runs))))`); runs > 0 {
			t.Errorf("%d things move that should not", runs)
		}
		b.do(chromedp.MouseEvent(chromedp.MouseMoved, 1, 1))
	}
}

// mustNotJump opens a page on a phone and on a desk, and expects that nothing of it moves
// once it is there.
func (b *pages) mustNotJump(t *testing.T, path string) {
	t.Helper()
	for _, width := range []int64{360, 1440} {
		b.look(width, 900, false)
		b.open(path)
		if jumps := asked[float64](b.tab, shifts); jumps > 0.005 {
			t.Errorf("%s at %d pixels shifts its layout by %.4f", path, width, jumps)
		}
	}
}
