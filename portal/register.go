package portal

import (
	"net/http"

	"subclip/accounts"

	"github.com/gin-gonic/gin"
)

const (
	registerPath = "/register"
	passwordName = "password" // of the field, its type, its script and its page
)

type registerPage struct {
	Form     form
	ReturnTo string
	Choices  profileChoices
	Rule     []string // parts of the password's rule
}

func (p *Portal) mountRegister(pages gin.IRoutes) {
	step := codeStep{
		path: registerPath, api: "/v1/registrations/%s/confirm",
		fields: func(f form) any { return map[string]string{"code": f.Value("code")} },
		next:   returnPath,
		page: func(p *Portal, g *gin.Context, c codePage) {
			p.show(g, c.Form.status, page{Name: "confirm", Title: p.say(g, "code.title"), Hidden: true, Scripts: []string{"code"}, Data: c})
		},
	}
	step.mount(p, pages)
	both(pages, registerPath, func(g *gin.Context) {
		if accounts.From(g.Request.Context()).Person != nil {
			lead(g, returnPath(g))
			return
		}
		p.showRegister(g, newForm("language", p.language(g)))
	})
	pages.POST(registerPath, func(g *gin.Context) { p.register(g, step) })
}

func (p *Portal) showRegister(g *gin.Context, f form) {
	g.Header("Cache-Control", "no-store")
	p.show(g, f.status, page{
		Name: "register", Title: p.say(g, "register.title"), Hidden: true, Scripts: []string{passwordName},
		Data: registerPage{f, returnPath(g), p.choices(g), passwordRule()},
	})
}

func (p *Portal) register(g *gin.Context, step codeStep) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	body := profileOf(f)
	body["email"], body["password"], body["return_to"] = f.Value("email"), f.Value("password"), returnPath(g)
	body["accept_terms"] = f.Value("accept_terms") != ""
	a, done, ended := p.send(g, &f, http.MethodPost, "/v1/registrations", body)
	switch {
	case ended:
	case done:
		step.begin(p, g, a, f.Value("email"))
	default:
		p.addMistakes(g, &f)
		p.showRegister(g, f)
	}
}

// addMistakes names what else is wrong with a registration, since the API stops at the
// first field.
func (p *Portal) addMistakes(g *gin.Context, f *form) {
	if f.status != http.StatusUnprocessableEntity {
		return
	}
	if len(f.About("password")) == 0 {
		for _, part := range accounts.CheckPassword(f.Value("password"), f.Value("email"), f.Value("name")) {
			f.Mistakes = append(f.Mistakes, p.mistake(g, "password", part))
		}
	}
	if !f.Has("accept_terms", "yes") && len(f.About("accept_terms")) == 0 {
		f.Mistakes = append(f.Mistakes, p.mistake(g, "accept_terms", "accept the terms to have an account"))
	}
	f.sort()
}

// profileOf is what people say of themselves, as the API takes it.
func profileOf(f form) map[string]any {
	body := map[string]any{}
	for _, name := range profileInputs() {
		body[name] = f.Value(name)
	}
	return body
}

// profileInputs are the fields of a profile, in their order on the page.
func profileInputs() []string {
	return []string{"name", "organisation", "media_role", "country", "language"}
}

// passwordRule names the parts of accounts.CheckPassword's rule that the page shows
// while one types; web/account/rule.js knows them by these names.
func passwordRule() []string {
	return []string{"length", "upper", "lower", "digit", "symbol", "spaces", "bytes", "email", "name"}
}
