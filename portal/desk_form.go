package portal

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"subclip/database"

	"github.com/gin-gonic/gin"
)

// form is what stands in a form, and what is wrong with it.
type form struct {
	values   url.Values
	mistakes map[string][]said
}

// field is one field of a form.
type field struct {
	Name, Label, Hint string
	Value             string
	Mistakes          []said
}

// Field is a field that may have a hint.
func (f form) Field(name, label string, hint ...string) field {
	return field{name, label, strings.Join(hint, " "), f.values.Get(name), f.mistakes[name]}
}

// Has reports whether a value is chosen.
func (f form) Has(name, value string) bool { return slices.Contains(f.values[name], value) }

// Value is what stands in a field.
func (f form) Value(name string) string { return f.values.Get(name) }

// mistake is one thing that is wrong; Field is empty where it concerns none.
type mistake struct {
	Field string
	said
}

// MistakesOf are those of a field.
func (f form) MistakesOf(name string) []said { return f.mistakes[name] }

// Mistakes are all that are wrong.
func (f form) Mistakes() (all []mistake) {
	for name, texts := range f.mistakes {
		for _, text := range texts {
			all = append(all, mistake{name, text})
		}
	}
	slices.SortFunc(all, func(a, b mistake) int { return strings.Compare(a.Field, b.Field) })
	return all
}

// typed reads the form that was posted, with lines ended as text has them.
func typed(g *gin.Context) url.Values {
	if err := g.Request.ParseForm(); err != nil {
		return url.Values{}
	}
	return g.Request.PostForm
}

// newKey is an Idempotency-Key for a form, so that sending it twice does it once.
func newKey() string { return database.NewID() }

// listed splits a field into its entries, which stand apart by commas or lines.
func listed(text string) []string {
	entries := []string{}
	for entry := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' || r == ';' }) {
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
