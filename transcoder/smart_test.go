package transcoder_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
	"subclip/transcoder/mp4"
)

// composeFile cuts by tables into a file.
func composeFile(t *testing.T, tc *transcoder.Transcoder, path string, ranges ...transcoder.Range) (string, transcoder.Report, error) {
	t.Helper()
	source, err := tc.Probe(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	master := transcoder.Master{ReaderAt: f, Size: source.Size}
	made, err := tc.Compose(t.Context(), master, t.TempDir(), source, transcoder.Request{Ranges: ranges})
	if err != nil {
		return "", transcoder.Report{}, err
	}
	out := filepath.Join(t.TempDir(), "clip"+filepath.Ext(path))
	if err := made.Write(out, master); err != nil {
		t.Fatal(err)
	}
	return out, made.Report, nil
}

// digests decodes all pictures of a file and returns their digests.
func digests(t *testing.T, path string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framemd5", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(out)) {
		if fields := strings.Split(line, ","); len(fields) == 6 && !strings.HasPrefix(line, "#") {
			all = append(all, strings.TrimSpace(fields[5]))
		}
	}
	return all
}

// mustBe checks every picture of a composed clip: its number, that it is the
// master's own where the report says so, and that players see no error.
func mustBe(t *testing.T, clip string, report transcoder.Report, master []string, ranges ...transcoder.Range) {
	t.Helper()
	var want []int
	for _, r := range ranges {
		for n := r.In; n < r.Out; n++ {
			want = append(want, int(n))
		}
	}
	got, err := sample.Numbers(t.Context(), clip)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("the clip shows %v, not %v", got, want)
	}
	same := int64(0)
	for i, d := range digests(t, clip) {
		if d == master[want[i]] {
			same++
		}
	}
	if same < report.FramesCopied || report.FramesCopied+report.FramesEncoded != int64(len(want)) {
		t.Errorf("%d pictures are the master's own; the report says %d copied, %d encoded", same, report.FramesCopied, report.FramesEncoded)
	}
	if said, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "warning", "-i", clip, "-f", "null", "-").CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("ffmpeg says of the clip: %s (%v)", said, err)
	}
}

