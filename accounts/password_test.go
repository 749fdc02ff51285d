package accounts

import (
	"slices"
	"strings"
	"testing"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		password string
		unmet    []string
	}{
		{password, nil},
		{"Überraschung-2026", nil},
		{"Пароль-Длинный-1", nil},
		{"密码很长也可以使用-一二三4", nil},
		{"Aa1!" + strings.Repeat("x", 252), nil},
		{"Aa1!" + strings.Repeat("x", 253), []string{"at most 256 bytes"}},
		{"Aa1!" + strings.Repeat("é", 127), []string{"at most 256 bytes"}},
		{"", []string{"at least 12 characters", "an upper-case letter", "a lower-case letter", "a digit", "a symbol, such as ! or -"}},
		{"Aa1!Aa1!Aa1", []string{"at least 12 characters"}},
		{"Correct Horse 7!", []string{"no spaces"}},
		{"Correct\u00a0Horse-7", []string{"no spaces"}},
		{"CORRECT-HORSE-7", []string{"a lower-case letter"}},
		{"correct-horse-7", []string{"an upper-case letter"}},
		{"Correct-Horse-X", []string{"a digit"}},
		{"CorrectHorse77", []string{"a symbol, such as ! or -"}},
		{"JaneDoe-1990-!", []string{"to be something other than your name"}},
		{"Press.Desk-1990!", []string{"to be something other than your e-mail address"}},
		{"PRESS-desk@Example.com1", []string{"to be something other than your e-mail address"}},
	} {
		if got := CheckPassword(c.password, "press-desk@example.com", "Jane Doe"); !slices.Equal(got, c.unmet) {
			t.Errorf("%q lacks %q, want %q", c.password, got, c.unmet)
		}
	}
}

// TestRehash signs in after the parameters have risen.
func TestRehash(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		in := h.member(t, "zoe@example.com")
		former := in.Person.PasswordHash
		cfg := config()
		cfg.HashMemory, cfg.HashPasses = 16, 2
		risen, err := newHasher(cfg)
		if err != nil {
			t.Fatal(err)
		}
		h.hasher = risen
		for _, want := range []string{"$argon2id$v=19$m=16384,t=2,p=1$", "$argon2id$v=19$m=16384,t=2,p=1$"} {
			must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: password}, at(t)))
			got := must[*Person](t)(h.Person(t.Context(), in.Person.ID)).PasswordHash
			if !strings.HasPrefix(got, want) || got == former {
				t.Errorf("the hash is %s", got)
			}
		}
	})
}

// TestForms signs in with the same letters in another Unicode form.
func TestForms(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		if _, err := h.Add(t.Context(), "zoe@example.com", "\u00c9lan-vital-2026", Editor, Profile{Name: "Zoë"}); err != nil {
			t.Fatal(err)
		}
		must[SignedIn](t)(h.SignIn(t.Context(), Credentials{Email: "zoe@example.com", Password: "E\u0301lan-vital-2026"}, at(t)))
	})
}
