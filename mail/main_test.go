package mail

import (
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
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"subclip/mail/mailtest"
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

// config is a mailer's for a server.
func config(s *mailtest.Server) Config {
	return Config{
		SiteURL: "https://press.example.com/portal", From: "Pressé <portal@example.com>",
		Host: s.Host, Port: s.Port, TLS: "none", Timeout: time.Minute,
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
