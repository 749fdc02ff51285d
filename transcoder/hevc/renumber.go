package hevc

import (
	"bytes"
	"errors"
	"fmt"

	ff "github.com/Eyevinn/mp4ff/hevc"

	"subclip/transcoder/bitstream"
)

// Sample returns an edge's sample with the numbers that its parameter sets have
// beside the master's, and lengths as the master's. Nothing is left in it but the
// picture: what x265 says of itself and of colours, the master's Metadata says.
func (n *Numbers) Sample(sample []byte) ([]byte, error) {
	out := make([]byte, 0, len(sample)+len(sample)/64)
	for unit, err := range units(sample, n.from) {
		if err != nil {
			return nil, fmt.Errorf("read an encoded edge: %w", err)
		}
		if !unit.picture() {
			continue
		}
		slice, err := n.slice(unit)
		if err != nil {
			return nil, err
		}
		if out, err = bitstream.AppendUnit(out, slice, n.to); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, errors.New("an encoded edge has a sample without a picture")
	}
	return out, nil
}

// slice gives a slice segment its new picture parameter set. All after the number
// stays where it lies within a byte, so that entry points stay right. Pictures
// before an entry that still wait to be shown are to be shown.
func (n *Numbers) slice(unit nal) (nal, error) {
	var err error
	changed := rewrite(unit, func(r *reader, w *writer) {
		first := r.Bits(1)
		w.Bits(first, 1)
		if unit.irap() {
			r.Flag()
			w.Bits(0, 1) // no_output_of_prior_pics_flag
		}
		old := r.ue()
		id, ok := n.pps[old]
		if !ok || r.Short {
			err = errMissing
		}
		w.ue(id)
	})
	return changed, err
}

func renumberVPS(unit nal, id uint) nal {
	return rewrite(unit, func(r *reader, w *writer) {
		r.Bits(4)
		w.Bits(uint64(id), 4)
	})
}

func (s *sps) renumbered(vps, id uint) nal {
	return rewrite(s.unit, func(r *reader, w *writer) {
		r.Bits(4)
		w.Bits(uint64(vps), 4)
		w.copy(r, s.idAt)
		r.ue()
		w.ue(id)
	})
}

func renumberPPS(unit nal, id, sps uint) nal {
	return rewrite(unit, func(r *reader, w *writer) {
		r.skip(2)
		w.ue(id)
		w.ue(sps)
	})
}

// sequenceOf is the sequence parameter set that a picture parameter set names.
func sequenceOf(unit nal) uint {
	r := &reader{bitstream.Reader{Data: bitstream.Unescape(unit[headerSize:])}}
	r.ue()
	return r.ue()
}

// rewrite returns a unit whose payload begins otherwise: change reads the old
// beginning and writes the new one. All that follows is kept.
func rewrite(unit nal, change func(r *reader, w *writer)) nal {
	r := &reader{bitstream.Reader{Data: bitstream.Unescape(unit[headerSize:])}}
	w := &writer{bitstream.Writer{Data: make([]byte, 0, len(r.Data)+4)}}
	change(r, w)
	w.copy(r, r.End())
	w.Bits(1, 1) // the payload's end
	return bitstream.Escape(append(make(nal, 0, len(unit)+8), unit[:headerSize]...), w.Data)
}

// BreakLink returns the sample of a CRA picture as one of a BLA picture without
// leading ones: the picture then begins a sequence wherever it comes. Other samples
// come back as they are.
func (c *Config) BreakLink(sample []byte) ([]byte, error) {
	broken := bytes.Clone(sample)
	for n, err := range units(broken, c.LengthSize()) {
		if err != nil {
			return nil, err
		}
		if n.kind() == ff.NALU_CRA {
			const others = 0x81 // all of the byte but the kind
			n[0] = n[0]&others | byte(ff.NALU_BLA_N_LP)<<1
		}
	}
	return broken, nil
}
