package avc

import (
	"errors"

	"subclip/transcoder/bitstream"
)

// Kind says how decoding can begin at a picture.
type Kind int

// The kinds of pictures.
const (
	// Other is a picture at which decoding cannot begin, or may not be right at once.
	Other Kind = iota
	// IDR is an instantaneous decoding refresh: what follows needs nothing before.
	IDR
	// Recovery is a picture of I slices that says of itself that all pictures shown
	// from it on are right if decoding begins here. Pictures that follow it in
	// decoding order but are shown before it (leading ones) may not be.
	Recovery
)

// Picture is what a sample holds: a frame, or both fields of one. Of an IDR
// picture only Kind, Reference, InBand and Changed are told.
type Picture struct {
	Kind      Kind
	Reference bool // other pictures may be predicted from it
	Intra     bool // the frame, or the field coded first, consists of I slices
	Field     bool // coded as fields

	// RecoveryFrames is how far frame_num must go on until pictures are right, -1
	// where the picture does not say that decoding can begin at it; Exact is
	// whether they are then the same to the bit.
	RecoveryFrames int
	Exact          bool

	FrameNum uint32
	POC      uint32 // pic_order_cnt_lsb, with type 0
	SPS, PPS uint32 // numbers of the parameter sets that it uses

	// InBand is how many bytes at the sample's beginning hold parameter sets, and
	// delimiters, and nothing else: a sample without them is the same picture. It is
	// 0 where the sample has no parameter sets and -1 where they are elsewhere. Changed is whether parameter sets in
	// the sample differ from those of the index, anywhere.
	InBand  int
	Changed bool

	first     start // of the first slice
	mark      marking
	markKnown bool // the first slice could be read so far
}

// headerBytes is enough of a slice to hold what is read of its header.
const headerBytes = 1 << 10

// Inspect tells what a sample holds, whose units have lengths of lengthSize bytes.
// It reads no more than the first bytes of each slice, and fails where these make
// no sense or no parameter sets are there for them.
func (p *Params) Inspect(sample []byte, lengthSize int) (Picture, error) {
	in := inspection{params: p, Picture: Picture{RecoveryFrames: -1, Intra: true}}
	if err := eachNAL(sample, lengthSize, in.unit); err != nil {
		return Picture{}, err
	}
	if !in.seen {
		return Picture{}, errors.New("a sample without a picture")
	}
	if in.Kind != IDR && in.Intra && in.RecoveryFrames == 0 {
		in.Kind = Recovery
	}
	return in.Picture, nil
}

type inspection struct {
	Picture
	params *Params
	seen   bool // a slice
	other  bool // a unit that is neither a parameter set nor a delimiter
	bottom bool // of the field coded first
}

func (in *inspection) unit(nal []byte, end int) error {
	switch nalType(nal) {
	case nalSPS, nalPPS:
		in.Changed = in.Changed || !in.params.has(nal)
		in.InBand = end
		if in.other {
			in.InBand = -1
		}
		return nil
	case nalDelimiter:
		return nil
	case nalSEI:
		if frames, exact, ok := readRecovery(nal); ok && !in.seen {
			in.RecoveryFrames, in.Exact = int(frames), exact
		}
	case nalIDR:
		in.Kind, in.seen = IDR, true
		in.Reference = true
	case nalSlice, nalPartitionA:
		if in.Kind != IDR { // the second field of an IDR picture need not be one
			in.other = true
			return in.slice(nal)
		}
	}
	in.other = true
	return nil
}

func (in *inspection) slice(nal []byte) error {
	r := &bitReader{bitstream.Reader{Data: bitstream.Unescape(nal[:min(len(nal), headerBytes)])}}
	s, err := in.params.readStart(r)
	if err != nil {
		return err
	}
	if !in.seen {
		in.seen, in.bottom = true, s.bottom
		in.Reference, in.Field = reference(nal), s.field
		in.FrameNum, in.POC, in.SPS, in.PPS = s.frameNum, s.lsb, s.sps.ID, s.pps.ID
		in.first = s
		if h, err := in.params.readHeader(r); err == nil {
			in.mark, in.markKnown = h.mark, true
		}
	}
	if s.bottom == in.bottom {
		in.Intra = in.Intra && s.intra()
	}
	return nil
}
