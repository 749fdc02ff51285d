package transcoder_test

import (
	"testing"

	"subclip/transcoder"
)

// TestEstimate foresees clips of a master of 10 s and 100 MB, whose two sounds have a
// tenth of it each.
func TestEstimate(t *testing.T) {
	t.Parallel()
	const master, sound = 100_000_000, 8_000_000
	part, two := []transcoder.Range{{In: 50, Out: 100}}, []transcoder.Range{{In: 0, Out: 25}, {In: 100, Out: 125}}
	for name, test := range map[string]struct {
		container, codec string
		request          transcoder.Request
		method           transcoder.Method
		bitExact         bool
		frames           int64
		least, most      int64 // bytes
	}{
		"whole":                  {"mp4", "h264", transcoder.Request{}, transcoder.MethodCopy, true, 250, master, master},
		"part":                   {"mp4", "h264", transcoder.Request{Ranges: part}, transcoder.MethodSmart, false, 50, master / 5, master / 5},
		"two parts":              {"mp4", "hevc", transcoder.Request{Ranges: two}, transcoder.MethodSmart, false, 50, master / 5, master / 5},
		"one sound":              {"mp4", "h264", transcoder.Request{Ranges: part, Audio: []int{1}}, transcoder.MethodSmart, false, 50, 18_000_000, 18_000_000},
		"pictures that stand by": {"mov", "prores", transcoder.Request{Ranges: part}, transcoder.MethodCopy, true, 50, master / 5, master / 5},
		"MXF":                    {"mxf", "mpeg2video", transcoder.Request{Ranges: part}, transcoder.MethodSmart, false, 50, master / 5, master / 5},
		"cannot be joined":       {"mp4", "vp9", transcoder.Request{Ranges: part}, transcoder.MethodEncode, false, 50, master / 5, master / 5},
		"converted":              {"mp4", "h264", transcoder.Request{Ranges: part, Format: "h264-1080p"}, transcoder.MethodEncode, false, 50, 500_000, 3_000_000},
		"converted, small":       {"mp4", "h264", transcoder.Request{Ranges: part, Format: "h264-360p"}, transcoder.MethodEncode, false, 50, 150_000, 500_000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := source(t, test.container, test.codec, "25", "10:00:00:00")
			s.Size, s.Duration = master, 10
			s.Audio[0].BitRate = sound
			s.Audio = append(s.Audio, transcoder.AudioTrack{Index: 2, Codec: "aac", BitRate: sound})
			e, err := transcoder.NewEstimate(s, test.request)
			if err != nil {
				t.Fatal(err)
			}
			if e.Method != test.method || e.BitExact != test.bitExact || e.Frames != test.frames || e.Duration != float64(test.frames)/25 {
				t.Errorf("%+v", e)
			}
			if e.Size < test.least || e.Size > test.most || e.Seconds <= 0 {
				t.Errorf("%d bytes in %g s, want %d to %d", e.Size, e.Seconds, test.least, test.most)
			}
			twice, err := transcoder.NewEstimate(s, test.request, transcoder.Request{Format: "h264-360p"})
			if err != nil || twice.Method != transcoder.MethodEncode || twice.BitExact || twice.Frames != e.Frames+250 || twice.Size <= e.Size || twice.Seconds <= e.Seconds {
				t.Errorf("with another file: %+v, %v", twice, err)
			}
		})
	}
	if _, err := transcoder.NewEstimate(source(t, "mp4", "h264", "25", "10:00:00:00"), transcoder.Request{Format: "h265"}); err == nil {
		t.Error("an unknown format is estimated")
	}
}
