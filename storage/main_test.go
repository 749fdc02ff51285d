package storage_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"subclip/storage"
	"subclip/storage/gateway"

	"github.com/caarlos0/env/v11"
	"github.com/google/uuid"
)

// TestMain starts the gateway, of which a process can have one, and tells the
// tests where it is as the service is told: in the environment.
func TestMain(m *testing.M) {
	code, err := withGateway(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withGateway(run func() int) (code int, err error) {
	dir, err := os.MkdirTemp("", "subclip-storage-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	address, err := freeAddress()
	if err != nil {
		return 1, err
	}
	cfg := storage.Config{Region: "eu-west-1"}
	server, err := gateway.Start(address, dir, &cfg)
	if err != nil {
		return 1, err
	}
	for name, value := range map[string]string{
		"S3_ENDPOINT": cfg.Endpoint, "S3_REGION": cfg.Region,
		"S3_ACCESS_KEY_ID": cfg.AccessKeyID, "S3_SECRET_ACCESS_KEY": cfg.SecretAccessKey,
	} {
		if err := os.Setenv(name, value); err != nil {
			return 1, err
		}
	}
	code = run()
	return code, server.Stop()
}

func freeAddress() (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func config(t *testing.T) storage.Config {
	t.Helper()
	cfg, err := env.ParseAs[storage.Config]()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Bucket = "test-" + strings.ToLower(uuid.NewString())
	return cfg
}

// open returns a store with a bucket of the test's own.
func open(t *testing.T, change ...func(*storage.Config)) *storage.Store {
	t.Helper()
	cfg := config(t)
	for _, c := range change {
		c(&cfg)
	}
	store, err := storage.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.EnsureBucket(t.Context()); err != nil {
		t.Fatal(err)
	}
	return store
}

// file makes a file of random bytes.
func file(t *testing.T, size int) (path string, content []byte) {
	t.Helper()
	content = make([]byte, size)
	if _, err := rand.NewChaCha8([32]byte{byte(size)}).Read(content); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, content
}

func upload(t *testing.T, store *storage.Store, key string, size int) []byte {
	t.Helper()
	path, content := file(t, size)
	if err := store.Upload(t.Context(), key, path, "video/mp4"); err != nil {
		t.Fatal(err)
	}
	return content
}

// answer is a response that was read to its end.
type answer struct {
	code   int
	header http.Header
	body   []byte
}

// request sends a request as a client without credentials would.
func request(t *testing.T, method, url string, body []byte, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	read, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, read}
}

// content reads an object as a worker's ffmpeg would.
func content(t *testing.T, store *storage.Store, key string) []byte {
	t.Helper()
	url, err := store.WorkerURL(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	got := request(t, http.MethodGet, url, nil)
	if got.code != http.StatusOK {
		t.Fatalf("GET %s: %d: %s", key, got.code, got.body)
	}
	return got.body
}

func collect[T any](t *testing.T, seq iter.Seq2[T, error], name func(T) string) []string {
	t.Helper()
	all := []string{}
	for item, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, name(item))
	}
	return all
}

func listed(t *testing.T, store *storage.Store, prefix string) []string {
	t.Helper()
	return collect(t, store.List(t.Context(), prefix), func(o storage.Object) string { return o.Key })
}

func unfinished(t *testing.T, store *storage.Store, prefix string) []string {
	t.Helper()
	return collect(t, store.Unfinished(t.Context(), prefix), func(u storage.Unfinished) string { return u.Key })
}
