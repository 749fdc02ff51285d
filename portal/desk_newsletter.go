package portal

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"subclip/catalog"
	"subclip/mail"
	"subclip/newsletter"

	"github.com/gin-gonic/gin"
)

const (
	lettersPath = deskPath + "/newsletter"
	newLetter   = lettersPath + "/new"
	issuesAPI   = "/v1/newsletter/issues"
	recent      = 12 // stories that the composer offers
)

func deskLetterPath(id string) string { return lettersPath + "/" + id }

// mountComposer adds the pages on which newsletters are written and sent.
func (p *Portal) mountComposer(pages gin.IRoutes) {
	both(pages, lettersPath, p.showLetters)
	both(pages, newLetter, func(g *gin.Context) {
		p.showComposer(g, nil, form{Values: url.Values{"key": {newKey()}}, status: http.StatusOK})
	})
	pages.POST(newLetter, p.createLetter)
	path := deskLetterPath(":id")
	both(pages, path, p.withLetter(func(g *gin.Context, issue *newsletter.Issue) {
		p.showComposer(g, issue, letterForm(issue))
	}))
	pages.POST(path, p.withLetter(p.saveLetter))
	both(pages, path+"/preview/:language", p.previewLetter)
	for form, method := range map[string]string{"/send": http.MethodPost, "/stop": http.MethodPost, "/delete": http.MethodDelete} {
		pages.POST(path+form, func(g *gin.Context) {
			if method == http.MethodDelete {
				p.pass(g, method, issuesAPI+"/"+url.PathEscape(g.Param("id")), nil, lettersPath)
				return
			}
			p.doLetter(g, g.Param("id"), form)
		})
	}
}

// withLetter finds the issue that the path names.
func (p *Portal) withLetter(then func(*gin.Context, *newsletter.Issue)) gin.HandlerFunc {
	return found(p, func(g *gin.Context) (newsletter.Issue, error) {
		return p.Newsletter.Issue(g.Request.Context(), g.Param("id"))
	}, then)
}

type lettersPage struct {
	Letters []letterRow
	Next    string
}

// letterRow is an issue as one looks through them.
type letterRow struct {
	*newsletter.Issue
	Path, Subject string
}

// subject is an issue's in a language, or else the first.
func subject(issue *newsletter.Issue, language string) string {
	for _, edition := range issue.Editions {
		if edition.Language == language {
			return edition.Subject
		}
	}
	return issue.Editions[0].Subject
}

func (p *Portal) showLetters(g *gin.Context) {
	issues, next, err := p.Newsletter.Issues(g.Request.Context(), g.Query(cursorParameter), shown)
	if err != nil {
		p.fail(g, err)
		return
	}
	of := lettersPage{Next: further(lettersPath, next)}
	for i := range issues {
		of.Letters = append(of.Letters, letterRow{&issues[i], deskLetterPath(issues[i].ID), subject(&issues[i], p.language(g))})
	}
	p.show(g, http.StatusOK, page{Name: "desk_letters", Title: p.say(g, "desk.newsletter"), Hidden: true, Data: of})
}

type composerPage struct {
	*newsletter.Issue // nil while it is new
	Action            string
	Form              form
	Languages         []string
	Topics            []string
	Chosen, Found     []assetCard
	Searched          bool
	Stories           []storyRow
	Progress          newsletter.Progress
	Texts             map[string]string // of the preview, by language
	Hindered          string            // why it cannot be sent as it is, and so has no preview
	Said              string            // what was done to it
}

// Sent is how many readers have it.
func (c composerPage) Sent() int { return c.Progress.ByStatus[newsletter.DeliverySent] }

// About is the form, as the list of topics knows it.
func (c composerPage) About() form { return c.Form }

func letterForm(issue *newsletter.Issue) form {
	values := url.Values{topicsField: issue.Topics(), assetsField: issue.AssetIDs, storiesField: issue.StoryIDs}
	for _, language := range mail.Languages() {
		values.Set(language+".subject", "")
		values.Set(language+".intro", "")
	}
	for _, edition := range issue.Editions {
		values.Set(edition.Language+".subject", edition.Subject)
		values.Set(edition.Language+".intro", edition.Intro)
	}
	return begun(values)
}

