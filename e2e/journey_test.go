package e2e

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
)

// journey is what a newsroom does, on whatever the service runs on: upload,
// look, download all, download parts.
func journey(t *testing.T, s *service) {
	asset := s.ingest(tools.short, "Arrivée à l'aéroport / été")

	t.Run("asset", func(t *testing.T) {
		a := s.ask(http.MethodGet, "/v1/assets/"+asset, nil).must(t, http.StatusOK)
		source, _ := a.body["source"].(map[string]any)
		tc, _ := source["timecode"].(map[string]any)
		if tc["rate"] != "25" || tc["start"] != "10:00:00:00" || source["frames"] != float64(shortFrames) {
			t.Errorf("wrong facts: %v", source)
		}
		proxy, _ := fetch(t, a.text("proxy_url"))
		mustShow(t, proxy, 0, shortFrames)
		if poster, header := fetch(t, a.text("poster_url")); header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("the poster %s is %s", poster, header.Get("Content-Type"))
		}
		list := s.ask(http.MethodGet, "/v1/assets?q=ARRIV", nil).must(t, http.StatusOK)
		if !strings.Contains(list.raw, asset) {
			t.Error("the asset is not found by a word of its title")
		}
	})
	t.Run("full download", func(t *testing.T) {
		a := s.ask(http.MethodPost, "/v1/assets/"+asset+"/downloads", map[string]string{}).must(t, http.StatusOK)
		path, header := fetch(t, a.text("url"))
		if fileSum(t, path) != fileSum(t, tools.short) {
			t.Error("the master is not what was uploaded")
		}
		disposition := header.Get("Content-Disposition")
		if !strings.Contains(disposition, `filename="Arrivee-a-l-aeroport-ete.mp4"`) || !strings.Contains(disposition, "filename*=UTF-8''Arriv%C3%A9e") {
			t.Errorf("Content-Disposition is %s", disposition)
		}
	})
	t.Run("rendition", func(t *testing.T) {
		body := map[string]string{"format": "h264-360p"}
		a := s.ask(http.MethodPost, "/v1/assets/"+asset+"/downloads", body, "Prefer", "wait=60").must(t, http.StatusOK)
		path, _ := fetch(t, a.text("url"))
		mustShow(t, path, 0, shortFrames)
		again := s.ask(http.MethodPost, "/v1/assets/"+asset+"/downloads", body).must(t, http.StatusOK)
		if object(again.text("url")) != object(a.text("url")) {
			t.Error("the rendition was made twice")
		}
	})
	t.Run("clip", func(t *testing.T) {
		a := s.clip(asset, nil, "10:00:02:05", "10:00:05:10")
		path, _ := fetch(t, a.text("url"))
		mustShow(t, path, 55, 135)
		report, _ := a.body["report"].(map[string]any)
		if report["frames"] != 80.0 || report["sha256"] != fileSum(t, path) {
			t.Errorf("the report does not fit the file: %v", report)
		}
		again := s.clip(asset, nil, "2.2", "0:05.4")
		if object(again.text("url")) != object(a.text("url")) {
			t.Error("the same clip was made twice")
		}
		if again.text("id") == a.text("id") {
			t.Error("two requests share one clip, so that one could cancel the other's")
		}
	})
	t.Run("ranges", func(t *testing.T) {
		a := s.clip(asset, nil, "10:00:06:00", "10:00:07:00", "10:00:00:00", "10:00:00:01", "10:00:06:00", "10:00:07:00")
		path, _ := fetch(t, a.text("url"))
		mustShow(t, path, 150, 175, 0, 1, 150, 175)
		apart := s.clip(asset, map[string]any{"join": false}, "10:00:01:00", "10:00:02:00", "10:00:03:00", "10:00:04:00")
		files, _ := apart.body["files"].([]any)
		if len(files) != 2 {
			t.Fatalf("there are %d files, not 2", len(files))
		}
		for i, f := range files {
			file, _ := f.(map[string]any)
			url, _ := file["url"].(string)
			path, _ := fetch(t, url)
			mustShow(t, path, 25+50*i, 50+50*i)
		}
	})
	t.Run("idempotency", func(t *testing.T) { idempotency(t, s, asset) })
	t.Run("events", func(t *testing.T) { events(t, s, asset) })
	t.Run("bad input", func(t *testing.T) { badInput(t, s, asset) })
	t.Run("bad media", func(t *testing.T) { badMedia(t, s) })
}

// object is the part of a signed URL that names the object.
func object(url string) string {
	name, _, _ := strings.Cut(url, "?")
	return name
}

func fileSum(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func idempotency(t *testing.T, s *service, asset string) {
	body := clipBody(asset, nil, "10:00:01:01", "10:00:01:11")
	first := s.ask(http.MethodPost, "/v1/clips", body, "Idempotency-Key", t.Name()+asset).must(t, http.StatusAccepted)
	second := s.ask(http.MethodPost, "/v1/clips", body, "Idempotency-Key", t.Name()+asset, "Prefer", "wait=60").must(t, http.StatusCreated)
	if first.text("id") != second.text("id") || first.header.Get("Location") != "/v1/clips/"+first.text("id") {
		t.Errorf("one key made two clips: %s and %s", first.text("id"), second.text("id"))
	}
	other := clipBody(asset, nil, "10:00:01:01", "10:00:01:12")
	s.ask(http.MethodPost, "/v1/clips", other, "Idempotency-Key", t.Name()+asset).must(t, http.StatusUnprocessableEntity)
}

// events follows a clip and checks that its progress only grows and ends ready.
func events(t *testing.T, s *service, asset string) {
	a := s.ask(http.MethodPost, "/v1/clips", clipBody(asset, nil, "10:00:00:03", "10:00:07:20")).must(t, http.StatusAccepted)
	req, err := http.NewRequest(http.MethodGet, s.url+a.header.Get("Location")+"/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var last struct {
		Status   string
		Progress float64
		URL      string
	}
	progress := 0.0
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		if err := json.Unmarshal([]byte(data), &last); err != nil {
			t.Fatal(err)
		}
		if last.Progress < progress {
			t.Errorf("progress falls from %v to %v", progress, last.Progress)
		}
		progress = last.Progress
	}
	if last.Status != "ready" || last.Progress != 1 || last.URL == "" {
		t.Errorf("the events end with %+v", last)
	}
}
