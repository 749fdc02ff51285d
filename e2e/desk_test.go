package e2e

import (
	"bytes"
	"net/http"
	"os"
	"testing"

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
	b := openTabAs(t, s, dir)
	const arrived = `document.querySelector("#rows progress").value > %v`
	state := func(want string) { b.await(`document.querySelector("#rows li")?.dataset.state === %q`, want) }

	b.do(chromedp.Navigate(s.url + "/desk/upload"))
	b.connect(network.Conditions{UploadThroughput: 16 << 20, DownloadThroughput: -1})
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{master}), chromedp.WaitVisible(chromedp.CSS("#start")))
	asked[string](b, `document.querySelector("#rows input").value = ""`)
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

	b.do(chromedp.Navigate(s.url + "/desk/upload"))
	b.connect(network.Conditions{UploadThroughput: -1, DownloadThroughput: -1})
	other := padded(t, tools.short, 1<<20)
	b.do(chromedp.SetUploadFiles(chromedp.CSS("[data-upload] input"), []string{other}))
	b.await(`!document.querySelector("[data-upload] [data-error]").hidden`)
	b.hasNoBarriers(s.url + "/desk/upload")
	b.do(chromedp.Navigate(s.url + "/desk/upload"))
	if there := asked[float64](b, `document.querySelector("[data-upload] progress").position`); there < 0.2 || there == 1 {
		t.Errorf("%v of the file is there after the page is loaded anew", there)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{master}))
	state("ready")
	if title := asked[string](b, `document.querySelector("#rows a").textContent`); title != "Arrivée à l'aéroport" {
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

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
