package database

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"
)

// transactionTries bounds how often a transaction runs that another one got in the way of.
const transactionTries = 4

// RunInTx runs work in a transaction, and again, up to four times in all, where PostgreSQL
// ended it because two waited for one another. So work leaves nothing behind but rows:
// what it gives to variables outside it sets anew each time.
func (d *DB) RunInTx(ctx context.Context, opts *sql.TxOptions, work func(context.Context, bun.Tx) error) error {
	for try := 1; ; try++ {
		err := d.DB.RunInTx(ctx, opts, work)
		if try == transactionTries || !isCollision(err) {
			return err
		}
	}
}

// isCollision reports whether a transaction was ended only for the sake of another one.
func isCollision(err error) bool {
	ended, ok := errors.AsType[*pgconn.PgError](err)
	const serializationFailure, deadlockDetected = "40001", "40P01"
	return ok && (ended.Code == serializationFailure || ended.Code == deadlockDetected)
}

// IsDuplicate reports whether an index of PostgreSQL's refused a second row. In SQLite whoever
// looks for the first in a transaction finds it.
func IsDuplicate(err error) bool {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	const uniqueViolation = "23505"
	return ok && refused.Code == uniqueViolation
}
