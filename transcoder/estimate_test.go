package transcoder_test

import (
	"os"
	"testing"

	"subclip/transcoder"
)

// TestEstimate foresees clips of a master of 10 s and 100 MB, whose two sounds have a
// tenth of it each.
func TestEstimate(t *testing.T) {
	t.Parallel()
	const master, sound = 100_000_000, 8_000_000
	part, two := []transcoder.Range{{In: 50, Out: 100}}, []transcoder.Range{{In: 0, Out: 25}, {In: 100, Out: 125}}
	many := []transcoder.Range{}
	for i := range int64(10) {
		many = append(many, transcoder.Range{In: 20 * i, Out: 20*i + 5})
	}
	for name, test := range map[string]struct {
		container, codec string
		request          transcoder.Request
		method           transcoder.Method
		bitExact         bool
		frames           int64
		least, most      int64 // bytes
	}{
		"whole":                  {"mp4", "h264", transcoder.Request{}, transcoder.MethodCopy, true, 250, master, master},
		"part":                   {"mp4", "h264", transcoder.Request{Ranges: part}, transcoder.MethodSmart, false, 50, master / 5, 2 * master / 5},
		"two parts":              {"mp4", "hevc", transcoder.Request{Ranges: two}, transcoder.MethodSmart, false, 50, master / 5, master / 2},
		"one sound":              {"mp4", "h264", transcoder.Request{Ranges: part, Audio: []int{1}}, transcoder.MethodSmart, false, 50, 18_000_000, 36_000_000},
		"pictures that stand by": {"mov", "prores", transcoder.Request{Ranges: part}, transcoder.MethodCopy, true, 50, master / 5, master / 5},
		"MXF":                    {"mxf", "mpeg2video", transcoder.Request{Ranges: part}, transcoder.MethodSmart, false, 50, master / 5, 2 * master / 5},
		"cannot be joined":       {"mp4", "vp9", transcoder.Request{Ranges: part}, transcoder.MethodEncode, false, 50, master / 5, master / 5},
		"many parts":             {"mp4", "h264", transcoder.Request{Ranges: many}, transcoder.MethodSmart, false, 50, master / 5, 9 * master / 10},
		"converted":              {"mp4", "h264", transcoder.Request{Ranges: part, Format: "h264-1080p"}, transcoder.MethodEncode, false, 50, 500_000, 5_000_000},
		"converted, small":       {"mp4", "h264", transcoder.Request{Ranges: part, Format: "h264-360p"}, transcoder.MethodEncode, false, 50, 150_000, 1_500_000},
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

// TestEstimateIsNear makes clips of masters that are easy and hard to encode: short ones,
// long ones and many together. What is foreseen of their sizes is not far off.
func TestEstimateIsNear(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	o := small()
	o.Frames, o.GOP = 500, 50
	hard := ffmpeg(t, "hard.mp4", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25,noise=alls=12:allf=t", "-f", "lavfi", "-i", "sine=f=300:r=48000",
		"-t", "20", "-c:v", "libx264", "-preset", "veryfast", "-g", "100", "-b:v", "1M", "-pix_fmt", "yuv420p", "-c:a", "aac")
	many := []transcoder.Range{}
	for i := range int64(8) {
		many = append(many, transcoder.Range{In: 55*i + 7, Out: 55*i + 17})
	}
	for name, path := range map[string]string{"easy": makeSample(t, "easy.mp4", o), "hard": hard} {
		s := probe(t, tc, path)
		for _, ranges := range [][]transcoder.Range{{{In: 107, Out: 112}}, {{In: 107, Out: 132}}, {{In: 57, Out: 357}}, many} {
			for _, format := range []string{"", "h264-360p"} {
				req := transcoder.Request{Ranges: ranges, Format: format}
				foreseen, err := transcoder.NewEstimate(s, req)
				if err != nil {
					t.Fatal(err)
				}
				made, _ := makeClipOf(t, tc, path, s, req)
				file, err := os.Stat(made)
				if err != nil {
					t.Fatal(err)
				}
				const near = 2.5
				if times := float64(foreseen.Size) / float64(file.Size()); times > near || times < 1/near {
					t.Errorf("%s, %v as %q: %d bytes are foreseen, %d there, %.2f times", name, ranges, format, foreseen.Size, file.Size(), times)
				}
			}
		}
	}
}
