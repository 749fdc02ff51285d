package portal

import (
	"maps"
	"net/http"
	"net/url"
	"reflect"
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

// wrong is a form with what the API did not take of it; field is mistakesOf's.
func (p *Portal) wrong(g *gin.Context, values url.Values, a answer, field func(string) string) form {
	return form{Values: values, status: http.StatusUnprocessableEntity, Mistakes: p.mistakesOf(g, a, field)}
}

// newKey is an Idempotency-Key for a form, so that sending it twice does it once.
func newKey() string { return database.NewID() }

// begunField is the hidden field of a form that holds what stood in it when it was opened.
const begunField = "begun"

// begun is a form that remembers what stands in it, so that only what its editor changes
// is stored: a form may be open for hours while others change the same thing.
func begun(values url.Values) form {
	values.Set(begunField, values.Encode())
	return form{Values: values}
}

// changes is what a form changes, for the API: what of its body is not as it was when the
// form was opened.
func changes(values url.Values, body func(url.Values) gin.H) gin.H {
	was, changed := body(begunWith(values)), body(values)
	maps.DeleteFunc(changed, func(name string, value any) bool {
		former, known := was[name]
		return known && reflect.DeepEqual(former, value)
	})
	return changed
}

// begunWith is what stood in a form when it was opened; one that does not say began empty.
func begunWith(values url.Values) url.Values {
	before, err := url.ParseQuery(values.Get(begunField))
	if err != nil {
		return url.Values{}
	}
	return before
}

// text is a field with several lines, as they were before a browser sent them.
func text(values url.Values, name string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(values.Get(name))
}

// listed splits a field into its entries, one a line: names have commas of their own.
func listed(text string) []string {
	entries := []string{}
	for entry := range strings.Lines(text) {
		if entry = strings.TrimSpace(entry); entry != "" {
			entries = append(entries, entry)
		}
	}
	return entries
}

// listField writes entries as listed reads them.
func listField(entries []string) string { return strings.Join(entries, "\n") }

// momentField writes a time as a browser does in a field, to the millisecond; we mean UTC.
func momentField(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.999")
}

// moment is a time for the API out of such a field: null where it is empty, and what
// was typed where it is none, so that the API says so. Browsers leave seconds out that
// are none.
func moment(text string) any {
	if text == "" {
		return nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(time.RFC3339Nano)
		}
	}
	return text
}
