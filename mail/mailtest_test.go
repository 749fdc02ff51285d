package mail

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// certificate is what the server of the tests shows; TestMain makes it, and makes
// the process trust it, as an operator does with SSL_CERT_FILE.
var certificate tls.Certificate

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "subclip-mail-")
	if err == nil {
		certificate, err = trustedCertificate(filepath.Join(dir, "ca.pem"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func trustedCertificate(path string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	encoded := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := errors.Join(os.WriteFile(path, encoded, 0o600), os.Setenv("SSL_CERT_FILE", path)); err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// server is a real SMTP server that keeps what it is given.
type server struct {
	host string
	port int

	mu       sync.Mutex
	received []received
	conns    int
	answers  map[string]*smtp.SMTPError // to RCPT TO, by address
	content  *smtp.SMTPError            // to what is sent after DATA
	hangUp   bool                       // instead of answering what is sent after DATA
	login    string                     // "user password"; empty lets all in
}

type received struct {
	from, to string
	data     []byte
	secure   bool
	user     string
}

// startServer listens until the test ends. implicit is TLS from the first byte on.
func startServer(t *testing.T, implicit bool) *server {
	t.Helper()
	s := &server{answers: map[string]*smtp.SMTPError{}}
	backend := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.conns++
		return &session{server: s, conn: c}, nil
	}))
	backend.Domain, backend.EnableSMTPUTF8 = "mail.test", true
	backend.ReadTimeout, backend.WriteTimeout = time.Minute, time.Minute
	backend.ErrorLog = discard{}
	backend.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.host, s.port = "127.0.0.1", listener.Addr().(*net.TCPAddr).Port
	if implicit {
		listener = tls.NewListener(listener, backend.TLSConfig)
	}
	done := make(chan error, 1)
	go func() { done <- backend.Serve(listener) }()
	t.Cleanup(func() {
		_ = backend.Close()
		_ = listener.Close() // the server may not know it yet
		<-done               //nolint:errcheck // it was closed
	})
	return s
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

type session struct {
	server *server
	conn   *smtp.Conn
	mail   received
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user+" "+password != s.server.login {
			return smtp.ErrAuthFailed
		}
		s.mail.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.server.login != "" && s.mail.user == "" {
		return smtp.ErrAuthRequired
	}
	s.mail.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if answer := s.server.answers[to]; answer != nil {
		return answer
	}
	s.mail.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if s.server.content != nil {
		return s.server.content
	}
	s.mail.data = data
	_, s.mail.secure = s.conn.TLSConnectionState()
	s.server.received = append(s.server.received, s.mail)
	if s.server.hangUp {
		return s.conn.Close()
	}
	return nil
}

func (s *session) Reset()        { s.mail = received{user: s.mail.user} }
func (s *session) Logout() error { return nil }

// config is a mailer's for this server.
func (s *server) config() Config {
	return Config{
		SiteURL: "https://press.example.com/portal", From: "Pressé <portal@example.com>",
		Host: s.host, Port: s.port, TLS: "none", Timeout: time.Minute,
	}
}

func newMailer(t *testing.T, cfg Config) *Mailer {
	t.Helper()
	m, err := New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func folderMailer(t *testing.T) *Mailer {
	t.Helper()
	return newMailer(t, Config{SiteURL: "http://127.0.0.1:8080", TLS: "starttls", Timeout: time.Minute, Folder: t.TempDir()})
}

func hello(to string) Message { return Message{To: to, Subject: "Hello", Text: "Hello there.\n"} }

func send(t *testing.T, m *Mailer, message Message) {
	t.Helper()
	if err := m.Send(context.Background(), message); err != nil {
		t.Fatal(err)
	}
}

// only is the one message that arrived, taken apart.
func (s *server) only(t *testing.T) (received, *message.Entity) {
	t.Helper()
	if len(s.received) != 1 {
		t.Fatalf("%d messages arrived, want 1", len(s.received))
	}
	return s.received[0], takeApart(t, s.received[0].data)
}

func takeApart(t *testing.T, data []byte) *message.Entity {
	t.Helper()
	entity, err := message.Read(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("what arrived is not a message: %v\n%s", err, data)
	}
	return entity
}

// parts are a message's bodies by media type.
func parts(t *testing.T, entity *message.Entity) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := entity.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		kind, _, err := part.Header.ContentType()
		if err != nil || part.MultipartReader() != nil {
			return err
		}
		body, err := io.ReadAll(part.Body)
		found[kind] = string(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
