package avc

import (
	"errors"

	"subclip/transcoder/bitstream"
)

// PPS is what joining needs to know of a picture parameter set.
type PPS struct {
	ID, SPS uint32

	CABAC        bool
	BottomPOC    bool      // slices tell the bottom field's place by itself
	SliceGroups  bool      // where true, nothing after is read
	DefaultRefs  [2]uint32 // of each list
	WeightedPred bool
	WeightedB    bool // slices of B pictures hold weights
	Deblocking   bool // slices say how they are smoothed
	Redundant    bool // slices may be spare ones

	Extended      bool // has the part that High profiles added
	Transform8x8  bool
	ScalingMatrix bool // where true, what follows is not read

	chromaQP, secondChromaQP int32
	afterIDs, base, stop     int // bits of the unescaped unit: where parts begin
}

// ParsePPS reads a picture parameter set, a unit with its header byte and
// emulation prevention.
func ParsePPS(nal []byte) (PPS, error) {
	if len(nal) == 0 || nalType(nal) != nalPPS {
		return PPS{}, errors.New("not a picture parameter set")
	}
	r := &bitReader{bitstream.Reader{Data: bitstream.Unescape(nal), At: 8}}
	p := PPS{ID: r.UE(), SPS: r.UE(), afterIDs: r.At, stop: r.End()}
	p.read(r)
	switch {
	case r.Short || p.stop < r.At:
		return PPS{}, errors.New("a picture parameter set is cut short")
	case p.ID > maxPPS || p.SPS > maxSPS || max(p.DefaultRefs[0], p.DefaultRefs[1]) > 2*maxRefs:
		return PPS{}, errors.New("a picture parameter set holds what cannot be")
	}
	return p, nil
}

func (p *PPS) read(r *bitReader) {
	p.CABAC = r.Flag()
	p.BottomPOC = r.Flag()
	if p.SliceGroups = r.UE() > 0; p.SliceGroups {
		return
	}
	p.DefaultRefs = [2]uint32{min(r.UE(), 2*maxRefs) + 1, min(r.UE(), 2*maxRefs) + 1}
	p.WeightedPred = r.Flag()
	p.WeightedB = r.bits(2) == 1
	r.se() // where quantisers begin
	r.se()
	p.chromaQP = r.se()
	p.secondChromaQP = p.chromaQP
	p.Deblocking = r.Flag()
	r.Flag() // constrained_intra_pred_flag
	p.Redundant = r.Flag()
	p.base = r.At
	if p.Extended = r.At < p.stop; !p.Extended {
		return
	}
	p.Transform8x8 = r.Flag()
	if p.ScalingMatrix = r.Flag(); !p.ScalingMatrix {
		p.secondChromaQP = r.se()
	}
}

// renumber returns the unit with another number, belonging to another sequence
// parameter set. Where that one has a scaling matrix, flat says to declare that
// these pictures have none.
func (p *PPS) renumber(nal []byte, id uint32, to *SPS, flat bool) []byte {
	data := bitstream.Unescape(nal)
	w := &bitWriter{bitstream.Writer{Data: []byte{nal[0]}}}
	w.UE(id)
	w.UE(to.ID)
	if !flat {
		w.Copy(data, p.afterIDs, p.stop)
		w.trail()
		return escape(w.Data)
	}
	w.Copy(data, p.afterIDs, p.base)
	w.Flag(p.Transform8x8)
	w.Flag(true)
	for range scalingLists(to.ChromaFormat, p.Transform8x8) {
		// Each weight is told as the difference from the one before, of which the
		// first is 8; one of 0 says that the rest are as the last.
		w.Flag(true)
		w.se(16 - 8)
		w.se(0 - 16)
	}
	w.se(p.secondChromaQP)
	w.trail()
	return escape(w.Data)
}
