package transcoder_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"subclip/transcoder"
)

// rebox changes what the boxes at the end of a path hold. The index has to come last
// in the file, so that no media moves.
func rebox(data []byte, change func(body []byte) []byte, path ...string) []byte {
	var all []byte
	for rest := data; len(rest) >= 8; {
		length, header := uint64(binary.BigEndian.Uint32(rest)), 8
		if length == 1 {
			length, header = binary.BigEndian.Uint64(rest[8:]), 16
		}
		box := rest[:length]
		rest = rest[length:]
		if string(box[4:8]) != path[0] {
			all = append(all, box...)
			continue
		}
		body := box[header:]
		if len(path) == 1 {
			body = change(body)
		} else {
			body = rebox(body, change, path[1:]...)
		}
		all = append(all, newBox(path[0], body)...)
	}
	return all
}

func newBox(kind string, body []byte) []byte {
	box := binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))
	return append(append(box, kind...), body...)
}

// wide gives all boxes of a kind, which lie among others, headers of 64 bits.
func wide(data []byte, kind string) []byte {
	var all []byte
	for rest := data; len(rest) >= 8; {
		length := binary.BigEndian.Uint32(rest)
		box := rest[:length]
		rest = rest[length:]
		if string(box[4:8]) == kind {
			box = append(binary.BigEndian.AppendUint64([]byte("\x00\x00\x00\x01"+kind), uint64(length)+8), box[8:]...)
		}
		all = append(all, box...)
	}
	return all
}

// inTracks limits a change of trak to tracks of a kind.
func inTracks(kind string, change func(body []byte) []byte, path ...string) func([]byte) []byte {
	return func(trak []byte) []byte {
		if !bytes.Contains(trak, []byte("\x00\x00\x00\x00"+kind+"\x00\x00\x00\x00")) && !bytes.Contains(trak, []byte("mhlr"+kind)) {
			return trak
		}
		return rebox(trak, change, path...)
	}
}

