package httpapi

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"subclip/accounts"

	"github.com/gin-gonic/gin"
)

// TestEveryRoute sends a request to every route as everyone: who may use it is as
// the policy says, and what may not be used says so before it looks at anything.
func TestEveryRoute(t *testing.T) {
	s := start(t, Config{})
	clients := map[string]*client{"viewer": {site: s}}
	for _, role := range []accounts.Role{accounts.Professional, accounts.Editor, accounts.Admin} {
		clients[string(role)] = s.person(t, string(role)+"@example.com", role)
	}
	admin := clients["admin"]
	for _, scope := range []string{"read", "download", "publish", "manage"} {
		clients["token "+scope] = admin.program(t, scope)
	}
	ranks := map[string]int{"viewer": 0, "professional": 1, "editor": 2, "admin": 3}
	tried, keys := 0, s.keys(t)
	for _, route := range s.engine.Routes() {
		path := strings.NewReplacer(":id", "none", "*filepath", "portal.css").Replace(route.Path)
		if route.Path == "/v1/sessions" && route.Method == http.MethodDelete || route.Path == "/v1/sessions/current" || route.Path == "/sign-out" {
			continue // it would sign everyone out; TestSessions tries it
		}
		rule := policy()[keyOf(keys, route.Method, route.Path)]
		for _, name := range slices.Sorted(maps.Keys(clients)) {
			scope, isToken := strings.CutPrefix(name, "token ")
			allowed := rule.least == accounts.Viewer
			if isToken {
				allowed = allowed || string(rule.scope) == scope
			} else {
				allowed = allowed || ranks[name] >= ranks[string(rule.least)]
			}
			// Copied, so that no route changes who asks.
			asking := *clients[name]
			a := asking.ask(t, route.Method, path, nil)
			refused := a.status == 401 || a.status == 403
			if refused == allowed {
				t.Errorf("%s %s as %s: %d %s", route.Method, route.Path, name, a.status, a.raw)
			}
			if name == "viewer" && !allowed && (a.status != 401 || a.header.Get("WWW-Authenticate") == "") {
				t.Errorf("%s %s as a stranger: %d", route.Method, route.Path, a.status)
			}
			tried++
		}
	}
	if tried < 200 {
		t.Errorf("only %d requests were tried", tried)
	}
}

// keys finds the operations behind the routes in the description that is served.
func (s *site) keys(t *testing.T) map[string]string {
	t.Helper()
	stranger := &client{site: s}
	keys := map[string]string{}
	paths, _ := stranger.ask(t, "GET", "/openapi.json", nil).must(t, 200).body["paths"].(map[string]any)
	for path, item := range paths {
		methods, _ := item.(map[string]any)
		for method, op := range methods {
			about, _ := op.(map[string]any)
			id, _ := about["operationId"].(string)
			keys[strings.ToUpper(method)+" "+strings.NewReplacer("{", ":", "}", "").Replace(path)] = id
		}
	}
	return keys
}

func TestPolicyIsComplete(t *testing.T) {
	s := start(t, Config{})
	if err := checkPolicy(policy(), s.keys(t), s.engine.Routes()); err != nil {
		t.Error(err)
	}
	short := policy()
	delete(short, "create-clip")
	if err := checkPolicy(short, s.keys(t), s.engine.Routes()); err == nil || !strings.Contains(err.Error(), "create-clip") {
		t.Errorf("a missing rule gives %v", err)
	}
	routes := map[string]bool{}
	for _, r := range s.engine.Routes() {
		routes[keyOf(s.keys(t), r.Method, r.Path)] = true
	}
	for key := range policy() {
		if !routes[key] && !strings.Contains(key, "/dev/mail") {
			t.Errorf("the policy has a rule for %q, which is no route", key)
		}
	}
}

// TestUnknownRoute mounts a page that the policy knows nothing of.
func TestUnknownRoute(t *testing.T) {
	s := start(t, Config{})
	_, err := New(t.Context(), Config{}, s.parts, func(e *gin.Engine) error {
		e.GET("/secrets", func(g *gin.Context) { g.Status(200) })
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "GET /secrets") {
		t.Errorf("it starts: %v", err)
	}
}
