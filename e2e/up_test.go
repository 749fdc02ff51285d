package e2e

import (
	"encoding/json"
	"html"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFirstStart runs the service as `make run` does, takes the signed URL that it
// prints, and finds everything again at the second start.
func TestFirstStart(t *testing.T) {
	dir := t.TempDir()
	s, p := startUp(t, dir)
	signed := regexp.MustCompile(`http://\S+X-Amz-Signature=\w+`)
	eventually(t, "the signed URL is printed", func() bool { return strings.Contains(p.printed(), "without a service") })
	if !strings.Contains(p.printed(), "250 frames") {
		t.Errorf("what was made is not said:\n%s", p.printed())
	}
	path, _ := fetch(t, signed.FindString(p.printed()))
	mustShow(t, path, 750, 1000)

	page := s.send(http.MethodGet, "/", http.NoBody).must(t, http.StatusOK)
	if !strings.Contains(page.raw, "/poster") || !strings.Contains(page.raw, "Subclip sample") {
		t.Error("the page does not show the sample")
	}
	t.Run("local cut", func(t *testing.T) {
		out, report := filepath.Join(t.TempDir(), "c.mp4"), filepath.Join(t.TempDir(), "r.json")
		s.command(0, "cut", filepath.Join(dir, "sample.mp4"), "-o", out, "--in", "10:00:05:00", "--out", "10:00:06:00", "--report", report)
		mustShow(t, out, 125, 150)
		var r struct{ Frames int }
		data, err := os.ReadFile(report)
		if err != nil || json.Unmarshal(data, &r) != nil || r.Frames != 25 {
			t.Errorf("the report says %d frames (%v)", r.Frames, err)
		}
	})
	t.Run("examples of the README", func(t *testing.T) { examples(t, s.url, dir) })
	t.Run("lines of the guide", s.quickStart)
	if code := p.stop(t); code != 0 {
		t.Fatalf("Ctrl-C ends it with code %d:\n%s", code, p.printed())
	}
	if left := childrenOf(t, dir); left != "" {
		t.Errorf("programs are left behind: %s", left)
	}
	again, _ := startUp(t, dir)
	list := again.ask(http.MethodGet, "/v1/assets", nil).must(t, http.StatusOK)
	if assets, _ := list.body["assets"].([]any); len(assets) != 1 {
		t.Errorf("the second start finds %d assets, not 1", len(assets))
	}
}

// examples runs the README's lines as they stand, but for the address and the
// data folder.
func examples(t *testing.T, url, dir string) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "<!-- examples: run by the tests as they stand -->\n```sh\n")
	script, _, ok := strings.Cut(rest, "```\n<!-- end of examples -->")
	if !ok {
		t.Fatal("README.md has no examples")
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", strings.NewReplacer("http://127.0.0.1:8080", url, "data/token", filepath.Join(dir, "token")).Replace(script))
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "ready\n") {
		t.Fatalf("the examples fail: %v\n%s", err, out)
	}
	mustShow(t, filepath.Join(cmd.Dir, "clip.mp4"), 750, 1000)
}

// quickStart runs the lines with which the guide for developers begins, with a token.
func (s *service) quickStart(t *testing.T) {
	guide := s.ask(http.MethodGet, "/developers", nil).must(t, http.StatusOK).raw
	_, rest, _ := strings.Cut(guide, `<code id="quick-start" lang="en">`)
	script, _, ok := strings.Cut(rest, "</code>")
	if !ok {
		t.Fatal("the guide has no lines to begin with")
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", strings.Replace(html.UnescapeString(script), "YOUR-TOKEN", s.token, 1))
	cmd.Dir = t.TempDir()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the lines fail: %v\n%s", err, out)
	}
	mustShow(t, filepath.Join(cmd.Dir, "clip.mp4"), 125, 375)
}

// childrenOf lists the processes whose command line names dir.
func childrenOf(t *testing.T, dir string) string {
	t.Helper()
	out, _ := exec.CommandContext(t.Context(), "pgrep", "-fa", dir).Output()
	return strings.TrimSpace(string(out))
}

// TestUp makes the journey on one machine: SQLite, own Redis, embedded store.
func TestUp(t *testing.T) {
	s, _ := startUp(t, t.TempDir(), "--no-sample")
	journey(t, s)
}

// TestWrongStart checks that what stands in the way of a start is one line that
// says what to do.
func TestWrongStart(t *testing.T) {
	taken := freeAddress(t)
	dir := t.TempDir()
	_, p := startUp(t, dir, "--no-sample")
	busy := strings.TrimPrefix(regexp.MustCompile(`http://[\d.:]+`).FindString(p.printed()), "http://")
	for _, c := range []struct {
		name  string
		code  int
		env   []string
		args  []string
		words string
	}{
		{"port in use", 1, nil, []string{"up", "--no-sample", "--listen", busy, "--data", t.TempDir()}, "choose another address with --listen"},
		{"store's port in use", 1, []string{"SUBCLIP_STORE_LISTEN=" + busy}, []string{"up", "--no-sample", "--listen", taken, "--data", t.TempDir()}, "SUBCLIP_STORE_LISTEN"},
		{"folder in use", 1, nil, []string{"up", "--no-sample", "--listen", taken, "--data", dir}, "another subclip uses"},
		{"no ffmpeg", 1, []string{"PATH=/nowhere"}, []string{"up", "--no-sample", "--listen", taken, "--data", t.TempDir()}, "apt-get install ffmpeg"},
		{"no room", 1, nil, []string{"up", "--no-sample", "--listen", taken, "--data", "/proc/subclip"}, "--data"},
		{"serve without Redis", 1, nil, []string{"serve", "--listen", taken}, "REDIS_URL"},
		{"bad setting", 2, []string{"SUBCLIP_LOG_LEVEL=loud"}, []string{"up", "--listen", taken, "--data", t.TempDir()}, "debug, info, warn or error"},
		{"unknown command", 2, nil, []string{"fly"}, "--help"},
		{"unpaired marks", 2, nil, []string{"cut", tools.short, "-o", "x.mp4", "--in", "1", "--in", "3", "--out", "2"}, "in pairs"},
		{"marks outside", 2, nil, []string{"cut", tools.short, "-o", "x.mp4", "--in", "1", "--out", "100"}, "use 10:00:01:01 to 10:00:08:00"},
		{"no source", 1, nil, []string{"cut", "nothing.mp4", "-o", "x.mp4", "--in", "1", "--out", "2"}, "there is no file nothing.mp4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, code := subclip(t, append([]string{"REDIS_URL="}, c.env...), c.args...)
			if code != c.code || !strings.Contains(out, c.words) {
				t.Errorf("exit code %d, and it says:\n%s", code, out)
			}
			if lines := strings.Count(strings.TrimSpace(out), "\n"); lines > 0 {
				t.Errorf("the error takes %d lines:\n%s", lines+1, out)
			}
		})
	}
}
