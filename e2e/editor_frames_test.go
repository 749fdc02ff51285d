package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"subclip/sample"
	"subclip/timecode"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func mustBase(t *testing.T, rate, start string) timecode.Base {
	t.Helper()
	of, err := timecode.ParseRate(rate)
	if err != nil {
		t.Fatal(err)
	}
	base, err := timecode.NewBase(of, start)
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// markPart marks frames [markIn, markOut) with keys alone, and looks at the picture on
// every way. It is at the first frame before, and at mark out's last one after.
func (b *tab) markPart(base timecode.Base, markIn, markOut int) {
	b.t.Helper()
	shift := chromedp.KeyModifiers(chromedp.ModifierShift)
	second := int(base.Rate.Nominal())
	must := func(frame int) {
		b.t.Helper()
		b.mustShowFrame(frame, base.Timecode(int64(frame)))
	}
	must(0)
	for range markIn / second {
		b.press(kb.ArrowRight, shift)
	}
	must(markIn / second * second)
	b.press(strings.Repeat(kb.ArrowRight, markIn%second+1))
	b.press(kb.ArrowLeft)
	must(markIn)
	b.press("i")
	b.press(strings.Repeat(kb.ArrowRight, (markOut-markIn)/second+1), shift)
	b.press(strings.Repeat(kb.ArrowLeft, second-(markOut-markIn)%second+1))
	must(markOut - 1)
	b.press("o")
	b.press("I", shift)
	must(markIn)
	b.press("O", shift)
	must(markOut - 1)
	b.press("]")
	must(markOut)
	b.press(",")
	b.press(".")
	b.press("[", chromedp.KeyModifiers(chromedp.ModifierAlt)) // as on French and German keyboards
	must(markOut - 1)
}

// TestEditorDropFrame marks around a minute at which two numbers are dropped: the frame
// shown is the frame cut.
func TestEditorDropFrame(t *testing.T) {
	master := filepath.Join(t.TempDir(), "drop.mp4")
	options := sample.Options{Width: 320, Height: 180, Rate: "30000/1001", Frames: 200, Timecode: "10:00:57;10", GOP: 60, BFrames: 3}
	if err := sample.Make(t.Context(), master, options, nil); err != nil {
		t.Fatal(err)
	}
	base := mustBase(t, options.Rate, options.Timecode)
	const before, after = 79, 80 // 10:00:59;29 and 10:01:00;02
	if base.Timecode(before) != "10:00:59;29" || base.Timecode(after) != "10:01:00;02" {
		t.Fatalf("the minute is at %s, %s", base.Timecode(before), base.Timecode(after))
	}
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	asset := s.ingest(master, "Drop frame")
	b := openTab(t)
	b.look(1200, 1200, false)
	b.signIn(dir, s.url)
	page := s.url + "/assets/" + asset
	b.open(page)
	for _, marks := range [][2]int{{after, 137}, {67, after}} {
		b.open(page)
		b.markPart(base, marks[0], marks[1])
		b.await(addressKept)
		b.open(b.address()) // the link has the same marks
		b.mustBeMarked(t, marks[0], marks[1])
		b.mustShowFrame(marks[0], base.Timecode(int64(marks[0])))
		b.do(chromedp.Click(chromedp.CSS("[data-part]")), chromedp.WaitVisible(chromedp.CSS("[data-done] a")))
		file, _ := fetch(t, asked[string](b, `document.querySelector("[data-done] a").href`))
		mustShow(t, file, marks[0], marks[1])
	}
	b.await(`document.querySelector("[name=in]").select() === undefined`)
	b.do(chromedp.SendKeys(chromedp.CSS("[name=in]"), "10:01:00;00"+kb.Enter)) // dropped
	b.await(`document.querySelector("[name=in]").getAttribute("aria-invalid") === "true"`)
}
