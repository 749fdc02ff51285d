package portal

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"
)

// wish is what the API tells of a clip or of an item of an order, which is also what it
// takes for a new one.
type wish struct {
	AssetID string           `json:"asset_id"`
	Ranges  []map[string]any `json:"ranges,omitempty"`
	Format  string           `json:"format"`
	Join    bool             `json:"join"`
	Audio   []int            `json:"audio,omitempty"`
}

// clipAgain asks for a clip anew that is not to be had, or no longer.
func (p *Portal) clipAgain(g *gin.Context) {
	var former wish
	if p.readFormer(g, "/v1/clips/", &former) {
		p.passOnce(g, "/v1/clips", former)
	}
}

// orderAgain orders anew what was ordered, less what was withdrawn meanwhile.
func (p *Portal) orderAgain(g *gin.Context) {
	type item struct {
		wish
		Title string `json:"title,omitempty"`
	}
	var former struct {
		Name  string `json:"name"`
		Items []item `json:"items"`
	}
	if !p.readFormer(g, "/v1/orders/", &former) {
		return
	}
	former.Items = slices.DeleteFunc(former.Items, func(i item) bool { return i.Title == "" })
	for i := range former.Items {
		former.Items[i].Title = ""
	}
	p.passOnce(g, "/v1/orders", former)
}

// passOnce asks for it again, once for a form that is sent twice.
func (p *Portal) passOnce(g *gin.Context, path string, former any) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	if err := keyed(g, f.Value("key"), former); err != nil {
		p.fail(g, err)
		return
	}
	p.pass(g, http.MethodPost, path, former, downloadsPath)
}

// readFormer reads what was asked for once, or answers that it is not there.
func (p *Portal) readFormer(g *gin.Context, kind string, into any) (ok bool) {
	a, err := p.ask(g, http.MethodGet, kind+url.PathEscape(g.Param("id")), nil)
	if err == nil && !a.good() {
		p.showError(g, a.Status)
		return false
	}
	if err == nil {
		err = a.read(into)
	}
	if err != nil {
		p.fail(g, err)
	}
	return err == nil
}
