package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"subclip/storage"
	"subclip/storage/gateway"
)

const (
	bucket = "bench"
	region = "us-east-1"
	// workRoom is what stays free beside masters and clips.
	workRoom = 1 << 30
	// clipCopies is how often a clip is on the disk at the worst: the one that was
	// prepared, a local file, the parts it is sent in and the object made of them.
	clipCopies = 4
)

// site is a temporary folder with a running store in it.
type site struct {
	dir     string
	gateway *gateway.Gateway
	store   *storage.Store
	env     []string // by which a worker finds the store
}

// openSite makes the folder and starts the store, if there is room for a run.
func openSite(ctx context.Context, o options) (s *site, err error) {
	if err := checkRoom(o); err != nil {
		return nil, err
	}
	s = &site{}
	if s.dir, err = os.MkdirTemp(o.dir, "bench-cut-"); err != nil {
		return nil, fmt.Errorf("make the temporary folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	cfg := storage.Config{Bucket: bucket, Region: region, URLExpiry: time.Hour}
	if s.gateway, err = gateway.Start(address, filepath.Join(s.dir, "store"), &cfg); err != nil {
		return nil, err
	}
	s.env = []string{
		"S3_ENDPOINT=" + cfg.Endpoint, "S3_BUCKET=" + bucket, "S3_REGION=" + region,
		"S3_ACCESS_KEY_ID=" + cfg.AccessKeyID, "S3_SECRET_ACCESS_KEY=" + cfg.SecretAccessKey,
	}
	if s.store, err = storage.New(ctx, cfg); err != nil {
		return nil, err
	}
	return s, s.store.EnsureBucket(ctx)
}

// close stops the store and removes everything.
func (s *site) close() error {
	var err error
	if s.gateway != nil {
		err = s.gateway.Stop()
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// file is where the gateway keeps an object.
func (s *site) file(key string) string {
	return filepath.Join(s.dir, "store", "objects", bucket, filepath.FromSlash(key))
}

func freeAddress(ctx context.Context) (string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free address: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}

// checkRoom refuses a run for which the disk has no room.
func checkRoom(o options) error {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(o.dir, &disk); err != nil {
		return fmt.Errorf("look at the disk of %s: %w", o.dir, err)
	}
	const tmpfs = 0x01021994
	if disk.Type == tmpfs {
		return fmt.Errorf("%s is in memory: choose a folder on a disk with -dir", o.dir)
	}
	need := uint64(workRoom + roomFor(o))                      //nolint:gosec // lengths are positive
	if free := disk.Bavail * uint64(disk.Bsize); free < need { //nolint:gosec // a block size is positive
		return fmt.Errorf("only %d MB are free and %d MB are needed: free some, choose another disk with -dir or shorter masters with -hours",
			free/megabyte, need/megabyte)
	}
	return nil
}

// roomFor is how many bytes one master and the longest clip of it take.
func roomFor(o options) int64 {
	clips := clipsFor(masterLength(o.hours))
	longest := bytesOf(clips[len(clips)-1].length)
	need := bytesOf(masterLength(o.hours)) + clipCopies*longest
	if o.long {
		need += 2 * clipCopies * longest // an encoded clip may be much larger
	}
	return need
}
