package e2e

import (
	"path/filepath"
	"testing"

	cdp "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// downloaded lets the browser keep one file, and returns where it is once it is whole.
func (b *tab) downloaded(t *testing.T, press func()) (file string) {
	t.Helper()
	dir := t.TempDir()
	into := cdp.SetDownloadBehaviorParams{Behavior: "allow", DownloadPath: dir}
	if _, err := chromedp.CallBrowser(b.ctx, cdp.SetDownloadBehavior, into); err != nil {
		t.Fatal(err)
	}
	press()
	eventually(t, "a file is downloaded", func() bool {
		found, err := filepath.Glob(filepath.Join(dir, "*.mp4"))
		if err != nil || len(found) != 1 {
			return false
		}
		file = found[0]
		return true
	})
	return file
}

// makes is true while the page shows how far a clip is.
const makes = `(() => {
	const place = document.querySelector("[data-making]");
	const { textContent: said } = document.querySelector("[data-status]");
	return place.checkVisibility() && (said.startsWith("It waits") || place.querySelector("progress").value > 0 && /\d/.test(place.querySelector("[data-share]").textContent));
})()`

// TestExport takes parts that take a while: it looks at how far they are, ends one, leaves
// the page during another, and finds it in My downloads.
func TestExport(t *testing.T) {
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	page := s.url + "/assets/" + s.ingest(tools.long, "Long")
	b := openTab(t)
	b.look(1200, 1200, false)
	b.signIn(dir, s.url)
	take := func(marks string) {
		t.Helper()
		b.open(page + marks)
		b.await(`(document.querySelector("#format").value = "h264-720p") && document.querySelector("[data-part]").disabled === false`)
		b.do(chromedp.Click(chromedp.CSS("[data-part]")))
		b.await(makes)
	}

	take("?in=10:00:00:03&out=10:00:59:00")
	b.do(chromedp.Click(chromedp.CSS("[data-cancel]")))
	b.await(`document.querySelector("[data-status]").textContent === "It was cancelled." && document.querySelector("[data-making]").hidden`)
	if ended := asked[int](b, `fetch("/v1/clips?status=cancelled").then((answer) => answer.json()).then(({ clips }) => clips.length)`); ended != 1 {
		t.Errorf("%d clips are cancelled", ended)
	}

	take("?in=10:00:00:04&out=10:00:12:00")
	b.do(chromedp.WaitVisible(chromedp.CSS("[data-done] a")))
	mustShow(t, b.downloaded(t, func() { b.do(chromedp.Click(chromedp.CSS("[data-done] a"))) }), 4, 300)

	take("?in=10:00:00:05&out=10:00:24:00")
	b.do(chromedp.Navigate(s.url + "/"))
	b.do(chromedp.Navigate(s.url+"/downloads"), chromedp.WaitVisible(chromedp.CSS(".row:first-child a.button")))
	mustShow(t, b.downloaded(t, func() { b.do(chromedp.Click(chromedp.CSS(".row:first-child a.button"))) }), 5, 600)

	b.open(page)
	asked[bool](b, `subclip.making.follow({ id: "none", status: "queued", progress: 0 }), true`)
	b.await(`document.querySelector("[data-status].wrong")?.textContent.length > 10 && document.querySelector("[data-making]").hidden`)
}
