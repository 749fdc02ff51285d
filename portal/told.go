package portal

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// told puts a message of the API into the page's language. What has no words there stays
// as it is, and lang says that it is English.
func (p *Portal) told(g *gin.Context, message string) (text, lang string) {
	of := p.toldIn(p.language(g), message)
	return of.Text, of.Lang
}

// told is a sentence of the service's, as a page says it.
type told struct {
	Text string `json:"text"`
	Lang string `json:"lang"`
}

// longestSaid is the longest sentence that is put into a language, in bytes.
const longestSaid = 1 << 10

// showSaid tells a script what a sentence of the API's is in the page's language.
func (p *Portal) showSaid(g *gin.Context) {
	sentence := g.Query("text")
	if sentence == "" || len(sentence) > longestSaid {
		p.showError(g, http.StatusBadRequest)
		return
	}
	g.Writer.Header().Add("Vary", "Accept-Language, Cookie")
	g.Header("Cache-Control", "private, no-cache")
	g.JSON(http.StatusOK, p.toldIn(p.language(g), sentence))
}

// titled is what a part or an operation of the API is called, as a page says it.
func (p *Portal) titled(language, of string) told {
	if text, ok := p.words.said[language].Title(of); ok {
		return told{Text: typeset(language, text)}
	}
	return told{Text: of, Lang: "en"}
}

func (p *Portal) toldIn(language, message string) told {
	if text, ok := p.words.said[language].Say(message); ok {
		return told{Text: typeset(language, text)}
	}
	return told{Text: message, Lang: "en"}
}
