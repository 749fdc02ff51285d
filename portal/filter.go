package portal

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"subclip/mail"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Kinds of what is found.
const (
	kindVideos  = "videos"
	kindStories = "stories"
	kindSaid    = "said"
)

// Parameters of a search.
const (
	wordsParameter  = "q"
	kindParameter   = "kind"
	fromParameter   = "from"
	toParameter     = "to"
	spokenParameter = "language"
	topicParameter  = "topic"
	formatParameter = "format"
)

// narrowing are those that narrow a search, in the order of the form.
func narrowing() []string {
	return []string{fromParameter, toParameter, spokenParameter, topicParameter, formatParameter}
}

// filter is what somebody looks for, as the address of a page says it.
type filter struct {
	Path    string // of the page
	Form    form
	Kind    string    // empty for all
	From    time.Time // a day, or zero
	Until   time.Time // the day behind the last one, or zero
	Chips   []chip
	Choices filterChoices
}

// chip is something that narrows the search, and where it does not.
type chip struct{ Name, Value, Without string }

// choice is one to choose, and what it is called.
type choice struct{ Value, Name string }

type filterChoices struct {
	Languages, Topics []choice
	Formats           [][]choice // sizes, containers, codings; none where nothing has a format
}

// formats are what AssetQuery.Format may be, in the groups of the choice.
func formats() [][]string {
	return [][]string{{"uhd", "hd", "sd"}, {"mp4", "mov", "mxf", "ts", "mkv"}, {"h264", "hevc", "prores", "dnxhd", "mpeg2video"}}
}

// maxAsked is the most bytes of what somebody looks for.
const maxAsked = 400

// singleName is how a choice or a cursor may be written.
var singleName = regexp.MustCompile(`^[A-Za-z0-9/_-]{0,100}$`)

// readFilter reads the address of a page that shows some kinds, or one alone. Where there
// is nothing to show, because it cannot be read or says the same in another way, done is
// true and the answer is given.
func (p *Portal) readFilter(g *gin.Context, kinds ...string) (f filter, done bool) {
	query := g.Request.URL.Query()
	f = filter{Path: g.Request.URL.Path, Form: form{Values: url.Values{}, status: http.StatusOK}}
	untidy := false
	for _, name := range append(narrowing(), wordsParameter, kindParameter, cursorParameter) {
		value := strings.TrimSpace(query.Get(name))
		if len(value) > maxAsked || !utf8.ValidString(value) || strings.ContainsRune(value, 0) || name != wordsParameter && !singleName.MatchString(value) {
			p.showError(g, http.StatusBadRequest)
			return f, true
		}
		if value != "" {
			f.Form.Values.Set(name, value)
		} else if query.Has(name) {
			untidy = true
		}
	}
	if untidy {
		// What a form leaves empty need not stand in an address that is passed on.
		g.Redirect(http.StatusSeeOther, keepLanguage(g, f.with("", "")))
		return f, true
	}
	if f.Kind = f.Form.Value(kindParameter); f.Kind != "" && !slices.Contains(kinds, f.Kind) {
		p.showError(g, http.StatusBadRequest)
		return f, true
	}
	if len(kinds) == 1 {
		f.Kind = kinds[0]
	}
	if f.Kind == kindStories {
		f.Form.Values.Del(formatParameter) // they have none
	}
	p.readDays(g, &f)
	spoken, err := p.spoken.get(g.Request.Context(), p.Catalog.SpokenLanguages)
	if err != nil {
		p.fail(g, err)
		return f, true
	}
	f.Choices = p.filterChoices(p.language(g), f, spoken)
	f.Chips = p.chips(g, f)
	return f, false
}

// readDays reads the days between which something is.
func (p *Portal) readDays(g *gin.Context, f *filter) {
	for name, day := range map[string]*time.Time{fromParameter: &f.From, toParameter: &f.Until} {
		text := f.Form.Value(name)
		if text == "" {
			continue
		}
		read, err := time.Parse(time.DateOnly, text)
		if err != nil {
			f.refuse(name, p.say(g, "filter.bad_day"))
			continue
		}
		*day = read
	}
	if !f.Until.IsZero() {
		if f.Until.Before(f.From) {
			f.refuse(toParameter, p.say(g, "filter.bad_order"))
		}
		f.Until = f.Until.AddDate(0, 0, 1)
	}
}

func (f *filter) refuse(field, text string) {
	f.Form.status = http.StatusUnprocessableEntity
	f.Form.Mistakes = append(f.Form.Mistakes, mistake{Field: field, Text: text, Whole: text})
}

