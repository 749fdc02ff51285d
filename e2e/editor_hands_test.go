package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mustSay waits until the editor's live region says something.
func (b *tab) mustSay(t *testing.T, text string) {
	t.Helper()
	b.await(`document.querySelector("[data-voice]").textContent.includes(%s)`, quoted(text))
}

// tabTo presses Tab until an element has the focus, which must be seen.
func (b *tab) tabTo(selector string) {
	b.t.Helper()
	const most = 150
	for range most {
		b.do(chromedp.KeyEvent(kb.Tab))
		if asked[bool](b, "document.activeElement.matches(%s)", quoted(selector)) {
			if !asked[bool](b, `document.activeElement.matches(":focus-visible")`) {
				b.t.Errorf("the focus on %s is not seen", selector)
			}
			return
		}
	}
	b.t.Fatalf("Tab does not come to %s at %s", selector, b.address())
}

// TestEditorByHand uses the editor with the keyboard alone, then with a mouse, and takes
// its video away in between.
func TestEditorByHand(t *testing.T) {
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	page := s.url + "/assets/" + s.ingest(tools.short, "Arrival of ministers")
	b := openTab(t)
	b.look(1200, 1200, false)
	b.signIn(dir, s.url)
	t.Run("keyboard alone", func(t *testing.T) { b.byKeyboard(t, s.url) })
	t.Run("keys off", func(t *testing.T) { b.keysOff(t, page) })
	t.Run("drag", func(t *testing.T) { b.drag(t, page) })
	t.Run("zoom", func(t *testing.T) { b.zoom(t, page) })
	t.Run("the address of the video ends", func(t *testing.T) { b.renews(t, page) })
}

// byKeyboard goes from the card to the file without a mouse.
func (b *tab) byKeyboard(t *testing.T, site string) {
	shift := chromedp.KeyModifiers(chromedp.ModifierShift)
	b.do(chromedp.Navigate(site + "/?q=ministers"))
	b.await(`document.readyState === "complete" && document.querySelector(".card a")`)
	b.tabTo(".card a")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.await(settled)
	b.press(kb.ArrowRight, shift)
	b.press(kb.ArrowRight)
	b.press("i")
	b.mustSay(t, "Mark in 10:00:01:01")
	b.press(strings.Repeat(kb.ArrowRight, 2), shift)
	b.press("o")
	b.mustSay(t, "Mark out 10:00:03:02, length 00:00:02:01")
	b.tabTo("[data-handle=out]")
	b.press(kb.ArrowLeft)
	b.mustSay(t, "Mark out 10:00:03:01, length 00:00:02:00")
	b.mustShowFrame(75, "10:00:03:00")
	b.tabTo("[data-do=add]")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.mustSay(t, "10:00:01:01 to 10:00:03:01 was added")
	b.tabTo("[data-part]")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.await(`document.querySelector("[data-done] a")`)
	b.tabTo("[data-done] a")
	mustShow(t, b.downloaded(t, func() { b.do(chromedp.KeyEvent(kb.Enter)) }), 26, 76)
}

// keysOff turns keys off and on where they are listed; it is kept.
func (b *tab) keysOff(t *testing.T, page string) {
	b.open(page)
	turn := func() {
		b.await(`!document.querySelector("dialog[open]")`)
		b.tabTo("[data-do=help]")
		b.do(chromedp.KeyEvent(kb.Enter))
		b.await(`document.querySelector("dialog[open]")`)
		b.tabTo("[data-keys]")
		b.do(chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.Escape))
		b.await(`!document.querySelector("dialog[open]") && (document.activeElement.blur(), true)`)
	}
	turn()
	for _, where := range []string{"at once", "after loading again"} {
		b.press("lia?z,]" + kb.ArrowRight)
		if asked[bool](b, `subclip.selection.marked || subclip.player.playing || subclip.player.at > 0 || document.querySelector("dialog[open]") !== null`) {
			t.Errorf("keys act %s though they are off", where)
		}
		b.open(page)
	}
	b.tabTo("[data-handle=in]") // it has its own
	b.press(kb.ArrowRight)
	b.await("subclip.selection.in === 1")
	turn()
	b.press("o")
	b.mustSay(t, "Mark out")
	b.open(page)
	b.press("i")
	b.mustSay(t, "Mark in")
}

