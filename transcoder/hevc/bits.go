package hevc

import (
	"errors"
	"math/bits"
)

var errShort = errors.New("it ends too early")

// reader reads bits of a unit's payload, emulation prevention undone. Past the end
// it reads zeros; err tells.
type reader struct {
	data []byte
	at   int // bits read
	bad  bool
}

// bits reads an unsigned number of at most 64 bits.
func (r *reader) bits(n int) uint64 {
	var v uint64
	for range n {
		v <<= 1
		if i := r.at / 8; i < len(r.data) {
			v |= uint64(r.data[i]>>(7-r.at%8)) & 1
		} else {
			r.bad = true
		}
		r.at++
	}
	return v
}

func (r *reader) flag() bool { return r.bits(1) == 1 }

// ue reads an Exp-Golomb code, ue(v) of the standard.
func (r *reader) ue() uint {
	zeros := 0
	for !r.flag() {
		if zeros++; zeros > 31 || r.bad {
			r.bad = true
			return 0
		}
	}
	return uint(1)<<zeros - 1 + uint(r.bits(zeros))
}

// skip reads n Exp-Golomb codes, signed or not.
func (r *reader) skip(n int) {
	for range n {
		r.ue()
	}
}

// end is where the payload ends: before the last bit that is set.
func (r *reader) end() int {
	for i := len(r.data) - 1; i >= 0; i-- {
		if b := r.data[i]; b != 0 {
			return 8*i + 7 - bits.TrailingZeros8(b)
		}
	}
	return 0
}

func (r *reader) err() error {
	if r.bad {
		return errShort
	}
	return nil
}

// writer writes bits.
type writer struct {
	data []byte
	at   int
}

// bits writes the lowest n bits of v.
func (w *writer) bits(v uint64, n int) {
	for n > 0 {
		if w.at%8 == 0 {
			w.data = append(w.data, 0)
		}
		take := min(n, 8-w.at%8)
		n -= take
		part := byte(v>>n) & (1<<take - 1) //nolint:gosec // cut on purpose
		w.data[len(w.data)-1] |= part << (8 - w.at%8 - take)
		w.at += take
	}
}

func (w *writer) ue(v uint) {
	w.bits(uint64(v)+1, ueLength(v))
}

// copy copies what a reader has left up to a place.
func (w *writer) copy(r *reader, end int) {
	for r.at < end && (r.at%8 != 0 || w.at%8 != 0) {
		w.bits(r.bits(1), 1)
	}
	if whole := (end - r.at) / 8; whole > 0 {
		w.data = append(w.data, r.data[r.at/8:r.at/8+whole]...)
		r.at, w.at = r.at+8*whole, w.at+8*whole
	}
	for r.at < end {
		w.bits(r.bits(1), 1)
	}
}

// ueLength is how many bits an Exp-Golomb code has.
func ueLength(v uint) int {
	length := 1
	for v++; v > 1; v >>= 1 {
		length += 2
	}
	return length
}

// unescape undoes emulation prevention: of 00 00 03 the 03 is left out.
func unescape(data []byte) []byte {
	plain := make([]byte, 0, len(data))
	zeros := 0
	for _, b := range data {
		if zeros >= 2 && b == 3 {
			zeros = 0
			continue
		}
		if plain = append(plain, b); b == 0 {
			zeros++
		} else {
			zeros = 0
		}
	}
	return plain
}

// escape adds emulation prevention.
func escape(to, plain []byte) []byte {
	zeros := 0
	for _, b := range plain {
		if zeros >= 2 && b <= 3 {
			to = append(to, 3)
			zeros = 0
		}
		if to = append(to, b); b == 0 {
			zeros++
		} else {
			zeros = 0
		}
	}
	return to
}
