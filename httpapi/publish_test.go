package httpapi

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/timecode"
	"subclip/transcoder"
)

// film publishes an asset that can be cut, under a title that nothing else has.
func (s *site) film(t *testing.T, title string) catalog.Asset {
	t.Helper()
	upload, _, err := s.catalog.NewUpload(t.Context(), "", catalog.Metadata{Title: title, Filename: "film.mp4"}, 40<<20, catalog.Idempotency{})
	check(t, err)
	upload.StoreID = "store-" + upload.ID
	_, err = s.catalog.StoreUpload(t.Context(), upload)
	check(t, err)
	asset, err := s.catalog.CompleteUpload(t.Context(), "", upload.ID)
	check(t, err)
	var waiting catalog.Job
	check(t, s.parts.DB.NewSelect().Model(&waiting).Where("asset_id = ?", asset.ID).Scan(t.Context()))
	job := s.claim(t, waiting)
	base, err := timecode.NewBase(timecode.Rate{Num: 25, Den: 1}, "10:00:00:00")
	check(t, err)
	facts := transcoder.Source{
		Container: "mp4", Size: 40 << 20, Timecode: base, Frames: 7500, Duration: 300,
		Video: transcoder.VideoTrack{Codec: "h264", Width: 320, Height: 180, PixelFormat: "yuv420p"},
	}
	check(t, s.catalog.FinishStep(t.Context(), &job, catalog.Made{
		Source: &facts, ProxyKey: job.ObjectPrefix() + "proxy.mp4", PosterKey: job.ObjectPrefix() + "poster.jpg",
		ProxySounds: []catalog.ProxySound{{Track: 1, Key: job.ObjectPrefix() + "sound.mp4"}},
	}))
	asset, err = s.catalog.Asset(t.Context(), catalog.House(), asset.ID)
	check(t, err)
	return asset
}

func (s *site) claim(t *testing.T, waiting catalog.Job) catalog.Job {
	t.Helper()
	job, claimed, err := s.catalog.Claim(t.Context(), waiting.ID, waiting.Attempt, "worker")
	if err != nil || !claimed {
		t.Fatalf("the job is not claimed: %v", err)
	}
	return job
}

func cutOf(assetID string) fields {
	return fields{"asset_id": assetID, "ranges": []fields{{"in": "1.0", "out": "2.0"}}}
}

// clip asks for a part of an asset and lets it be made.
func (c *client) clip(t *testing.T, assetID string) string {
	t.Helper()
	id := c.ask(t, "POST", "/v1/clips", cutOf(assetID)).text("id") // of what was made before, it is ready at once
	var row catalog.Clip
	check(t, c.parts.DB.NewSelect().Model(&row).Relation("Job").Where("clip.id = ?", id).Scan(t.Context()))
	if row.Job.Status == catalog.JobQueued {
		job := c.claim(t, *row.Job)
		file := catalog.JobFile{Key: job.ObjectPrefix() + "1.mp4", Name: "film.mp4"}
		check(t, c.catalog.Finish(t.Context(), &job, catalog.JobResult{Files: []catalog.JobFile{file}}))
	}
	if url := c.ask(t, "GET", "/v1/clips/"+id, nil).must(t, 200).text("url"); url == "" {
		t.Fatal("the clip gives no URL")
	}
	return id
}

// hiding is a site with an asset under embargo, which is set after clips were made
// of it, and a withdrawn one; and who asks for them.
type hiding struct {
	*site
	embargoed, withdrawn catalog.Asset
	clients              map[string]*client
	clips                map[string]map[string]string // by asset, by whose
}

