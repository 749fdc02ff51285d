package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"subclip/e2e/chromium"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// newsroom is a service with two videos, one of which is spoken in, and two stories.
type newsroom struct {
	*service
	dir                  string // its data folder
	ministers, orchestra string // assets
	talks, concert       string // paths of stories: in both languages, in French
}

const spokenLines = "WEBVTT\n\n00:00:00.400 --> 00:00:02.000\nGood morning from Genève.\n\n00:00:02.520 --> 00:00:05.000\nWe have agreed on a <i>timetable</i> for the talks.\n"

func startNewsroom(t *testing.T) newsroom {
	t.Helper()
	t.Setenv("SUBCLIP_TOPICS", "politics,culture")
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	n := newsroom{service: s, dir: dir, ministers: s.ingest(tools.short, "Arrival of ministers"), orchestra: s.ingest(tools.short, "Orchestra at dusk")}
	about := func(asset, topic, language, restrictions string) {
		body := map[string]any{"topics": []string{topic}, "language": language, "places": []string{"Genève"}, "restrictions": restrictions}
		s.ask(http.MethodPatch, "/v1/assets/"+asset, body).must(t, http.StatusOK)
	}
	about(n.ministers, "politics", "en", "No use after 30 days")
	about(n.orchestra, "culture", "fr", "")
	s.send(http.MethodPut, "/v1/assets/"+n.ministers+"/captions/en", strings.NewReader(spokenLines), "Content-Type", "text/vtt").must(t, http.StatusOK)
	story := func(topic, place string, texts map[string]any, assets ...string) string {
		body := map[string]any{"date": "2026-11-25", "place": place, "topics": []string{topic}, "keywords": []string{"second round"}, "texts": texts, "asset_ids": assets}
		made := s.ask(http.MethodPost, "/v1/stories", body).must(t, http.StatusCreated)
		s.ask(http.MethodPost, "/v1/stories/"+made.text("id")+"/publish", nil).must(t, http.StatusOK)
		return "/stories/" + made.text("slug")
	}
	n.concert = story("culture", "Orange", map[string]any{"fr": map[string]any{"title": "Un orchestre sans toit", "body": "Quatre-vingts musiciens."}}, n.orchestra)
	n.talks = story("politics", "Geneva", map[string]any{
		"en": map[string]any{"title": "Delegations return", "summary": "A second round of talks.", "body": "They came at nine.\n\nTalks begin on Thursday."},
		"fr": map[string]any{"title": "Les délégations de retour", "summary": "Un deuxième cycle.", "body": "Elles sont arrivées à neuf heures."},
	}, n.ministers, n.orchestra)
	eventually(t, "the storyboards are made", func() bool {
		return strings.Count(s.ask(http.MethodGet, "/", nil).raw, "data-sheets") == 2
	})
	return n
}

// TestFrontPage finds things as people do, by what is said, by topic, in French, with and
// without script.
func TestFrontPage(t *testing.T) {
	n := startNewsroom(t)
	b := n.openPages()
	if err := chromium.Look(b.ctx, 1440, 1000, false); err != nil {
		t.Fatal(err)
	}
	b.open("/")
	for _, words := range []string{"Delegations return", "Un orchestre sans toit", "Arrival of ministers", "Orchestra at dusk"} {
		b.must(words)
	}
	t.Run("said", func(*testing.T) { b.said(n) })
	t.Run("filter", b.filters)
	t.Run("scrub", b.scrub)
	t.Run("story", func(t *testing.T) { b.reads(t, n) })
	t.Run("barriers", func(t *testing.T) {
		for _, path := range []string{"/?lang=en", "/?q=talks&topic=politics&from=2026-01-01", "/?q=nothing", "/?from=soon", "/stories", n.talks, n.concert, n.talks + "?lang=fr", "/?lang=fr", "/developers", "/developers/clips?lang=en", "/developers/account"} {
			b.open(path)
			b.axe()
			if err := chromium.Look(b.ctx, 3840, 2160, false); err != nil {
				t.Fatal(err)
			}
			if asked[bool](b.tab, "document.documentElement.scrollWidth > innerWidth") {
				t.Errorf("%s is wider than a screen of 4K", path)
			}
			if share := asked[float64](b.tab, `document.querySelector("main > *").getBoundingClientRect().width / innerWidth`); share < 0.8 {
				t.Errorf("%s takes %.2f of a screen of 4K", path, share)
			}
			if small := asked[[]string](b.tab, tinyText, 16); len(small) > 0 {
				t.Errorf("%s has tiny text on a screen of 4K: %q", path, small)
			}
		}
	})
	t.Run("without script", func(*testing.T) { b.withoutScript(n) })
}

