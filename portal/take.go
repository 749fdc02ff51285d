package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"subclip/catalog"
	"subclip/transcoder"

	"github.com/gin-gonic/gin"
)

// plainRange is a range as it stands in an address, or in fields.
type plainRange struct {
	Number        int // from 1
	In, Out, Name string
}

// maxPlain is the most ranges of a clip, as the API has it.
const maxPlain = 50

// markedIn reads the ranges that the page's address names, as web/editor/selection.js
// writes them, for a form without script: the list, or else the marks, which are those of
// the whole where there are none. One more is empty, to be filled in.
func markedIn(g *gin.Context, start, end string) (all []plainRange) {
	for _, text := range g.QueryArray("range") {
		marks, name, _ := strings.Cut(text, "~")
		if in, out, ok := strings.Cut(marks, "-"); ok && len(all) < maxPlain {
			all = append(all, plainRange{len(all) + 1, in, out, name})
		}
	}
	if len(all) == 0 {
		all = append(all, plainRange{Number: 1, In: cmp.Or(g.Query("in"), start), Out: cmp.Or(g.Query("out"), end)})
	}
	return append(all, plainRange{Number: len(all) + 1})
}

// takeClip takes ranges, for browsers without script.
func (p *Portal) takeClip(g *gin.Context) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	body := gin.H{
		"asset_id": g.Param("id"), "format": f.Value("format"), "join": f.Value("apart") == "", "ranges": rangesOf(f),
	}
	if tracks := numbersOf(f.Values["audio"]); len(tracks) > 0 {
		body["audio"] = tracks
	}
	p.pass(g, http.MethodPost, "/v1/clips", body, downloadsPath)
}

// rangesOf reads the ranges of a form, less those that are left empty.
func rangesOf(f form) []gin.H {
	ranges := []gin.H{}
	at := func(field string, i int) string {
		if values := f.Values[field]; i < len(values) {
			return strings.TrimSpace(values[i])
		}
		return ""
	}
	for i := range f.Values["in"] {
		if in, out := at("in", i), at("out", i); in != "" || out != "" {
			ranges = append(ranges, gin.H{"in": in, "out": out, "name": at("name", i)})
		}
	}
	return ranges
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

func wholePath(assetID string) string { return catalog.PagePath(assetID) + "/download" }

// takeWhole leads to the whole video in a format, or to where one waits for it.
func (p *Portal) takeWhole(g *gin.Context) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	id := url.PathEscape(g.Param("id"))
	a, err := p.ask(g, http.MethodPost, "/v1/assets/"+id+"/downloads", gin.H{"format": f.Value("format")})
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
		g.Redirect(http.StatusSeeOther, link(wholePath(id), "", formatParameter, f.Value("format")))
	default:
		g.Redirect(http.StatusSeeOther, download.URL)
	}
}

// waitPage is where one waits for a whole video in a format.
type waitPage struct {
	Card   assetCard
	Format string
	Job    *catalog.Job
}

// Pending reports whether it is still being made.
func (w waitPage) Pending() bool {
	return w.Job.Status == catalog.JobQueued || w.Job.Status == catalog.JobRunning
}

// Ready reports whether it is there.
func (w waitPage) Ready() bool { return w.Job.Status == catalog.JobDone }

// showWait tells how far a whole video in a format is. It only looks: a form takes it.
func (p *Portal) showWait(g *gin.Context) {
	ctx := g.Request.Context()
	asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), g.Param("id"))
	var job *catalog.Job
	if err == nil && asset.Shown() {
		job, err = p.Catalog.FindRendition(ctx, &asset, g.Query(formatParameter))
	}
	switch {
	case err != nil:
		p.fail(g, err)
	case !asset.Shown():
		p.showError(g, http.StatusNotFound)
	case job == nil:
		g.Redirect(http.StatusSeeOther, catalog.PagePath(asset.ID))
	default:
		of := waitPage{cardOf(&asset), cmp.Or(job.Request.Format, transcoder.SourceFormat), job}
		title := "wait.title"
		if of.Ready() {
			title = "wait.ready"
		}
		p.show(g, http.StatusOK, page{Name: "wait", Title: p.say(g, title), Hidden: true, Plays: true, Data: of})
	}
}

// kept says how long clips and orders are.
func (p *Portal) kept(language string) (string, error) {
	long := p.Catalog.KeepsClips()
	if days := int(long / (24 * time.Hour)); days > 0 {
		return p.words.find(language, "take.kept_days", "Count", days)
	}
	return p.words.find(language, "take.kept_hours", "Count", max(1, int(long/time.Hour)))
}
