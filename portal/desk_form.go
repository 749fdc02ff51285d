package portal

import (
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"subclip/database"

	"github.com/gin-gonic/gin"
)

// maxText is the most bytes of a form with long texts.
const maxText = 2 << 20

// Fields that several forms of the desk have.
const (
	embargoField = "embargo_until"
	assetsField  = "asset_ids"
	storiesField = "story_ids"
	thenField    = "then" // what is to be done once it is stored

	descriptionField  = "description"
	keywordsField     = "keywords"
	peopleField       = "people"
	restrictionsField = "restrictions"
)

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

// typedWithVideos is typed for a form that has a list of videos. A button that changes the
// list only has the form shown again.
func (p *Portal) typedWithVideos(g *gin.Context, show func(form)) (url.Values, bool) {
	values, ok := p.typed(g)
	do, id, _ := strings.Cut(values.Get("do"), " ")
	if !ok || do == "" {
		return values, ok
	}
	values[assetsField] = rearranged(values[assetsField], do, id)
	show(form{Values: values, status: http.StatusOK})
	return nil, false
}

// create stores a new thing out of a form, one however often the form is sent, and returns
// its id and what the API answered; or it shows what is wrong.
func (p *Portal) create(g *gin.Context, path string, values url.Values, body gin.H, field func(string) string, show func(form)) (id string, made answer, ok bool) {
	g.Request.Header.Set("Idempotency-Key", values.Get("key"))
	made, err := p.ask(g, http.MethodPost, path, body)
	g.Request.Header.Del("Idempotency-Key")
	var thing struct{ ID string }
	switch {
	case err != nil:
		p.fail(g, err)
	case !made.good():
		values.Set("key", newKey())
		show(p.wrong(g, values, made, field))
	case made.read(&thing) != nil:
		p.showError(g, http.StatusInternalServerError)
	default:
		return thing.ID, made, true
	}
	return "", made, false
}

// wrong is a form with what the API did not take of it; field is mistakesOf's.
func (p *Portal) wrong(g *gin.Context, values url.Values, a answer, field func(string) string) form {
	f := form{Values: values}
	p.refuse(g, &f, a, field)
	return f
}

// deskInputs are the fields of the desk's forms in the order of their pages.
func deskInputs() []string {
	return []string{
		"title", "subject", descriptionField, "summary", "intro", "body", assetsField, storiesField, "shot_on", "date", "place", topicsField, peopleField, "places",
		keywordsField, embargoField, keepField, "slug", restrictionsField, shotsField, shotsLanguage, captionsFile, captionsLanguage,
	}
}

// newKey is an Idempotency-Key for a form, so that sending it twice does it once.
func newKey() string { return database.NewID() }

// changes is what of a form's body for the API is not as it is now.
func changes(body, now gin.H) gin.H {
	maps.DeleteFunc(body, func(name string, value any) bool {
		present, known := now[name]
		return known && reflect.DeepEqual(present, value)
	})
	return body
}

// plainLines are lines as they were before a browser sent them.
func plainLines(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
}

// text is a field with several lines.
func text(values url.Values, name string) string { return plainLines(values.Get(name)) }

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
