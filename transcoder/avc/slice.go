package avc

import "errors"

// Kinds of slices (table 7-6), which may be told plus 5.
const (
	sliceP = iota
	sliceB
	sliceI
	sliceSP
	kinds = 5
)

// start is the beginning of a slice header (7.3.3), up to the picture order.
type start struct {
	sps *SPS
	pps *PPS

	nal           byte // the unit's header
	idr           bool
	firstMB, kind uint32
	frameNum      uint32
	field, bottom bool
	lsb           uint32 // pic_order_cnt_lsb, with type 0
	deltaBottom   int32  // of the bottom field from the top one
}

// readStart reads a slice's beginning from an unescaped unit.
func (p *Params) readStart(r *bitReader) (start, error) {
	s := start{nal: r.Data[0]}
	s.idr = nalType(r.Data) == nalIDR
	r.At = 8
	s.firstMB, s.kind = r.UE(), r.UE()
	var err error
	if s.sps, s.pps, err = p.of(r.UE()); err != nil {
		return s, err
	}
	if s.sps.SeparatePlanes {
		r.bits(2)
	}
	s.frameNum = r.bits(s.sps.Log2FrameNum)
	if !s.sps.FrameMBsOnly {
		if s.field = r.Flag(); s.field {
			s.bottom = r.Flag()
		}
	}
	if s.idr {
		r.UE() // idr_pic_id
	}
	if s.sps.POCType == 0 {
		s.lsb = r.bits(s.sps.Log2POC)
		if s.pps.BottomPOC && !s.field {
			s.deltaBottom = r.se()
		}
	}
	if r.Short {
		return s, errors.New("a slice is cut short")
	}
	return s, nil
}

// intra is whether the slice needs no other picture; SI slices do not count.
func (s *start) intra() bool { return s.kind%kinds == sliceI }

// order is the picture's place in display order among its neighbours: that of
// the field shown first.
func (s *start) order() int64 { return int64(s.lsb) + min(0, int64(s.deltaBottom)) }