// TestCompose cuts many kinds of H.264 at marks in every relation to the sync
// samples and checks each picture.
func TestCompose(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	x264 := func(args ...string) []string { return append([]string{"-c:v", "libx264"}, args...) }
	x265 := func(params string) []string {
		return []string{"-c:v", "libx265", "-tag:v", "hvc1", "-preset", "ultrafast", "-x265-params", "log-level=error:scenecut=0:" + params}
	}
	type master struct {
		name, file string
		options    sample.Options
	}
	masters := []master{
		{"pyramid", "a.mp4", sample.Options{Rate: "25", GOP: 50, BFrames: 3, VideoArgs: x264("-x264-params", "b-pyramid=normal:ref=4:b-adapt=2:scenecut=0")}},
		{"long GOP", "b.mp4", sample.Options{Rate: "25", GOP: 90, BFrames: 3}},
		{"no reordering", "c.mp4", sample.Options{Rate: "50", GOP: 30, BFrames: 0, VideoArgs: x264("-bf", "0")}},
		{"baseline", "d.mp4", sample.Options{Rate: "25", GOP: 25, VideoArgs: x264("-profile:v", "baseline")}},
		{"drop-frame QuickTime", "e.mov", sample.Options{Rate: "30000/1001", Timecode: "00:00:58;00", GOP: 40, BFrames: 2}},
		{"film, 10 bit", "f.mp4", sample.Options{Rate: "24000/1001", GOP: 48, BFrames: 3, VideoArgs: x264("-pix_fmt", "yuv420p10le")}},
		{"4:2:2", "g.mov", sample.Options{Rate: "25", GOP: 50, BFrames: 3, VideoArgs: x264("-pix_fmt", "yuv422p10le")}},
		{"index last", "h.mp4", sample.Options{Rate: "25", GOP: 50, BFrames: 3, VideoArgs: x264("-movflags", "-faststart")}},
		{"negative offsets", "i.mp4", sample.Options{Rate: "25", GOP: 50, BFrames: 3, VideoArgs: x264("-movflags", "+negative_cts_offsets")}},
		{"silent", "j.mp4", sample.Options{Rate: "25", GOP: 50, BFrames: 3, NoAudio: true}},
		{"open GOP", "o.mp4", sample.Options{Rate: "25", GOP: 25, BFrames: 3, VideoArgs: x264("-x264-params", "open-gop=1:keyint=25:min-keyint=25:scenecut=0:bframes=3:b-adapt=0:b-pyramid=none")}},
		{"open GOP, pyramid", "p.mov", sample.Options{Rate: "30000/1001", GOP: 25, BFrames: 3, VideoArgs: x264("-x264-params", "open-gop=1:keyint=25:min-keyint=25:scenecut=0:bframes=3:b-adapt=0:b-pyramid=normal:ref=3")}},
		{"interlaced", "q.mp4", sample.Options{Rate: "25", GOP: 25, BFrames: 2, VideoArgs: x264("-flags", "+ilme+ildct", "-x264-params", "tff=1:keyint=25:scenecut=0")}},
		{"interlaced, open GOP", "r.mp4", sample.Options{Rate: "25", GOP: 25, BFrames: 2, VideoArgs: x264("-flags", "+ilme+ildct", "-x264-params", "tff=1:open-gop=1:keyint=25:min-keyint=25:scenecut=0:b-adapt=0")}},
		{"HEVC", "l.mp4", sample.Options{Rate: "25", GOP: 50, BFrames: 3, VideoArgs: x265("open-gop=0")}},
		{"HEVC, open GOP", "m.mp4", sample.Options{Rate: "30000/1001", GOP: 25, BFrames: 4, VideoArgs: x265("open-gop=1:bframes=4:b-adapt=0")}},
		{"HEVC, HDR", "n.mov", sample.Options{Rate: "25", GOP: 50, BFrames: 3, VideoArgs: append(
			x265("open-gop=0:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400"),
			"-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc")}},
		{"all intra", "k.mov", sample.Options{Rate: "25", GOP: 1, VideoArgs: x264("-g", "1")}},
	}
	for name, f := range fieldKinds() {
		masters = append(masters, master{name, "s.mp4", sample.Options{GOP: f.gop}})
	}
	for _, c := range masters {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var path string
			if f, coded := fieldKinds()[c.name]; coded {
				path = makeFields(t, c.file, f, composeFrames)
			} else {
				c.options.Width, c.options.Height, c.options.Frames = 320, 180, composeFrames
				path = makeSample(t, c.file, c.options)
			}
			master := digests(t, path)
			composed := 0
			for _, ranges := range composeCuts(int64(max(c.options.GOP, 1)), uint64(len(c.name))) {
				clip, report, err := composeFile(t, tc, path, ranges...)
				if errors.Is(err, mp4.ErrUnsupported) && strings.Contains(err.Error(), "can be taken over") {
					continue
				}
				if err != nil {
					t.Fatalf("%v: %v", ranges, err)
				}
				composed++
				wantConstantRate(t, clip)
				mustBe(t, clip, report, master, ranges...)
			}
			if composed < 4 {
				t.Errorf("only %d cuts were composed", composed)
			}
			if !c.options.NoAudio {
				listen(t, tc, path)
			}
		})
	}
}

// wantConstantRate asks MediaInfo, as those who receive a clip do.
func wantConstantRate(t *testing.T, clip string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "mediainfo", "--Output=Video;%FrameRate_Mode%", clip).Output()
	if mode := strings.TrimSpace(string(out)); err != nil || mode != "CFR" {
		t.Errorf("MediaInfo says that the frame rate is %q (%v)", mode, err)
	}
}

const composeFrames = 200

// composeCuts are marks in every relation to the sync samples, and some at random.
func composeCuts(gop int64, seed uint64) [][]transcoder.Range {
	sync := composeFrames / 2 / gop * gop
	cuts := [][]transcoder.Range{
		{{In: sync, Out: 190}},
		{{In: max(0, sync-1), Out: 190}},
		{{In: sync + 1, Out: composeFrames}},
		{{In: 1, Out: composeFrames - 1}},
		{{In: max(0, sync-3), Out: sync + 2}},
		{{In: 0, Out: 130}},
		{{In: 150, Out: composeFrames}, {In: 3, Out: 120}, {In: 3, Out: 120}},
	}
	random := rand.New(rand.NewPCG(1, seed))
	for range 2 {
		in := random.Int64N(composeFrames - 50)
		cuts = append(cuts, []transcoder.Range{{In: in, Out: in + 1 + random.Int64N(composeFrames-in)}})
	}
	return cuts
}

// listen checks that the sound of a composed clip stays with its pictures.
func listen(t *testing.T, tc *transcoder.Transcoder, path string) {
	t.Helper()
	source := probe(t, tc, path)
	cut := transcoder.Range{In: 10, Out: 193}
	clip, _, err := composeFile(t, tc, path, cut)
	if err != nil {
		t.Fatal(err)
	}
	wantBeeps(t, clip, 0, 0, source, cut)
}
