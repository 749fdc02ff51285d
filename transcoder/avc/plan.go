package avc

import "errors"

// Plan says how pictures are to be encoded that go before, and among the first of,
// copied pictures which begin at a recovery point.
type Plan struct {
	master  *Params
	sps     *SPS
	next    Picture
	leading []Picture
	numbers []number
	orders  []int64
}

// Plan plans a head of n pictures before copied ones. Of these, copied[0] is a
// recovery point, the next leading ones are those that are decoded after it and
// shown before it, each of which an encoded picture will replace; the rest are as
// many of those after it as are known, in decoding order, without any leading
// ones. Some 2 x RefFrames of them are enough.
//
// If none of the leading pictures is a reference, leading may be 0: they are then
// left out, and the head goes on up to copied[0]. Else the head ends where the
// leading ones begin. An error says why there is no way; there may be one with
// more pictures in the head.
func (p *Params) Plan(n int, copied []Picture, leading int) (*Plan, error) {
	if n < 1 || leading < 0 || len(copied) < 1+leading {
		return nil, errors.New("there are no pictures to join")
	}
	next := copied[0]
	sps := p.SPS(next.SPS)
	switch {
	case sps == nil || next.Kind == IDR || !next.Intra || !next.Reference:
		return nil, errors.New("the master's picture is not one that other pictures can be joined to")
	case sps.POCType == 1:
		return nil, errors.New("the master has a picture order of type 1")
	}
	plan := &Plan{master: p, sps: sps, next: next, leading: copied[1 : 1+leading]}
	numbering, err := newNumbering(n, sps, copied)
	if err != nil {
		return nil, err
	}
	if plan.numbers, err = numbering.find(); err != nil {
		return nil, err
	}
	ahead, err := plan.ahead()
	if err != nil {
		return nil, err
	}
	if plan.orders = make([]int64, n); sps.POCType == 0 {
		err = plan.order(ahead)
	}
	return plan, err
}

// Key is whether encoded picture i, counted through the head and the leading ones
// in display order, is to be an IDR picture for the encoder. All others are P
// pictures, each predicted from the one before alone.
func (p *Plan) Key(i int) bool { return i >= len(p.numbers) || p.numbers[i].key }

// Adaptive is whether frames of the head may mix macroblocks of frames and of fields
// (MBAFF), the only way in which x264 codes fields.
func (p *Plan) Adaptive() bool { return p.sps.MBAFF }

// ahead is how far before next, in picture order, the first leading picture is.
func (p *Plan) ahead() (int64, error) {
	far := int64(0)
	for _, l := range p.leading {
		switch {
		case l.Kind == IDR || l.Field || l.SPS != p.next.SPS || p.sps.POCType != 0:
			return 0, errors.New("a leading picture of the master cannot be replaced")
		case !l.markKnown || l.mark.longTerm || l.mark.reset:
			return 0, errors.New("a leading picture of the master speaks of long-term references")
		}
		far = max(far, mod(p.next.first.order()-l.first.order(), 1<<p.sps.Log2POC))
	}
	return far, nil
}

// order spreads the head's pictures between 0, which an IDR picture must have, and
// next, of whose place only the lower bits are known. No two neighbours may be
// half of their range apart or more (8.2.1.1).
//
// The last must be so far ahead of next that the leading pictures, and all empty
// frames, lie between: ffmpeg gives each of these the place two after the one
// before, and were they among the copied pictures, B pictures would take them for
// references.
//
// Where 0 cannot be, mostly with one picture before a next one in the upper half,
// the first lies elsewhere: a fault by the letter, which decoders do not mind, for
// they compute it like any other.
func (p *Plan) order(ahead int64) error {
	span := int64(1) << p.sps.Log2POC
	const least = 2
	widest := span / 2
	if !p.sps.FrameMBsOnly {
		widest-- // fields lie one apart
	}
	gaps := int64(len(p.orders) - 1)
	ahead += 2*p.empty() + 2
	if ahead > widest {
		return errors.New("the master's picture order counts too few for other pictures before it")
	}
	place := mod(p.next.first.order(), span)
	for place < ahead+least*gaps {
		place += span
	}
	last := max(place-widest, least*gaps)
	for i := range p.orders {
		switch {
		case last > min(widest*gaps, place-ahead):
			p.orders[i] = place - ahead - 2*(gaps-int64(i))
		case gaps > 0:
			p.orders[i] = last * int64(i) / gaps
		}
	}
	return nil
}

// empty is how many empty frames there can be after a picture of the head.
func (p *Plan) empty() int64 {
	most, before := int64(0), p.numbers[0].num
	for i := range p.numbers {
		num := int64(p.next.FrameNum)
		if i+1 < len(p.numbers) {
			num = p.numbers[i+1].num
		}
		most = max(most, mod(num-before-1, 1<<p.sps.Log2FrameNum))
		before = num
	}
	return min(most, int64(p.sps.RefFrames))
}

func mod(a, b int64) int64 { return (a%b + b) % b }
