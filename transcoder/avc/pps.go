package avc

import "errors"

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
	r := &bitReader{data: unescape(nal), pos: 8}
	p := PPS{ID: r.ue(), SPS: r.ue(), afterIDs: r.pos, stop: r.stop()}
	p.read(r)
	switch {
	case r.over || p.stop < r.pos:
		return PPS{}, errors.New("a picture parameter set is cut short")
	case p.ID > maxPPS || p.SPS > maxSPS || max(p.DefaultRefs[0], p.DefaultRefs[1]) > 2*maxRefs:
		return PPS{}, errors.New("a picture parameter set holds what cannot be")
	}
	return p, nil
}

func (p *PPS) read(r *bitReader) {
	p.CABAC = r.flag()
	p.BottomPOC = r.flag()
	if p.SliceGroups = r.ue() > 0; p.SliceGroups {
		return
	}
	p.DefaultRefs = [2]uint32{min(r.ue(), 2*maxRefs) + 1, min(r.ue(), 2*maxRefs) + 1}
	p.WeightedPred = r.flag()
	p.WeightedB = r.bits(2) == 1
	r.se() // where quantisers begin
	r.se()
	p.chromaQP = r.se()
	p.secondChromaQP = p.chromaQP
	p.Deblocking = r.flag()
	r.flag() // constrained_intra_pred_flag
	p.Redundant = r.flag()
	p.base = r.pos
	if p.Extended = r.pos < p.stop; !p.Extended {
		return
	}
	p.Transform8x8 = r.flag()
	if p.ScalingMatrix = r.flag(); !p.ScalingMatrix {
		p.secondChromaQP = r.se()
	}
}

// renumber returns the unit with another number, belonging to another sequence
// parameter set. Where that one has a scaling matrix, flat says to declare that
// these pictures have none.
func (p *PPS) renumber(nal []byte, id uint32, to *SPS, flat bool) []byte {
	data := unescape(nal)
	w := &bitWriter{data: []byte{nal[0]}}
	w.ue(id)
	w.ue(to.ID)
	if !flat {
		w.copy(data, p.afterIDs, p.stop)
		w.trail()
		return escape(w.data)
	}
	w.copy(data, p.afterIDs, p.base)
	w.flag(p.Transform8x8)
	w.flag(true)
	for range scalingLists(to.ChromaFormat, p.Transform8x8) {
		// Each weight is told as the difference from the one before, of which the
		// first is 8; one of 0 says that the rest are as the last.
		w.flag(true)
		w.se(16 - 8)
		w.se(0 - 16)
	}
	w.se(p.secondChromaQP)
	w.trail()
	return escape(w.data)
}
