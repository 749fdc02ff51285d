package portal

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/mail"
	"subclip/said"

	"github.com/gin-gonic/gin"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// languageParameter chooses the language of a page, and of those after it.
const languageParameter = "lang"

// spoken is the key of a request's context under which a handler chooses the language.
const spoken = "language"

// words are what pages say, in every language.
type words struct {
	of   map[string]*i18n.Localizer
	said map[string]*said.Words // what the service says, in each language
	keys []string
}

// readWords reads words/*.json.
func readWords() (*words, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	names, err := fs.Glob(files, "words/*.json")
	if err != nil {
		return nil, fmt.Errorf("read the words: %w", err)
	}
	keys := map[string]bool{}
	for _, name := range names {
		file, err := bundle.LoadMessageFileFS(files, name)
		if err != nil {
			return nil, fmt.Errorf("read the words of %s: %w", name, err)
		}
		for _, message := range file.Messages {
			keys[message.ID] = true
		}
	}
	w := &words{of: map[string]*i18n.Localizer{}, said: map[string]*said.Words{}, keys: slices.Sorted(maps.Keys(keys))}
	for _, tag := range mail.Languages() {
		w.of[tag] = i18n.NewLocalizer(bundle, tag)
		if w.said[tag], err = said.Read(tag); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// find returns words, with values by name: find("fr", "greeting", "Name", "Zoë"). The
// value named Count chooses between one and many.
func (w *words) find(language, key string, values ...any) (string, error) {
	if len(values)%2 != 0 {
		return "", fmt.Errorf("words %s: a value has no name", key)
	}
	config := &i18n.LocalizeConfig{MessageID: key}
	data := map[string]any{}
	for pair := range slices.Chunk(values, 2) {
		name, ok := pair[0].(string)
		if !ok || len(pair) < 2 {
			return "", fmt.Errorf("words %s: %v is no name, or has no value", key, pair[0])
		}
		if data[name] = number(language, pair[1]); name == "Count" {
			config.PluralCount = pair[1]
		}
	}
	config.TemplateData = data
	text, err := w.of[language].Localize(config)
	if err != nil {
		return "", fmt.Errorf("words %s in %s: %w", key, language, err)
	}
	return typeset(language, text), nil
}

// say returns words that are known to be there; a test sees to it that they are.
func (w *words) say(language, key string, values ...any) string {
	text, err := w.find(language, key, values...)
	if err != nil {
		return key
	}
	return text
}

// all returns the words whose key begins with a prefix and a dot, without it, for scripts.
func (w *words) all(language, prefix string) (map[string]string, error) {
	some := map[string]string{}
	for _, key := range w.keys {
		if short, ok := strings.CutPrefix(key, prefix+"."); ok {
			text, err := w.find(language, key)
			if err != nil {
				return nil, err
			}
			some[short] = text
		}
	}
	if len(some) == 0 {
		return nil, fmt.Errorf("there are no words that begin with %s", prefix)
	}
	return some, nil
}

// language chooses a page's language: what its address says, which is kept in a cookie,
// or else the cookie's, the person's or the browser's.
func (p *Portal) language(g *gin.Context) string {
	if language := g.GetString(spoken); language != "" {
		return language
	}
	known := func(tag string) bool { return slices.Contains(mail.Languages(), tag) }
	chosen := g.Query(languageParameter)
	kept := ""
	if cookie, missing := g.Request.Cookie(languageParameter); missing == nil {
		kept = cookie.Value
	}
	if known(chosen) {
		if chosen != kept {
			http.SetCookie(g.Writer, &http.Cookie{ //nolint:gosec // it holds no secret
				Name: languageParameter, Value: chosen, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()), SameSite: http.SameSiteLaxMode, HttpOnly: true,
			})
		}
		return chosen
	}
	if known(kept) {
		return kept
	}
	if person := accounts.From(g.Request.Context()).Person; person != nil && known(person.Language) {
		return person.Language
	}
	return mail.PickLanguage(g.GetHeader("Accept-Language"))
}

// say returns words in the language of a request's page.
func (p *Portal) say(g *gin.Context, key string, values ...any) string {
	return p.words.say(p.language(g), key, values...)
}

// functions are what templates of one language may call.
func (p *Portal) functions(language string) template.FuncMap {
	all := template.FuncMap{
		// t finds words; see words.find.
		"t": func(key string, values ...any) (string, error) { return p.words.find(language, key, values...) },
		// words gives a script all words of a group.
		"words": func(prefix string) (map[string]string, error) { return p.words.all(language, prefix) },
		// action is what a kind of entry of the record is called; one that has no words
		// stands there as it is, so that the record can be read.
		"action": func(of accounts.Action) string {
			if text, err := p.words.find(language, "action."+string(of)); err == nil {
				return text
			}
			return string(of)
		},
		// told puts a sentence of the service's into the page's language; see toldIn.
		"told": func(message string) told { return p.toldIn(language, message) },
		// titled puts what the API's reference calls something into the page's language.
		"titled": func(of string) told { return p.titled(language, of) },
		// languages lists the tags of all languages.
		"languages": mail.Languages,
		// inLanguage is a page's path in another language.
		"inLanguage": withLanguage,
		"tab":        newTab,
		"exactTab":   func(here, path, name string) tab { return tab{path, name, here == path} },
		"returnTo":   returning,
		// absolute makes a path an address of the site.
		"absolute": p.address,
		// static is the address of a built file, with its version.
		"static": p.static.address,
		// font is the address of a font by the start of its name.
		"font":      p.static.font,
		"storyPath": catalog.StoryPath,
		// topic is what a topic is called.
		"topic": func(name string) string { return p.Catalog.TopicTitle(name, language) },
		// headline is a story's title in a language, or in the one that it has.
		"headline": func(story catalog.Story, language string) string {
			text, _ := story.Text(language)
			return text.Title
		},
		// date writes a day of UTC out, stamp a moment by the clocks of the site's time zone.
		"date":  func(t time.Time) string { return p.date(language, t.UTC()) },
		"stamp": func(t time.Time) string { return p.stamped(language, t) },
		// embargo says until when something is kept back.
		"embargo": func(until time.Time) string { return p.embargoed(language, until) },
		"zone":    p.zone.String,
		"kept":    func() (string, error) { return p.kept(language) },
		// shortDate is a day of UTC without its year.
		"shortDate": func(t time.Time) string { return p.dayAndMonth(language, t.UTC()) },
		"iso":       func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"day":       func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
		// clock writes a duration as viewers read it: 3:00 or 1:02:30.
		"clock":      clock,
		"paragraphs": paragraphs,
		// json writes what a script reads out of an attribute.
		"json": func(value any) (string, error) {
			text, err := json.Marshal(value)
			return string(text), err
		},
		// detail is what an entry of the record says beyond its action.
		"detail": func(of accounts.Action, detail string) string { return p.detail(language, of, detail) },
		// number and decimal write a number as the language does.
		"number":  func(value any) any { return number(language, value) },
		"decimal": func(number string) string { return decimal(language, number) },
		// size writes a size of bytes.
		"size": func(bytes int64) string { return p.size(language, bytes) },
	}
	maps.Copy(all, formFunctions())
	maps.Copy(all, developersFunctions(language))
	return all
}

// stamped writes a moment by the clocks of the site's time zone.
func (p *Portal) stamped(language string, t time.Time) string {
	return p.date(language, t.In(p.zone.Location)) + ", " + p.zone.stamp(t)
}