func (p *Portal) showComposer(g *gin.Context, issue *newsletter.Issue, f form) {
	of := composerPage{
		Issue: issue, Action: newLetter, Form: f, Languages: mail.Languages(), Topics: p.Catalog.Topics(), Texts: map[string]string{},
		Said: saidOf(g), Searched: f.Value("q") != "",
	}
	title := p.say(g, "composer.new")
	if issue != nil {
		title, of.Action = subject(issue, p.language(g)), deskLetterPath(issue.ID)
		if err := p.readSending(g, &of); err != nil {
			p.fail(g, err)
			return
		}
	}
	var err error
	if of.Chosen, of.Found, err = p.picked(g, f); err != nil {
		p.fail(g, err)
		return
	}
	if of.Stories, err = p.storiesToChoose(g, f); err != nil {
		p.fail(g, err)
		return
	}
	p.show(g, f.status, page{Name: "desk_composer", Title: title, Hidden: true, Scripts: []string{"composer", "desk"}, Data: of})
}

// storiesToChoose are those that the form has chosen, and recent ones.
func (p *Portal) storiesToChoose(g *gin.Context, f form) (rows []storyRow, err error) {
	ctx := g.Request.Context()
	by := catalog.From(ctx)
	for _, id := range f.Values[storiesField] {
		story, err := p.Catalog.Story(ctx, by, id)
		switch {
		case err == nil:
			rows = append(rows, p.storyRow(g, &story))
		case !isMissing(err):
			return nil, err
		}
	}
	stories, _, err := p.Catalog.Stories(ctx, catalog.StoryQuery{By: by, Limit: recent})
	for i := range stories {
		if stories[i].Status == catalog.StoryPublished && !f.Has(storiesField, stories[i].ID) {
			rows = append(rows, p.storyRow(g, &stories[i]))
		}
	}
	return rows, err
}

// readSending reads how far an issue is and how it reads as text.
func (p *Portal) readSending(g *gin.Context, of *composerPage) error {
	ctx := g.Request.Context()
	var err error
	if of.Progress, err = p.Newsletter.Progress(ctx, of.ID); err != nil {
		return err
	}
	for _, language := range of.Languages {
		message, err := p.Newsletter.Preview(ctx, of.ID, language)
		// What it names may have been withdrawn: the form is where that is mended.
		if refused, ok := errors.AsType[*catalog.Error](err); ok && refused.Kind == catalog.Invalid {
			of.Hindered = refused.Message
			return nil
		}
		if err != nil {
			return err
		}
		of.Texts[language] = message.Text
	}
	return nil
}

// previewLetter is an issue as a reader sees it, for a frame: its styles are its own, and
// it can do nothing.
func (p *Portal) previewLetter(g *gin.Context) {
	message, err := p.Newsletter.Preview(g.Request.Context(), g.Param("id"), g.Param(languageField))
	if err != nil {
		p.fail(g, err)
		return
	}
	g.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; frame-ancestors 'self'; sandbox")
	g.Data(http.StatusOK, "text/html; charset=utf-8", []byte(message.HTML))
}

// createLetter stores a new draft, and sends it if its button says so.
func (p *Portal) createLetter(g *gin.Context) {
	show := func(f form) { p.showComposer(g, nil, f) }
	values, ok := p.typedWithVideos(g, show)
	if !ok {
		return
	}
	if id, made, ok := p.create(g, issuesAPI, values, letterBody(values), letterField(values), show); ok {
		p.thenLetter(g, id, values.Get(thenField), made)
	}
}

