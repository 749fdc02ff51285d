package chromium

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestComplaints opens a page that does all that is complained of, each once, and asks for
// something that is not there, which is not.
func TestComplaints(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Security-Policy", "default-src 'self'")
			_, _ = w.Write([]byte(`<!doctype html><p style="color: red">Page</p><img src="/missing.png"><script type="module" src="/page.js"></script><script type="module" src="/static/gone.js"></script>`))
		case "/page.js":
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte(`console.error("told", 5); setTimeout(() => nothing.at()); Promise.reject(new Error("refused")); console.warn("not this"); globalThis.done = true;`))
		default:
			http.NotFound(w, r)
		}
	}))
	defer site.Close()
	tab, stop, err := Open(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}()
	complaints, err := Complaints(tab)
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(tab, chromedp.Navigate(site.URL)); err != nil {
		t.Fatal(err)
	}
	if err := Await(tab, time.Minute, "globalThis.done"); err != nil {
		t.Fatal(err)
	}
	wanted := []string{`console.error: "told"`, "nothing is not defined", "Error: refused", "Content Security Policy", "/static/gone.js"}
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); len(complaints()) < len(wanted) && time.Now().Before(deadline); {
		<-tick.C
	}
	heard := strings.Join(complaints(), "\n")
	for _, want := range wanted {
		if strings.Count(heard, want) != 1 {
			t.Errorf("%q is not told once:\n%s", want, heard)
		}
	}
	if len(complaints()) != len(wanted) {
		t.Errorf("told are\n%s", heard)
	}
}
