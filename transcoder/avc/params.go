package avc

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// Params are the parameter sets of a stream.
type Params struct {
	sps []entry[SPS]
	pps []entry[PPS]
}

type entry[T any] struct {
	nal []byte
	set T
}

// ParseParams reads parameter sets as avcC lists them: units with their header
// byte and emulation prevention, but without length or start code.
func ParseParams(sps, pps [][]byte) (*Params, error) {
	p := &Params{}
	for i, nal := range sps {
		set, err := ParseSPS(nal)
		if err != nil {
			return nil, fmt.Errorf("H.264 sequence parameters %d: %w", i, err)
		}
		p.sps = append(p.sps, entry[SPS]{nal, set})
	}
	for i, nal := range pps {
		set, err := ParsePPS(nal)
		if err != nil {
			return nil, fmt.Errorf("H.264 picture parameters %d: %w", i, err)
		}
		p.pps = append(p.pps, entry[PPS]{nal, set})
	}
	return p, nil
}

// Sequences are the sequence parameter sets.
func (p *Params) Sequences() []*SPS {
	all := make([]*SPS, len(p.sps))
	for i := range p.sps {
		all[i] = &p.sps[i].set
	}
	return all
}

// SPS returns the sequence parameter set of a number, nil where there is none.
func (p *Params) SPS(id uint32) *SPS {
	for i := range p.sps {
		if p.sps[i].set.ID == id {
			return &p.sps[i].set
		}
	}
	return nil
}

// PPS returns the picture parameter set of a number, nil where there is none.
func (p *Params) PPS(id uint32) *PPS {
	for i := range p.pps {
		if p.pps[i].set.ID == id {
			return &p.pps[i].set
		}
	}
	return nil
}

// FreeID returns a number, at least 1, that neither a sequence nor a picture
// parameter set has, other than those in besides.
func (p *Params) FreeID(besides ...int) (int, error) {
	for id := 1; id <= maxSPS; id++ {
		n := uint32(id)
		if p.SPS(n) == nil && p.PPS(n) == nil && !slices.Contains(besides, id) {
			return id, nil
		}
	}
	return 0, errors.New("the H.264 stream uses every parameter set number")
}

// of returns the sets that a slice names.
func (p *Params) of(pps uint32) (*SPS, *PPS, error) {
	picture := p.PPS(pps)
	if picture == nil {
		return nil, nil, fmt.Errorf("a slice names picture parameters %d, which there are not", pps)
	}
	sequence := p.SPS(picture.SPS)
	if sequence == nil {
		return nil, nil, fmt.Errorf("a slice names sequence parameters %d, which there are not", picture.SPS)
	}
	return sequence, picture, nil
}

// has is whether a unit is among the sets, byte for byte.
func (p *Params) has(nal []byte) bool {
	return slices.ContainsFunc(p.sps, func(e entry[SPS]) bool { return bytes.Equal(e.nal, nal) }) ||
		slices.ContainsFunc(p.pps, func(e entry[PPS]) bool { return bytes.Equal(e.nal, nal) })
}
