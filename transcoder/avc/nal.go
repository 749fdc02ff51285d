package avc

import (
	"fmt"

	"subclip/transcoder/bitstream"
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
	end := 0
	for nal, err := range bitstream.Units(sample, lengthSize) {
		if err != nil {
			return err
		}
		end += lengthSize + len(nal)
		if err := do(nal, end); err != nil {
			return err
		}
	}
	return nil
}

// escape returns a unit with emulation prevention, which must not end in a zero
// either (7.4.1).
func escape(data []byte) []byte {
	out := bitstream.Escape(make([]byte, 0, len(data)+len(data)/64+1), data)
	if n := len(out); n > 0 && out[n-1] == 0 {
		out = append(out, 3)
	}
	return out
}
