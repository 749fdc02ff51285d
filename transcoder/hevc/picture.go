package hevc

import (
	"errors"

	ff "github.com/Eyevinn/mp4ff/hevc"

	"subclip/transcoder/bitstream"
)

// Kind says what a picture needs to be decoded.
type Kind int

// The kinds of picture.
const (
	// Trailing pictures need some before them. Reserved kinds count as such.
	Trailing Kind = iota
	// IDR pictures need no other, nor does anything after them need one before.
	IDR
	// CRA pictures need no other; their RASL pictures need some before.
	CRA
	// BLA pictures are CRA pictures after which RASL pictures cannot be decoded.
	BLA
	// RADL pictures lead an entry, are shown before it, and need it and each other.
	RADL
	// RASL pictures lead a CRA picture, are shown before it, and may need pictures
	// before it: they are lost when decoding begins there.
	RASL
)

// Entry reports whether decoding can begin at such a picture.
func (k Kind) Entry() bool { return k == IDR || k == CRA || k == BLA }

// Leading reports whether such a picture is shown before the entry it follows.
func (k Kind) Leading() bool { return k == RADL || k == RASL }

// Picture is what a sample's first slice tells of its picture.
type Picture struct {
	Kind Kind
	PPS  int // the picture parameter set it is coded with
}

// Inspect looks at the picture in a sample. It reads no more than the units'
// lengths up to the first slice, and that one's beginning.
func (c *Config) Inspect(sample []byte) (Picture, error) {
	for n, err := range units(sample, c.LengthSize()) {
		if err != nil {
			return Picture{}, err
		}
		if !n.picture() {
			continue
		}
		const enough = 16
		r := reader{bitstream.Reader{Data: bitstream.Unescape(n[headerSize:min(len(n), headerSize+enough)])}}
		pps, err := readSlice(&r, n)
		return Picture{kindOf(n.kind()), int(pps)}, err
	}
	return Picture{}, errors.New("a sample without a picture")
}

func kindOf(t ff.NaluType) Kind {
	switch t {
	case ff.NALU_IDR_W_RADL, ff.NALU_IDR_N_LP:
		return IDR
	case ff.NALU_CRA:
		return CRA
	case ff.NALU_BLA_W_LP, ff.NALU_BLA_W_RADL, ff.NALU_BLA_N_LP:
		return BLA
	case ff.NALU_RADL_N, ff.NALU_RADL_R:
		return RADL
	case ff.NALU_RASL_N, ff.NALU_RASL_R:
		return RASL
	}
	return Trailing
}

// readSlice reads a slice segment's header up to the number of its picture
// parameter set, and returns that.
func readSlice(r *reader, n nal) (pps uint, err error) {
	r.Flag() // first_slice_segment_in_pic_flag
	if n.irap() {
		r.Flag() // no_output_of_prior_pics_flag
	}
	pps = r.ue()
	if pps > maxPPS {
		return 0, errors.New("a slice with a picture parameter set above 63")
	}
	return pps, r.err()
}
