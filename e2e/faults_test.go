package e2e

import (
	"database/sql"
	"encoding/binary"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	_ "modernc.org/sqlite" // the driver of the service's own database
)

// TestFaults interrupts jobs in the middle, in every way that leaves the data
// folder behind.
func TestFaults(t *testing.T) {
	dir := t.TempDir()
	s, p := startUp(t, dir, "--no-sample")
	asset := s.ingest(tools.long, "Long")
	// Converting takes long enough to be caught in the middle.
	whole := clipBody(asset, map[string]any{"format": "h264-720p"}, "10:00:00:01", "10:00:59:24")

	begin := func() string {
		location := s.ask(http.MethodPost, "/v1/clips", whole).must(t, http.StatusAccepted).header.Get("Location")
		eventually(t, "the clip is being cut", func() bool {
			return s.progress(location) > 0 && ffmpegOf(t, p.cmd.Process.Pid)
		})
		return location
	}

	// The steps that follow an asset's being ready add objects of their own.
	eventually(t, "all steps are done", func() bool {
		steps := s.ask(http.MethodGet, "/v1/assets/"+asset+"/steps", nil).must(t, http.StatusOK).raw
		return strings.Count(steps, `"status":"done"`) == 6
	})
	t.Log("a clip is cancelled")
	before := objects(t, dir)
	location := begin()
	s.ask(http.MethodDelete, location, nil).must(t, http.StatusNoContent)
	if status := s.ask(http.MethodGet, location, nil).text("status"); status != "cancelled" {
		t.Errorf("the cancelled clip is %s", status)
	}
	eventually(t, "ffmpeg has stopped", func() bool { return !ffmpegOf(t, p.cmd.Process.Pid) })
	eventually(t, "no object is left", func() bool { return objects(t, dir) == before })
	s.ask(http.MethodDelete, location, nil).must(t, http.StatusNoContent)

	old := s.clip(asset, nil, "3", "4")
	outlive(t, dir, old.text("id"))

	t.Log("one of two equal clips is cancelled")
	first := begin()
	second := s.ask(http.MethodPost, "/v1/clips", whole).must(t, http.StatusAccepted).header.Get("Location")
	s.ask(http.MethodDelete, first, nil).must(t, http.StatusNoContent)
	if status := s.ask(http.MethodGet, second, nil).text("status"); status != "running" && status != "ready" {
		t.Errorf("cancelling one's own clip made another's %s", status)
	}
	s.ask(http.MethodDelete, second, nil).must(t, http.StatusNoContent)

	t.Log("a clip whose time is over is removed")
	eventually(t, "the clip has expired", func() bool {
		return s.ask(http.MethodGet, "/v1/clips/"+old.text("id"), nil).text("status") == "expired"
	})
	eventually(t, "its object is gone", func() bool {
		res, err := http.Get(old.text("url"))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusNotFound
	})

	t.Log("the service is stopped and started")
	location = begin()
	if code := p.stop(t); code != 0 {
		t.Fatalf("Ctrl-C in the middle of a job ends it with code %d", code)
	}
	s, p = startUp(t, dir, "--no-sample")
	path, _ := fetch(t, s.awaitClip(location).text("url"))
	mustShow(t, path, 1, longFrames-1)
	s.ask(http.MethodDelete, location, nil).must(t, http.StatusNoContent)

	t.Log("the service is killed and started")
	location = begin()
	signal(t, p.cmd.Process.Pid, syscall.SIGKILL)
	p.wait(t)
	eventually(t, "nothing outlives it", func() bool { return childrenOf(t, dir) == "" })
	s, p = startUp(t, dir, "--no-sample")
	path, _ = fetch(t, s.awaitClip(location).text("url"))
	mustShow(t, path, 1, longFrames-1)

	t.Log("Redis is killed")
	signal(t, childOf(t, p.cmd.Process.Pid, "redis-server"), syscall.SIGKILL)
	location = s.ask(http.MethodPost, "/v1/clips", clipBody(asset, nil, "1", "2")).must(t, http.StatusAccepted).header.Get("Location")
	path, _ = fetch(t, s.awaitClip(location).text("url"))
	mustShow(t, path, 25, 50)
}

