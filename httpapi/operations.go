package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const checkTime = 3 * time.Second

// operations serves what those who run the service look at.
func (a *API) operations(engine *gin.Engine, registry *prometheus.Registry) {
	engine.GET("/healthz", func(g *gin.Context) { g.JSON(http.StatusOK, gin.H{"status": "ok"}) })
	engine.GET("/readyz", a.ready)
	engine.GET("/metrics", gin.WrapH(promhttp.HandlerFor(registry, promhttp.HandlerOpts{})))
}

// ready says whether requests can be served: 503 names what does not answer. A
// silent Redis delays jobs but loses none, so it alone does not make us unready.
func (a *API) ready(g *gin.Context) {
	ctx, cancel := context.WithTimeout(g.Request.Context(), checkTime)
	defer cancel()
	status, parts := http.StatusOK, gin.H{}
	for _, part := range []struct {
		name     string
		ping     func(context.Context) error
		required bool
	}{{"database", a.db.Ping, true}, {"store", a.store.Ping, true}, {"redis", a.queue.Ping, false}} {
		parts[part.name] = "ok"
		if err := part.ping(ctx); err != nil {
			a.log.Warn("not answering", "part", part.name, "error", err)
			parts[part.name] = "not answering"
			if part.required {
				status = http.StatusServiceUnavailable
			}
		}
	}
	g.JSON(status, parts)
}

// register sets up the metrics and returns the middleware that times requests.
func (a *API) register(registry *prometheus.Registry) (gin.HandlerFunc, error) {
	requests := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "subclip_http_request_seconds", Help: "Time to answer, by route.",
		Buckets: []float64{.005, .02, .1, .5, 2, 10, 60},
	}, []string{"method", "route", "status"})
	all := []prometheus.Collector{
		requests, &jobsCollector{a.catalog, prometheus.NewDesc("subclip_jobs", "Jobs that wait or run.", []string{"kind", "status"}, nil)},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	}
	for _, c := range all {
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("register a metric: %w", err)
		}
	}
	return func(g *gin.Context) {
		began := time.Now()
		g.Next()
		requests.WithLabelValues(g.Request.Method, g.FullPath(), strconv.Itoa(g.Writer.Status())).Observe(time.Since(began).Seconds())
	}, nil
}

// jobsCollector counts jobs when it is asked.
type jobsCollector struct {
	catalog *catalog.Catalog
	jobs    *prometheus.Desc
}

// Describe names the metric.
func (c *jobsCollector) Describe(out chan<- *prometheus.Desc) { out <- c.jobs }

// Collect reads the counts from the catalogue.
func (c *jobsCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), checkTime)
	defer cancel()
	counts, err := c.catalog.JobCounts(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(c.jobs, err)
		return
	}
	for kind, byStatus := range counts {
		for status, n := range byStatus {
			out <- prometheus.MustNewConstMetric(c.jobs, prometheus.GaugeValue, float64(n), string(kind), string(status))
		}
	}
}
