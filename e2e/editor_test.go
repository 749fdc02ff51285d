package e2e

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"subclip/e2e/chromium"
	"subclip/sample"

	"github.com/chromedp/cdproto/network"
	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tab is a tab of the real browser.
type tab struct {
	t   *testing.T
	ctx context.Context //nolint:containedctx // chromedp keeps the browser in it
	// expected are words of complaints that the test itself gives rise to.
	expected []string
}

// openTab starts a browser that is closed at the end of the test. What pages complain of
// in it fails the test.
func openTab(t *testing.T) *tab {
	t.Helper()
	ctx, stop, err := chromium.Open(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	complaints, err := chromium.Complaints(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b := &tab{t: t, ctx: ctx}
	t.Cleanup(func() {
		for _, complaint := range complaints() {
			if !slices.ContainsFunc(b.expected, func(words string) bool { return strings.Contains(complaint, words) }) {
				t.Errorf("a page complains: %s", complaint)
			}
		}
	})
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("at %s: %v", b.address(), err)
	}
}

func (b *tab) await(expression string, values ...any) {
	b.t.Helper()
	if err := chromium.Await(b.ctx, patience, expression, values...); err != nil {
		b.t.Fatalf("at %s: %v", b.address(), err)
	}
}

func (b *tab) address() string {
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return at
}

// asked evaluates an expression of the page.
func asked[T any](b *tab, expression string, values ...any) T {
	b.t.Helper()
	answer, err := chromium.Ask[T](b.ctx, expression, values...)
	if err != nil {
		b.t.Fatalf("at %s: %v", b.address(), err)
	}
	return answer
}

// settled is true when the editor shows the frame that was asked for.
const settled = "globalThis.subclip && subclip.player.wanted === null && !subclip.player.video.seeking && subclip.player.video.readyState >= 2"

// addressKept is true when the page's address has the marks.
const addressKept = "location.pathname + location.search === subclip.selection.address()"

// press sends keys and waits until the picture stands.
func (b *tab) press(keys string, more ...chromedp.KeyOption) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys, more...))
	b.await(settled)
}

// shown reads the number in the picture that the browser shows.
func (b *tab) shown() int {
	b.t.Helper()
	return b.numberIn("video")
}

// numberIn reads the number in the picture of an element.
func (b *tab) numberIn(selector string) int {
	b.t.Helper()
	// Two frames of the page, so that what was decoded is also painted.
	box := asked[[]float64](b, `new Promise((done) => {
		const element = document.querySelector(%q);
		element.scrollIntoView({ block: "nearest" });
		requestAnimationFrame(() => requestAnimationFrame(() => {
			const { left, top, width, height } = element.getBoundingClientRect();
			done([left + scrollX, top + scrollY, width, height]);
		}));
	})`, selector)
	return b.numberAt(box)
}

// numberAt reads the number in a picture on the page, whose left, top, width and height in CSS
// pixels it is given.
func (b *tab) numberAt(box []float64) int {
	b.t.Helper()
	// chromedp's own way makes the window as large as the page meanwhile, which moves what is under the pointer.
	clip := cdp.CaptureScreenshotParams{Clip: &cdp.Viewport{X: box[0], Y: box[1], Width: box[2], Height: box[3], Scale: 1}}
	picture, err := chromedp.Call(b.ctx, cdp.CaptureScreenshot, clip)
	if err != nil {
		b.t.Fatal(err)
	}
	path := filepath.Join(b.t.TempDir(), "shown.png")
	if err := os.WriteFile(path, picture.Data, 0o600); err != nil {
		b.t.Fatal(err)
	}
	numbers, err := sample.Numbers(b.t.Context(), path)
	if err != nil || len(numbers) != 1 {
		b.t.Fatalf("the picture shows %v: %v", numbers, err)
	}
	return numbers[0]
}

// mustShowFrame compares the picture, the timecode beside it and what the editor thinks.
func (b *tab) mustShowFrame(want int, timecode string) {
	b.t.Helper()
	if got := b.shown(); got != want {
		b.t.Errorf("the picture shows frame %d, not %d", got, want)
	}
	if got := asked[int](b, "subclip.player.at"); got != want {
		b.t.Errorf("the editor is at frame %d, not %d", got, want)
	}
	if got := asked[string](b, `document.querySelector("[data-now]").textContent`); got != timecode {
		b.t.Errorf("the timecode is %s, not %s", got, timecode)
	}
}

