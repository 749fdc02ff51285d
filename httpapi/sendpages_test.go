package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/storage"
)

// sendForms are the forms of a page that send a file to the store, by the upload's id.
func sendForms(page string) map[string]map[string]string {
	forms := map[string]map[string]string{}
	for _, form := range regexp.MustCompile(`(?s)<form method="post" action="(http[^"]*)" enctype="multipart/form-data">(.*?)</form>`).FindAllStringSubmatch(page, -1) {
		fields := map[string]string{"": html.UnescapeString(form[1])}
		for _, f := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(form[2], -1) {
			fields[html.UnescapeString(f[1])] = html.UnescapeString(f[2])
		}
		forms[strings.Split(fields["key"], "/")[1]] = fields
	}
	return forms
}

// send posts a file to the store as the browser does, and returns where that leads.
func (r *reader) sendFile(t *testing.T, fields map[string]string, content string) string {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if name != "" {
			check(t, form.WriteField(name, value))
		}
	}
	part, err := form.CreateFormFile("file", "any.mov")
	check(t, err)
	_, err = part.Write([]byte(content))
	check(t, errors.Join(err, form.Close()))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, fields[""], &body)
	check(t, err)
	req.Header.Set("Content-Type", form.FormDataContentType())
	res, err := r.http.Do(req)
	check(t, err)
	check(t, res.Body.Close())
	to, err := url.Parse(res.Header.Get("Location"))
	check(t, err)
	if res.StatusCode != http.StatusSeeOther || to.Host != "press.example" {
		t.Fatalf("the store leads to %s: %d", to, res.StatusCode)
	}
	return to.RequestURI()
}

// TestChangedUploadForm begins other uploads by a form that was sent before, as by a browser's
// Back, and shows them all.
func TestChangedUploadForm(t *testing.T) {
	s := start(t, Config{})
	r, _ := s.edits(t)
	r.post(t, "/desk/upload", "key", "k", "files", "a.mov").leads(t, "/desk/upload")
	form := []string{"key", "k", "files", "a.mov"}
	for i := range 29 {
		form = append(form, "files", fmt.Sprintf("b%d.mov", i/2))
	}
	r.post(t, "/desk/upload", form...).leads(t, "/desk/upload")
	if forms := sendForms(r.get(t, "/desk/upload").raw); len(forms) != 30 {
		t.Errorf("%d files can be sent, want 30", len(forms))
	}
}

// TestUploadWithoutScript begins two uploads, of which one file is sent twice, and finishes
// them as the store leads back.
func TestUploadWithoutScript(t *testing.T) {
	s := start(t, Config{})
	r, editor := s.edits(t)
	s.person(t, "o@example.com", accounts.Editor)
	other := s.reads(t)
	other.post(t, "/sign-in", "email", "o@example.com", "password", password).leads(t, "/")
	if a := r.post(t, "/desk/upload", "files", ""); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.raw, `id="chosen-wrong"`) {
		t.Errorf("no file at all is %d: %s", a.status, a.raw)
	}
	wrong := r.post(t, "/desk/upload", "files", "a.mov", "language", strings.Repeat("x", 36), "restrictions", "No archive", "keep_back", "yes")
	wrong.beside(t, "language", "")
	has(t, wrong.raw, `value="No archive"`, `name="keep_back" value="9999-01-01T00:00:00Z" checked`)
	if forms := sendForms(r.get(t, "/desk/upload").raw); len(forms) != 0 {
		t.Errorf("what was refused has begun: %v", forms)
	}
	for range 2 { // pressed twice
		r.post(t, "/desk/upload", "key", "k", "files", "Arrivée_Genève.MOV", "files", `C:\rushes\b.mxf`, "restrictions", "No archive", "keep_back", "yes", "language", "fr").leads(t, "/desk/upload")
	}
	page := r.get(t, "/desk/upload").must(t, http.StatusOK)
	store, _ := url.Parse(s.storeAddress(t))
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' "+store.Scheme+"://"+store.Host+";") {
		t.Errorf("the page may send forms to %s", policy)
	}
	if policy := r.get(t, "/desk").header.Get("Content-Security-Policy"); strings.Contains(policy, "form-action 'self' ") {
		t.Errorf("another page may send forms to %s", policy)
	}
	forms := sendForms(page.raw)
	if len(forms) != 2 || !strings.Contains(page.raw, "Arrivée Genève") || !strings.Contains(page.raw, "<h3>b</h3>") {
		t.Fatalf("the forms are %v: %s", forms, page.raw)
	}
	if forms := sendForms(other.get(t, "/desk/upload").raw); len(forms) != 0 {
		t.Errorf("somebody else may send %v", forms)
	}

	uploads, err := s.catalog.Uploads(t.Context(), editor.ask(t, "GET", "/v1/me", nil).must(t, 200).text("id"))
	check(t, err)
	second, first := uploads[0], uploads[1]
	if a := r.get(t, "/desk/upload/"+first.ID+"/sent"); a.status != http.StatusConflict {
		t.Errorf("before the file has come it is %d: %s", a.status, a.raw)
	}
	back := r.sendFile(t, forms[first.ID], "first try")
	if a := other.get(t, back); a.status != http.StatusNotFound {
		t.Errorf("somebody else finishes it: %d", a.status)
	}
	has(t, r.get(t, "/desk/upload").raw, `action="/desk/upload/`+first.ID+`/sent"`, "have arrived") // the browser was closed
	back = r.sendFile(t, forms[first.ID], "the whole file")
	done := r.send(t, http.MethodGet, back, "", "Sec-Fetch-Site", "cross-site", "Origin", "null") // as the store leads
	assets, _, err := s.catalog.Assets(t.Context(), catalog.AssetQuery{By: catalog.House(), Limit: 10})
	check(t, err)
	if len(assets) != 1 || assets[0].Title != "Arrivée Genève" || assets[0].Size != 14 || assets[0].Restrictions != "No archive" || assets[0].EmbargoUntil.Year() != 9999 || assets[0].Status != catalog.AssetProcessing {
		t.Fatalf("the assets are %+v: %s", assets, done.raw)
	}
	asset := assets[0]
	done.leads(t, "/desk/upload?sent="+asset.ID)
	further := r.send(t, http.MethodGet, done.header.Get("Location"), "", "Sec-Fetch-Site", "cross-site").raw
	if forms := sendForms(further); len(forms) != 1 || forms[second.ID] == nil {
		t.Errorf("where the store leads, these forms are left: %v", forms)
	}
	has(t, further, "Arrivée Genève” has arrived", `href="/desk/assets/`+asset.ID+`"`)
	// The form still works, and must not change the master.
	r.sendFile(t, forms[first.ID], "another file behind it")
	r.get(t, back).leads(t, "/desk/upload?sent="+asset.ID)
	if object, err := s.parts.Store.Stat(t.Context(), asset.MasterKey); err != nil || object.Size != 14 || !strings.HasSuffix(asset.MasterKey, ".mov") {
		t.Errorf("the master is %+v: %v", object, err)
	}
	for _, key := range []string{first.PostedKey(), first.Key} {
		if _, err := s.parts.Store.Stat(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%s is left: %v", key, err)
		}
	}

	r.sendFile(t, forms[second.ID], "never finished")
	r.post(t, "/desk/upload/"+second.ID+"/abort").leads(t, "/desk/upload")
	for object, err := range s.parts.Store.List(t.Context(), catalog.PostedPrefix(second.ID)) {
		t.Errorf("given up, it has left %+v: %v", object, err)
	}
	if a := r.get(t, "/desk/upload/"+second.ID+"/sent"); a.status != http.StatusConflict {
		t.Errorf("given up, it is finished with %d", a.status)
	}
}