func hide(t *testing.T) hiding {
	t.Helper()
	s := start(t, Config{})
	h := hiding{site: s, embargoed: s.film(t, "Zebra one"), withdrawn: s.film(t, "Zebra two"), clips: map[string]map[string]string{}}
	h.clients = map[string]*client{"viewer": {site: s}}
	for _, role := range []accounts.Role{accounts.Professional, accounts.Editor, accounts.Admin} {
		h.clients[string(role)] = s.person(t, string(role)+"@example.com", role)
	}
	h.clients["token of an editor"] = h.clients["editor"].program(t, "read", "download")
	h.clients["publishing token"] = h.clients["editor"].program(t, "download", "publish")
	for _, id := range []string{h.embargoed.ID, h.withdrawn.ID} {
		h.clips[id] = map[string]string{"viewer": "none"}
		for name, c := range h.clients {
			if name != "viewer" {
				h.clips[id][name] = c.clip(t, id)
			}
		}
	}
	for name, c := range h.clients {
		if name != "viewer" {
			for _, id := range []string{h.embargoed.ID, h.withdrawn.ID} {
				c.ask(t, "POST", "/v1/orders", fields{"items": []fields{{"asset_id": id}}}).must(t, 202)
			}
		}
	}
	h.clients["colleague"] = s.person(t, "colleague@example.com", accounts.Professional) // without clips
	for _, asset := range []string{h.embargoed.ID, h.withdrawn.ID} {
		h.clips[asset]["colleague"] = h.clips[asset]["professional"]
	}
	editor := h.clients["editor"]
	until := time.Now().Add(time.Hour).Format(time.RFC3339)
	editor.ask(t, "PATCH", "/v1/assets/"+h.embargoed.ID, fields{"embargo_until": until}).must(t, 200)
	editor.ask(t, "POST", "/v1/assets/"+h.withdrawn.ID+"/withdraw", nil).must(t, 200)
	return h
}

// body is what a route of an asset or a clip takes.
func body(operation, assetID string) any {
	switch operation {
	case "create-clip":
		return cutOf(assetID)
	case "download-asset":
		return fields{}
	case "change-asset":
		return fields{"restrictions": "none"}
	}
	return nil
}

// TestHiddenByEveryRoute asks every route there is as everyone who is no editor. What
// is hidden must be as what does not exist, to the letter, and no answer may hold as
// much as its title.
func TestHiddenByEveryRoute(t *testing.T) {
	h := hide(t)
	keys, tried := h.keys(t), 0
	for _, route := range h.engine.Routes() {
		operation := keyOf(keys, route.Method, route.Path)
		if strings.HasPrefix(route.Path, "/v1/sessions") || route.Path == "/sign-out" {
			continue // nothing is shown there, and it would sign everyone out
		}
		for _, name := range []string{"viewer", "professional", "colleague", "token of an editor"} {
			for state, asset := range map[string]catalog.Asset{"embargoed": h.embargoed, "withdrawn": h.withdrawn} {
				if state == "withdrawn" && operation == "GET /downloads" && name != "viewer" && name != "colleague" {
					continue // TestWithdrawnClips: their own clips tell them
				}
				id := asset.ID
				if strings.HasPrefix(route.Path, "/v1/clips/") {
					if id = h.clips[asset.ID][name]; state == "withdrawn" && name != "viewer" && name != "colleague" {
						continue // TestWithdrawnClips: its owner is told
					}
				}
				ask := func(id string) answer {
					asking := *h.clients[name]
					path := strings.NewReplacer(":id", id, ":track", "1", "*filepath", "portal.css").Replace(route.Path)
					in := body(operation, id)
					if in == nil && route.Method == http.MethodPost {
						in = fields{}
					}
					a := asking.ask(t, route.Method, path, in)
					a.raw = strings.ReplaceAll(a.raw, id, "ID")
					return a
				}
				got := ask(id)
				if operation != "get-me" && strings.Contains(route.Path, ":id") || operation == "create-clip" {
					if missing := ask("missing"); got.status != missing.status || got.raw != missing.raw || got.status < 400 {
						t.Errorf("%s of an asset that is %s, as %s: %d %s, and of none: %d %s", operation, state, name, got.status, got.raw, missing.status, missing.raw)
					}
				}
				for _, secret := range []string{asset.Title, asset.ID, asset.MasterKey, asset.ProxyKey, asset.ProxySound(1)} {
					if strings.Contains(got.raw, secret) {
						t.Errorf("%s as %s, with an asset that is %s, shows %q: %s", operation, name, state, secret, got.raw)
					}
				}
				tried++
			}
		}
	}
	for _, query := range []string{"?q=zebra", "?from=2020-01-01T00:00:00Z", "?limit=200", "?cursor=g"} {
		if a := h.clients["professional"].ask(t, "GET", "/v1/assets"+query, nil).must(t, 200); strings.Contains(a.raw, "Zebra") {
			t.Errorf("%s finds %s", query, a.raw)
		}
	}
	if tried < 150 {
		t.Errorf("only %d requests were tried", tried)
	}
}

