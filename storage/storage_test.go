package storage_test

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"subclip/storage"
)

func TestDownloadURL(t *testing.T) {
	t.Parallel()
	const key = "made/1/1/a.mp4"
	store := open(t)
	upload(t, store, key, 1000)
	names := []string{"film.mp4", "Élection — «2026» 10:00.mp4", `quo"te\back.mp4`, "视频.mov"}
	for _, name := range names {
		signed, err := store.DownloadURL(t.Context(), key, name)
		if err != nil {
			t.Fatal(err)
		}
		if left := time.Until(signed.ExpiresAt); left < 50*time.Minute || left > time.Hour {
			t.Errorf("the URL expires in %s, not in the configured hour", left)
		}
		got := request(t, http.MethodGet, signed.URL, nil)
		if got.code != http.StatusOK || len(got.body) != 1000 {
			t.Fatalf("GET: %d: %d bytes", got.code, len(got.body))
		}
		disposition := got.header.Get("Content-Disposition")
		kind, params, err := mime.ParseMediaType(disposition)
		if err != nil || kind != "attachment" || params["filename"] != name {
			t.Errorf("Content-Disposition is %q: %v", disposition, err)
		}
		if kind := got.header.Get("Content-Type"); kind != "video/mp4" {
			t.Errorf("Content-Type is %q", kind)
		}
	}
}

func TestRange(t *testing.T) {
	t.Parallel()
	const key = "made/1/1/a.mp4"
	store := open(t)
	content := upload(t, store, key, 1000)
	signed, err := store.ViewURL(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		header, contentRange string
		status, first, out   int
	}{
		{"bytes=0-0", "bytes 0-0/1000", http.StatusPartialContent, 0, 1},
		{"bytes=100-199", "bytes 100-199/1000", http.StatusPartialContent, 100, 200},
		{"bytes=990-", "bytes 990-999/1000", http.StatusPartialContent, 990, 1000},
		{"bytes=-10", "bytes 990-999/1000", http.StatusPartialContent, 990, 1000},
		{"bytes=500-5000", "bytes 500-999/1000", http.StatusPartialContent, 500, 1000},
		{"bytes=1000-", "", http.StatusRequestedRangeNotSatisfiable, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.header, func(t *testing.T) {
			t.Parallel()
			got := request(t, http.MethodGet, signed.URL, nil, "Range", tt.header)
			if got.code != tt.status {
				t.Fatalf("GET: %d", got.code)
			}
			if tt.status != http.StatusPartialContent {
				return
			}
			if said := got.header.Get("Content-Range"); said != tt.contentRange {
				t.Errorf("Content-Range is %q, want %q", said, tt.contentRange)
			}
			if !bytes.Equal(got.body, content[tt.first:tt.out]) {
				t.Errorf("%d other bytes came", len(got.body))
			}
			if got.header.Get("Content-Disposition") != "" {
				t.Error("what is to be shown in the page would be saved")
			}
		})
	}
}

// TestEndpoints checks that URLs for clients and for workers differ as the
// endpoints do, and that each is signed for its own host.
func TestEndpoints(t *testing.T) {
	t.Parallel()
	const key = "made/1/1/a.mp4"
	var public string
	store := open(t, func(cfg *storage.Config) {
		public = between(t, cfg.Endpoint, func(w http.ResponseWriter, r *http.Request, pass http.Handler) { pass.ServeHTTP(w, r) })
		cfg.PublicEndpoint = public
		cfg.URLExpiry = time.Minute
	})
	upload(t, store, key, 10)
	id, err := store.CreateUpload(t.Context(), key, "video/mp4")
	if err != nil {
		t.Fatal(err)
	}
	download, downloadErr := store.DownloadURL(t.Context(), key, "a.mp4")
	view, viewErr := store.ViewURL(t.Context(), key)
	part, partErr := store.PartURL(t.Context(), key, id, 1)
	worker, workerErr := store.WorkerURL(t.Context(), key)
	tests := []struct {
		name, url, method, host string
		err                     error
		life                    string
	}{
		{"DownloadURL", download.URL, http.MethodGet, public, downloadErr, "60"},
		{"ViewURL", view.URL, http.MethodGet, public, viewErr, "60"},
		{"PartURL", part.URL, http.MethodPut, public, partErr, "60"},
		// A job may well take longer than a client's URL lives.
		{"WorkerURL", worker, http.MethodGet, config(t).Endpoint, workerErr, "86400"},
	}
	for _, tt := range tests {
		if tt.err != nil {
			t.Fatal(tt.err)
		}
		if !strings.HasPrefix(tt.url, tt.host+"/") {
			t.Errorf("%s is %s, want it at %s", tt.name, tt.url, tt.host)
		}
		signed, err := url.Parse(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		if got := signed.Query().Get("X-Amz-Expires"); got != tt.life {
			t.Errorf("%s lives %s s, want %s", tt.name, got, tt.life)
		}
		if got := request(t, tt.method, tt.url, nil); got.code != http.StatusOK {
			t.Errorf("%s: %d: %s", tt.name, got.code, got.body)
		}
		if got := request(t, tt.method, strings.Replace(tt.url, "a.mp4", "b.mp4", 1), nil); got.code != http.StatusForbidden {
			t.Errorf("%s of another object: %d, want 403", tt.name, got.code)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*storage.Config)
		want   string
	}{
		{"defaults", func(*storage.Config) {}, ""},
		{"Amazon", func(c *storage.Config) { c.Endpoint = "" }, ""},
		{"https", func(c *storage.Config) { c.PublicEndpoint = "https://media.example.com" }, ""},
		{"keys of the default chain", func(c *storage.Config) { c.AccessKeyID, c.SecretAccessKey = "", "" }, ""},
		{"no scheme", func(c *storage.Config) { c.Endpoint = "127.0.0.1:9000" }, "S3_ENDPOINT"},
		{"no host", func(c *storage.Config) { c.Endpoint = "http://" }, "S3_ENDPOINT"},
		{"other scheme", func(c *storage.Config) { c.PublicEndpoint = "ftp://a" }, "S3_PUBLIC_ENDPOINT"},
		{"two mistakes", func(c *storage.Config) { c.Endpoint, c.PublicEndpoint = "x", "y" }, "S3_ENDPOINT"},
		{"no bucket", func(c *storage.Config) { c.Bucket = "" }, "S3_BUCKET"},
		{"no region", func(c *storage.Config) { c.Region = "" }, "S3_REGION"},
		{"half the keys", func(c *storage.Config) { c.SecretAccessKey = "" }, "S3_SECRET_ACCESS_KEY"},
		{"other half of the keys", func(c *storage.Config) { c.AccessKeyID = "" }, "S3_ACCESS_KEY_ID"},
		{"short expiry", func(c *storage.Config) { c.URLExpiry = time.Minute - 1 }, "SUBCLIP_URL_EXPIRY"},
		{"longest expiry", func(c *storage.Config) { c.URLExpiry = storage.MaxURLExpiry }, ""},
		{"long expiry", func(c *storage.Config) { c.URLExpiry = storage.MaxURLExpiry + 1 }, "SUBCLIP_URL_EXPIRY"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := config(t)
			tt.change(&cfg)
			_, err := storage.New(t.Context(), cfg)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("error is %v, want none", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error is %v, want it to name %s", err, tt.want)
			}
		})
	}
}
