package transcoder_test

import (
	"testing"

	"subclip/sample"
	"subclip/transcoder"
)

// TestComposeIntra cuts codings in which every picture stands alone, wherever the
// marks are: nothing is encoded.
func TestComposeIntra(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	pcm := []string{"-c:a", "pcm_s24le"}
	for name, o := range map[string]sample.Options{
		"ProRes":        {Rate: "25", Timecode: "10:00:00:00", VideoArgs: []string{"-c:v", "prores_ks", "-profile:v", "1", "-pix_fmt", "yuv422p10le"}, AudioArgs: pcm},
		"ProRes, 29.97": {Rate: "30000/1001", Timecode: "00:59:59;20", VideoArgs: []string{"-c:v", "prores"}, AudioArgs: []string{"-c:a", "pcm_s16be"}},
		"MJPEG":         {Rate: "24", VideoArgs: []string{"-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p"}, AudioArgs: []string{"-c:a", "pcm_s16le"}},
		"DNxHR":         {Rate: "25", VideoArgs: []string{"-c:v", "dnxhd", "-profile:v", "dnxhr_sq", "-pix_fmt", "yuv422p"}, AudioArgs: pcm},
		"H.264 intra":   {Rate: "25", VideoArgs: []string{"-c:v", "libx264", "-g", "1", "-pix_fmt", "yuv422p10le", "-profile:v", "high422"}, AudioArgs: pcm},
		"uncompressed":  {Rate: "25", VideoArgs: []string{"-c:v", "v210"}, NoAudio: true},
		"ALAC":          {Rate: "25", VideoArgs: []string{"-c:v", "mjpeg"}, AudioArgs: []string{"-c:a", "alac"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.Width, o.Height, o.Frames = 320, 180, 125
			path := makeSample(t, "a.mov", o)
			master := digests(t, path)
			source := probe(t, tc, path)
			for _, ranges := range [][]transcoder.Range{
				{{In: 7, Out: 93}}, {{In: 0, Out: 1}}, {{In: 124, Out: 125}}, {{In: 33, Out: 34}}, joined(),
			} {
				clip, report, err := composeFile(t, tc, path, ranges...)
				if err != nil {
					t.Fatalf("%v: %v", ranges, err)
				}
				moved := name == "ALAC" && len(ranges) > 1 // by less than is heard
				if report.Method != transcoder.MethodCopy || report.FramesEncoded != 0 || (len(report.Notes) > 0) != moved {
					t.Errorf("%v: %+v", ranges, report)
				}
				mustBe(t, clip, report, master, ranges...)
				if len(source.Audio) > 0 && ranges[0].Frames() > 30 && !moved {
					wantBeeps(t, clip, 0, 0, source, ranges...)
				}
			}
		})
	}
}
