package anc_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"subclip/transcoder/anc"
	"subclip/transcoder/anc/anctest"
)

const (
	label     = "\x06\x0e\x2b\x34"
	partition = label + "\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02\x04\x00"
	system    = label + "\x02\x05\x01\x01\x0d\x01\x03\x01\x04\x01\x01\x00"
	picture   = label + "\x01\x02\x01\x01\x0d\x01\x03\x01\x15\x01\x05\x01"
	index     = label + "\x02\x53\x01\x01\x0d\x01\x02\x01\x01\x10\x01\x00"
)

// begin is a partition of a container, or of none (0).
func begin(body byte) []byte {
	pack := make([]byte, 88)
	pack[63] = body
	return anctest.KLV(partition, pack)
}

// unit is a content package with a picture of some length and packets of data.
func unit(length int, packets ...[]byte) []byte {
	return slices.Concat(anctest.KLV(system, make([]byte, 57)), anctest.KLV(picture, make([]byte, length)),
		anctest.KLV(anctest.Ancillary, anctest.Element(packets...)))
}

// packet is one whose data are a word.
func packet(word string) anctest.Packet {
	return anctest.Packet{DID: 0x61, SDID: 0x01, Data: []byte(word)}
}

// told is what a reading tells: the packets of each unit, a line each.
func told(ctx context.Context, file io.ReaderAt, size int64) (string, error) {
	var out strings.Builder
	err := anc.Read(ctx, file, size, func(unit int64, packets []anc.Packet) error {
		out.WriteByte(byte('0' + unit))
		for _, p := range packets {
			out.WriteString(" " + string(p.Data))
		}
		out.WriteByte('\n')
		return nil
	})
	return out.String(), err
}

