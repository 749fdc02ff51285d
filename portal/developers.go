package portal

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// developersPath is where those who write programs read how to use the API.
const developersPath = "/developers"

// sectionPath is where the operations of a tag stand.
func sectionPath(tag string) string { return developersPath + "/" + strings.ToLower(tag) }

// apiSection is a part of the API.
type apiSection struct {
	referenceTag
	Path       string
	Operations []*apiOperation
}

// guidePage is how to begin, and what there is.
type guidePage struct {
	API      string // its address
	Sections []apiSection
}

// sectionPage is a part of the API in full.
type sectionPage struct {
	apiSection
	API      string
	Sections []apiSection
	Schemas  []namedSchema
}

type namedSchema struct {
	Name string
	*apiSchema
}

func (p *Portal) mountDevelopers(pages gin.IRoutes) {
	both(pages, developersPath, p.showGuide)
	both(pages, developersPath+"/:section", p.showSection)
}

func (r *reference) sections() []apiSection {
	all := make([]apiSection, len(r.Tags))
	for i, tag := range r.Tags {
		all[i] = apiSection{tag, sectionPath(tag.Name), r.operations(tag.Name)}
	}
	return all
}

func (p *Portal) showGuide(g *gin.Context) {
	of, err := p.reference(g)
	if err != nil {
		p.fail(g, err)
		return
	}
	p.show(g, http.StatusOK, page{
		Name: "developers", Title: p.say(g, "developers.title"), Description: p.say(g, "developers.lead"), Scripts: []string{"copy"},
		Data: guidePage{p.site(), of.sections()},
	})
}

func (p *Portal) showSection(g *gin.Context) {
	of, err := p.reference(g)
	if err != nil {
		p.fail(g, err)
		return
	}
	all := of.sections()
	at := slices.IndexFunc(all, func(s apiSection) bool { return s.Path == g.Request.URL.Path })
	if at < 0 {
		p.showError(g, http.StatusNotFound)
		return
	}
	shown := sectionPage{apiSection: all[at], API: p.site(), Sections: all}
	for _, name := range of.schemas(all[at].Operations) {
		shown.Schemas = append(shown.Schemas, namedSchema{name, of.Components.Schemas[name]})
	}
	p.show(g, http.StatusOK, page{
		Name: "reference", Title: p.titled(p.language(g), all[at].Name).Text + " – " + p.say(g, "developers.title"), Description: p.titled(p.language(g), all[at].Description).Text, Scripts: []string{"copy"},
		Data: shown,
	})
}

// site is the address of the site, without a slash at its end.
func (p *Portal) site() string { return strings.TrimSuffix(p.Link("/", nil), "/") }