// tinyText are the texts that are shown in letters smaller than so many pixels.
const tinyText = `[...document.querySelectorAll("main *, header *, footer *")]
	.filter((e) => e.offsetParent && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < %d)
	.map((e) => e.textContent.trim())`

// said goes from a word to the line in which it is said, and to the line's frame.
func (b *pages) said(n newsroom) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS("#search"), "timetable"+kb.Enter), chromedp.WaitVisible(chromedp.CSS(".said mark")))
	if line := b.text(".said .lines a"); !strings.Contains(line, "We have agreed on a timetable for the talks.") || b.text(".said mark") != "timetable" {
		b.t.Errorf("the line is %q", line)
	}
	b.follow(".said .lines a")
	b.await(settled)
	if here := b.here(); !strings.HasPrefix(here, "/assets/"+n.ministers+"?") {
		b.t.Fatalf("the line leads to %s", here)
	}
	b.mustShowFrame(63, "10:00:02:13")
}

// titles are those of the videos on the page, in its order.
func (b *pages) titles() []string {
	b.t.Helper()
	return asked[[]string](b.tab, `[...document.querySelectorAll(".card h3")].map((e) => e.textContent)`)
}

// filters narrows by topic with the form, and widens again by the chip.
func (b *pages) filters(t *testing.T) {
	b.open("/?kind=videos")
	if all := b.titles(); !slices.Equal(all, []string{"Orchestra at dusk", "Arrival of ministers"}) {
		t.Fatalf("all videos are %q", all)
	}
	b.click(".filters summary")
	b.do(chromedp.SetValue(chromedp.CSS("#topic"), "politics"))
	b.follow(".filters button")
	if here, some := b.here(), b.titles(); here != "/?kind=videos&topic=politics" || !slices.Equal(some, []string{"Arrival of ministers"}) {
		t.Errorf("by topic, %s has %q", here, some)
	}
	if chip := b.text(".chips a"); !strings.Contains(chip, "Politics") {
		t.Errorf("the chip says %q", chip)
	}
	b.follow(".chips a")
	if here := b.here(); here != "/?kind=videos" || len(b.titles()) != 2 {
		t.Errorf("without its chip the filter leads to %s", here)
	}
	for query, want := range map[string]int{"format=sd": 2, "format=uhd": 0, "language=fr": 1, "to=2020-01-01": 0, "from=2020-01-01&q=orch": 1} {
		b.open("/?kind=videos&" + query)
		if found := b.titles(); len(found) != want {
			t.Errorf("%s finds %q", query, found)
		}
	}
}