// saveLetter stores what was changed in the form, and then sends the issue if its button
// says so, unless others have changed it meanwhile: that is looked at before.
func (p *Portal) saveLetter(g *gin.Context, issue *newsletter.Issue) {
	show := func(f form) { p.showComposer(g, issue, f) }
	typed, ok := p.typedWithVideos(g, show)
	if !ok {
		return
	}
	s, err := p.save(g, typed, edited{
		read: func() (url.Values, int, error) {
			now, err := p.Newsletter.Issue(g.Request.Context(), issue.ID)
			if err != nil {
				return nil, 0, err
			}
			return letterForm(&now).Values, now.Version, nil
		},
		store: func(values, _ url.Values) (answer, error) {
			body := letterBody(values)
			for _, name := range []string{assetsField, storiesField} { // empty is not what it was
				body[name] = append([]string{}, values[name]...)
			}
			return p.ask(g, http.MethodPut, issuesAPI+"/"+issue.ID, body)
		},
		show:  p.showsOf(g),
		field: letterField,
	})
	switch {
	case err != nil:
		p.fail(g, err)
	case !s.stored:
		show(s.form)
	case s.others && typed.Get(thenField) == "send":
		g.Redirect(http.StatusSeeOther, deskLetterPath(issue.ID)+"?said=others#preview")
	default:
		p.thenLetter(g, issue.ID, typed.Get(thenField), s.answer)
	}
}

// thenLetter does what a button says once the draft is stored: it sends what was stored.
func (p *Portal) thenLetter(g *gin.Context, id, then string, stored answer) {
	if then != "send" {
		g.Redirect(http.StatusSeeOther, deskLetterPath(id)+"?said=saved#preview")
		return
	}
	g.Request.Header.Set("If-Match", stored.header.Get("ETag"))
	p.doLetter(g, id, "/send")
}

// letterBody is the form for the API. Where nothing at all is chosen, the API takes what
// is new.
func letterBody(values url.Values) gin.H {
	editions := []gin.H{}
	for _, language := range editionsOf(values) {
		editions = append(editions, gin.H{languageField: language, "subject": edition(values, language, "subject"), "intro": edition(values, language, "intro")})
	}
	body := gin.H{"editions": editions, topicsField: append([]string{}, values[topicsField]...)}
	if len(values[assetsField])+len(values[storiesField]) > 0 {
		body[assetsField], body[storiesField] = append([]string{}, values[assetsField]...), append([]string{}, values[storiesField]...)
	}
	return body
}

// edition is a part of a form's edition in a language.
func edition(values url.Values, language, part string) string {
	return strings.TrimSpace(text(values, language+"."+part))
}

// editionsOf are the languages of a form's editions, in their order.
func editionsOf(values url.Values) (languages []string) {
	for _, language := range mail.Languages() {
		if edition(values, language, "subject")+edition(values, language, "intro") != "" {
			languages = append(languages, language)
		}
	}
	if len(languages) == 0 { // what it lacks is then told beside the first
		return mail.Languages()[:1]
	}
	return languages
}

var ofEdition = regexp.MustCompile(`^editions\[(\d+)\]\.?`)

// letterField puts the mistakes of a form's editions beside their fields.
func letterField(values url.Values) func(string) string {
	languages := editionsOf(values)
	return func(name string) string {
		if name == "editions" {
			return mail.Languages()[0] + ".subject"
		}
		found := ofEdition.FindStringSubmatch(name)
		if found == nil {
			return name
		}
		i, err := strconv.Atoi(found[1])
		if err != nil || i >= len(languages) {
			return name
		}
		return languages[i] + "." + cmp.Or(strings.TrimPrefix(name, found[0]), "subject")
	}
}

// doLetter sends or stops an issue; what keeps it from being sent is told on its page.
func (p *Portal) doLetter(g *gin.Context, id, do string) {
	a, err := p.ask(g, http.MethodPost, issuesAPI+"/"+url.PathEscape(id)+do, nil)
	switch {
	case err != nil:
		p.fail(g, err)
		return
	case a.good():
		g.Redirect(http.StatusSeeOther, deskLetterPath(url.PathEscape(id))+"#sending")
		return
	}
	issue, err := p.Newsletter.Issue(g.Request.Context(), id)
	if err != nil {
		p.fail(g, err)
		return
	}
	values := letterForm(&issue).Values
	p.showComposer(g, &issue, p.wrong(g, values, a, letterField(values)))
}