// outlive sets the end of a clip's time to the past, as days would.
func outlive(t *testing.T, dir, clip string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "subclip.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	const past = "2000-01-01 00:00:00+00:00"
	for _, update := range []string{
		"UPDATE jobs SET kept_until = ? WHERE id = (SELECT job_id FROM clips WHERE id = ?)",
		"UPDATE clips SET kept_until = ? WHERE id = ?",
	} {
		if _, err := db.ExecContext(t.Context(), update, past, clip); err != nil {
			t.Fatal(err)
		}
	}
}

func childOf(t *testing.T, pid int, program string) int {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "pgrep", "-P", strconv.Itoa(pid), program).Output()
	if err != nil {
		t.Fatalf("there is no %s: %v", program, err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	return child
}

// objects counts the files in the embedded store.
func objects(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(filepath.Join(dir, "store", "objects", "subclip"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			n++
		}
		return nil // what vanishes while we look is not there
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestResume cuts the connection to the store in the middle of an upload; run
// again, the same command sends only what is missing.
func TestResume(t *testing.T) {
	video := padded(t, tools.short, 80<<20)
	link := newLink(t)
	t.Setenv("S3_PUBLIC_ENDPOINT", "http://"+link.address)
	address, store := freeAddress(t), freeAddress(t)
	link.to = store
	dir := t.TempDir()
	p := launch(t, []string{"SUBCLIP_STORE_LISTEN=" + store}, tools.binary, "up", "--no-sample", "--listen", address, "--data", dir)
	s := &service{t: t, url: "http://" + address}
	s.awaitReady(p)
	s.token = tokenIn(t, dir)

	link.limit.Store(70 << 20)
	first := launch(t, []string{"SUBCLIP_TOKEN=" + s.token}, tools.binary, "ingest", video, "--title", "Padded", "--server", s.url)
	eventually(t, "the connection is cut", func() bool { return link.sent.Load() >= link.limit.Load() })
	first.stop(t)

	// What the first run has left in a connection's buffers is not the second's.
	eventually(t, "nothing is on its way", func() bool { return link.open.Load() == 0 })
	sentBefore := link.sent.Load()
	link.limit.Store(1 << 40)
	asset := s.ingest(video, "Padded")
	// Four parts of 16 MiB travel at once, so of 70 MiB sent one part at least
	// was complete, and the rest is less than 66 MiB.
	if again := link.sent.Load() - sentBefore; again > 66<<20 {
		t.Errorf("the second run sent %d MiB: finished parts were sent again", again>>20)
	}
	path, _ := fetch(t, s.clip(asset, nil, "1", "2").text("url"))
	mustShow(t, path, 25, 50)
	if same := s.ingest(video, "Padded"); same != asset {
		t.Errorf("ingesting the same file again made another asset")
	}
}

// padded makes a copy of an MP4 file that ends in an empty box of size bytes.
func padded(t *testing.T, video string, size uint32) string {
	t.Helper()
	data, err := os.ReadFile(video)
	if err != nil {
		t.Fatal(err)
	}
	data = binary.BigEndian.AppendUint32(data, size)
	data = append(data, "free"...)
	data = append(data, make([]byte, size-8)...)
	path := filepath.Join(t.TempDir(), "padded.mp4")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// link is a network cable to the store that can be cut: past limit bytes of
// uploads it drops every connection.
type link struct {
	address, to string
	sent, limit atomic.Int64
	open        atomic.Int64 // connections
}

func newLink(t *testing.T) *link {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	l := &link{address: listener.Addr().String()}
	l.limit.Store(1 << 40)
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			l.open.Add(1)
			go l.carry(from)
		}
	}()
	return l
}

func (l *link) carry(from net.Conn) {
	defer l.open.Add(-1)
	defer func() { _ = from.Close() }()
	to, err := net.Dial("tcp", l.to)
	if err != nil {
		return
	}
	defer func() { _ = to.Close() }()
	go func() { _, _ = io.Copy(from, to) }()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil || l.sent.Load() >= l.limit.Load() {
			return
		}
		l.sent.Add(int64(n))
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
