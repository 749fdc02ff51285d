package portal

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image/png"
	"net/http"
	"net/url"

	"subclip/accounts"

	"github.com/gin-gonic/gin"
	"github.com/pquerna/otp"
)

// factorPage is the second factor: on or off, being set up, or just set up.
type factorPage struct {
	On       bool
	Secret   string       // base32, while it is being set up
	URL      string       // otpauth://, the same for an app
	Picture  template.URL // of a QR code that says it
	Recovery []string     // codes for when the app is lost, shown once
}

// qrSize is how many pixels a QR code is wide.
const qrSize = 240

func (p *Portal) showFactor(g *gin.Context, f form) {
	p.showAccount(g, f, "factor", factorPage{On: accounts.From(g.Request.Context()).Person.TOTPSecret != ""}, passwordName)
}

func (p *Portal) beginFactor(g *gin.Context, f form) {
	a, done, ended := p.send(g, &f, http.MethodPost, "/v1/me/second-factor", proofOf(f))
	if ended {
		return
	}
	if !done {
		p.showFactor(g, f)
		return
	}
	var made struct{ URL string }
	if err := a.read(&made); err != nil {
		p.fail(g, err)
		return
	}
	p.showEnrolment(g, newForm(), made.URL)
}

// showEnrolment shows what an app is set up with. It comes with the form, so that it is
// shown again to none but the one who began.
func (p *Portal) showEnrolment(g *gin.Context, f form, address string) {
	key, err := otp.NewKeyFromURL(address)
	if err != nil || key.Type() != "totp" {
		p.showError(g, http.StatusBadRequest)
		return
	}
	picture, err := qrCode(key)
	if err != nil {
		p.fail(g, err)
		return
	}
	p.showAccount(g, f, "factor", factorPage{Secret: key.Secret(), URL: address, Picture: picture}, "copy")
}

func qrCode(key *otp.Key) (template.URL, error) {
	picture, err := key.Image(qrSize, qrSize)
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(file.Bytes())), nil //nolint:gosec // it is base64
}

func (p *Portal) confirmFactor(g *gin.Context, f form) {
	a, done, ended := p.send(g, &f, http.MethodPost, "/v1/me/second-factor/confirm", map[string]string{"code": f.Value("code")})
	switch {
	case ended:
	case a.Status == http.StatusConflict:
		p.showFactor(g, f)
	case !done:
		p.showEnrolment(g, f, f.Value("url"))
	default:
		var made struct {
			RecoveryCodes []string `json:"recovery_codes"`
		}
		if err := a.read(&made); err != nil {
			p.fail(g, err)
			return
		}
		p.showAccount(g, newForm(), "factor", factorPage{On: true, Recovery: made.RecoveryCodes}, "copy")
	}
}

func (p *Portal) removeFactor(g *gin.Context, f form) {
	p.act(g, f, http.MethodPost, "/v1/me/second-factor/removal", proofOf(f), accountPath+"/factor?said=factor_off", p.showFactor)
}

// proofOf is the password by which people show that it is they at the desk.
func proofOf(f form) any { return map[string]string{"current_password": f.Value("current_password")} }

// sessionsPage lists where somebody is signed in.
type sessionsPage struct {
	Sessions []accounts.Session
	Current  string
}

func (p *Portal) showSessions(g *gin.Context, f form) {
	who := accounts.From(g.Request.Context())
	sessions, err := p.Accounts.Sessions(g.Request.Context(), who.ID())
	if err != nil {
		p.fail(g, err)
		return
	}
	p.showAccount(g, f, "sessions", sessionsPage{sessions, who.SessionID})
}

func (p *Portal) endSession(g *gin.Context, f form) {
	p.act(g, f, http.MethodDelete, "/v1/sessions/"+url.PathEscape(f.Value("id")), nil, accountPath+"/sessions?said=session", p.showSessions)
}

func (p *Portal) endSessions(g *gin.Context, f form) {
	p.act(g, f, http.MethodDelete, "/v1/sessions", nil, SignInPath, p.showSessions)
}

func (p *Portal) showData(g *gin.Context, f form) { p.showAccount(g, f, "data", nil, passwordName) }

func (p *Portal) deleteAccount(g *gin.Context, f form) {
	_, done, ended := p.send(g, &f, http.MethodPost, "/v1/me/deletion", proofOf(f))
	switch {
	case ended:
	case !done:
		p.showData(g, f)
	default:
		g.Request = g.Request.WithContext(accounts.With(g.Request.Context(), accounts.Visitor{}))
		p.show(g, http.StatusOK, page{Name: "error", Title: p.say(g, "account.gone"), Hidden: true, Data: errorPage{Headline: "account.gone", Text: "account.gone_text"}})
	}
}
