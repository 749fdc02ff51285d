package worker

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"subclip/sample"
	"subclip/storage"
	"subclip/storage/gateway"
)

// What TestMain tells the tests, in the environment, besides where the store is.
const filmPath = "WORKER_TEST_FILM"

// filmFrames is how long the film is, which begins at 10:00:00:00.
const filmFrames = 100

// TestMain starts the gateway, of which a process can have one, and makes a film.
func TestMain(m *testing.M) {
	code, err := prepare(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func prepare(run func() int) (code int, err error) {
	dir, err := os.MkdirTemp("", "subclip-worker-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	film := filepath.Join(dir, "film.mp4")
	options := sample.Default()
	options.Width, options.Height, options.Frames, options.GOP = 320, 180, filmFrames, 20
	if err := sample.Make(context.Background(), film, options, nil); err != nil {
		return 1, err
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 1, err
	}
	if err := listener.Close(); err != nil {
		return 1, err
	}
	cfg := storage.Config{Region: "us-east-1"}
	server, err := gateway.Start(listener.Addr().String(), filepath.Join(dir, "store"), &cfg)
	if err != nil {
		return 1, err
	}
	for name, value := range map[string]string{
		filmPath: film, "S3_ENDPOINT": cfg.Endpoint, "S3_ACCESS_KEY_ID": cfg.AccessKeyID, "S3_SECRET_ACCESS_KEY": cfg.SecretAccessKey,
	} {
		if err := os.Setenv(name, value); err != nil {
			return 1, err
		}
	}
	code = run()
	return code, server.Stop()
}
