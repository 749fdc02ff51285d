package avc_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/Eyevinn/mp4ff/mp4"

	"subclip/sample"
	"subclip/transcoder/avc"
)

// stream is the pictures of a file in decoding order, with what the index says.
type stream struct {
	path       string
	sps, pps   [][]byte
	params     *avc.Params
	lengthSize int
	samples    [][]byte
	shown      []int // place in display order
}

// readStream reads an MP4 file that ffmpeg wrote.
func readStream(t *testing.T, path string) stream {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	file, err := mp4.DecodeFile(f)
	if err != nil {
		t.Fatal(err)
	}
	trak := file.Moov.Trak
	record := trak.Mdia.Minf.Stbl.Stsd.AvcX.AvcC
	s := stream{path: path, sps: record.SPSnalus, pps: record.PPSnalus, lengthSize: 4}
	s.params = parse(t, s.sps, s.pps)
	full, err := trak.GetSampleData(1, trak.GetNrSamples())
	if err != nil {
		t.Fatal(err)
	}
	times := make([]int64, len(full))
	for i, at := 0, int64(0); i < len(full); i++ {
		times[i] = at + int64(full[i].CompositionTimeOffset)
		at += int64(full[i].Dur)
	}
	stbl := trak.Mdia.Minf.Stbl
	at := func(i int) int64 {
		chunk, first, err := stbl.Stsc.ChunkNrFromSampleNr(i + 1)
		if err != nil {
			t.Fatal(err)
		}
		var offset uint64
		if stbl.Stco != nil {
			offset, err = stbl.Stco.GetOffset(chunk)
		} else {
			offset, err = stbl.Co64.GetOffset(chunk)
		}
		if err != nil {
			t.Fatal(err)
		}
		for n := first; n < i+1; n++ {
			offset += uint64(stbl.Stsz.GetSampleSize(n))
		}
		return int64(offset)
	}
	order := slices.Sorted(slices.Values(times))
	for i := range full {
		data := make([]byte, full[i].Size)
		if _, err := f.ReadAt(data, at(i)); err != nil {
			t.Fatal(err)
		}
		place, _ := slices.BinarySearch(order, times[i])
		s.samples, s.shown = append(s.samples, data), append(s.shown, place)
	}
	return s
}

func parse(t *testing.T, sps, pps [][]byte) *avc.Params {
	t.Helper()
	params, err := avc.ParseParams(sps, pps)
	if err != nil {
		t.Fatal(err)
	}
	return params
}

// makeFrames makes numbered frames with a moving, noisy picture below the strip, so
// that a wrong reference or weight cannot go unseen.
func makeFrames(t *testing.T, frames int) string {
	t.Helper()
	o := sample.Default()
	o.Width, o.Height, o.Frames, o.NoAudio, o.Timecode = 320, 180, frames, true, ""
	folder := t.TempDir()
	numbers, path := filepath.Join(folder, "numbers.mp4"), filepath.Join(folder, "frames.mp4")
	if err := sample.Make(t.Context(), numbers, o, nil); err != nil {
		t.Fatal(err)
	}
	run(t, "-i", numbers, "-f", "lavfi", "-i", "testsrc2=size=320x120:rate=25",
		"-filter_complex", "[1]noise=alls=16:allf=t,eq=brightness='0.3*sin(n/4)':eval=frame,negate=enable='gte(mod(n,50),25)'[low];[0][low]overlay=0:60:shortest=1", "-crf", "10", "-preset", "ultrafast", path)
	return path
}

// makeStream codes frames as a master of open GOPs.
func makeStream(t *testing.T, frames, x264 string, args ...string) stream {
	t.Helper()
	path := filepath.Join(t.TempDir(), "master.mp4")
	run(t, slices.Concat([]string{
		"-i", frames, "-c:v", "libx264", "-preset", "superfast", "-crf", "26", "-threads", "1",
		"-b_strategy", "0", "-x264-params", "open-gop=1:scenecut=0:" + x264,
	}, args, []string{path})...)
	return readStream(t, path)
}

// run runs ffmpeg.
func run(t *testing.T, args ...string) {
	t.Helper()
	args = append([]string{"-nostdin", "-v", "error"}, args...)
	if out, err := exec.CommandContext(t.Context(), "ffmpeg", args...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg %v: %v: %s", args, err, out)
	}
}

// encode codes frames [from, to) of a stream again, without B pictures. key says of
// each, counted from 0, whether it must stand alone.
func encode(t *testing.T, s stream, from, to int, key func(int) bool, x264 string, args ...string) stream {
	t.Helper()
	path := filepath.Join(t.TempDir(), "head.mp4")
	keys := []string{"eq(n,0)"}
	for i := range to - from {
		if key(i) {
			keys = append(keys, "eq(n,"+strconv.Itoa(i)+")")
		}
	}
	run(t, slices.Concat([]string{
		"-i", s.path,
		"-vf", "trim=start_frame=" + strconv.Itoa(from) + ":end_frame=" + strconv.Itoa(to), "-fps_mode", "passthrough",
		"-force_key_frames", "expr:" + strings.Join(keys, "+"),
		"-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-crf", "20", "-refs", "1",
		"-x264-params", "bframes=0:ref=1:keyint=infinite:scenecut=0:" + x264,
	}, args, []string{path})...)
	return readStream(t, path)
}

// annexB writes units one after the other, as a file of nothing but H.264.
func annexB(t *testing.T, sets [][]byte, samples [][]byte) string {
	t.Helper()
	var b bytes.Buffer
	code := []byte{0, 0, 0, 1}
	for _, nal := range sets {
		b.Write(code)
		b.Write(nal)
	}
	for _, sample := range samples {
		for len(sample) > 0 {
			n := 4 + int(sample[0])<<24 + int(sample[1])<<16 + int(sample[2])<<8 + int(sample[3])
			b.Write(code)
			b.Write(sample[4:n])
			sample = sample[n:]
		}
	}
	path := filepath.Join(t.TempDir(), "joined.h264")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// decode returns the digests of a file's pictures, in the order in which they are
// shown, and what ffmpeg says.
func decode(t *testing.T, path string) (digests []string, said string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-i", path,
		"-fps_mode", "passthrough", "-f", "framemd5", "-")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	for line := range strings.Lines(string(out)) {
		if fields := strings.Split(line, ","); line[0] != '#' && len(fields) == 6 {
			digests = append(digests, strings.TrimSpace(fields[5]))
		}
	}
	return digests, stderr.String()
}
