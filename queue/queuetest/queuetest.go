// Package queuetest gives the tests of a package a Redis server that they share.
package queuetest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"subclip/queue"
)

// redisURL tells the tests, in the environment, where their Redis is.
const redisURL = "SUBCLIP_TEST_REDIS"

// URL is the address of the Redis that Main has started.
func URL() string { return os.Getenv(redisURL) }

// Main is what TestMain does where tests need a Redis: it runs tests while there is
// one, says what went wrong, and exits.
func Main(tests func() (int, error)) {
	code, err := run(tests)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(tests func() (int, error)) (code int, err error) {
	dir, err := os.MkdirTemp("", "subclip-redis-")
	if err != nil {
		return 1, fmt.Errorf("make a folder for Redis: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var cfg queue.Config
	server, err := queue.StartServer(filepath.Join(dir, "redis"), &cfg)
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if err := os.Setenv(redisURL, cfg.URL); err != nil {
		return 1, fmt.Errorf("tell the tests: %w", err)
	}
	return tests()
}
