package httpapi

import (
	"fmt"
	"maps"
	"net/http"
	"strings"

	"subclip/accounts"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

// access is who may use a route: people from a role on, and of their tokens those
// with a scope. An empty scope keeps tokens out: what concerns the account itself
// is for who signed in.
type access struct {
	least accounts.Role
	scope accounts.Scope
}

// policy says for every route who may use it; it is the one place that does. Keys
// are operation ids, and "METHOD path" for what is no operation of the API. A route
// that is missing here keeps the service from starting.
func policy() map[string]access {
	var (
		anyone   = access{least: accounts.Viewer}
		member   = access{least: accounts.Professional}
		reader   = access{accounts.Professional, accounts.ScopeRead}
		taker    = access{accounts.Professional, accounts.ScopeDownload}
		ingester = access{accounts.Editor, accounts.ScopePublish}
		manager  = access{accounts.Admin, accounts.ScopeManage}
	)
	rules := map[string]access{
		"GET /feeds/assets.atom": anyone, "HEAD /feeds/assets.atom": anyone, "GET /feeds/assets.rss": anyone, "HEAD /feeds/assets.rss": anyone,
		"GET /feeds/assets/:id/proxy": anyone, "HEAD /feeds/assets/:id/proxy": anyone,
		"GET /feeds/assets/:id/poster": anyone, "HEAD /feeds/assets/:id/poster": anyone,
		"GET /healthz": anyone, "GET /readyz": anyone, "GET /metrics": anyone,
		"GET /openapi.json": anyone, "GET /openapi.yaml": anyone, "GET /openapi-3.0.json": anyone, "GET /openapi-3.0.yaml": anyone,

		// Messages kept on one machine; their pages refuse whoever is elsewhere.
		"GET /dev/mail": anyone, "GET /dev/mail/:name": anyone, "GET /dev/mail/:name/html": anyone, "GET /dev/mail/:name/source": anyone,

		"list-assets": anyone, "get-asset": anyone, "list-formats": anyone, "estimate-clip": anyone,
		"download-asset": taker, "create-clip": taker, "list-clips": taker, "get-clip": taker, "cancel-clip": taker, "delete-clip": taker, "clip-events": taker,
		"create-order": taker, "list-orders": taker, "get-order": taker, "cancel-order": taker, "delete-order": taker, "order-events": taker,
		"POST /v1/basket/items": anyone, "PATCH /v1/basket": anyone, "POST /v1/basket/order": taker,
		"get-storyboard": anyone, "get-storyboard-sheet": anyone, "get-waveform": anyone,
		"list-steps": ingester, "restart-step": ingester,
		"change-asset": ingester, "withdraw-asset": ingester, "restore-asset": ingester, "replace-asset": ingester,
		"list-stories": anyone, "get-story": anyone, "create-story": ingester, "change-story": ingester,
		"publish-story": ingester, "unpublish-story": ingester, "delete-story": ingester,
		"get-shotlist": anyone, "put-shotlist": ingester,
		"list-captions": anyone, "search-captions": anyone, "get-captions": anyone, "put-captions": ingester, "delete-captions": ingester,
		"asset-usage": ingester, "asset-usage-days": ingester, "list-usage-days": ingester, "list-usage": manager,
		"create-upload": ingester, "list-uploads": ingester, "get-upload": ingester, "sign-parts": ingester, "sign-form": ingester, "complete-upload": ingester, "abort-upload": ingester,

		"check-password": anyone, "register": anyone, "confirm-registration": anyone, "request-reset": anyone, "reset-password": anyone, "send-code": anyone,
		"sign-in": anyone, "sign-out": anyone, "sign-out-everywhere": member, "list-sessions": member, "end-session": member,
		"get-me": reader, "change-me": member, "change-password": member, "change-email": member, "confirm-email": member,
		"begin-second-factor": member, "confirm-second-factor": member, "remove-second-factor": member,
		"export-me": member, "delete-me": member, "get-subscription": reader, "end-subscription": member,
		"list-tokens": member, "create-token": member, "revoke-token": member,
		"create-webhook": taker, "list-webhooks": taker, "get-webhook": taker, "change-webhook": taker, "delete-webhook": taker,
		"list-deliveries": taker, "redeliver": taker,

		// The newsletter.
		"list-topics": anyone, "subscribe": anyone, "confirm-subscription": anyone, "unsubscribe": anyone,
		"list-subscribers": ingester,
		"create-issue":     ingester, "list-issues": ingester, "get-issue": ingester, "change-issue": ingester, "delete-issue": ingester,
		"preview-issue": ingester, "send-issue": ingester, "stop-issue": ingester,

		"list-people": manager, "get-person": manager, "set-role": manager, "set-limits": manager, "list-entries": manager, "list-failed-jobs": manager, "retry-job": manager,
		"lift-second-factor": {least: accounts.Admin}, // not for a token, which may be stolen
	}
	maps.Copy(rules, pagePolicy())
	return rules
}

// authorize refuses who may not use a route. keys names the routes as the policy
// does; see routeKeys.
func (a *API) authorize(rules map[string]access, keys map[string]string) gin.HandlerFunc {
	return func(g *gin.Context) {
		if g.FullPath() == "" {
			return // there is nothing to use
		}
		rule, known := rules[keyOf(keys, g.Request.Method, g.FullPath())]
		visitor := accounts.From(g.Request.Context())
		switch {
		case !known:
			a.refuse(g, http.StatusForbidden, "nobody may use this")
		case rule.least == accounts.Viewer:
		case visitor.Person == nil:
			g.Header("WWW-Authenticate", "Bearer")
			a.refuse(g, http.StatusUnauthorized, "sign in, or send a token: Authorization: Bearer …")
		case !visitor.Role().AtLeast(rule.least):
			a.refuse(g, http.StatusForbidden, fmt.Sprintf("this is for the role %s: yours is %s", rule.least, visitor.Role()))
		case rule.scope == "" && visitor.TokenID != "":
			a.refuse(g, http.StatusForbidden, "a token cannot do this: sign in")
		case !visitor.Has(rule.scope):
			g.Header("WWW-Authenticate", fmt.Sprintf(`Bearer error="insufficient_scope", scope=%q`, rule.scope))
			a.refuse(g, http.StatusForbidden, fmt.Sprintf("this needs a token with the scope %s", rule.scope))
		}
	}
}

// describe writes the policy into the API's description.
func describe(api *huma.OpenAPI, rules map[string]access) {
	api.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "see /v1/tokens"},
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "see /v1/sessions"},
	}
	for _, item := range api.Paths {
		for _, op := range operations(item) {
			rule := rules[op.OperationID]
			if rule.least == accounts.Viewer {
				continue
			}
			op.Security = []map[string][]string{{"session": {}}}
			if rule.scope != "" {
				op.Security = append(op.Security, map[string][]string{"token": {string(rule.scope)}})
			}
			op.Description = strings.TrimSpace(op.Description + " For the role " + string(rule.least) + " and above.")
		}
	}
}

// operations lists the operations of a path by their methods.
func operations(item *huma.PathItem) map[string]*huma.Operation {
	all := map[string]*huma.Operation{
		http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
	}
	maps.DeleteFunc(all, func(_ string, op *huma.Operation) bool { return op == nil })
	return all
}

// routeKeys finds the operation id of each of the API's routes, by method and
// path as the router writes them.
func routeKeys(api *huma.OpenAPI) map[string]string {
	keys := map[string]string{}
	for path, item := range api.Paths {
		for method, op := range operations(item) {
			keys[method+" "+strings.NewReplacer("{", ":", "}", "").Replace(path)] = op.OperationID
		}
	}
	return keys
}

func keyOf(keys map[string]string, method, path string) string {
	route := method + " " + path
	if id, isOperation := keys[route]; isOperation {
		return id
	}
	return route
}

// checkPolicy reports a route that the policy says nothing about.
func checkPolicy(rules map[string]access, keys map[string]string, routes gin.RoutesInfo) error {
	for _, route := range routes {
		if key := keyOf(keys, route.Method, route.Path); rules[key].least == "" {
			return fmt.Errorf("no rule says who may use %q (%s %s): add it to the policy", key, route.Method, route.Path)
		}
	}
	return nil
}
