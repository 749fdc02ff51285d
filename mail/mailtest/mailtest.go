// Package mailtest is a real SMTP server for tests: it keeps what it is given, and
// refuses, or falls silent, as it is told.
package mailtest

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // so that bodies in other character sets are read
	"github.com/emersion/go-smtp"
)

// Server listens on Host and Port. Its methods may be called at any time.
type Server struct {
	Host string
	Port int

	mu          sync.Mutex
	received    []Message
	connections int
	answers     map[string]*smtp.SMTPError
	content     *smtp.SMTPError
	login       string
	onMessage   func(number int) error
}

// Message is one that arrived.
type Message struct {
	From, To string // of the envelope
	Data     []byte
	Secure   bool   // it came over TLS
	User     string // who had signed in
}

// Start listens until the test ends, offering STARTTLS where there is a certificate.
func Start(t *testing.T, certificate *tls.Certificate) *Server {
	t.Helper()
	return start(t, certificate, false)
}

// StartTLS listens until the test ends, for TLS from the first byte on.
func StartTLS(t *testing.T, certificate *tls.Certificate) *Server {
	t.Helper()
	return start(t, certificate, true)
}

func start(t *testing.T, certificate *tls.Certificate, implicit bool) *Server {
	t.Helper()
	s := &Server{Host: "127.0.0.1", answers: map[string]*smtp.SMTPError{}}
	backend := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.connections++
		return &session{server: s, conn: c}, nil
	}))
	backend.Domain, backend.EnableSMTPUTF8 = "mail.test", true
	backend.ReadTimeout, backend.WriteTimeout = time.Minute, time.Minute
	backend.ErrorLog = discard{}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is there at once
	if err != nil {
		t.Fatal(err)
	}
	address, _ := listener.Addr().(*net.TCPAddr)
	s.Port = address.Port
	if certificate != nil {
		backend.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}, MinVersion: tls.VersionTLS12}
	}
	if implicit {
		listener = tls.NewListener(listener, backend.TLSConfig)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = backend.Serve(listener) // it ends when it is closed
	}()
	t.Cleanup(func() {
		_ = backend.Close()
		_ = listener.Close() // the server may not know it yet
		<-done
	})
	return s
}

// Refuse has the server answer so whenever it is asked to take mail for address;
// nil takes that back.
func (s *Server) Refuse(address string, answer *smtp.SMTPError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[address] = answer
}

// RefuseContent has the server answer so to every message that it has read; nil
// takes that back.
func (s *Server) RefuseContent(answer *smtp.SMTPError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.content = answer
}

// RequireLogin lets in whoever gives this name and password alone.
func (s *Server) RequireLogin(user, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.login = user + " " + password
}

// OnMessage calls f for every message that was taken, number is 1 for the first,
// before the sender is told. An error of f closes the connection instead.
func (s *Server) OnMessage(f func(number int) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onMessage = f
}

// Received are the messages that were taken so far.
func (s *Server) Received() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.received)
}

// Connections is how often the server was called.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

// Only is the one message that was taken, and forgets it.
func (s *Server) Only(t *testing.T) Message {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.received) != 1 {
		t.Fatalf("%d messages arrived, want 1", len(s.received))
	}
	only := s.received[0]
	s.received = nil
	return only
}

// Entity takes a message apart.
func (m Message) Entity(t *testing.T) *message.Entity {
	t.Helper()
	entity, err := message.Read(bytes.NewReader(m.Data))
	if err != nil {
		t.Fatalf("what arrived is not a message: %v\n%s", err, m.Data)
	}
	return entity
}

// Parts are a message's bodies by media type.
func (m Message) Parts(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := m.Entity(t).Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		kind, _, err := part.Header.ContentType()
		if err != nil || part.MultipartReader() != nil {
			return err //nolint:wrapcheck // the test fails by it
		}
		body, err := io.ReadAll(part.Body)
		found[kind] = string(body)
		return err //nolint:wrapcheck // the test fails by it
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

type discard struct{}

// Printf logs nothing.
func (discard) Printf(string, ...any) {}

// Println logs nothing.
func (discard) Println(...any) {}
