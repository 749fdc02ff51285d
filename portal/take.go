package portal

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"
)

// takeClip takes one range, for browsers without script.
func (p *Portal) takeClip(g *gin.Context) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	body := gin.H{
		"asset_id": g.Param("id"), "format": f.Value("format"),
		"ranges": []gin.H{{"in": f.Value("in"), "out": f.Value("out")}},
	}
	if tracks := numbersOf(f.Values["audio"]); len(tracks) > 0 {
		body["audio"] = tracks
	}
	p.pass(g, http.MethodPost, "/v1/clips", body, downloadsPath)
}

// numbersOf reads the boxes that are ticked.
func numbersOf(values []string) (all []int) {
	for _, value := range values {
		if n, err := strconv.Atoi(value); err == nil {
			all = append(all, n)
		}
	}
	return all
}

// takeWhole leads to the whole video in a format, or to where it will be.
func (p *Portal) takeWhole(g *gin.Context) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	a, err := p.ask(g, http.MethodPost, "/v1/assets/"+url.PathEscape(g.Param("id"))+"/downloads", gin.H{"format": f.Value("format")})
	var download struct{ URL string }
	if err == nil && a.good() {
		err = a.read(&download)
	}
	switch {
	case err != nil:
		p.fail(g, err)
	case !a.good():
		p.showRefusal(g, a)
	case download.URL == "":
		p.show(g, http.StatusAccepted, page{Name: "wait", Title: p.say(g, "wait.title"), Hidden: true, Data: g.Param("id")})
	default:
		g.Redirect(http.StatusSeeOther, download.URL)
	}
}
