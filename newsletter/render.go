package newsletter

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"net/url"
	"strings"
	texttemplate "text/template"
	"time"

	"subclip/catalog"
	"subclip/mail"
)

//go:embed templates
var templates embed.FS

// views are the templates of an issue.
type views struct {
	text *texttemplate.Template
	html *htmltemplate.Template
}

func newViews() (*views, error) {
	text, err := texttemplate.ParseFS(templates, "templates/issue.txt")
	if err != nil {
		return nil, fmt.Errorf("read the templates of issues: %w", err)
	}
	html, err := htmltemplate.ParseFS(templates, "templates/issue.html")
	if err != nil {
		return nil, fmt.Errorf("read the templates of issues: %w", err)
	}
	return &views{text, html}, nil
}

// words are what an issue says by itself, in one language.
type words struct {
	Watch, Read, Why, Leave string
	Colon                   string // with the space before it, where there is one
	Date                    string // a layout of package time
}

func wordsOf(language string) words {
	return map[string]words{
		"en": {"Watch and download", "Read and watch", "You get this because you confirmed a subscription at this address.", "Unsubscribe", ":", "2 January 2006"},
		"fr": {"Voir et télécharger", "Lire et voir", "Vous recevez cette lettre parce que vous avez confirmé un abonnement à cette adresse.", "Se désabonner", "\u00a0:", "02/01/2006"},
	}[language]
}

// page is what the templates are given.
type page struct {
	words
	Language, Subject, Site, Home, LeaveLink string
	Paragraphs                               []string
	Items                                    []entry
}

type entry struct{ Title, Description, Date, Length, Link, Poster, Go string }

// render writes an issue for one reader. Pictures have addresses of the site, which leads
// on to the store: signed URLs end within a week, and a letter is kept.
func (n *Newsletter) render(issue *Issue, reader Subscriber) (mail.Message, error) {
	edition := issue.edition(reader.Language)
	leave := n.mailer.Link(LeavePath, url.Values{"token": {reader.LeaveToken}})
	view := page{
		words: wordsOf(edition.Language), Language: edition.Language, Subject: edition.Subject,
		Site: n.mailer.SiteName(), Home: n.mailer.Link("/", nil), LeaveLink: leave,
	}
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(edition.Intro, "\r\n", "\n"), "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			view.Paragraphs = append(view.Paragraphs, paragraph)
		}
	}
	for _, item := range issue.Items {
		view.Items = append(view.Items, n.entry(&item, view.words, edition.Language))
	}
	var text, html bytes.Buffer
	if err := n.views.text.Execute(&text, view); err != nil {
		return mail.Message{}, fmt.Errorf("write issue %s: %w", issue.ID, err)
	}
	if err := n.views.html.Execute(&html, view); err != nil {
		return mail.Message{}, fmt.Errorf("write issue %s: %w", issue.ID, err)
	}
	headers := map[string]string{
		"List-Id":          fmt.Sprintf("<newsletter.%s>", n.mailer.SiteHost()),
		"List-Unsubscribe": "<" + leave + ">",
		"Precedence":       "bulk",
	}
	// RFC 8058 allows it over TLS alone.
	if strings.HasPrefix(leave, "https:") {
		headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
	}
	return mail.Message{To: reader.Address, Subject: edition.Subject, Text: text.String(), HTML: html.String(), Headers: headers}, nil
}

// entry is how an item looks in a language.
func (n *Newsletter) entry(item *Item, w words, language string) entry {
	if item.StoryID == "" {
		return entry{
			Title: oneLine(item.Title), Description: strings.TrimSpace(item.Description), Date: item.Published.Format(w.Date),
			Length: length(item.Seconds), Link: n.mailer.Link(catalog.PagePath(item.AssetID), nil), Poster: n.poster(item), Go: w.Watch,
		}
	}
	story := catalog.Story{StoryContent: catalog.StoryContent{Texts: item.Texts}}
	text, told := story.Text(language)
	return entry{
		Title: oneLine(text.Title), Description: text.Lead(), Date: item.Published.Format(w.Date),
		Link: n.mailer.Link(catalog.StoryPath(item.Slug), url.Values{"lang": {told}}), Poster: n.poster(item), Go: w.Read,
	}
}

// poster is where an item's still is; empty if it has none.
func (n *Newsletter) poster(item *Item) string {
	if item.PosterOf == "" {
		return ""
	}
	return n.mailer.Link(catalog.PosterPath(item.PosterOf), nil)
}

// oneLine keeps a title from looking like two.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// length writes a duration as a viewer reads it: 3:00 or 1:02:30.
func length(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second)).Round(time.Second)
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	if h == 0 {
		return fmt.Sprintf("%d:%02d", m, s)
	}
	return fmt.Sprintf("%d:%02d:%02d", h, m, s)
}