// drag draws the handle of mark out over the timeline in more steps than a browser takes
// addresses, and counts these.
func (b *tab) drag(t *testing.T, page string) {
	b.open(page + "?in=10:00:01:00&out=10:00:03:00")
	b.await(`(() => {
		const write = history.replaceState.bind(history);
		globalThis.written = 0;
		history.replaceState = (...state) => { written++; write(...state); };
		document.querySelector("[data-timeline]").scrollIntoView({ block: "center" });
		return true;
	})()`)
	at := asked[[]float64](b, `(({ left, top, height }) => [left + 5, top + height / 2, subclip.timeline.scale])(document.querySelector("[data-handle=out]").getBoundingClientRect())`)
	x, y, scale := at[0], at[1], at[2]
	const by, steps = 62, 300 // frames
	left := func(p *input.DispatchMouseEventParams) { p.Button, p.Buttons = input.MouseButtonLeft, 1 }
	b.do(chromedp.MouseEvent(chromedp.MousePressed, x, y, left, chromedp.ClickCount(1)))
	for i := range steps {
		b.do(chromedp.MouseEvent(chromedp.MouseMoved, x+scale*by*float64(i+1)/steps, y, left))
	}
	b.mustBeMarked(t, 25, 75+by)
	b.do(chromedp.MouseEvent(chromedp.MouseReleased, x+scale*by, y, left, chromedp.ClickCount(1)))
	b.await(addressKept)
	b.await(settled)
	b.mustShowFrame(75+by-1, "10:00:05:11")
	if to := asked[string](b, `document.querySelector("[data-handle=out]").getAttribute("aria-valuetext")`); to != "10:00:05:12" {
		t.Errorf("the handle is at %s", to)
	}
	if written := asked[int](b, "written"); written >= steps/2 {
		t.Errorf("the address is written %d times in %d steps", written, steps)
	}
}

// zoom comes nearer by wheel, key and button; the playhead stays in view, and what is
// under the pointer is what is shown.
func (b *tab) zoom(t *testing.T, page string) {
	b.open(page + "?in=10:00:02:13&out=10:00:03:00")
	scale := func() float64 { return asked[float64](b, "subclip.timeline.scale") }
	whole := scale()
	b.press("z")
	b.do(chromedp.Click(chromedp.CSS("[data-do=zoom-in]")))
	if got := scale(); got < 3.9*whole || got > 4.1*whole {
		t.Errorf("twice nearer the scale is %g times the first", got/whole)
	}
	const inView = `(([view, head]) => head.left >= view.left && head.right <= view.right)(["[data-view]", "[data-playhead]"].map((s) => document.querySelector(s).getBoundingClientRect()))`
	if !asked[bool](b, inView) {
		t.Error("the playhead is out of view")
	}
	at := asked[[]float64](b, `(({ left, top }) => [left + subclip.timeline.scale * 5.5, top + 12])(document.querySelector("[data-playhead]").getBoundingClientRect())`)
	b.do(chromedp.MouseClickXY(at[0], at[1]))
	b.await(settled)
	b.mustShowFrame(68, "10:00:02:18")
	b.do(chromedp.MouseEvent(chromedp.MouseWheel, at[0], at[1], chromedp.ButtonModifiers(chromedp.ModifierCtrl), func(p *input.DispatchMouseEventParams) { p.DeltaX, p.DeltaY = 1, 100 }))
	b.await("subclip.timeline.scale < %g", 3.5*whole)
	b.press("w")
	if got := scale(); got != whole {
		t.Errorf("all in view the scale is %g, and was %g", got, whole)
	}
}

// renews has the video fail once, as when its address has ended, and then for good.
func (b *tab) renews(t *testing.T, page string) {
	b.open(page + "?in=10:00:02:13")
	b.await(`(() => {
		const { video } = subclip;
		const address = video.getAttribute("src");
		video.addEventListener("error", () => video.setAttribute("src", address), { capture: true, once: true });
		video.src = "/assets/none/proxy";
		return true;
	})()`)
	b.await(`subclip.video.currentSrc.includes("/proxy") && !subclip.video.currentSrc.includes("none") && %s`, settled)
	b.mustShowFrame(63, "10:00:02:13")
	b.press(kb.ArrowRight)
	b.mustShowFrame(64, "10:00:02:14")
	asked[string](b, `subclip.video.src = "/assets/none/proxy"`)
	b.mustSay(t, "cannot be played any more")
}
