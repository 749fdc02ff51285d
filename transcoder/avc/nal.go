package avc

import (
	"encoding/binary"
	"fmt"
)

// Types of NAL units (table 7-1).
const (
	nalSlice      = 1
	nalPartitionA = 2
	nalIDR        = 5
	nalSEI        = 6
	nalSPS        = 7
	nalPPS        = 8
	nalDelimiter  = 9
)

func nalType(nal []byte) int { return int(nal[0] & 0x1f) }

// reference is whether later pictures may be predicted from this one.
func reference(nal []byte) bool { return nal[0]&0x60 != 0 }

// eachNAL calls do with each unit of a sample, and where in the sample it ends,
// until do returns an error.
func eachNAL(sample []byte, lengthSize int, do func(nal []byte, end int) error) error {
	if lengthSize != 1 && lengthSize != 2 && lengthSize != 4 {
		return fmt.Errorf("the lengths of units take %d bytes", lengthSize)
	}
	for at := 0; at < len(sample); {
		if len(sample)-at < lengthSize {
			return fmt.Errorf("%d bytes too many at the end of a sample", len(sample)-at)
		}
		length := uint32(0)
		for _, b := range sample[at : at+lengthSize] {
			length = length<<8 | uint32(b)
		}
		at += lengthSize
		if length == 0 || int64(length) > int64(len(sample)-at) {
			return fmt.Errorf("a unit of %d bytes in a sample with %d left", length, len(sample)-at)
		}
		end := at + int(length)
		if err := do(sample[at:end], end); err != nil {
			return err
		}
		at = end
	}
	return nil
}

// appendNAL appends a unit with its length.
func appendNAL(sample, nal []byte, lengthSize int) ([]byte, error) {
	if uint64(len(nal)) >= 1<<(8*lengthSize) {
		return nil, fmt.Errorf("a unit of %d bytes is too long for lengths of %d bytes", len(nal), lengthSize)
	}
	var length [4]byte
	binary.BigEndian.PutUint32(length[:], uint32(len(nal))) //nolint:gosec // it is less than 2^32
	return append(append(sample, length[4-lengthSize:]...), nal...), nil
}

// unescape returns a unit without emulation prevention (7.4.1).
func unescape(nal []byte) []byte {
	out := make([]byte, 0, len(nal))
	zeros := 0
	for _, b := range nal {
		if zeros >= 2 && b == 3 {
			zeros = 0
			continue
		}
		out = append(out, b)
		if b == 0 {
			zeros++
		} else {
			zeros = 0
		}
	}
	return out
}

// escape returns a unit with emulation prevention: no two zero bytes are followed
// by one less than 4, and it does not end in a zero.
func escape(data []byte) []byte {
	out := make([]byte, 0, len(data)+len(data)/64+1)
	zeros := 0
	for _, b := range data {
		if zeros >= 2 && b <= 3 {
			out, zeros = append(out, 3), 0
		}
		out = append(out, b)
		if b == 0 {
			zeros++
		} else {
			zeros = 0
		}
	}
	if zeros > 0 {
		out = append(out, 3)
	}
	return out
}
