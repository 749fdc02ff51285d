package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// badInput sends what can never work and checks that the answer names the field
// and says what would do.
func badInput(t *testing.T, s *service, asset string) {
	for _, c := range []struct {
		name, in, out   string
		location, words string
	}{
		{"reversed", "10:00:05:00", "10:00:04:00", "body.ranges[0].out", "use 10:00:05:01 to 10:00:08:00"},
		{"equal", "10:00:05:00", "10:00:05:00", "body.ranges[0].out", "use 10:00:05:01 to 10:00:08:00"},
		{"in outside", "10:00:08:00", "10:00:09:00", "body.ranges[0].in", "use 10:00:00:00 to 10:00:07:24"},
		{"out outside", "10:00:07:00", "10:00:08:01", "body.ranges[0].out", "use 10:00:07:01 to 10:00:08:00"},
		{"before the start", "09:59:59:24", "10:00:01:00", "body.ranges[0].in", "use 10:00:00:00 to 10:00:07:24"},
		{"not a timecode", "soon", "10:00:01:00", "body.ranges[0].in", "HH:MM:SS:FF"},
		{"drop-frame mark", "10:00:01;00", "10:00:02:00", "body.ranges[0].in", "write 10:00:01:00"},
		{"no such frame", "10:00:01:00", "10:00:01:25", "body.ranges[0].out", "use 00 to 24"},
		{"control characters", "10:00:01:0\x00", "10:00:02:00", "body.ranges[0].in", ""},
		{"too long", strings.Repeat("1", 40), "10:00:02:00", "body.ranges[0].in", "32"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.ask(http.MethodPost, "/v1/clips", clipBody(asset, nil, c.in, c.out)).must(t, http.StatusUnprocessableEntity)
			mustBeProblem(t, a)
			if !strings.Contains(a.raw, `"location":"`+c.location+`"`) || !strings.Contains(a.raw, c.words) {
				t.Errorf("the answer does not name %s and %q: %s", c.location, c.words, a.raw)
			}
		})
	}
	good := clipBody(asset, nil, "1", "2")
	for _, c := range []struct {
		name   string
		status int
		answer func() answer
	}{
		{"unknown asset", 404, func() answer { return s.ask("POST", "/v1/clips", clipBody("none", nil, "1", "2")) }},
		{"unknown clip", 404, func() answer { return s.ask("GET", "/v1/clips/none", nil) }},
		{"unknown clip deleted", 404, func() answer { return s.ask("DELETE", "/v1/clips/none", nil) }},
		{"unknown upload", 404, func() answer { return s.ask("GET", "/v1/uploads/none", nil) }},
		{"unknown asset's download", 404, func() answer { return s.ask("POST", "/v1/assets/none/downloads", map[string]string{}) }},
		{"unknown address", 404, func() answer { return s.ask("GET", "/v2/clips", nil) }},
		{"wrong method", 405, func() answer { return s.ask("PUT", "/v1/clips", good) }},
		{"no ranges", 422, func() answer { return s.ask("POST", "/v1/clips", clipBody(asset, nil)) }},
		{"unknown format", 422, func() answer {
			return s.ask("POST", "/v1/clips", clipBody(asset, map[string]any{"format": "vhs"}, "1", "2"))
		}},
		{"unknown sound", 422, func() answer {
			return s.ask("POST", "/v1/clips", clipBody(asset, map[string]any{"audio": []int{9}}, "1", "2"))
		}},
		{"unknown field", 422, func() answer {
			return s.ask("POST", "/v1/clips", clipBody(asset, map[string]any{"speed": 2}, "1", "2"))
		}},
		{"too many ranges", 422, func() answer {
			return s.ask("POST", "/v1/clips", clipBody(asset, nil, strings.Fields(strings.Repeat("1 2 ", 51))...))
		}},
		{"empty upload", 422, func() answer {
			return s.ask("POST", "/v1/uploads", map[string]any{"title": "x", "filename": "x.mp4", "size": 0})
		}},
		{"broken JSON", 400, func() answer {
			return s.send("POST", "/v1/clips", strings.NewReader(`{"asset_id":`), "Content-Type", "application/json")
		}},
		{"wrong content type", 415, func() answer {
			return s.send("POST", "/v1/clips", strings.NewReader("asset_id=1"), "Content-Type", "application/x-www-form-urlencoded")
		}},
		{"large body", 413, func() answer {
			return s.send("POST", "/v1/clips", strings.NewReader(strings.Repeat(" ", 2<<20)), "Content-Type", "application/json")
		}},
		{"another site's page", 403, func() answer {
			return s.ask("POST", "/v1/clips", good, "Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.example")
		}},
		{"bad date", 422, func() answer { return s.ask("GET", "/v1/assets?from=yesterday", nil) }},
	} {
		t.Run(c.name, func(t *testing.T) { mustBeProblem(t, c.answer().must(t, c.status)) })
	}
}

func mustBeProblem(t *testing.T, a answer) {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("the error is %s, not application/problem+json", got)
	}
	if a.text("detail") == "" || a.body["status"] != float64(a.status) {
		t.Errorf("the problem lacks its detail or status: %s", a.raw)
	}
}

// badMedia uploads a text file called .mp4: its asset fails with a reason and
// nothing else is disturbed.
func badMedia(t *testing.T, s *service) {
	path := filepath.Join(t.TempDir(), "notes.mp4")
	if err := os.WriteFile(path, []byte(strings.Repeat("These are not pictures.\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	out := s.command(1, "ingest", path, "--title", "Notes", "--server", s.url)
	if !strings.Contains(out, "not video") {
		t.Errorf("the reason is missing: %s", out)
	}
	list := s.ask(http.MethodGet, "/v1/assets?q=Notes", nil).must(t, http.StatusOK)
	assets, _ := list.body["assets"].([]any)
	if len(assets) == 0 {
		t.Fatal("the refused asset is gone")
	}
	asset, _ := assets[0].(map[string]any)
	if asset["status"] != "failed" || asset["reason"] == "" {
		t.Errorf("the asset is %v: %v", asset["status"], asset["reason"])
	}
	id, _ := asset["id"].(string)
	mustBeProblem(t, s.ask(http.MethodPost, "/v1/clips", clipBody(id, nil, "1", "2")).must(t, http.StatusConflict))
}
