package httpapi

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
	"subclip/catalog"
)

// withAids gives a film the aids that it would have, whose files lie in the store.
func (s *site) withAids(t *testing.T, film *catalog.Asset) {
	t.Helper()
	finish := func(step catalog.JobKind, made catalog.Made, files ...string) {
		t.Helper()
		var waiting catalog.Job
		check(t, s.parts.DB.NewSelect().Model(&waiting).Where("asset_id = ? AND kind = ?", film.ID, step).Scan(t.Context()))
		job := s.claim(t, waiting)
		for _, key := range files {
			path := filepath.Join(t.TempDir(), "file")
			check(t, os.WriteFile(path, []byte("bytes of "+key), 0o600))
			check(t, s.parts.Store.Upload(t.Context(), key, path, "application/octet-stream"))
		}
		check(t, s.catalog.FinishStep(t.Context(), &job, made))
	}
	sheet, peaks := "made/"+film.ID+"/1/sheet-0.jpg", "made/"+film.ID+"/1/sound-0.dat"
	finish(catalog.JobStoryboard, catalog.Made{Storyboard: &catalog.Storyboard{
		Sheets: []string{sheet, "made/other"}, Interval: 60.5, Columns: 2, Rows: 2, Width: 320, Height: 180, Count: 5,
	}}, sheet)
	finish(catalog.JobSound, catalog.Made{
		Waveforms: []catalog.Waveform{{Track: 0, Key: peaks, Channels: 1, PerSecond: 100}}, Loudness: []catalog.Loudness{{Integrated: -23, Range: 7.5, TruePeak: -1.5}},
	}, peaks, film.ProxySound(1))
}

const index = `WEBVTT

00:00:00.000 --> 00:01:00.500
storyboard/0.jpg#xywh=0,0,320,180

00:01:00.500 --> 00:02:01.000
storyboard/0.jpg#xywh=320,0,320,180

00:02:01.000 --> 00:03:01.500
storyboard/0.jpg#xywh=0,180,320,180

00:03:01.500 --> 00:04:02.000
storyboard/0.jpg#xywh=320,180,320,180

00:04:02.000 --> 00:05:00.000
storyboard/1.jpg#xywh=0,0,320,180
`

