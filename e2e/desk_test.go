package e2e

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"subclip/mail/mailtest"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// unlike is a copy of a padded video in which no two parts are the same.
func unlike(t *testing.T, size uint32) string {
	t.Helper()
	path := padded(t, tools.short, size)
	data := read(t, path)
	pad := data[len(data)-int(size)+8:]
	for i := range pad {
		pad[i] = byte(i >> 12 * i)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestUploadInBrowser uploads a file on the page: the connection is cut in the middle
// and comes back, then the page is loaded anew and the same file chosen again. What
// arrives is the file.
func TestUploadInBrowser(t *testing.T) {
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	master := unlike(t, 80<<20)
	b := openDesk(t, s, dir)
	b.expected = []string{"Failed to fetch"} // when the connection is cut
	const arrived = `document.querySelector("#rows progress").value > %v`
	state := func(want string) { b.await(`document.querySelector("#rows li")?.dataset.state === %q`, want) }

	b.open("/desk/upload")
	b.connect(network.Conditions{UploadThroughput: 16 << 20, DownloadThroughput: -1})
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{master}), chromedp.WaitVisible(chromedp.CSS("#start")))
	b.axe()
	b.write("#rows input", "")
	b.do(chromedp.Click(chromedp.CSS("#start")))
	state("failed")
	b.do(chromedp.SendKeys(chromedp.CSS("#rows input"), "Arrivée à l'aéroport"), chromedp.Click(chromedp.CSS(`#rows [data-part="retry"]`)))
	b.await(arrived, 0.21) // the first part of six is there
	b.connect(network.Conditions{Offline: true})
	state("cut")
	b.connect(network.Conditions{UploadThroughput: 16 << 20, DownloadThroughput: -1})
	state("sending")
	b.await(arrived, 0.45)
	b.do(chromedp.Click(chromedp.CSS(`#rows [data-part="toggle"]`)))
	state("paused")

	b.open("/desk/upload")
	b.connect(network.Conditions{UploadThroughput: -1, DownloadThroughput: -1})
	other := padded(t, tools.short, 1<<20)
	b.do(chromedp.SetUploadFiles(chromedp.CSS("[data-upload] input"), []string{other}))
	b.await(`!document.querySelector("[data-upload] [data-error]").hidden`)
	b.axe()
	b.open("/desk/upload")
	if there := asked[float64](b.tab, `document.querySelector("[data-upload] progress").position`); there < 0.2 || there == 1 {
		t.Errorf("%v of the file is there after the page is loaded anew", there)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{master}))
	state("ready")
	if title := asked[string](b.tab, `document.querySelector("#rows a").textContent`); title != "Arrivée à l'aéroport" {
		t.Errorf("the page calls it %q", title)
	}

	list := s.ask(http.MethodGet, "/v1/assets", nil).must(t, http.StatusOK)
	assets, _ := list.body["assets"].([]any)
	if len(assets) != 1 {
		t.Fatalf("there are %d assets: %s", len(assets), list.raw)
	}
	asset, _ := assets[0].(map[string]any)
	id, _ := asset["id"].(string)
	whole := s.ask(http.MethodPost, "/v1/assets/"+id+"/downloads", map[string]string{"format": "source"}).must(t, http.StatusOK)
	path, _ := fetch(t, whole.text("url"))
	got, want := read(t, path), read(t, master)
	if !bytes.Equal(got, want) {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		t.Errorf("%d bytes arrived that are not the %d of the file: byte %d is the first that is not", len(got), len(want), at)
	}
}

