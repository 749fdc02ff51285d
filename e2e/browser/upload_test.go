package browser

import (
	"net"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"subclip/storage"
	"subclip/storage/gateway"

	"github.com/chromedp/chromedp"
)

// put sends a part as an upload in a page does, and tells what the page learns.
const put = `(async () => {
	try {
		const answer = await fetch(%q, {method: 'PUT', body: new Blob(['abc']), headers: {'Content-Type': 'video/mp4'}})
		return answer.status + ' ' + answer.headers.get('ETag')
	} catch (error) {
		return String(error)
	}
})()`

// TestUploadFromPage has a page of the site PUT a part to the store, which is another
// origin: it learns the part's ETag. A page of another site may not.
func TestUploadFromPage(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	cfg := storage.Config{Bucket: "subclip", Region: "us-east-1", URLExpiry: time.Hour}
	server, err := gateway.Start(listener.Addr().String(), filepath.Join(t.TempDir(), "store"), &cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	store, err := storage.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.EnsureBucket(t.Context()); err != nil {
		t.Fatal(err)
	}
	tab := openPage(t, "")
	if err := store.AllowOrigins(t.Context(), ask[string](tab, t, "location.origin")); err != nil {
		t.Fatal(err)
	}
	const key = "masters/a.mp4"
	id, err := store.CreateUpload(t.Context(), key, "video/mp4")
	if err != nil {
		t.Fatal(err)
	}
	part, err := store.PartURL(t.Context(), key, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	told := ask[string](tab, t, put, part.URL)
	parts, err := store.Parts(t.Context(), key, id)
	if err != nil || len(parts) != 1 || parts[0].Size != 3 || told != "200 "+parts[0].ETag {
		t.Errorf("the page learns %q, the store has %+v, %v", told, parts, err)
	}

	stranger := httptest.NewServer(nil)
	t.Cleanup(stranger.Close)
	if err := chromedp.Do(tab, chromedp.Navigate(stranger.URL)); err != nil {
		t.Fatal(err)
	}
	if told := ask[string](tab, t, put, part.URL); !strings.HasPrefix(told, "TypeError") {
		t.Errorf("a page of another site learns %q", told)
	}
}
