package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// site is a service of its own, in a folder that goes with it.
type site struct {
	dir, url, token string
	email, password string
	letter          string // a newsletter's draft
	program         *exec.Cmd
}

// startSite runs bin/subclip on free ports, and waits until it is ready.
func startSite(ctx context.Context) (*site, error) {
	dir, err := os.MkdirTemp("", "subclip-screenshots-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the service: %w", err)
	}
	s := &site{dir: dir}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	store, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	s.url = "http://" + address
	data := filepath.Join(dir, "data")
	s.program = exec.CommandContext(ctx, "bin/subclip", "up", "--no-sample", "--listen", address, "--data", data)
	s.program.Env = append(os.Environ(), "SUBCLIP_STORE_LISTEN="+store, "SUBCLIP_TOPICS=politics,economy,environment,culture")
	s.program.Stderr = os.Stderr
	if err := s.program.Start(); err != nil {
		return nil, fmt.Errorf("start bin/subclip: run make build first (%w)", err)
	}
	if err := s.awaitReady(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	token, err := os.ReadFile(filepath.Join(data, "token"))
	account, unread := os.ReadFile(filepath.Join(data, "account.txt"))
	lines := strings.Fields(string(account))
	if err := errors.Join(err, unread); err != nil || len(lines) != 2 {
		return nil, errors.Join(fmt.Errorf("read the first account: %w", err), s.stop())
	}
	s.token, s.email, s.password = strings.TrimSpace(string(token)), lines[0], lines[1]
	return s, nil
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String(), nil
}

func (s *site) awaitReady(ctx context.Context) error {
	const poll = 100 * time.Millisecond
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/readyz", http.NoBody)
		if err != nil {
			return fmt.Errorf("wait for the service: %w", err)
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		if time.Now().After(deadline) {
			return errors.Join(errors.New("the service does not become ready"), err)
		}
	}
}

// stop ends the service and removes its folder.
func (s *site) stop() error {
	_ = s.program.Process.Signal(syscall.SIGINT)
	err := s.program.Wait()
	return errors.Join(err, os.RemoveAll(s.dir))
}
