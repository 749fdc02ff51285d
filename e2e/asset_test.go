package e2e

import (
	"archive/zip"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"subclip/e2e/chromium"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// told is what is said in the short video.
const told = `WEBVTT

00:01.000 --> 00:02.000
Good morning.

00:02.000 --> 00:03.400
The ministers have arrived.

00:05.000 --> 00:06.000
They leave tonight.
`

// TestAssetPage uses what surrounds the editor: transcript, shotlist, several ranges; and
// looks for barriers, in both languages, light and dark, narrow and wide.
func TestAssetPage(t *testing.T) {
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	asset := s.ingest(tools.short, "Arrival of ministers")
	path := "/v1/assets/" + asset
	s.send(http.MethodPut, path+"/captions/en", strings.NewReader(told), "Content-Type", "text/vtt").must(t, http.StatusOK)
	s.ask(http.MethodPut, path+"/shotlist", map[string]string{"text": "10:00:00:00-10:00:01:05 Exterior, airport\n10:00:04:00 Handshake", "language": "en"}).must(t, http.StatusOK)
	s.ask(http.MethodPatch, path, map[string]any{"description": "Two ministers.\n\nAt the airport.", "people": []string{"Ada Byron"}, "restrictions": "No archive"}).must(t, http.StatusOK)
	eventually(t, "the storyboard and the waveform are there", func() bool {
		a := s.ask(http.MethodGet, path, nil)
		return a.text("storyboard") != "" && strings.Contains(a.raw, "/waveforms/0")
	})
	b := openTab(t)
	b.signIn(dir, s.url)
	b.look(1200, 1200, false)
	page := s.url + "/assets/" + asset

	t.Run("transcript", func(t *testing.T) {
		b.open(page)
		b.await(`document.querySelectorAll("[data-transcript] li").length === 3`)
		b.do(chromedp.Click(chromedp.CSS("[data-transcript] li:nth-child(2) button")))
		b.await(settled)
		b.mustShowFrame(50, "10:00:02:00")
		asked[bool](b, `getSelection().setBaseAndExtent(...["2", "3"].flatMap((n, i) => {
			const text = document.querySelector("[data-transcript] li:nth-child(" + n + ") span").firstChild;
			return [text, i * 4];
		})), true`)
		b.mustBeMarked(t, 50, 150)
		b.followed(t)
		b.do(chromedp.SendKeys(chromedp.CSS("[data-transcript-search]"), "minister"))
		b.await(`document.querySelectorAll("[data-transcript] li:not([hidden])").length === 1`)
	})
	t.Run("captions of a part", func(t *testing.T) {
		b.open(page + "?in=10:00:01:12&out=10:00:02:12")
		vtt := s.send(http.MethodGet, strings.TrimPrefix(asked[string](b, `document.querySelector("[data-captions]").href`), s.url), http.NoBody).must(t, http.StatusOK)
		if !strings.Contains(vtt.raw, "00:00:00.000 --> 00:00:00.520\nGood morning.") || !strings.Contains(vtt.raw, "00:00:00.520 --> 00:00:01.000\nThe ministers") || strings.Contains(vtt.raw, "tonight") {
			t.Errorf("the captions of the part are %s", vtt.raw)
		}
		srt := s.send(http.MethodGet, strings.TrimPrefix(asked[string](b, `document.querySelectorAll("[data-captions]")[1].href`), s.url), http.NoBody).must(t, http.StatusOK)
		if !strings.HasPrefix(srt.raw, "1\n00:00:00,000 --> 00:00:00,520\nGood morning.\n") {
			t.Errorf("the captions as SubRip are %s", srt.raw)
		}
		s.ask(http.MethodGet, path+"/captions/en.vtt?range=soon-later", nil).must(t, http.StatusUnprocessableEntity)
	})
	t.Run("shotlist", func(t *testing.T) {
		b.open(page)
		b.do(chromedp.Click(chromedp.CSS("[data-shot]")))
		b.mustBeMarked(t, 0, 30)
		asked[bool](b, `document.querySelectorAll("[data-shot]")[1].click(), true`)
		b.await("subclip.selection.in === 100")
		asked[bool](b, `document.querySelector("[data-shot]").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: true }))`)
		b.mustBeMarked(t, 0, 30)
		b.press("x")
		asked[bool](b, `document.querySelectorAll("[data-shot]")[1].click(), true`)
		b.await(settled)
		b.mustShowFrame(100, "10:00:04:00")
	})
	t.Run("whole video", func(t *testing.T) { b.wholeVideo(t, page) })
	t.Run("ranges", func(t *testing.T) { b.severalRanges(t, page) })
	t.Run("basket", func(t *testing.T) { b.basket(t, s, page) })
	t.Run("nothing jumps", func(t *testing.T) {
		for _, width := range []int64{360, 1440} {
			b.look(width, 900, false)
			for _, at := range []string{page, page + "?in=10:00:01:00", s.url + "/", s.url + "/downloads"} {
				b.do(chromedp.Navigate(at))
				b.await(`document.readyState === "complete" && (!document.querySelector("[data-editor]") || (%s))`, settled)
				if jumps := asked[float64](b, shifts); jumps > 0.005 {
					t.Errorf("%s at %d pixels shifts its layout by %.4f", at, width, jumps)
				}
			}
		}
	})
	t.Run("barriers", func(t *testing.T) {
		for _, language := range []string{"en", "fr"} {
			for _, look := range []struct {
				width, height int64
				dark          bool
			}{{360, 740, false}, {1440, 900, true}, {3840, 2160, false}} {
				b.look(look.width, look.height, look.dark)
				b.open(page + "?in=10:00:01:00&out=10:00:02:00&range=10:00:01:00-10:00:02:00&range=10:00:03:00-10:00:04:00&lang=" + language)
				b.await(`document.querySelectorAll("[data-transcript] li").length === 3`)
				b.mustHaveNoBarriers(t, fmt.Sprintf("%s at %d", language, look.width))
				b.do(chromedp.KeyEvent("?"))
				b.mustHaveNoBarriers(t, fmt.Sprintf("%s at %d, keys", language, look.width))
				b.do(chromedp.KeyEvent(kb.Escape))
			}
			for _, path := range []string{"/downloads", "/basket", "/nowhere"} {
				b.look(360, 740, true)
				b.do(chromedp.Navigate(s.url + path + "?lang=" + language))
				b.mustHaveNoBarriers(t, language+" "+path)
			}
		}
	})
}

// shifts is how much of a page has moved without anybody doing anything, as browsers
// measure it.
const shifts = `new Promise((done) => {
	let sum = 0;
	new PerformanceObserver((list) => {
		for (const shift of list.getEntries()) if (!shift.hadRecentInput) sum += shift.value;
	}).observe({ type: "layout-shift", buffered: true });
	setTimeout(() => done(sum), 1000);
})`

// open opens a page with an editor and waits until it shows its first frame.
func (b *tab) open(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
	b.await(settled)
}

func (b *tab) look(width, height int64, dark bool) {
	b.t.Helper()
	if err := chromium.Look(b.ctx, width, height, dark); err != nil {
		b.t.Fatal(err)
	}
}

// signIn signs the first account in.
func (b *tab) signIn(dir, site string) {
	b.t.Helper()
	email, password := account(b.t, dir)
	b.do(chromedp.Navigate(site+"/sign-in"), chromedp.SendKeys(chromedp.CSS("main [name=email]"), email),
		chromedp.SendKeys(chromedp.CSS("main [name=password]"), password+kb.Enter), chromedp.WaitReady(chromedp.CSS(".visitor details")))
}

func (b *tab) mustBeMarked(t *testing.T, first, end int) {
	t.Helper()
	b.await("subclip.selection.in === %d && subclip.selection.out === %d", first, end)
}

// mustHaveNoBarriers has axe-core find nothing, and the page no wider than the window.
func (b *tab) mustHaveNoBarriers(t *testing.T, where string) {
	t.Helper()
	found, err := chromium.Barriers(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, barrier := range found {
		t.Errorf("%s: %s", where, barrier)
	}
	if wide := asked[int](b, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
		t.Errorf("%s: the page is %d pixels wider than the window", where, wide)
	}
}

// severalRanges lists two ranges, moves and names them, and takes them apart.
func (b *tab) severalRanges(t *testing.T, page string) {
	b.look(1200, 1200, false)
	b.open(page + "?in=10:00:01:03&out=10:00:02:04")
	b.press("a")
	b.press("a")
	b.mustSay(t, "in the list already")
	b.press("x")
	b.press("a")
	b.mustSay(t, "Nothing is marked yet")
	if listed := asked[int](b, "subclip.selection.ranges.length"); listed != 1 {
		t.Errorf("one range is listed %d times", listed)
	}
	b.await(addressKept)
	b.open(b.address() + "&in=x") // what is no mark is left out, and the list stays
	b.open(page + "?range=10:00:01:03-10:00:02:04&in=10:00:05:00&out=10:00:05:10")
	b.await(`document.querySelector("[data-part]").textContent === "Download the range in the list" && !document.querySelector("[data-forgotten]").hidden`)
	b.do(chromedp.Click(chromedp.CSS("[data-forgotten] button")))
	b.await(`document.querySelector("[data-part]").textContent === "Download the 2 ranges in the list" && document.querySelector("[data-forgotten]").hidden`)
	asked[bool](b, `document.querySelectorAll("[data-ranges] li")[1].querySelector("[title='Move up']").click(), true`)
	asked[bool](b, `(() => {
		const name = document.querySelector("[data-ranges] input");
		name.value = "Farewell";
		return name.dispatchEvent(new Event("change"));
	})()`)
	b.await(addressKept)
	if at := b.address(); !strings.Contains(at, "range=10:00:05:00-10:00:05:10~Farewell&range=10:00:01:03-10:00:02:04") && !strings.Contains(at, "range=10:00:05:00-10:00:05:10%7EFarewell&range=10:00:01:03-10:00:02:04") {
		t.Fatalf("the address is %s", at)
	}
	b.do(chromedp.Click(chromedp.CSS("#apart")), chromedp.Click(chromedp.CSS("[data-part]")))
	b.await(`document.querySelector("[data-status].wrong") || document.querySelectorAll("[data-done] a").length > 0`)
	if said := asked[string](b, `document.querySelector("[data-status]").textContent`); !strings.HasPrefix(said, "Ready") {
		t.Fatalf("it is said %q", said)
	}
	links := asked[[]string](b, `[...document.querySelectorAll("[data-done] a")].map((a) => a.href)`)
	names := asked[[]string](b, `[...document.querySelectorAll("[data-done] a")].map((a) => a.download)`)
	if names[0] != "Farewell.mp4" {
		t.Errorf("the files are %v", names)
	}
	for i, frames := range [][]int{{125, 135}, {28, 54}} {
		file, _ := fetch(t, links[i])
		mustShow(t, file, frames...)
	}
	const most = 50
	b.open(page + "?" + strings.Repeat("range=10:00:01:03-10:00:02:04&", most+1))
	b.await(`document.querySelector("[data-estimate].wrong")?.textContent.includes(%d)`, most)
}

// followed has the transcript scroll to what is said, and the page stay.
func (b *tab) followed(t *testing.T) {
	asked[bool](b, `(() => {
		const list = document.querySelector("[data-transcript]");
		list.style.maxHeight = "2.5rem";
		list.scrollTop = 0;
		scrollTo(0, 0);
		subclip.player.seek(0);
		return document.activeElement.blur(), true;
	})()`)
	b.await(settled)
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, 1, 1))
	asked[bool](b, "subclip.player.seek(140), true")
	b.await(`(() => {
		const list = document.querySelector("[data-transcript]").getBoundingClientRect();
		const line = document.querySelector("[data-transcript] li:nth-child(3)").getBoundingClientRect();
		return line.top < list.bottom && line.bottom > list.top;
	})()`)
	if down := asked[float64](b, "scrollY"); down != 0 {
		t.Errorf("the page scrolls %g pixels with the transcript", down)
	}
	asked[string](b, `document.querySelector("[data-transcript]").style.maxHeight = ""`)
}

