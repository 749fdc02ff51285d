package gateway_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"subclip/storage"
	"subclip/storage/gateway"
)

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String()
}

// start runs a gateway until the test ends and returns a store on it.
func start(t *testing.T, folder string) (*gateway.Gateway, *storage.Store) {
	t.Helper()
	cfg := storage.Config{Bucket: "subclip", Region: "us-east-1", URLExpiry: time.Hour}
	g, err := gateway.Start(freeAddress(t), folder, &cfg)
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return g, store
}

// TestRestart checks that a second start finds the first one's keys and objects.
func TestRestart(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "store")
	g, store := start(t, folder)
	if err := store.EnsureBucket(t.Context()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Upload(t.Context(), "made/1/1/a.mp4", path, "video/mp4"); err != nil {
		t.Fatal(err)
	}
	keys, err := os.Stat(filepath.Join(folder, "keys.json"))
	if err != nil || keys.Mode().Perm() != 0o600 {
		t.Errorf("keys.json: %v, %v, want it readable by its owner alone", keys, err)
	}
	url, err := store.WorkerURL(t.Context(), "made/1/1/a.mp4")
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Stop(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := http.DefaultClient.Do(req); err == nil {
		_ = res.Body.Close()
		t.Error("a stopped gateway answers")
	}
	again, store := start(t, folder)
	object, err := store.Stat(t.Context(), "made/1/1/a.mp4")
	if err != nil || object.Size != 3 {
		t.Errorf("after a restart: %+v, %v", object, err)
	}
	if err := again.Stop(); err != nil {
		t.Error(err)
	}
}

// TestCutConnection sends a part up to its middle and hangs up: it is not there.
func TestCutConnection(t *testing.T) {
	g, store := start(t, filepath.Join(t.TempDir(), "store"))
	if err := store.EnsureBucket(t.Context()); err != nil {
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
	there := func(size int) bool {
		parts, err := store.Parts(t.Context(), key, id)
		if err != nil {
			t.Fatal(err)
		}
		return len(parts) == 1 && parts[0].Size == int64(size)
	}
	cutShort(t, part.URL, 8<<20, 4<<20)
	if there(8 << 20) {
		t.Error("half a part is kept as a whole one")
	}
	if cutShort(t, part.URL, 1<<20, 1<<20); !there(1 << 20) {
		t.Error("a whole part is not there")
	}
	if err := g.Stop(); err != nil {
		t.Error(err)
	}
}

// cutShort sends the first bytes of a body of so many and no more, and waits until the
// gateway is done with it.
func cutShort(t *testing.T, signed string, size, sent int) {
	t.Helper()
	u, err := url.Parse(signed)
	if err != nil {
		t.Fatal(err)
	}
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	_, err = fmt.Fprintf(connection, "PUT %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", u.RequestURI(), u.Host, size, strings.Repeat("x", sent))
	if err != nil {
		t.Fatal(err)
	}
	if err := connection.(*net.TCPConn).CloseWrite(); err != nil { //nolint:forcetypeassert // it was dialled so
		t.Fatal(err)
	}
	// It says something, or hangs up.
	_, _ = io.Copy(io.Discard, connection)
}

// TestStopUnusedConnection opens a connection and says nothing, as a browser
// does in advance: Stop waits for it only shortly, and says nothing of it.
func TestStopUnusedConnection(t *testing.T) {
	cfg := storage.Config{Region: "us-east-1"}
	g, err := gateway.Start(freeAddress(t), t.TempDir(), &cfg)
	if err != nil {
		t.Fatal(err)
	}
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(cfg.Endpoint, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- g.Stop() }()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	select {
	case err := <-stopped:
		if err != nil {
			t.Error(err)
		}
	case <-ctx.Done():
		t.Fatal("Stop waits for a connection that nobody uses")
	}
	// The process has room for the next gateway only once the connection is gone.
	if err := connection.Close(); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		g, err := gateway.Start(freeAddress(t), t.TempDir(), &cfg)
		if err == nil {
			if err := g.Stop(); err != nil {
				t.Error(err)
			}
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the gateway never ended: %v", err)
		case <-tick.C:
		}
	}
}

// TestAddressTaken starts a gateway where another server answers already.
func TestAddressTaken(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	cfg := storage.Config{Region: "us-east-1"}
	_, err := gateway.Start(strings.TrimPrefix(other.URL, "http://"), t.TempDir(), &cfg)
	if err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("error is %v, want that the address is taken", err)
	}
	if cfg.Endpoint != "" || cfg.AccessKeyID != "" {
		t.Errorf("the configuration names a gateway that is not there: %s", cfg.Endpoint)
	}
}

func TestBrokenFolder(t *testing.T) {
	tests := []struct {
		name, file, content, want string
	}{
		{"keys are empty", "store/keys.json", "", "holds no keys"},
		{"keys are something else", "store/keys.json", `["x"]`, "holds no keys"},
		{"keys lack the secret", "store/keys.json", `{"access_key_id":"x"}`, "holds no keys"},
		{"folder is a file", "store", "x", "read the store's keys"},
		{"objects are a file", "store/objects", "x", "make the store's folder"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, tt.file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			cfg := storage.Config{Region: "us-east-1"}
			_, err := gateway.Start(freeAddress(t), filepath.Join(dir, "store"), &cfg)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
		})
	}
}
