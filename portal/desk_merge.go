package portal

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// begunField is the hidden field of a form that holds what stood in it when it was opened.
const begunField = "begun"

// begun is a form that remembers what stands in it, so that only what its editor changes
// is stored: a form may be open for hours while others change the same thing.
func begun(values url.Values) form {
	values.Set(begunField, values.Encode())
	return form{Values: values, status: http.StatusOK}
}

// begunWith is what stood in a form when it was opened; one that does not say began empty.
func begunWith(values url.Values) url.Values {
	before, err := url.ParseQuery(values.Get(begunField))
	if err != nil {
		return url.Values{}
	}
	return before
}

// isList reports whether a field is a list, which is empty where a browser sends none.
func isList(name string) bool {
	return name == topicsField || name == assetsField || name == storiesField || name == keepField
}

// same reports whether two states of a field are the same, however a browser ends its
// lines, and in whatever order boxes are ticked.
func same(name string, a, b []string) bool {
	plain := func(values []string) []string {
		values = slices.DeleteFunc(slices.Clone(values), func(value string) bool { return value == "" })
		for i := range values {
			values[i] = plainLines(values[i])
		}
		if name != assetsField {
			slices.Sort(values)
		}
		return values
	}
	return slices.Equal(plain(a), plain(b))
}

// merge puts what was changed in a form over what there is now, which has all its fields.
// Where others have changed the same field to something else, it is named, and what was
// typed stays.
func merge(typed, now url.Values) (values url.Values, clashes []string, others bool) {
	before := begunWith(typed)
	values = maps.Clone(typed)
	for name := range now {
		_, sent := typed[name]
		theirs := !same(name, now[name], before[name])
		switch {
		case name == begunField:
		case !sent && !isList(name), same(name, typed[name], before[name]):
			values[name] = now[name]
			others = others || theirs
		case theirs && !same(name, typed[name], now[name]):
			clashes = append(clashes, name)
		}
	}
	values.Set(begunField, now.Get(begunField))
	slices.Sort(clashes)
	return values, clashes, others
}

// edited is a thing that a form of the desk changes.
type edited struct {
	read  func() (now url.Values, version int, err error) // as its form
	store func(values, now url.Values) (answer, error)    // what of it is another; a zero answer if nothing is
	show  func(name string, values []string) string       // a field's state, for people
	field func(values url.Values) func(string) string     // of the form, for one of the API's; see mistakesOf
}

// savings is what became of a form.
type savings struct {
	form   form   // to be shown again, unless it was stored
	stored bool   // all of it, or there was nothing to store
	others bool   // others had changed fields that this one did not
	answer answer // the API's, if it was asked

	version int // that there is now
}

// collisions bounds how often a form is put over what others store at that very moment.
const collisions = 5

// save stores what was typed over what there is, unless others have changed the same.
func (p *Portal) save(g *gin.Context, typed url.Values, of edited) (savings, error) {
	var s savings
	for range collisions {
		now, version, err := of.read()
		if err != nil {
			return s, err
		}
		values, clashes, others := merge(typed, now)
		s = savings{form: form{Values: values, status: http.StatusConflict}, others: others, version: version}
		if len(clashes) > 0 {
			s.form.Clash = true
			s.form.Mistakes = p.clashes(g, clashes, now, of.show)
			return s, nil
		}
		if wrong := p.unclearEmbargo(g, values); wrong != nil && values.Get(embargoField) != now.Get(embargoField) {
			s.form.status, s.form.Mistakes = http.StatusUnprocessableEntity, wrong
			return s, nil
		}
		s.answer, err = p.askOf(g, version, func() (answer, error) { return of.store(values, now) })
		switch {
		case err != nil:
			return s, err
		case s.answer.good():
			s.stored = true
			s.version = s.answer.version(version)
			return s, nil
		case s.answer.Status != http.StatusPreconditionFailed:
			s.form = p.wrong(g, values, s.answer, of.field(values))
			return s, nil
		}
	}
	s.form.Mistakes = []mistake{mistakeOf(p.say(g, "desk.busy"))}
	return s, nil
}

// askOf asks the API for a change of a version alone.
func (p *Portal) askOf(g *gin.Context, version int, ask func() (answer, error)) (answer, error) {
	g.Request.Header.Set("If-Match", strconv.Quote(strconv.Itoa(version)))
	defer g.Request.Header.Del("If-Match")
	return ask()
}

// version is that of what the API answered with, or the one before.
func (a answer) version(before int) int {
	if now, err := strconv.Atoi(strings.Trim(a.header.Get("ETag"), `"`)); err == nil {
		return now
	}
	return before
}

// clashes are the fields that others have changed to something else.
func (p *Portal) clashes(g *gin.Context, names []string, now url.Values, show func(string, []string) string) (all []mistake) {
	for _, name := range names {
		there := strings.TrimSpace(show(name, now[name]))
		if there == "" {
			there = p.say(g, "desk.clash_empty")
		}
		text := p.say(g, "desk.clash_field")
		all = append(all, mistake{Field: name, Text: text, Whole: p.label(g, name), Now: there})
	}
	return all
}

// label is what a field of the desk is called.
func (p *Portal) label(g *gin.Context, name string) string {
	language, part := "", name
	if parts := strings.Split(name, "."); len(parts) > 1 {
		part = parts[len(parts)-1]
		language = p.say(g, "language."+parts[len(parts)-2]) + " – "
	}
	if key, known := deskLabels()[part]; known {
		return language + p.say(g, key)
	}
	return name
}

func deskLabels() map[string]string {
	return map[string]string{
		"title": "desk.title_field", descriptionField: "desk.text", languageField: "desk.language", restrictionsField: "desk.restrictions", embargoField: "desk.embargo",
		keepField: "desk.keep_back", topicsField: "desk.topics", keywordsField: "desk.keywords", peopleField: "desk.people", "places": "desk.places", "shot_on": "desk.shot_on",
		shotsField: "desk.shotlist_text", shotsLanguage: "desk.language", "summary": "story.summary", "body": "story.body", "date": "story.date",
		"place": "story.place", "slug": "story.slug", assetsField: "story.assets", storiesField: "desk.stories", "subject": "composer.subject", "intro": "composer.intro",
	}
}