// account reads what the first start made.
func account(t *testing.T, dir string) (email, password string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "account.txt"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(text))
	return lines[0], lines[1]
}

// TestEditor finds a video, marks a part of it with the keyboard at frames inside GOPs,
// signs in on the way and comes back with the marks, takes the part, and looks at every
// frame of the file.
func TestEditor(t *testing.T) {
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	asset := s.ingest(tools.short, "Arrival of ministers")
	b := openTab(t)
	if err := chromium.Look(b.ctx, 1200, 1200, false); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate(s.url), chromedp.SendKeys(chromedp.CSS("#search"), "ministers"+kb.Enter))
	b.await(`location.search === "?q=ministers" && document.readyState === "complete" && document.querySelector(".card a")`)
	b.do(chromedp.Click(chromedp.CSS(".card a")))
	b.await(settled)
	if at := b.address(); !strings.HasPrefix(at, s.url+"/assets/"+asset) {
		t.Fatalf("the search leads to %s", at)
	}

	const markIn, markOut = 63, 137 // GOPs are 50 frames long
	b.markPart(mustBase(t, "25", "10:00:00:00"), markIn, markOut)
	t.Run("counts", b.counts)
	t.Run("typed", b.typed)
	t.Run("plays", b.plays)
	t.Run("touches nothing while one types", b.typing)

	b.do(chromedp.Click(chromedp.CSS("[data-return].button")), chromedp.WaitVisible(chromedp.CSS("main [name=password]")))
	email, password := account(t, dir)
	b.do(chromedp.SendKeys(chromedp.CSS("main [name=email]"), email), chromedp.SendKeys(chromedp.CSS("main [name=password]"), password+kb.Enter))
	b.await(settled)
	at, err := url.Parse(b.address())
	if err != nil || at.Query().Get("in") != "10:00:02:13" || at.Query().Get("out") != "10:00:05:12" {
		t.Fatalf("the marks are lost: %s, %v", b.address(), err)
	}
	b.mustShowFrame(markIn, "10:00:02:13")
	b.do(chromedp.Click(chromedp.CSS("[data-take] button:not([data-whole])")), chromedp.WaitVisible(chromedp.CSS("[data-done] a")))
	file, _ := fetch(t, asked[string](b, `document.querySelector("[data-done] a").href`))
	mustShow(t, file, markIn, markOut)

	b.do(chromedp.Navigate(s.url+"/downloads"), chromedp.WaitVisible(chromedp.CSS(".row a.button")))
	file, _ = fetch(t, b.signed(".row a.button"))
	mustShow(t, file, markIn, markOut)
	mustShow(t, b.copiesLink(t), markIn, markOut)
}

// copiesLink copies the signed link of what was taken, which says how long it works.
func (b *tab) copiesLink(t *testing.T) (path string) {
	t.Helper()
	asked[bool](b, `navigator.clipboard.writeText = async (text) => { globalThis.copied = text }, true`) // a browser without a window has no clipboard
	b.do(chromedp.Click(chromedp.CSS("[data-copy]")))
	b.await(`/works until \d?\d:\d\d/.test(document.querySelector("[data-copied]").textContent)`)
	path, _ = fetch(t, asked[string](b, "globalThis.copied"))
	return path
}

