package hevc_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/Eyevinn/mp4ff/mp4"

	"subclip/sample"
	"subclip/transcoder/hevc"
)

const (
	frames = 110
	gop    = 25
)

// video is the picture track of a file: samples in decoding order, each with the
// place in display order of its picture.
type video struct {
	path    string
	config  []byte // hvcC
	samples [][]byte
	shown   []int
}

// makeMaster makes numbered pictures with libx265.
func makeMaster(t testing.TB, params string, args ...string) video {
	t.Helper()
	return makeShort(t, frames, params, args...)
}

func makeShort(t testing.TB, frames int, params string, args ...string) video {
	t.Helper()
	path := filepath.Join(t.TempDir(), "master.mp4")
	o := sample.Options{Width: 320, Height: 180, Rate: "25", Frames: frames, BFrames: 4, NoAudio: true}
	o.VideoArgs = append([]string{
		"-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1",
		"-x265-params", "log-level=error:keyint=25:min-keyint=25:scenecut=0:bframes=4:b-adapt=0:b-pyramid=1:" + params,
	}, args...)
	if err := sample.Make(t.Context(), path, o, nil); err != nil {
		t.Fatal(err)
	}
	return readVideo(t, path)
}

func readVideo(t testing.TB, path string) video {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := mp4.DecodeFile(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	trak := file.Moov.Trak
	table := trak.Mdia.Minf.Stbl
	var config bytes.Buffer
	if err := table.Stsd.HvcX.HvcC.Encode(&config); err != nil {
		t.Fatal(err)
	}
	v := video{path: path, config: config.Bytes()[8:]}
	count := table.Stsz.SampleNumber
	var times []int64
	for n := uint32(1); n <= count; n++ {
		ranges, err := trak.GetRangesForSampleInterval(n, n)
		if err != nil || len(ranges) != 1 {
			t.Fatal(ranges, err)
		}
		v.samples = append(v.samples, data[ranges[0].Offset:ranges[0].Offset+ranges[0].Size])
		decoded, _ := table.Stts.GetDecodeTime(n)
		if table.Ctts != nil {
			decoded += uint64(int64(table.Ctts.GetCompositionTimeOffset(n)))
		}
		times = append(times, int64(decoded))
	}
	order := slices.Sorted(slices.Values(times))
	for _, time := range times {
		shown, _ := slices.BinarySearch(order, time)
		v.shown = append(v.shown, shown)
	}
	return v
}

// picture is a sample of a clip in the making.
type picture struct {
	data   []byte
	shown  int
	copied bool
}

// writeMP4 makes a file of one fragment.
func writeMP4(t testing.TB, config []byte, pictures []picture) string {
	t.Helper()
	box, err := mp4.DecodeHvcC(mp4.BoxHeader{Name: "hvcC", Size: uint64(len(config)) + 8, Hdrlen: 8}, 0, bytes.NewReader(config))
	if err != nil {
		t.Fatal(err)
	}
	init := mp4.CreateEmptyInit()
	init.AddEmptyTrack(25, "video", "und")
	trak := init.Moov.Trak
	trak.Mdia.Minf.Stbl.Stsd.AddChild(mp4.CreateVisualSampleEntryBox("hvc1", 320, 180, box))
	fragment, err := mp4.CreateFragment(1, trak.Tkhd.TrackID)
	if err != nil {
		t.Fatal(err)
	}
	const reorder = 5
	for i, p := range pictures {
		fragment.AddFullSample(mp4.FullSample{
			Sample:     mp4.Sample{Flags: mp4.SyncSampleFlags, Dur: 1, Size: uint32(len(p.data)), CompositionTimeOffset: int32(p.shown - i + reorder)},
			DecodeTime: uint64(i), Data: p.data,
		})
	}
	var file bytes.Buffer
	if err := init.Encode(&file); err != nil {
		t.Fatal(err)
	}
	if err := fragment.Encode(&file); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "clip.mp4", file.Bytes())
}

// writeAnnexB makes a raw stream: all parameter sets, then the pictures.
func writeAnnexB(t testing.TB, config []byte, pictures []picture) string {
	t.Helper()
	box, err := mp4.DecodeHvcC(mp4.BoxHeader{Name: "hvcC", Size: uint64(len(config)) + 8, Hdrlen: 8}, 0, bytes.NewReader(config))
	if err != nil {
		t.Fatal(err)
	}
	var stream []byte
	for _, array := range box.(*mp4.HvcCBox).NaluArrays {
		for _, unit := range array.Nalus {
			stream = append(append(stream, 0, 0, 0, 1), unit...)
		}
	}
	for _, p := range pictures {
		for _, unit := range unitsOf(t, p.data) {
			stream = append(append(stream, 0, 0, 0, 1), unit...)
		}
	}
	return writeFile(t, "clip.hevc", stream)
}

func unitsOf(t testing.TB, data []byte) [][]byte {
	t.Helper()
	var all [][]byte
	for len(data) > 4 {
		length := int(data[0])<<24 | int(data[1])<<16 | int(data[2])<<8 | int(data[3])
		all = append(all, data[4:4+length])
		data = data[4+length:]
	}
	return all
}

func writeFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// encode makes an edge of the pictures [from, to) of the master.
func encode(t testing.TB, c *hevc.Config, master video, from, to int) video {
	t.Helper()
	options, err := c.Options()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "edge.mp4")
	trim := "trim=start_frame=" + itoa(from) + ":end_frame=" + itoa(to)
	args := []string{"-nostdin", "-v", "error", "-i", master.path, "-vf", trim, "-fps_mode", "passthrough"}
	for name, value := range options {
		args = append(args, "-"+name, value)
	}
	if said, err := exec.CommandContext(t.Context(), "ffmpeg", append(args, path)...).CombinedOutput(); err != nil || len(said) > 0 {
		t.Fatalf("%v: %s", err, said)
	}
	return readVideo(t, path)
}

// digests decodes a file and returns its pictures' digests; nothing may be amiss.
func digests(t testing.TB, path string, level string, threads int) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-nostdin", "-v", level, "-threads", itoa(threads), "-i", path,
		"-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framemd5", "-")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil || said.Len() > 0 {
		t.Errorf("%s: %v: %s", filepath.Base(path), err, said.String())
	}
	var all []string
	for line := range strings.Lines(string(out)) {
		if fields := strings.Split(line, ","); len(fields) == 6 && !strings.HasPrefix(line, "#") {
			all = append(all, strings.TrimSpace(fields[5]))
		}
	}
	return all
}
