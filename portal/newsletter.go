package portal

import (
	"context"
	"net/http"

	"subclip/newsletter"

	"github.com/gin-gonic/gin"
)

// letterPage names the words of a page that a link in a message leads to.
type letterPage struct{ Message, Button string }

// mountLetters adds the pages of the newsletter's links. Opening a link changes
// nothing, since mail scanners open links too: the page has a button for that.
// What mail programs post by themselves to end a subscription (RFC 8058) is the
// same request that the button makes.
func (p *Portal) mountLetters(pages gin.IRoutes) {
	for _, link := range []struct {
		path string
		ask  letterPage
		done string
		act  func(context.Context, string) (newsletter.Subscriber, error)
	}{
		{newsletter.ConfirmPath, letterPage{"letter.confirm", "letter.confirm_button"}, "letter.confirmed", p.Newsletter.Confirm},
		{newsletter.LeavePath, letterPage{"letter.leave", "letter.leave_button"}, "letter.left", p.Newsletter.Unsubscribe},
	} {
		pages.GET(link.path, func(g *gin.Context) {
			if !p.speakReaders(g) {
				p.showLetter(g, http.StatusNotFound, letterPage{Message: "letter.unknown"})
				return
			}
			p.showLetter(g, http.StatusOK, link.ask)
		})
		pages.POST(link.path, func(g *gin.Context) {
			p.speakReaders(g)
			_, err := link.act(g.Request.Context(), g.Query("token"))
			switch {
			case err == nil:
				p.showLetter(g, http.StatusOK, letterPage{Message: link.done})
			case isMissing(err):
				p.showLetter(g, http.StatusNotFound, letterPage{Message: "letter.unknown"})
			default:
				p.fail(g, err)
			}
		})
	}
}

// speakReaders has the page speak the reader's language, and reports whether the link
// is anybody's.
func (p *Portal) speakReaders(g *gin.Context) bool {
	language := p.Newsletter.LinkLanguage(g.Request.Context(), g.Query("token"))
	if language != "" {
		g.Set(spoken, language)
	}
	return language != ""
}

func (p *Portal) showLetter(g *gin.Context, status int, of letterPage) {
	g.Header("Cache-Control", "no-store")
	p.show(g, status, page{Name: "letter", Title: p.say(g, "letter.title"), Hidden: true, Data: of})
}