// patched is a copy of a file, its index at the end and changed.
func patched(t *testing.T, path string, change func(data []byte) []byte) string {
	t.Helper()
	name := filepath.Base(path)
	data, err := os.ReadFile(ffmpeg(t, name, "-i", path, "-map", "0", "-c", "copy", "-map_metadata", "0"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Index(data, []byte("moov")) < bytes.Index(data, []byte("mdat")) {
		t.Fatal("the index does not come last")
	}
	changed := change(data)
	if bytes.Equal(changed, data) {
		t.Fatal("nothing was changed")
	}
	return write(t, "patched"+filepath.Ext(name), string(changed))
}

// TestPatchedMasters cuts masters whose boxes are as ffmpeg does not write them.
func TestPatchedMasters(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	plain := makeSample(t, "plain.mp4", oddSample())
	video := func(change func([]byte) []byte, path ...string) func([]byte) []byte {
		return func(data []byte) []byte { return rebox(data, inTracks("vide", change, path...), "moov", "trak") }
	}
	descriptions := func(data []byte) []byte {
		data = video(describeTwice, "mdia", "minf", "stbl", "stsd")(data)
		return video(secondFrom(50), "mdia", "minf", "stbl")(data)
	}
	for _, c := range []struct {
		name   string
		change func([]byte) []byte
		cut    transcoder.Range
		why    string // it is encoded
		holds  string
		lacks  string
	}{
		{name: "64-bit header of the index", change: func(d []byte) []byte { return wide(d, "moov") }},
		{name: "64-bit headers in the index", change: func(d []byte) []byte {
			return rebox(d, func(moov []byte) []byte { return wide(moov, "trak") }, "moov")
		}},
		{name: "the first of two descriptions", change: descriptions, cut: transcoder.Range{In: 3, Out: 47}, holds: "number one", lacks: "number two"},
		{name: "the second of two descriptions", change: descriptions, cut: transcoder.Range{In: 57, Out: 99}, holds: "number two", lacks: "number one"},
		{name: "two descriptions", change: descriptions, cut: transcoder.Range{In: 30, Out: 80}, why: "2 sample descriptions"},
		{name: "edits that follow one another", change: video(editTwice(0), "edts", "elst")},
		{name: "edits with a gap", change: video(editTwice(512*5), "edts", "elst"), cut: transcoder.Range{In: 3, Out: 30}, why: "do not follow one another"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.cut.Out == 0 {
				c.cut = transcoder.Range{In: 13, Out: 90}
			}
			path := patched(t, plain, c.change)
			source := probe(t, tc, path)
			clip, report := makeClip(t, tc, path, source, c.cut)
			data, err := os.ReadFile(clip)
			if err != nil {
				t.Fatal(err)
			}
			if c.why != "" {
				if report.Method != transcoder.MethodEncode || !strings.Contains(report.Reason, c.why) {
					t.Errorf("%+v", report)
				}
				return
			}
			if report.Method != transcoder.MethodSmart {
				t.Fatalf("%+v", report)
			}
			mustBe(t, clip, report, digests(t, plain), c.cut)
			wantBeeps(t, clip, 0, 0, source, c.cut)
			if !bytes.Contains(data, []byte(c.holds)) || c.lacks != "" && bytes.Contains(data, []byte(c.lacks)) {
				t.Errorf("the clip's description is not %s", c.holds)
			}
		})
	}
}

// describeTwice makes two sample descriptions of one, each with a name.
func describeTwice(stsd []byte) []byte {
	const name, longest = 50, 32
	first, second := bytes.Clone(stsd[8:]), bytes.Clone(stsd[8:])
	copy(first[name:name+longest], "\x0anumber one")
	copy(second[name:name+longest], "\x0anumber two")
	return append(append([]byte{0, 0, 0, 0, 0, 0, 0, 2}, first...), second...)
}

// secondFrom makes every sample a chunk, and gives those from one on the second
// description.
func secondFrom(sample int) func([]byte) []byte {
	return func(stbl []byte) []byte {
		sizes, runs, chunks := numbersIn(stbl, "stsz"), numbersIn(stbl, "stsc"), numbersIn(stbl, "stco")
		var places []uint32
		run := 0
		for chunk, at := range chunks[2:] {
			if next := 2 + 3*(run+1); next < len(runs) && runs[next] == uint32(chunk+1) {
				run++
			}
			for range runs[2+3*run+1] {
				places = append(places, at)
				at += sizes[3+len(places)-1]
			}
		}
		stbl = rebox(stbl, func([]byte) []byte { return numbers(0, 2, 1, 1, 1, uint32(sample+1), 1, 2) }, "stsc")
		return rebox(stbl, func([]byte) []byte { return numbers(append([]uint32{0, uint32(len(places))}, places...)...) }, "stco")
	}
}

// numbersIn is what a table holds, as 32-bit numbers.
func numbersIn(stbl []byte, kind string) (all []uint32) {
	rebox(stbl, func(body []byte) []byte {
		for rest := body; len(rest) >= 4; rest = rest[4:] {
			all = append(all, binary.BigEndian.Uint32(rest))
		}
		return body
	}, kind)
	return all
}

func numbers(values ...uint32) []byte {
	var all []byte
	for _, v := range values {
		all = binary.BigEndian.AppendUint32(all, v)
	}
	return all
}

// editTwice divides an edit after 1.6 s, of which the second part begins later by gap.
func editTwice(gap uint32) func([]byte) []byte {
	const movieScale, mediaScale = 1000, 12_800
	return func(elst []byte) []byte {
		length, media := binary.BigEndian.Uint32(elst[8:]), binary.BigEndian.Uint32(elst[12:])
		const first = 1.6
		return numbers(0, 2,
			first*movieScale, media, 1<<16,
			length-first*movieScale, media+uint32(math.Round(first*mediaScale))+gap, 1<<16)
	}
}

// TestSoundCountedByOnes cuts uncompressed sound for which the size table says 1, as
// old QuickTime files do, and compares every sample.
func TestSoundCountedByOnes(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	const bytesAFrame = soundRate / 25 * 2 * 3 // of two channels as 24 bits
	for _, coding := range []string{"pcm_s16le", "pcm_s24be", "pcm_mulaw"} {
		o := oddSample()
		o.AudioArgs = []string{"-c:a", coding, "-ac", "2"}
		plain := makeSample(t, "plain.mov", o)
		path := patched(t, plain, func(data []byte) []byte {
			return rebox(data, inTracks("soun", func(stsz []byte) []byte {
				return append([]byte{0, 0, 0, 0, 0, 0, 0, 1}, stsz[8:]...)
			}, "mdia", "minf", "stbl", "stsz"), "moov", "trak")
		})
		cut := transcoder.Range{In: 13, Out: 90}
		clip, report := makeClip(t, tc, path, probe(t, tc, path), cut)
		if report.Method != transcoder.MethodSmart {
			t.Errorf("%s: %+v", coding, report)
		}
		want := samplesOf(t, plain)[cut.In*bytesAFrame : cut.Out*bytesAFrame]
		if got := samplesOf(t, clip); !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes of sound are not the %d of the master", coding, len(got), len(want))
		}
	}
}

// TestUncompressedPictures cuts pictures all of one size that last one unit each, which
// are not to be taken for samples of sound.
func TestUncompressedPictures(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	path := ffmpeg(t, "a.mov", "-i", makeSample(t, "plain.mp4", oddSample()), "-c:v", "rawvideo", "-pix_fmt", "uyvy422", "-video_track_timescale", "25", "-c:a", "pcm_s16le")
	cut := transcoder.Range{In: 13, Out: 90}
	source := probe(t, tc, path)
	clip, report := makeClip(t, tc, path, source, cut)
	if report.Method != transcoder.MethodCopy || report.FramesCopied != cut.Frames() {
		t.Errorf("%+v", report)
	}
	mustBe(t, clip, report, digests(t, path), cut)
	wantBeeps(t, clip, 0, 0, source, cut)
}
