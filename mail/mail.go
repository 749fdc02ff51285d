// Package mail sends messages out: codes, confirmations, newsletters.
//
// A message goes to an SMTP server, over go-mail. Where none is named, it becomes
// a file in a folder instead, and the pages at /dev/mail show what is there, so
// that all of the service can be tried on one machine. The two differ in nothing
// else: both take the same Message, check it alike and write the same bytes.
//
// What others typed may end up in a message, so nothing gets into a header that
// could begin another one, and links are made from the configured address of the
// site, never from what a request calls it.
//
// Files: mail.go connects and sends; message.go checks and writes a message;
// address.go reads addresses; failure.go tells why one did not go out;
// compose.go fills the templates; folder.go and pages.go are the folder and its
// pages.
package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Config says how messages go out.
type Config struct {
	SiteURL      string        `env:"SUBCLIP_SITE_URL" desc:"address of the pages as people reach it, for links in messages; empty means http:// and SUBCLIP_LISTEN"`
	From         string        `env:"SUBCLIP_MAIL_FROM" desc:"sender of messages: an address, or a name and then the address in angle brackets; needed with SUBCLIP_SMTP_HOST"`
	Host         string        `env:"SUBCLIP_SMTP_HOST" desc:"SMTP server that takes messages; empty keeps them as files in SUBCLIP_MAIL_FOLDER"`
	Port         int           `env:"SUBCLIP_SMTP_PORT" envDefault:"0" desc:"its port; 0 means the usual one for SUBCLIP_SMTP_TLS: 587, 465 or 25"`
	TLS          string        `env:"SUBCLIP_SMTP_TLS" envDefault:"starttls" desc:"starttls, tls (from the first byte on) or none"`
	User         string        `env:"SUBCLIP_SMTP_USER" desc:"user name there; empty means no authentication"`
	Password     string        `env:"SUBCLIP_SMTP_PASSWORD" secret:"true" desc:"password of SUBCLIP_SMTP_USER"`
	PasswordFile string        `env:"SUBCLIP_SMTP_PASSWORD_FILE" desc:"file that holds the password instead"`
	Timeout      time.Duration `env:"SUBCLIP_SMTP_TIMEOUT" envDefault:"30s" desc:"longest wait for the server per message, 1 second to 10 minutes"`
	Folder       string        `env:"SUBCLIP_MAIL_FOLDER" desc:"folder that keeps messages where SUBCLIP_SMTP_HOST is empty; subclip up has one in its data folder"`
}

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	site, err := url.Parse(c.SiteURL)
	switch {
	case err != nil || site.Host == "" || (site.Scheme != "http" && site.Scheme != "https"):
		return fmt.Errorf("SUBCLIP_SITE_URL is %q: write a URL such as https://press.example.com", c.SiteURL)
	case c.Host != "":
		return c.validateServer()
	case c.Folder == "":
		return errors.New("SUBCLIP_SMTP_HOST is empty: name the server that takes messages, or a folder that keeps them in SUBCLIP_MAIL_FOLDER")
	}
	return nil
}

func (c Config) validateServer() error {
	switch {
	case c.From == "":
		return errors.New("SUBCLIP_MAIL_FROM is empty: write the sender of messages, such as Press Portal <portal@example.com>")
	case c.Port < 0 || c.Port > 65535:
		return fmt.Errorf("SUBCLIP_SMTP_PORT is %d: use 0 to 65535", c.Port)
	case c.TLS != "starttls" && c.TLS != "tls" && c.TLS != "none":
		return fmt.Errorf("SUBCLIP_SMTP_TLS is %q: use starttls, tls or none", c.TLS)
	case c.Password != "" && c.PasswordFile != "":
		return errors.New("SUBCLIP_SMTP_PASSWORD and SUBCLIP_SMTP_PASSWORD_FILE are both set: use one")
	case (c.User == "") != (c.Password == "" && c.PasswordFile == ""):
		return errors.New("SUBCLIP_SMTP_USER and its password go together: set both or neither")
	case c.Timeout < time.Second || c.Timeout > 10*time.Minute:
		return fmt.Errorf("SUBCLIP_SMTP_TIMEOUT is %s: use 1s to 10m", c.Timeout)
	}
	return nil
}

// Mailer sends messages. It is safe for concurrent use.
type Mailer struct {
	site   *url.URL
	from   *mail.Address
	client *gomail.Client // nil where messages are kept
	folder string
	log    *slog.Logger
}

