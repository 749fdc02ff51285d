package accounts

import (
	"context"
	"strings"
	"testing"
	"time"

	"subclip/database"

	"github.com/pquerna/otp/totp"
)

// visitor reads a session's person as they are now.
func (h *house) visitor(t *testing.T, in SignedIn) Visitor {
	t.Helper()
	v, ok, err := h.BySession(t.Context(), in.Secret)
	if err != nil || !ok {
		t.Fatalf("the session is over: %v", err)
	}
	return v
}

func TestChangePassword(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		other := h.member(t, "zoe@example.com")
		in := must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: password}, at(t)))
		pending := must[Ticket](t)(h.BeginReset(t.Context(), "zoe@example.com", "", at(t)))
		code := h.box.Await(t, "zoe@example.com", 2).Code(t)
		v := h.visitor(t, in)
		refused(t, h.ChangePassword(t.Context(), v, "Wrong-Password-7", "Another-Password-1!", at(t)), Invalid, "current_password", "not your password")
		refused(t, h.ChangePassword(t.Context(), v, password, "short", at(t)), Invalid, "password", "at least 12")
		if err := h.ChangePassword(t.Context(), v, password, "Another-Password-1!", at(t)); err != nil {
			t.Fatal(err)
		}
		h.mustBeOpen(t, in, true)
		h.mustBeOpen(t, other, false)
		_, err := h.FinishReset(t.Context(), pending.ID, code, "Third-Password-1!", at(t))
		refused(t, err, Invalid, "code", "this code does not work")
		must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: "Another-Password-1!"}, at(t)))
	})
}

func TestMove(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in, other := h.member(t, "zoe@example.com"), h.member(t, "other@example.com")
		v := h.visitor(t, in)
		_, err := h.BeginMove(t.Context(), v.Person, "new@example.com", "Wrong-Password-7", at(t))
		refused(t, err, Invalid, "current_password", "not your password")
		must[Ticket](t)(h.BeginMove(t.Context(), v.Person, "other@example.com", password, at(t)))
		if m := h.box.Await(t, "other@example.com", 2); m.Code(t) != "" {
			t.Errorf("a code was sent to somebody's address: %s", m.Text(t))
		}
		ticket := must[Ticket](t)(h.BeginMove(t.Context(), v.Person, "New@example.com", password, at(t)))
		code := h.box.Await(t, "New@example.com", 1).Code(t)
		refused(t, h.FinishMove(t.Context(), h.visitor(t, other), ticket.ID, code, at(t)), Invalid, "code", "does not work")
		// Somebody who reads the former address has begun a reset.
		stolen := must[Ticket](t)(h.BeginReset(t.Context(), "zoe@example.com", "", at(t)))
		sent := h.box.Await(t, "zoe@example.com", 2).Code(t)
		if err := h.FinishMove(t.Context(), v, ticket.ID, code, at(t)); err != nil {
			t.Fatal(err)
		}
		h.box.Await(t, "zoe@example.com", 3)
		_, err = h.FinishReset(t.Context(), stolen.ID, sent, "Stolen-Password-1!", at(t))
		refused(t, err, Invalid, "code", "does not work")
		must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: "new@example.com", Password: password}, at(t)))
		_, err = h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: password}, at(t))
		refused(t, err, Unauthorized, "", "wrong")
	})
}

// TestMoveTogether has two people move to one address.
func TestMoveTogether(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var visitors []Visitor
		var tickets []Ticket
		var codes []string
		for i, email := range []string{"a@example.com", "b@example.com"} {
			visitors = append(visitors, h.visitor(t, h.member(t, email)))
			tickets = append(tickets, must[Ticket](t)(h.BeginMove(t.Context(), visitors[i].Person, "new@example.com", password, at(t))))
			codes = append(codes, h.box.Await(t, "new@example.com", i+1).Code(t))
			h.later(t)
		}
		errs := together(t.Context(), 2, func(ctx context.Context, i int) error {
			return h.FinishMove(ctx, visitors[i], tickets[i].ID, codes[i], at(t))
		})
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("the answers are %v", errs)
		}
	})
}

