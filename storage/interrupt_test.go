package storage_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"subclip/storage"
)

// between stands between a store and the gateway and calls hook with every
// request; what hook returns decides whether it is passed on.
func between(t *testing.T, gateway string, hook func(w http.ResponseWriter, r *http.Request, pass http.Handler)) string {
	t.Helper()
	target, err := url.Parse(gateway)
	if err != nil {
		t.Fatal(err)
	}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is signed
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hook(w, r, pass) }))
	t.Cleanup(server.Close)
	return server.URL
}

// interrupted is the key of what is not to be left behind.
const interrupted = "made/1/1/a.mp4"

func uploading(size int) func(context.Context, *testing.T, *storage.Store) error {
	return func(ctx context.Context, t *testing.T, store *storage.Store) error {
		t.Helper()
		path, _ := file(t, size)
		return store.Upload(ctx, interrupted, path, "video/mp4")
	}
}

// composing makes an object of a few bytes and all of another object.
func composing(size int) func(context.Context, *testing.T, *storage.Store) error {
	return func(ctx context.Context, t *testing.T, store *storage.Store) error {
		t.Helper()
		const master = "masters/1/film.mov"
		upload(t, store, master, size)
		pieces := []storage.Piece{{Bytes: []byte("head"), Length: 4}, {Length: int64(size)}}
		_, err := store.Compose(ctx, interrupted, "video/mp4", store.Source(master), pieces)
		return err
	}
}

// assembling makes one of which the store copies much before it is finished.
func assembling(ctx context.Context, t *testing.T, store *storage.Store) error {
	t.Helper()
	return assemble(ctx, t, store, func(*storage.Assembly, []storage.Piece) {})
}

// starting makes one that is put together before it is wanted.
func starting(ctx context.Context, t *testing.T, store *storage.Store) error {
	t.Helper()
	return assemble(ctx, t, store, func(a *storage.Assembly, pieces []storage.Piece) { a.Start(ctx, pieces) })
}

func assemble(ctx context.Context, t *testing.T, store *storage.Store, start func(*storage.Assembly, []storage.Piece)) error {
	t.Helper()
	const master, size = "masters/1/film.mov", 40 << 20
	upload(t, store, master, size)
	pieces := []storage.Piece{{Bytes: []byte("head"), Length: 4}, {Length: size}}
	a := store.Assemble(interrupted, "video/mp4", store.Source(master))
	a.Ahead(ctx, pieces[1:])
	start(a, pieces)
	_, err := a.Finish(ctx, pieces)
	return errors.Join(err, a.Close(ctx))
}

// TestUploadInterrupted ends an upload's context at every point where something
// could be left behind.
func TestUploadInterrupted(t *testing.T) {
	t.Parallel()
	isPart := func(r *http.Request) bool { return r.URL.Query().Get("partNumber") == "2" }
	opens := func(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Query().Has("uploads") }
	isAhead := func(r *http.Request) bool { return r.URL.Query().Get("partNumber") == "5000" }
	completes := func(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Query().Has("uploadId") }
	puts := func(r *http.Request) bool { return r.Method == http.MethodPut }
	tests := []struct {
		name  string
		do    func(context.Context, *testing.T, *storage.Store) error
		at    func(*http.Request) bool
		after bool // the store has done it, but the answer does not arrive
	}{
		{"before a small object", uploading(1000), puts, false},
		{"after a small object", uploading(1000), puts, true},
		{"before it is opened", uploading(20 << 20), opens, false},
		{"after it is opened", uploading(20 << 20), opens, true},
		{"before a part", uploading(40 << 20), isPart, false},
		{"after a part", uploading(40 << 20), isPart, true},
		{"before completion", uploading(20 << 20), completes, false},
		{"after completion", uploading(20 << 20), completes, true},
		{"after a small composition", composing(1000), puts, true},
		{"after a composition is opened", composing(20 << 20), opens, true},
		{"after a part is composed", composing(20 << 20), isPart, true},
		{"after a composition's completion", composing(20 << 20), completes, true},
		{"after an assembly is opened", assembling, opens, true},
		{"before a part is copied ahead", assembling, isAhead, false},
		{"after a part is copied ahead", assembling, isAhead, true},
		{"after an assembly's completion", assembling, completes, true},
		{"before a started object's completion", starting, completes, false},
		{"after a started object's completion", starting, completes, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			store := open(t, func(cfg *storage.Config) {
				cfg.Endpoint = between(t, cfg.Endpoint, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
					switch {
					case ctx.Err() != nil || !strings.HasSuffix(r.URL.Path, interrupted) || !tt.at(r):
						pass.ServeHTTP(w, r)
					case tt.after:
						pass.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithoutCancel(r.Context())))
						cancel()
						<-r.Context().Done()
					default:
						cancel()
						// A server notices that its client has gone only after
						// the request's body.
						_, _ = io.Copy(io.Discard, r.Body)
						<-r.Context().Done()
					}
				})
			})
			upload(t, store, interrupted+".sibling", 1)
			if err := tt.do(ctx, t, store); !errors.Is(err, context.Canceled) {
				t.Fatalf("error is %v, want that the context was cancelled", err)
			}
			if got := listed(t, store, interrupted); len(got) != 1 || got[0] != interrupted+".sibling" {
				t.Errorf("objects in the store: %v, want the sibling alone", got)
			}
			if left := unfinished(t, store, ""); len(left) > 0 {
				t.Errorf("unfinished uploads are left: %v", left)
			}
		})
	}
}

func TestUploadCancelledBefore(t *testing.T) {
	t.Parallel()
	store := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path, _ := file(t, 20<<20)
	if err := store.Upload(ctx, "made/1/1/a.mp4", path, "video/mp4"); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want that the context was cancelled", err)
	}
	if left := append(listed(t, store, ""), unfinished(t, store, "")...); len(left) > 0 {
		t.Errorf("left in the store: %v", left)
	}
}

// TestUploadStoreGone checks what is said when the store cannot be tidied.
func TestUploadStoreGone(t *testing.T) {
	t.Parallel()
	gone := false
	store := open(t, func(cfg *storage.Config) {
		cfg.Endpoint = between(t, cfg.Endpoint, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
			if gone {
				http.Error(w, "gone", http.StatusForbidden)
				return
			}
			pass.ServeHTTP(w, r)
		})
	})
	gone = true
	path, _ := file(t, 10)
	err := store.Upload(t.Context(), "made/1/1/a.mp4", path, "video/mp4")
	if err == nil || !strings.Contains(err.Error(), "what it left in the store may still be there") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error is %v", err)
	}
}

// TestEnsureBucketRegion plays Amazon, which wants the region named outside
// us-east-1.
func TestEnsureBucketRegion(t *testing.T) {
	t.Parallel()
	made := false
	amazon := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, 1000)
		n, _ := r.Body.Read(body)
		switch {
		case r.Method == http.MethodHead && made:
		case r.Method == http.MethodHead:
			w.WriteHeader(http.StatusNotFound)
		case strings.Contains(string(body[:n]), "<LocationConstraint>eu-west-1<"):
			made = true
		default:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte("<Error><Code>IllegalLocationConstraintException</Code></Error>"))
		}
	}))
	t.Cleanup(amazon.Close)
	cfg := config(t)
	cfg.Endpoint = amazon.URL
	store, err := storage.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.EnsureBucket(t.Context()); err != nil || !made {
		t.Errorf("EnsureBucket: %v, made: %v", err, made)
	}
}
