package mail

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"

	"golang.org/x/text/language"
)

//go:embed templates
var templates embed.FS

// Kind is what a composed message is about; each has a text and an HTML template
// in every language.
type Kind string

// The kinds of messages. What Data they use is said in brackets.
const (
	// ConfirmAddress carries the code that completes a registration [Code, Minutes].
	ConfirmAddress Kind = "confirm"
	// ResetPassword carries the code that allows a new password [Code, Minutes].
	ResetPassword Kind = "reset"
	// ChangeAddress goes to a new address, with the code that proves it [Code, Minutes].
	ChangeAddress Kind = "change"
	// AlreadyRegistered answers a registration of an address that has an account
	// already: only its owner may learn of it [Link, to where a password is reset].
	AlreadyRegistered Kind = "registered"
	// PasswordChanged tells that the password is another one [Link, likewise].
	PasswordChanged Kind = "password"
	// PasswordRenewed tells that it was reset, and that tokens are revoked [Link, likewise].
	PasswordRenewed Kind = "renewed"
	// FactorLifted tells that an administrator has ended the second factor [Link, likewise].
	FactorLifted Kind = "factor"
	// AddressChanged tells the former address of the change [Link, to get help].
	AddressChanged Kind = "moved"
	// ConfirmNewsletter asks whether a subscription is meant [Link, Hours].
	ConfirmNewsletter Kind = "newsletter"
)

// Kinds lists all kinds.
func Kinds() []Kind {
	return []Kind{ConfirmAddress, ResetPassword, ChangeAddress, AlreadyRegistered, PasswordChanged, PasswordRenewed, FactorLifted, AddressChanged, ConfirmNewsletter}
}

// Languages lists the languages of messages; the first one serves all others.
func Languages() []string { return []string{"en", "fr"} }

// PickLanguage is the language of Languages that suits a reader best. wanted is a
// BCP 47 tag, or a list of them as in Accept-Language; what is unknown gets the
// first language.
func PickLanguage(wanted string) string {
	ours := make([]language.Tag, len(Languages()))
	for i, name := range Languages() {
		ours[i] = language.MustParse(name)
	}
	tags, _, err := language.ParseAcceptLanguage(wanted)
	_, i, confidence := language.NewMatcher(ours).Match(tags...)
	if err != nil || confidence == language.No {
		i = 0
	}
	return Languages()[i]
}

// Data is what a message says. It has no name of the reader on purpose: before an
// address is confirmed, whoever typed it chose the name too, and would have our
// server send their words to strangers.
type Data struct {
	Code    string // six digits
	Minutes int    // how long the code works
	Hours   int    // how long the link works
	Link    string // made by Mailer.Link
}

// Compose writes a message of a kind in the language that suits tag. A code never
// stands in the subject, which phones show while they are locked and mail servers
// write into their logs; it opens the text, so that a notification shows it to
// whoever unlocks.
func (m *Mailer) Compose(kind Kind, tag, to string, data Data) (Message, error) {
	lang := PickLanguage(tag)
	base := "templates/" + lang + "/" + string(kind)
	text, err := texttemplate.ParseFS(templates, base+".txt")
	if err != nil {
		return Message{}, fmt.Errorf("read the message %s: %w", kind, err)
	}
	html, err := htmltemplate.ParseFS(templates, "templates/layout.html", base+".html")
	if err != nil {
		return Message{}, fmt.Errorf("read the message %s: %w", kind, err)
	}
	words := struct {
		Data
		Language, Subject, Site, Home string
	}{data, lang, "", m.SiteName(), m.Link("/", nil)}
	var subject, plain, marked bytes.Buffer
	if err := text.ExecuteTemplate(&subject, "subject", words); err != nil {
		return Message{}, fmt.Errorf("write the message %s: %w", kind, err)
	}
	words.Subject = strings.TrimSpace(subject.String())
	if err := text.ExecuteTemplate(&plain, "text", words); err != nil {
		return Message{}, fmt.Errorf("write the message %s: %w", kind, err)
	}
	if err := html.ExecuteTemplate(&marked, "layout.html", words); err != nil {
		return Message{}, fmt.Errorf("write the message %s: %w", kind, err)
	}
	return Message{
		To: to, Subject: words.Subject, Text: strings.TrimSpace(plain.String()) + "\n", HTML: marked.String(),
		// RFC 3834: nobody's vacation notice should answer this.
		Headers: map[string]string{"Auto-Submitted": "auto-generated"},
	}, nil
}
