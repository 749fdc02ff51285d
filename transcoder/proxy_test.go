package transcoder_test

import (
	"bytes"
	"errors"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"subclip/transcoder"
)

// A proxy shows the source's frames one for one, each at its place in time, so
// that what is marked in it is what is cut.
func TestProxy(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Width, o.Height, o.Frames = 560, 560, 60
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
			if p.Timecode.Rate != s.Timecode.Rate || p.Variable || p.VideoStart != 0 || p.Frames != 60 || p.Video.Height != 540 || p.Video.Width != 540 {
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
	if size := picture.Bounds().Size(); size.X != 540 || size.Y != 540 {
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
	s.Frames = 1000
	if err := tr.Poster(t.Context(), proxy, filepath.Join(t.TempDir(), "poster.jpg"), s); !errors.Is(err, transcoder.ErrMedia) {
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
