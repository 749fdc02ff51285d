package bitstream_test

import (
	"bytes"
	"slices"
	"testing"

	"subclip/transcoder/bitstream"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ plain, escaped []byte }{
		{nil, nil},
		{[]byte{1, 0, 0, 4}, []byte{1, 0, 0, 4}},
		{[]byte{0, 0, 1}, []byte{0, 0, 3, 1}},
		{[]byte{0, 0, 3}, []byte{0, 0, 3, 3}},
		{[]byte{0, 0, 0, 0, 0, 9}, []byte{0, 0, 3, 0, 0, 3, 0, 9}},
	} {
		if got := bitstream.Escape(nil, c.plain); !bytes.Equal(got, c.escaped) {
			t.Errorf("%x is escaped as %x, want %x", c.plain, got, c.escaped)
		}
		if got := bitstream.Unescape(c.escaped); !bytes.Equal(got, c.plain) {
			t.Errorf("%x is unescaped as %x, want %x", c.escaped, got, c.plain)
		}
	}
}

// TestCodes writes codes at every place in a byte and reads them back.
func TestCodes(t *testing.T) {
	t.Parallel()
	numbers := []uint32{0, 1, 2, 14, 15, 30, 31, 254, 255, 1<<31 - 2, 1<<32 - 2}
	for offset := range 8 {
		w := &bitstream.Writer{Data: []byte{0xff}}
		w.Bits(0, offset)
		bits := 8 + offset
		for _, n := range numbers {
			w.UE(n)
			bits += bitstream.UELength(uint64(n))
		}
		w.Flag(true)
		w.Align(false)
		r := &bitstream.Reader{Data: w.Data, At: 8 + offset}
		for _, n := range numbers {
			if got := r.UE(); got != n {
				t.Errorf("%d is read as %d", n, got)
			}
		}
		if r.Short || r.At != bits || r.End() != bits {
			t.Errorf("the codes end at bit %d and the data at %d, want %d", r.At, r.End(), bits)
		}
	}
	r := &bitstream.Reader{Data: []byte{0, 0}}
	if got := r.UE(); got != 0 || !r.Short || r.End() != -1 {
		t.Errorf("a code that does not end is %d", got)
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	data := []byte{0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc}
	for start := range 8 {
		for from := range 16 {
			for to := from; to <= 48; to++ {
				w := &bitstream.Writer{}
				w.Bits(0, start)
				w.Copy(data, from, to)
				w.Align(true)
				got, want := &bitstream.Reader{Data: w.Data, At: start}, &bitstream.Reader{Data: data, At: from}
				if n := to - from; got.Bits(n) != want.Bits(n) || len(w.Data) != (start+n+7)/8 {
					t.Fatalf("bits %d to %d are copied to bit %d as %x", from, to, start, w.Data)
				}
			}
		}
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	units := [][]byte{{1}, {2, 3}, bytes.Repeat([]byte{4}, 200)}
	for _, size := range []int{1, 2, 4} {
		var sample []byte
		for _, unit := range units {
			var err error
			if sample, err = bitstream.AppendUnit(sample, unit, size); err != nil {
				t.Fatal(err)
			}
		}
		var got [][]byte
		for unit, err := range bitstream.Units(sample, size) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, unit)
		}
		if !slices.EqualFunc(got, units, bytes.Equal) {
			t.Errorf("lengths of %d: %x", size, got)
		}
		for cut := len(sample) - 199; cut < len(sample); cut++ {
			if broken(sample[:cut], size) == nil {
				t.Errorf("lengths of %d, cut at %d: no error", size, cut)
			}
		}
	}
	if _, err := bitstream.AppendUnit(nil, make([]byte, 256), 1); err == nil {
		t.Error("a unit that is too long has no error")
	}
	if broken([]byte{0, 1}, 1) == nil {
		t.Error("an empty unit has no error")
	}
}

// broken returns the error that reading a sample's units ends in.
func broken(sample []byte, size int) error {
	for _, err := range bitstream.Units(sample, size) {
		if err != nil {
			return err
		}
	}
	return nil
}