// basket puts a part and the whole into the basket and orders them as one ZIP.
func (b *tab) basket(t *testing.T, s *service, page string) {
	b.open(page + "?in=10:00:01:00&out=10:00:02:00")
	b.do(chromedp.Click(chromedp.CSS("[data-do=basket]")))
	b.await(`document.querySelector("[data-count]").textContent === "1"`)
	b.open(page)
	if !asked[bool](b, `document.querySelector("[data-part]").disabled`) {
		t.Error("without marks a part can be taken")
	}
	b.do(chromedp.Click(chromedp.CSS("[data-do=basket]")))
	b.await(`document.querySelector("[data-count]").textContent === "2"`)
	b.do(chromedp.Navigate(s.url+"/basket"), chromedp.WaitVisible(chromedp.CSS("[data-items] li:nth-child(2)")))
	b.mustHaveNoBarriers(t, "basket")
	b.do(chromedp.SendKeys(chromedp.CSS("#name"), "Evening news"), chromedp.Click(chromedp.CSS("[data-order] button")))
	b.await(`location.pathname === "/downloads" && document.querySelector("a[href^='/downloads/orders/']")`)
	file, _ := fetch(t, b.signed("a[href^='/downloads/orders/']"))
	names := zipNames(t, file)
	if len(names) < 4 {
		t.Errorf("the ZIP has %v", names)
	}
}

// zipNames lists the files of a ZIP that are not empty.
func zipNames(t *testing.T, path string) (names []string) {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	for _, file := range archive.File {
		if file.UncompressedSize64 > 0 {
			names = append(names, file.Name)
		}
	}
	return names
}

// wholeVideo presses the button that leads on to the store, and waits for the file.
func (b *tab) wholeVideo(t *testing.T, page string) {
	b.open(page)
	file := b.downloaded(t, func() { b.do(chromedp.Click(chromedp.CSS("[data-whole]"))) })
	if fileSum(t, file) != fileSum(t, tools.short) {
		t.Error("what is downloaded is not the master")
	}
}
