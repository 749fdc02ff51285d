package transcoder_test

import (
	"os/exec"
	"strings"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
)

// TestFields holds what is written against ffmpeg's decoder, which must find the
// numbers and nothing to say.
func TestFields(t *testing.T) {
	t.Parallel()
	for name, f := range fieldKinds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := makeFields(t, "a.mp4", f, 60)
			wantSilence(t, path)
			numbers, err := sample.Numbers(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			for i, n := range numbers {
				if n != i {
					t.Fatalf("picture %d shows %d", i, n)
				}
			}
			if len(numbers) != 60 {
				t.Errorf("%d pictures", len(numbers))
			}
		})
	}
}

func fieldKinds() map[string]fields {
	return map[string]fields{
		"fields, no reordering": {gop: 12},
		"fields, I and P":       {gop: 25, bFrames: 2, secondP: true},
		"bottom field first":    {gop: 24, bFrames: 1, bottom: true, secondP: true},
		"fields and frames":     {gop: 25, bFrames: 2, frames: 7},
		"fields, open GOP":      {gop: 24, bFrames: 2, open: true, secondP: true},
		"fields, open GOP, I":   {gop: 12, bFrames: 2, open: true, frames: 5},
	}
}

// wantSilence checks that ffmpeg decodes a file without a word.
func wantSilence(t *testing.T, path string) {
	t.Helper()
	if said, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "warning", "-i", path, "-f", "null", "-").CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("ffmpeg says: %s (%v)", said, err)
	}
}

// TestFieldsApart cuts files in which each field is a sample, or a packet, of its own:
// two of them are one frame.
func TestFieldsApart(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	f := fields{gop: 24, bFrames: 2, open: true, secondP: true}
	together := makeFields(t, "a.mp4", f, 60)
	f.single = true
	apart := makeFields(t, "b.mp4", f, 60)
	for name, path := range map[string]string{
		"samples":                 apart,
		"packets with a time":     ffmpeg(t, "a.ts", "-i", apart, "-map", "0:v", "-map", "0:a", "-c", "copy"),
		"packets, some without":   ffmpeg(t, "b.ts", "-i", together, "-map", "0:v", "-map", "0:a", "-c", "copy"),
		"fields and frames mixed": ffmpeg(t, "c.ts", "-i", makeFields(t, "c.mp4", fields{gop: 24, bFrames: 2, frames: 5}, 60), "-map", "0:v", "-map", "0:a", "-c", "copy"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := probe(t, tc, path)
			if source.Frames != 60 || source.Timecode.Rate != base(t, "25", "00:00:00:00").Rate || source.Variable || !source.Video.Interlaced() {
				t.Fatalf("%+v", source)
			}
			for _, ranges := range [][]transcoder.Range{{{In: 13, Out: 52}}, {{In: 59, Out: 60}, {In: 0, Out: 25}}} {
				clip, report := makeClip(t, tc, path, source, ranges...)
				wantFrames(t, clip, ranges...)
				wantBeepsNear(t, clip, 0, 0, 0.016, source, ranges...)
				if !strings.Contains(report.Reason, "fields apart") {
					t.Errorf("%+v", report)
				}
			}
		})
	}
}
