package httpapi

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
	"subclip/catalog"
)

// TestKeepingBack keeps a video back on its page until one press publishes it, with what
// was typed beside.
func TestKeepingBack(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, editor := s.edits(t)
	stranger := &client{site: s}
	page, of := "/desk/assets/"+asset.ID, "/v1/assets/"+asset.ID
	if a := r.get(t, page); strings.Contains(a.raw, `value="publish"`) {
		t.Error("what is public can be published")
	}
	r.post(t, page, append(r.get(t, page).opened(t, page), "keep_back", "yes")...).leads(t, page+"?saved=1")
	stranger.ask(t, "GET", of, nil).must(t, 404)
	if a := editor.ask(t, "GET", of, nil).must(t, 200); a.text("published_at") != "" {
		t.Errorf("kept back, it is published at %s", a.text("published_at"))
	}
	if a := r.get(t, "/assets/"+asset.ID); strings.Contains(a.raw, "Published ") {
		t.Error("kept back, its page says that it is published")
	}
	other := s.film(t, "Other film")
	for _, shown := range []string{page, "/desk", "/assets/" + asset.ID, "/desk/upload?replaces=" + asset.ID} {
		a := r.get(t, shown)
		told := "Kept back until it is published"
		if strings.Contains(shown, "upload") {
			told = `value="` + catalog.Unending().Format(time.RFC3339) + `" checked`
		}
		if !strings.Contains(a.raw, told) {
			t.Errorf("%s does not say %s: %s", shown, told, a.raw)
		}
	}
	r.post(t, page, r.get(t, page).opened(t, page, "title", "Film, renamed")...).leads(t, page+"?saved=1")
	stranger.ask(t, "GET", of, nil).must(t, 404)
	r.post(t, page, append(r.get(t, page).opened(t, page, "title", "Film, out"), "then", "publish")...).leads(t, page+"?saved=1")
	if a := stranger.ask(t, "GET", of, nil).must(t, 200); a.text("title") != "Film, out" || a.text("embargo_until") != "" {
		t.Errorf("published, it is %s", a.raw)
	} else if at := a.text("published_at"); at <= other.CreatedAt.Format(time.RFC3339Nano) {
		t.Errorf("it is published at %s, before what came out meanwhile", at)
	} else if shown := stranger.ask(t, "GET", "/assets/"+asset.ID, nil).must(t, 200); !strings.Contains(shown.raw, "Published ") || !strings.Contains(shown.raw, `"uploadDate":"`+at[:len("2026-11-26T10:00:00")]) {
		t.Errorf("its page does not say that it was published at %s: %s", at, shown.raw)
	}
	list := stranger.ask(t, "GET", "/v1/assets", nil).must(t, 200)
	if first, second := strings.Index(list.raw, asset.ID), strings.Index(list.raw, other.ID); first < 0 || first > second {
		t.Errorf("it is not the newest: %s", list.raw)
	}
	editor.ask(t, "PATCH", of, fields{"embargo_until": catalog.Unending().Format(time.RFC3339)}).must(t, 200)
	stranger.ask(t, "GET", of, nil).must(t, 404)
}

// TestStoryBeforeItsVideos publishes a story under embargo whose videos come out before it:
// they are named, and put under the same embargo by one press, but for one whose own is
// longer.
func TestStoryBeforeItsVideos(t *testing.T) {
	s := start(t, Config{})
	public, soon, later := s.film(t, "Public film"), s.film(t, "Soon out"), s.film(t, "Out later")
	r, editor := s.edits(t)
	stranger := &client{site: s}
	day := func(days int) string {
		return time.Now().AddDate(0, 0, days).UTC().Truncate(time.Hour).Format(time.RFC3339)
	}
	editor.ask(t, "PATCH", "/v1/assets/"+soon.ID, fields{"embargo_until": day(1)}).must(t, 200)
	editor.ask(t, "PATCH", "/v1/assets/"+later.ID, fields{"embargo_until": day(9)}).must(t, 200)
	story := editor.told(t, false, fields{"texts": texts("en", "Tale"), "embargo_until": day(3), "asset_ids": []string{public.ID, soon.ID, later.ID}})
	page := "/desk/stories/" + story.text("id")
	r.post(t, page, append(r.get(t, page).opened(t, page), "then", "publish")...).leads(t, page+"?said=published")
	_, list, _ := strings.Cut(r.get(t, page+"?said=published").raw, `id="earlier"`)
	list, _, named := strings.Cut(list, "</ul>")
	if !named || !strings.Contains(list, "Public film</a> – everyone sees it already") || !strings.Contains(list, "Soon out</a> – Embargo until") || strings.Contains(list, later.ID) {
		t.Errorf("named are %s", list)
	}
	r.post(t, page, append(r.get(t, page).opened(t, page), "then", "embargo")...).leads(t, page+"?said=embargoed")
	stranger.ask(t, "GET", "/v1/assets/"+public.ID, nil).must(t, 404)
	for id, want := range map[string]string{public.ID: day(3), soon.ID: day(3), later.ID: day(9)} {
		if a := editor.ask(t, "GET", "/v1/assets/"+id, nil); a.text("embargo_until") != want {
			t.Errorf("%s is under embargo until %s, not %s", a.text("title"), a.text("embargo_until"), want)
		}
	}
	if a := r.get(t, page); strings.Contains(a.raw, `id="earlier"`) {
		t.Error("videos that are under the same embargo are named")
	}
}

