package avc

import "errors"

// header is a slice's header up to the reference marking, as places of its parts
// in the unescaped unit.
type header struct {
	start
	refs  [2]int  // how many pictures it may be predicted from, by list
	named [2]bool // some of them are named, by list

	afterOrder int // bit after the picture order
	lists      int // bit where ref_pic_list_modification is
	afterLists int
	marking    int // bit where dec_ref_pic_marking is
	mark       marking
	end        int // bit after it
}

// readHeader reads a slice's header up to the reference marking.
func (p *Params) readHeader(r *bitReader) (header, error) {
	s, err := p.readStart(r)
	if err != nil {
		return header{}, err
	}
	h := header{start: s, afterOrder: r.At}
	switch {
	case s.sps.POCType == 1:
		return h, errors.New("a slice has a picture order of type 1")
	case s.pps.SliceGroups || s.pps.Redundant:
		return h, errors.New("a picture has groups of slices, or spare ones")
	}
	if err := h.readReferences(r); err != nil {
		return h, err
	}
	h.marking = r.At
	if reference(r.Data) {
		h.mark = readMarking(r, h.idr)
	}
	h.end = r.At
	if r.Short {
		return h, errors.New("a slice is cut short")
	}
	return h, nil
}

// predicted returns how many lists of references the slice has.
func (s *start) predicted() int {
	switch s.kind % kinds {
	case sliceP, sliceSP:
		return 1
	case sliceB:
		return 2
	}
	return 0
}

func (h *header) readReferences(r *bitReader) error {
	lists := h.predicted()
	if lists == 2 {
		r.Flag() // direct_spatial_mv_pred_flag
	}
	own := lists > 0 && r.Flag()
	for list := range lists {
		h.refs[list] = int(h.pps.DefaultRefs[list])
		if own {
			h.refs[list] = int(min(r.UE(), 2*maxRefs)) + 1
		}
		if h.refs[list] > 2*maxRefs {
			return errors.New("a slice has too many references")
		}
	}
	h.lists = r.At
	for list := range lists {
		if h.named[list] = r.Flag(); h.named[list] {
			skipList(r)
		}
	}
	h.afterLists = r.At
	if lists == 1 && h.pps.WeightedPred || lists == 2 && h.pps.WeightedB {
		h.skipWeights(r, lists)
	}
	return nil
}

// Codes of ref_pic_list_modification (table 7-7).
const (
	listLess = 0
	listEnd  = 3
)

// skipList passes over references that are named one by one (7.3.3.1).
func skipList(r *bitReader) {
	for !r.Short && r.UE() != listEnd {
		r.UE()
	}
}

// skipWeights passes over pred_weight_table (7.3.3.2).
func (h *header) skipWeights(r *bitReader, lists int) {
	colour := h.sps.ChromaFormat != 0 && !h.sps.SeparatePlanes
	r.UE()
	if colour {
		r.UE()
	}
	for list := range lists {
		for range h.refs[list] {
			if r.Flag() {
				r.se()
				r.se()
			}
			if colour && r.Flag() {
				for range 4 {
					r.se()
				}
			}
		}
	}
}