func TestDelete(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.member(t, "zoe@example.com")
		v := h.visitor(t, in)
		_, secret, err := h.NewToken(t.Context(), v.Person, "cron", []Scope{ScopeRead}, time.Hour, at(t))
		if err != nil {
			t.Fatal(err)
		}
		must[Ticket](t)(h.BeginReset(t.Context(), "zoe@example.com", "", at(t)))
		refused(t, h.Delete(t.Context(), v.Person, "Wrong-Password-7", at(t)), Invalid, "current_password", "not your password")
		if err := h.Delete(t.Context(), v.Person, password, at(t)); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"people", "sessions", "tokens", "codes"} {
			if n := h.count(t, table); n > 0 {
				t.Errorf("%d %s are left", n, table)
			}
		}
		h.mustBeOpen(t, in, false)
		if _, ok, err := h.ByToken(t.Context(), secret); ok || err != nil {
			t.Errorf("the token works: %v", err)
		}
		for _, e := range must[[]Entry](t)(h.Audit(t.Context(), "", "", 10)) {
			if e.Address != "" || e.Detail != "" {
				t.Errorf("the record still has %+v", e)
			}
		}
		h.later(t)
		ticket := must[Ticket](t)(h.Register(t.Context(), registration("zoe@example.com"), at(t)))
		must[SignedIn](t)(h.ConfirmRegistration(t.Context(), ticket.ID, h.box.Await(t, "zoe@example.com", 3).Code(t), at(t)))
	})
}

func TestFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.member(t, "zoe@example.com")
		enrolment := must[Enrolment](t)(h.BeginFactor(t.Context(), h.visitor(t, in).Person, password, at(t)))
		if !strings.HasPrefix(enrolment.URL, "otpauth://totp/Press:zoe@example.com?") {
			t.Errorf("the app is set up with %s", enrolment.URL)
		}
		signIn := func(code string) error {
			_, err := h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: password, Code: code}, at(t))
			return err
		}
		if err := signIn(""); err != nil {
			t.Errorf("it is asked for before it is confirmed: %v", err)
		}
		v := h.visitor(t, in)
		_, err := h.ConfirmFactor(t.Context(), v.Person, "000", at(t))
		refused(t, err, Unauthorized, "code", "does not work")
		code := must[string](t)(totp.GenerateCode(enrolment.Secret, database.Now()))
		recovery := must[[]string](t)(h.ConfirmFactor(t.Context(), v.Person, code, at(t)))
		refused(t, signIn(""), Unauthorized, "code", "authenticator app")
		refused(t, signIn(code), Unauthorized, "code", "does not work") // it was used
		next := must[string](t)(totp.GenerateCode(enrolment.Secret, database.Now().Add(totpPeriod*time.Second)))
		if err := signIn(next[:3] + " " + next[3:]); err != nil {
			t.Error(err)
		}
		refused(t, signIn(next), Unauthorized, "code", "does not work")
		worked := 0
		for _, err := range together(t.Context(), 4, func(context.Context, int) error { return signIn(strings.ToLower(recovery[0])) }) {
			if err == nil {
				worked++
			}
		}
		if worked != 1 || len(recovery) != recoveryCodes {
			t.Errorf("one of %d recovery codes worked %d times", len(recovery), worked)
		}
		_, err = h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: "Wrong-Password-7", Code: recovery[1]}, at(t))
		refused(t, err, Unauthorized, "", "the e-mail address or the password is wrong")
		for range factorTries {
			_ = signIn("000000x")
		}
		refused(t, signIn(recovery[2]), TooMany, "", "wait")
		if err := h.RemoveFactor(t.Context(), v.Person, password, at(t)); err != nil {
			t.Fatal(err)
		}
		if err := signIn(""); err != nil || h.count(t, "recovery_codes") != 0 {
			t.Errorf("it is still asked for: %v", err)
		}
	})
}

