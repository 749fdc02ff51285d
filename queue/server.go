package queue

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"subclip/process"

	"github.com/redis/go-redis/v9"
)

const (
	// socketPathLimit is the kernel's limit for a socket's address (sun_path).
	socketPathLimit = 107
	startTimeout    = 20 * time.Second
)

// Server is a redis-server of our own: a child process that listens on a private
// socket and keeps an append-only file, so that a restart finds its work again.
type Server struct {
	cmd  *exec.Cmd
	done chan error
	dir  string // of the socket, when it is not in the data folder
}

// StartServer runs redis-server with its data in folder, an absolute path, and
// completes cfg so that New reaches it.
func StartServer(folder string, cfg *Config) (*Server, error) {
	program, err := process.Find("redis-server", "redis-server")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of Redis: %w", err)
	}
	s := &Server{done: make(chan error, 1)}
	socket := filepath.Join(folder, "redis.sock")
	if len(socket) > socketPathLimit {
		if s.dir, err = os.MkdirTemp("", "subclip-redis-"); err != nil {
			return nil, fmt.Errorf("make a folder for the socket of Redis: %w", err)
		}
		socket = filepath.Join(s.dir, "redis.sock")
	}
	logFile := filepath.Join(folder, "redis.log")
	s.cmd = process.Command(context.Background(), program,
		"--port", "0", "--unixsocket", socket, "--unixsocketperm", "700", "--dir", folder,
		"--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--daemonize", "no", "--logfile", logFile)
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start redis-server: %w", err)
	}
	go func() { s.done <- s.cmd.Wait() }()
	cfg.URL = "unix://" + socket
	if err := s.awaitReady(cfg.URL, logFile); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Server) awaitReady(url, logFile string) error {
	options, err := redis.ParseURL(url)
	if err != nil {
		return fmt.Errorf("reach redis-server: %w", err)
	}
	client := redis.NewClient(options)
	defer func() { _ = client.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for client.Ping(ctx).Err() != nil {
		select {
		case err := <-s.done:
			s.done <- err
			return fmt.Errorf("redis-server ended at once (%w): %s", err, lastLineOf(logFile))
		case <-ctx.Done():
			return fmt.Errorf("redis-server does not answer after %s: see %s", startTimeout, logFile)
		case <-tick.C:
		}
	}
	return nil
}

// Stop ends redis-server, which first writes what it holds, and waits for it.
func (s *Server) Stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop redis-server: %w", err)
	}
	err := <-s.done
	if s.dir != "" {
		err = errors.Join(err, os.RemoveAll(s.dir))
	}
	if err != nil {
		return fmt.Errorf("stop redis-server: %w", err)
	}
	return nil
}

func lastLineOf(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return "it left no log"
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	return lines[len(lines)-1]
}