// TestEditorsSee has those who publish find everything, and get nothing of what is
// withdrawn either.
func TestEditorsSee(t *testing.T) {
	h := hide(t)
	for _, name := range []string{"editor", "admin", "publishing token"} {
		c := h.clients[name]
		list := c.ask(t, "GET", "/v1/assets?q=zebra", nil).must(t, 200).raw
		page := c.ask(t, "GET", "/", nil).raw
		for _, asset := range []catalog.Asset{h.embargoed, h.withdrawn} {
			if !strings.Contains(list, asset.Title) || !strings.Contains(page, asset.Title) {
				t.Errorf("%s does not find %s", name, asset.Title)
			}
		}
		one := c.ask(t, "GET", "/v1/assets/"+h.embargoed.ID, nil).must(t, 200)
		if one.text("embargo_until") == "" || one.text("proxy_url") == "" {
			t.Errorf("%s sees %s", name, one.raw)
		}
		if a := c.ask(t, "POST", "/v1/assets/"+h.embargoed.ID+"/downloads", fields{}).must(t, 200); a.text("url") == "" {
			t.Errorf("%s gets %s", name, a.raw)
		}
		c.ask(t, "GET", "/v1/clips/"+h.clips[h.embargoed.ID][name], nil).must(t, 200)
		gone := c.ask(t, "GET", "/v1/assets/"+h.withdrawn.ID, nil).must(t, 200)
		if gone.text("withdrawn_at") == "" {
			t.Errorf("%s sees %s", name, gone.raw)
		}
		for _, raw := range []string{list, page, gone.raw} {
			if strings.Contains(raw, h.withdrawn.MasterKey) || strings.Contains(raw, h.withdrawn.ProxyKey) || strings.Contains(raw, h.withdrawn.ProxySound(1)) {
				t.Errorf("%s gets a URL of what is withdrawn: %s", name, raw)
			}
		}
		c.ask(t, "POST", "/v1/assets/"+h.withdrawn.ID+"/downloads", fields{}).must(t, 409)
		c.ask(t, "POST", "/v1/clips", cutOf(h.withdrawn.ID)).must(t, 409)
	}
}

// TestWithdrawnClips looks at clips that were ready before their asset was withdrawn:
// they say so, on every way to them, and give no URL; not even after it is back.
func TestWithdrawnClips(t *testing.T) {
	h := hide(t)
	editor := h.clients["editor"]
	looks := func() {
		for name, id := range h.clips[h.withdrawn.ID] {
			c := h.clients[name]
			if name == "viewer" || name == "colleague" {
				continue
			}
			a := c.ask(t, "GET", "/v1/clips/"+id, nil).must(t, 200)
			if a.text("status") != "cancelled" || !strings.Contains(a.text("reason"), "withdrawn") {
				t.Errorf("%s sees %s", name, a.raw)
			}
			events := c.ask(t, "GET", "/v1/clips/"+id+"/events", nil)
			if events.status != 200 || !strings.Contains(events.raw, "cancelled") {
				t.Errorf("%s hears %s", name, events.raw)
			}
			page := c.ask(t, "GET", "/downloads", nil)
			if isToken := strings.Contains(name, "token"); isToken {
				page.must(t, http.StatusForbidden) // pages are for who signed in
			} else if !strings.Contains(page.raw, "withdrawn by its publisher") {
				t.Errorf("%s is not told by the page", name)
			}
			for _, raw := range []string{a.raw, events.raw, page.raw} {
				if strings.Contains(raw, "/1.mp4?") && strings.Contains(raw, h.jobOf(t, id)) {
					t.Errorf("%s gets a URL: %s", name, raw)
				}
			}
		}
	}
	looks()
	if a := editor.ask(t, "POST", "/v1/assets/"+h.withdrawn.ID+"/restore", nil).must(t, 200); a.text("withdrawn_at") != "" || a.text("proxy_url") == "" {
		t.Errorf("restored: %s", a.raw)
	}
	looks()
	professional := h.clients["professional"]
	professional.clip(t, h.withdrawn.ID)
	professional.ask(t, "DELETE", "/v1/clips/"+h.clips[h.withdrawn.ID]["professional"], nil).must(t, 204)
}

