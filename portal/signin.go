package portal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"

	"subclip/accounts"

	"github.com/gin-gonic/gin"
)

type signInPage struct {
	Form     form
	ReturnTo string
	Renewed  bool   // the password was reset just now
	Sealed   string // the password, while the code of the second factor is asked for
}

func (p *Portal) mountSignIn(pages gin.IRoutes) {
	both(pages, SignInPath, func(g *gin.Context) {
		if accounts.From(g.Request.Context()).Person != nil {
			lead(g, returnPath(g))
			return
		}
		p.showSignIn(g, newForm(), "")
	})
	pages.POST(SignInPath, p.signIn)
	pages.POST("/sign-out", func(g *gin.Context) { p.pass(g, http.MethodDelete, "/v1/sessions/current", nil, "/") })
}

func (p *Portal) showSignIn(g *gin.Context, f form, sealed string) {
	g.Header("Cache-Control", "no-store")
	p.show(g, f.status, page{
		Name: "sign-in", Title: p.say(g, "sign_in.title"), Hidden: true, Scripts: []string{passwordName},
		Data: signInPage{f, returnPath(g), g.Query("renewed") != "", sealed},
	})
}

// signIn takes the first step, or the second, in which the code of an authenticator app
// is asked for and the password comes back sealed.
func (p *Portal) signIn(g *gin.Context) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	password, sealed := f.Value("password"), f.Value("sealed")
	if sealed != "" {
		var err error
		if password, err = openSealed(g, sealed); err != nil {
			f.Mistakes, f.status = []mistake{mistakeOf(p.say(g, "sign_in.too_late"))}, http.StatusUnprocessableEntity
			p.showSignIn(g, f, "")
			return
		}
	}
	a, done, ended := p.send(g, &f, http.MethodPost, "/v1/sessions", map[string]string{
		"email": f.Value("email"), "password": password, "code": f.Value("code"), "return_to": returnPath(g),
	})
	switch {
	case ended:
		return
	case done:
		p.drop(g, sealCookie, SignInPath)
		lead(g, returnPath(g))
		return
	case a.Status == http.StatusUnauthorized && len(f.About("code")) > 0:
		if sealed != "" {
			break // the first step was done before
		}
		var err error
		if sealed, err = p.seal(g, password); err != nil {
			p.fail(g, err)
			return
		}
		f.Mistakes, f.status = nil, http.StatusOK // nothing was wrong so far
	case a.Status != http.StatusTooManyRequests:
		sealed = ""
	}
	p.showSignIn(g, f, sealed)
}

// The password of a sign-in that waits for a code lies in the page, sealed with a key
// that the browser keeps in a cookie: neither is worth anything alone, and the server,
// of which there may be many, keeps nothing.
const (
	sealCookie = "subclip_seal"
	sealLife   = 10 * time.Minute
)

func (p *Portal) seal(g *gin.Context, password string) (string, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	box, err := sealer(key)
	if err != nil {
		return "", err
	}
	if err := p.keep(g, sealCookie, SignInPath, sealLife, key); err != nil {
		return "", fmt.Errorf("keep the key of a sign-in: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(box.Seal(nil, nil, []byte(password), nil)), nil //nolint:gosec // it draws its nonce itself
}

func openSealed(g *gin.Context, sealed string) (string, error) {
	var key []byte
	if !kept(g, sealCookie, &key) {
		return "", errors.New("there is no key for this password")
	}
	box, err := sealer(key)
	if err != nil {
		return "", err
	}
	data, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("read a sealed password: %w", err)
	}
	password, err := box.Open(nil, nil, data, nil)
	if err != nil {
		return "", fmt.Errorf("open a sealed password: %w", err)
	}
	return string(password), nil
}

func sealer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("use the key of a sign-in: %w", err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("use the key of a sign-in: %w", err)
	}
	return box, nil
}
