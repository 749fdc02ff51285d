package transcoder_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"subclip/transcoder"

	"github.com/Eyevinn/mp4ff/mp4"
)

// vttSample is a sample of a track of WebVTT in MP4: boxes, and how many milliseconds it
// lasts.
type vttSample struct {
	boxes  []mp4.Box
	length uint32
}

// saying is a cue's box; id tells whether cues of several samples are the same one.
func saying(text string, id uint32) *mp4.VttcBox {
	cue := &mp4.VttcBox{}
	if id > 0 {
		cue.AddChild(&mp4.VsidBox{SourceID: id})
	}
	cue.AddChild(&mp4.IdenBox{CueID: "chapter"})
	cue.AddChild(&mp4.SttgBox{Settings: "line:90% align:center"})
	cue.AddChild(&mp4.PaylBox{CueText: text})
	return cue
}

// withWebVTT puts a track of WebVTT in the place of the only track of text of a file whose
// index is its last box.
func withWebVTT(t *testing.T, path string, samples ...vttSample) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := mp4.DecodeFile(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	index := bytes.LastIndex(data, []byte("moov")) - 4
	var text bytes.Buffer
	var sizes []uint32
	stts := &mp4.SttsBox{}
	length := uint32(0)
	for _, sample := range samples {
		before := text.Len()
		for _, box := range sample.boxes {
			if err := box.Encode(&text); err != nil {
				t.Fatal(err)
			}
		}
		sizes = append(sizes, uint32(text.Len()-before))
		stts.SampleCount, stts.SampleTimeDelta = append(stts.SampleCount, 1), append(stts.SampleTimeDelta, sample.length)
		length += sample.length
	}
	track := file.Moov.Traks[len(file.Moov.Traks)-1]
	track.Mdia.Hdlr.HandlerType = "text"
	track.Mdia.Mdhd.Timescale, track.Mdia.Mdhd.Duration = 1000, uint64(length)
	table := mp4.NewStblBox()
	stsd := &mp4.StsdBox{}
	entry := mp4.NewWvttBox()
	entry.AddChild(&mp4.VttCBox{Config: "WEBVTT"})
	stsd.AddChild(entry)
	stsc := &mp4.StscBox{}
	if err := stsc.AddEntry(1, uint32(len(samples)), 1); err != nil {
		t.Fatal(err)
	}
	for _, box := range []mp4.Box{stsd, stts, stsc, &mp4.StszBox{SampleNumber: uint32(len(sizes)), SampleSize: sizes}, &mp4.StcoBox{ChunkOffset: []uint32{uint32(index + 8)}}} {
		table.AddChild(box)
	}
	old := track.Mdia.Minf.Stbl
	for i, child := range track.Mdia.Minf.Children {
		if child == mp4.Box(old) {
			track.Mdia.Minf.Children[i] = table
		}
	}
	track.Mdia.Minf.Stbl = table
	out := bytes.NewBuffer(bytes.Clone(data[:index]))
	if err := (&mp4.MdatBox{Data: text.Bytes()}).Encode(out); err != nil {
		t.Fatal(err)
	}
	if err := file.Moov.Encode(out); err != nil {
		t.Fatal(err)
	}
	made := filepath.Join(t.TempDir(), "webvtt.mp4")
	if err := os.WriteFile(made, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return made
}

// TestWebVTTInMP4 reads a track of WebVTT out of an MP4 file: cues that go through several
// samples, two at once, and gaps.
func TestWebVTTInMP4(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	at := func(ms int) time.Duration { return time.Duration(ms) * time.Millisecond }
	path := filepath.Join(t.TempDir(), "any.srt")
	if err := os.WriteFile(path, []byte(srt), 0o600); err != nil {
		t.Fatal(err)
	}
	video := ffmpeg(t, "text.mp4", "-i", makeSample(t, "video.mp4", small()), "-i", path, "-map", "0:v", "-map", "0:a", "-map", "1",
		"-c", "copy", "-c:s", "mov_text", "-write_tmcd", "0", "-metadata:s:s:0", "language=fre")
	gap := []mp4.Box{&mp4.VtteBox{}}
	input := withWebVTT(t, video,
		vttSample{gap, 1000},
		vttSample{[]mp4.Box{saying("<v Ada>One &amp; <i>two</i>", 7)}, 500},
		vttSample{[]mp4.Box{saying("<v Ada>One &amp; <i>two</i>", 7), saying("At once\nwith it", 8)}, 500},
		vttSample{[]mp4.Box{&mp4.VttaBox{CueAdditionalText: "NOTE not said"}, saying("At once\nwith it", 8)}, 250},
		vttSample{gap, 750},
		vttSample{[]mp4.Box{saying("Three", 0)}, 500},
	)
	proxy, s := proxyOf(t, tr, input)
	all, err := tr.Captions(t.Context(), input, proxy, t.TempDir(), s, nil)
	if err != nil || len(all) != 1 || all[0].Language != "fre" {
		t.Fatalf("captions are %+v, %v", all, err)
	}
	wantCues(t, all[0].Cues, time.Millisecond,
		transcoder.Cue{Start: at(1000), End: at(2000), Text: "One & two"}, transcoder.Cue{Start: at(1500), End: at(2250), Text: "At once\nwith it"},
		transcoder.Cue{Start: at(3000), End: at(3500), Text: "Three"})

	large := withWebVTT(t, video, vttSample{[]mp4.Box{saying(strings.Repeat("la ", 3<<20), 0)}, 1000})
	if all, err := tr.Captions(t.Context(), large, proxy, t.TempDir(), s, nil); err != nil || len(all) != 0 {
		t.Errorf("of 9 MiB in one cue there are %d captions, %v, want that they are left out", len(all), err)
	}
}
