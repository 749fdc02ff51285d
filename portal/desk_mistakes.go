package portal

import (
	"net/url"
	"regexp"

	"github.com/gin-gonic/gin"
)

// said is what is wrong with something; Language is set where it is not the page's.
type said struct{ Text, Language string }

// usual are mistakes that the API often tells, and the words that pages have for them.
// What is found in brackets is the words' Number.
var usual = []struct { //nolint:gochecknoglobals // a constant
	told *regexp.Regexp
	key  string
}{
	{regexp.MustCompile(`^expected length >= 1$|^the title is empty`), "wrong.needed"},
	{regexp.MustCompile(`^expected length <= (\d+)$|more than (\d+) characters`), "wrong.too_long"},
	{regexp.MustCompile(`^expected string to be RFC 3339`), "wrong.no_time"},
	{regexp.MustCompile(`is no date`), "wrong.no_date"},
	{regexp.MustCompile(`^line (\d+) has no time`), "wrong.line_without_time"},
	{regexp.MustCompile(`^line (\d+) has a time and no text`), "wrong.line_without_text"},
	{regexp.MustCompile(`^line (\d+): the shot ends`), "wrong.line_backwards"},
	{regexp.MustCompile(`^line (\d+):`), "wrong.line_no_time"},
}

// sayWrong puts what the API told into the page's words, where there are some.
func (p *Portal) sayWrong(g *gin.Context, told string) said {
	language := p.language(g)
	for _, one := range usual {
		found := one.told.FindStringSubmatch(told)
		if found == nil {
			continue
		}
		number := ""
		for _, group := range found[1:] {
			number += group
		}
		return said{Text: p.words.say(language, one.key, "Number", number)}
	}
	if language == "en" {
		return said{Text: told}
	}
	return said{told, "en"}
}

// wrong is a form with what the API did not take of it. field may name the form's field
// for one of the API's; one entry of a list is part of the field that has the list.
func (p *Portal) wrong(g *gin.Context, values url.Values, a answer, field func(string) string) form {
	f := form{values, map[string][]said{}}
	for name, texts := range a.mistakes() {
		if field != nil {
			name = field(name)
		}
		name = entry.ReplaceAllString(name, "")
		for _, text := range texts {
			f.mistakes[name] = append(f.mistakes[name], p.sayWrong(g, text))
		}
	}
	return f
}

// entry is where an API's field names one entry of a list.
var entry = regexp.MustCompile(`\[\d+\].*$`)
