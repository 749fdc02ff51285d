package transcoder_test

import (
	"bytes"
	"errors"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"subclip/transcoder"
)

// A proxy shows the source's frames one for one, each at its place in time, so
// that what is marked in it is what is cut.
func TestProxy(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Width, o.Height, o.Frames = 740, 740, 60
	video := makeSample(t, "video.mp4", o)
	for name, args := range map[string][]string{
		"delayed.ts":      {"-i", video, "-c", "copy"},
		"delayed.mkv":     {"-i", video, "-c", "copy"},
		"sound-first.mov": {"-i", video, "-map", "0:a", "-map", "0:v", "-c", "copy"},
		"late.mp4":        {"-i", video, "-itsoffset", "0.3", "-i", video, "-map", "1:v", "-map", "0:a", "-c", "copy"},
		"silent.mp4":      {"-i", video, "-an", "-c", "copy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			input := ffmpeg(t, name, args...)
			s := probe(t, tr, input)
			proxy := filepath.Join(t.TempDir(), "proxy.mp4")
			frames, err := tr.Proxy(t.Context(), input, proxy, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			if frames != 60 {
				t.Errorf("%d frames", frames)
			}
			wantFrames(t, proxy, transcoder.Range{In: 0, Out: 60})
			p := probe(t, tr, proxy)
			if p.Timecode.Rate != s.Timecode.Rate || p.Variable || p.VideoStart != 0 || p.Frames != 60 || p.Video.Height != 720 || p.Video.Width != 720 {
				t.Errorf("%+v", p)
			}
			if len(s.Audio) > 0 {
				delay := 0.0
				if name == "late.mp4" {
					delay = 0.3
				}
				wantBeeps(t, proxy, 0, delay, s, transcoder.Range{In: 0, Out: 60})
			}
			wantPoster(t, tr, proxy, s)
		})
	}
}

func wantPoster(t *testing.T, tr *transcoder.Transcoder, input string, s transcoder.Source) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "poster.jpg")
	if err := tr.Poster(t.Context(), input, path, s); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X != 720 || size.Y != 720 {
		t.Errorf("the poster is %v", size)
	}
}

func TestPosterOfNothing(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Frames = 10
	proxy := makeSample(t, "proxy.mp4", o)
	s := probe(t, tr, proxy)
	// Only the index is left.
	err := tr.Poster(t.Context(), truncated(t, proxy, 0.1), filepath.Join(t.TempDir(), "poster.jpg"), s)
	if !errors.Is(err, transcoder.ErrMedia) {
		t.Errorf("error %v", err)
	}
}

func TestProxyOfNothing(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Frames, o.GOP = 25, 250
	whole := makeSample(t, "video.mp4", o)
	s := probe(t, tr, whole)
	// Only the index is left.
	_, err := tr.Proxy(t.Context(), truncated(t, whole, 0.1), filepath.Join(t.TempDir(), "proxy.mp4"), s, nil)
	if !errors.Is(err, transcoder.ErrMedia) {
		t.Errorf("error %v", err)
	}
}

// TestProxyOfTracks makes proxies of what is not simply a wide picture with one sound:
// the pictures are upright and square, each sound is there, each twelfth picture and no
// other stands alone, and none waits for a later one.
func TestProxyOfTracks(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	pattern := []string{"-f", "lavfi", "-i", "testsrc2=s=720x576:r=25:d=2", "-f", "lavfi", "-i", "sine=r=48000:d=2"}
	upright := ffmpeg(t, "plain.mp4", append(pattern, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")...)
	tests := []struct {
		name          string
		args          []string
		width, height int
		sounds        []string
	}{
		{"anamorphic.mp4", append(pattern, "-vf", "setsar=64/45", "-map", "0", "-map", "1", "-map", "1", "-pix_fmt", "yuv420p", "-metadata:s:a:1", "language=fre"), 1024, 576, []string{"und", "fre"}},
		{"turned.mov", []string{"-i", upright, "-map", "0", "-c", "copy", "-metadata:s:v:0", "rotate=90"}, 576, 720, []string{"und"}},
		{"surround.mkv", append(pattern, "-c:v", "libx264", "-pix_fmt", "yuv422p10le", "-vf", "scale=2560:1080,setsar=1", "-ac", "6", "-c:a", "ac3"), 1280, 540, []string{""}},
		{"interlaced.mxf", append(pattern, "-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-top", "1", "-map", "0", "-map", "1", "-map", "1", "-c:a", "pcm_s16le"), 720, 576, []string{"und", "und"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			input := ffmpeg(t, tt.name, tt.args...)
			s := probe(t, tr, input)
			proxy := filepath.Join(t.TempDir(), "proxy.mp4")
			frames, err := tr.Proxy(t.Context(), input, proxy, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			p := probe(t, tr, proxy)
			if frames != 50 || p.Frames != 50 || p.Timecode.Rate != s.Timecode.Rate || p.Video.Width != tt.width || p.Video.Height != tt.height || len(p.Audio) != len(tt.sounds) {
				t.Errorf("%d frames of %+v", frames, p)
			}
			for i, a := range p.Audio {
				if a.Codec != "aac" || a.Channels != 2 || (tt.sounds[i] != "" && a.Language != tt.sounds[i]) {
					t.Errorf("sound %d is %+v", i, a)
				}
			}
			out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=pict_type", "-of", "csv=p=0", proxy).Output()
			if err != nil {
				t.Fatal(err)
			}
			var kinds strings.Builder
			for _, kind := range strings.Fields(strings.ReplaceAll(string(out), ",", " ")) {
				kinds.WriteString(kind)
			}
			gop := "I" + strings.Repeat("P", 11)
			if want := strings.Repeat(gop, 5)[:50]; kinds.String() != want {
				t.Errorf("the pictures are %s, want %s", kinds.String(), want)
			}
		})
	}
}
