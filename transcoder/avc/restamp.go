package avc

import (
	"errors"
	"fmt"

	"subclip/transcoder/bitstream"
)

// Sample restamps picture i of the head, from 0. Its units have lengths of from
// bytes, those of the result of to bytes. Only slices are kept: what else an
// encoder writes is for its own parameters.
func (j *Join) Sample(i int, sample []byte, from, to int) ([]byte, error) {
	if i < 0 || i >= len(j.plan.numbers) {
		return nil, fmt.Errorf("picture %d of a head of %d", i, len(j.plan.numbers))
	}
	out, err := j.sample(sample, from, to, j.plan.Key(i), func(w *bitWriter, nal []byte, h *header) {
		j.writeHead(w, i, nal, h)
	})
	if err != nil {
		return nil, fmt.Errorf("encoded picture %d: %w", i, err)
	}
	return out, nil
}

// Leading restamps an IDR picture so that it takes the place of leading picture i,
// from 0: later pictures of the master are decoded as if that were still there.
func (j *Join) Leading(i int, sample []byte, from, to int) ([]byte, error) {
	if i < 0 || i >= len(j.plan.leading) {
		return nil, fmt.Errorf("leading picture %d of %d", i, len(j.plan.leading))
	}
	out, err := j.sample(sample, from, to, true, func(w *bitWriter, _ []byte, h *header) {
		j.writeLeading(w, &j.plan.leading[i], h)
	})
	if err != nil {
		return nil, fmt.Errorf("encoded leading picture %d: %w", i, err)
	}
	return out, nil
}

// writeHeader writes the header of an unescaped slice up to the end of its
// reference marking.
type writeHeader func(w *bitWriter, nal []byte, h *header)

func (j *Join) sample(sample []byte, from, to int, idr bool, write writeHeader) ([]byte, error) {
	out := make([]byte, 0, len(sample)+len(sample)/64)
	err := eachNAL(sample, from, func(nal []byte, _ int) error {
		switch nalType(nal) {
		case nalSlice, nalIDR:
		case nalPartitionA, nalPartitionA + 1, nalPartitionA + 2:
			return errors.New("a slice is in partitions")
		default:
			return nil
		}
		if (nalType(nal) == nalIDR) != idr {
			return errors.New("it is an IDR picture where it should not be, or is not where it should")
		}
		restamped, err := j.slice(nal, write)
		if err != nil {
			return err
		}
		out, err = bitstream.AppendUnit(out, restamped, to)
		return err
	})
	if err == nil && len(out) == 0 {
		err = errors.New("a sample without a picture")
	}
	return out, err
}

// slice writes a new header and what it is for after it.
func (j *Join) slice(nal []byte, write writeHeader) ([]byte, error) {
	r := &bitReader{bitstream.Reader{Data: bitstream.Unescape(nal)}}
	h, err := j.head.readHeader(r)
	if err != nil {
		return nil, err
	}
	switch {
	case h.kind%kinds != sliceP && h.kind%kinds != sliceI:
		return nil, errors.New("a slice is neither P nor I")
	case h.field || !reference(nal) || h.mark.adaptive || h.mark.longTerm:
		return nil, errors.New("a slice is of a field, or no plain reference")
	case h.refs[0] > 1 || h.named[0]:
		return nil, errors.New("a slice is predicted from more than the picture before")
	}
	j.readTail(r, &h)
	stop := r.End()
	if r.Short || stop < r.At {
		return nil, errors.New("a slice is cut short")
	}
	w := &bitWriter{bitstream.Writer{Data: make([]byte, 0, len(r.Data)+8)}}
	write(w, r.Data, &h)
	w.Copy(r.Data, h.end, r.At)
	if h.pps.CABAC {
		// The data begin at a whole byte (cabac_alignment_one_bit).
		w.Align(true)
		w.Data = append(w.Data, r.Data[(r.At+7)/8:]...)
		return escape(w.Data), nil
	}
	w.Copy(r.Data, r.At, stop)
	w.trail()
	return escape(w.Data), nil
}

// readTail passes over the rest of the header of a P or I slice.
func (j *Join) readTail(r *bitReader, h *header) {
	if h.pps.CABAC && h.predicted() > 0 {
		r.UE() // cabac_init_idc
	}
	r.se() // slice_qp_delta
	if h.pps.Deblocking && r.UE() != 1 {
		r.se()
		r.se()
	}
}

func (j *Join) writeHead(w *bitWriter, i int, nal []byte, h *header) {
	delta := h.deltaBottom
	if h.sps.POCType != 0 && !j.plan.next.Field {
		delta = j.plan.next.first.deltaBottom
	}
	if !h.pps.BottomPOC {
		delta = 0
	}
	at := j.plan.numbers[i]
	unit := nal[0]
	if i > 0 {
		unit = nal[0]&0x60 | nalSlice
	}
	j.writeStart(w, h, unit, at.num, j.plan.orders[i]-min(0, int64(delta)), delta)
	w.Copy(nal, h.afterOrder, h.lists)
	if h.predicted() > 0 {
		j.writeList(w, i)
	}
	if w.Copy(nal, h.afterLists, h.marking); i == 0 {
		w.Copy(nal, h.marking, h.end)
	} else {
		w.marking(at.mark)
	}
}

func (j *Join) writeLeading(w *bitWriter, l *Picture, h *header) {
	unit := l.first.nal&0x60 | nalSlice
	j.writeStart(w, h, unit, int64(l.FrameNum), int64(l.first.lsb), l.first.deltaBottom)
	if l.Reference {
		w.marking(l.mark)
	}
}

// writeStart writes a slice header up to the picture order. Whether the picture is
// an IDR picture is told by the unit's header.
func (j *Join) writeStart(w *bitWriter, h *header, unit byte, num, lsb int64, delta int32) {
	w.bits(uint32(unit), 8)
	w.UE(h.firstMB)
	w.UE(h.kind)
	w.UE(j.id)
	w.bits(low(num, j.plan.sps.Log2FrameNum), j.plan.sps.Log2FrameNum)
	if !j.plan.sps.FrameMBsOnly {
		w.Flag(false) // no field
	}
	if unit&0x1f == nalIDR {
		w.UE(idrNumber)
	}
	if j.plan.sps.POCType != 0 {
		return
	}
	w.bits(low(lsb, j.plan.sps.Log2POC), j.plan.sps.Log2POC)
	if h.pps.BottomPOC {
		w.se(delta)
	}
}

// writeList writes which picture a P slice of picture i is predicted from: the one
// before, which needs to be said only where numbers are left out between.
func (j *Join) writeList(w *bitWriter, i int) {
	distance := j.plan.numbers[i].num - j.plan.numbers[i-1].num
	w.Flag(distance != 1)
	if distance != 1 {
		w.UE(listLess)
		w.UE(low(distance-1, j.plan.sps.Log2FrameNum))
		w.UE(listEnd)
	}
}

// low returns the lowest bits of a number.
func low(v int64, bits int) uint32 {
	return uint32(mod(v, 1<<bits)) //nolint:gosec // no more than 32 bits are asked for
}