// TestDesk describes a video, writes a story with it and sends it out, all by forms, as
// a browser without script could.
func TestDesk(t *testing.T) {
	box := mailtest.Start(t, nil)
	for name, value := range map[string]string{
		"SUBCLIP_SMTP_HOST": "127.0.0.1", "SUBCLIP_SMTP_PORT": strconv.Itoa(box.Port), "SUBCLIP_SMTP_TLS": "none", "SUBCLIP_MAIL_FROM": "Press <press@example.com>",
		"SUBCLIP_TOPICS": "politics,culture",
	} {
		t.Setenv(name, value)
	}
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	asset := s.ingest(tools.short, "Film")
	b := openDesk(t, s, dir)
	stranger := &service{t: t, url: s.url}

	b.open("/desk/assets/" + asset)
	t.Run("describe", func(*testing.T) { b.describe(dir) })
	said := s.ask(http.MethodGet, "/v1/assets/"+asset, nil).must(t, http.StatusOK)
	if said.text("title") != "Arrivée" || !strings.Contains(said.raw, "Ann Example") || !strings.Contains(said.raw, `"culture"`) {
		t.Errorf("the video is described so: %s", said.raw)
	}
	b.axe()
	b.remake()
	b.click("#end-title ~ details summary")
	b.follow("#end-title ~ details button")
	b.must("This video is withdrawn")
	stranger.ask(http.MethodGet, "/v1/assets/"+asset, nil).must(t, http.StatusNotFound)
	b.click("#end-title ~ details summary")
	b.follow("#end-title ~ details button")
	stranger.ask(http.MethodGet, "/v1/assets/"+asset, nil).must(t, http.StatusOK)

	t.Run("story", func(*testing.T) { b.story() })
	story := strings.TrimPrefix(strings.Split(b.here(), "?")[0], "/desk/stories/")
	b.axe()
	stranger.ask(http.MethodGet, "/v1/stories/"+story, nil).must(t, http.StatusNotFound)
	b.follow("#publish")
	out := stranger.ask(http.MethodGet, "/v1/stories/"+story, nil).must(t, http.StatusOK)
	if !strings.Contains(out.raw, "La visite") || !strings.Contains(out.raw, asset) {
		t.Errorf("the story is %s", out.raw)
	}

	t.Run("newsletter", func(t *testing.T) { b.newsletter(t, box) })
	replacing := s.ingest(tools.short, "New master")
	b.open("/desk/assets/" + replacing + "?replaces=" + asset)
	b.follow("#replace button")
	stranger.ask(http.MethodGet, "/v1/assets/"+asset, nil).must(t, http.StatusNotFound)
	if is := stranger.ask(http.MethodGet, "/v1/assets/"+replacing, nil).must(t, http.StatusOK); is.text("title") != "Arrivée" {
		t.Errorf("the new master is described so: %s", is.raw)
	}
	if told := stranger.ask(http.MethodGet, "/v1/stories/"+story, nil); !strings.Contains(told.raw, replacing) || strings.Contains(told.raw, asset) {
		t.Errorf("the story has %s", told.raw)
	}

	for _, path := range []string{"/desk", "/desk?state=embargo", "/desk/stories", "/desk/newsletter", "/desk/usage", "/admin"} {
		b.open(path)
		b.axe()
	}
	b.open("/desk?lang=fr")
	b.must("Sous embargo")
}

// describe fills in the forms of an asset, also wrongly.
func (b *pages) describe(dir string) {
	b.write("#about [name=title]", "")
	b.write("[name=description]", "Ministers arrive.")
	b.follow("#save")
	b.must("Fill this in.")
	if focus := asked[string](b.tab, "document.activeElement.id"); focus != "mistakes" {
		b.t.Errorf("the focus is on %q, not on what is wrong", focus)
	}
	b.axe()
	b.do(chromedp.SendKeys(chromedp.CSS("#title"), "Arr"))
	b.await(`!document.querySelector("[data-unsaved]").hidden`)
	b.write("#about [name=title]", "Arrivée", "[name=people]", "Ann Example\nWashington, D.C.")
	b.click("#topic-1")
	b.follow("#save")
	b.must("Saved")

	b.write("#shots", "10:00:01:00 Exterior\nAnd more of it\n99:00:00:00 Nothing")
	b.follow("#save")
	b.must("Line 3")
	b.must("Exterior")
	b.write("#shots", "10:00:01:00 - 10:00:02:00 Exterior\n0:03 Interior")
	b.follow("#save")
	if shots := asked[string](b.tab, `document.querySelector("#shots").value`); shots != "10:00:01:00 - 10:00:02:00 Exterior\n10:00:03:00 Interior\n" {
		b.t.Errorf("the shotlist is %q", shots)
	}
	b.timeShot()

	file := filepath.Join(dir, "captions.srt")
	for _, delivered := range [][2]string{{"no captions", "captions"}, {"1\n00:00:01,000 --> 00:00:02,000\nBonjour.\n", "1 caption ·"}} {
		if err := os.WriteFile(file, []byte(delivered[0]), 0o600); err != nil {
			b.t.Fatal(err)
		}
		b.do(chromedp.SetUploadFiles(chromedp.CSS("#captions_file"), []string{file}))
		b.write("#captions_language", "fr")
		b.follow("#save")
		b.must(delivered[1])
	}
}

