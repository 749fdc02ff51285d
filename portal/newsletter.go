package portal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"

	"subclip/catalog"
	"subclip/mail"
	"subclip/newsletter"

	"github.com/gin-gonic/gin"
)

// letters are the pages that links in messages lead to.
type letters struct {
	newsletter *newsletter.Newsletter
	page       *template.Template
	log        *slog.Logger
}

// letterWords are what the pages say, in one language.
type letterWords struct {
	Confirm, ConfirmButton, Confirmed string
	Leave, LeaveButton, Left          string
	Unknown, Wrong, Home              string
}

func letterWordsOf(language string) letterWords {
	return map[string]letterWords{
		"en": {
			"Do you want the newsletter at this address?", "Yes, send it", "Done: the newsletter will come to this address.",
			"Do you want to end the newsletter?", "Unsubscribe", "Done: no newsletter will come to this address any more.",
			"This link does not work, or not any more. Copy all of it from the newest message; if it still does not work, subscribe again.",
			"Something went wrong on our side and was logged. Please try again later.", "To the start page",
		},
		"fr": {
			"Voulez-vous recevoir la lettre d'information à cette adresse ?", "Oui, envoyez-la", "C'est fait : vous recevrez la lettre d'information à cette adresse.",
			"Voulez-vous ne plus recevoir la lettre d'information ?", "Se désabonner", "C'est fait : cette adresse ne recevra plus la lettre d'information.",
			"Ce lien ne fonctionne pas, ou plus. Copiez-le en entier depuis le dernier message ; s'il ne fonctionne toujours pas, abonnez-vous à nouveau.",
			"Une erreur s'est produite de notre côté et a été notée. Veuillez réessayer plus tard.", "Vers la page d'accueil",
		},
	}[language]
}

// MountNewsletter adds the pages of the newsletter's links. Opening a link changes
// nothing, since mail scanners open links too: the page has a button for that.
// What mail programs post by themselves to end a subscription (RFC 8058) is the
// same request that the button makes.
func MountNewsletter(engine *gin.Engine, n *newsletter.Newsletter, log *slog.Logger) error {
	page, err := template.ParseFS(files, "newsletter.html")
	if err != nil {
		return fmt.Errorf("read the pages: %w", err)
	}
	l := &letters{n, page, log}
	for _, link := range []struct {
		path string
		ask  func(letterWords) (question, button string)
		act  func(context.Context, string) (newsletter.Subscriber, error)
		done func(letterWords) string
	}{
		{newsletter.ConfirmPath, func(w letterWords) (string, string) { return w.Confirm, w.ConfirmButton }, n.Confirm, func(w letterWords) string { return w.Confirmed }},
		{newsletter.LeavePath, func(w letterWords) (string, string) { return w.Leave, w.LeaveButton }, n.Unsubscribe, func(w letterWords) string { return w.Left }},
	} {
		engine.GET(link.path, func(g *gin.Context) {
			language, words := l.speak(g)
			if language == "" {
				l.show(g, http.StatusNotFound, letterPage{Message: words.Unknown})
				return
			}
			question, button := link.ask(words)
			l.show(g, http.StatusOK, letterPage{Message: question, Button: button})
		})
		engine.POST(link.path, func(g *gin.Context) {
			_, words := l.speak(g)
			_, err := link.act(g.Request.Context(), g.Query("token"))
			mistake, known := errors.AsType[*catalog.Error](err)
			switch {
			case err == nil:
				l.show(g, http.StatusOK, letterPage{Message: link.done(words)})
			case known && mistake.Kind == catalog.NotFound:
				l.show(g, http.StatusNotFound, letterPage{Message: words.Unknown})
			default:
				l.log.Error("page failed", "page", link.path, "error", err)
				l.show(g, http.StatusInternalServerError, letterPage{Message: words.Wrong})
			}
		})
	}
	return nil
}

type letterPage struct{ Language, Message, Button, Home string }

// speak chooses the language: the reader's, or else the browser's. known is empty
// where the link is nobody's.
func (l *letters) speak(g *gin.Context) (known string, words letterWords) {
	known = l.newsletter.LinkLanguage(g.Request.Context(), g.Query("token"))
	language := known
	if language == "" {
		language = mail.PickLanguage(g.GetHeader("Accept-Language"))
	}
	g.Set("language", language)
	return known, letterWordsOf(language)
}

func (l *letters) show(g *gin.Context, status int, page letterPage) {
	page.Language = g.GetString("language")
	page.Home = letterWordsOf(page.Language).Home
	var out bytes.Buffer
	if err := l.page.Execute(&out, page); err != nil {
		l.log.Error("page failed", "page", "newsletter", "error", err)
		g.Status(http.StatusInternalServerError)
		return
	}
	g.Header("Cache-Control", "no-store")
	g.Header("Content-Security-Policy", "default-src 'self'; form-action 'self'; frame-ancestors 'none'")
	g.Data(status, "text/html; charset=utf-8", out.Bytes())
}
