// Package mailtest is a mailbox for tests: a real SMTP server in the process of
// the test, that keeps what it is sent.
package mailtest

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"subclip/mail"

	"github.com/emersion/go-message"
	"github.com/emersion/go-smtp"
)

// patience bounds a hang; nothing is said about how fast a message comes.
const patience = time.Minute

// Message is one that came.
type Message struct {
	To      string // as the sender's server named the reader
	Subject string
	Text    string
	Raw     string
}

// Code is the six digits in the message's text, or empty.
func (m Message) Code() string { return regexp.MustCompile(`\b\d{6}\b`).FindString(m.Text) }

// Server is a running SMTP server, without TLS and without users.
type Server struct {
	Port int

	mu    sync.Mutex
	came  []Message
	moved chan struct{} // closed and made anew whenever a message comes
}

// Start listens on 127.0.0.1 until the test ends.
func Start(t *testing.T) *Server {
	t.Helper()
	s := &Server{moved: make(chan struct{})}
	backend := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	backend.Domain, backend.EnableSMTPUTF8 = "mail.test", true
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed with the test
	if err != nil {
		t.Fatal(err)
	}
	if address, ok := listener.Addr().(*net.TCPAddr); ok {
		s.Port = address.Port
	}
	done := make(chan error, 1)
	go func() { done <- backend.Serve(listener) }()
	t.Cleanup(func() {
		_ = backend.Close()
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	return s
}

// Mailer returns a mailer that sends to the server.
func (s *Server) Mailer(t *testing.T) *mail.Mailer {
	t.Helper()
	m, err := mail.New(mail.Config{
		SiteURL: "https://press.example", From: "Press <press@example.com>", Host: "127.0.0.1", Port: s.Port, TLS: "none", Timeout: patience,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// To lists what came for an address so far.
func (s *Server) To(address string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Message
	for _, m := range s.came {
		if strings.EqualFold(m.To, address) {
			all = append(all, m)
		}
	}
	return all
}

// Await waits for the n-th message, from 1, for an address.
func (s *Server) Await(t *testing.T, address string, n int) Message {
	t.Helper()
	late := time.After(patience)
	for {
		s.mu.Lock()
		moved := s.moved
		s.mu.Unlock()
		if all := s.To(address); len(all) >= n {
			return all[n-1]
		}
		select {
		case <-moved:
		case <-late:
			t.Fatalf("message %d for %s has not come", n, address)
		}
	}
}

func (s *Server) keep(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = append(s.came, m)
	close(s.moved)
	s.moved = make(chan struct{})
}

type session struct {
	server *Server
	to     []string
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err //nolint:wrapcheck // the library answers with it
	}
	entity, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		return err //nolint:wrapcheck // likewise
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(entity.Header.Get("Subject"))
	if err != nil {
		return err //nolint:wrapcheck // likewise
	}
	text := ""
	err = entity.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		if kind, _, _ := part.Header.ContentType(); kind == "text/plain" {
			data, err := io.ReadAll(part.Body)
			text = string(data)
			return err //nolint:wrapcheck // likewise
		}
		return nil
	})
	if err != nil {
		return err //nolint:wrapcheck // likewise
	}
	for _, to := range s.to {
		s.server.keep(Message{to, subject, text, string(raw)})
	}
	return nil
}

func (s *session) Reset() { s.to = nil }

func (s *session) Logout() error { return nil }
