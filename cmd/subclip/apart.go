package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

type serveCommand struct {
	Listen string `help:"Address of the API and the pages; default $SUBCLIP_LISTEN." placeholder:"HOST:PORT"`
}

func (c *serveCommand) Run(ctx context.Context, stdout io.Writer) error {
	s, log, err := begin()
	if err != nil {
		return err
	}
	if c.Listen != "" {
		s.Listen = c.Listen
	}
	listener, err := listen(ctx, s.Listen, "--listen")
	if err != nil {
		return err
	}
	s.Listen = listener.Addr().String()
	svc, err := open(ctx, s, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := svc.ready(ctx); err != nil {
		return errors.Join(err, listener.Close(), svc.close())
	}
	_, _ = fmt.Fprintf(stdout, "API and pages at http://%s\n", listener.Addr())
	return errors.Join(svc.serve(ctx, listener), svc.close())
}

type workerCommand struct{}

func (*workerCommand) Run(ctx context.Context) error {
	s, log, err := begin()
	if err != nil {
		return err
	}
	svc, err := open(ctx, s, log)
	if err != nil {
		return err
	}
	if err := svc.ready(ctx); err != nil {
		return errors.Join(err, svc.close())
	}
	return errors.Join(svc.work(ctx), svc.close())
}

type migrateCommand struct{}

func (*migrateCommand) Run(ctx context.Context, stdout io.Writer) error {
	s, log, err := begin()
	if err != nil {
		return err
	}
	svc, err := open(ctx, s, log)
	if err != nil {
		return err
	}
	if err := svc.db.Migrate(ctx); err != nil {
		return errors.Join(err, svc.close())
	}
	_, _ = fmt.Fprintln(stdout, "the tables are up to date")
	return svc.close()
}
