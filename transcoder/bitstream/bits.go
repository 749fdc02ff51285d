package bitstream

import "math/bits"

// maxGolomb is how many zeros an Exp-Golomb code of 32 bits can begin with.
const maxGolomb = 31

// Reader reads bits of a unit whose emulation prevention is undone. Past the end it
// reads zeros, and Short tells.
type Reader struct {
	Data  []byte
	At    int // bits read
	Short bool
}

// Bits reads an unsigned number of at most 64 bits.
func (r *Reader) Bits(n int) uint64 {
	var v uint64
	for range n {
		v <<= 1
		if i := r.At / 8; i < len(r.Data) {
			v |= uint64(r.Data[i]>>(7-r.At%8)) & 1
		} else {
			r.Short = true
		}
		r.At++
	}
	return v
}

// Flag reads one bit.
func (r *Reader) Flag() bool { return r.Bits(1) == 1 }

// UE reads an Exp-Golomb code, ue(v) of the standards.
func (r *Reader) UE() uint32 {
	zeros := 0
	for !r.Flag() {
		if zeros++; zeros > maxGolomb || r.Short {
			r.Short = true
			return 0
		}
	}
	return 1<<zeros - 1 + uint32(r.Bits(zeros)) //nolint:gosec // at most 31 bits
}

// End is where the last bit lies that is set, the one that ends a payload; -1 where
// there is none.
func (r *Reader) End() int {
	for i := len(r.Data) - 1; i >= 0; i-- {
		if b := r.Data[i]; b != 0 {
			return 8*i + 7 - bits.TrailingZeros8(b)
		}
	}
	return -1
}

// Writer appends bits to Data, of which what is there already is whole bytes.
type Writer struct {
	Data []byte
	free int // bits of the last byte that are not yet written
}

// Bits writes the lowest n bits of v.
func (w *Writer) Bits(v uint64, n int) {
	for n > 0 {
		if w.free == 0 {
			w.Data, w.free = append(w.Data, 0), 8
		}
		take := min(n, w.free)
		n -= take
		w.free -= take
		part := byte(v>>n) & (1<<take - 1) //nolint:gosec // cut on purpose
		w.Data[len(w.Data)-1] |= part << w.free
	}
}

// Flag writes one bit.
func (w *Writer) Flag(v bool) {
	bit := uint64(0)
	if v {
		bit = 1
	}
	w.Bits(bit, 1)
}

// UE writes an Exp-Golomb code.
func (w *Writer) UE(v uint32) { w.Bits(uint64(v)+1, UELength(uint64(v))) }

// UELength is how many bits the Exp-Golomb code of a number has.
func UELength(v uint64) int { return 2*bits.Len64(v+1) - 1 }

// Copy appends the bits of data from one place to another.
func (w *Writer) Copy(data []byte, from, to int) {
	for from < to && from%8 != 0 {
		w.Bits(uint64(data[from/8]>>(7-from%8)), 1)
		from++
	}
	if whole := (to - from) / 8; w.free == 0 && whole > 0 {
		w.Data = append(w.Data, data[from/8:from/8+whole]...)
		from += 8 * whole
	}
	for ; to-from >= 8; from += 8 {
		w.Bits(uint64(data[from/8]), 8)
	}
	for ; from < to; from++ {
		w.Bits(uint64(data[from/8]>>(7-from%8)), 1)
	}
}

// Align fills the last byte with ones or zeros.
func (w *Writer) Align(one bool) {
	for w.free > 0 {
		w.Flag(one)
	}
}