// TestLiftFactor has an administrator end the second factor of somebody whose phone is lost.
func TestLiftFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.member(t, "zoe@example.com")
		zoe := in.Person.ID
		refused(t, h.LiftFactor(t.Context(), "admin", zoe, at(t)), Conflict, "", "has no second factor")
		enrolment := must[Enrolment](t)(h.BeginFactor(t.Context(), h.visitor(t, in).Person, password, at(t)))
		code := must[string](t)(totp.GenerateCode(enrolment.Secret, database.Now()))
		must[[]string](t)(h.ConfirmFactor(t.Context(), h.visitor(t, in).Person, code, at(t)))
		refused(t, h.LiftFactor(t.Context(), zoe, zoe, at(t)), Invalid, "", "your own account")
		refused(t, h.LiftFactor(t.Context(), "admin", "nobody", at(t)), NotFound, "", "no such person")
		if err := h.LiftFactor(t.Context(), "admin", zoe, at(t)); err != nil {
			t.Fatal(err)
		}
		h.mustBeOpen(t, in, false)
		e := must[[]Entry](t)(h.Audit(t.Context(), zoe, "", 1))[0]
		if e.Action != FactorLifted || e.ActorID != "admin" || h.count(t, "recovery_codes") != 0 {
			t.Errorf("the record has %+v; %d recovery codes are left", e, h.count(t, "recovery_codes"))
		}
		if told := h.box.Await(t, "zoe@example.com", 2); !strings.Contains(told.Text(t), "administrateur") {
			t.Errorf("told is %s", told.Text(t))
		}
		must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: password}, at(t)))
	})
}

func TestRoles(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, role := range []Role{"", Viewer, "owner"} {
			_, err := h.Add(t.Context(), "x@example.com", password, role, Profile{Name: "X"})
			refused(t, err, Invalid, "role", "professional, editor or admin")
		}
		first := must[*Person](t)(h.Add(t.Context(), "first@example.com", password, Admin, Profile{Name: "First"}))
		second := must[*Person](t)(h.Add(t.Context(), "second@example.com", password, Admin, Profile{Name: "Second"}))
		_, err := h.Add(t.Context(), "FIRST@example.com", password, Editor, Profile{Name: "X"})
		refused(t, err, Conflict, "", "has an account already")
		in := must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: "second@example.com", Password: password}, at(t)))

		people := []*Person{first, second}
		errs := together(t.Context(), 2, func(ctx context.Context, i int) error {
			return h.SetRole(ctx, first.ID, people[i].ID, Editor, at(t))
		})
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("both administrators at once: %v", errs)
		}
		if errs[1] != nil {
			refused(t, errs[1], Conflict, "", "the last administrator")
			if err := h.SetRole(t.Context(), "", first.ID, Admin, at(t)); err != nil {
				t.Fatal(err)
			}
			if err := h.SetRole(t.Context(), first.ID, second.ID, Editor, at(t)); err != nil {
				t.Fatal(err)
			}
		} else {
			refused(t, errs[0], Conflict, "", "the last administrator")
		}
		h.mustBeOpen(t, in, false)
		refused(t, h.SetRole(t.Context(), first.ID, "nobody", Editor, at(t)), NotFound, "", "no such person")
		if e := must[[]Entry](t)(h.Audit(t.Context(), second.ID, "", 1))[0]; e.Action != RoleChange || e.ActorID != first.ID || e.Detail != "admin to editor" {
			t.Errorf("the record says %+v", e)
		}
		if page := must[[]Person](t)(h.People(t.Context(), "", second.ID, 10)); len(page) != 1 || page[0].ID != first.ID {
			t.Errorf("the page is %+v", page)
		}
	})
}

func TestAtLeast(t *testing.T) {
	t.Parallel()
	for i, role := range Roles() {
		for j, least := range Roles() {
			if got := role.AtLeast(least); got != (i >= j) {
				t.Errorf("%s may do what %s may: %v", role, least, got)
			}
		}
		if Role("").AtLeast(role) || Role("root").AtLeast(role) {
			t.Errorf("an unknown role may do what %s may", role)
		}
	}
}