// TestTopicOfferedNoLonger saves what has a topic that is no longer offered: it is kept
// until somebody unticks it, and nothing else gets it.
func TestTopicOfferedNoLonger(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	r, editor := s.edits(t)
	story := editor.told(t, false, fields{"texts": texts("en", "Tale"), "topics": []string{"culture"}})
	editor.ask(t, "PATCH", "/v1/assets/"+asset.ID, fields{"topics": []string{"culture"}}).must(t, 200)
	for _, table := range []string{"assets", "stories"} {
		_, err := s.parts.DB.NewUpdate().Table(table).Set(`topics = '["culture","weather"]'`).Where("1 = 1").Exec(t.Context())
		check(t, err)
	}
	for _, of := range []struct{ page, api, field string }{
		{"/desk/assets/" + asset.ID, "/v1/assets/" + asset.ID, "title"},
		{"/desk/stories/" + story.text("id"), "/v1/stories/" + story.text("id"), "place"},
	} {
		a := r.get(t, of.page)
		if !strings.Contains(a.raw, "(no longer offered)") {
			t.Errorf("%s does not mark what is no longer offered", of.page)
		}
		if saved := r.post(t, of.page, a.opened(t, of.page, of.field, "Other")...); saved.status != http.StatusSeeOther {
			t.Fatalf("%s answers %d: %s", of.page, saved.status, saved.raw)
		}
		if now := editor.ask(t, "GET", of.api, nil).must(t, 200); !strings.Contains(now.raw, `"topics":["culture","weather"]`) || now.text(of.field) != "Other" {
			t.Errorf("saved, it is %s", now.raw)
		}
		editor.ask(t, "PATCH", of.api, fields{"topics": []string{"culture"}}).must(t, 200)
		editor.ask(t, "PATCH", of.api, fields{"topics": []string{"weather"}}).must(t, 422)
	}
}

// TestTryingAgain begins a step again from the admins' page, where its failure stands.
func TestTryingAgain(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	s.person(t, "admin@example.com", accounts.Admin)
	r := s.reads(t)
	r.post(t, "/sign-in", "email", "admin@example.com", "password", password).leads(t, "/")
	var waiting catalog.Job
	check(t, s.parts.DB.NewSelect().Model(&waiting).Where("asset_id = ? AND kind = ?", asset.ID, catalog.JobStoryboard).Scan(t.Context()))
	job := s.claim(t, waiting)
	check(t, s.catalog.Fail(t.Context(), &job, "no pictures came out"))
	const path = "/admin/jobs"
	r.post(t, path, "job", waiting.ID).leads(t, "/admin#queue")
	check(t, s.parts.DB.NewSelect().Model(&job).WherePK().Scan(t.Context()))
	if job.Status != catalog.JobQueued || job.Attempt != waiting.Attempt+1 {
		t.Errorf("the step is %s in attempt %d", job.Status, job.Attempt)
	}
	if a := r.get(t, "/admin"); strings.Contains(a.raw, path) {
		t.Error("what has begun again can be tried again")
	}

	s.person(t, "zoe@example.com", accounts.Professional)
	zoe, admin := s.signedIn(t, "zoe@example.com"), s.signedIn(t, "admin@example.com")
	clip := zoe.ask(t, "POST", "/v1/clips", fields{"asset_id": asset.ID, "ranges": []fields{{"in": "1", "out": "2"}}}).must(t, 202).text("id")
	var cut catalog.Job
	check(t, s.parts.DB.NewSelect().Model(&cut).Where("kind = ?", catalog.JobClip).Scan(t.Context()))
	job = s.claim(t, cut)
	check(t, s.catalog.Fail(t.Context(), &job, "the store is full"))
	if a := r.get(t, "/admin"); !strings.Contains(a.raw, `name="job" value="`+cut.ID+`"`) {
		t.Errorf("a failed clip cannot be tried again: %s", a.raw)
	}
	failures := items(admin.ask(t, "GET", "/v1/jobs/failed", nil).must(t, 200), "jobs")
	if len(failures) != 1 || failures[0]["id"] != cut.ID || failures[0]["reason"] != "the store is full" {
		t.Errorf("failed are %v", failures)
	}
	key := []string{"Idempotency-Key", "again"}
	for range 2 {
		admin.ask(t, "POST", "/v1/jobs/"+cut.ID+"/retry", nil, key...).must(t, 202)
	}
	admin.ask(t, "POST", "/v1/jobs/"+cut.ID+"/retry", nil).must(t, 409)
	admin.ask(t, "POST", "/v1/jobs/none/retry", nil).must(t, 404)
	zoe.ask(t, "POST", "/v1/jobs/"+cut.ID+"/retry", nil).must(t, 403)
	if status := zoe.ask(t, "GET", "/v1/clips/"+clip, nil).must(t, 200).text("status"); status != "queued" {
		t.Errorf("the clip is %s", status)
	}
	if a := r.post(t, path, "job", cut.ID); a.status != http.StatusConflict {
		t.Errorf("what has not failed is begun again: %d", a.status)
	}
	if entries := admin.ask(t, "GET", "/v1/audit", nil).must(t, 200).raw; strings.Count(entries, "job-retried") < 2 {
		t.Errorf("the record is %s", entries)
	}
}
