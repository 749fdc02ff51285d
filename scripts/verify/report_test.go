package main

import (
	"context"
	"slices"
	"strings"
	"testing"
)

func TestBadReport(t *testing.T) {
	t.Parallel()
	good, err := gather(t.Context(), cut.source, cut.clip, cut.report)
	if err != nil {
		t.Fatal(err)
	}
	zeros := strings.Repeat("0", 64)
	for _, c := range []struct {
		name   string
		check  func(*clip, context.Context) (string, error)
		change func(*report)
		words  string
	}{
		{"a frame more", (*clip).count, func(r *report) { r.Frames++ }, "the clip shows 100 frames, the report says 101"},
		{"sum", (*clip).count, func(r *report) { r.Encoded-- }, "the report says 100 frames, but"},
		{"method", (*clip).count, func(r *report) { r.Method = "copy" }, "by method copy"},
		{"duration", (*clip).count, func(r *report) { r.Duration += 0.04 }, "the frames last 4.000 s, the report says 4.040"},
		{"a copied frame more", (*clip).copied, func(r *report) { r.Copied++ }, "frames are bit-identical"},
		{"size", (*clip).file, func(r *report) { r.Size++ }, "bytes, the report says"},
		{"digest", (*clip).file, func(r *report) { r.SHA256 = &zeros }, "the file's sha256 is"},
		{"timecode of the out", (*clip).marks, func(r *report) { r.Ranges[0].Out = "10:00:04:21" }, "range 0 is 10:00:00:20 to 10:00:04:21"},
		{"past the end", (*clip).marks, func(r *report) { r.Ranges[0].Last = 125 }, "range 0 ends with frame 125, which the source does not have"},
		{"timecode of the in", (*clip).timecode, func(r *report) { r.Ranges[0].In = "10:00:00:21" }, "its first mark is 10:00:00:21"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bad := *good
			if said, err := c.check(&bad, t.Context()); err != nil {
				t.Errorf("the good report is refused: %v: %s", err, said)
			}
			bad.report.Ranges = slices.Clone(good.report.Ranges)
			c.change(&bad.report)
			if _, err := c.check(&bad, t.Context()); err == nil || !strings.Contains(err.Error(), c.words) {
				t.Errorf("the error is %v, want %q", err, c.words)
			}
		})
	}
}

// TestOtherRange claims that a clip is of frames that it is not of.
func TestOtherRange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, out string
		first         int
		wrong         []string
	}{
		{"a frame later", "10:00:00:21", "10:00:04:21", 21, []string{"pictures", "copied", "sound", "timecode"}},
		{"past the end", "10:00:02:00", "10:00:06:00", 50, []string{"marks", "pictures", "copied", "sound", "timecode"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ranges := []map[string]any{{"in": c.in, "out": c.out, "first_frame": c.first, "last_frame": c.first + 99}}
			if wrong, said := verify(t, cut.source, cut.clip, claim(t, cut.clip, map[string]any{"ranges": ranges})); !slices.Equal(wrong, c.wrong) {
				t.Errorf("refused by %v, want %v:\n%s", wrong, c.wrong, said)
			}
		})
	}
}
