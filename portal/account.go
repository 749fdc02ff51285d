package portal

import (
	"net/http"

	"subclip/accounts"
	"subclip/mail"

	"github.com/gin-gonic/gin"
)

const accountPath = "/account"

// accountPage is what the pages below /account have in common.
type accountPage struct {
	Form   form
	Notice string // what was done just now
	Person *accounts.Person
	Tabs   []tab
	More   any // of the page alone
}

// doing answers the forms of a page, which are posted to the page itself: the button
// that was pressed says which.
type doing map[string]func(*gin.Context, form)

// mountAccess adds the pages of people and their accounts.
func (p *Portal) mountAccess(pages gin.IRoutes) {
	p.mountSignIn(pages)
	p.mountRegister(pages)
	p.mountReset(pages)
	p.mountAccount(pages)
	p.mountSubscribe(pages)
	p.mountLegal(pages)
	p.mountPeople(pages)
}

func (p *Portal) mountAccount(pages gin.IRoutes) {
	for path, section := range map[string]struct {
		show func(*gin.Context, form)
		do   doing
	}{
		accountPath:               {p.showProfile, doing{"save": p.saveProfile}},
		accountPath + "/password": {p.showPassword, doing{"change": p.changePassword}},
		accountPath + "/factor":   {p.showFactor, doing{"begin": p.beginFactor, "confirm": p.confirmFactor, "remove": p.removeFactor}},
		accountPath + "/sessions": {p.showSessions, doing{"end": p.endSession, "end-all": p.endSessions}},
		accountPath + "/tokens":   {p.showTokens, doing{"create": p.createToken, "revoke": p.revokeToken}},
		webhooksPath:              {p.showWebhooks, doing{"create": p.createWebhook}},
		webhooksPath + "/:id":     {p.showDeliveries, doing{"again": p.redeliver, "delete": p.deleteWebhook}},
		ownSubscriptionPath:       {p.showOwnSubscription, doing{"subscribe": p.changeSubscription, "end": p.endSubscription}},
		accountPath + "/data":     {p.showData, doing{"delete": p.deleteAccount}},
	} {
		p.mountForms(pages, path, section.show, section.do)
	}
	step := p.mountMove(pages)
	p.mountForms(pages, movePath, p.showMove, doing{"move": func(g *gin.Context, f form) { p.beginMove(g, f, step) }})
}

// mountForms adds a page whose forms are posted to itself.
func (p *Portal) mountForms(pages gin.IRoutes, path string, show func(*gin.Context, form), do doing) {
	both(pages, path, func(g *gin.Context) { show(g, newForm()) })
	pages.POST(path, func(g *gin.Context) {
		f, ok := p.readForm(g)
		if !ok {
			return
		}
		act, known := do[f.Value("do")]
		if !known {
			p.showError(g, http.StatusBadRequest)
			return
		}
		act(g, f)
	})
}

// showAccount shows a page below /account.
func (p *Portal) showAccount(g *gin.Context, f form, name string, more any, scripts ...string) {
	of := accountPage{Form: f, Notice: p.notice(g), Person: accounts.From(g.Request.Context()).Person, More: more}
	for _, section := range []struct{ path, name string }{
		{accountPath, "profile"},
		{movePath, "email"},
		{accountPath + "/" + passwordName, passwordName},
		{accountPath + "/factor", "factor"},
		{accountPath + "/sessions", "sessions"},
		{accountPath + "/tokens", "tokens"},
		{webhooksPath, "webhooks"},
		{ownSubscriptionPath, "newsletter"},
		{accountPath + "/data", "data"},
	} {
		entry := newTab(g.Request.URL.Path, section.path, p.say(g, "account."+section.name))
		entry.Current = entry.Current && (section.path != accountPath || g.Request.URL.Path == accountPath)
		of.Tabs = append(of.Tabs, entry)
	}
	g.Header("Cache-Control", "no-store")
	p.show(g, f.status, page{Name: "account-" + name, Title: p.say(g, "account."+name), Hidden: true, Scripts: scripts, Data: of})
}

// notice says what was done before the browser was led here.
func (p *Portal) notice(g *gin.Context) string {
	text, err := p.words.find(p.language(g), "notice."+g.Query("said"))
	if err != nil {
		return ""
	}
	return text
}

// act sends a form to the API and leads on where it was done; otherwise it shows the
// page again.
func (p *Portal) act(g *gin.Context, f form, method, path string, body any, next string, show func(*gin.Context, form)) {
	_, done, ended := p.send(g, &f, method, path, body)
	switch {
	case ended:
	case done:
		lead(g, next)
	default:
		show(g, f)
	}
}

// profileChoices are what a profile's lists offer.
type profileChoices struct {
	Countries []country
	Languages []string
}

func (p *Portal) choices(g *gin.Context) profileChoices {
	return profileChoices{countries(p.language(g)), mail.Languages()}
}

func (p *Portal) showProfile(g *gin.Context, f form) {
	if f.status == http.StatusOK {
		who := accounts.From(g.Request.Context()).Person
		f = newForm("name", who.Name, "organisation", who.Organisation, "media_role", who.MediaRole, "country", who.Country, "language", who.Language)
	}
	p.showAccount(g, f, "profile", p.choices(g))
}

func (p *Portal) saveProfile(g *gin.Context, f form) {
	p.act(g, f, http.MethodPut, "/v1/me", profileOf(f), accountPath+"?said=saved", p.showProfile)
}

func (p *Portal) showPassword(g *gin.Context, f form) {
	p.showAccount(g, f, "password", passwordRule(), passwordName)
}

func (p *Portal) changePassword(g *gin.Context, f form) {
	body := map[string]string{"current_password": f.Value("current_password"), "password": f.Value("password")}
	p.act(g, f, http.MethodPut, "/v1/me/password", body, accountPath+"/password?said=password", p.showPassword)
}

// movePath is the page on which one changes the address of one's account.
const movePath = accountPath + "/email"

func (p *Portal) mountMove(pages gin.IRoutes) codeStep {
	step := codeStep{
		path: movePath, api: "/v1/me/email/%s/confirm",
		fields: func(f form) any { return map[string]string{"code": f.Value("code")} },
		next:   func(*gin.Context) string { return movePath + "?said=email" },
		page: func(p *Portal, g *gin.Context, c codePage) {
			p.showAccount(g, c.Form, "confirm", c, "code")
		},
	}
	step.mount(p, pages)
	return step
}

func (p *Portal) showMove(g *gin.Context, f form) { p.showAccount(g, f, "email", nil, passwordName) }

func (p *Portal) beginMove(g *gin.Context, f form, step codeStep) {
	a, done, ended := p.send(g, &f, http.MethodPost, "/v1/me/email", map[string]string{"current_password": f.Value("current_password"), "email": f.Value("email")})
	switch {
	case ended:
	case done:
		step.begin(p, g, a, f.Value("email"))
	default:
		p.showMove(g, f)
	}
}
