package transcoder_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"subclip/transcoder"
)

// secret is the part of a presigned URL that must not be told.
const secret = "X-Amz-Signature=5ec3e7"

// serve returns the presigned URL of a file behind a handler.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL + "/bucket/master?X-Amz-Algorithm=AWS4&" + secret + "&x-id=GetObject"
}

func serveFile(path string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, path) }
}

// wantPassing checks that an error may pass, and tells no secret.
func wantPassing(t *testing.T, err error) {
	t.Helper()
	switch {
	case err == nil:
		t.Error("no error")
	case errors.Is(err, transcoder.ErrMedia):
		t.Errorf("the file is blamed: %v", err)
	case strings.Contains(err.Error(), "X-Amz") || strings.Contains(err.Error(), "5ec3e7"):
		t.Errorf("a secret is told: %v", err)
	}
}

// A short clip of a long file must not read the file.
func TestReadsLittleOverHTTP(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Frames, o.GOP, o.VideoArgs = 250, 10, []string{"-crf", "1"}
	path := makeSample(t, "video.mp4", o)
	input := serve(t, serveFile(path))
	s := probe(t, tr, input)
	if local := probe(t, tr, path); s.Size != local.Size || s.Frames != local.Frames {
		t.Errorf("%+v over HTTP, %+v locally", s, local)
	}
	r := transcoder.Range{In: 180, Out: 185}
	out := filepath.Join(t.TempDir(), "clip")
	report, err := tr.Cut(t.Context(), input, out, s, transcoder.Request{Ranges: []transcoder.Range{r}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantFrames(t, out, r)
	if report.BytesRead <= 0 || report.BytesRead > s.Size/4 {
		t.Errorf("%d of %d bytes were read", report.BytesRead, s.Size)
	}
}

// What is read of the output, to move its index to the front, is not the master's.
func TestBytesReadAreTheMasters(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	input := makeSample(t, "video.mp4", small())
	s := probe(t, tr, input)
	if _, report := cut(t, tr, input, s, ""); report.BytesRead > s.Size {
		t.Errorf("%d bytes read of %d", report.BytesRead, s.Size)
	}
}

func TestServersTroubleMayPass(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	indexed := makeSample(t, "video.mp4", small())
	recording := ffmpeg(t, "video.ts", "-i", indexed, "-c", "copy")
	for name, test := range map[string]struct {
		path    string
		handler http.HandlerFunc
	}{
		"500":                     {indexed, status(http.StatusInternalServerError)},
		"403":                     {indexed, status(http.StatusForbidden)},
		"no answer":               {indexed, closing(indexed, 0)},
		"closed in the head":      {indexed, closing(indexed, 3000)},
		"closed after the head":   {indexed, closing(indexed, 60_000)},
		"recording, closed early": {recording, closing(recording, 3000)},
		"recording, closed late":  {recording, closing(recording, 60_000)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := probe(t, tr, test.path)
			input := serve(t, test.handler)
			if name != "closed after the head" { // which is all that Probe reads
				_, err := tr.Probe(t.Context(), input)
				wantPassing(t, err)
			}
			for _, request := range []transcoder.Request{{}, {Ranges: []transcoder.Range{{In: 20, Out: 120}}}} {
				_, err := tr.Cut(t.Context(), input, filepath.Join(t.TempDir(), "clip"), s, request, nil)
				wantPassing(t, err)
			}
			_, err := tr.Proxy(t.Context(), input, filepath.Join(t.TempDir(), "proxy.mp4"), s, nil)
			wantPassing(t, err)
		})
	}
	t.Run("no server", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.NotFoundHandler())
		server.Close()
		_, err := tr.Probe(t.Context(), server.URL+"/master?"+secret)
		wantPassing(t, err)
	})
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// closing serves a file, and nothing from a place in it on: the connection is
// closed there.
func closing(path string, after int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, err := os.Open(path)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		defer func() { _ = f.Close() }()
		http.ServeContent(w, r, "", time.Time{}, &breaking{f, after})
	}
}

// breaking is a file whose reading breaks the connection from a place on.
type breaking struct {
	io.ReadSeeker // no more of the file, which would copy itself
	after         int64
}

func (b *breaking) Read(p []byte) (int, error) {
	at, err := b.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	if at >= b.after {
		panic(http.ErrAbortHandler)
	}
	return b.ReadSeeker.Read(p[:min(int64(len(p)), b.after-at)])
}

// A master that is short for good is to blame itself, over HTTP too.
func TestIncompleteFile(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	whole := makeSample(t, "video.mp4", small())
	path := truncated(t, whole, 0.6)
	s := probe(t, tr, path)
	for _, input := range []string{path, serve(t, serveFile(path))} {
		_, err := tr.Cut(t.Context(), input, filepath.Join(t.TempDir(), "clip"), s, transcoder.Request{Ranges: []transcoder.Range{{In: 60, Out: 124}}}, nil)
		if !errors.Is(err, transcoder.ErrMedia) || !strings.Contains(err.Error(), "of the 64 marked frames") {
			t.Errorf("error %v", err)
		}
		cut(t, tr, input, s, "", transcoder.Range{In: 5, Out: 30})
	}
}

// Stopping ends ffmpeg and ffprobe, here while they wait for a server that does
// not go on.
func TestStop(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	path := makeSample(t, "video.mp4", small())
	s := probe(t, tr, path)
	for name, do := range map[string]func(ctx context.Context, input, output string) error{
		"probe": func(ctx context.Context, input, _ string) error {
			_, err := tr.Probe(ctx, input)
			return err
		},
		"cut": func(ctx context.Context, input, output string) error {
			_, err := tr.Cut(ctx, input, output, s, transcoder.Request{Format: "h264-360p"}, nil)
			return err
		},
		"proxy": func(ctx context.Context, input, output string) error {
			_, err := tr.Proxy(ctx, input, output, s, nil)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			hungUp := make(chan struct{})
			input := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", "1000000")
				_, _ = io.WriteString(w, "\x00")
				_ = http.NewResponseController(w).Flush()
				cancel()
				<-r.Context().Done() // the client is gone
				close(hungUp)
			})
			err := do(ctx, input, filepath.Join(t.TempDir(), "out"))
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want it to be context.Canceled", err)
			}
			wantNoProcess(t, input)
			<-hungUp
		})
	}
}

// wantNoProcess checks that no process has an argument.
func wantNoProcess(t *testing.T, argument string) {
	t.Helper()
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(processes) == 0 {
		t.Fatalf("no processes are seen: %v", err)
	}
	for _, process := range processes {
		line, err := os.ReadFile(process)
		if err == nil && strings.Contains(string(line), argument) {
			t.Errorf("still runs: %q", line)
		}
	}
}
