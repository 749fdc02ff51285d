package queue_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"subclip/queue"
)

func TestStartServer(t *testing.T) {
	t.Parallel()
	folders := map[string]string{
		"plain":            "redis",
		"very long":        strings.Repeat("long-folder-name/", 12) + "redis",
		"odd characters":   `a b#c%20d?e'f"g`,
		"other characters": "Übung 视频",
	}
	for name, folder := range folders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), folder)
			cfg, server := startRedis(t, folder)
			q := open(t, cfg)
			push(t, q, ticket("a"))
			pid := redisPID(t, cfg)
			if err := server.Stop(); err != nil {
				t.Fatal(err)
			}
			if runs(pid) {
				t.Errorf("redis-server %d still runs", pid)
			}
			socket := strings.TrimPrefix(cfg.URL, "unix://")
			if _, err := os.Stat(socket); err == nil {
				t.Errorf("the socket is left: %s", socket)
			}

			cfg, server = startRedis(t, folder)
			again := open(t, cfg)
			if depth := again.Depth([]string{"clip"})["clip"]; depth != 1 {
				t.Errorf("after a restart %d tickets wait, want 1", depth)
			}
			if err := server.Stop(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestStopAfterKill stops a redis-server that was started again.
func TestStopAfterKill(t *testing.T) {
	t.Parallel()
	cfg, server := startRedis(t, t.TempDir())
	q := open(t, cfg)
	first := redisPID(t, cfg)
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, "Redis is back", func() bool { return !runs(first) && q.Ping(t.Context()) == nil })
	second := redisPID(t, cfg)
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	if runs(second) || q.Ping(t.Context()) == nil {
		t.Error("redis-server still runs")
	}
}

func TestStartServerFails(t *testing.T) {
	t.Parallel()
	t.Run("folder is a file", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		wantStartError(t, path, "make the folder of Redis")
	})
	t.Run("data is damaged", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		data := filepath.Join(folder, "appendonlydir")
		if err := os.Mkdir(data, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(data, "appendonly.aof.manifest"), []byte("nonsense\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		wantStartError(t, folder, "redis-server ended at once")
	})
}

// TestNoRedisServer cannot be parallel, as it changes the environment.
func TestNoRedisServer(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	wantStartError(t, t.TempDir(), "apt-get install redis-server")
}

func wantStartError(t *testing.T, folder, want string) {
	t.Helper()
	var cfg queue.Config
	server, err := queue.StartServer(folder, &cfg)
	if err == nil {
		t.Fatalf("no error: %v", server.Stop())
	}
	if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error is %v, want one line with %q", err, want)
	}
	if cfg.URL != "" {
		t.Errorf("the configuration names a Redis that is not there: %s", cfg.URL)
	}
}
