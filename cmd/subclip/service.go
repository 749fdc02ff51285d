package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/database"
	"subclip/feeds"
	"subclip/httpapi"
	"subclip/mail"
	"subclip/newsletter"
	"subclip/portal"
	"subclip/queue"
	"subclip/storage"
	"subclip/transcoder"
	"subclip/webhooks"
	"subclip/worker"

	"github.com/gin-gonic/gin"
	"golang.org/x/sync/errgroup"
)

// service is the parts that the API and the workers share.
type service struct {
	settings   settings
	log        *slog.Logger
	queue      *queue.Queue
	db         *database.DB
	catalog    *catalog.Catalog
	store      *storage.Store
	mailer     *mail.Mailer
	accounts   *accounts.Accounts
	newsletter *newsletter.Newsletter
	webhooks   *webhooks.Webhooks
}

// open connects to the queue, the database and the store.
func open(ctx context.Context, s settings, log *slog.Logger) (*service, error) {
	if err := s.requireRedis(); err != nil {
		return nil, err
	}
	if s.Mail.SiteURL == "" {
		s.Mail.SiteURL = "http://" + s.Listen
	}
	mailer, err := mail.New(s.Mail, log)
	if err != nil {
		return nil, err
	}
	q, err := queue.New(s.Queue, log)
	if err != nil {
		return nil, err
	}
	svc := &service{settings: s, log: log, queue: q, mailer: mailer}
	if svc.db, err = openDatabase(s); err != nil {
		return nil, errors.Join(err, q.Close())
	}
	if svc.catalog, err = catalog.New(s.Catalog, svc.db, q, log); err != nil {
		return nil, errors.Join(err, svc.close())
	}
	if svc.accounts, err = accounts.New(s.Accounts, svc.db, mailer, q.Redis(), log); err != nil {
		return nil, errors.Join(err, svc.close())
	}
	letters := newsletter.Parts{DB: svc.db, Catalog: svc.catalog, Queue: q, Mailer: mailer, Log: log}
	if svc.newsletter, err = newsletter.New(s.Newsletter, letters); err != nil {
		return nil, errors.Join(err, svc.close())
	}
	svc.accounts.OnDeparture(svc.forget)
	if svc.webhooks, err = webhooks.New(s.Webhooks, svc.db, svc.catalog, log); err != nil {
		return nil, errors.Join(err, svc.close())
	}
	if svc.store, err = storage.New(ctx, s.Storage); err != nil {
		return nil, errors.Join(err, svc.close())
	}
	return svc, nil
}

// forget has the rooms that keep something about a person forget them. Webhooks go with
// the account's row.
func (s *service) forget(ctx context.Context, left accounts.Departure) error {
	return errors.Join(s.catalog.ForgetPerson(ctx, left.PersonID), s.newsletter.Forget(ctx, left.EmailKey, left.At))
}

// openDatabase connects to the database with the tables of all rooms.
func openDatabase(s settings) (*database.DB, error) {
	return database.Open(s.Database, catalog.Migrations(), accounts.Migrations(), newsletter.Migrations(), webhooks.Migrations())
}

// ready checks what must be there before work begins.
func (s *service) ready(ctx context.Context) error {
	if err := s.db.CheckSchema(ctx); err != nil {
		return err
	}
	if err := s.store.EnsureBucket(ctx); err != nil {
		return err
	}
	origins, err := pageOrigins(s.settings.Mail.SiteURL)
	if err != nil {
		return err
	}
	// A store may be told in another way, or be told by somebody who has the right to.
	if err := s.store.AllowOrigins(ctx, origins...); err != nil {
		s.log.Warn("the store was not told which pages may use it: unless it was told otherwise, uploads from browsers fail", "error", err)
	}
	return nil
}

func (s *service) close() error {
	if s.accounts != nil {
		s.accounts.Close()
	}
	return errors.Join(s.db.Close(), s.queue.Close())
}

// work runs a worker, and sends newsletters and webhooks, until ctx ends.
func (s *service) work(ctx context.Context) error {
	t, err := transcoder.New(s.settings.Transcoder)
	if err != nil {
		return err
	}
	w, err := worker.New(s.settings.Worker, s.catalog, s.queue, s.store, t, s.log)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return w.Run(ctx) })
	group.Go(func() error { return newsletter.NewSender(s.newsletter).Run(ctx) })
	group.Go(func() error { return s.webhooks.Run(ctx) })
	return group.Wait()
}

// mountFeeds adds the feeds, and the messages kept on one machine.
func (s *service) mountFeeds(engine *gin.Engine) error {
	feeds.Mount(engine, feeds.Parts{Catalog: s.catalog, Store: s.store, SiteName: s.mailer.SiteName(), Link: s.mailer.Link, Log: s.log})
	return s.mailer.Mount(engine)
}

// serve answers requests on listener until ctx ends; then it lets those in
// progress finish.
func (s *service) serve(ctx context.Context, listener net.Listener) error {
	gin.SetMode(gin.ReleaseMode)
	pages, err := portal.New(portal.Parts{
		Config: s.settings.Portal, Catalog: s.catalog, Accounts: s.accounts, Newsletter: s.newsletter, Webhooks: s.webhooks,
		Store: s.store, Settings: s.settings.inForce(), SiteName: s.mailer.SiteName(), Link: s.mailer.Link, Log: s.log,
	})
	if err != nil {
		return err
	}
	engine, err := httpapi.New(ctx, s.settings.HTTP, httpapi.Parts{
		DB: s.db, Catalog: s.catalog, Accounts: s.accounts, Newsletter: s.newsletter, Webhooks: s.webhooks,
		Queue: s.queue, Store: s.store, Log: s.log, ErrorPage: pages.ShowError,
	}, pages.Mount, s.mountFeeds)
	if err != nil {
		return err
	}
	go s.sweep(ctx)
	server := &http.Server{Handler: engine, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.settings.StopTime)
		defer cancel()
		stopped <- server.Shutdown(deadline)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve requests: %w", err)
	}
	if err := <-stopped; err != nil {
		return fmt.Errorf("requests were cut off after %s: %w", s.settings.StopTime, errors.Join(err, server.Close()))
	}
	return nil
}

// sweepEvery is how often sessions, codes and deliveries that are over are removed.
const sweepEvery = time.Hour

func (s *service) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := errors.Join(s.accounts.Sweep(ctx), s.webhooks.Sweep(ctx)); err != nil && ctx.Err() == nil {
			s.log.Error("what is over was not removed", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// listen takes an address, or says what to do when it is taken. flag names how
// to choose another one.
func listen(ctx context.Context, address, flag string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use: stop the program that uses it, or choose another address with %s", address, flag)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: choose another address with %s (%w)", address, flag, err)
	}
	return listener, nil
}
