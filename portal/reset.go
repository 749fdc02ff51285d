package portal

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

const resetPath = "/reset"

type resetPage struct {
	Form     form
	ReturnTo string
}

// newPasswordPage asks for the code and a new password.
type newPasswordPage struct {
	codePage
	Rule []string
}

func (p *Portal) mountReset(pages gin.IRoutes) {
	step := codeStep{
		path: resetPath, api: "/v1/password-resets/%s/confirm",
		fields: func(f form) any {
			return map[string]string{"code": f.Value("code"), passwordName: f.Value(passwordName)}
		},
		next: func(g *gin.Context) string { return link(SignInPath, returnPath(g), "renewed", "1") },
		page: func(p *Portal, g *gin.Context, c codePage) {
			p.show(g, c.Form.status, page{
				Name: "new-password", Title: p.say(g, "reset.title"), Hidden: true, Scripts: []string{passwordName, "code"},
				Data: newPasswordPage{c, passwordRule()[:8]}, // without the name, which is not known here
			})
		},
	}
	step.mount(p, pages)
	both(pages, resetPath, func(g *gin.Context) { p.showReset(g, newForm()) })
	pages.POST(resetPath, func(g *gin.Context) {
		f, ok := p.readForm(g)
		if !ok {
			return
		}
		a, done, ended := p.send(g, &f, http.MethodPost, "/v1/password-resets", map[string]string{"email": f.Value("email"), "return_to": returnPath(g)})
		switch {
		case ended:
		case done:
			step.begin(p, g, a, f.Value("email"))
		default:
			p.showReset(g, f)
		}
	})
}

func (p *Portal) showReset(g *gin.Context, f form) {
	p.show(g, f.status, page{Name: "reset", Title: p.say(g, "reset.title"), Hidden: true, Data: resetPage{f, returnPath(g)}})
}
