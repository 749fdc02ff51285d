package accounts

import (
	"context"
	"errors"
	"testing"
	"time"

	"subclip/database"
)

// TestDeparture has the other rooms fail at first: they are asked again until a while
// after they have forgotten.
func TestDeparture(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var asked []Departure
		cannot := errors.New("the other rooms cannot be reached")
		h.OnDeparture(func(_ context.Context, left Departure) error {
			asked = append(asked, left)
			return cannot
		})
		v := h.visitor(t, h.member(t, "Zoe@example.com"))
		if err := h.Delete(t.Context(), v.Person, password, at(t)); err != nil {
			t.Fatalf("the account is gone, and the answer is %v", err)
		}
		if err := h.Sweep(t.Context()); !errors.Is(err, cannot) {
			t.Errorf("sweeping says %v", err)
		}
		cannot = nil
		for range 2 { // a request of theirs may still be under way
			if err := h.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if len(asked) != 4 {
			t.Errorf("asked were %+v", asked)
		}
		for _, left := range asked {
			if left.PersonID != v.Person.ID || left.EmailKey != "zoe@example.com" || left.At.IsZero() {
				t.Errorf("asked was %+v", left)
			}
		}
		if _, err := h.db.NewUpdate().Model((*Departure)(nil)).Set("at = ?", database.Now().Add(-departureMemory-time.Second)).Where("TRUE").Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := h.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if len(asked) != 5 || h.count(t, "departures") != 0 {
			t.Errorf("asked were %d, kept are %d", len(asked), h.count(t, "departures"))
		}
	})
}

// TestDeleteTogether deletes one account at the same instant in two places.
func TestDeleteTogether(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.visitor(t, h.member(t, "zoe@example.com"))
		errs := together(t.Context(), 2, func(ctx context.Context, _ int) error { return h.Delete(ctx, v.Person, password, at(t)) })
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("the answers are %v", errs)
		}
		if n := h.count(t, "departures"); n != 1 {
			t.Errorf("%d have left", n)
		}
	})
}