// scrub moves along a card with the pointer and with keys, and reads which picture is shown.
func (b *pages) scrub(t *testing.T) {
	b.open("/?kind=videos&topic=politics")
	b.await(`document.querySelector(".card img").complete`)
	sheets := func() int {
		return asked[int](b.tab, `performance.getEntriesByType("resource").filter((e) => e.name.includes("/storyboard/")).length`)
	}
	if sheets() != 0 {
		t.Error("the storyboard is loaded before anyone wants it")
	}
	asked[bool](b.tab, `(globalThis.shifts = 0, new PerformanceObserver((list) => list.getEntries().forEach((e) => { shifts += e.value; })).observe({ type: "layout-shift" }), true)`)
	const at = `document.querySelector(".card .still").dataset.at`
	point := func(part float64) {
		box := asked[[]float64](b.tab, `(({ left, top, width, height }) => [left, top, width, height])(document.querySelector(".card .still").getBoundingClientRect())`)
		b.do(chromedp.MouseEvent(chromedp.MouseMoved, box[0]+part*box[2], box[1]+box[3]/2))
	}
	before := -1
	for picture := range 8 { // one a second
		point((float64(picture) + 0.5) / 8)
		b.await(at+` === "%d"`, picture)
		number := b.numberIn(".card .still canvas")
		if number <= before || number > picture*25+25 {
			t.Errorf("picture %d is frame %d, after frame %d", picture, number, before)
		}
		before = number
	}
	if time := b.text(".card .time"); time != "0:07" {
		t.Errorf("the time of the last picture is %q", time)
	}
	if sheets() != 1 {
		t.Errorf("%d sheets are loaded for one card", sheets())
	}
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, 1, 1))
	b.await(at + ` === undefined && document.querySelector(".card canvas").offsetWidth === 0`)
	b.do(chromedp.Focus(chromedp.CSS(".card a")))
	for picture, key := range []string{kb.ArrowRight, kb.ArrowRight, kb.ArrowRight} {
		b.do(chromedp.KeyEvent(key))
		b.await(at+` === "%d"`, picture)
	}
	b.do(chromedp.KeyEvent(kb.ArrowLeft))
	b.await(at + ` === "1"`)
	b.do(chromedp.KeyEvent(kb.Tab))
	b.await(at + ` === undefined`)
	if shifts := asked[float64](b.tab, "shifts"); shifts != 0 {
		t.Errorf("the layout shifts by %g", shifts)
	}
}

// reads opens a story in both languages, and one that is told in one alone.
func (b *pages) reads(t *testing.T, n newsroom) {
	b.open("/")
	b.follow(".headlines h3 a")
	if here := b.here(); here != n.talks {
		t.Fatalf("the first headline leads to %s", here)
	}
	for _, words := range []string{"Delegations return", "Talks begin on Thursday.", "No use after 30 days", "Geneva", "25 November 2026"} {
		b.must(words)
	}
	b.follow(`.tongues a[hreflang="fr"]`)
	b.must("Elles sont arrivées à neuf heures.")
	b.must("25 novembre 2026")
	b.open(n.concert) // the language is kept
	if language := b.text("h1"); asked[string](b.tab, "document.documentElement.lang") != "fr" || language != "Un orchestre sans toit" {
		t.Errorf("the page is in %s", language)
	}
	b.open("/basket?lang=en")
	b.await(`document.querySelector("[data-nothing]").checkVisibility()`)
	b.open(n.talks)
	for range 2 { // the second time changes nothing
		b.click("[data-together]")
		b.await(`document.querySelector("[data-status]").textContent === "Added to the basket."`)
	}
	b.open("/basket")
	if titles := asked[[]string](b.tab, `[...document.querySelectorAll("[data-items] h2")].map((e) => e.textContent)`); !slices.Equal(titles, []string{"Arrival of ministers", "Orchestra at dusk"}) {
		t.Errorf("in the basket are %q", titles)
	}
	b.open(n.concert + "?lang=en")
	b.must("This story is told in French only.")
	b.follow(".keywords a")
	if found := asked[[]string](b.tab, `[...document.querySelectorAll(".story h3")].map((e) => e.textContent)`); len(found) != 2 {
		t.Errorf("the keyword finds %q", found)
	}
}

// withoutScript does what can be done by links and forms.
func (b *pages) withoutScript(n newsroom) {
	b.t.Helper()
	off := func(value bool) {
		if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: value}); err != nil {
			b.t.Fatal(err)
		}
	}
	off(true)
	defer off(false)
	b.open("/?lang=en")
	b.do(chromedp.SendKeys(chromedp.CSS("#search"), "timetable"))
	b.follow("search button")
	b.must("We have agreed on a timetable")
	b.click(".filters summary")
	b.do(chromedp.SetValue(chromedp.CSS("#language"), "en"))
	b.follow(".filters button")
	if here := b.here(); here != "/?language=en&q=timetable" {
		b.t.Errorf("the form leads to %s", here)
	}
	b.follow(".said .lines a")
	if here := b.here(); here != fmt.Sprintf("/assets/%s?in=10%%3A00%%3A02%%3A13", n.ministers) {
		b.t.Errorf("the line leads to %s", here)
	}
	if asked[bool](b.tab, `"subclip" in globalThis`) {
		b.t.Error("there is script")
	}
}
