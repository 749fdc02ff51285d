package browser

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"subclip/process"
)

//go:embed page.html
var page []byte

// patience bounds a hang of the browser; nothing is said about how fast it is.
const patience = 3 * time.Minute

// openPage serves the page with a clip on it, by ranges as a store does, and returns
// a tab of Chromium that shows it.
func openPage(t *testing.T, clip string) context.Context {
	t.Helper()
	program, err := process.Find("chromium", "chromium")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })
	mux.HandleFunc("GET /clip.mp4", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, clip) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	tab, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(tab, chromedp.Navigate(server.URL)); err != nil {
		t.Fatalf("open the page in Chromium: %v", err)
	}
	// In time: its folder is removed next.
	t.Cleanup(func() {
		if err := chromedp.Cancel(tab); err != nil {
			t.Errorf("close Chromium: %v", err)
		}
	})
	return tab
}

// ask calls a function of the page and waits for its answer.
func ask[T any](tab context.Context, t *testing.T, call string, args ...any) T {
	t.Helper()
	call = fmt.Sprintf(call, args...)
	answer, err := chromedp.Run(tab, chromedp.Evaluate[T](call, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", call, err)
	}
	return answer
}