func (s *site) jobOf(t *testing.T, clipID string) string {
	t.Helper()
	var row catalog.Clip
	check(t, s.parts.DB.NewSelect().Model(&row).Where("clip.id = ?", clipID).Scan(t.Context()))
	return row.JobID
}

// TestWithdrawWhileWaiting withdraws an asset under a request that waits for its clip.
func TestWithdrawWhileWaiting(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	professional, editor := s.person(t, "p@example.com", accounts.Professional), s.person(t, "e@example.com", accounts.Editor)
	answers := make(chan answer, 2)
	go func() { answers <- professional.ask(t, "POST", "/v1/clips", cutOf(asset.ID), "Prefer", "wait=60") }()
	go func() {
		answers <- professional.ask(t, "POST", "/v1/assets/"+asset.ID+"/downloads", fields{"format": "h264-360p"}, "Prefer", "wait=60")
	}()
	for waiting := 0; waiting < 2; {
		counts, err := s.catalog.JobCounts(t.Context())
		check(t, err)
		waiting = counts[catalog.JobClip][catalog.JobQueued] + counts[catalog.JobRendition][catalog.JobQueued]
	}
	editor.ask(t, "POST", "/v1/assets/"+asset.ID+"/withdraw", nil).must(t, 200)
	for range 2 {
		a := <-answers
		if !strings.Contains(a.raw, "withdrawn") || strings.Contains(a.raw, "X-Amz") || (a.status != 409 && a.text("status") != "cancelled") {
			t.Errorf("the answer is %d %s", a.status, a.raw)
		}
	}
}

func TestChangeAsset(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	editor, stranger := s.person(t, "e@example.com", accounts.Editor), &client{site: s}
	path := "/v1/assets/" + asset.ID
	for _, in := range []any{
		fields{"status": "failed"},
		fields{"master_key": "masters/other"},
		fields{"withdrawn_at": nil},
		fields{"id": "x"},
		fields{"title": ""},
		fields{"title": "  "},
		fields{"title": nil, "owner_id": "x"},
		fields{"title": strings.Repeat("x", 501)},
		fields{"embargo_until": "tomorrow"},
		fields{"embargo_until": 5},
		fields{"restrictions": 7},
		"[]",
	} {
		editor.ask(t, "PATCH", path, in).must(t, 422)
	}
	if got := stranger.ask(t, "GET", path, nil).must(t, 200); got.text("title") != "Film" || got.text("status") != "ready" {
		t.Errorf("after refused changes: %s", got.raw)
	}
	a := editor.ask(t, "PATCH", path, fields{"title": "Other", "restrictions": "No archive", "embargo_until": "2100-01-01T02:00:00+02:00"}).must(t, 200)
	if a.text("title") != "Other" || a.text("restrictions") != "No archive" || a.text("embargo_until") != "2100-01-01T00:00:00Z" {
		t.Errorf("changed: %s", a.raw)
	}
	stranger.ask(t, "GET", path, nil).must(t, 404)
	editor.ask(t, "PATCH", path, fields{"restrictions": ""}).must(t, 200)
	stranger.ask(t, "GET", path, nil).must(t, 404)
	editor.ask(t, "PATCH", path, fields{"embargo_until": nil}).must(t, 200)
	if got := stranger.ask(t, "GET", path, nil).must(t, 200); got.text("title") != "Other" || got.text("restrictions") != "" {
		t.Errorf("after the embargo: %s", got.raw)
	}
	record, err := s.accounts.Audit(t.Context(), "", "", 10)
	check(t, err)
	changes := 0
	for _, entry := range record {
		if entry.Action == assetChanged && entry.Object == asset.ID && entry.ActorID != "" {
			changes++
		}
	}
	if changes != 3 {
		t.Errorf("%d changes are on record", changes)
	}
	upload := editor.ask(t, "POST", "/v1/uploads", fields{
		"title": "New", "filename": "a.mp4", "size": 10, "restrictions": "No archive", "embargo_until": "2100-01-01T00:00:00Z",
	}).must(t, 201)
	var row catalog.Upload
	check(t, s.parts.DB.NewSelect().Model(&row).Where("id = ?", upload.text("id")).Scan(t.Context()))
	if row.Restrictions != "No archive" || row.EmbargoUntil.Year() != 2100 {
		t.Errorf("the upload is %+v", row)
	}
}

