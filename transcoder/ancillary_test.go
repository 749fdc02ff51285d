package transcoder_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"subclip/sample"
	"subclip/transcoder"
	"subclip/transcoder/anc/anctest"
)

// captionsIn is the caption data of user data in a picture (see hello and digital).
func captionsIn(userData []byte) []byte { return userData[10 : len(userData)-1] }

// withAncillary is a master with ancillary data beside each picture.
func withAncillary(t *testing.T, path string, element func(unit int) []byte) string {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if file, err = anctest.Put(file, element); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "ancillary.mxf")
	if err := os.WriteFile(out, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

// mxfFrames is how long the masters of mxf are.
const mxfFrames = 120

// mxf makes a master of MXF in a coding, whose pictures are numbered.
func mxf(t *testing.T, o sample.Options, args ...string) string {
	t.Helper()
	o.NoAudio, o.GOP, o.BFrames, o.Frames = true, 25, 0, mxfFrames
	video := makeSample(t, "video.mp4", o)
	all := []string{"-i", video, "-f", "lavfi", "-i", "sine=r=48000", "-map", "0:v", "-map", "1:a", "-shortest", "-c:a", "pcm_s16le", "-ac", "2"}
	return ffmpeg(t, "master.mxf", append(all, args...)...)
}

// ancillaryOf reads what lies beside the pictures of a master, which ffmpeg must read too.
func ancillaryOf(t *testing.T, path string) ([]transcoder.Captions, transcoder.Source, error) {
	t.Helper()
	tr := newTranscoder(t)
	s := probe(t, tr, path)
	if s.Frames != mxfFrames || s.Container != "mxf" {
		t.Fatalf("the master is %+v", s)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all, err := tr.AncillaryCaptions(t.Context(), transcoder.Master{ReaderAt: f, Size: s.Size}, t.TempDir(), s, nil)
	return all, s, err
}

// TestAncillaryCaptions reads CEA-608 and CEA-708 that lie beside the pictures of masters.
func TestAncillaryCaptions(t *testing.T) {
	t.Parallel()
	xdcam := []string{"-c:v", "mpeg2video", "-pix_fmt", "yuv422p", "-b:v", "50M", "-g", "12", "-bf", "2", "-flags", "+ilme+ildct", "-top", "1"}
	avcIntra := []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv422p10le", "-x264-params", "avcintra-class=100:interlaced=1"}
	d10 := []string{"-c:v", "mpeg2video", "-vf", "scale=720:576,pad=720:608:0:32", "-pix_fmt", "yuv422p", "-g", "1", "-b:v", "30M", "-minrate", "30M", "-maxrate", "30M", "-bufsize", "1200000", "-rc_init_occupancy", "1200000", "-f", "mxf_d10"}
	hd, small := sample.Options{Width: 1920, Height: 1080, Rate: "25"}, sample.Options{Width: 320, Height: 180}
	ntsc, fast := small, small
	ntsc.Rate, fast.Rate = "30000/1001", "60000/1001"
	eight := func(n int, data []byte) []byte { return anctest.Element(anctest.CDP(n, data).Eight()) }
	for name, c := range map[string]struct {
		video   sample.Options
		args    []string
		element func(n int, data []byte) []byte
	}{
		"XDCAM HD422":     {hd, xdcam, eight},
		"AVC-Intra":       {hd, avcIntra, eight},
		"D-10":            {sample.Options{Width: 720, Height: 576, Rate: "25"}, d10, eight},
		"29.97, ten bits": {ntsc, xdcam, func(n int, data []byte) []byte { return anctest.Element(anctest.CDP(n, data).Ten()) }},
		"59.94, twice over": {fast, xdcam, func(n int, data []byte) []byte {
			other := anctest.Packet{DID: 0x41, SDID: 0x05, Data: make([]byte, 8)}.Eight()
			line21 := anctest.Packet{DID: 0x61, SDID: 0x02, Data: append([]byte{0x8a}, data[1:3]...)}.Eight()
			if n == 1 || n == 2 {
				return anctest.Element(other, line21)
			}
			return anctest.Element(other, line21, anctest.CDP(n, data).Eight(), anctest.CDP(n, data).Eight())
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := mxf(t, c.video, c.args...)
			at := func(s transcoder.Source, frame int64) time.Duration { return s.Timecode.Rate.TimeOf(frame) }
			analog := withAncillary(t, path, func(n int) []byte { return c.element(n, captionsIn(hello(n))) })
			all, s, err := ancillaryOf(t, analog)
			if err != nil || len(all) != 1 || all[0].Language != "fra" {
				t.Fatalf("captions are %+v, %v", all, err)
			}
			wantCues(t, all[0].Cues, 0, transcoder.Cue{Start: at(s, 25), End: at(s, 75), Text: "HELLO"})
			all, s, err = ancillaryOf(t, withAncillary(t, path, func(n int) []byte { return c.element(n, captionsIn(digital(n))) }))
			if err != nil || len(all) != 1 || all[0].Language != "fra" {
				t.Fatalf("captions are %+v, %v", all, err)
			}
			wantCues(t, all[0].Cues, 0,
				transcoder.Cue{Start: at(s, 25), End: at(s, 75), Text: "HELLO ”\nWÖRLD!"},
				transcoder.Cue{Start: at(s, 80), End: at(s, 95), Text: "One two"},
				transcoder.Cue{Start: at(s, 95), End: at(s, 105), Text: "One two\nThree"},
				transcoder.Cue{Start: at(s, 105), End: at(s, 115), Text: "Three\nFour"})
		})
	}
}

// TestAncillaryTeletext reads pages of teletext that lie beside pictures, some of which are
// spread over several of these, beside one that is not of subtitles and lines that are of no
// page.
func TestAncillaryTeletext(t *testing.T) {
	t.Parallel()
	path := mxf(t, sample.Options{Width: 320, Height: 180, Rate: "25"}, "-c:v", "mpeg2video", "-b:v", "5M", "-g", "12")
	row := func(magazine, row int, text string) []byte {
		return append(ttAddress(magazine, row), ttText("\x0d\x0b\x0b"+text+"\x0a\x0a", 40)...)
	}
	idle := append(ttAddress(8, 31), ttText("IDLE", 40)...)
	sent := map[int][][]byte{
		10:  {ttHeader(0x801, 8), row(8, 20, "One & two"), row(8, 22, "three")},
		20:  {ttHeader(0x150, 0), row(1, 20, "No subtitle")},
		30:  {ttHeader(0x801, 8)},
		40:  {ttHeader(0x801, 8)},
		41:  {row(8, 20, "Four")},
		42:  {row(8, 22, "five")},
		60:  {ttHeader(0x802, 8), row(8, 20, "Autre")},
		61:  {ttHeader(0x801, 8)},
		100: {ttHeader(0x801, 8), row(8, 20, "Last")},
	}
	all, s, err := ancillaryOf(t, withAncillary(t, path, func(n int) []byte {
		return anctest.Element(anctest.SDP(n, append(sent[n], idle)...).Eight())
	}))
	if err != nil || len(all) != 2 {
		t.Fatalf("captions are %+v, %v", all, err)
	}
	at := s.Timecode.Rate.TimeOf
	wantCues(t, all[0].Cues, 0,
		transcoder.Cue{Start: at(10), End: at(30), Text: "One & two\nthree"},
		transcoder.Cue{Start: at(42), End: at(61), Text: "Four\nfive"},
		transcoder.Cue{Start: at(100), End: at(120), Text: "Last"})
	wantCues(t, all[1].Cues, 0, transcoder.Cue{Start: at(61), End: at(120), Text: "Autre"})
}

// TestAncillaryRead reads masters whose ancillary data or bytes cannot all be read.
func TestAncillaryRead(t *testing.T) {
	t.Parallel()
	path := mxf(t, sample.Options{Width: 320, Height: 180, Rate: "25"}, "-c:v", "mpeg2video", "-b:v", "5M", "-g", "12")
	if all, _, err := ancillaryOf(t, path); err != nil || len(all) != 0 {
		t.Errorf("of a master without captions there are %+v, %v", all, err)
	}
	damaged := withAncillary(t, path, func(n int) []byte {
		element := anctest.Element(anctest.CDP(n, captionsIn(hello(n))).Eight())
		if n == 110 {
			element[1] = 200
		}
		return element
	})
	all, s, err := ancillaryOf(t, damaged)
	if !errors.Is(err, transcoder.ErrMedia) || len(all) != 1 {
		t.Fatalf("captions are %+v, %v", all, err)
	}
	wantCues(t, all[0].Cues, 0, transcoder.Cue{Start: time.Second, End: 3 * time.Second, Text: "HELLO"})
	data, err := os.ReadFile(damaged)
	if err != nil {
		t.Fatal(err)
	}
	tr := newTranscoder(t)
	short := transcoder.Master{ReaderAt: bytes.NewReader(data[:len(data)*3/4]), Size: int64(len(data) * 3 / 4)}
	if all, err = tr.AncillaryCaptions(t.Context(), short, t.TempDir(), s, nil); !errors.Is(err, transcoder.ErrMedia) || len(all) != 1 || all[0].Cues[0].Text != "HELLO" {
		t.Errorf("of three quarters of a master there are %+v, %v", all, err)
	}
	gone := transcoder.Master{ReaderAt: bytes.NewReader(data[:len(data)/2]), Size: int64(len(data))}
	if _, err = tr.AncillaryCaptions(t.Context(), gone, t.TempDir(), s, nil); !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, transcoder.ErrMedia) {
		t.Errorf("a store that has not all of a master gives %v", err)
	}
}
