package transcoder_test

import (
	"testing"
	"time"

	"subclip/sample"
	"subclip/transcoder"
)

// digital is what pictures carry that have captions of CEA-708 alone: ones that are
// written unseen and shown at once, and ones that roll up as they are written.
func digital(n int) []byte {
	says := map[int]string{
		0:   "\x98\x00\x60\x00\x01\x20\x00" + "HELLO \x10\x34\r" + "W\xd6RLD\x92\x01\x05", // a window of two rows, not seen
		24:  "\x92\x01",                                                                   // a command in two parts
		25:  "\x05!\x89\x01",
		75:  "\x8a\xff",
		80:  "\x99\x20\x70\x00\x01\x20\x00" + "On",
		85:  "e",
		90:  " two",
		95:  "\rThree",
		105: "\rFour",
		115: "\x8c\xff",
	}
	data := []byte{0xb5, 0x00, 0x31, 'G', 'A', '9', '4', 3, 0, 0xff, 0xfc, 0x80, 0x80}
	if said := says[n]; said != "" {
		blocks := append([]byte{2<<5 | 1, 'x', 1<<5 | byte(len(said))}, said...) // another service before
		if len(blocks)%2 == 0 {
			blocks = append(blocks, 0)
		}
		packet := append([]byte{byte(n)<<6 | byte(len(blocks)+1)/2}, blocks...)
		for i := 0; i < len(packet); i += 2 {
			kind := byte(0xfe)
			if i == 0 {
				kind = 0xff
			}
			data = append(data, kind, packet[i], packet[i+1])
		}
	}
	data[8] = 0x40 | byte(len(data)-10)/3
	return append(data, 0xff)
}

// TestDigitalCaptions reads captions that are CEA-708 alone.
func TestDigitalCaptions(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := sample.Options{Width: 320, Height: 180, Rate: "25", Frames: 120, GOP: 25, BFrames: 3, NoAudio: true}
	master := withUserData(t, makeSample(t, "a.mp4", o), []byte{6}, digital)
	proxy, s := proxyOf(t, tr, master)
	all, err := tr.Captions(t.Context(), master, proxy, t.TempDir(), s, nil)
	if err != nil || len(all) != 1 {
		t.Fatalf("captions are %+v, %v", all, err)
	}
	at := func(frame int) time.Duration { return time.Duration(frame) * 40 * time.Millisecond }
	wantCues(t, all[0].Cues, time.Millisecond,
		transcoder.Cue{Start: at(25), End: at(75), Text: "HELLO ”\nWÖRLD!"},
		transcoder.Cue{Start: at(80), End: at(95), Text: "One two"},
		transcoder.Cue{Start: at(95), End: at(105), Text: "One two\nThree"},
		transcoder.Cue{Start: at(105), End: at(115), Text: "Three\nFour"})
}
