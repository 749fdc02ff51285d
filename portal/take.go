package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"subclip/catalog"
	"subclip/transcoder"

	"github.com/gin-gonic/gin"
)

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
	p.take(g, f, "/v1/clips", body, downloadsPath)
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
	case !a.good() && f.Values.Has("in"):
		p.refuseTaking(g, f, a)
	case !a.good(): // a script keeps the marks in the address, to which this leads back
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

// State is how far it is, as the pages call it.
func (w waitPage) State() catalog.ClipStatus {
	if w.Ready() {
		return catalog.ClipReady
	}
	return catalog.ClipStatus(w.Job.Status) // the others have the names of a clip's
}

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
		p.show(g, http.StatusOK, page{Name: "wait", Title: p.say(g, title), Hidden: true, Plays: true, Scripts: []string{"wait"}, Data: of})
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
