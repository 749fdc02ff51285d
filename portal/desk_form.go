package portal

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"subclip/database"

	"github.com/gin-gonic/gin"
)

// maxText is the most bytes of a form with long texts.
const maxText = 2 << 20

// typed reads a form with long texts, or answers that it cannot be read: what is empty
// in it is stored as empty, so that one that did not arrive must not pass for it.
func (p *Portal) typed(g *gin.Context) (url.Values, bool) {
	if g.ContentType() != "application/x-www-form-urlencoded" {
		p.showError(g, http.StatusBadRequest)
		return nil, false
	}
	f, ok := p.readFormOf(g, maxText)
	return f.Values, ok
}

// wrong is a form with what the API did not take of it. field, if there is one, names the
// form's field for one of the API's; one entry of a list is part of the field that has
// the list.
func (p *Portal) wrong(g *gin.Context, values url.Values, a answer, field func(string) string) form {
	f := form{Values: values, status: http.StatusUnprocessableEntity}
	for name, messages := range a.mistakes() {
		if field != nil {
			name = field(name)
		}
		name = ofList.ReplaceAllString(name, "")
		for _, message := range messages {
			f.Mistakes = append(f.Mistakes, p.mistake(g, name, message))
		}
	}
	return f
}

// ofList is where an API's field names one entry of a list.
var ofList = regexp.MustCompile(`\[\d+\].*$`)

// newKey is an Idempotency-Key for a form, so that sending it twice does it once.
func newKey() string { return database.NewID() }

// listed splits a field into its entries, which stand apart by commas or lines.
func listed(text string) []string {
	entries := []string{}
	for entry := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",;\r\n", r) }) {
		if entry = strings.TrimSpace(entry); entry != "" {
			entries = append(entries, entry)
		}
	}
	return entries
}

// localTime is how a browser writes a time in a field; we mean UTC.
const localTime = "2006-01-02T15:04"

// moment is a time for the API out of such a field: null where it is empty, and what
// was typed where it is none, so that the API says so.
func moment(text string) any {
	if text == "" {
		return nil
	}
	if t, err := time.Parse(localTime, text); err == nil {
		return t.Format(time.RFC3339)
	}
	return text
}

func momentField(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(localTime)
}
