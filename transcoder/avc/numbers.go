package avc

import (
	"errors"
	"slices"
)

// number is a picture's frame_num, as if that had no highest value, and what the
// picture says of other references.
type number struct {
	num  int64
	mark marking
	key  bool // needs no other picture
}

// numbering finds frame_num for a head.
//
// Numbers that are left out stand for empty frames, which a decoder holds like
// references. Pictures of the master may strike off by number what was decoded
// before the joint; each such number must be there then, or strict decoders stop.
// In most streams the empty frames before the joint are the right ones. In others
// (x264 with references among its B pictures) only every other number is still
// held. There the numbers are left out earlier, and the head's last pictures
// strike off the empty frames that must not be there.
type numbering struct {
	pictures int   // of the head
	next     int64 // the master's number, unwrapped so that the head's lie below
	highest  int64 // of the counter, plus one
	most     int   // references
	ordered  bool  // the place in display order is told by the numbers (type 2)
	needed   []int64
	after    []number // reference pictures from next on, as far as they are known
}

func newNumbering(pictures int, sps *SPS, copied []Picture) (*numbering, error) {
	n := &numbering{pictures: pictures, highest: 1 << sps.Log2FrameNum, most: max(1, int(sps.RefFrames)), ordered: sps.POCType == 2}
	n.next = int64(copied[0].FrameNum)
	for n.next < int64(pictures)+2*maxRefs {
		n.next += n.highest
	}
	last := n.next
	for i, p := range copied {
		switch {
		case i == 0 && p.Field: // fields are struck off one by one, which is not followed
			n.after = []number{{num: last}}
			return n, nil
		case p.Kind == IDR || p.Field || p.mark.reset:
			return n, nil
		case !p.Reference:
			continue
		case !p.markKnown || p.mark.longTerm:
			return nil, errors.New("the master's pictures after a joint use long-term references")
		}
		last += mod(int64(p.FrameNum)-last, n.highest)
		for _, back := range p.mark.remove {
			if num := last - back; num < n.next {
				n.needed = append(n.needed, num)
			}
		}
		n.after = append(n.after, number{num: last, mark: p.mark})
	}
	return n, nil
}

// find returns the head's numbers.
func (n *numbering) find() ([]number, error) {
	plain := make([]number, n.pictures)
	for i := range plain {
		plain[i].num = int64(i)
	}
	plain[0].key = true
	if n.holds(plain) {
		return plain, nil
	}
	if row := n.row(); n.ordered && n.holds(row) {
		return row, nil
	}
	for back := int64(1); back <= 2*maxRefs; back++ {
		if tail := n.tail(n.next - back); tail != nil && len(tail) < n.pictures {
			all := slices.Concat(plain[:n.pictures-len(tail)], tail)
			if n.holds(all) {
				return all, nil
			}
		}
	}
	return nil, errors.New("no numbers fit the pictures before the master's")
}

// holds is whether a decoder can follow the head's numbers and the master's.
func (n *numbering) holds(head []number) bool {
	d := refs{most: n.most, held: []int64{0}}
	before := head[0].num
	for _, p := range slices.Concat(head[1:], n.after) {
		step := mod(p.num-before, n.highest)
		// ffmpeg does not see that numbers wrapped among those left out.
		unseen := n.ordered && step > 1 && mod(p.num, n.highest) < mod(before, n.highest)
		if step == 0 || unseen || !d.add(d.last+step, p.mark) {
			return false
		}
		before = p.num
	}
	return true
}

// row numbers all pictures but the first up to the master's without a gap.
func (n *numbering) row() []number {
	row := make([]number, n.pictures)
	row[0].key = true
	for i := 1; i < n.pictures; i++ {
		row[i] = number{num: n.next - int64(n.pictures-i), key: i == 1}
	}
	return row
}

// tail numbers the pictures at a head's end, the first with from, so that the
// numbers needed are held. It is nil where that cannot be.
func (n *numbering) tail(from int64) []number {
	d := refs{most: n.most, last: from - int64(n.most) - 1}
	var tail []number
	for num := from; num < n.next; num++ {
		d.gap(num)
		losing := len(d.held) == n.most && slices.Contains(n.needed, d.held[0])
		if len(tail) > 0 && !losing {
			continue
		}
		if len(tail) > 0 && !slices.Contains(d.held, tail[len(tail)-1].num) {
			return nil // it cannot be predicted from the one before
		}
		p := number{num: num, key: len(tail) == 0, mark: marking{adaptive: true}}
		for _, held := range d.held {
			if !slices.Contains(n.needed, held) {
				p.mark.remove = append(p.mark.remove, num-held)
			}
		}
		if !d.add(num, p.mark) {
			return nil
		}
		tail = append(tail, p)
	}
	return tail
}