func TestAids(t *testing.T) {
	s := start(t, Config{})
	film := s.film(t, "Film")
	stranger, editor := &client{site: s}, s.person(t, "editor@example.com", accounts.Editor)
	root := "/v1/assets/" + film.ID
	before := stranger.ask(t, "GET", root, nil).must(t, 200)
	if before.body["storyboard"] != nil || !strings.Contains(before.raw, `"waveforms":[]`) || !strings.Contains(before.raw, `"loudness":[]`) {
		t.Errorf("without aids: %s", before.raw)
	}
	for _, path := range []string{"/storyboard.vtt", "/storyboard/0.jpg", "/waveforms/0"} {
		stranger.ask(t, "GET", root+path, nil).must(t, 404)
	}
	s.withAids(t, &film)

	var asset Asset
	check(t, json.Unmarshal([]byte(stranger.ask(t, "GET", root, nil).must(t, 200).raw), &asset))
	if asset.Storyboard == nil || *asset.Storyboard != root+"/storyboard.vtt" || len(asset.Waveforms) != 1 || asset.Waveforms[0] != (Waveform{0, root + "/waveforms/0"}) ||
		len(asset.Loudness) != 1 || asset.Loudness[0] != (catalog.Loudness{Integrated: -23, Range: 7.5, TruePeak: -1.5}) {
		t.Errorf("the aids are %+v", asset)
	}
	if len(asset.Sounds) != 1 || asset.Sounds[0].Track != 1 || !strings.Contains(asset.Sounds[0].URL, film.ProxySound(1)+"?") {
		t.Errorf("the sounds are %+v", asset.Sounds)
	}
	page := "/assets/" + film.ID
	if sound := stranger.ask(t, "GET", page+"/sounds/1", nil).must(t, 200); sound.raw != "bytes of "+film.ProxySound(1) {
		t.Errorf("the sound is %q", sound.raw)
	}
	for _, track := range []string{"0", "2", "-1", "first"} {
		if got := stranger.ask(t, "GET", page+"/sounds/"+track, nil); got.status != 404 {
			t.Errorf("sound %s is %d", track, got.status)
		}
	}
	vtt := stranger.ask(t, "GET", *asset.Storyboard, nil).must(t, 200)
	if vtt.raw != index || !strings.HasPrefix(vtt.header.Get("Content-Type"), "text/vtt") {
		t.Errorf("the index is %s: %s", vtt.header.Get("Content-Type"), vtt.raw)
	}
	peaks := stranger.ask(t, "GET", asset.Waveforms[0].URL, nil).must(t, 200)
	if peaks.raw != "bytes of made/"+film.ID+"/1/sound-0.dat" {
		t.Errorf("the peaks are %q", peaks.raw)
	}
	for path, got := range map[string]answer{*asset.Storyboard: vtt, asset.Waveforms[0].URL: peaks} {
		again := stranger.ask(t, "GET", path, nil, "If-None-Match", got.header.Get("ETag"))
		if got.header.Get("ETag") == "" || !strings.HasPrefix(got.header.Get("Cache-Control"), "private") || again.status != http.StatusNotModified || again.raw != "" {
			t.Errorf("%s: %v, and then %d %q", path, got.header, again.status, again.raw)
		}
	}
	// The client follows to the store, where anyone finds it who holds the URL.
	if sheet := stranger.ask(t, "GET", root+"/storyboard/0.jpg", nil).must(t, 200); sheet.raw != "bytes of made/"+film.ID+"/1/sheet-0.jpg" {
		t.Errorf("the sheet is %q", sheet.raw)
	}
	for _, path := range []string{"/storyboard/2.jpg", "/storyboard/-1.jpg", "/storyboard/0", "/storyboard/x.jpg", "/waveforms/1"} {
		stranger.ask(t, "GET", root+path, nil).must(t, 404)
	}

	tomorrow := time.Now().Add(24 * time.Hour)
	editor.ask(t, "PATCH", root, fields{"embargo_until": tomorrow}).must(t, 200)
	for _, path := range []string{"/storyboard.vtt", "/storyboard/0.jpg", "/waveforms/0"} {
		stranger.ask(t, "GET", root+path, nil).must(t, 404)
		editor.ask(t, "GET", root+path, nil).must(t, 200)
	}
	editor.ask(t, "POST", root+"/withdraw", nil).must(t, 200)
	for _, path := range []string{"/storyboard.vtt", "/storyboard/0.jpg", "/waveforms/0"} {
		editor.ask(t, "GET", root+path, nil).must(t, 404)
	}
}

func TestRestartSteps(t *testing.T) {
	s := start(t, Config{})
	film := s.film(t, "Film")
	editor := s.person(t, "editor@example.com", accounts.Editor)
	root := "/v1/assets/" + film.ID + "/steps"
	statuses := func() map[string]string {
		t.Helper()
		var list struct{ Steps []Step }
		check(t, json.Unmarshal([]byte(editor.ask(t, "GET", root, nil).must(t, 200).raw), &list))
		all := map[string]string{}
		for _, step := range list.Steps {
			all[step.Step] = step.Status
		}
		return all
	}
	if got := statuses(); len(got) != 6 || got["ingest"] != "done" || got["proxy"] != "done" || got["captions"] != "queued" {
		t.Errorf("steps are %v", got)
	}
	key := []string{"Idempotency-Key", "again"}
	if got := editor.ask(t, "POST", root+"/poster", nil, key...).must(t, 202); got.text("step") != "poster" || got.text("status") != "queued" || got.text("at") == "" {
		t.Errorf("the step is %s", got.raw)
	}
	if got := statuses(); got["poster"] != "queued" || got["proxy"] != "done" {
		t.Errorf("steps are %v", got)
	}
	editor.ask(t, "POST", root+"/clip", nil).must(t, 404)
	editor.ask(t, "POST", "/v1/assets/none/steps/poster", nil).must(t, 404)
	editor.ask(t, "GET", "/v1/assets/none/steps", nil).must(t, 404)
}