func TestRead(t *testing.T) {
	t.Parallel()
	one, two, three := unit(100, packet("one").Eight()), unit(90, packet("two").Ten(), packet("more").Eight()), unit(0, packet("three").Ten())
	damaged := bytes.Clone(two)
	damaged[len(damaged)-9] = 200 // how many bytes the last packet has, or one of its bytes
	unnamed := anctest.KLV(picture, nil)
	unnamed[0] = 7
	endless := append([]byte(picture), 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	huge := append([]byte(picture), 0x8c, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
	for name, c := range map[string]struct {
		file []byte
		want string
		sign string // of the error
	}{
		"units":            {slices.Concat(begin(1), one, two, three), "0 one\n1 two more\n2 three\n", ""},
		"run-in":           {slices.Concat(make([]byte, 5000), begin(1), one), "0 one\n", ""},
		"partitions":       {slices.Concat(begin(1), one, begin(0), anctest.KLV(index, make([]byte, 99)), begin(1), two), "0 one\n1 two more\n", ""},
		"containers":       {slices.Concat(begin(1), anctest.KLV(picture, make([]byte, 999)), begin(2), anctest.KLV(anctest.Ancillary, anctest.Element(packet("one").Eight())), anctest.KLV(anctest.Ancillary, anctest.Element(packet("two").Eight()))), "0 one\n1 two\n", ""},
		"empty units":      {slices.Concat(begin(1), unit(1), anctest.KLV(system, nil), one), "2 one\n", ""},
		"damaged element":  {slices.Concat(begin(1), one, damaged, three), "0 one\n1 two\n2 three\n", "edit unit 1"},
		"too large":        {slices.Concat(begin(1), anctest.KLV(system, nil), anctest.KLV(anctest.Ancillary, make([]byte, 2<<20)), one), "1 one\n", "too large"},
		"breaks off":       {slices.Concat(begin(1), one, two[:len(two)-1]), "0 one\n", "more than there are"},
		"ends in a key":    {slices.Concat(begin(1), one, two[:10]), "0 one\n", "breaks off"},
		"no key":           {slices.Concat(begin(1), one, unnamed, two), "0 one\n", "nothing begins"},
		"endless":          {slices.Concat(begin(1), one, endless, two), "0 one\n", "more than there are"},
		"huge":             {slices.Concat(begin(1), one, huge, two), "0 one\n", "has no length"},
		"indefinite":       {slices.Concat(begin(1), one, []byte(picture+"\x80"), two), "0 one\n", "has no length"},
		"another file":     {bytes.Repeat([]byte("RIFF"), 99), "", "no header partition"},
		"nothing":          {nil, "", "no header partition"},
		"short partition":  {slices.Concat([]byte(partition+"\x01\x01"), one), "0 one\n", ""},
		"element of none":  {slices.Concat(begin(1), anctest.KLV(system, nil), anctest.KLV(anctest.Ancillary, nil), one), "1 one\n", ""},
		"shared alignment": {slices.Concat(begin(1), unit(4<<20-150, packet("one").Eight()), two), "0 one\n1 two more\n", ""},
	} {
		got, err := told(t.Context(), bytes.NewReader(c.file), int64(len(c.file)))
		if got != c.want || (err != nil) != (c.sign != "") || err != nil && (!errors.Is(err, anc.ErrDamaged) || !strings.Contains(err.Error(), c.sign)) {
			t.Errorf("%s: %q, %v, want %q, %q", name, got, err, c.want, c.sign)
		}
	}
}

// counted counts how often and how much of a file is read. Each second time the connection
// breaks.
type counted struct {
	io.ReaderAt
	times, bytes int
	broken       bool
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	if c.broken = !c.broken; c.broken {
		return c.ReaderAt.ReadAt(p[:len(p)/2], off)
	}
	c.times, c.bytes = c.times+1, c.bytes+len(p)
	return c.ReaderAt.ReadAt(p, off)
}

// TestReadLittle reads files by few requests, skips long pictures, and gives up where there
// are no ancillary data.
func TestReadLittle(t *testing.T) {
	t.Parallel()
	repeated := func(n int, unit []byte) []byte { return append(begin(1), bytes.Repeat(unit, n)...) }
	plain := append(anctest.KLV(system, nil), anctest.KLV(picture, make([]byte, 200_000))...)
	for name, c := range map[string]struct {
		file         []byte
		units        int
		times, bytes int
	}{
		"short pictures": {repeated(100, unit(200_000, packet("x").Eight())), 100, 6, 21 << 20},
		"long pictures":  {repeated(6, unit(10<<20, packet("x").Eight())), 6, 7, 28 << 20},
		"none":           {repeated(200, plain), 0, 3, 12 << 20},
	} {
		file := &counted{ReaderAt: bytes.NewReader(c.file)}
		got, err := told(t.Context(), file, int64(len(c.file)))
		if err != nil || strings.Count(got, "\n") != c.units {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if file.times > c.times || file.bytes > c.bytes {
			t.Errorf("%s: %d bytes of %d are read in %d times", name, file.bytes, len(c.file), file.times)
		}
	}
}

// TestReadStops ends a reading by its context, and by whoever is told.
func TestReadStops(t *testing.T) {
	t.Parallel()
	file := slices.Concat(begin(1), unit(1, packet("x").Eight()), unit(1, packet("x").Eight()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := told(ctx, bytes.NewReader(file), int64(len(file))); got != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("%q, %v", got, err)
	}
	enough, times := errors.New("enough"), 0
	err := anc.Read(t.Context(), bytes.NewReader(file), int64(len(file)), func(int64, []anc.Packet) error { times++; return enough })
	if !errors.Is(err, enough) || times != 1 {
		t.Errorf("told %d times, %v", times, err)
	}
	if _, err := told(t.Context(), bytes.NewReader(file[:50]), int64(len(file))); !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, anc.ErrDamaged) {
		t.Errorf("a store that has not all of a file gives %v", err)
	}
}

// TestCaptionData reads what packets carry, and of damaged ones nothing or what is there.
func TestCaptionData(t *testing.T) {
	t.Parallel()
	data := []byte{0xfc, 0x94, 0x20, 0xfe, 1, 2}
	whole := anctest.CDP(0, data)
	teletext := bytes.Repeat([]byte("T"), anc.TeletextLength)
	for name, c := range map[string]struct {
		packet   anctest.Packet
		data     []byte
		language string
		teletext int
	}{
		"captions":         {whole, data, "fra", 0},
		"no language":      {anctest.CDP(1, data), data, "", 0},
		"nameless":         {anctest.Packet{DID: 0x61, SDID: 0x01, Data: []byte("\x96\x69\x00\x3f\x43\x00\x00\x73\xf1\xe0\x00\x00\x00\x00\x00\x00")}, nil, "", 0},
		"cut in services":  {anctest.Packet{DID: 0x61, SDID: 0x01, Data: whole.Data[:25]}, data, "", 0},
		"cut in captions":  {anctest.Packet{DID: 0x61, SDID: 0x01, Data: whole.Data[:18]}, nil, "", 0},
		"cut in its head":  {anctest.Packet{DID: 0x61, SDID: 0x01, Data: whole.Data[:6]}, nil, "", 0},
		"another packet":   {anctest.Packet{DID: 0x61, SDID: 0x01, Data: append([]byte{0}, whole.Data[1:]...)}, nil, "", 0},
		"yet to come":      {anctest.Packet{DID: 0x61, SDID: 0x01, Data: append([]byte("\x96\x69\x00\x3f\x43\x00\x00\x75\x03abc\x72\xe1"), data[:3]...)}, data[:3], "", 0},
		"first field":      {anctest.Packet{DID: 0x61, SDID: 0x02, Data: []byte{0x8a, 1, 2}}, []byte{0xfc, 1, 2}, "", 0},
		"second field":     {anctest.Packet{DID: 0x61, SDID: 0x02, Data: []byte{0x0a, 1, 2}}, []byte{0xfd, 1, 2}, "", 0},
		"half of line 21":  {anctest.Packet{DID: 0x61, SDID: 0x02, Data: []byte{0x8a, 1}}, nil, "", 0},
		"teletext":         {anctest.SDP(0, teletext, teletext), nil, "", 2},
		"cut teletext":     {anctest.Packet{DID: 0x43, SDID: 0x02, Data: anctest.SDP(0, teletext, teletext).Data[:60]}, nil, "", 1},
		"other lines":      {anctest.Packet{DID: 0x43, SDID: 0x03, Data: anctest.SDP(0, teletext).Data}, nil, "", 0},
		"another standard": {anctest.Packet{DID: 0x43, SDID: 0x02, Data: []byte("\x51\x15\x09\x03\x80\x00\x00\x00\x00")}, nil, "", 0},
	} {
		for coding, element := range map[string][]byte{"eight bits": c.packet.Eight(), "ten bits": c.packet.Ten()} {
			file := slices.Concat(begin(1), anctest.KLV(system, nil), anctest.KLV(anctest.Ancillary, anctest.Element(element)))
			err := anc.Read(t.Context(), bytes.NewReader(file), int64(len(file)), func(_ int64, packets []anc.Packet) error {
				p := packets[0]
				if p.Line != 9 || !bytes.Equal(p.CaptionData(), c.data) || p.CaptionLanguage() != c.language || len(p.Teletext()) != c.teletext {
					t.Errorf("%s, %s: %x, %q, %x", name, coding, p.CaptionData(), p.CaptionLanguage(), p.Teletext())
				}
				return nil
			})
			if err != nil {
				t.Errorf("%s, %s: %v", name, coding, err)
			}
		}
	}
}

// FuzzRead looks for files that make reading fail otherwise than with an error, or tell more
// than is in them.
func FuzzRead(f *testing.F) {
	f.Add(slices.Concat(begin(1), unit(9, packet("one").Eight(), packet("two").Ten()), begin(2), unit(3, anctest.CDP(0, []byte{0xfc, 1, 2}).Eight())))
	f.Add(slices.Concat(begin(1), unit(1, anctest.SDP(1, bytes.Repeat([]byte("T"), 42)).Eight()), []byte(picture+"\x88\x80")))
	f.Add(unit(1, anctest.Packet{DID: 0x61, SDID: 0x02, Data: []byte{0x80, 1, 2}}.Ten()))
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, all := range [][]byte{file, slices.Concat(begin(1), file), slices.Concat(begin(1), anctest.KLV(system, nil), anctest.KLV(anctest.Ancillary, file))} {
			read := 0
			err := anc.Read(t.Context(), bytes.NewReader(all), int64(len(all)), func(unit int64, packets []anc.Packet) error {
				if unit < 0 || unit > int64(len(all)) {
					t.Errorf("edit unit %d", unit)
				}
				for _, p := range packets {
					carried := p.CaptionData()
					read += len(p.Data)
					for _, line := range p.Teletext() {
						if len(line) != anc.TeletextLength {
							t.Errorf("a line of %d bytes", len(line))
						}
					}
					if len(carried)%3 != 0 || len(carried) > 93 || len(p.CaptionLanguage()) > 3 {
						t.Errorf("%x, %q", carried, p.CaptionLanguage())
					}
				}
				return nil
			})
			if read > len(all) || err != nil && !errors.Is(err, anc.ErrDamaged) {
				t.Errorf("%d bytes of %d: %v", read, len(all), err)
			}
		}
	})
}