func (s *site) storeAddress(t *testing.T) string {
	t.Helper()
	signed, err := s.parts.Store.ViewURL(t.Context(), "a")
	check(t, err)
	return signed.URL
}

// TestPostedUpload has several requests finish the same upload at once, by the API.
func TestPostedUpload(t *testing.T) {
	s := start(t, Config{})
	editor := s.person(t, "e@example.com", accounts.Editor)
	editor.ask(t, "POST", "/v1/uploads", fields{"title": "A", "filename": "a.mov"}).must(t, 422)
	inParts := editor.ask(t, "POST", "/v1/uploads", fields{"title": "A", "filename": "a.mov", "size": 1}).must(t, 201)
	editor.ask(t, "POST", "/v1/uploads/"+inParts.text("id")+"/form", fields{}).must(t, 409)
	path := editor.ask(t, "POST", "/v1/uploads", fields{"title": "A", "filename": "a.mov", "form": true}).must(t, 201).header.Get("Location")
	editor.ask(t, "POST", path+"/form", fields{"redirect_to": "javascript:alert(1)"}).must(t, 422)
	editor.ask(t, "POST", path+"/parts", fields{"numbers": []int{1}}).must(t, 422)
	signed := editor.ask(t, "POST", path+"/form", fields{"redirect_to": "https://press.example/"}).must(t, 200)
	form := map[string]string{"": signed.text("url")}
	for name, value := range signed.body["fields"].(map[string]any) { //nolint:forcetypeassert // the test may panic
		form[name], _ = value.(string)
	}
	s.reads(t).sendFile(t, form, strings.Repeat("x", 6<<20))
	answers := make(chan answer)
	for range 4 {
		go func() { answers <- editor.ask(t, "POST", path+"/complete", nil) }()
	}
	ids := map[string]bool{}
	for range 4 {
		ids[(<-answers).must(t, 201).text("id")] = true
	}
	if len(ids) != 1 {
		t.Errorf("the assets are %v", ids)
	}
	for id := range ids {
		asset, err := s.catalog.Asset(t.Context(), catalog.House(), id)
		check(t, err)
		objects := []string{}
		for object, err := range s.parts.Store.List(t.Context(), catalog.MastersRoot) {
			check(t, err)
			if object.Modified.After(time.Now().Add(-time.Minute)) && object.Size == 6<<20 {
				objects = append(objects, object.Key)
			}
		}
		if len(objects) != 1 || objects[0] != asset.MasterKey {
			t.Errorf("the masters are %v, the asset's %s", objects, asset.MasterKey)
		}
	}
}
