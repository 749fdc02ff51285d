package webdriver_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"subclip/e2e/webdriver"
)

// TestComplaints opens a page of which Firefox must complain: a script of it fails, and
// its policy refuses another.
func TestComplaints(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page.js" {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte(`setTimeout(() => { document.title = "failed"; nothing.at(); });`))
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		_, _ = w.Write([]byte(`<!doctype html><title>page</title><script>alert(1)</script><script src="/page.js"></script>`))
	}))
	defer site.Close()
	b, err := webdriver.Firefox(context.Background(), t.TempDir(), 800, 600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := b.Open(site.URL); err != nil {
		t.Fatal(err)
	}
	if err := b.Await(time.Minute, `document.title === "failed"`); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"nothing", "Content"} {
		var heard []string
		for deadline := time.Now().Add(20 * time.Second); !strings.Contains(strings.Join(heard, "\n"), want); {
			if heard, err = b.Complaints(); err != nil {
				t.Fatal(err)
			}
			if time.Now().After(deadline) {
				t.Fatalf("of %q nothing is heard: %q", want, heard)
			}
		}
	}
}
