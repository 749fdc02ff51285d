package worker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// scratch is this process's folder for files in the making. A lock on it tells
// the folders of the living from those of the killed, which are cleared away.
type scratch struct {
	dir  string
	lock *os.File
}

const scratchPrefix = "worker-"

func openScratch(base string) (*scratch, error) {
	base, err := filepath.Abs(base)
	if err != nil {
		return nil, fmt.Errorf("find the scratch folder: %w", err)
	}
	if err := os.MkdirAll(base, 0o700); err != nil {
		return nil, fmt.Errorf("make the scratch folder: %w", err)
	}
	// Between making a folder and locking it, another process that starts must
	// not take it for a dead one's.
	starting, err := lockFolder(base, syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer func() { _ = starting.Close() }()
	if err := clearDead(base); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(base, scratchPrefix+"*")
	if err != nil {
		return nil, fmt.Errorf("make a scratch folder: %w", err)
	}
	lock, err := lockFolder(dir, syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		return nil, err
	}
	return &scratch{dir, lock}, nil
}

func lockFolder(dir string, how int) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the scratch folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), how); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the scratch folder: %w", err), f.Close())
	}
	return f, nil
}

func clearDead(base string) error {
	entries, err := os.ReadDir(base)
	if err != nil {
		return fmt.Errorf("look for old scratch folders: %w", err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), scratchPrefix) {
			continue
		}
		dir := filepath.Join(base, entry.Name())
		lock, err := lockFolder(dir, syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			continue // a living worker's
		}
		if err := errors.Join(os.RemoveAll(dir), lock.Close()); err != nil {
			return fmt.Errorf("clear an old scratch folder: %w", err)
		}
	}
	return nil
}

func (s *scratch) close() error {
	if err := errors.Join(os.RemoveAll(s.dir), s.lock.Close()); err != nil {
		return fmt.Errorf("clear the scratch folder: %w", err)
	}
	return nil
}

// room is one job's folder.
type room struct{ dir string }

func (s *scratch) room() (*room, error) {
	dir, err := os.MkdirTemp(s.dir, "job-*")
	if err != nil {
		return nil, fmt.Errorf("make room for a job: %w", err)
	}
	return &room{dir}, nil
}

func (r *room) path(name string) string { return filepath.Join(r.dir, name) }

func (r *room) close() { _ = os.RemoveAll(r.dir) }
