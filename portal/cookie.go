package portal

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// keep has the browser remember a value for the pages below a path, out of reach of
// scripts and of links: who sends somebody a link cannot choose the value.
func (p *Portal) keep(g *gin.Context, name, path string, life time.Duration, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err //nolint:wrapcheck // the caller says what it was
	}
	p.setCookie(g, name, path, base64.RawURLEncoding.EncodeToString(data), int(life.Seconds()))
	return nil
}

// kept reads what keep has stored; ok is false where there is nothing, or no longer.
func kept(g *gin.Context, name string, into any) (ok bool) {
	cookie, err := g.Request.Cookie(name)
	if err != nil {
		return false
	}
	data, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	return err == nil && json.Unmarshal(data, into) == nil
}

// drop ends what keep has stored.
func (p *Portal) drop(g *gin.Context, name, path string) { p.setCookie(g, name, path, "", -1) }

func (p *Portal) setCookie(g *gin.Context, name, path, value string, seconds int) {
	http.SetCookie(g.Writer, &http.Cookie{ //nolint:gosec // without TLS, as on one machine, a Secure cookie would not come back
		Name: name, Value: value, Path: path, MaxAge: seconds, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(p.Link("/", nil), "https://"),
	})
}