// signed is where a link of the site's leads to in the store.
func (b *tab) signed(link string) string {
	b.t.Helper()
	address := asked[string](b, `document.querySelector(%q).href`, link)
	own, err := chromedp.Call(b.ctx, network.GetCookies, network.GetCookiesParams{})
	if err != nil {
		b.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, cookie := range own.Cookies {
		request.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusFound {
		b.t.Fatalf("%s answers %s", address, answer.Status)
	}
	return answer.Header.Get("Location")
}

// typed sets marks by their fields, also by media time, and says what is none.
func (b *tab) typed(t *testing.T) {
	b.await(addressKept)
	before := b.address()
	enter := func(name, text string) {
		asked[bool](b, "document.querySelector('[name=%s]').select(), true", name)
		b.do(chromedp.SendKeys(chromedp.CSS("[name="+name+"]"), text+kb.Enter))
	}
	enter("in", "10:00:01:07")
	b.await(settled)
	b.mustShowFrame(32, "10:00:01:07")
	enter("out", "0:07.2")
	b.await(settled)
	b.mustShowFrame(179, "10:00:07:04")
	for _, wrong := range []string{"10:00:60:00", "09:00:00:00", "soon", "1:00:00"} {
		enter("in", wrong)
		b.await(`document.querySelector("[name=in]").getAttribute("aria-invalid") === "true"`)
		if said := asked[string](b, `document.querySelector("[data-voice]").textContent`); !strings.Contains(said, "10:00:08:00") {
			t.Errorf("of %q it is said %q", wrong, said)
		}
	}
	if marks := asked[string](b, "`${subclip.selection.in}-${subclip.selection.out}`"); marks != "32-180" {
		t.Errorf("the marks are %s", marks)
	}
	b.do(chromedp.Navigate(before)) // a link opens with its marks
	b.await(settled)
	b.mustShowFrame(63, "10:00:02:13")
}

// plays shuttles both ways and from in to out.
func (b *tab) plays(t *testing.T) {
	number := func(expression string) int { return asked[int](b, "%s", expression) }
	b.press("w")
	b.do(chromedp.KeyEvent("l"))
	b.await("subclip.player.at > 70")
	b.do(chromedp.KeyEvent("l"))
	if speed := number("subclip.player.speed"); speed != 2 {
		t.Errorf("L twice plays at %d times the speed", speed)
	}
	b.press("k")
	at := number("subclip.player.at")
	if got := b.shown(); got != at {
		t.Errorf("K stops at frame %d, and the picture shows %d", at, got)
	}
	b.do(chromedp.KeyEvent("j"))
	b.await("subclip.player.at < %d", at-5)
	b.press("k")
	if got := b.shown(); got != number("subclip.player.at") {
		t.Errorf("after J it is at frame %d, and the picture shows %d", number("subclip.player.at"), got)
	}
	b.do(chromedp.KeyEvent("p"))
	b.await("subclip.player.video.paused && subclip.player.at >= subclip.selection.out - 1")
}

// typing has keys mean letters in a field.
func (b *tab) typing(t *testing.T) {
	b.press("i")
	before := asked[string](b, "subclip.selection.address()")
	b.do(chromedp.SendKeys(chromedp.CSS("#search"), "io[],.pax jkl"))
	if after := asked[string](b, "subclip.selection.address()"); after != before || asked[bool](b, "subclip.player.playing") {
		t.Errorf("typing changes %s to %s", before, after)
	}
	b.do(chromedp.Navigate(strings.Split(b.address(), "?")[0] + "?in=10:00:02:13&out=10:00:05:12"))
	b.await(settled)
}

// TestPagesWithoutScript opens pages as a browser without script does.
func TestPagesWithoutScript(t *testing.T) {
	s, _ := startUp(t, t.TempDir(), "--no-sample")
	asset := s.ingest(tools.short, "Film")
	stranger := &service{t: t, url: s.url}
	for path, words := range map[string]string{
		"/": "Film", "/?q=nothing": "Fewer words", "/assets/" + asset: "Sign in to download", "/assets/" + asset + "?lang=fr": "Se connecter pour télécharger",
	} {
		if a := stranger.ask(http.MethodGet, path, nil).must(t, http.StatusOK); !strings.Contains(a.raw, words) {
			t.Errorf("%s does not say %q: %s", path, words, a.raw)
		}
	}
	for path, status := range map[string]int{"/assets/none": http.StatusNotFound, "/nowhere": http.StatusNotFound} {
		if a := stranger.send(http.MethodGet, path, http.NoBody, "Accept", "text/html"); a.status != status || !strings.Contains(a.raw, `<a class="button" href="/"`) {
			t.Errorf("%s is %d and has no way on: %s", path, a.status, a.raw)
		}
	}
}
