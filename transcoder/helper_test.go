package transcoder_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"subclip/sample"
	"subclip/timecode"
	"subclip/transcoder"
)

func newTranscoder(t *testing.T) *transcoder.Transcoder {
	t.Helper()
	tr, err := transcoder.New(transcoder.Config{FFmpeg: "ffmpeg", FFprobe: "ffprobe", Threads: 1, Memory: 2048})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// small returns the options of a video that is quick to make: 5 s, B-frames, all
// in one GOP.
func small() sample.Options {
	o := sample.Default()
	o.Width, o.Height, o.Frames, o.GOP = 320, 180, 125, 250
	return o
}

// makeSample makes a video of the given file name in a folder of the test.
func makeSample(t *testing.T, name string, o sample.Options) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := sample.Make(t.Context(), path, o, nil); err != nil {
		t.Fatal(err)
	}
	return path
}

// ffmpeg runs ffmpeg, which writes the file whose path it returns.
func ffmpeg(t *testing.T, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	args = append([]string{"-nostdin", "-loglevel", "error"}, append(args, path)...)
	if out, err := exec.CommandContext(t.Context(), "ffmpeg", args...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg %v: %v: %s", args, err, out)
	}
	return path
}

func probe(t *testing.T, tr *transcoder.Transcoder, input string) transcoder.Source {
	t.Helper()
	s, err := tr.Probe(t.Context(), input)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func base(t *testing.T, rate, start string) timecode.Base {
	t.Helper()
	r, err := timecode.ParseRate(rate)
	if err != nil {
		t.Fatal(err)
	}
	b, err := timecode.NewBase(r, start)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// cut cuts ranges out of an input, checks everything that can be known of the
// file and the report, and returns both.
func cut(t *testing.T, tr *transcoder.Transcoder, input string, s transcoder.Source, format string, ranges ...transcoder.Range) (string, transcoder.Report) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clip")
	report, err := tr.Cut(t.Context(), input, path, s, transcoder.Request{Ranges: ranges, Format: format}, nil)
	if err != nil {
		t.Fatalf("cut %v: %v", ranges, err)
	}
	if len(ranges) == 0 {
		ranges = []transcoder.Range{{In: 0, Out: s.Frames}}
	}
	wantFrames(t, path, ranges...)
	wantReport(t, path, report, s, ranges)
	wantForm(t, path, s, ranges)
	return path, report
}

// wantFrames checks that a file shows exactly the frames of the ranges.
func wantFrames(t *testing.T, path string, ranges ...transcoder.Range) {
	t.Helper()
	var want []int
	for _, r := range ranges {
		for i := r.In; i < r.Out; i++ {
			want = append(want, int(i))
		}
	}
	got, err := sample.Numbers(t.Context(), path)
	if err != nil {
		t.Fatalf("%v: %v", ranges, err)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%v gives the frames %v", ranges, got)
	}
}

func wantReport(t *testing.T, path string, r transcoder.Report, s transcoder.Source, ranges []transcoder.Range) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	if want := hex.EncodeToString(sum[:]); r.SHA256 == nil || *r.SHA256 != want {
		t.Errorf("the report's sha256 is not %s", want)
	}
	if r.Size != int64(len(data)) {
		t.Errorf("size %d, want %d", r.Size, len(data))
	}
	if r.BytesRead <= 0 {
		t.Errorf("bytes read: %d", r.BytesRead)
	}
	frames := int64(0)
	for i, span := range ranges {
		frames += span.Frames()
		want := transcoder.ReportRange{
			In: s.Timecode.Timecode(span.In), Out: s.Timecode.Timecode(span.Out), FirstFrame: span.In, LastFrame: span.Out - 1,
		}
		if len(r.Ranges) != len(ranges) || r.Ranges[i] != want {
			t.Fatalf("ranges %v, want %v as number %d", r.Ranges, want, i)
		}
	}
	if r.Frames != frames || r.FramesCopied+r.FramesEncoded != frames {
		t.Errorf("the report says %d frames, %d copied and %d encoded, want %d", r.Frames, r.FramesCopied, r.FramesEncoded, frames)
	}
	if want := s.Timecode.Rate.TimeOf(frames).Seconds(); math.Abs(r.Duration-want) > 1e-6 {
		t.Errorf("duration %v, want %v", r.Duration, want)
	}
}

// stream is what a test asks ffprobe about a track.
type stream struct {
	Type     string            `json:"codec_type"`
	Codec    string            `json:"codec_name"`
	Height   int               `json:"height"`
	Rate     string            `json:"avg_frame_rate"`
	Start    string            `json:"start_time"`
	Duration string            `json:"duration"`
	Tags     map[string]string `json:"tags"`
}

func streams(t *testing.T, path string) []stream {
	t.Helper()
	data, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-of", "json", "-show_streams", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var probed struct{ Streams []stream }
	if err := json.Unmarshal(data, &probed); err != nil {
		t.Fatal(err)
	}
	return probed.Streams
}

// seconds reads a time that ffprobe tells.
func seconds(t *testing.T, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// wantForm checks a clip's start timecode, its rate, and that its tracks begin
// together and end within an AAC frame of one another.
func wantForm(t *testing.T, path string, s transcoder.Source, ranges []transcoder.Range) {
	t.Helper()
	var frames int64
	for _, r := range ranges {
		frames += r.Frames()
	}
	tracks := streams(t, path)
	if got, want := tracks[0].Tags["timecode"], s.Timecode.Timecode(ranges[0].In); got != want {
		t.Errorf("%v: start timecode %q, want %q", ranges, got, want)
	}
	if rate, err := timecode.ParseRate(tracks[0].Rate); err != nil || rate != s.Timecode.Rate {
		t.Errorf("%v: rate %s, want %v", ranges, tracks[0].Rate, s.Timecode.Rate)
	}
	sounds := 0
	for _, track := range tracks {
		length := seconds(t, track.Duration)
		switch track.Type {
		case "video":
			if want := s.Timecode.Rate.TimeOf(frames).Seconds(); math.Abs(length-want) > 1e-4 {
				t.Errorf("%v: the picture lasts %v s, want %v", ranges, length, want)
			}
		case "audio":
			sounds++
			want := s.Timecode.Rate.TimeOf(frames).Seconds()
			if math.Abs(length-want) > 1024.0/float64(s.Audio[0].SampleRate) {
				t.Errorf("%v: sound %d lasts %v s, want %v", ranges, sounds, length, want)
			}
		default:
			continue
		}
		if start := seconds(t, track.Start); start != 0 {
			t.Errorf("%v: the %s begins at %v s", ranges, track.Type, start)
		}
	}
	if sounds != len(s.Audio) {
		t.Errorf("%v: %d sounds, want %d", ranges, sounds, len(s.Audio))
	}
}
