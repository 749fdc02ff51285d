package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"subclip/sample"
)

// patience is how long a test waits for something that must happen. It bounds a
// hang; nothing is said about how fast anything is.
const patience = 5 * time.Minute

// service is a running service, seen from outside.
type service struct {
	t     *testing.T
	url   string
	token string // sent with every request, unless it is empty
}

// program is a child process and what it printed.
type program struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
	mu   sync.Mutex
	out  bytes.Buffer
}

// Write keeps what the program prints.
func (p *program) Write(data []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.Write(data)
}

func (p *program) printed() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// launch starts a program that is stopped at the end of the test.
func launch(t *testing.T, env []string, name string, args ...string) *program {
	t.Helper()
	p := &program{cmd: exec.CommandContext(context.Background(), name, args...), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	p.cmd.WaitDelay = 5 * time.Second
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		p.stop(t)
		if t.Failed() {
			t.Logf("%s printed:\n%s", filepath.Base(name), p.printed())
		}
	})
	return p
}

// stop ends a program as Ctrl-C does and returns its exit code.
func (p *program) stop(t *testing.T) int {
	t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGINT)
	return p.wait(t)
}

func (p *program) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		t.Fatal("the program does not stop")
	}
	return p.cmd.ProcessState.ExitCode()
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("waited in vain until %s", what)
		case <-tick.C:
		}
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// startUp runs `subclip up` on free ports with its data in dir.
func startUp(t *testing.T, dir string, args ...string) (*service, *program) {
	t.Helper()
	address := freeAddress(t)
	env := []string{"SUBCLIP_STORE_LISTEN=" + freeAddress(t), "SUBCLIP_STALE_AFTER=5s"}
	p := launch(t, env, tools.binary, append([]string{"up", "--listen", address, "--data", dir}, args...)...)
	s := &service{t: t, url: "http://" + address}
	s.awaitReady(p)
	s.token = tokenIn(t, dir)
	return s, p
}

// tokenIn reads the token that the first start leaves in the data folder.
func tokenIn(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "token")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the token: %v, %v", info, err)
	}
	return strings.TrimSpace(string(text))
}

func (s *service) awaitReady(p *program) {
	s.t.Helper()
	eventually(s.t, "the service is ready", func() bool {
		select {
		case <-p.done:
			s.t.Fatalf("the program ended: %v", p.err)
		default:
		}
		res, err := http.Get(s.url + "/readyz")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

// answer is what the API said.
type answer struct {
	status int
	header http.Header
	body   map[string]any
	raw    string
}

func (a answer) text(field string) string {
	value, _ := a.body[field].(string)
	return value
}

// ask sends a request; body is JSON unless it is nil.
func (s *service) ask(method, path string, body any, header ...string) answer {
	s.t.Helper()
	var data io.Reader = http.NoBody
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		data = bytes.NewReader(encoded)
		header = append(header, "Content-Type", "application/json")
	}
	return s.send(method, path, data, header...)
}

func (s *service) send(method, path string, body io.Reader, header ...string) answer {
	s.t.Helper()
	req, err := http.NewRequest(method, s.url+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	a := answer{status: res.StatusCode, header: res.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &a.body)
	return a
}

// must fails the test unless the answer has the status.
func (a answer) must(t *testing.T, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("the answer is %d, not %d: %s", a.status, status, a.raw)
	}
	return a
}

// ingest uploads a file with the command line's tool and returns the asset's id.
func (s *service) ingest(path, title string) string {
	s.t.Helper()
	out := s.command(0, "ingest", path, "--title", title, "--server", s.url)
	_, rest, ok := strings.Cut(out, "asset ")
	if !ok {
		s.t.Fatalf("no asset is named: %s", out)
	}
	id, _, _ := strings.Cut(rest, "\n")
	return id
}

// command runs a subclip command, checks its exit code and returns what it
// printed.
func (s *service) command(code int, args ...string) string {
	s.t.Helper()
	out, exit := subclip(s.t, []string{"SUBCLIP_TOKEN=" + s.token}, args...)
	if exit != code {
		s.t.Fatalf("subclip %s: exit code %d, not %d: %s", strings.Join(args, " "), exit, code, out)
	}
	return out
}

func subclip(t *testing.T, env []string, args ...string) (output string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), tools.binary, args...)
	cmd.Env = append(os.Environ(), env...)
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}

// clip asks for ranges and waits until they are ready.
func (s *service) clip(assetID string, more map[string]any, marks ...string) answer {
	s.t.Helper()
	a := s.ask(http.MethodPost, "/v1/clips", clipBody(assetID, more, marks...), "Prefer", "wait=60")
	return a.must(s.t, http.StatusCreated)
}

func clipBody(assetID string, more map[string]any, marks ...string) map[string]any {
	var ranges []map[string]string
	for i := 0; i+1 < len(marks); i += 2 {
		ranges = append(ranges, map[string]string{"in": marks[i], "out": marks[i+1]})
	}
	body := map[string]any{"asset_id": assetID, "ranges": ranges}
	for name, value := range more {
		body[name] = value
	}
	return body
}

// fetch downloads a signed URL and returns the file and the answer's header.
func fetch(t *testing.T, url string) (path string, header http.Header) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the signed URL answers %s", res.Status)
	}
	path = filepath.Join(t.TempDir(), "file.mp4")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(f, res.Body); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path, res.Header
}

// mustShow checks that a video shows exactly these frames, given as ranges
// [first, after) of the source.
func mustShow(t *testing.T, path string, ranges ...int) {
	t.Helper()
	var want []int
	for i := 0; i+1 < len(ranges); i += 2 {
		for n := ranges[i]; n < ranges[i+1]; n++ {
			want = append(want, n)
		}
	}
	got, err := sample.Numbers(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("the video has %d frames, not %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("frame %d of the video is frame %d of the source, not %d", i, got[i], want[i])
		}
	}
}
