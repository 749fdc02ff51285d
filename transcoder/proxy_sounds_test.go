package transcoder_test

import (
	"errors"
	"path/filepath"
	"testing"

	"subclip/transcoder"
)

// TestProxySounds has each sound of a proxy but the first in a file of its own, heard when
// it is heard in the proxy, whenever it begins in the master.
func TestProxySounds(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Frames = 75
	video := makeSample(t, "video.mp4", o)
	input := ffmpeg(t, "three.mkv", "-i", video, "-itsoffset", "0.3", "-i", video, "-itsoffset", "-0.7", "-i", video,
		"-map", "0:v", "-map", "0:a", "-map", "1:a", "-map", "2:a", "-c", "copy", "-metadata:s:a:1", "language=fre")
	proxy, s := proxyOf(t, tr, input)
	files, err := tr.ProxySounds(t.Context(), proxy, t.TempDir(), s)
	if err != nil || len(files) != 2 {
		t.Fatalf("the files are %v, %v", files, err)
	}
	for i, file := range files {
		out, err := tr.Probe(t.Context(), file)
		if !errors.Is(err, transcoder.ErrMedia) {
			t.Errorf("%s has pictures: %+v, %v", file, out, err)
		}
		heard, want := beeps(t, file, 0), beeps(t, proxy, i+1)
		if len(heard) != len(want) || len(heard) < 2 {
			t.Fatalf("sound %d beeps at %v, and in the proxy at %v", i+1, heard, want)
		}
		for j := range heard {
			if off := heard[j] - want[j]; off > 0.001 || off < -0.001 {
				t.Errorf("sound %d beeps at %v, and in the proxy at %v", i+1, heard, want)
			}
		}
	}
	proxy, s = proxyOf(t, tr, video)
	if files, err := tr.ProxySounds(t.Context(), proxy, t.TempDir(), s); err != nil || len(files) != 0 {
		t.Errorf("of a single sound there are %v, %v", files, err)
	}
	s.Audio = append(s.Audio, s.Audio[0])
	if files, err := tr.ProxySounds(t.Context(), filepath.Join(t.TempDir(), "none.mp4"), t.TempDir(), s); err == nil {
		t.Errorf("of no proxy there are %v", files)
	}
}
