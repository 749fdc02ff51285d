package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// pictureBox is where the picture is, between the bars that a video of 16:9 may have beside it
// or above, once it is painted.
const pictureBox = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
	const { left, top, width, height } = document.querySelector("video").getBoundingClientRect();
	const [w, h] = [Math.min(width, (height * 16) / 9), Math.min(height, (width * 9) / 16)];
	done([left + (width - w) / 2 + scrollX, top + (height - h) / 2 + scrollY, w, h]);
})))`

// TestFullScreen cuts with the screen filled: picture, timecode, timeline and buttons are on
// it, keys act, and it is told how to leave.
func TestFullScreen(t *testing.T) {
	s, _ := startUp(t, t.TempDir(), "--no-sample")
	page := s.url + "/assets/" + s.ingest(tools.short, "Arrival of ministers")
	b := openTab(t)
	for _, look := range []struct {
		width, height int64
		dark          bool
	}{{1440, 900, false}, {390, 844, true}, {844, 390, false}} {
		b.look(look.width, look.height, look.dark)
		b.open(page + "?in=10:00:02:13")
		b.press("f")
		b.mustSay(t, "Full screen: Esc or F leaves it.")
		b.await(`document.fullscreenElement?.matches("[data-full]") && document.fullscreenElement.clientWidth === innerWidth`)
		b.press(kb.ArrowRight)
		if got := b.numberAt(asked[[]float64](b, pictureBox)); got != 64 || asked[string](b, `document.querySelector("[data-now]").textContent`) != "10:00:02:14" {
			t.Errorf("at %d × %d frame %d is shown", look.width, look.height, got)
		}
		b.press("o")
		b.mustSay(t, "Mark out 10:00:02:15")
		unseen := asked[[]string](b, `["video", "[data-now]", "[data-do=toggle]", "[data-timeline]"].filter((selector) => {
			const element = document.querySelector(selector);
			const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
			const [x, y] = [(left + right) / 2, (top + bottom) / 2];
			return width * height === 0 || left < 0 || top < 0 || right > innerWidth || bottom > innerHeight || !element.closest("[data-full]").contains(document.elementFromPoint(x, y));
		})`)
		if len(unseen) > 0 {
			t.Errorf("at %d × %d these are not to be seen: %v", look.width, look.height, unseen)
		}
		b.mustHaveNoBarriers(t, "full screen")
		b.press("?")
		b.await(`document.querySelector("dialog[open]").contains(document.elementFromPoint(innerWidth / 2, innerHeight / 2))`)
		b.do(chromedp.KeyEvent(kb.Escape))
		b.press("f")
		b.mustSay(t, "Full screen was left.")
		b.await("document.fullscreenElement === null")
		b.mustBeMarked(t, 63, 65)
	}
}
