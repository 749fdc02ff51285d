package avc

import "slices"

// marking is what a reference picture says of others (dec_ref_pic_marking).
type marking struct {
	adaptive bool
	remove   []int64 // short-term references struck off, as distances of frame_num
	reset    bool    // all of them, and numbers begin anew
	longTerm bool    // some become long-term references, or cease to be
}

// Operations of dec_ref_pic_marking (table 7-9).
const (
	markEnd = iota
	markRemove
	markRemoveLong
	markKeepLong
	markLimitLong
	markReset
)

// readMarking reads dec_ref_pic_marking (7.3.3.3).
func readMarking(r *bitReader, idr bool) (m marking) {
	if idr {
		r.bits(1)
		m.longTerm = r.Flag()
		return m
	}
	m.adaptive = r.Flag()
	for m.adaptive && !r.Short {
		switch r.UE() {
		case markEnd:
			return m
		case markRemove:
			m.remove = append(m.remove, int64(r.UE())+1)
		case markReset:
			m.reset = true
		case markKeepLong: // two operands
			r.UE()
			r.UE()
			m.longTerm = true
		default:
			r.UE()
			m.longTerm = true
		}
	}
	return m
}

func (w *bitWriter) marking(m marking) {
	w.Flag(m.adaptive)
	if !m.adaptive {
		return
	}
	for _, back := range m.remove {
		w.UE(markRemove)
		w.UE(low(back-1, maxLog2+4))
	}
	w.UE(markEnd)
}

// refs are the frames that a decoder holds for reference, by frame_num as if it
// had no highest value, the lowest first.
type refs struct {
	most int
	held []int64
	last int64 // number of the last one, or of the last that was left out
}

// gap puts empty frames in for the numbers left out before num (8.2.5.2).
func (d *refs) gap(num int64) {
	for v := max(d.last+1, num-int64(d.most)); v < num; v++ {
		d.slide()
		d.held = append(d.held, v)
	}
	d.last = max(d.last, num-1)
}

// slide makes room for another frame (8.2.5.3).
func (d *refs) slide() {
	if len(d.held) >= d.most {
		d.held = slices.Delete(d.held, 0, 1)
	}
}

// add takes a reference frame; ok is whether what it says of others holds.
func (d *refs) add(num int64, m marking) (ok bool) {
	d.gap(num)
	if !m.adaptive {
		d.slide()
	}
	for _, back := range m.remove {
		i := slices.Index(d.held, num-back)
		if i < 0 {
			return false
		}
		d.held = slices.Delete(d.held, i, i+1)
	}
	if len(d.held) >= d.most {
		return false
	}
	d.held = append(d.held, num)
	d.last = num
	return true
}
