package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"subclip/queue"
	"subclip/storage/gateway"
	"subclip/transcoder"

	"golang.org/x/sync/errgroup"
)

// leastFree is the room on disk below which nothing is started: the sample, its
// proxy and a clip or two need about a third of it.
const leastFree = 512 << 20

// databaseFile is the database of subclip up, in its data folder.
const databaseFile = "subclip.db"

type upCommand struct {
	Listen string `help:"Address of the API and the pages; default $SUBCLIP_LISTEN." placeholder:"HOST:PORT"`
	Data   string `help:"Folder in which everything is kept; default $SUBCLIP_DATA." type:"path" placeholder:"DIR"`
	Sample bool   `help:"Make a sample asset at the first start." default:"true" negatable:""`
}

func (c *upCommand) Run(ctx context.Context, stdout io.Writer) error {
	s, err := readSettings()
	if err != nil {
		return err
	}
	if c.Listen != "" {
		s.Listen = c.Listen
	}
	if c.Data != "" {
		s.Data = c.Data
	}
	// The gateway changes the working directory, so paths are fixed first.
	if s.Data, err = filepath.Abs(s.Data); err != nil {
		return fmt.Errorf("find the data folder: %w", err)
	}
	lock, err := openData(s.Data)
	if err != nil {
		return err
	}
	logFile, err := os.OpenFile(filepath.Join(s.Data, "subclip.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return errors.Join(fmt.Errorf("open the log: %w", err), lock.Close())
	}
	log, err := s.logger(logFile)
	if err == nil {
		err = runUp(ctx, s, c.Sample, stdout, log)
	}
	return errors.Join(err, logFile.Close(), lock.Close())
}

// openData makes the data folder and locks it against a second process.
func openData(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("cannot make the data folder: choose another one with --data (%w)", err)
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return nil, fmt.Errorf("look at the disk of the data folder: %w", err)
	}
	if free := disk.Bavail * uint64(disk.Bsize); free < leastFree { //nolint:gosec // a block size is positive
		return nil, fmt.Errorf("only %d MB are free in %s and %d MB are needed: free some, or choose another folder with --data", free>>20, dir, leastFree>>20)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot write to the data folder: choose another one with --data (%w)", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another subclip uses %s: stop it, or choose another folder with --data", dir), lock.Close())
	}
	return lock, nil
}

// runUp starts everything, in the order in which parts need one another, and
// stops it in the opposite order.
func runUp(ctx context.Context, s settings, withSample bool, stdout io.Writer, log *slog.Logger) (err error) {
	if _, err := transcoder.New(s.Transcoder); err != nil {
		return err
	}
	listener, err := listen(ctx, s.Listen, "--listen")
	if err != nil {
		return err
	}
	s.Listen = listener.Addr().String()
	stops := []func() error{}
	defer func() {
		for i := len(stops) - 1; i >= 0; i-- {
			err = errors.Join(err, stops[i]())
		}
	}()
	if stops, err = startEmbedded(ctx, &s, stops); err != nil {
		return errors.Join(err, listener.Close())
	}
	svc, err := open(ctx, s, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	stops = append(stops, svc.close)
	if err := errors.Join(svc.db.Migrate(ctx), svc.ready(ctx)); err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := firstAccount(ctx, svc.accounts, s.Data, stdout); err != nil {
		return errors.Join(err, listener.Close())
	}
	return runParts(ctx, svc, listener, withSample, stdout)
}

func runParts(ctx context.Context, svc *service, listener net.Listener, withSample bool, stdout io.Writer) error {
	address := "http://" + listener.Addr().String()
	_, _ = fmt.Fprintf(stdout, "Subclip is at %s (data in %s; Ctrl-C stops it)\n", address, svc.settings.Data)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return svc.serve(ctx, listener) })
	group.Go(func() error { return svc.work(ctx) })
	group.Go(func() error {
		token, err := ownToken(ctx, svc.accounts, svc.settings.Data)
		if err == nil {
			err = greet(ctx, address, svc.settings.Data, token, withSample, stdout)
		}
		if ctx.Err() == nil {
			return err
		}
		return nil // it was interrupted, not in error
	})
	err := group.Wait()
	_, _ = fmt.Fprintln(stdout, "Subclip has stopped; the next start finds everything again.")
	return err
}

// startEmbedded starts the parts that no setting says are elsewhere.
func startEmbedded(ctx context.Context, s *settings, stops []func() error) ([]func() error, error) {
	if s.Worker.Scratch == "" {
		s.Worker.Scratch = filepath.Join(s.Data, "scratch")
	}
	if s.Database.URL == "" {
		s.Database.URL = "sqlite://" + filepath.Join(s.Data, databaseFile)
	}
	if s.Mail.Host == "" && s.Mail.Folder == "" {
		s.Mail.Folder = filepath.Join(s.Data, "mail")
	}
	if s.Queue.URL == "" {
		redis, err := queue.StartServer(filepath.Join(s.Data, "redis"), &s.Queue)
		if err != nil {
			return stops, err
		}
		stops = append(stops, redis.Stop)
	}
	if s.Storage.Endpoint == "" {
		// The gateway would report a taken address in words of its own.
		probe, err := listen(ctx, s.StoreListen, "SUBCLIP_STORE_LISTEN")
		if err != nil {
			return stops, err
		}
		if err := probe.Close(); err != nil {
			return stops, fmt.Errorf("free the store's address: %w", err)
		}
		store, err := gateway.Start(s.StoreListen, filepath.Join(s.Data, "store"), &s.Storage)
		if err != nil {
			return stops, err
		}
		stops = append(stops, store.Stop)
	}
	return stops, nil
}
