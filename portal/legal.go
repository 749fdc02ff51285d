package portal

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
)

// Config says what an operator has in place of pages of ours, and whose clocks these go by.
type Config struct {
	Terms    string `env:"SUBCLIP_TERMS_URL" desc:"address of the terms of use that /terms leads to, https://…; empty shows short ones of ours"`
	TimeZone string `env:"SUBCLIP_TIME_ZONE" envDefault:"UTC" desc:"time zone in which editors type times and pages show them, by its IANA name, such as Europe/Paris"`
	Privacy  string `env:"SUBCLIP_PRIVACY_URL" desc:"address of the notice on personal data that /privacy leads to, https://…; empty shows a short one of ours"`
}

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	for name, address := range map[string]string{"SUBCLIP_TERMS_URL": c.Terms, "SUBCLIP_PRIVACY_URL": c.Privacy} {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http")) {
			return fmt.Errorf("%s is %q: write an address such as https://press.example/terms", name, address)
		}
	}
	_, err := readZone(c.TimeZone)
	return err
}

// legalPage names the words of a page about rules.
type legalPage struct {
	Lead     string
	Sections []string // words NAME and NAME_text
}

func (p *Portal) mountLegal(pages gin.IRoutes) {
	for _, about := range []struct {
		name, elsewhere string
		sections        []string
	}{
		{"terms", p.Config.Terms, []string{"account", "use", "restrictions", "limits", "end"}},
		{"privacy", p.Config.Privacy, []string{"kept", "why", "long", "others", "rights"}},
	} {
		both(pages, "/"+about.name, func(g *gin.Context) {
			if about.elsewhere != "" {
				g.Redirect(http.StatusFound, about.elsewhere)
				return
			}
			of := legalPage{Lead: about.name + ".lead"}
			for _, section := range about.sections {
				of.Sections = append(of.Sections, about.name+"."+section)
			}
			p.show(g, http.StatusOK, page{Name: "legal", Title: p.say(g, about.name+".title"), Data: of})
		})
	}
}
