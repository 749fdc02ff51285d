package accounts

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"subclip/database"
)

// wrong is a code that is not this one.
func wrong(code string, i int) string {
	var n int
	_, _ = fmt.Sscan(code, &n)
	return fmt.Sprintf("%06d", (n+1+i)%1_000_000)
}

// TestGuessing tries many codes at once: five are compared, the right one is not
// among them, and afterwards it is worth nothing.
func TestGuessing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ticket := must[Ticket](t)(h.Register(t.Context(), registration("zoe@example.com"), at(t)))
		code := h.box.Await(t, "zoe@example.com", 1).Code(t)
		for _, err := range together(t.Context(), 25, func(ctx context.Context, i int) error {
			_, err := h.ConfirmRegistration(ctx, ticket.ID, wrong(code, i), at(t))
			return err
		}) {
			refused(t, err, Invalid, "code", "this code does not work")
		}
		var tries int
		if err := h.db.NewSelect().Table("codes").Column("tries").Scan(t.Context(), &tries); err != nil || tries != codeTries {
			t.Errorf("%d tries were counted (%v), want %d", tries, err, codeTries)
		}
		_, err := h.ConfirmRegistration(t.Context(), ticket.ID, code, at(t))
		refused(t, err, Invalid, "code", "this code does not work")
		h.later(t)
		must[Ticket](t)(h.SendCode(t.Context(), ticket.ID, at(t)))
		must[SignedIn](t)(h.ConfirmRegistration(t.Context(), ticket.ID, h.box.Await(t, "zoe@example.com", 2).Code(t), at(t)))
	})
}

// TestReplay uses one code many times at once.
func TestReplay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ticket := must[Ticket](t)(h.Register(t.Context(), registration("zoe@example.com"), at(t)))
		code := h.box.Await(t, "zoe@example.com", 1).Code(t)
		worked := 0
		for _, err := range together(t.Context(), 5, func(ctx context.Context, _ int) error {
			_, err := h.ConfirmRegistration(ctx, ticket.ID, code, at(t))
			return err
		}) {
			if err == nil {
				worked++
				continue
			}
			refused(t, err, Invalid, "code", "this code does not work")
		}
		if worked != 1 || h.count(t, "people") != 1 || h.count(t, "sessions") != 1 {
			t.Errorf("the code worked %d times", worked)
		}
	})
}

// TestManyRequests makes requests without end: while no code is sent for them,
// there is nothing to guess at.
func TestManyRequests(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.member(t, "zoe@example.com")
		must[Ticket](t)(h.BeginReset(t.Context(), "zoe@example.com", "", at(t)))
		hash := must[string](t)(h.hasher.hash(t.Context(), "123456"))
		for range 3 {
			ticket := must[Ticket](t)(h.BeginReset(t.Context(), "zoe@example.com", "", at(t)))
			// As if the guess were right.
			if _, err := h.db.ExecContext(t.Context(), "UPDATE codes SET hash = ? WHERE id = ?", hash, ticket.ID); err != nil {
				t.Fatal(err)
			}
			_, err := h.FinishReset(t.Context(), ticket.ID, "123456", "Another-Password-1!", at(t))
			refused(t, err, Invalid, "code", "this code does not work")
		}
		h.Close()
		if n := len(h.box.To("zoe@example.com")); n != 2 {
			t.Errorf("%d messages were sent, want 2", n)
		}
	})
}

func TestCodeEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ticket := must[Ticket](t)(h.Register(t.Context(), registration("zoe@example.com"), at(t)))
		code := h.box.Await(t, "zoe@example.com", 1).Code(t)
		if _, err := h.db.ExecContext(t.Context(), "UPDATE codes SET expires_at = ?", database.Now().Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
		_, err := h.ConfirmRegistration(t.Context(), ticket.ID, code, at(t))
		refused(t, err, Invalid, "code", "this code does not work")
		_, err = h.FinishReset(t.Context(), ticket.ID, code, password, at(t))
		refused(t, err, Invalid, "code", "this code does not work")
	})
}

// TestWaits asks for new codes: the wait grows, whether there is an account or
// not, and the former code ends.
func TestWaits(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.member(t, "zoe@example.com")
		var waits [2][]time.Duration
		for i, email := range []string{"zoe@example.com", "nobody@example.com"} {
			ticket := must[Ticket](t)(h.BeginReset(t.Context(), email, "", at(t)))
			for range 4 {
				_, err := h.SendCode(t.Context(), ticket.ID, at(t))
				refused(t, err, TooMany, "", "wait")
				if e, _ := errors.AsType[*Error](err); e.RetryAfter < time.Second {
					t.Errorf("it may be tried again after %s", e.RetryAfter)
				}
				h.later(t)
				before := database.Now()
				ticket = must[Ticket](t)(h.SendCode(t.Context(), ticket.ID, at(t)))
				waits[i] = append(waits[i], ticket.NextCodeAt.Sub(before).Truncate(10*time.Second))
			}
		}
		for i, want := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute} {
			if waits[0][i] != want || waits[1][i] != want {
				t.Errorf("wait %d is %s, and %s without an account, want %s", i, waits[0][i], waits[1][i], want)
			}
		}
		h.box.Await(t, "zoe@example.com", 6)
		h.Close()
		if all := h.box.To("nobody@example.com"); len(all) > 0 {
			t.Errorf("an address without an account was sent %d messages", len(all))
		}
	})
}
