package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// cellOf is where the filmstrip has a frame, as a box of the page in CSS pixels: left, top, width, height.
const cellOf = `(({ top }, { length, scale, strip }) => [length.getBoundingClientRect().left + scrollX + %d * scale, top + scrollY + 24, scale, strip])(document.querySelector("[data-timeline] canvas").getBoundingClientRect(), subclip.timeline)`

// TestFilmstrip zooms in until each frame has a picture of its own, and reads the number in
// each that is in view. Nothing is loaded for it before, while the video plays, or for
// somebody who saves data.
func TestFilmstrip(t *testing.T) {
	s, _ := startUp(t, t.TempDir(), "--no-sample")
	asset := s.ingest(tools.short, "Arrival of ministers")
	eventually(t, "the storyboard and the waveform are there", func() bool {
		a := s.ask(http.MethodGet, "/v1/assets/"+asset, nil)
		return a.text("storyboard") != "" && strings.Contains(a.raw, "/waveforms/0")
	})
	b := openTab(t)
	b.look(1200, 1200, false)
	b.do(chromedp.EmulateViewport(1200, 1200, chromedp.EmulateScale(2))) // so that numbers can be read
	page := s.url + "/assets/" + asset + "?in=10:00:02:13"
	b.open(page)
	b.await("subclip.timeline.waveform && subclip.timeline.storyboard.images[0].complete")
	if asked[bool](b, "subclip.timeline.near") {
		t.Error("frames are looked for before anybody zooms in")
	}
	b.press("zzzzzzzzzz")
	b.filmed(t, 63)
	b.press(strings.Repeat(kb.ArrowRight, 25))
	b.filmed(t, 88)

	b.press("w") // shows the whole video again
	b.await("subclip.timeline.frames.video === null")
	b.do(chromedp.KeyEvent("lzzzzzzzzzz"))
	b.await("subclip.player.at >= 110")
	if asked[bool](b, "subclip.timeline.frames.video !== null || !subclip.player.playing") {
		t.Error("frames are looked for while the video plays")
	}
	b.press("k")
	b.filmed(t, asked[int](b, "subclip.player.at"))

	b.open(page)
	b.await("Object.defineProperty(navigator, 'connection', { value: { saveData: true } }) && subclip.timeline.storyboard.images[0].complete")
	b.press("zzzzzzzzzz")
	if asked[bool](b, "new Promise(requestAnimationFrame).then(() => subclip.timeline.near)") {
		t.Error("frames are looked for though data is saved")
	}
}

// filmed waits until the filmstrip has each frame in view, of which one is, and reads them.
func (b *tab) filmed(t *testing.T, frame int) {
	t.Helper()
	b.await("subclip.timeline.frames && subclip.timeline.frames.wanted.includes(%d) && subclip.timeline.frames.wanted.every((f) => subclip.timeline.frames.kept.has(f)) && !subclip.timeline.queued", frame)
	asked[bool](b, `subclip.timeline.length.style.visibility = "hidden", true`) // playhead and marks are above it
	whole := asked[[]int](b, `subclip.timeline.frames.wanted.filter((f) => {
		const { view, scale } = subclip.timeline;
		const left = 24 + f * scale - view.scrollLeft;
		return left >= 0 && left + scale <= view.clientWidth;
	})`)
	if len(whole) < 3 {
		t.Fatalf("whole in view are frames %v", whole)
	}
	for _, f := range whole {
		if got := b.numberAt(asked[[]float64](b, cellOf, f)); got != f {
			t.Errorf("the filmstrip has frame %d at the place of %d", got, f)
		}
	}
}
