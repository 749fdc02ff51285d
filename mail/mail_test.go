package mail

import (
	"context"
	"errors"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"subclip/mail/mailtest"

	"github.com/emersion/go-smtp"
)

func TestSendArrivesWhole(t *testing.T) {
	s := mailtest.Start(t, &certificate)
	text := "Žluťoučký kůň\n.\n..dots and " + strings.Repeat("long ", 300) + "lines\n"
	send(t, newMailer(t, config(s)), Message{
		To: "o'hara+news@example.org", Subject: "L’été à Évian: 日本", Text: text, HTML: "<p>Žluťoučký</p>",
		Headers: map[string]string{"List-Id": "News <news.example.com>", "List-Unsubscribe": "<https://press.example.com/" + strings.Repeat("x", 200) + ">"},
	})
	got := s.Only(t)
	entity := got.Entity(t)
	if got.From != "portal@example.com" || got.To != "o'hara+news@example.org" {
		t.Errorf("the envelope is %q to %q", got.From, got.To)
	}
	if subject, _ := entity.Header.Text("Subject"); subject != "L’été à Évian: 日本" {
		t.Errorf("the subject is %q", subject)
	}
	from, err := mail.ParseAddress(entity.Header.Get("From"))
	if err != nil || from.Name != "Pressé" || from.Address != "portal@example.com" {
		t.Errorf("the sender is %v: %v", from, err)
	}
	if to := entity.Header.Get("To"); to != "<o'hara+news@example.org>" {
		t.Errorf("To is %q", to)
	}
	if id := entity.Header.Get("Message-Id"); !strings.HasSuffix(id, "@example.com>") {
		t.Errorf("the Message-ID is %q: it names a machine", id)
	}
	if date, err := mail.ParseDate(entity.Header.Get("Date")); err != nil || time.Since(date).Abs() > time.Hour {
		t.Errorf("the date is %v: %v", date, err)
	}
	if unsubscribe := entity.Header.Get("List-Unsubscribe"); unsubscribe != "<https://press.example.com/"+strings.Repeat("x", 200)+">" {
		t.Errorf("List-Unsubscribe is %q", unsubscribe)
	}
	if agent := entity.Header.Get("User-Agent") + entity.Header.Get("X-Mailer"); agent != "" {
		t.Errorf("the message names the program: %q", agent)
	}
	kind, _, _ := entity.Header.ContentType()
	body := got.Parts(t)
	if kind != "multipart/alternative" || strings.ReplaceAll(body["text/plain"], "\r\n", "\n") != text || body["text/html"] != "<p>Žluťoučký</p>" {
		t.Errorf("%s, %q", kind, body)
	}
	for line := range strings.SplitSeq(string(got.Data), "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line has %d bytes", len(line))
		}
	}
}

func TestTransports(t *testing.T) {
	for _, tt := range []struct {
		name, tls, user, password string
		implicit                  bool
	}{
		{"none", "none", "", "", false},
		{"starttls", "starttls", "", "", false},
		{"starttls and password", "starttls", "desk", "s3cret word", false},
		{"tls and password", "tls", "desk", "s3cret word", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			begin := mailtest.Start
			if tt.implicit {
				begin = mailtest.StartTLS
			}
			s := begin(t, &certificate)
			cfg := config(s)
			cfg.TLS, cfg.User = tt.tls, tt.user
			if tt.user != "" {
				s.RequireLogin(tt.user, tt.password)
				cfg.PasswordFile = filepath.Join(t.TempDir(), "password")
				if err := os.WriteFile(cfg.PasswordFile, []byte(tt.password+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			send(t, newMailer(t, cfg), hello("a@example.org"))
			got := s.Only(t)
			if got.Secure != (tt.tls != "none") || got.User != tt.user {
				t.Errorf("secure %v as %q", got.Secure, got.User)
			}
		})
	}
}

// A server that offers no TLS where it is wanted gets nothing, least of all the
// password.
func TestNoTLSNoMessage(t *testing.T) {
	s := mailtest.Start(t, &certificate)
	cfg := config(s)
	cfg.TLS, cfg.Host = "starttls", "localhost" // a name that the certificate lacks
	m := newMailer(t, cfg)
	err := m.Send(t.Context(), hello("a@example.org"))
	if err == nil || isFinal(err) || len(s.Received()) != 0 {
		t.Errorf("%v; %d messages arrived", err, len(s.Received()))
	}
}

func isFinal(err error) bool {
	return errors.Is(err, ErrAddress) || errors.Is(err, ErrMessage) || errors.Is(err, ErrUncertain)
}

func TestWrongPasswordIsPassing(t *testing.T) {
	s := mailtest.Start(t, &certificate)
	s.RequireLogin("desk", "right")
	cfg := config(s)
	cfg.TLS, cfg.User, cfg.Password = "starttls", "desk", "the-wrong-one"
	err := newMailer(t, cfg).Send(t.Context(), hello("a@example.org"))
	if err == nil || isFinal(err) || strings.Contains(err.Error(), "the-wrong-one") {
		t.Error(err)
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name    string
		rcpt    *smtp.SMTPError
		content *smtp.SMTPError
		want    error // nil is a passing failure
	}{
		{"no such user", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}, nil, ErrAddress},
		{"no such user, old server", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.NoEnhancedCode, Message: "user unknown"}, nil, ErrAddress},
		{"mailbox closed", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 2, 1}, Message: "disabled"}, nil, ErrAddress},
		{"no such user, told late", nil, &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}, ErrAddress},
		{"relaying denied", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "relaying denied"}, nil, ErrMessage},
		{"mailbox full", &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 2, 2}, Message: "full"}, nil, ErrMessage},
		{"spam", nil, &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "spam"}, ErrMessage},
		{"greylisted", &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "try later"}, nil, nil},
		{"busy", nil, &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "try later"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := mailtest.Start(t, &certificate)
			s.Refuse("a@example.org", tt.rcpt)
			s.RefuseContent(tt.content)
			conn, err := newMailer(t, config(s)).Connect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			err = conn.Send(t.Context(), hello("a@example.org"))
			if err == nil || isFinal(err) != (tt.want != nil) || !errors.Is(err, tt.want) && tt.want != nil {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			s.RefuseContent(nil)
			// The connection serves the next one.
			if err := conn.Send(t.Context(), hello("b@example.org")); err != nil || s.Connections() != 1 {
				t.Errorf("%v over %d connections", err, s.Connections())
			}
		})
	}
}

