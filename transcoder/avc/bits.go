package avc

import "math/bits"

// maxGolomb is how many zeros an Exp-Golomb code of 32 bits can begin with.
const maxGolomb = 31

// bitReader reads bits and the standard's codes (9.1). Past the end it reads
// zeros and remembers that it did.
type bitReader struct {
	data []byte
	pos  int // in bits
	over bool
}

func (r *bitReader) bits(n int) uint32 {
	var v uint32
	for range n {
		v <<= 1
		if r.pos >= 8*len(r.data) {
			r.over = true
			continue
		}
		v |= uint32(r.data[r.pos/8]>>(7-r.pos%8)) & 1
		r.pos++
	}
	return v
}

func (r *bitReader) flag() bool { return r.bits(1) == 1 }

func (r *bitReader) ue() uint32 {
	zeros := 0
	for !r.flag() {
		zeros++
		if r.over || zeros > maxGolomb {
			r.over = true
			return 0
		}
	}
	return 1<<zeros - 1 + r.bits(zeros)
}

func (r *bitReader) se() int32 {
	v := r.ue()
	half := int32(v >> 1)
	if v&1 == 1 {
		return half + 1
	}
	return -half
}

// stop is where the last set bit is, the one that ends a unit's payload (7.3.2.11),
// or -1.
func (r *bitReader) stop() int {
	for i := len(r.data) - 1; i >= 0; i-- {
		if b := r.data[i]; b != 0 {
			return 8*i + 7 - bits.TrailingZeros8(b)
		}
	}
	return -1
}

// bitWriter appends bits and codes.
type bitWriter struct {
	data []byte
	free int // bits of the last byte that are not yet written
}

func (w *bitWriter) bits(v uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.free == 0 {
			w.data, w.free = append(w.data, 0), 8
		}
		w.free--
		w.data[len(w.data)-1] |= byte(v>>i&1) << w.free
	}
}

func (w *bitWriter) flag(v bool) {
	if v {
		w.bits(1, 1)
		return
	}
	w.bits(0, 1)
}

// ue writes a number below 2^32-1.
func (w *bitWriter) ue(v uint32) {
	n := bits.Len32(v + 1)
	w.bits(0, n-1)
	w.bits(v+1, n)
}

func (w *bitWriter) se(v int32) {
	if v > 0 {
		w.ue(uint32(v)*2 - 1)
		return
	}
	w.ue(uint32(-v) * 2)
}

// copy appends the bits of data from one place to another.
func (w *bitWriter) copy(data []byte, from, to int) {
	for from < to && from%8 != 0 {
		w.bits(uint32(data[from/8]>>(7-from%8)), 1)
		from++
	}
	for ; to-from >= 8; from += 8 {
		w.byte(data[from/8])
	}
	for ; from < to; from++ {
		w.bits(uint32(data[from/8]>>(7-from%8)), 1)
	}
}

func (w *bitWriter) byte(b byte) {
	if w.free > 0 {
		w.data[len(w.data)-1] |= b >> (8 - w.free)
	}
	if w.free < 8 {
		w.data = append(w.data, b<<w.free)
	}
}

// align fills the last byte with ones or zeros.
func (w *bitWriter) align(one bool) {
	for w.free > 0 {
		w.flag(one)
	}
}

// trail ends a payload: a one, and zeros to the byte's end (7.3.2.11).
func (w *bitWriter) trail() {
	w.flag(true)
	w.align(false)
}
