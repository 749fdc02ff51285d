package transcoder_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"subclip/sample"
	"subclip/transcoder"
	"subclip/transcoder/mp4"
)

// TestLine21Track reads captions out of a track of their own, as QuickTime has them: pairs
// of bytes in an atom for each picture, or, as ffmpeg writes them, as they are.
func TestLine21Track(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := sample.Options{Width: 320, Height: 180, Rate: "25", Frames: 120, GOP: 25, BFrames: 3, NoAudio: true}
	video := makeSample(t, "a.mp4", o)
	master := withUserData(t, video, []byte{6}, hello)
	bare := ffmpeg(t, "bare.mov", "-f", "lavfi", "-i", "movie="+master+"[out+subcc]", "-i", video, "-map", "1:v", "-map", "0:s", "-c", "copy", "-write_tmcd", "0", "-metadata:s:s:0", "language=eng")
	for name, input := range map[string]string{"bare": bare, "in atoms": withAtoms(t, bare)} {
		proxy, s := proxyOf(t, tr, input)
		all, err := tr.Captions(t.Context(), input, proxy, t.TempDir(), s, nil)
		if err != nil || len(all) != 1 || all[0].Language != "eng" {
			t.Fatalf("%s: captions are %+v, %v", name, all, err)
		}
		wantCues(t, all[0].Cues, 50*time.Millisecond, transcoder.Cue{Start: time.Second, End: 3 * time.Second, Text: "HELLO"})
	}
}

// withAtoms puts each sample of a file's captions into an atom: of the three bytes that
// ffmpeg writes the first only says what the others are.
func withAtoms(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	movie, err := mp4.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	tracks := make([]*mp4.NewTrack, len(movie.Tracks))
	for i, old := range movie.Tracks {
		tracks[i] = &mp4.NewTrack{Of: old}
		for _, s := range old.Samples(old.All()) {
			made := s.New()
			if s.Size == 3 {
				made.Bytes = append([]byte("\x00\x00\x00\x0acdat"), data[s.Offset+1:s.Offset+3]...)
				made.Size = uint32(len(made.Bytes))
			}
			tracks[i].Add(made)
			tracks[i].End = max(tracks[i].End, made.Display+int64(s.Duration))
		}
		first := int64(0)
		if old.Kind == "vide" {
			first = old.Sample(old.Shown[0]).Display
		}
		tracks[i].Edits = []mp4.Edit{{Media: first, Length: tracks[i].End - first}}
	}
	layout, err := movie.Build(tracks)
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(filepath.Join(t.TempDir(), "atoms.mov"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	if err := layout.WriteTo(out, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	return out.Name()
}
