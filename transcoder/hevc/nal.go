package hevc

import (
	"errors"
	"fmt"
	"iter"

	ff "github.com/Eyevinn/mp4ff/hevc"
)

// headerSize is how long the header of a NAL unit is.
const headerSize = 2

// nal is a NAL unit: its header, then its payload with emulation prevention.
type nal []byte

func (n nal) kind() ff.NaluType { return ff.GetNaluType(n[0]) }

// layer is 0 for all but the further views and resolutions of scalable coding.
func (n nal) layer() byte { return n[0]&1<<5 | n[1]>>3 }

// picture reports whether the unit is a slice segment of the base layer.
func (n nal) picture() bool { return ff.IsVideoNaluType(n.kind()) && n.layer() == 0 }

// irap reports whether decoding can begin at the unit's picture.
func (n nal) irap() bool { return n.kind() >= ff.NALU_BLA_W_LP && n.kind() <= ff.NALU_IRAP_VCL23 }

// units are the NAL units in a sample, each after its length. An error ends them.
func units(sample []byte, lengthSize int) iter.Seq2[nal, error] {
	return func(yield func(nal, error) bool) {
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
			if length < headerSize || length > uint64(len(rest)) {
				yield(nil, fmt.Errorf("a unit of %d bytes in a sample with %d left", length, len(rest)))
				return
			}
			if !yield(nal(rest[:length]), nil) {
				return
			}
			rest = rest[length:]
		}
	}
}

// appendUnit appends a NAL unit after its length.
func appendUnit(sample []byte, n nal, lengthSize int) ([]byte, error) {
	if uint64(len(n)) >= 1<<(8*lengthSize) {
		return nil, fmt.Errorf("a unit of %d bytes does not fit a length of %d bytes", len(n), lengthSize)
	}
	for i := lengthSize - 1; i >= 0; i-- {
		sample = append(sample, byte(len(n)>>(8*i))) //nolint:gosec // cut on purpose
	}
	return append(sample, n...), nil
}
