// Package httpapi is the service's face to programs: JSON over HTTP, described
// by OpenAPI 3.1 at /openapi.json, which huma makes from the Go types, so that
// the description cannot differ from what is served. Errors are RFC 9457
// problem+json, times RFC 3339, ids opaque strings.
//
// A handler turns a request into one call of the catalogue and the rows it gets
// back into a resource with signed URLs; it decides nothing of its own. Media
// bytes never pass through here.
//
// Files: assets.go, uploads.go, downloads.go and clips.go hold the resources, and
// subscriptions.go and issues.go those of the newsletter;
// wait.go lets clients wait for a clip; problem.go turns errors into answers;
// operations.go serves health, readiness and metrics.
package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"

	"subclip/catalog"
	"subclip/database"
	"subclip/newsletter"
	"subclip/queue"
	"subclip/storage"
	"subclip/timecode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
)

// maxBody is the most bytes of a request's body; the API takes JSON alone.
const maxBody = 1 << 20

// API serves the routes.
type API struct {
	db         *database.DB
	catalog    *catalog.Catalog
	newsletter *newsletter.Newsletter
	queue      *queue.Queue
	store      *storage.Store
	log        *slog.Logger
	stopping   context.Context //nolint:containedctx // ends requests that wait when the server stops
}

// Parts is what the API works on.
type Parts struct {
	DB         *database.DB
	Catalog    *catalog.Catalog
	Newsletter *newsletter.Newsletter
	Queue      *queue.Queue
	Store      *storage.Store
	Log        *slog.Logger
}

// New builds the API's routes. Requests that wait for a clip end early when
// stopping ends.
func New(stopping context.Context, p Parts) (*gin.Engine, error) {
	a := &API{db: p.DB, catalog: p.Catalog, newsletter: p.Newsletter, queue: p.Queue, store: p.Store, log: p.Log, stopping: stopping}
	registry := prometheus.NewRegistry()
	observe, err := a.register(registry)
	if err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.Use(observe, gin.CustomRecoveryWithWriter(nil, a.recovered), protect)
	engine.NoRoute(func(g *gin.Context) { writeProblem(g, http.StatusNotFound, "there is nothing at this address") })
	engine.NoMethod(func(g *gin.Context) {
		writeProblem(g, http.StatusMethodNotAllowed, g.Request.Method+" is not possible at this address")
	})
	a.operations(engine, registry)
	api := humagin.New(engine, config())
	api.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[timecode.Base](), reflect.TypeFor[timecodeSchema]())
	a.assets(api)
	a.uploads(api)
	a.downloads(api)
	a.clips(api)
	a.subscriptions(api)
	a.issues(api)
	return engine, nil
}

// timecodeSchema describes timecode.Base as it writes itself.
type timecodeSchema struct {
	Rate  string `json:"rate" doc:"frames a second, exact" example:"30000/1001"`
	Drop  bool   `json:"drop" doc:"drop-frame counting"`
	Start string `json:"start" doc:"timecode of the first frame" example:"10:00:00:00"`
}

func config() huma.Config {
	config := huma.DefaultConfig("Subclip", "1")
	config.Info.Description = "Find a video, download all of it or the part you mark."
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	// Links to schemas in every answer would be noise to clients.
	config.CreateHooks = nil
	config.DocsPath = ""
	config.SchemasPath = ""
	return config
}

// protect refuses what a page of another site could make a browser send, and
// keeps answers from being taken for what they are not.
func protect(g *gin.Context) {
	g.Header("X-Content-Type-Options", "nosniff")
	g.Header("Referrer-Policy", "same-origin")
	if err := http.NewCrossOriginProtection().Check(g.Request); err != nil {
		writeProblem(g, http.StatusForbidden, "requests from pages of other sites are refused")
	}
}

func operation(method, path, id, summary string, status int, errors ...int) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, DefaultStatus: status,
		Errors: errors, MaxBodyBytes: maxBody,
	}
}
