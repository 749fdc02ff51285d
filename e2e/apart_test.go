package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// cluster is the service as parts apart, as docker-compose.yml runs it, from
// local processes: PostgreSQL, Redis, versitygw, one API and several workers.
type cluster struct {
	*service
	facts map[string]string // of cluster.env
}

func startCluster(t *testing.T) *cluster {
	t.Helper()
	dir := t.TempDir()
	// PostgreSQL does not run as root, and its own user must reach its folder.
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	script, err := filepath.Abs("../scripts/cluster.sh")
	if err != nil {
		t.Fatal(err)
	}
	p := launch(t, []string{"SUBCLIP_STALE_AFTER=5s"}, script, "--dir", dir, "--bin", tools.binary, "--workers", "2")
	eventually(t, "the cluster is ready", func() bool {
		select {
		case <-p.done:
			t.Fatalf("the cluster ended: %v", p.err)
		default:
		}
		return strings.Contains(p.printed(), "ready: ")
	})
	t.Cleanup(func() {
		p.stop(t)
		if left := childrenOf(t, dir); left != "" {
			t.Errorf("programs are left behind: %s", left)
		}
		if t.Failed() {
			logs, _ := filepath.Glob(filepath.Join(dir, "*.log"))
			for _, log := range logs {
				data, _ := os.ReadFile(log)
				t.Logf("%s:\n%.8000s", filepath.Base(log), data)
			}
		}
	})
	c := &cluster{&service{t: t}, map[string]string{}}
	data, err := os.ReadFile(filepath.Join(dir, "cluster.env"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		c.facts[name] = strings.Trim(value, `"'`)
	}
	c.url = c.facts["API_URL"]
	c.token = c.newToken()
	return c
}

// newToken makes the first editor on the command line, signs in and makes a token,
// as an operator does.
func (c *cluster) newToken() string {
	c.t.Helper()
	const email = "editor@example.com"
	out, code := subclip(c.t, []string{"DATABASE_URL=" + c.facts["DATABASE_URL"]}, "user", "add", "--role", "editor", "--email", email)
	_, password, ok := strings.Cut(strings.TrimSpace(out), "password ")
	if code != 0 || !ok {
		c.t.Fatalf("exit code %d, and no password: %s", code, out)
	}
	in := c.ask(http.MethodPost, "/v1/sessions", map[string]string{"email": email, "password": password}).must(c.t, http.StatusCreated)
	cookie, _, _ := strings.Cut(in.header.Get("Set-Cookie"), ";")
	wanted := map[string]any{"name": "tests", "scopes": []string{"read", "download", "publish"}}
	return c.ask(http.MethodPost, "/v1/tokens", wanted, "Cookie", cookie).must(c.t, http.StatusCreated).text("token")
}

func (c *cluster) workers() []int {
	var pids []int
	for field := range strings.FieldsSeq(c.facts["WORKER_PIDS"]) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			c.t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

// TestApart makes the journey on PostgreSQL, an S3 service and Redis of their own.
func TestApart(t *testing.T) {
	c := startCluster(t)
	journey(t, c.service)
	long := c.ingest(tools.long, "Long")

	t.Run("tools on objects", func(t *testing.T) { c.toolsOnObjects(t, long) })
	t.Run("Redis forgets everything", func(t *testing.T) {
		for _, pid := range c.workers() {
			signal(t, pid, syscall.SIGSTOP)
		}
		var locations []string
		for i := range 3 {
			in := fmt.Sprintf("10:00:%02d:07", i)
			out := fmt.Sprintf("10:00:%02d:19", i)
			a := c.ask(http.MethodPost, "/v1/clips", clipBody(long, nil, in, out)).must(t, http.StatusAccepted)
			locations = append(locations, a.header.Get("Location"))
		}
		if out, err := exec.CommandContext(t.Context(), "redis-cli", "-u", c.facts["REDIS_URL"], "FLUSHALL").CombinedOutput(); err != nil {
			t.Fatalf("flush Redis: %v: %s", err, out)
		}
		for _, pid := range c.workers() {
			signal(t, pid, syscall.SIGCONT)
		}
		for i, location := range locations {
			path, _ := fetch(t, c.awaitClip(location).text("url"))
			mustShow(t, path, 25*i+7, 25*i+19)
		}
	})
	t.Run("a worker is killed", func(t *testing.T) {
		a := c.ask(http.MethodPost, "/v1/clips", clipBody(long, map[string]any{"format": "h264-720p"}, "10:00:00:01", "10:00:59:24")).must(t, http.StatusAccepted)
		killed := 0
		eventually(t, "a worker cuts", func() bool {
			for _, pid := range c.workers() {
				if ffmpegOf(t, pid) && c.progress(a.header.Get("Location")) > 0 {
					killed = pid
				}
			}
			return killed != 0
		})
		signal(t, killed, syscall.SIGKILL)
		path, _ := fetch(t, c.awaitClip(a.header.Get("Location")).text("url"))
		mustShow(t, path, 1, longFrames-1)
	})
}

// toolsOnObjects cuts an object of the store into another one, without a service.
func (c *cluster) toolsOnObjects(t *testing.T, asset string) {
	t.Helper()
	var env []string
	for name, value := range c.facts {
		if strings.HasPrefix(name, "S3_") {
			env = append(env, name+"="+value)
		}
	}
	master := c.ask(http.MethodPost, "/v1/assets/"+asset+"/downloads", map[string]string{}).must(t, http.StatusOK)
	_, key, ok := strings.Cut(object(master.text("url")), "/"+c.facts["S3_BUCKET"]+"/")
	if !ok {
		t.Fatalf("no key in %s", object(master.text("url")))
	}
	bucket := "s3://" + c.facts["S3_BUCKET"] + "/"
	for _, args := range [][]string{
		{"cut", bucket + key, "-o", bucket + "tools/clip.mp4", "--in", "10:00:05:00", "--out", "10:00:15:00"},
		{"probe", bucket + "tools/clip.mp4"},
	} {
		if out, code := subclip(t, env, args...); code != 0 {
			t.Fatalf("%v: exit code %d: %s", args, code, out)
		}
	}
	path := filepath.Join(t.TempDir(), "again.mp4")
	if out, code := subclip(t, env, "cut", bucket+"tools/clip.mp4", "-o", path, "--in", "10:00:06:00", "--out", "10:00:07:00"); code != 0 {
		t.Fatalf("exit code %d: %s", code, out)
	}
	mustShow(t, path, 150, 175)
	if out, code := subclip(t, env, "probe", bucket+"tools/nothing.mp4"); code != 1 || strings.Contains(strings.TrimSpace(out), "\n") {
		t.Errorf("a missing object gives exit code %d: %s", code, out)
	}
}

func signal(t *testing.T, pid int, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, s); err != nil {
		t.Fatal(err)
	}
}

// ffmpegOf reports whether a process has an ffmpeg at work.
func ffmpegOf(t *testing.T, pid int) bool {
	t.Helper()
	return exec.CommandContext(t.Context(), "pgrep", "-P", strconv.Itoa(pid), "ffmpeg").Run() == nil
}

func (s *service) progress(location string) float64 {
	s.t.Helper()
	progress, _ := s.ask(http.MethodGet, location, nil).must(s.t, http.StatusOK).body["progress"].(float64)
	return progress
}

// awaitClip waits until a clip is ready.
func (s *service) awaitClip(location string) answer {
	s.t.Helper()
	var a answer
	eventually(s.t, "the clip has ended", func() bool {
		a = s.ask(http.MethodGet, location, nil).must(s.t, http.StatusOK)
		return a.text("status") != "queued" && a.text("status") != "running"
	})
	if a.text("status") != "ready" {
		s.t.Fatalf("the clip is not ready: %s", a.raw)
	}
	return a
}
