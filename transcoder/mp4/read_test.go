package mp4

import (
	"bytes"
	"io"
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

// TestReadBroken cuts a file short everywhere and breaks each byte of its index:
// what comes out is an error or a movie, in bounded time and memory.
func TestReadBroken(t *testing.T) {
	t.Parallel()
	data := tiny(t, "a.mp4")
	index := bytes.Index(data, []byte("mdat"))
	for at := range index {
		_, _ = Read(bytes.NewReader(data[:at]), int64(at))
		broken := bytes.Clone(data)
		broken[at] ^= 0xff
		check(t, broken)
	}
}

// check reads a file and uses what was read as a cut does.
func check(t *testing.T, data []byte) {
	t.Helper()
	movie, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return
	}
	video, err := movie.Video()
	if err != nil || len(video.Shown) < 2 {
		return
	}
	all := len(video.Shown)
	split, err := video.Split(1, all, func(Candidate) (Entry, error) { return Recovery, nil })
	if err != nil {
		return
	}
	track := &NewTrack{Of: video, End: int64(all), Config: Config{Kind: "avcC", Payload: video.Config("avcC")}}
	for _, span := range split.Taken() {
		track.Take(span, 0, 0)
	}
	tracks := []*NewTrack{track}
	for _, t := range movie.Tracks {
		if t.Kind == "soun" {
			sound := &NewTrack{Of: t}
			sound.Append(t.Heard(t.Place(10), t.Place(5000)), 1)
			tracks = append(tracks, sound)
		}
	}
	layout, err := movie.Build(tracks)
	if err == nil {
		err = layout.WriteTo(io.Discard, bytes.NewReader(data))
	}
	if err != nil {
		t.Logf("a movie that cannot be built again: %v", err)
	}
}

// FuzzRead looks for indexes that make reading or cutting fail otherwise than
// with an error.
func FuzzRead(f *testing.F) {
	f.Add(tiny(f, "a.mp4"))
	f.Add(tiny(f, "a.mov"))
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data) })
}
