package avc

import "subclip/transcoder/bitstream"

// bitReader reads what H.264 is written in (7.2, 9.1).
type bitReader struct{ bitstream.Reader }

// bits reads a number of at most 32 bits.
func (r *bitReader) bits(n int) uint32 { return uint32(r.Bits(n)) } //nolint:gosec // of so few bits

func (r *bitReader) se() int32 {
	v := r.UE()
	half := int32(v >> 1)
	if v&1 == 1 {
		return half + 1
	}
	return -half
}

type bitWriter struct{ bitstream.Writer }

func (w *bitWriter) bits(v uint32, n int) { w.Bits(uint64(v), n) }

func (w *bitWriter) se(v int32) {
	if v > 0 {
		w.UE(uint32(v)*2 - 1)
		return
	}
	w.UE(uint32(-v) * 2)
}

// trail ends a payload: a one, and zeros to the byte's end (7.3.2.11).
func (w *bitWriter) trail() {
	w.Flag(true)
	w.Align(false)
}