// New prepares a mailer; it connects to nothing yet.
func New(cfg Config, log *slog.Logger) (*Mailer, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.From == "" {
		cfg.From = "Subclip <subclip@localhost>"
	}
	from, err := mail.ParseAddress(cfg.From)
	if err != nil {
		return nil, fmt.Errorf("SUBCLIP_MAIL_FROM is %q: write it as Press Portal <portal@example.com> (%w)", cfg.From, err)
	}
	site, err := url.Parse(cfg.SiteURL)
	if err != nil {
		return nil, fmt.Errorf("read SUBCLIP_SITE_URL: %w", err)
	}
	m := &Mailer{site: site, from: from, log: log}
	if cfg.Host != "" {
		m.client, err = newClient(cfg)
		return m, err
	}
	if m.folder, err = filepath.Abs(cfg.Folder); err != nil {
		return nil, fmt.Errorf("find SUBCLIP_MAIL_FOLDER: %w", err)
	}
	if err := os.MkdirAll(m.folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of messages: choose another one with SUBCLIP_MAIL_FOLDER (%w)", err)
	}
	return m, nil
}

func newClient(cfg Config) (*gomail.Client, error) {
	if cfg.PasswordFile != "" {
		data, err := os.ReadFile(cfg.PasswordFile)
		if err != nil {
			return nil, fmt.Errorf("read SUBCLIP_SMTP_PASSWORD_FILE: %w", err)
		}
		cfg.Password = strings.TrimRight(string(data), "\r\n")
	}
	port, options := 25, []gomail.Option{gomail.WithTimeout(cfg.Timeout), gomail.WithoutRset()}
	switch cfg.TLS {
	case "starttls":
		port, options = 587, append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "tls":
		port, options = 465, append(options, gomail.WithSSL())
	case "none":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if cfg.Port != 0 {
		port = cfg.Port
	}
	options = append(options, gomail.WithPort(port))
	if cfg.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(cfg.User), gomail.WithPassword(cfg.Password))
	}
	client, err := gomail.NewClient(cfg.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("prepare sending by %s: %w", cfg.Host, err)
	}
	return client, nil
}

// Link is an address on the site, for messages. path begins with a slash; query
// may be nil.
func (m *Mailer) Link(path string, query url.Values) string {
	link := m.site.JoinPath(path)
	link.RawQuery = query.Encode()
	return link.String()
}

// SiteName is what the site calls itself in messages: the sender's name.
func (m *Mailer) SiteName() string {
	if m.from.Name == "" {
		return m.site.Hostname()
	}
	return m.from.Name
}

// SiteHost is the name of the site's machine in links, without a port.
func (m *Mailer) SiteHost() string { return m.site.Hostname() }

// Send sends one message over a connection of its own. See Connection.Send for
// its errors.
func (m *Mailer) Send(ctx context.Context, message Message) error {
	if err := message.Check(); err != nil {
		return err
	}
	c, err := m.Connect(ctx)
	if err != nil {
		return err
	}
	err = c.Send(ctx, message)
	// What the server says to our good-bye changes nothing.
	_ = c.Close()
	return err
}

// Connection is a conversation with the server, for many messages one after the
// other. It must be closed.
type Connection struct {
	mailer *Mailer
	smtp   *smtp.Client // nil where messages are kept
}

// Connect opens a connection. Its errors are all passing: they say nothing of any
// address.
func (m *Mailer) Connect(ctx context.Context) (*Connection, error) {
	if m.client == nil {
		return &Connection{mailer: m}, nil
	}
	conn, err := m.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("reach the mail server %s: %w", m.client.ServerAddr(), err)
	}
	return &Connection{m, conn}, nil
}

// Send sends a message. A mistake in it is an *InvalidError. Of what the server
// answers, errors.Is tells ErrAddress, ErrMessage and ErrUncertain; any other
// error is passing: the message did not go out and may be sent again, over a new
// connection. A message under way is not stopped by ctx, only by the timeout.
func (c *Connection) Send(ctx context.Context, message Message) error {
	if err := message.Check(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("send a message: %w", err)
	}
	built, err := c.mailer.build(message)
	if err != nil {
		return err
	}
	if c.smtp == nil {
		return c.mailer.keep(built)
	}
	if err := c.mailer.client.SendWithSMTPClient(c.smtp, built); err != nil {
		return classify(err)
	}
	return nil
}

// Close says good-bye.
func (c *Connection) Close() error {
	if c.smtp == nil {
		return nil
	}
	if err := c.mailer.client.CloseWithSMTPClient(c.smtp); err != nil {
		return fmt.Errorf("leave the mail server: %w", err)
	}
	return nil
}
