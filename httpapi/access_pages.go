package httpapi

import (
	"maps"
	"net/http"

	"subclip/accounts"
)

// pagePolicy is the part of the policy that is about pages. Reading a page needs no
// scope: tokens are for the API. A form that is posted to a page asks the API in turn,
// whose rules hold too.
func pagePolicy() map[string]access {
	anyone, member, manager := access{least: accounts.Viewer}, access{least: accounts.Professional}, access{least: accounts.Admin}
	rules := map[string]access{
		"POST /newsletter/confirm": anyone, "POST /newsletter/unsubscribe": anyone,
		"POST /assets/:id/played": anyone, "POST /stories/:slug/basket": anyone, "POST /assets/:id/basket": anyone, "POST /assets/:id/clips": member, "POST /assets/:id/download": member,
		"POST /downloads/clips/:id/cancel": member, "POST /downloads/orders/:id/cancel": member,
		"POST /downloads/clips/:id/remove": member, "POST /downloads/clips/:id/again": member, "POST /downloads/orders/:id/remove": member, "POST /downloads/orders/:id/again": member,
		"POST /sign-out": anyone, "POST /register/code": anyone, "POST /reset/code": anyone, "POST /account/email/code": member,
	}
	reads := map[string]access{
		"/downloads": member, "/assets/:id/download": member, "/downloads/clips/:id/files/:n": member, "/downloads/orders/:id/file": member,
		"/": anyone, "/static/*filepath": anyone, "/said": anyone,
		"/stories": anyone, "/stories/:slug": anyone, "/feeds/stories.en.atom": anyone, "/feeds/stories.fr.atom": anyone,
		"/robots.txt": anyone, "/sitemap.xml": anyone, "/sitemap/assets.xml": anyone, "/sitemap/pages.xml": anyone, "/sitemap/stories.xml": anyone,
		"/developers": anyone, "/developers/:section": anyone,
		"/terms": anyone, "/privacy": anyone, "/admin/people": manager, "/admin/log": manager,
		"/assets/:id": anyone, "/assets/:id/poster": anyone, "/assets/:id/proxy": anyone, "/assets/:id/sounds/:track": anyone,
	}
	maps.Copy(rules, deskPolicy())
	for path, rule := range map[string]access{ // forms are posted to the page itself
		"/sign-in": anyone, "/register": anyone, "/register/confirm": anyone, "/reset": anyone, "/reset/confirm": anyone, "/newsletter": anyone, "/basket": anyone,
		"/account": member, "/account/email": member, "/account/email/confirm": member, "/account/password": member, "/account/factor": member,
		"/account/sessions": member, "/account/tokens": member, "/account/webhooks": member, "/account/webhooks/:id": member, "/account/newsletter": member, "/account/data": member,
		"/admin/people/:id": manager,
	} {
		reads[path], rules[http.MethodPost+" "+path] = rule, rule
	}
	for path, rule := range reads {
		rules[http.MethodGet+" "+path], rules[http.MethodHead+" "+path] = rule, rule
	}
	// The links of the newsletter carry tokens of their own.
	rules["GET /newsletter/confirm"], rules["GET /newsletter/unsubscribe"] = anyone, anyone
	return rules
}

// deskPolicy is the part of the pages' policy that is about the desk.
func deskPolicy() map[string]access {
	editor, admin := access{least: accounts.Editor}, access{least: accounts.Admin}
	rules := map[string]access{
		"GET /desk/moment":  editor,
		"POST /admin/jobs":  admin,
		"POST /desk/upload": editor, "GET /desk/upload/:id/sent": editor, "POST /desk/upload/:id/sent": editor,
		"POST /desk/upload/:id/abort": editor, "GET /desk/upload/s3/multipart/:id": editor, "GET /desk/upload/s3/multipart/:id/:part": editor,
		"POST /desk/upload/s3/multipart/:id/complete": editor, "DELETE /desk/upload/s3/multipart/:id": editor,
	}
	for _, form := range []string{"", "/replace"} {
		rules["POST /desk/assets/:id"+form] = editor
	}
	for _, form := range []string{"/new", "/:id", "/:id/delete"} {
		rules["POST /desk/stories"+form] = editor
	}
	for _, form := range []string{"/new", "/:id", "/:id/send", "/:id/stop", "/:id/delete"} {
		rules["POST /desk/newsletter"+form] = editor
	}
	reads := map[string]access{
		"/desk/newsletter": editor, "/desk/newsletter/new": editor, "/desk/newsletter/:id": editor, "/desk/newsletter/:id/preview/:language": editor,
		"/desk": editor, "/desk/usage": editor, "/admin": admin,
		"/desk/assets/:id": editor,
		"/desk/upload":     editor,
		"/desk/stories":    editor, "/desk/stories/new": editor, "/desk/stories/:id": editor,
	}
	for path, rule := range reads {
		rules[http.MethodGet+" "+path], rules[http.MethodHead+" "+path] = rule, rule
	}
	return rules
}
