package transcoder_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
)

// TestOtherDecoder decodes clips of HEVC by libde265, which shares no code with ffmpeg,
// and compares each picture. It knows no containers and no edit lists, so that it sees
// what a decoder in hardware is given: the parameter sets of the sample entry, and then
// the pictures. libde265 1.0.11 loses what the leading pictures of an open GOP refer to,
// of masters as well as of clips: those are left out.
func TestOtherDecoder(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	x265 := func(params string, more ...string) []string {
		return append([]string{"-c:v", "libx265", "-tag:v", "hvc1", "-preset", "ultrafast", "-x265-params", "log-level=error:scenecut=0:" + params}, more...)
	}
	for name, options := range map[string]sample.Options{
		"closed":        {GOP: 50, BFrames: 3, VideoArgs: x265("open-gop=0")},
		"open":          {GOP: 25, BFrames: 4, VideoArgs: x265("open-gop=1:bframes=4:b-adapt=0")},
		"10 bit":        {GOP: 50, BFrames: 3, VideoArgs: x265("open-gop=0", "-pix_fmt", "yuv420p10le")},
		"open, pyramid": {GOP: 30, BFrames: 6, VideoArgs: x265("open-gop=1:bframes=6:b-adapt=0:b-pyramid=1:ref=4:rc-lookahead=20")},
		"slices":        {GOP: 50, BFrames: 3, VideoArgs: x265("open-gop=0:slices=4:wpp=1")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options.Rate, options.Width, options.Height, options.Frames = "25", 320, 180, composeFrames
			path := makeSample(t, "master.mp4", options)
			leads := func(n int64) bool {
				return strings.HasPrefix(name, "open") && n%int64(options.GOP) >= int64(options.GOP-options.BFrames)
			}
			for _, ranges := range [][]transcoder.Range{
				{{In: 7, Out: 133}},
				{{In: 60, Out: composeFrames - 1}},
				{{In: 120, Out: 190}, {In: 3, Out: 111}},
			} {
				clip, report, err := composeFile(t, tc, path, ranges...)
				if err != nil {
					t.Fatal(err)
				}
				if report.FramesCopied == 0 || report.FramesEncoded == 0 {
					t.Errorf("%v: %d pictures are copied and %d encoded: there is no joint", ranges, report.FramesCopied, report.FramesEncoded)
				}
				want, got := pictures(t, clip, report.Frames), byLibde265(t, clip, report.Frames)
				for _, r := range ranges {
					for n := r.In; n < r.Out; n++ {
						if !bytes.Equal(got[0], want[0]) && !leads(n) {
							t.Errorf("%v: libde265 shows frame %d otherwise", ranges, n)
						}
						got, want = got[1:], want[1:]
					}
				}
			}
		})
	}
}

// pictures are those of a clip as ffmpeg decodes them, which must be so many.
func pictures(t *testing.T, clip string, frames int64) [][]byte {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", clip, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return divided(t, out, frames)
}

// divided parts what a decoder wrote into pictures of 320 by 180, in 8 or 10 bits.
func divided(t *testing.T, all []byte, frames int64) [][]byte {
	t.Helper()
	const size = 320 * 180 * 3 / 2
	if n := int64(len(all)); n != frames*size && n != 2*frames*size {
		t.Fatalf("%d bytes are not %d pictures", n, frames)
	}
	return slices.Collect(slices.Chunk(all, len(all)/int(frames)))
}

func byLibde265(t *testing.T, clip string, frames int64) [][]byte {
	t.Helper()
	stream := ffmpeg(t, "pictures.265", "-i", clip, "-map", "0:v:0", "-c", "copy", "-f", "hevc")
	out := filepath.Join(t.TempDir(), "pictures.yuv")
	if said, err := exec.CommandContext(t.Context(), "libde265-dec265", "--quiet", "--no-logging", "--output", out, stream).CombinedOutput(); err != nil {
		t.Fatalf("libde265: %v: %s", err, said)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return divided(t, data, frames)
}
