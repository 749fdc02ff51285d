package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"subclip/process"
	"subclip/storage"
	"subclip/transcoder"

	"github.com/caarlos0/env/v11"
)

// taskVariable is the environment variable that makes this program a worker.
const taskVariable = "BENCH_CUT_TASK"

// task is one clip for one contender.
type task struct {
	Contender  string
	Master     string // key
	MasterFile string // on the gateway's disk
	MasterSize int64
	Facts      transcoder.Source
	Range      transcoder.Range
	Ready      string // key of a finished clip, for the copy
	ReadySize  int64
	Key        string // of the object to be made
	Scratch    string // folder for files, removed after the task
}

// worker is what a contender works with.
type worker struct {
	cfg        storage.Config
	store      *storage.Store
	transcoder *transcoder.Transcoder
}

// work does the task of a worker process and writes its outcome as JSON.
func work(ctx context.Context, job string, stdout io.Writer) error {
	var t task
	if err := json.Unmarshal([]byte(job), &t); err != nil {
		return fmt.Errorf("read the task: %w", err)
	}
	w, err := newWorker(ctx)
	if err != nil {
		return err
	}
	c, err := findContender(t.Contender)
	if err != nil {
		return err
	}
	out, err := measured(func(o *outcome) error { return c.do(ctx, w, t, o) })
	if err != nil {
		return err
	}
	if err := json.NewEncoder(stdout).Encode(out); err != nil {
		return fmt.Errorf("write the outcome: %w", err)
	}
	return nil
}

// newWorker opens the store and calls it once, for a worker at work has done so.
func newWorker(ctx context.Context) (*worker, error) {
	var cfg struct {
		Storage    storage.Config
		Transcoder transcoder.Config
	}
	if err := env.Parse(&cfg); err != nil {
		return nil, fmt.Errorf("read the environment: %w", err)
	}
	w := &worker{cfg: cfg.Storage}
	var err error
	if w.store, err = storage.New(ctx, cfg.Storage); err != nil {
		return nil, err
	}
	if w.transcoder, err = transcoder.New(cfg.Transcoder); err != nil {
		return nil, err
	}
	return w, w.store.Ping(ctx)
}

// start does a task in a process of its own. The object it made is still there.
func (s *site) start(ctx context.Context, t task) (out outcome, err error) {
	t.Scratch = filepath.Join(s.dir, "scratch")
	if err := os.Mkdir(t.Scratch, 0o750); err != nil {
		return out, fmt.Errorf("make the worker's folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(t.Scratch)) }()
	job, err := json.Marshal(t)
	if err != nil {
		return out, fmt.Errorf("write the task: %w", err)
	}
	program, err := os.Executable()
	if err != nil {
		return out, fmt.Errorf("find this program: %w", err)
	}
	cmd := process.Command(ctx, program)
	cmd.Env = append(append(os.Environ(), s.env...), taskVariable+"="+string(job))
	cmd.Stderr = os.Stderr
	answer, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("%s: %w", t.Contender, err)
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		return out, fmt.Errorf("read the outcome of %s: %w", t.Contender, err)
	}
	return out, nil
}
