package database

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"
)

// migrationLock is the number by which processes agree, in PostgreSQL, on who
// changes the tables. It means nothing.
const migrationLock = 5_390_264_107

func (d *DB) migrator() *migrate.Migrator {
	// Where the databases differ, migrations ask which one it is: {{if .SQLite}}.
	return migrate.NewMigrator(d.DB, d.migrations, migrate.WithMarkAppliedOnSuccess(true),
		migrate.WithTemplateData(struct{ SQLite bool }{d.IsSQLite()}))
}

// Migrate brings the tables up to date; of several processes that call it at
// once, one does the work and the others wait for it.
func (d *DB) Migrate(ctx context.Context) error {
	return d.alone(ctx, func(ctx context.Context) error {
		migrator := d.migrator()
		if err := migrator.Init(ctx); err != nil {
			return fmt.Errorf("prepare the database: %w", err)
		}
		if _, err := migrator.Migrate(ctx); err != nil {
			return fmt.Errorf("change the tables: %w", err)
		}
		return nil
	})
}

// Rollback takes back what the last Migrate changed. Nothing in the service does.
func (d *DB) Rollback(ctx context.Context) error {
	return d.alone(ctx, func(ctx context.Context) error {
		if _, err := d.migrator().Rollback(ctx); err != nil {
			return fmt.Errorf("change the tables back: %w", err)
		}
		return nil
	})
}

// CheckSchema reports tables that are not up to date.
func (d *DB) CheckSchema(ctx context.Context) error {
	if err := d.Ping(ctx); err != nil {
		return err
	}
	all, err := d.migrator().MigrationsWithStatus(ctx)
	if err != nil {
		return fmt.Errorf("the database has no tables yet: run `subclip migrate` (%w)", err)
	}
	if n := len(all.Unapplied()); n > 0 {
		return fmt.Errorf("the database lacks %d migrations: run `subclip migrate`", n)
	}
	return nil
}

// alone does work while no other process does. The migrator has a lock of its
// own, but that is a row, which stays when a process is killed; this one is a
// transaction's or an open file's.
func (d *DB) alone(ctx context.Context, work func(context.Context) error) error {
	if d.IsSQLite() {
		folder, err := lockFolder(ctx, d.folder)
		if err != nil {
			return err
		}
		return errors.Join(work(ctx), folder.Close())
	}
	return d.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", migrationLock); err != nil {
			return fmt.Errorf("wait for other processes to change the tables: %w", err)
		}
		return work(ctx)
	})
}

// lockFolder waits for its turn on a folder; closing the file ends it.
func lockFolder(ctx context.Context, path string) (*os.File, error) {
	folder, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the database: %w", err)
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return folder, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(fmt.Errorf("lock the folder of the database: %w", err), folder.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("wait for other processes to change the tables: %w", ctx.Err()), folder.Close())
		case <-tick.C:
		}
	}
}
