package database_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"subclip/database"

	"github.com/uptrace/bun"
)

// TestCollision has two transactions change two rows in opposite orders, each the second
// when the other has the first: both come through.
func TestCollision(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, cfg database.Config) {
		db := open(t, cfg)
		mustMigrate(t, db)
		ids := [2]string{database.NewID(), database.NewID()}
		for _, id := range ids {
			if _, err := db.ExecContext(t.Context(), "INSERT INTO films (id) VALUES (?)", id); err != nil {
				t.Fatal(err)
			}
		}
		var begun, ended sync.WaitGroup
		begun.Add(2)
		for i := range ids {
			ended.Go(func() {
				var meet sync.Once
				err := db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
					for step := range ids {
						if _, err := tx.ExecContext(ctx, "UPDATE films SET year = year + 1 WHERE id = ?", ids[(i+step)%2]); err != nil {
							return err
						}
						if !db.IsSQLite() { // where only one of them can have begun
							meet.Do(func() { begun.Done(); begun.Wait() })
						}
					}
					return nil
				})
				if err != nil {
					t.Errorf("transaction %d: %v", i, err)
				}
			})
		}
		ended.Wait()
		if n, err := db.NewSelect().Table("films").Where("year = 2").Count(t.Context()); err != nil || n != 2 {
			t.Errorf("%d rows were changed twice, %v", n, err)
		}
		wrong, runs := errors.New("wrong"), 0
		err := db.RunInTx(t.Context(), nil, func(context.Context, bun.Tx) error { runs++; return wrong })
		if !errors.Is(err, wrong) || runs != 1 {
			t.Errorf("another error is %v after %d runs", err, runs)
		}
	})
}