func TestSilenceAfterHandingOverIsUncertain(t *testing.T) {
	s := mailtest.Start(t, &certificate)
	s.OnMessage(func(int) error { return errors.New("the server falls over") })
	if err := newMailer(t, config(s)).Send(t.Context(), hello("a@example.org")); !errors.Is(err, ErrUncertain) {
		t.Errorf("got %v", err)
	}
}

func TestNoServerIsPassing(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	cfg := config(&mailtest.Server{Host: "127.0.0.1", Port: port})
	if err := newMailer(t, cfg).Send(t.Context(), hello("a@example.org")); err == nil || isFinal(err) {
		t.Errorf("got %v", err)
	}
}

func TestManyOverOneConnection(t *testing.T) {
	s := mailtest.Start(t, &certificate)
	conn, err := newMailer(t, config(s)).Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if err := conn.Send(t.Context(), hello("a@example.org")); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Close(); err != nil || s.Connections() != 1 || len(s.Received()) != 50 {
		t.Errorf("%v: %d messages over %d connections", err, len(s.Received()), s.Connections())
	}
}

func TestSettings(t *testing.T) {
	good := Config{SiteURL: "http://127.0.0.1:8080", From: "a@example.com", Host: "mail", TLS: "tls", Timeout: time.Second}
	for name, spoil := range map[string]func(*Config){
		"SUBCLIP_SITE_URL":     func(c *Config) { c.SiteURL = "press.example.com" },
		"SUBCLIP_MAIL_FOLDER":  func(c *Config) { c.Host = "" },
		"SUBCLIP_MAIL_FROM":    func(c *Config) { c.From = "Press <" },
		"SUBCLIP_SMTP_PORT":    func(c *Config) { c.Port = 70000 },
		"SUBCLIP_SMTP_TLS":     func(c *Config) { c.TLS = "ssl" },
		"SUBCLIP_SMTP_USER":    func(c *Config) { c.Password = "x" },
		"SUBCLIP_SMTP_TIMEOUT": func(c *Config) { c.Timeout = time.Millisecond },
	} {
		cfg := good
		spoil(&cfg)
		if _, err := New(cfg, nil); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(good, nil); err != nil {
		t.Error(err)
	}
}

func TestLink(t *testing.T) {
	m := newMailer(t, config(&mailtest.Server{Host: "127.0.0.1"}))
	if got := m.Link("/newsletter/confirm", map[string][]string{"token": {"a b&c"}}); got != "https://press.example.com/portal/newsletter/confirm?token=a+b%26c" {
		t.Error(got)
	}
}

func TestCancelledBeforeSending(t *testing.T) {
	s := mailtest.Start(t, &certificate)
	conn, err := newMailer(t, config(s)).Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := conn.Send(ctx, hello("a@example.org")); !errors.Is(err, context.Canceled) || len(s.Received()) != 0 {
		t.Errorf("%v; %d messages", err, len(s.Received()))
	}
}
