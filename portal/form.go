package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// maxForm is the most bytes of a form without long texts or files.
const maxForm = 64 << 10

// maxPageBody is the most bytes that are posted to a page: captions are the largest.
const maxPageBody = 7 << 20

// boundBody bounds what is read of a request, and removes the files into which large
// parts of a form were put: the server does so for its own request alone, not for the
// copy that handlers have.
func boundBody(g *gin.Context) {
	g.Request.Body = http.MaxBytesReader(g.Writer, g.Request.Body, maxPageBody)
	g.Next()
	if parts := g.Request.MultipartForm; parts != nil {
		_ = parts.RemoveAll()
	}
}

// form is a form as it is shown: what was typed, and what is wrong with it.
type form struct {
	Values   url.Values
	Mistakes []mistake
	Clash    bool // they are what others have changed meanwhile
	status   int  // of the page that shows it
}

// mistake is one thing that is wrong.
type mistake struct {
	Field string // whose input it is about; empty if it is about none
	Text  string
	Whole string // text that also says which field it is about
	Lang  string // of the text, where it is not the page's
	Now   string // what somebody else has made of the field meanwhile
}

// newForm is a form that nobody has sent yet, with pairs of names and values.
func newForm(pairs ...string) form {
	f := form{Values: url.Values{}, status: http.StatusOK}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Values.Set(pairs[i], pairs[i+1])
	}
	return f
}

// readForm reads what was sent, or answers that it cannot be read.
func (p *Portal) readForm(g *gin.Context) (form, bool) { return p.readFormOf(g, maxForm) }

// readFormOf is readForm of one that has a limit of its own, in bytes.
func (p *Portal) readFormOf(g *gin.Context, limit int64) (form, bool) {
	g.Request.Body = http.MaxBytesReader(g.Writer, g.Request.Body, limit)
	if err := g.Request.ParseForm(); err != nil {
		p.showError(g, http.StatusBadRequest)
		return form{}, false
	}
	return form{Values: g.Request.PostForm, status: http.StatusOK}, true
}

// Value is what stands in a field. Secrets are in no field that is shown again.
func (f form) Value(name string) string { return f.Values.Get(name) }

// Has reports whether a box is ticked, or an option chosen.
func (f form) Has(name, value string) bool { return slices.Contains(f.Values[name], value) }

// About are the mistakes of one field.
func (f form) About(name string) []mistake {
	var some []mistake
	for _, m := range f.Mistakes {
		if m.Field == name {
			some = append(some, m)
		}
	}
	return some
}

// send has the API do what a form says. Where it refuses, done is false: the form then
// holds what was wrong, for the page to be shown again; or, if ended is true, an error
// page was shown already.
func (p *Portal) send(g *gin.Context, f *form, method, path string, body any) (a answer, done, ended bool) {
	a, err := p.ask(g, method, path, body)
	switch {
	case err != nil:
		p.fail(g, err)
		return a, false, true
	case a.good():
		return a, true, false
	case a.Status >= http.StatusInternalServerError:
		p.showError(g, a.Status)
		return a, false, true
	}
	p.refuse(g, f, a, nil)
	return a, false, false
}

// refuse writes into a form what the API found wrong with it, in the page's language; field
// is mistakesOf's.
func (p *Portal) refuse(g *gin.Context, f *form, a answer, field func(string) string) {
	f.status = http.StatusUnprocessableEntity
	if a.Status == http.StatusTooManyRequests {
		f.status = a.Status
		f.Mistakes = append(f.Mistakes, mistakeOf(p.say(g, "form.wait", "Wait", p.span(g, a.wait()))))
		g.Header("Retry-After", a.header.Get("Retry-After"))
		return
	}
	f.Mistakes = append(f.Mistakes, p.mistakesOf(g, a, field)...)
	f.sort()
}

// mistakesOf are what the API found wrong, in the page's language. field, if there is one,
// names the form's field for one of the API's; one entry of a list is part of the field
// that has the list.
func (p *Portal) mistakesOf(g *gin.Context, a answer, field func(string) string) (all []mistake) {
	found := a.mistakes()
	if a.Status == http.StatusRequestEntityTooLarge {
		found = map[string][]string{"": {p.say(g, "form.too_large")}}
	}
	for name, messages := range found {
		if field != nil {
			name = field(name)
		}
		name, _, _ = strings.Cut(name, "[")
		for _, message := range messages {
			all = append(all, p.mistake(g, name, message))
		}
	}
	return all
}

// sort puts mistakes into the order of their fields on the page.
func (f *form) sort() {
	order := slices.Concat(profileInputs(), []string{"email", "address", "code", "current_password", passwordName, "accept_terms"}, deskInputs())
	place := func(m mistake) int { return slices.Index(order, m.Field[strings.LastIndex(m.Field, ".")+1:]) }
	language := func(m mistake) string { return m.Field[:strings.LastIndex(m.Field, ".")+1] } // whose texts come first
	slices.SortStableFunc(f.Mistakes, func(a, b mistake) int {
		return cmp.Or(cmp.Compare(len(language(b)), len(language(a))), cmp.Compare(language(a), language(b)), cmp.Compare(place(a), place(b)), cmp.Compare(a.Field, b.Field))
	})
}

// mistakeOf is one that is about no field.
func mistakeOf(text string) mistake { return mistake{Text: text, Whole: text} }

// mistake is one that the API tells of.
func (p *Portal) mistake(g *gin.Context, field, message string) mistake {
	text, lang := p.told(g, message)
	m := mistake{Field: field, Text: text, Whole: text, Lang: lang}
	// What the API's schema refuses does not say whose length is wrong.
	if name, err := p.words.find(p.language(g), "field."+field); err == nil && strings.HasPrefix(message, "expected ") {
		m.Whole = p.say(g, "field.about", "Field", name, "Text", text)
	}
	return m
}

// wait is how long the API wants to be left alone.
func (a answer) wait() time.Duration {
	seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
	if err != nil {
		seconds = 1
	}
	return time.Duration(seconds) * time.Second
}

// span writes a wait out, rounded up: 40 seconds, 3 minutes.
func (p *Portal) span(g *gin.Context, wait time.Duration) string {
	key, unit := "form.seconds", time.Second
	if wait > 100*time.Second {
		key, unit = "form.minutes", time.Minute
	}
	return p.say(g, key, "Count", int((wait+unit-1)/unit))
}
