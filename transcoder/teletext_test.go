package transcoder_test

import (
	"bytes"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"subclip/transcoder"

	"github.com/asticode/go-astits"
)

// ttPage is a page of teletext as it is sent at a time.
type ttPage struct {
	at    time.Duration
	page  int      // such as 0x888
	lines []string // in the lower part of the picture; none clears it
	plain bool     // it is no subtitle
}

// teletext writes a transport stream that has nothing but pages of teletext (EN 300 472),
// of which some are said to be subtitles in a language.
func teletext(t *testing.T, items []*astits.DescriptorTeletextItem, pages ...ttPage) string {
	t.Helper()
	var out bytes.Buffer
	mux := astits.NewMuxer(t.Context(), &out)
	const pid = 0x120
	if err := mux.AddElementaryStream(astits.PMTElementaryStream{
		ElementaryPID: pid, StreamType: astits.StreamTypePrivateData,
		ElementaryStreamDescriptors: []*astits.Descriptor{{
			Tag: astits.DescriptorTagTeletext, Length: uint8(5 * len(items)), Teletext: &astits.DescriptorTeletext{Items: items},
		}},
	}); err != nil {
		t.Fatal(err)
	}
	mux.SetPCRPID(pid)
	for _, page := range pages {
		ticks := page.at.Milliseconds() * 90
		if _, err := mux.WriteData(&astits.MuxerData{
			PID:             pid,
			AdaptationField: &astits.PacketAdaptationField{HasPCR: true, PCR: &astits.ClockReference{Base: ticks}, RandomAccessIndicator: true},
			PES: &astits.PESData{
				Header: &astits.PESHeader{StreamID: 0xbd, OptionalHeader: &astits.PESOptionalHeader{
					MarkerBits: 2, DataAlignmentIndicator: true, PTSDTSIndicator: astits.PTSDTSIndicatorOnlyPTS, PTS: &astits.ClockReference{Base: ticks},
				}},
				Data: page.units(),
			},
		}); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "teletext.ts")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// units are the data units of a page, behind which another one's header ends it.
func (p ttPage) units() []byte {
	subtitle := byte(8)
	if p.plain {
		subtitle = 0
	}
	packets := [][]byte{ttHeader(p.page, subtitle)}
	for i, line := range p.lines {
		packets = append(packets, append(ttAddress(p.page>>8, 20+2*i), ttText("\x0d\x0b\x0b"+line+"\x0a\x0a", 40)...))
	}
	packets = append(packets, ttHeader(p.page>>8<<8|0xff, 0))
	for len(packets)%4 != 3 { // the PES packet fills whole packets of the stream
		packets = append(packets, nil)
	}
	data := []byte{0x10} // EBU data
	for i, packet := range packets {
		if packet == nil {
			data = append(append(data, 0xff, 0x2c), bytes.Repeat([]byte{0xff}, 44)...)
			continue
		}
		data = append(data, 0x03, 0x2c, 0xe0|byte(7+i), 0xe4)
		for _, b := range packet {
			data = append(data, bits.Reverse8(b))
		}
	}
	return data
}

// ttHeader begins a page and erases what it said before.
func ttHeader(page int, subtitle byte) []byte {
	head := ttAddress(page>>8, 0)
	for _, nibble := range []byte{byte(page & 15), byte(page >> 4 & 15), 0, 8, 0, subtitle, 0, 1} {
		head = append(head, hamming84(nibble))
	}
	return append(head, ttText("", 32)...)
}

func ttAddress(magazine, row int) []byte {
	return []byte{hamming84(byte(magazine&7 | row&1<<3)), hamming84(byte(row >> 1))}
}

// ttText is text of a fixed length with odd parity.
func ttText(text string, length int) []byte {
	out := bytes.Repeat([]byte{' '}, length)
	copy(out, text)
	for i, b := range out {
		if bits.OnesCount8(b)%2 == 0 {
			out[i] |= 0x80
		}
	}
	return out
}

// hamming84 protects four bits (EN 300 706, 8.2).
func hamming84(d byte) byte {
	d1, d2, d3, d4 := d&1, d>>1&1, d>>2&1, d>>3&1
	p1, p2, p3 := 1^d1^d3^d4, 1^d1^d2^d4, 1^d1^d2^d3
	p4 := 1 ^ p1 ^ d1 ^ p2 ^ d2 ^ p3 ^ d3 ^ d4
	return p1 | d1<<1 | p2<<2 | d2<<3 | p3<<4 | d3<<5 | p4<<6 | d4<<7
}

// TestTeletext reads captions out of two pages of a transport stream's teletext, one of
// which is sent again as long as it is shown, and not out of others.
func TestTeletext(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	at := func(ms int) time.Duration { return time.Duration(ms) * time.Millisecond }
	said := []*astits.DescriptorTeletextItem{
		{Language: []byte("deu"), Type: astits.TeletextTypeInitialTeletextPage, Magazine: 1, Page: 0},
		{Language: []byte("eng"), Type: astits.TeletextTypeTeletextSubtitlePage, Magazine: 8, Page: 88},
		{Language: []byte("fra"), Type: astits.TeletextTypeTeletextSubtitlePageForHearingImpairedPeople, Magazine: 1, Page: 50},
	}
	pages := teletext(t, said,
		ttPage{at: at(1000), page: 0x100, lines: []string{"Index of pages"}},
		ttPage{at: at(1200), page: 0x888, lines: []string{"Good evening & welcome", "(to) <all>"}},
		ttPage{at: at(1600), page: 0x888, lines: []string{"Good evening & welcome", "(to) <all>"}},
		ttPage{at: at(2000), page: 0x150, lines: []string{"Bonsoir"}},
		ttPage{at: at(2400), page: 0x888},
		ttPage{at: at(2800), page: 0x150},
		ttPage{at: at(3200), page: 0x888, lines: []string{"One"}},
		ttPage{at: at(3600), page: 0x888, lines: []string{"Two"}},
	)
	video := makeSample(t, "video.mp4", small())
	for name, delay := range map[string]string{"recording.ts": "0", "late.ts": "50000"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Its streams are sent when they are shown, as broadcasters do with teletext.
			input := ffmpeg(t, name, "-i", video, "-itsoffset", "1", "-i", pages, "-map", "0:v", "-map", "0:a", "-map", "1", "-c", "copy",
				"-muxdelay", "0", "-muxpreload", "0", "-output_ts_offset", delay)
			proxy, s := proxyOf(t, tr, input)
			if name == "late.ts" {
				input = serve(t, serveFile(input)) + "/late.ts?X-Amz-Date=1"
			}
			all, err := tr.Captions(t.Context(), input, proxy, t.TempDir(), s, nil)
			if err != nil || len(all) != 2 || all[0].Language != "eng" || all[1].Language != "fra" {
				t.Fatalf("captions are %+v, %v", all, err)
			}
			wantCues(t, all[0].Cues, 50*time.Millisecond,
				transcoder.Cue{Start: at(1200), End: at(2400), Text: "Good evening & welcome\n(to) <all>"},
				transcoder.Cue{Start: at(3200), End: at(3600), Text: "One"}, transcoder.Cue{Start: at(3600), End: at(5000), Text: "Two"})
			wantCues(t, all[1].Cues, 50*time.Millisecond, transcoder.Cue{Start: at(2000), End: at(2800), Text: "Bonsoir"})
		})
	}
}

// wantCues compares cues, whose times may be off by something.
func wantCues(t *testing.T, got []transcoder.Cue, off time.Duration, want ...transcoder.Cue) {
	t.Helper()
	if !slices.EqualFunc(got, want, func(got, want transcoder.Cue) bool {
		return got.Text == want.Text && (got.Start-want.Start).Abs() <= off && (got.End-want.End).Abs() <= off
	}) {
		t.Errorf("the cues are %+v, want %+v", got, want)
	}
}
