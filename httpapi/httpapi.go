// Package httpapi is the service's face to programs: JSON over HTTP, described
// by OpenAPI 3.1 at /openapi.json, which huma makes from the Go types, so that
// the description cannot differ from what is served. Errors are RFC 9457
// problem+json, times RFC 3339, ids opaque strings.
//
// A handler turns a request into one call of the catalogue and the rows it gets
// back into a resource with signed URLs; it decides nothing of its own. Media
// bytes never pass through here.
//
// visitor.go finds out who asks, access.go says who may use what, in one table, and
// limits.go how much. sections.go puts the operations in order for those who read of them,
// with an example of each body.
//
// Files: assets.go, uploads.go and posted.go, downloads.go, clips.go, estimate.go and orders.go hold the resources,
// basket.go what visitors of the pages gather for an order, aids.go what helps to find one's way in an asset, publish.go and steps.go what editors do to assets,
// stories.go what assets are published with, shotlists.go and captions.go what is seen and said in them,
// usage.go who took what; registrations.go, sessions.go, me.go, export.go, tokens.go,
// people.go and audit.go those of accounts, subscriptions.go, subscription.go and issues.go
// those of the newsletter, webhooks.go those that others are told by;
// wait.go lets clients wait for what is made, events.go follow it; problem.go turns
// errors into answers; operations.go serves health, readiness and metrics.
package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"reflect"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/database"
	"subclip/newsletter"
	"subclip/queue"
	"subclip/storage"
	"subclip/timecode"
	"subclip/webhooks"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/go-redis/redis_rate/v10"
	"github.com/prometheus/client_golang/prometheus"
)

// maxBody is the most bytes of a request's body; the API takes JSON alone.
const maxBody = 1 << 20

// API serves the routes.
type API struct {
	cfg        Config
	accounts   *accounts.Accounts
	newsletter *newsletter.Newsletter
	db         *database.DB
	catalog    *catalog.Catalog
	queue      *queue.Queue
	store      *storage.Store
	hooks      *webhooks.Webhooks
	errorPage  func(g *gin.Context, status int) bool
	limiter    *redis_rate.Limiter
	log        *slog.Logger
	stopping   context.Context //nolint:containedctx // ends requests that wait when the server stops
}

// Config says what stands between the service and its clients, and how much they may
// have.
type Config struct {
	TrustedProxies []string `env:"SUBCLIP_TRUSTED_PROXIES" desc:"networks of the reverse proxies in front, such as 10.0.0.0/8, separated by commas; only their word is taken for a client's address and for TLS"`
	SecureCookies  bool     `env:"SUBCLIP_SECURE_COOKIES" envDefault:"false" desc:"send cookies by TLS alone, also where no trusted proxy says that it was used"`
	Limits         Limits
}

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	for _, text := range c.TrustedProxies {
		if _, err := readNetwork(text); err != nil {
			return fmt.Errorf("SUBCLIP_TRUSTED_PROXIES has %q: write networks such as 10.0.0.0/8, separated by commas (%w)", text, err)
		}
	}
	return c.Limits.validate()
}

// Parts is what the API works on.
type Parts struct {
	DB         *database.DB
	Catalog    *catalog.Catalog
	Accounts   *accounts.Accounts
	Newsletter *newsletter.Newsletter
	Queue      *queue.Queue
	Store      *storage.Store
	Webhooks   *webhooks.Webhooks
	Log        *slog.Logger

	// ErrorPage answers a browser that wanted a page; it reports false, and answers
	// nothing, to whoever did not.
	ErrorPage func(g *gin.Context, status int) bool
}

// New builds the API's routes, and those that mounts add: all are for those alone
// whom the policy names. Requests that wait for a clip end early when stopping ends.
func New(stopping context.Context, cfg Config, p Parts, mounts ...func(*gin.Engine) error) (*gin.Engine, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	a := &API{
		cfg: cfg, db: p.DB, catalog: p.Catalog, accounts: p.Accounts, newsletter: p.Newsletter, hooks: p.Webhooks, errorPage: p.ErrorPage,
		queue: p.Queue, store: p.Store, limiter: redis_rate.NewLimiter(p.Queue.Redis()), log: p.Log, stopping: stopping,
	}
	registry := prometheus.NewRegistry()
	observe, err := a.register(registry)
	if err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	if err := engine.SetTrustedProxies(cfg.TrustedProxies); err != nil {
		return nil, fmt.Errorf("SUBCLIP_TRUSTED_PROXIES: %w", err)
	}
	rules, keys := policy(), map[string]string{}
	engine.Use(observe, gin.CustomRecoveryWithWriter(nil, a.recovered), a.protect, a.identify, a.limitRequests, a.authorize(rules, keys))
	engine.NoRoute(func(g *gin.Context) { a.refuse(g, http.StatusNotFound, "there is nothing at this address") })
	engine.NoMethod(func(g *gin.Context) {
		a.refuse(g, http.StatusMethodNotAllowed, g.Request.Method+" is not possible at this address")
	})
	a.operations(engine, registry)
	api := humagin.New(engine, config())
	api.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[timecode.Base](), reflect.TypeFor[timecodeSchema]())
	if err := a.resources(api); err != nil {
		return nil, err
	}
	for _, mount := range mounts {
		if err := mount(engine); err != nil {
			return nil, err
		}
	}
	maps.Copy(keys, routeKeys(api.OpenAPI()))
	describe(api.OpenAPI(), rules)
	return engine, checkPolicy(rules, keys, engine.Routes())
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
	config.Transformers = append(config.Transformers, hushed)
	return config
}

// protect refuses what a page of another site could make a browser send, and
// keeps answers from being taken for what they are not.
func (a *API) protect(g *gin.Context) {
	g.Header("X-Content-Type-Options", "nosniff")
	g.Header("Referrer-Policy", "same-origin")
	g.Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'") // pages say what they need
	if err := http.NewCrossOriginProtection().Check(g.Request); err != nil {
		a.refuse(g, http.StatusForbidden, "requests from pages of other sites are refused")
	}
}

func operation(method, path, id, summary string, status int, errors ...int) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, DefaultStatus: status,
		Errors: errors, MaxBodyBytes: maxBody,
	}
}
