package accounts

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"subclip/database"

	"github.com/redis/go-redis/v9"
)

func TestSignIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.member(t, "zoe@example.com")
		for _, c := range []Credentials{
			{Email: "zoe@example.com", Password: "Wrong-Password-7"},
			{Email: "nobody@example.com", Password: password},
			{Email: "zoe@example.com"},
			{Email: "zoe@example.com", Password: strings.Repeat(password, 1000)},
		} {
			_, err := h.SignIn(t.Context(), c, at(t))
			refused(t, err, Unauthorized, "", "the e-mail address or the password is wrong")
		}
		in := must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: password, ReturnTo: "/a?in=1"}, at(t)))
		if in.ReturnTo != "/a?in=1" || !in.ExpiresAt.After(database.Now()) {
			t.Errorf("signed in: %+v", in)
		}
		if n := h.count(t, "sessions"); n != 2 {
			t.Errorf("there are %d sessions, want 2", n)
		}
		for _, secret := range []string{"", "x", hashOf(in.Secret), in.Secret + "A"} {
			if _, ok, err := h.BySession(t.Context(), secret); ok || err != nil {
				t.Errorf("%q opens a session: %v", secret, err)
			}
		}
		all := must[[]Entry](t)(h.Audit(t.Context(), in.Person.ID, "", 10))
		if len(all) != 5 || all[0].Action != SignIn || all[1].Action != SignInRefused || all[0].Address != t.Name() {
			t.Errorf("the record is %+v", all)
		}
	})
}

func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.member(t, "zoe@example.com")
		id := first.Person.ID
		other := h.member(t, "other@example.com")
		second := must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: password}, at(t)))
		all := must[[]Session](t)(h.Sessions(t.Context(), id))
		if len(all) != 2 || all[0].Agent != "Test/1.0" {
			t.Fatalf("the sessions are %+v", all)
		}
		refused(t, h.SignOut(t.Context(), other.Person.ID, all[0].ID), NotFound, "", "no such session")
		if err := h.SignOut(t.Context(), id, all[0].ID); err != nil {
			t.Error(err)
		}
		h.mustBeOpen(t, second, false)
		h.mustBeOpen(t, first, true)
		third := must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: password}, at(t)))
		if err := h.SignOutEverywhere(t.Context(), id); err != nil {
			t.Error(err)
		}
		h.mustBeOpen(t, first, false)
		h.mustBeOpen(t, third, false)
		h.mustBeOpen(t, other, true)
		if _, err := h.db.ExecContext(t.Context(), "UPDATE sessions SET expires_at = ?", database.Now().Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
		h.mustBeOpen(t, other, false)
		if _, err := h.db.ExecContext(t.Context(), "UPDATE audit SET at = ? WHERE person_id = ?", database.Now().Add(-2*time.Hour), id); err != nil {
			t.Fatal(err)
		}
		if err := h.Sweep(t.Context()); err != nil || h.count(t, "sessions") != 0 || h.count(t, "audit") != 1 {
			t.Errorf("the sweep leaves %d sessions and %d entries: %v", h.count(t, "sessions"), h.count(t, "audit"), err)
		}
	})
}

func (h *house) mustBeOpen(t *testing.T, in SignedIn, want bool) {
	t.Helper()
	if _, ok, err := h.BySession(t.Context(), in.Secret); ok != want || err != nil {
		t.Errorf("the session is open: %v, want %v (%v)", ok, want, err)
	}
}

func TestReset(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.member(t, "Zoe@example.com")
		const fresh = "Another-Password-1!"
		ticket := must[Ticket](t)(h.BeginReset(t.Context(), "zoe@EXAMPLE.com", "/assets/7?in=1&out=2", at(t)))
		code := h.box.Await(t, "Zoe@example.com", 2).Code(t)
		_, token, err := h.NewToken(t.Context(), in.Person, "cron", []Scope{ScopeRead}, time.Hour, at(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, weak := range []string{"short", "ZoëMüller-2026!"} {
			_, err := h.FinishReset(t.Context(), ticket.ID, code, weak, at(t))
			refused(t, err, Invalid, "password", "the password needs")
		}
		to := must[string](t)(h.FinishReset(t.Context(), ticket.ID, code, fresh, at(t)))
		if to != "/assets/7?in=1&out=2" {
			t.Errorf("the marks are lost: %s", to)
		}
		h.mustBeOpen(t, in, false)
		if _, ok, err := h.ByToken(t.Context(), token); ok || err != nil {
			t.Errorf("a token outlives the reset: %v", err)
		}
		if e := must[[]Entry](t)(h.Audit(t.Context(), in.Person.ID, "", 1)); e[0].Action != PasswordReset || e[0].Detail != "tokens revoked: 1" {
			t.Errorf("the record has %+v", e)
		}
		// Whoever had the former password may have asked for these before the reset.
		_, _, err = h.NewToken(t.Context(), in.Person, "late", []Scope{ScopeRead}, time.Hour, at(t))
		refused(t, err, Conflict, "", "your password was changed")
		_, err = h.open(t.Context(), in.Person, "/", at(t))
		refused(t, err, Conflict, "", "your password was changed")
		_, err = h.FinishReset(t.Context(), ticket.ID, code, fresh, at(t))
		refused(t, err, Invalid, "code", "this code does not work")
		_, err = h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: password}, at(t))
		refused(t, err, Unauthorized, "", "wrong")
		must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: fresh}, at(t)))
		if m := h.box.Await(t, "Zoe@example.com", 3); m.Code(t) != "" || !strings.Contains(m.Text(t), "jetons") {
			t.Errorf("the change is told as %s", m.Text(t))
		}
	})
}

