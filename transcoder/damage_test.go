package transcoder_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
)

// spoiled returns a copy of a file in which some of the bytes between two parts
// of it, 0 to 1, are others.
func spoiled(t *testing.T, path string, from, to float64) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 0))
	first, last := int(from*float64(len(data))), int(to*float64(len(data)))
	for range 5 {
		at := first + random.IntN(last-first)
		for i := at; i < min(at+200, last); i++ {
			data[i] = byte(random.Uint32())
		}
	}
	return write(t, filepath.Base(path), string(data))
}

// decodes counts the pictures that a player shows of a file.
func decodes(t *testing.T, path string) int64 {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-select_streams", "v:0", "-count_frames",
		"-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseInt(strings.Trim(string(out), ",\n"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A damaged file gives the right number of pictures or an error, and around the
// damage the right ones.
func TestDamagedFile(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	proRes := func(o *sample.Options) { o.VideoArgs = []string{"-c:v", "prores_ks"} }
	for name, change := range map[string]func(o *sample.Options){
		"avc.mp4":    func(*sample.Options) {},
		"prores.mov": proRes,
		"avc.mkv":    func(*sample.Options) {},
		"avc.ts":     func(*sample.Options) {},
		"avc.avi":    func(o *sample.Options) { o.AudioArgs = []string{"-c:a", "pcm_s16le"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := small()
			o.Frames, o.GOP = 100, 20
			change(&o)
			whole := makeSample(t, name, o)
			cutDamaged(t, tr, spoiled(t, whole, 0.45, 0.55))
		})
	}
}

func cutDamaged(t *testing.T, tr *transcoder.Transcoder, input string) {
	t.Helper()
	s, err := tr.Probe(t.Context(), input)
	if err != nil {
		wantBlamed(t, err)
		return
	}
	for _, r := range []transcoder.Range{{In: 5, Out: 15}, {In: 30, Out: 70}, {In: 85, Out: 95}} {
		if r.Out > s.Frames {
			continue // The damage took so many with it.
		}
		path := filepath.Join(t.TempDir(), fmt.Sprint("clip", r.In))
		report, err := tr.Cut(t.Context(), input, path, s, transcoder.Request{Ranges: []transcoder.Range{r}}, nil)
		if err != nil {
			wantBlamed(t, err)
			continue
		}
		if report.Frames != r.Frames() && !s.Variable {
			t.Errorf("%v: the report says %d frames", r, report.Frames)
		}
		if report.Method == transcoder.MethodCopy {
			continue // What is damaged in the source is in its copy.
		}
		if got := decodes(t, path); got != report.Frames {
			t.Errorf("%v: %d frames decode, %d are reported", r, got, report.Frames)
		}
		if away := r.Out <= 20 || r.In >= 80; away && !s.Variable {
			wantFrames(t, path, r)
		}
	}
}

func wantBlamed(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, transcoder.ErrMedia) {
		t.Errorf("would be tried again: %v", err)
	}
}

// A command that wants more memory than it may have fails, and may be tried again.
func TestMemoryIsLimited(t *testing.T) {
	t.Parallel()
	tr, err := transcoder.New(transcoder.Config{FFmpeg: "ffmpeg", FFprobe: "ffprobe", Threads: 1, Memory: 256})
	if err != nil {
		t.Fatal(err)
	}
	large := ffmpeg(t, "large.mp4", "-f", "lavfi", "-i", "color=size=3840x2160:rate=25", "-frames:v", "30", "-c:v", "libx264", "-preset", "ultrafast")
	s := probe(t, tr, large)
	request := transcoder.Request{Ranges: []transcoder.Range{{In: 2, Out: 25}}}
	_, err = tr.Cut(t.Context(), large, filepath.Join(t.TempDir(), "clip"), s, request, nil)
	if err == nil || errors.Is(err, transcoder.ErrMedia) {
		t.Errorf("error is %v, want one that does not blame the file", err)
	}
	if _, err = newTranscoder(t).Cut(t.Context(), large, filepath.Join(t.TempDir(), "clip"), s, request, nil); err != nil {
		t.Errorf("with more memory: %v", err)
	}
}
