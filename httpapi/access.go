package httpapi

import (
	"fmt"
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
	return map[string]access{
		"GET /": anyone, "HEAD /": anyone, "GET /static/*filepath": anyone, "HEAD /static/*filepath": anyone,
		"GET /healthz": anyone, "GET /readyz": anyone, "GET /metrics": anyone,
		"GET /openapi.json": anyone, "GET /openapi.yaml": anyone, "GET /openapi-3.0.json": anyone, "GET /openapi-3.0.yaml": anyone,

		// Messages kept on one machine; their pages refuse whoever is elsewhere.
		"GET /dev/mail": anyone, "GET /dev/mail/:name": anyone, "GET /dev/mail/:name/html": anyone, "GET /dev/mail/:name/source": anyone,

		"list-assets": anyone, "get-asset": anyone, "list-formats": anyone,
		"download-asset": taker, "create-clip": taker, "get-clip": taker, "delete-clip": taker, "clip-events": taker,
		"create-upload": ingester, "get-upload": ingester, "sign-parts": ingester, "complete-upload": ingester, "abort-upload": ingester,

		"register": anyone, "confirm-registration": anyone, "request-reset": anyone, "reset-password": anyone, "send-code": anyone,
		"sign-in": anyone, "sign-out": anyone, "sign-out-everywhere": member, "list-sessions": member, "end-session": member,
		"get-me": reader, "change-me": member,
		"list-tokens": member, "create-token": member, "revoke-token": member,
		"create-webhook": taker, "list-webhooks": taker, "get-webhook": taker, "change-webhook": taker, "delete-webhook": taker,
		"list-deliveries": taker, "redeliver": taker,
		"list-people": manager, "set-role": manager,
	}
}

// authorize refuses who may not use a route. keys names the routes as the policy
// does; see routeKeys.
func authorize(rules map[string]access, keys map[string]string) gin.HandlerFunc {
	return func(g *gin.Context) {
		if g.FullPath() == "" {
			return // there is nothing to use
		}
		rule, known := rules[keyOf(keys, g.Request.Method, g.FullPath())]
		visitor := accounts.From(g.Request.Context())
		switch {
		case !known:
			writeProblem(g, http.StatusForbidden, "nobody may use this")
		case rule.least == accounts.Viewer:
		case visitor.Person == nil:
			g.Header("WWW-Authenticate", "Bearer")
			writeProblem(g, http.StatusUnauthorized, "sign in, or send a token: Authorization: Bearer …")
		case !visitor.Role().AtLeast(rule.least):
			writeProblem(g, http.StatusForbidden, fmt.Sprintf("this is for the role %s: yours is %s", rule.least, visitor.Role()))
		case rule.scope == "" && visitor.TokenID != "":
			writeProblem(g, http.StatusForbidden, "a token cannot do this: sign in")
		case !visitor.Has(rule.scope):
			g.Header("WWW-Authenticate", fmt.Sprintf(`Bearer error="insufficient_scope", scope=%q`, rule.scope))
			writeProblem(g, http.StatusForbidden, fmt.Sprintf("this needs a token with the scope %s", rule.scope))
		}
	}
}

// routeKeys finds the operation id of each of the API's routes, by method and
// path as the router writes them.
func routeKeys(api *huma.OpenAPI) map[string]string {
	keys := map[string]string{}
	for path, item := range api.Paths {
		for method, op := range map[string]*huma.Operation{
			http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
		} {
			if op != nil {
				keys[method+" "+strings.NewReplacer("{", ":", "}", "").Replace(path)] = op.OperationID
			}
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