// TestRestrictions finds the restrictions in all that delivers an asset.
func TestRestrictions(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	editor, professional := s.person(t, "e@example.com", accounts.Editor), s.person(t, "p@example.com", accounts.Professional)
	const words = "No use in <France>"
	editor.ask(t, "PATCH", "/v1/assets/"+asset.ID, fields{"restrictions": words}).must(t, 200)
	clip := professional.clip(t, asset.ID)
	for _, a := range []answer{
		professional.ask(t, "GET", "/v1/assets/"+asset.ID, nil).must(t, 200),
		professional.ask(t, "POST", "/v1/assets/"+asset.ID+"/downloads", fields{}).must(t, 200),
		professional.ask(t, "POST", "/v1/assets/"+asset.ID+"/downloads", fields{"format": "h264-360p"}).must(t, 202),
		professional.ask(t, "GET", "/v1/clips/"+clip, nil).must(t, 200),
	} {
		if a.text("restrictions") != words {
			t.Errorf("they are not in %s", a.raw)
		}
	}
	for _, path := range []string{"/assets/" + asset.ID, "/downloads"} {
		if page := professional.ask(t, "GET", path, nil); strings.Count(page.raw, "No use in &lt;France&gt;") != 1 {
			t.Errorf("the page %s shows them %d times", path, strings.Count(page.raw, "No use in &lt;France&gt;"))
		}
	}
}

// TestDescription says all there is to say of an asset, and finds it by that.
func TestDescription(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Zebra one")
	editor, stranger := s.person(t, "editor@example.com", accounts.Editor), &client{site: s}
	path := "/v1/assets/" + asset.ID
	about := fields{
		"description": "A river", "language": "fr", "keywords": []string{"water"}, "people": []string{"Ann Example"}, "places": []string{"Genève"}, "shot_on": "2026-11-20",
	}
	a := editor.ask(t, "PATCH", path, about).must(t, 200)
	if a.text("description") != "A river" || a.text("shot_on") != "2026-11-20" || !strings.Contains(a.raw, `"people":["Ann Example"]`) {
		t.Errorf("changed, it is %s", a.raw)
	}
	for query, found := range map[string]bool{
		"q=geneve+ann": true, "q=wat&lang=fr&format=sd": true, "format=h264": true, "q=%22ann+example%22": true, "q=%22example+ann%22": false,
		"format=uhd": false, "lang=en": false, "topic=politics": false, "q=%22": false, "q=zebra&from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z": false,
	} {
		if a := stranger.ask(t, "GET", "/v1/assets?"+query, nil).must(t, 200); strings.Contains(a.raw, asset.ID) != found {
			t.Errorf("%s gives %s", query, a.raw)
		}
	}
	for field, body := range map[string]fields{
		"topics[0]": {"topics": []string{"sports"}}, "shot_on": {"shot_on": "yesterday"}, "title": {"title": " "},
		"people[0]": {"people": []string{strings.Repeat("x", 201)}},
	} {
		if a := editor.ask(t, "PATCH", path, body).must(t, 422); !strings.Contains(a.raw, field) {
			t.Errorf("%v gives %s", body, a.raw)
		}
	}
}
