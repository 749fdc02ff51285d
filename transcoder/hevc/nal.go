package hevc

import (
	"errors"
	"iter"

	ff "github.com/Eyevinn/mp4ff/hevc"

	"subclip/transcoder/bitstream"
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

// units are the NAL units in a sample. An error ends them.
func units(sample []byte, lengthSize int) iter.Seq2[nal, error] {
	return func(yield func(nal, error) bool) {
		for unit, err := range bitstream.Units(sample, lengthSize) {
			if err == nil && len(unit) < headerSize {
				err = errors.New("a unit without a header")
			}
			if !yield(unit, err) || err != nil {
				return
			}
		}
	}
}
