package mail

import (
	"crypto/rand"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/http/httpguts"
)

// Limits of a message, in bytes. A header line is at most 998 by RFC 5322.
const (
	maxSubject = 500
	maxHeader  = 900
	maxBody    = 1 << 20
)

// Message is one message to one person.
type Message struct {
	To      string // an address that ParseAddress takes
	Subject string
	Text    string // for readers that show plain text; must not be empty
	HTML    string // the same for the others; may be empty

	// Headers are further ones, such as List-Unsubscribe.
	Headers map[string]string
}

// InvalidError is a mistake in a message, told to whoever wrote it.
type InvalidError struct {
	Field   string // of the message: to, subject, text, html or headers
	Message string // a sentence that says what to do
}

func (e *InvalidError) Error() string { return e.Message }

// Check reports the first mistake in a message, an *InvalidError.
func (m Message) Check() error {
	if _, err := ParseAddress(m.To); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(m.Subject) == "" || !isLine(m.Subject, maxSubject):
		return &InvalidError{"subject", fmt.Sprintf("the subject is one line of 1 to %d bytes, without control characters", maxSubject)}
	case strings.TrimSpace(m.Text) == "" || !isText(m.Text):
		return &InvalidError{"text", fmt.Sprintf("the text has 1 to %d bytes, without control characters", maxBody)}
	case !isText(m.HTML):
		return &InvalidError{"html", fmt.Sprintf("the HTML has at most %d bytes, without control characters", maxBody)}
	}
	for name, value := range m.Headers {
		if !isFreeHeader(name) || !isLine(value, maxHeader) {
			return &InvalidError{"headers", fmt.Sprintf("%q is not a header that may be added, or its value is not one line", name)}
		}
	}
	return nil
}

func isLine(s string, limit int) bool {
	return len(s) <= limit && utf8.ValidString(s) && !strings.ContainsFunc(s, isBreaking)
}

// isBreaking finds what a reader or a server may take for the end of a line.
func isBreaking(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

func isText(s string) bool {
	return len(s) <= maxBody && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

// isFreeHeader reports whether a header is not one of those that we write.
func isFreeHeader(name string) bool {
	lower := strings.ToLower(name)
	ours := []string{"from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id", "mime-version", "return-path", "received"}
	return len(name) <= 70 && httpguts.ValidHeaderFieldName(name) && !slices.Contains(ours, lower) && !strings.HasPrefix(lower, "content-")
}

// build writes a checked message.
func (m *Mailer) build(message Message) (*gomail.Msg, error) {
	to, err := ParseAddress(message.To)
	if err != nil {
		return nil, err
	}
	// The library's own user agent and host name would tell outsiders what runs
	// here, and on which machine.
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(m.from)
	msg.SetMessageIDWithValue(strings.ToLower(rand.Text()) + "@" + m.from.Address[strings.LastIndexByte(m.from.Address, '@')+1:])
	parsed, err := mail.ParseAddress("<" + to + ">")
	if err != nil {
		return nil, badAddress()
	}
	msg.ToMailAddress(parsed)
	msg.SetDate()
	msg.Subject(message.Subject)
	for name, value := range message.Headers {
		if strings.ContainsFunc(value, func(r rune) bool { return r > unicode.MaxASCII }) {
			msg.SetGenHeader(gomail.Header(name), value)
			continue
		}
		// Never folded: some readers do not find a URL on a second line.
		msg.SetGenHeaderPreformatted(gomail.Header(name), value)
	}
	msg.SetBodyString(gomail.TypeTextPlain, message.Text)
	if message.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, message.HTML)
	}
	return msg, nil
}
