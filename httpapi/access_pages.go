package httpapi

import (
	"net/http"

	"subclip/accounts"
)

// pagePolicy is the part of the policy that is about pages. Reading a page needs no
// scope: tokens are for the API. A form that is posted to a page asks the API in turn,
// whose rules hold too.
func pagePolicy() map[string]access {
	anyone, member := access{least: accounts.Viewer}, access{least: accounts.Professional}
	rules := map[string]access{
		"POST /newsletter/confirm": anyone, "POST /newsletter/unsubscribe": anyone,
		"POST /assets/:id/clips": member, "POST /assets/:id/download": member,
		"POST /downloads/clips/:id/remove": member, "POST /downloads/clips/:id/again": member, "POST /downloads/orders/:id/remove": member,
	}
	reads := map[string]access{
		"/downloads": member,
		"/basket":    anyone,
		"/":          anyone, "/static/*filepath": anyone,
		"/assets/:id": anyone, "/assets/:id/poster": anyone, "/assets/:id/proxy": anyone,
	}
	for path, rule := range reads {
		rules[http.MethodGet+" "+path], rules[http.MethodHead+" "+path] = rule, rule
	}
	// The links of the newsletter carry tokens of their own.
	rules["GET /newsletter/confirm"], rules["GET /newsletter/unsubscribe"] = anyone, anyone
	return rules
}
