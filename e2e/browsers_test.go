package e2e

import (
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"subclip/e2e/webdriver"
	"subclip/sample"
	"subclip/timecode"
)

// other is a browser that is not Chromium, with a page of the portal in it.
type other struct {
	*webdriver.Browser
	t *testing.T
}

// TestOtherBrowsers goes the portal's main way in Firefox and in WebKit: it finds a video,
// marks a part of it with the keyboard at frames inside GOPs, reading the number in the
// picture on the screen at each step, signs in on the way, takes the part, and uploads a file.
func TestOtherBrowsers(t *testing.T) {
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	s.ingest(tools.short, "Arrival of ministers")
	for name, start := range map[string]func(context.Context, string, int, int) (*webdriver.Browser, error){"Firefox": webdriver.Firefox, "WebKit": webdriver.WebKit} {
		t.Run(name, func(t *testing.T) {
			browser, err := start(context.Background(), t.TempDir(), 1280, 1200)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := browser.Close(); err != nil {
					t.Error(err)
				}
			})
			b := other{browser, t}
			b.must(b.Open(s.url))
			b.must(b.Type("#search", "ministers"+string(webdriver.Enter)))
			b.await(`location.search === "?q=ministers" && document.readyState === "complete" && document.querySelector(".card a")`)
			b.click(".card a")
			b.await(settled)

			const markIn, markOut = 63, 137
			b.marks(mustBase(t, "25", "10:00:00:00"), markIn, markOut)
			b.plays()
			b.films()
			b.fills()

			b.click("[data-return].button")
			b.await(`document.readyState === "complete" && document.querySelector("main [name=password]")`)
			email, password := account(t, dir)
			b.must(b.Type("main [name=email]", email))
			b.must(b.Type("main [name=password]", password+string(webdriver.Enter)))
			b.await(settled)
			b.await("subclip.selection.in === %d && subclip.selection.out === %d", markIn, markOut)
			b.click("[data-part]")
			b.await(`document.querySelector("[data-done] a")`)
			file, _ := fetch(t, answered[string](b, `document.querySelector("[data-done] a").href`))
			mustShow(t, file, markIn, markOut)

			b.must(b.Open(s.url + "/desk/upload"))
			b.must(b.Type("#files", padded(t, tools.short, uint32(1+len(name))<<20)))
			b.await(`document.querySelector("#rows input")`)
			b.click("#start")
			b.await(`document.querySelector("#rows li")?.dataset.state === "ready"`)

			complaints, err := b.Complaints()
			b.must(err)
			for _, complaint := range complaints {
				t.Errorf("a page complains: %s", complaint)
			}
		})
	}
}

func (b other) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b other) await(expression string, values ...any) {
	b.t.Helper()
	b.must(b.Await(patience, expression, values...))
}

func answered[T any](b other, expression string, values ...any) T {
	b.t.Helper()
	answer, err := webdriver.Ask[T](b.Browser, expression, values...)
	b.must(err)
	return answer
}

func (b other) click(selector string) {
	b.t.Helper()
	answered[any](b, "document.querySelector(%s).click()", quoted(selector))
}

// press presses keys and waits until the page has had them all, and the picture stands.
func (b other) press(keys string) {
	b.t.Helper()
	answered[any](b, `(document.body.dataset.pressed = "", addEventListener("keyup", ({ code }) => { if (code === "F9") document.body.dataset.pressed = code; }), null)`)
	b.must(b.Press(keys + string(webdriver.F9)))
	b.await("document.body.dataset.pressed && %s", settled)
}

// mustShow reads the number in the picture on the screen.
func (b other) mustShow(want int, base timecode.Base) {
	b.t.Helper()
	answered[any](b, `document.querySelector("video").scrollIntoView({ block: "nearest" })`)
	box := answered[[]float64](b, pictureBox)
	offset := answered[[]float64](b, "[scrollX, scrollY]")
	at := image.Pt(int(box[0]-offset[0]), int(box[1]-offset[1]))
	picture, err := b.Picture(image.Rectangle{at, at.Add(image.Pt(int(box[2]), int(box[3])))})
	b.must(err)
	path := filepath.Join(b.t.TempDir(), "shown.png")
	file, err := os.Create(path)
	b.must(err)
	b.must(png.Encode(file, picture))
	b.must(file.Close())
	numbers, err := sample.Numbers(b.t.Context(), path)
	b.must(err)
	if numbers[0] != want {
		b.t.Errorf("the picture shows frame %d, not %d", numbers[0], want)
	}
	if told := answered[string](b, "`${subclip.player.at} ${document.querySelector('[data-now]').textContent}`"); told != quoted(want)+" "+base.Timecode(int64(want)) {
		b.t.Errorf("at frame %d the editor is at %s", want, told)
	}
}

// marks sets the marks of frames [markIn, markOut) of 25 a second, from the first frame on.
func (b other) marks(base timecode.Base, markIn, markOut int) {
	b.t.Helper()
	left, right := string(webdriver.ArrowLeft), string(webdriver.ArrowRight)
	shift := string(webdriver.Shift)
	b.mustShow(0, base)
	b.press(strings.Repeat(shift+right, markIn/25))
	b.mustShow(markIn/25*25, base)
	b.press(strings.Repeat(right, markIn%25+1))
	b.mustShow(markIn+1, base)
	b.press(left)
	b.mustShow(markIn, base)
	b.press("i")
	b.press(strings.Repeat(shift+right, (markOut-markIn)/25) + strings.Repeat(right, (markOut-markIn)%25-1))
	b.mustShow(markOut-1, base)
	b.press("o")
	b.press(shift + "i")
	b.mustShow(markIn, base)
	b.press(shift + "o")
	b.mustShow(markOut-1, base)
	b.await("subclip.selection.in === %d && subclip.selection.out === %d && %s", markIn, markOut, addressKept)
}

// plays goes on from mark in, stops, and goes a frame back.
func (b other) plays() {
	b.t.Helper()
	base := mustBase(b.t, "25", "10:00:00:00")
	b.press(string(webdriver.Shift) + "i")
	b.must(b.Press("l"))
	b.await("subclip.player.at > 75")
	b.press("k")
	at := answered[int](b, "subclip.player.at")
	b.mustShow(at, base)
	b.press(string(webdriver.ArrowLeft))
	b.mustShow(at-1, base)
}

// films zooms in until each frame in view has a picture of its own.
func (b other) films() {
	b.t.Helper()
	b.press("zzzzzzzzzz")
	b.await("subclip.timeline.frames?.wanted.length > 3 && subclip.timeline.frames.wanted.every((frame) => subclip.timeline.frames.kept.has(frame))")
	b.press("w")
}

// fills fills-x and leaves again.
func (b other) fills() {
	b.t.Helper()
	b.press("f")
	b.await(`document.fullscreenElement?.matches("[data-full]")`)
	b.press("f")
	b.await("document.fullscreenElement === null")
}
