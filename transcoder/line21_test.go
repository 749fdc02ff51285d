package transcoder_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"subclip/sample"
	"subclip/transcoder"
)

// TestLine21Track reads captions out of a track of their own, as QuickTime has them: pairs
// of bytes in an atom for each picture.
func TestLine21Track(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := sample.Options{Width: 320, Height: 180, Rate: "25", Frames: 120, GOP: 25, BFrames: 3, NoAudio: true}
	video := makeSample(t, "a.mp4", o)
	master := withUserData(t, video, []byte{6}, hello)
	input := ffmpeg(t, "c608.mov", "-f", "lavfi", "-i", "movie="+master+"[out+subcc]", "-i", video, "-map", "1:v", "-map", "0:s", "-c", "copy", "-write_tmcd", "0", "-metadata:s:s:0", "language=eng")
	if data, err := os.ReadFile(input); err != nil || !bytes.Contains(data, []byte("\x00\x00\x00\x0acdat")) {
		t.Fatalf("the file has no atoms of captions: %v", err)
	}
	proxy, s := proxyOf(t, tr, input)
	all, err := tr.Captions(t.Context(), input, proxy, t.TempDir(), s, nil)
	if err != nil || len(all) != 1 || all[0].Language != "eng" {
		t.Fatalf("captions are %+v, %v", all, err)
	}
	wantCues(t, all[0].Cues, 50*time.Millisecond, transcoder.Cue{Start: time.Second, End: 3 * time.Second, Text: "HELLO"})
}
