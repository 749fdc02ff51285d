package portal

import (
	"cmp"
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
		p.showComposer(g, http.StatusOK, nil, form{Values: url.Values{"key": {newKey()}}})
	})
	pages.POST(newLetter, func(g *gin.Context) { p.saveLetter(g, nil) })
	path := deskLetterPath(":id")
	both(pages, path, p.withLetter(func(g *gin.Context, issue *newsletter.Issue) {
		p.showComposer(g, http.StatusOK, issue, letterForm(issue))
	}))
	pages.POST(path, p.withLetter(p.saveLetter))
	both(pages, path+"/preview/:language", p.previewLetter)
	for form, method := range map[string]string{"/send": http.MethodPost, "/stop": http.MethodPost, "/delete": http.MethodDelete} {
		pages.POST(path+form, func(g *gin.Context) {
			of := "/" + url.PathEscape(g.Param("id"))
			if method == http.MethodDelete {
				p.pass(g, method, issuesAPI+of, nil, lettersPath)
				return
			}
			p.doLetter(g, issuesAPI+of+form)
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
	Saved             bool
}

// Sent is how many readers have it.
func (c composerPage) Sent() int { return c.Progress.ByStatus[newsletter.DeliverySent] }

// About is the form, as the list of topics knows it.
func (c composerPage) About() form { return c.Form }

func letterForm(issue *newsletter.Issue) form {
	values := url.Values{topicsField: issue.Topics(), "asset_ids": issue.AssetIDs, "story_ids": issue.StoryIDs}
	for _, edition := range issue.Editions {
		values.Set(edition.Language+".subject", edition.Subject)
		values.Set(edition.Language+".intro", edition.Intro)
	}
	return form{Values: values}
}

func (p *Portal) showComposer(g *gin.Context, status int, issue *newsletter.Issue, f form) {
	of := composerPage{
		Issue: issue, Action: newLetter, Form: f, Languages: mail.Languages(), Topics: p.Catalog.Topics(), Texts: map[string]string{},
		Saved: g.Query("saved") != "", Searched: f.Value("q") != "",
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
	p.show(g, status, page{Name: "desk_composer", Title: title, Hidden: true, Scripts: []string{"composer"}, Data: of})
}

// storiesToChoose are those that the form has chosen, and recent ones.
func (p *Portal) storiesToChoose(g *gin.Context, f form) (rows []storyRow, err error) {
	ctx := g.Request.Context()
	by := catalog.From(ctx)
	for _, id := range f.Values["story_ids"] {
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
		if stories[i].Status == catalog.StoryPublished && !f.Has("story_ids", stories[i].ID) {
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

// saveLetter stores what the form says; a button of its list of videos only changes the
// form, and shows it again.
func (p *Portal) saveLetter(g *gin.Context, issue *newsletter.Issue) {
	values, ok := p.typed(g)
	if !ok {
		return
	}
	if do, id, _ := strings.Cut(values.Get("do"), " "); do != "" {
		values["asset_ids"] = rearranged(values["asset_ids"], do, id)
		p.showComposer(g, http.StatusOK, issue, form{Values: values})
		return
	}
	method, path := http.MethodPost, issuesAPI
	if issue != nil {
		method, path = http.MethodPut, issuesAPI+"/"+issue.ID
	}
	body, languages := letterBody(values)
	g.Request.Header.Set("Idempotency-Key", values.Get("key"))
	a, err := p.ask(g, method, path, body)
	var saved struct{ ID string }
	switch {
	case err != nil:
		p.fail(g, err)
	case !a.good():
		values.Set("key", newKey())
		p.showComposer(g, http.StatusUnprocessableEntity, issue, p.wrong(g, values, a, letterField(languages)))
	case a.read(&saved) != nil:
		p.showError(g, http.StatusInternalServerError)
	default:
		g.Redirect(http.StatusSeeOther, deskLetterPath(saved.ID)+"?saved=1#preview")
	}
}

// letterBody is the form for the API, and the languages of its editions in their order.
func letterBody(values url.Values) (body gin.H, languages []string) {
	editions := []gin.H{}
	for _, language := range mail.Languages() {
		subject, intro := strings.TrimSpace(values.Get(language+".subject")), strings.TrimSpace(values.Get(language+".intro"))
		if subject+intro != "" {
			editions = append(editions, gin.H{languageField: language, "subject": subject, "intro": intro})
			languages = append(languages, language)
		}
	}
	body = gin.H{"editions": editions, topicsField: append([]string{}, values[topicsField]...)}
	// Where nothing at all is chosen, the API takes what is new.
	if len(values["asset_ids"])+len(values["story_ids"]) > 0 {
		body["asset_ids"], body["story_ids"] = append([]string{}, values["asset_ids"]...), append([]string{}, values["story_ids"]...)
	}
	return body, languages
}

var ofEdition = regexp.MustCompile(`^editions\[(\d+)\]\.?`)

// letterField puts the mistakes of an edition beside its fields.
func letterField(languages []string) func(string) string {
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
func (p *Portal) doLetter(g *gin.Context, path string) {
	a, err := p.ask(g, http.MethodPost, path, nil)
	switch {
	case err != nil:
		p.fail(g, err)
	case a.good():
		g.Redirect(http.StatusSeeOther, deskLetterPath(url.PathEscape(g.Param("id")))+"#sending")
	default:
		p.withLetter(func(g *gin.Context, issue *newsletter.Issue) {
			p.showComposer(g, http.StatusConflict, issue, p.wrong(g, letterForm(issue).Values, a, nil))
		})(g)
	}
}