// TestLimits signs in too often, then empties Redis, then takes it away: codes
// are guarded without it.
func TestLimits(t *testing.T) {
	t.Parallel()
	cfg := config()
	cfg.SignInsPerAccount, cfg.CodesPerAddress, cfg.RegistrationsPerAddress = 3, 4, 2
	h := open(t, "sqlite", cfg)
	email := strings.ToLower(t.Name()) + "@example.com"
	for range 3 {
		_, err := h.SignIn(t.Context(), Credentials{Email: email, Password: password}, at(t))
		refused(t, err, Unauthorized, "", "wrong")
	}
	_, err := h.SignIn(t.Context(), Credentials{Email: strings.ToUpper(email), Password: password}, Origin{Address: "elsewhere"})
	refused(t, err, TooMany, "", "wait")
	if e, _ := errors.AsType[*Error](err); e.RetryAfter < time.Second || e.RetryAfter > signInWindow {
		t.Errorf("it may be tried again after %s", e.RetryAfter)
	}
	_, err = h.SignIn(t.Context(), Credentials{Email: "other-" + email, Password: password}, at(t))
	refused(t, err, Unauthorized, "", "wrong")
	for range 2 {
		must[Ticket](t)(h.Register(t.Context(), registration(email), at(t)))
	}
	_, err = h.Register(t.Context(), registration(email), at(t))
	refused(t, err, TooMany, "", "wait")
	for range 4 {
		must[Ticket](t)(h.BeginReset(t.Context(), email, "", at(t)))
	}
	_, err = h.BeginReset(t.Context(), email, "", at(t))
	refused(t, err, TooMany, "", "wait")

	away, err := New(cfg, h.db, h.mailer, redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1}), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(away.Close)
	ticket := must[Ticket](t)(away.Register(t.Context(), registration("zoe@example.com"), at(t)))
	code := h.box.Await(t, "zoe@example.com", 1).Code(t)
	for _, err := range together(t.Context(), 8, func(ctx context.Context, i int) error {
		_, err := away.ConfirmRegistration(ctx, ticket.ID, wrong(code, i), at(t))
		return err
	}) {
		refused(t, err, Invalid, "code", "this code does not work")
	}
	_, err = away.ConfirmRegistration(t.Context(), ticket.ID, code, at(t))
	refused(t, err, Invalid, "code", "this code does not work")
}

func TestTokens(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.member(t, "zoe@example.com")
		other := h.member(t, "other@example.com")
		for _, c := range []struct {
			name   string
			scopes []Scope
			life   time.Duration
			field  string
		}{
			{"", []Scope{ScopeRead}, time.Hour, "name"},
			{"a\nb", []Scope{ScopeRead}, time.Hour, "name"},
			{"a", nil, time.Hour, "scopes"},
			{"a", []Scope{"everything"}, time.Hour, "scopes"},
			{"a", []Scope{ScopePublish}, time.Hour, "scopes"},
			{"a", []Scope{ScopeRead, ScopeManage}, time.Hour, "scopes"},
			{"a", []Scope{ScopeRead}, 0, "expires_at"},
			{"a", []Scope{ScopeRead}, MaxTokenLife + 1, "expires_at"},
		} {
			_, _, err := h.NewToken(t.Context(), in.Person, c.name, c.scopes, c.life, at(t))
			refused(t, err, Invalid, c.field, "")
		}
		token, secret, err := h.NewToken(t.Context(), in.Person, "cron", []Scope{ScopeRead, ScopeDownload, ScopeRead}, time.Hour, at(t))
		if err != nil || token.Scopes != "download read" {
			t.Fatalf("%+v, %v", token, err)
		}
		v, ok, err := h.ByToken(t.Context(), secret)
		if err != nil || !ok || v.ID() != in.Person.ID || !v.Has(ScopeDownload) || v.Has(ScopePublish) || v.Has("") {
			t.Errorf("the visitor is %+v, %v, %v", v, ok, err)
		}
		list := must[[]Token](t)(h.Tokens(t.Context(), in.Person.ID))
		if len(list) != 1 || list[0].UsedAt.IsZero() || strings.Contains(secret, list[0].Hash) || list[0].Hash == secret {
			t.Errorf("the list is %+v", list)
		}
		if _, ok, _ := h.ByToken(t.Context(), in.Secret); ok {
			t.Error("a session's secret is taken for a token")
		}
		if _, ok, _ := h.BySession(t.Context(), secret); ok {
			t.Error("a token is taken for a session's secret")
		}
		refused(t, h.RevokeToken(t.Context(), other.Person.ID, token.ID, at(t)), NotFound, "", "no such token")
		if err := h.RevokeToken(t.Context(), in.Person.ID, token.ID, at(t)); err != nil {
			t.Error(err)
		}
		if _, ok, err := h.ByToken(t.Context(), secret); ok || err != nil {
			t.Errorf("a revoked token works: %v", err)
		}
		_, old, err := h.NewToken(t.Context(), in.Person, "old", []Scope{ScopeRead}, time.Hour, at(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.db.ExecContext(t.Context(), "UPDATE tokens SET expires_at = ?", database.Now().Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := h.ByToken(t.Context(), old); ok || err != nil {
			t.Errorf("an expired token works: %v", err)
		}
	})
}
