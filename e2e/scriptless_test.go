package e2e

import (
	"bytes"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// scriptless opens a tab that runs no script.
func (s *service) scriptless() *pages {
	s.t.Helper()
	b := s.openPages()
	b.scripts(false)
	return b
}

// scripts says whether the tab runs scripts from now on.
func (b *pages) scripts(run bool) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run}); err != nil {
		b.t.Fatal(err)
	}
}

// axeScriptless is axe for a page that came without script; axe is one itself.
func (b *pages) axeScriptless() {
	b.t.Helper()
	b.scripts(true)
	b.axe()
	b.scripts(false)
}

// signIn fills in the form of the page that asks for it.
func (b *pages) signIn(dir string) {
	b.t.Helper()
	email, password := account(b.t, dir)
	b.fill("#email", email, "#password", password)
	b.follow("main form .buttons button")
}

// TestPagesWithoutScriptTake fills the basket signed out, in a browser that runs no script,
// and orders it after signing in on the way.
func TestPagesWithoutScriptTake(t *testing.T) {
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	asset := s.ingest(tools.short, "Arrival of ministers")
	b := s.scriptless()
	b.open("/assets/" + asset + "?in=10:00:01:00&out=10:00:02:00&lang=en")
	b.follow("[data-do=basket]")
	b.must("10:00:01:00 – 10:00:02:00")
	b.follow("[data-items] h2 a")
	if marked := asked[string](b.tab, `document.querySelector("noscript [name=in]").value`); marked != "10:00:01:00" {
		t.Errorf("the title leads to %s, where %q is marked", b.here(), marked)
	}
	b.follow("[name=whole]")
	b.axeScriptless()
	b.open("/assets/" + asset)
	b.do(chromedp.SetValue(chromedp.CSS("#format"), "h264-360p"))
	b.follow("[data-do=basket]")
	if count := b.text("[data-count]"); count != "3" {
		t.Errorf("%s are in the basket", count)
	}
	b.follow("[data-items] li:nth-child(3) button")
	b.fill("#name", "Evening news")
	b.follow("[data-order] button")
	if here := b.here(); here != "/sign-in?return_to=%2Fbasket" {
		t.Fatalf("ordering leads to %s", here)
	}
	b.signIn(dir)
	if name := asked[string](b.tab, `document.getElementById("name").value`); b.here() != "/basket" || name != "Evening news" {
		t.Errorf("signing in leads to %s, the order is called %q", b.here(), name)
	}
	b.follow("[data-order] button")
	b.must("Evening news")
	if count := b.text("[data-count]"); b.here() != "/downloads" || count != "0" {
		t.Errorf("ordered, %s is shown, and %s are in the basket", b.here(), count)
	}
	eventually(t, "the ZIP is made", func() bool {
		b.open("/downloads")
		return asked[bool](b.tab, `document.querySelector("a[href^='/downloads/orders/']") !== null`)
	})
	file, _ := fetch(t, b.signed("a[href^='/downloads/orders/']"))
	if names := zipNames(t, file); len(names) < 4 {
		t.Errorf("the ZIP has %v", names)
	}
}

// TestPagesWithoutScriptClip types marks signed out, in a browser that runs no script, signs in
// on the way, is told of a mistake, takes a clip, and waits for a whole video.
func TestPagesWithoutScriptClip(t *testing.T) {
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	asset := s.ingest(tools.short, "Arrival of ministers")
	page := "/assets/" + asset
	b := s.scriptless()
	b.open(page + "?lang=en")
	b.fill("#plain-in-1", "10:00:02:00", "#plain-out-1", "10:00:01:00", "#plain-name-1", "Crowd")
	b.do(chromedp.SetValue(chromedp.CSS("#format"), "h264-360p"))
	b.follow("[data-take] > .buttons noscript button")
	b.signIn(dir)
	value := func(field string) string {
		return asked[string](b.tab, `document.getElementById(`+quoted(field)+`).value`)
	}
	if here := b.here(); !strings.HasPrefix(here, page+"?") || value("plain-name-1") != "Crowd" || value("format") != "h264-360p" {
		t.Fatalf("signing in leads to %s, with %q in %q", here, value("plain-name-1"), value("format"))
	}
	b.follow("[data-part]")
	b.must("comes before mark in")
	if focus := asked[string](b.tab, "document.activeElement.id"); focus != "mistakes" || value("plain-in-1") != "10:00:02:00" {
		t.Errorf("refused, %q has the focus and mark in is %q", focus, value("plain-in-1"))
	}
	b.axeScriptless()
	b.follow(".languages a[lang=fr]")
	if here := b.here(); !strings.HasPrefix(here, page+"?") || value("plain-out-1") != "10:00:01:00" {
		t.Errorf("the French page is %s, with %q", here, value("plain-out-1"))
	}
	b.open(page + "?lang=en&in=10:00:01:00&out=10:00:02:00&format=h264-360p")
	b.follow("[data-part]")
	b.must("10:00:01:00 – 10:00:02:00")
	b.open(page + "?format=h264-720p")
	b.follow("[data-whole]")
	b.must("The video is being made")
	b.axeScriptless()
	b.scripts(true)
	b.open(b.here())
	eventually(t, "the page has the video by itself", func() bool {
		return asked[bool](b.tab, `document.title.startsWith("The video is ready") && document.querySelector("#wait form") !== null`)
	})
	b.axe()
}

// TestPagesWithoutScriptUpload uploads two files in a browser that runs no script.
func TestPagesWithoutScriptUpload(t *testing.T) {
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	masters := []string{unlike(t, 20<<20), tools.short}
	b := s.scriptless()
	b.open("/desk/upload?lang=en")
	b.signIn(dir)
	b.follow("#upload noscript button")
	b.must("Choose a file first.")
	b.axeScriptless()
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#chosen"), masters))
	b.follow("#upload noscript button")
	b.axeScriptless()
	send := func(file string) {
		t.Helper()
		asked[string](b.tab, `[...document.querySelectorAll(".uploads li")].find((row) => row.querySelector(".meta span").textContent === %s).id = "row"`, quoted(filepath.Base(file)))
		b.do(chromedp.SetUploadFiles(chromedp.CSS("#row [type=file]"), []string{file}))
		b.follow("#row form button")
	}
	send(masters[0])
	b.must("has arrived and is being prepared")
	send(masters[1])
	if here := b.here(); !strings.HasPrefix(here, "/desk/assets/") {
		t.Errorf("the last file leads to %s: %s", here, b.text("main"))
	}
	list := s.ask(http.MethodGet, "/v1/assets", nil).must(t, http.StatusOK)
	assets, _ := list.body["assets"].([]any)
	if len(assets) != len(masters) {
		t.Fatalf("there are %d assets: %s", len(assets), list.raw)
	}
	for i, one := range assets { // the newest first
		asset, _ := one.(map[string]any)
		id, _ := asset["id"].(string)
		eventually(t, "the video is ready", func() bool { return s.ask(http.MethodGet, "/v1/assets/"+id, nil).text("status") == "ready" })
		whole := s.ask(http.MethodPost, "/v1/assets/"+id+"/downloads", map[string]string{"format": "source"}).must(t, http.StatusOK)
		path, _ := fetch(t, whole.text("url"))
		if want := masters[len(masters)-1-i]; !bytes.Equal(read(t, path), read(t, want)) {
			t.Errorf("what is stored of %s is not the file", want)
		}
	}
}
