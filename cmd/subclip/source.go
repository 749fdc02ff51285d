package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"subclip/storage"
	"subclip/transcoder"
)

// source is a video that a command names, in both ways in which it is read: as
// bytes, and by ffmpeg.
type source struct {
	transcoder.Master
	input  string         // absolute path, or signed URL of an object
	remote bool           // an object
	object storage.Source // that it is
	close  func() error
}

// openTools prepares what a command that works on one video needs.
func openTools(ctx context.Context, name string) (settings, *transcoder.Transcoder, *source, error) {
	s, err := readSettings()
	if err != nil {
		return s, nil, nil, err
	}
	t, err := transcoder.New(s.Transcoder)
	if err != nil {
		return s, nil, nil, err
	}
	video, err := openSource(ctx, s.Storage, name)
	return s, t, video, err
}

// openSource opens a path or s3://bucket/key.
func openSource(ctx context.Context, cfg storage.Config, name string) (*source, error) {
	bucket, key, remote := parseS3(name)
	if !remote {
		return openFile(name)
	}
	store, err := openBucket(ctx, cfg, bucket)
	if err != nil {
		return nil, err
	}
	object, err := store.Stat(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	signed, err := store.WorkerURL(ctx, key)
	if err != nil {
		return nil, err
	}
	video := newSource(store.Reader(ctx, key), object.Size, signed, func() error { return nil })
	video.remote, video.object = true, store.Source(key)
	return video, nil
}

func openFile(name string) (*source, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", name, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return nil, fmt.Errorf("there is no file %s", name)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	return newSource(f, info.Size(), path, f.Close), nil
}

func newSource(bytes io.ReaderAt, size int64, input string, closing func() error) *source {
	return &source{Master: transcoder.Master{ReaderAt: bytes, Size: size}, input: input, close: closing}
}

func openBucket(ctx context.Context, cfg storage.Config, bucket string) (*storage.Store, error) {
	cfg.Bucket = bucket
	return storage.New(ctx, cfg)
}

func parseS3(address string) (bucket, key string, ok bool) {
	rest, ok := strings.CutPrefix(address, "s3://")
	if !ok {
		return "", "", false
	}
	bucket, key, _ = strings.Cut(rest, "/")
	return bucket, key, bucket != "" && key != ""
}
