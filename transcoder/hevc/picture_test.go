package hevc_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"subclip/transcoder/hevc"
)

// unit is a NAL unit of a kind after its length.
func unit(kind byte, payload ...byte) []byte {
	return append([]byte{0, 0, 0, byte(len(payload) + 2), kind << 1, 1}, payload...)
}

func TestInspect(t *testing.T) {
	t.Parallel()
	c := config(t, inOrder)
	for name, test := range map[string]struct {
		sample []byte
		kind   hevc.Kind
		pps    int
	}{
		"trailing":         {unit(1, 0b11000000), hevc.Trailing, 0},
		"IDR with RADL":    {unit(19, 0b10100000), hevc.IDR, 0},
		"IDR alone":        {unit(20, 0b10010000), hevc.IDR, 1},
		"CRA, flagged":     {unit(21, 0b11000100, 0b00100000), hevc.CRA, 7},
		"BLA":              {unit(17, 0b10100000), hevc.BLA, 0},
		"RADL":             {unit(6, 0b11000000), hevc.RADL, 0},
		"RASL":             {unit(9, 0b10000100, 0b00000000), hevc.RASL, 15},
		"behind others":    {slices.Concat(unit(35, 0x50), unit(39, 1, 0, 0x80), unit(21, 0b10100000)), hevc.CRA, 0},
		"before the rest":  {append(unit(0, 0b11000000), 0, 0, 1), hevc.Trailing, 0},
		"the second layer": {slices.Concat([]byte{0, 0, 0, 3, 19 << 1, 9, 0}, unit(1, 0b11000000)), hevc.Trailing, 0},
	} {
		got, err := c.Inspect(test.sample)
		if err != nil || got != (hevc.Picture{Kind: test.kind, PPS: test.pps}) {
			t.Errorf("%s: %+v (%v)", name, got, err)
		}
	}
	for name, broken := range map[string][]byte{
		"empty":             {},
		"a length alone":    {0, 0},
		"a long unit":       {0, 0, 0, 9, 2, 1},
		"an empty unit":     {0, 0, 0, 0},
		"no picture":        unit(35, 0x50),
		"no header":         unit(21),
		"a number too high": unit(1, 0b10000001, 0b00000100),
	} {
		if got, err := c.Inspect(broken); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	c := config(t, inOrder)
	display := []byte{0x89, 24, 0x33, 0xc2, 0x86, 0xc4, 0x1d, 0x4c, 0x0b, 0xb8, 0x84, 0xd0, 0x3e, 0x80, 0x3d, 0x13, 0x40, 0x42, 0, 0x98, 0x96, 0x80, 0, 0, 3, 0, 1}
	light := []byte{0x90, 4, 3, 0xe8, 1, 0x90}
	transfer := []byte{0x93, 1, 18}
	user := append([]byte{5, 0xff, 3}, bytes.Repeat([]byte{7}, 258)...)
	long := func(payload []byte) []byte {
		u := unit(39, payload...)
		u[2], u[3] = byte((len(u)-4)>>8), byte(len(u)-4)
		return u
	}
	sample := slices.Concat(unit(35, 0x50), long(append(slices.Concat(user, light, transfer), 0x80)), unit(39, append(display, 0x80)...),
		unit(21, 0b10100000), unit(40, append(light, 0x80)...))
	want := slices.Concat(unit(39, append(light, 0x80)...), unit(39, append(transfer, 0x80)...), unit(39, append(display, 0x80)...))
	got, err := c.Metadata(sample)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%x, want %x (%v)", got, want, err)
	}
	for name, broken := range map[string][]byte{
		"a size too large": unit(39, 0x90, 40, 1, 0x80),
		"no size":          unit(39, 0x90, 0xff),
		"a cut":            {0, 0, 0, 9, 39 << 1, 1},
	} {
		if got, err := c.Metadata(broken); err == nil {
			t.Errorf("%s: %x", name, got)
		}
	}
}

// TestLengths joins an edge to a master with lengths of another size.
func TestLengths(t *testing.T) {
	t.Parallel()
	c := config(t, strings.Replace(reordered, "f800000f", "f800000d", 1))
	if c.LengthSize() != 2 {
		t.Fatalf("lengths of %d bytes", c.LengthSize())
	}
	numbers, err := c.Add(config(t, inOrder))
	if err != nil {
		t.Fatal(err)
	}
	// The flag to drop what waits is taken back; emulation prevention is redone.
	sample := slices.Concat(unit(35, 0x50), unit(39, 5, 0, 0x80), unit(19, 0b11100000, 0, 0, 3, 1, 0x80), unit(40, 132, 0, 0x80))
	got, err := numbers.Sample(sample)
	want := []byte{0, 9, 19 << 1, 1, 0b10000011, 0b11100000, 0, 0, 3, 1, 0x80}
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%x, want %x (%v)", got, want, err)
	}
	for kind, want := range map[byte]byte{21: 18, 19: 19, 1: 1} {
		broken, err := c.BreakLink([]byte{0, 4, kind << 1, 1, 0b11000000, 7})
		if err != nil || !bytes.Equal(broken, []byte{0, 4, want << 1, 1, 0b11000000, 7}) {
			t.Errorf("kind %d becomes %x (%v)", kind, broken, err)
		}
	}
	for name, broken := range map[string][]byte{
		"too long":    append([]byte{0, 1, 0, 0, 1 << 1, 1, 0b11000000}, bytes.Repeat([]byte{9}, 1<<16-3)...),
		"unknown set": unit(1, 0b10100000),
		"no picture":  unit(35, 0x50),
		"a cut":       {0, 0, 0, 9, 2, 1},
	} {
		if got, err := numbers.Sample(broken); err == nil {
			t.Errorf("%s: %d bytes", name, len(got))
		}
	}
}

// FuzzRead holds whatever bytes for a configuration and a sample: what comes out
// is an error, or can be read again.
func FuzzRead(f *testing.F) {
	f.Add(unhex(f, inOrder), slices.Concat(unit(39, 0x90, 4, 3, 0xe8, 1, 0x90, 0x80), unit(19, 0b10100000, 0, 0, 3, 1)))
	f.Add(unhex(f, reordered), unit(1, 0b11000000))
	f.Add(unhex(f, inOrder[:60]), []byte{0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, payload, sample []byte) {
		c, err := hevc.ReadConfig(payload)
		if err != nil {
			return
		}
		_, _ = c.Options()
		if _, err := c.Inspect(sample); err == nil && len(sample) == 0 {
			t.Error("a picture in nothing")
		}
		if metadata, err := c.Metadata(sample); err == nil {
			if again, err := c.Metadata(metadata); err != nil || !bytes.Equal(again, metadata) {
				t.Errorf("%x is read again as %x (%v)", metadata, again, err)
			}
		}
		numbers, err := c.Add(c)
		if err != nil {
			return
		}
		out, err := numbers.Sample(sample)
		if err != nil {
			return
		}
		if _, err := c.Inspect(out); err != nil {
			t.Errorf("%x, renumbered to %x: %v", sample, out, err)
		}
		if made, err := c.Payload(); err != nil {
			t.Error(err)
		} else if _, err := hevc.ReadConfig(made); err != nil {
			t.Error(err)
		}
	})
}
