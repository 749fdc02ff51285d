package mp4

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"subclip/sample"
)

func tiny(tb testing.TB, name string) []byte {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	o := sample.Options{Width: 160, Height: 90, Rate: "25", Frames: 20, Timecode: "10:00:00:00", GOP: 5, BFrames: 2}
	if err := sample.Make(tb.Context(), path, o, nil); err != nil {
		tb.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a.mp4", "a.mov"} {
		data := tiny(t, name)
		movie, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		video, err := movie.Video()
		if err != nil || len(video.Shown) != 20 || !video.Reordered() {
			t.Fatalf("%s: %d pictures (%v)", name, len(video.Shown), err)
		}
		for shown, s := range video.Shown {
			if got := Rescale(video.Time(s), video.Timescale, 25); got != int64(shown) {
				t.Errorf("%s: picture %d is shown at frame %d", name, shown, got)
			}
		}
	}
}
