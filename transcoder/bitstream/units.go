// Package bitstream is what H.264 and H.265 have in common below their own syntax
// (ITU-T H.264 and H.265, 7.2 and 9; ISO/IEC 14496-15): samples as units after their
// lengths, emulation prevention, and the bits and Exp-Golomb codes inside.
//
// Masters are hostile: whatever the bytes, reading ends, in time and memory in
// proportion to their number.
package bitstream

import (
	"errors"
	"fmt"
	"iter"
)

// Units are the NAL units of a sample, each after a length of lengthSize bytes; none
// is empty. An error ends them.
func Units(sample []byte, lengthSize int) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for rest := sample; len(rest) > 0; {
			if len(rest) < lengthSize {
				yield(nil, errors.New("a sample ends within a length"))
				return
			}
			length := uint64(0)
			for _, b := range rest[:lengthSize] {
				length = length<<8 | uint64(b)
			}
			rest = rest[lengthSize:]
			if length == 0 || length > uint64(len(rest)) {
				yield(nil, fmt.Errorf("a unit of %d bytes in a sample with %d left", length, len(rest)))
				return
			}
			if !yield(rest[:length], nil) {
				return
			}
			rest = rest[length:]
		}
	}
}

// AppendUnit appends a unit after its length, or says that it is too long for that.
func AppendUnit(sample, unit []byte, lengthSize int) ([]byte, error) {
	if uint64(len(unit)) >= 1<<(8*lengthSize) {
		return nil, fmt.Errorf("a unit of %d bytes is too long for lengths of %d bytes", len(unit), lengthSize)
	}
	for i := lengthSize - 1; i >= 0; i-- {
		sample = append(sample, byte(len(unit)>>(8*i))) //nolint:gosec // cut on purpose
	}
	return append(sample, unit...), nil
}

// Unescape undoes emulation prevention: of 00 00 03 the 03 is left out.
func Unescape(data []byte) []byte {
	plain := make([]byte, 0, len(data))
	zeros := 0
	for _, b := range data {
		if zeros >= 2 && b == 3 {
			zeros = 0
			continue
		}
		plain = append(plain, b)
		zeros = zerosAfter(zeros, b)
	}
	return plain
}

// Escape appends data with emulation prevention: no two zero bytes of it are followed
// by one less than 4.
func Escape(to, plain []byte) []byte {
	zeros := 0
	for _, b := range plain {
		if zeros >= 2 && b <= 3 {
			to, zeros = append(to, 3), 0
		}
		to = append(to, b)
		zeros = zerosAfter(zeros, b)
	}
	return to
}

func zerosAfter(zeros int, b byte) int {
	if b == 0 {
		return zeros + 1
	}
	return 0
}
