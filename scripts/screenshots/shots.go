package main

// shot is a picture to take. Paths may name the newest asset as ASSET and the newest
// story as STORY.
type shot struct {
	name, path    string
	width, height int64
	dark, signed  bool
	until         string // what the page must say is true before it is taken
}

func shots() []shot {
	const (
		wide, phone, high = 1440, 390, 900
		marks             = "/assets/ASSET?in=10:00:31:12&out=10:00:36:00"
		shown             = "subclip.player.video.readyState >= 3 && !subclip.player.video.seeking"
	)
	return []shot{
		{name: "home", path: "/?lang=en", width: wide, height: high},
		{name: "home-phone", path: "/", width: phone, height: high},
		{name: "home-dark", path: "/?lang=fr", width: wide, height: high, dark: true},
		{name: "home-4k", path: "/?lang=en", width: 3840, height: 2160},
		{name: "search", path: "/?q=timetable", width: wide, height: high},
		{name: "stories", path: "/stories", width: wide, height: high},
		{name: "story", path: "/stories/STORY", width: wide, height: high},
		{name: "story-phone", path: "/stories/STORY?lang=fr", width: phone, height: high, dark: true},
		{name: "asset-phone", path: marks + "&lang=en", width: phone, height: high, until: shown},
		{name: "sign-in", path: "/sign-in", width: wide, height: high},
		{name: "register", path: "/register", width: wide, height: high},
		{name: "reset", path: "/reset", width: wide, height: high},
		{name: "newsletter", path: "/newsletter", width: wide, height: high},
		{name: "missing", path: "/nowhere", width: wide, height: high},
		{name: "asset", path: marks, width: wide, height: high, signed: true, until: shown},
		{name: "asset-dark", path: marks + "&lang=fr", width: wide, height: high, dark: true, signed: true, until: shown},
		{name: "downloads", path: "/downloads?lang=en", width: wide, height: high, signed: true},
		{name: "account", path: "/account", width: wide, height: high, signed: true},
		{name: "account-tokens", path: "/account/tokens", width: wide, height: high, signed: true},
		{name: "desk", path: "/desk", width: wide, height: high, signed: true},
		{name: "desk-upload", path: "/desk/upload", width: wide, height: high, signed: true},
		{name: "desk-asset", path: "/desk/assets/ASSET", width: wide, height: high, signed: true},
		{name: "desk-stories", path: "/desk/stories", width: wide, height: high, signed: true},
		{name: "desk-story", path: "/desk/stories/new", width: wide, height: high, signed: true},
		{name: "desk-newsletter", path: "/desk/newsletter/new", width: wide, height: high, signed: true},
		{name: "desk-usage", path: "/desk/usage", width: wide, height: high, signed: true},
		{name: "admin", path: "/admin", width: wide, height: high, signed: true},
		{name: "admin-people", path: "/admin/people", width: wide, height: high, signed: true},
		{name: "admin-log", path: "/admin/log", width: wide, height: high, signed: true},
	}
}
