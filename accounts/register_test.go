package accounts

import (
	"context"
	"strings"
	"testing"
)

func TestRegister(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ticket := must[Ticket](t)(h.Register(t.Context(), registration("Zoe@Example.com"), at(t)))
		if h.count(t, "people") != 0 {
			t.Error("there is an account before its address is confirmed")
		}
		_, err := h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: password}, at(t))
		refused(t, err, Unauthorized, "", "the e-mail address or the password is wrong")
		code := h.box.Await(t, "Zoe@example.com", 1).Code(t)
		in := must[SignedIn](t)(h.ConfirmRegistration(t.Context(), ticket.ID, " "+code[:3]+" "+code[3:]+"\n", at(t)))
		p := in.Person
		want := Profile{"Zoë Müller", "Ö1", "journalist", "AT", "fr-CA"}
		if p.Email != "Zoe@example.com" || p.Profile != want || p.Role != Professional || p.TermsAt.IsZero() || p.ConfirmedAt.IsZero() {
			t.Errorf("the account is %+v", p)
		}
		if in.ReturnTo != "/assets/7?in=10:00:01:00&out=10:00:02:00" {
			t.Errorf("the marks are lost: %s", in.ReturnTo)
		}
		v, ok, err := h.BySession(t.Context(), in.Secret)
		if err != nil || !ok || v.Person.ID != p.ID || v.Role() != Professional {
			t.Errorf("the session is %+v, %v, %v", v, ok, err)
		}
		_, err = h.ConfirmRegistration(t.Context(), ticket.ID, code, at(t))
		refused(t, err, Invalid, "code", "this code does not work")
		for _, typed := range []string{"zoe@example.com", " ZOE@EXAMPLE.COM "} {
			must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: typed, Password: password}, at(t)))
		}
	})
}

// TestRegisterTwice checks that nobody learns who has an account, nor gets a
// password of theirs into somebody's account.
func TestRegisterTwice(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		errs := together(t.Context(), 6, func(ctx context.Context, i int) error {
			r := registration("zoe@example.com")
			r.Password = password + strings.Repeat("!", i)
			_, err := h.Register(ctx, r, at(t))
			return err
		})
		for _, err := range errs {
			if err != nil {
				t.Errorf("not the same answer: %v", err)
			}
		}
		h.later(t)
		mine := must[Ticket](t)(h.Register(t.Context(), registration("zoe@example.com"), at(t)))
		code := h.box.Await(t, "zoe@example.com", 2).Code(t)
		h.later(t)
		r := registration("ZOE@example.com")
		r.Password = "Another-Password-1!"
		theirs := must[Ticket](t)(h.Register(t.Context(), r, at(t)))
		theirCode := h.box.Await(t, "zoe@example.com", 3).Code(t)
		if code != theirCode {
			_, err := h.ConfirmRegistration(t.Context(), theirs.ID, code, at(t))
			refused(t, err, Invalid, "code", "this code does not work")
		}
		must[SignedIn](t)(h.ConfirmRegistration(t.Context(), mine.ID, code, at(t)))
		_, err := h.ConfirmRegistration(t.Context(), theirs.ID, theirCode, at(t))
		refused(t, err, Conflict, "", "has an account already")
		if n := h.count(t, "people"); n != 1 {
			t.Errorf("there are %d accounts", n)
		}
		h.later(t)
		again := must[Ticket](t)(h.Register(t.Context(), registration("zoe@example.com"), at(t)))
		if again.ID == "" || !again.ExpiresAt.After(again.NextCodeAt) {
			t.Errorf("not the same answer: %+v", again)
		}
		if m := h.box.Await(t, "zoe@example.com", 4); m.Code(t) != "" || !strings.Contains(m.Text(t), "https://press.example/reset") {
			t.Errorf("the owner is not told: %s", m.Text(t))
		}
	})
}

func TestRegisterBadInput(t *testing.T) {
	h := open(t, "sqlite", config())
	for _, c := range []struct {
		name, field, words string
		change             func(*Registration)
	}{
		{"no address", "email", "name@example.com", func(r *Registration) { r.Email = "" }},
		{"a name too", "email", "name@example.com", func(r *Registration) { r.Email = "Zoe <zoe@example.com>" }},
		{"two addresses", "email", "name@example.com", func(r *Registration) { r.Email = "a@example.com, b@example.com" }},
		{"another header", "email", "name@example.com", func(r *Registration) { r.Email = "a@example.com\r\nBcc: b@example.com" }},
		{"weak password", "password", "at least 12 characters, an upper-case letter, a digit, a symbol", func(r *Registration) { r.Password = "abc" }},
		{"no name", "name", "fill it in", func(r *Registration) { r.Name = " \t" }},
		{"endless name", "name", "has 4000 characters", func(r *Registration) { r.Name = strings.Repeat("ä", 4000) }},
		{"control characters", "name", "cannot be seen", func(r *Registration) { r.Name = "a\x00b" }},
		{"two lines", "organisation", "cannot be seen", func(r *Registration) { r.Organisation = "a\nb" }},
		{"direction", "media_role", "cannot be seen", func(r *Registration) { r.MediaRole = "a\u202eb" }},
		{"no country", "country", "two letters", func(r *Registration) { r.Country = "Atlantis" }},
		{"no language", "language", "pt-BR", func(r *Registration) { r.Language = "klingon-ish" }},
		{"terms", "accept_terms", "accept the terms", func(r *Registration) { r.AcceptTerms = false }},
		{"other site", "return_to", "of this site", func(r *Registration) { r.ReturnTo = "https://elsewhere.example/" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := registration("zoe@example.com")
			c.change(&r)
			_, err := h.Register(t.Context(), r, at(t))
			refused(t, err, Invalid, c.field, c.words)
		})
	}
	for _, odd := range []string{`"odd one"@example.com`, "o'hara+news@example.com", "x@exämple.com", "üser@example.com"} {
		must[Ticket](t)(h.Register(t.Context(), registration(odd), at(t)))
	}
}

func TestReturnPath(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"", "/", "/a?in=1&out=2#x", "/assets/1?next=https://elsewhere.example/"} {
		if got, err := ReturnPath(good); err != nil || (got != good && got != "/") {
			t.Errorf("%q: %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{
		"https://elsewhere.example", "//elsewhere.example", `/\elsewhere.example`, `\\elsewhere.example`, "/\t/elsewhere.example",
		"javascript:alert(1)", "a", "/a\nb", " /a", "http:/a", "/" + strings.Repeat("a", 5000), "/%zz",
	} {
		if got, err := ReturnPath(bad); err == nil {
			t.Errorf("%q is taken as %q", bad, got)
		}
	}
}
