package queue

import (
	"context"
	"errors"
	"fmt"
	"net/url"
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
	stopTimeout     = 20 * time.Second
)

// restartPause keeps a redis-server that cannot live from being started in a loop.
const restartPause = time.Second

// Server is a redis-server of our own: a child process that listens on a private
// socket and keeps an append-only file, so that a restart finds its work again.
// Should it end by itself, it is started again.
type Server struct {
	program string
	args    []string
	dir     string        // of the socket, when it is not in the data folder
	halt    chan struct{} // closed to stop
	done    chan error    // how the last process ended
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
	s := &Server{program: program, halt: make(chan struct{}), done: make(chan error, 1)}
	socket := filepath.Join(folder, "redis.sock")
	if len(socket) > socketPathLimit {
		if s.dir, err = os.MkdirTemp("", "subclip-redis-"); err != nil {
			return nil, fmt.Errorf("make a folder for the socket of Redis: %w", err)
		}
		socket = filepath.Join(s.dir, "redis.sock")
	}
	logFile := filepath.Join(folder, "redis.log")
	s.args = []string{
		"--port", "0", "--unixsocket", socket, "--unixsocketperm", "700", "--dir", folder,
		"--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--daemonize", "no", "--logfile", logFile,
	}
	first := process.Command(context.Background(), s.program, s.args...)
	if err := first.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start redis-server: %w", err), s.removeDir())
	}
	alive := make(chan struct{})
	go func() { s.done <- s.keep(first, alive) }()
	address := (&url.URL{Scheme: "unix", Path: socket}).String()
	if err := s.awaitReady(address, logFile); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	close(alive)
	cfg.URL = address
	return s, nil
}

// keep waits for the process and starts another whenever one ends by itself, until
// halt. The first is given up when it ends before it was alive.
func (s *Server) keep(cmd *exec.Cmd, alive <-chan struct{}) error {
	for {
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-s.halt:
			return end(cmd, ended)
		case err := <-ended:
			select {
			case <-alive:
			default:
				return err
			}
		}
		select {
		case <-s.halt:
			return nil
		case <-time.After(restartPause):
		}
		cmd = process.Command(context.Background(), s.program, s.args...)
		if err := cmd.Start(); err != nil {
			return fmt.Errorf("start redis-server again: %w", err)
		}
	}
}

// end stops a process, which first writes what it holds.
func end(cmd *exec.Cmd, ended <-chan error) error {
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal redis-server: %w", err)
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(stopTimeout):
		return errors.Join(cmd.Process.Kill(), <-ended)
	}
}

func (s *Server) awaitReady(address, logFile string) error {
	options, err := redis.ParseURL(address)
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
			s.done <- nil
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
	close(s.halt)
	if err := errors.Join(<-s.done, s.removeDir()); err != nil {
		return fmt.Errorf("stop redis-server: %w", err)
	}
	return nil
}

func (s *Server) removeDir() error {
	if s.dir == "" {
		return nil
	}
	if err := os.RemoveAll(s.dir); err != nil {
		return fmt.Errorf("remove the folder of Redis's socket: %w", err)
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