// timeShot puts the time of the player into the shotlist, at its end and at the cursor.
func (b *pages) timeShot() {
	const player, field = `document.querySelector("video[data-timing]")`, `document.querySelector("#shots")`
	before := asked[string](b.tab, field+".value")
	at := func(frame int, shown string) {
		asked[float64](b.tab, player+".currentTime = %f", (float64(frame)+0.5)/25)
		b.await(player+`.readyState > 0 && !`+player+`.seeking && document.querySelector("[data-now]").textContent === %q`, shown)
		b.click("[data-time-here]")
	}
	at(63, "10:00:02:13")
	asked[bool](b.tab, field+`.setSelectionRange(11, 11) ?? true`)
	at(30, "10:00:01:05")
	want := before[:11] + " 10:00:01:05" + before[11:] + "10:00:02:13 "
	if typed := asked[string](b.tab, field+".value"); typed != want {
		b.t.Errorf("with the times of the player the shotlist is %q, not %q", typed, want)
	}
	b.write("#shots", before)
}

// remake has a step made again, and sees it end while something is typed.
func (b *pages) remake() {
	b.follow(`[value="restart storyboard"]`)
	b.await(`document.querySelector("#steps[data-working]")`)
	b.do(chromedp.SendKeys(chromedp.CSS("#keywords"), "typed meanwhile"))
	b.await(`document.querySelector("#steps:not([data-working]) [data-state=done]") && document.querySelector("#keywords").value.includes("typed meanwhile")`)
	b.follow("#save")
}

// story writes a story with the video, in two languages.
func (b *pages) story() {
	b.open("/desk/stories/new")
	b.follow("#save")
	b.must("Write it in one language")
	b.write(`[name="texts.en.title"]`, "The visit", `[name="texts.en.body"]`, "It was short.", `[name="texts.fr.title"]`, "La visite", "#find", "arrivee")
	b.follow(`[value="find"]`)
	b.follow(`[value^="add "]`)
	b.axe()
	if kept := asked[string](b.tab, `document.querySelector("[name='texts.fr.title']").value`); kept != "La visite" {
		b.t.Errorf("of the title %q is left after a video was added", kept)
	}
	b.follow("#save")
	b.must("Saved")
}

// newsletter composes one with the story, looks at it and sends it.
func (b *pages) newsletter(t *testing.T, box *mailtest.Server) {
	t.Helper()
	b.subscribe(t, box)
	b.open("/desk/newsletter/new")
	b.write(`[name="en.subject"]`, "The week", `[name="fr.subject"]`, "La semaine")
	b.click("[name=story_ids]")
	b.follow("#save")
	b.must("Saved")
	b.axe()
	for language, want := range map[string]string{"en": "The visit", "fr": "La visite"} {
		page := b.here()[:len("/desk/newsletter/")+32] + "/preview/" + language
		if shown := asked[string](b.tab, `fetch(%s).then((answer) => answer.text())`, quoted(page)); !strings.Contains(shown, want) {
			t.Errorf("the preview in %s does not say %q:\n%s", language, want, shown)
		}
		seen := asked[bool](b.tab, `fetch(%s).then((answer) => answer.text()).then((html) => new Promise((then) => {
			const still = new Image();
			still.onload = () => then(still.naturalWidth > 0);
			still.onerror = () => then(false);
			still.src = html.match(/<img[^>]+src="([^"]+)"/)[1].replaceAll("&amp;", "&");
		}))`, quoted(page))
		if !seen {
			t.Errorf("the preview in %s has no picture", language)
		}
	}
	b.click("#sending details summary")
	b.follow("#send")
	b.await(`document.querySelector(".head .badge").textContent === "Sent"`)
	if text := box.Await(t, "jo@example.org", 2).Parts(t)["text/plain"]; !strings.Contains(text, "La visite") {
		t.Errorf("the reader gets %s", text)
	}
}

// subscribe makes a reader of the newsletter, in French.
func (b *pages) subscribe(t *testing.T, box *mailtest.Server) {
	t.Helper()
	s := &service{t: t, url: b.url}
	wish := map[string]any{"address": "jo@example.org", "language": "fr"}
	s.ask(http.MethodPost, "/v1/newsletter/subscriptions", wish).must(t, http.StatusAccepted)
	letter := box.Await(t, "jo@example.org", 1)
	link := regexp.MustCompile(`/newsletter/confirm\?token=[A-Z0-9]+`).FindString(letter.Parts(t)["text/plain"])
	s.send(http.MethodPost, link, nil, form(s)...).must(t, http.StatusOK)
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
