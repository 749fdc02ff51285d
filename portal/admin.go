package portal

import (
	"net/http"
	"net/url"
	"time"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// adminPath is the admins' first page.
const adminPath = "/admin"

// Setting is one that is in force, as admins are shown it.
type Setting struct{ Name, Value, About string }

type adminPage struct {
	catalog.Health
	Counts   []kindCount
	Total    kindCount // of all kinds
	Failures []failure
	Waits    time.Duration // of the job that waits longest
	Settings []Setting
}

// Busy reports whether anything runs.
func (a adminPage) Busy() bool { return a.Total.Running > 0 }

// kindCount is how many jobs of a kind are in each state.
type kindCount struct {
	Kind                    catalog.JobKind
	Queued, Running, Failed int
}

// failure is a job that failed.
type failure struct {
	catalog.FailedJob
	Path string // of its asset at the desk, if it has one
}

// showAdmin shows how the queue is, and the limits in force.
func (p *Portal) showAdmin(g *gin.Context) {
	health, err := p.Catalog.Health(g.Request.Context())
	if err != nil {
		p.fail(g, err)
		return
	}
	of := adminPage{Health: health, Counts: countByKind(health.Jobs), Settings: p.Settings}
	for _, count := range of.Counts {
		of.Total.Queued, of.Total.Running, of.Total.Failed = of.Total.Queued+count.Queued, of.Total.Running+count.Running, of.Total.Failed+count.Failed
	}
	if health.Waiting != nil {
		of.Waits = time.Since(health.Waiting.CreatedAt)
	}
	for _, job := range health.Failed {
		one := failure{FailedJob: job}
		if job.AssetID != "" {
			one.Path = deskAssetPath(job.AssetID)
		}
		of.Failures = append(of.Failures, one)
	}
	p.show(g, http.StatusOK, page{Name: "admin", Title: p.say(g, "admin.title"), Hidden: true, Scripts: []string{"desk"}, Data: of})
}

// retryJob begins a job again that has failed.
func (p *Portal) retryJob(g *gin.Context) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	p.pass(g, http.MethodPost, "/v1/jobs/"+url.PathEscape(f.Value("job"))+"/retry", nil, adminPath+"#queue")
}

func countByKind(counts []catalog.JobCount) (all []kindCount) {
	for _, count := range counts {
		if len(all) == 0 || all[len(all)-1].Kind != count.Kind {
			all = append(all, kindCount{Kind: count.Kind})
		}
		last := &all[len(all)-1]
		switch count.Status {
		case catalog.JobQueued:
			last.Queued = count.Count
		case catalog.JobRunning:
			last.Running = count.Count
		case catalog.JobFailed:
			last.Failed = count.Count
		}
	}
	return all
}