// Words are what is looked for.
func (f filter) Words() string { return f.Form.Value(wordsParameter) }

func (f filter) cursor() string { return f.Form.Value(cursorParameter) }

// Any reports whether anything is looked for.
func (f filter) Any() bool { return len(f.Form.Values) > 0 }

// Days are the parameters that are days.
func (filter) Days() []string { return []string{fromParameter, toParameter} }

// FirstPage is the search's own address.
func (f filter) FirstPage() string { return f.with("", "") }

// AllKinds is the address of the same search in all kinds.
func (f filter) AllKinds() string { return f.with(kindParameter, "") }

// with is the address of the same search, from its first page on, with another value of a
// parameter; an empty value leaves it out.
func (f filter) with(name, value string) string {
	values := url.Values{}
	for known, all := range f.Form.Values {
		if known != cursorParameter {
			values[known] = all
		}
	}
	if name != "" {
		values.Del(name)
		if value != "" {
			values.Set(name, value)
		}
	}
	if values.Get(kindParameter) == kindStories {
		values.Del(formatParameter)
	}
	if len(values) == 0 {
		return f.Path
	}
	return f.Path + "?" + values.Encode()
}

// Bare is the address of the search by its words alone.
func (f filter) Bare() string {
	f.Form.Values = maps.Clone(f.Form.Values)
	for _, name := range narrowing() {
		f.Form.Values.Del(name)
	}
	return f.with("", "")
}

// chips are what narrows a search, in words.
func (p *Portal) chips(g *gin.Context, f filter) (chips []chip) {
	tongue := p.language(g)
	for _, name := range narrowing() {
		value := f.Form.Value(name)
		if value == "" || len(f.Form.About(name)) > 0 {
			continue
		}
		text := value
		switch name {
		case fromParameter:
			text = p.date(tongue, f.From)
		case toParameter:
			text = p.date(tongue, f.Until.AddDate(0, 0, -1))
		case spokenParameter:
			text = p.languageName(tongue, value)
		case topicParameter:
			text = p.Catalog.TopicTitle(value, tongue)
		case formatParameter:
			text = p.formatName(tongue, value)
		}
		chips = append(chips, chip{"filter." + name, text, f.with(name, "")})
	}
	return chips
}

func (p *Portal) filterChoices(tongue string, f filter, spoken []string) filterChoices {
	var all filterChoices
	languages := mail.Languages() // of stories, and first among others
	if f.Kind != kindStories {
		for _, tag := range spoken {
			languages = withValue(languages, tag)
		}
	}
	for _, tag := range withValue(languages, f.Form.Value(spokenParameter)) {
		all.Languages = append(all.Languages, choice{tag, p.languageName(tongue, tag)})
	}
	for _, topic := range withValue(p.Catalog.Topics(), f.Form.Value(topicParameter)) {
		all.Topics = append(all.Topics, choice{topic, p.Catalog.TopicTitle(topic, tongue)})
	}
	if f.Kind == kindStories {
		return all
	}
	groups, chosen := formats(), f.Form.Value(formatParameter)
	if chosen != "" && !slices.Contains(slices.Concat(groups...), chosen) {
		groups = append(groups, []string{chosen})
	}
	for _, group := range groups {
		var choices []choice
		for _, name := range group {
			choices = append(choices, choice{name, p.formatName(tongue, name)})
		}
		all.Formats = append(all.Formats, choices)
	}
	return all
}

// withValue adds what an address asks for to what can be chosen.
func withValue(all []string, value string) []string {
	if value == "" || slices.Contains(all, value) {
		return all
	}
	return append(slices.Clone(all), value)
}

func (p *Portal) formatName(tongue, format string) string {
	if name, err := p.words.find(tongue, "filter.format_"+format); err == nil {
		return name
	}
	return strings.ToUpper(format)
}

// languageName is what a language is called in another.
func (p *Portal) languageName(tongue, tag string) string {
	if tag == language.Und.String() {
		return p.words.say(tongue, "language.unknown")
	}
	if slices.Contains(mail.Languages(), tag) {
		return p.words.say(tongue, "language."+tag)
	}
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	names := display.English.Tags()
	if tongue == "fr" {
		names = display.French.Tags()
	}
	return names.Name(parsed)
}

// keepLanguage takes the language that an address asks for over to another.
func keepLanguage(g *gin.Context, path string) string {
	if chosen := g.Query(languageParameter); slices.Contains(mail.Languages(), chosen) {
		return withLanguage(path, chosen)
	}
	return path
}
