package mail

import (
	"errors"
	"strings"
	"testing"

	"subclip/mail/mailtest"
)

func TestAddresses(t *testing.T) {
	for typed, want := range map[string]string{
		"a@example.com":            "a@example.com",
		"  A.B@Example.COM\n":      "A.B@example.com",
		"o'hara+news@example.com":  "o'hara+news@example.com",
		"!#$%&*/=?^`{|}~@a.museum": "!#$%&*/=?^`{|}~@a.museum",
		`"odd one"@example.com`:    `"odd one"@example.com`,
		`"a@b"@example.com`:        `"a@b"@example.com`,
		`"plain"@example.com`:      "plain@example.com",
		"josé@exämple.com":         "josé@xn--exmple-cua.com",
		"jose\u0301@example.com":   "josé@example.com",
		"用户@例え.テスト":                "用户@xn--r8jz45g.xn--zckzah",
		"root@localhost":           "root@localhost",
	} {
		got, err := ParseAddress(typed)
		if err != nil || got != want {
			t.Errorf("%q: got %q (%v), want %q", typed, got, err, want)
			continue
		}
		if again, err := ParseAddress(got); err != nil || again != got {
			t.Errorf("%q, read again: %q (%v)", got, again, err)
		}
	}
	for _, typed := range []string{
		"", "a", "@example.com", "a@", "a@b@c", "a b@example.com", "Name <a@example.com>", "a@example.com, b@example.com",
		"a@example.com\r\nBcc: b@example.com", "a\x00@example.com", "\"a\r\nb\"@example.com", "a@[192.0.2.1]", "a@exa mple.com",
		"a..b@example.com", "a@-example.com", strings.Repeat("a", 65) + "@example.com", "a@" + strings.Repeat("b.", 130) + "com", "a@\xff.com",
		"a@b>,<c@d", "a@b> RCPT TO:<c@d",
	} {
		got, err := ParseAddress(typed)
		if _, ok := errors.AsType[*InvalidError](err); !ok {
			t.Errorf("%q is taken for %q (%v)", typed, got, err)
		}
	}
	if AddressKey("Jo.Doe@example.com") != AddressKey("jo.doe@example.com") {
		t.Error("two spellings of one address have two keys")
	}
}

// Odd addresses reach the server as they are meant, and open no second command.
func TestOddAddressesArrive(t *testing.T) {
	s := mailtest.Start(t, &certificate)
	m := newMailer(t, config(s))
	for _, to := range []string{`"odd one"@example.com`, `"<x> NOTIFY=NEVER"@example.com`, "josé@example.com"} {
		send(t, m, hello(to))
		got := s.Only(t)
		entity := got.Entity(t)
		if header := entity.Header.Get("To"); header != "<"+to+">" {
			t.Errorf("%s: the header says %q", to, header)
		}
		if want := strings.ReplaceAll(to, `"`, ""); strings.ReplaceAll(got.To, `"`, "") != want {
			t.Errorf("%s: the envelope says %q", to, got.To)
		}
	}
}

func TestBadMessagesAreRefused(t *testing.T) {
	s := mailtest.Start(t, &certificate)
	m := newMailer(t, config(s))
	for field, spoil := range map[string]func(*Message){
		"to":            func(m *Message) { m.To = "a@example.org\r\nRCPT TO:<b@example.org>" },
		"subject":       func(m *Message) { m.Subject = "Hi\r\nBcc: b@example.org" },
		"subject lf":    func(m *Message) { m.Subject = "Hi\nBcc: b@example.org" },
		"subject ls":    func(m *Message) { m.Subject = "Hi\u2028Bcc: b@example.org" },
		"subject none":  func(m *Message) { m.Subject = " " },
		"subject long":  func(m *Message) { m.Subject = strings.Repeat("a", 4000) },
		"subject bytes": func(m *Message) { m.Subject = "\xff" },
		"text":          func(m *Message) { m.Text = "a\x00b" },
		"text none":     func(m *Message) { m.Text = "" },
		"html":          func(m *Message) { m.HTML = "\x1b[31m" },
		"html long":     func(m *Message) { m.HTML = strings.Repeat("a", 10<<20) },
		"headers":       func(m *Message) { m.Headers = map[string]string{"X-A": "1\r\nBcc: b@example.org"} },
		"headers name":  func(m *Message) { m.Headers = map[string]string{"X-A: 1\r\nBcc": "b@example.org"} },
		"headers bcc":   func(m *Message) { m.Headers = map[string]string{"BCC": "b@example.org"} },
		"headers type":  func(m *Message) { m.Headers = map[string]string{"content-Type": "text/html"} },
	} {
		message := hello("a@example.org")
		spoil(&message)
		err := m.Send(t.Context(), message)
		invalid, ok := errors.AsType[*InvalidError](err)
		if want, _, _ := strings.Cut(field, " "); !ok || invalid.Field != want {
			t.Errorf("%s: %v", field, err)
		}
	}
	if s.Connections() != 0 {
		t.Errorf("the server was called %d times", s.Connections())
	}
}
