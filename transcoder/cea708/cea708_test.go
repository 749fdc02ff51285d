package cea708_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"subclip/transcoder/cea708"
)

// carried is a service's bytes in the triplets of caption data.
func carried(said string) []byte {
	blocks := append([]byte{1<<5 | byte(len(said))}, said...)
	if len(blocks)%2 == 0 {
		blocks = append(blocks, 0)
	}
	packet := append([]byte{byte(len(blocks)+1) / 2}, blocks...)
	data := []byte{0xff, packet[0], packet[1]}
	for i := 2; i < len(packet); i += 2 {
		data = append(data, 0xfe, packet[i], packet[i+1])
	}
	return data
}

const (
	upper = "\x98\x20\x10\x00\x02\x20\x00" // a window of three rows
	lower = "\x99\x20\x60\x00\x00\x20\x00" // and one of one row
)

func TestText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		said []string
		want string
	}{
		"from top to bottom": {[]string{lower + "below", upper + "above"}, "above\nbelow"},
		"toggled":            {[]string{upper + "one" + "\x8b\x01", lower + "two"}, "two"},
		"cleared":            {[]string{upper + "one" + "\x88\x01" + "two"}, "two"},
		"deleted":            {[]string{upper + "one" + "\x8c\x01" + "two"}, ""},
		"defined again":      {[]string{upper + "one", upper + " more"}, "one more"},
		"reset":              {[]string{upper + "one" + "\x8f" + "two"}, ""},
		"corrected":          {[]string{upper + "onf\x08e" + "\x0e" + "two" + "\x0d\x92\x00\x04!"}, "two !"},
		"form feed":          {[]string{upper + "one\x0ctwo"}, "two"},
		"rolled":             {[]string{lower + "one\x0dtwo"}, "two"},
		"styled":             {[]string{upper + "\x90\x01\x02\x91\x01\x02\x03" + "\x97\x01\x02\x03\x04" + "one\x7f" + "\x8d\x05\x8e\x93"}, "one♪"},
		"other sets":         {[]string{upper + "\xe9\x10\x2c\x10\x85\x01\x02\x03\x04" + "\x10\x0a\x01" + "\x18\x4e\x2d"}, "éŒ中"},
	} {
		var d cea708.Decoder
		for _, said := range c.said {
			d.Add(carried(said))
		}
		if got := d.Text(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add(carried(upper + "one\x0dtwo"))
	f.Add(append(carried(lower+"\x10"), carried("\x8f\x9f")...))
	f.Fuzz(func(t *testing.T, data []byte) {
		var d cea708.Decoder
		for i := range 3 {
			d.Add(data[min(i, len(data)):])
			if text := d.Text(); strings.Count(text, "\n") >= 8*15 || !utf8.ValidString(text) {
				t.Errorf("the text is %q", text)
			}
		}
	})
}
