package main

// shot is a picture to take. Paths may name the newest asset as ASSET, the newest story as
// STORY, a newsletter's draft as LETTER and the first account as PERSON; what is done then may
// name that one's password as PASSWORD.
type shot struct {
	name, path    string
	width, height int64
	dark, signed  bool
	then          string // what is done on the page once it is there
	until         string // what the page must say is true before it is taken
}

func shots() []shot {
	const (
		wide, phone, high = 1440, 390, 900
		marks             = "/assets/ASSET?in=10:00:31:12&out=10:00:36:00"
		shown             = "subclip.player.video.readyState >= 3 && !subclip.player.video.seeking"
		reset             = `{ const form = document.querySelector("main form"); form.elements.email.value = "ann@example.com"; form.requestSubmit(); }`
		register          = `{ const form = document.querySelector("main form"); const { name, email, password, accept_terms } = form.elements; [name.value, email.value, password.value, accept_terms.checked] = ["Ann Example", "ann@press.example", "A-river-at-7", true]; form.requestSubmit(); }`
		moveAway          = `{ const form = document.querySelector("main form:has([name=current_password])"); form.elements.email.value = "ann@press.example"; form.elements.current_password.value = "PASSWORD"; form.requestSubmit(form.querySelector("button:not([type=button])")); }`
		makeWhole         = `fetch(location.pathname + "/download", { method: "POST", body: new URLSearchParams({ format: "h264-720p" }) }).then(({ url }) => location.assign(url))`
		hook              = `fetch(location, { method: "POST", body: new URLSearchParams({ do: "create", key: "shot", url: "https://192.0.43.8/hook", events: "clip.ready" }) }).then((made) => made.text()).then((page) => location.assign(page.match(/\/account\/webhooks\/\w+/)[0]))`
		fillBasket        = `document.querySelector("[data-together]").form.submit()`
	)
	return []shot{
		{name: "home", path: "/?lang=en", width: wide, height: high},
		{name: "home-phone", path: "/", width: phone, height: high},
		{name: "home-dark", path: "/?lang=fr", width: wide, height: high, dark: true},
		{name: "home-4k", path: "/?lang=en", width: 3840, height: 2160},
		{name: "search", path: "/?q=timetable", width: wide, height: high},
		{name: "search-said", path: "/?q=timetable&kind=said", width: wide, height: high},
		{name: "stories", path: "/stories", width: wide, height: high},
		{name: "story", path: "/stories/STORY", width: wide, height: high},
		{name: "story-phone", path: "/stories/STORY?lang=fr", width: phone, height: high, dark: true},
		{name: "asset-phone", path: marks + "&lang=en", width: phone, height: high, until: shown},
		{name: "sign-in", path: "/sign-in", width: wide, height: high},
		{name: "register", path: "/register", width: wide, height: high},
		{name: "reset", path: "/reset", width: wide, height: high},
		{name: "code", path: "/reset", width: wide, height: high, then: reset, until: `document.getElementById("code")`},
		{name: "register-code", path: "/register", width: wide, height: high, then: register, until: `document.getElementById("code")`},
		{name: "newsletter", path: "/newsletter", width: wide, height: high},
		{name: "developers", path: "/developers", width: wide, height: high},
		{name: "developers-clips", path: "/developers/clips", width: wide, height: high},
		{name: "terms", path: "/terms", width: wide, height: high},
		{name: "privacy", path: "/privacy", width: wide, height: high},
		{name: "letter", path: "/newsletter/unsubscribe?token=none", width: wide, height: high},
		{name: "missing", path: "/nowhere", width: wide, height: high},
		{name: "asset", path: marks, width: wide, height: high, signed: true, until: shown},
		{name: "asset-dark", path: marks + "&lang=fr", width: wide, height: high, dark: true, signed: true, until: shown},
		{name: "asset-keys", path: marks + "&lang=en", width: wide, height: high, signed: true, then: `document.querySelector("[data-do=help]").click()`, until: shown},
		{name: "basket", path: "/stories/STORY?lang=en", width: wide, height: high, signed: true, then: fillBasket, until: `document.querySelector("[data-items] li")`},
		{name: "wait", path: "/assets/ASSET?lang=en", width: wide, height: high, signed: true, then: makeWhole, until: `location.pathname.endsWith("/download")`},
		{name: "downloads", path: "/downloads?lang=en", width: wide, height: high, signed: true},
		{name: "account", path: "/account", width: wide, height: high, signed: true},
		{name: "account-email", path: "/account/email", width: wide, height: high, signed: true},
		{name: "account-code", path: "/account/email", width: wide, height: high, signed: true, then: moveAway, until: `document.getElementById("code")`},
		{name: "account-password", path: "/account/password", width: wide, height: high, signed: true},
		{name: "account-factor", path: "/account/factor", width: wide, height: high, signed: true},
		{name: "account-sessions", path: "/account/sessions", width: wide, height: high, signed: true},
		{name: "account-tokens", path: "/account/tokens", width: wide, height: high, signed: true},
		{name: "account-webhooks", path: "/account/webhooks", width: wide, height: high, signed: true},
		{name: "account-deliveries", path: "/account/webhooks", width: wide, height: high, signed: true, then: hook, until: `location.pathname.startsWith("/account/webhooks/")`},
		{name: "account-newsletter", path: "/account/newsletter", width: wide, height: high, signed: true},
		{name: "account-data", path: "/account/data", width: wide, height: high, signed: true},
		{name: "desk", path: "/desk", width: wide, height: high, signed: true},
		{name: "desk-upload", path: "/desk/upload", width: wide, height: high, signed: true},
		{name: "desk-asset", path: "/desk/assets/ASSET", width: wide, height: high, signed: true},
		{name: "desk-stories", path: "/desk/stories", width: wide, height: high, signed: true},
		{name: "desk-story", path: "/desk/stories/new", width: wide, height: high, signed: true},
		{name: "desk-newsletter", path: "/desk/newsletter/LETTER", width: wide, height: high, signed: true},
		{name: "desk-newsletters", path: "/desk/newsletter", width: wide, height: high, signed: true},
		{name: "desk-usage", path: "/desk/usage", width: wide, height: high, signed: true},
		{name: "admin", path: "/admin", width: wide, height: high, signed: true},
		{name: "admin-people", path: "/admin/people", width: wide, height: high, signed: true},
		{name: "admin-person", path: "/admin/people/PERSON", width: wide, height: high, signed: true},
		{name: "admin-log", path: "/admin/log", width: wide, height: high, signed: true},
	}
}
