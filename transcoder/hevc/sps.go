package hevc

import (
	"errors"
	"fmt"

	"subclip/transcoder/bitstream"
)

// The highest numbers that parameter sets can have.
const (
	maxVPS = 15
	maxSPS = 15
	maxPPS = 63
)

// sps is what the cutter must know of a sequence parameter set.
type sps struct {
	unit    nal
	vps, id uint
	idAt    int // bits of the payload before the number
	profile profile
	format  format
	screen  screen
	reorder uint // pictures that may be decoded before one and shown after it
}

// profile is the general part of a profile_tier_level.
type profile struct {
	space       byte
	high        bool // tier
	idc         byte
	compatible  uint32
	constraints uint64
	level       byte
}

const (
	progressiveSource = 1 << 47 // of constraints
	interlacedSource  = 1 << 46
)

// format is what pictures must have in common to be shown as one run.
type format struct {
	chroma        uint // chroma_format_idc
	luma, chromas uint // bits of a sample
	width, height uint // as shown
	colour        colour
}

// readSPS reads a sequence parameter set. mp4ff's reader is not used: numbers that
// make no sense have it loop or panic, and masters are hostile.
func readSPS(unit nal) (*sps, error) {
	s := &sps{unit: unit}
	r := &reader{bitstream.Reader{Data: bitstream.Unescape(unit[headerSize:])}}
	s.vps = uint(r.Bits(4))
	layers := int(r.Bits(3)) + 1 //nolint:gosec // at most 8
	r.Flag()                     // sps_temporal_id_nesting_flag
	s.profile = readProfile(r, layers)
	s.idAt = r.At
	s.id = r.ue()
	separate := s.readFormat(r)
	poc := r.ue() + 4
	if err := r.err(); err != nil {
		return nil, err
	}
	if s.id > maxSPS || s.format.chroma > 3 || s.format.luma > 16 || s.format.chromas > 16 || poc > 16 || separate {
		return nil, errors.New("it is not of a known form")
	}
	s.readOrder(r, layers)
	if err := skipTools(r, poc); err != nil {
		return nil, err
	}
	s.format.colour, s.screen = readVUI(r)
	return s, r.err()
}

// readProfile reads the profile_tier_level, that of sub-layers without keeping it.
func readProfile(r *reader, layers int) profile {
	p := profile{
		space: byte(r.Bits(2)), high: r.Flag(), idc: byte(r.Bits(5)), //nolint:gosec // so few bits
		compatible: uint32(r.Bits(32)), constraints: r.Bits(48), level: byte(r.Bits(8)), //nolint:gosec // the same
	}
	if layers == 1 {
		return p
	}
	const maxLayers, profileBits, levelBits = 8, 88, 8
	present := make([]uint64, layers-1)
	for i := range present {
		present[i] = r.Bits(2)
	}
	r.At += 2 * (maxLayers - len(present))
	for _, flags := range present {
		r.At += int(flags>>1)*profileBits + int(flags&1)*levelBits
	}
	return p
}

// readFormat reports whether the colours are coded as pictures of their own.
func (s *sps) readFormat(r *reader) (separate bool) {
	f := &s.format
	if f.chroma = r.ue(); f.chroma == 3 {
		separate = r.Flag()
	}
	f.width, f.height = r.ue(), r.ue()
	if r.Flag() {
		across, down := uint(1), uint(1)
		if f.chroma == 1 || f.chroma == 2 {
			across = 2
		}
		if f.chroma == 1 {
			down = 2
		}
		f.width -= across * (r.ue() + r.ue())
		f.height -= down * (r.ue() + r.ue())
	}
	f.luma, f.chromas = 8+r.ue(), 8+r.ue()
	return separate
}

// readOrder reads the limits of the picture buffer: the last ones are those of
// the whole stream.
func (s *sps) readOrder(r *reader, layers int) {
	times := 1
	if r.Flag() { // sps_sub_layer_ordering_info_present_flag
		times = layers
	}
	for range times {
		r.ue() // sps_max_dec_pic_buffering_minus1
		s.reorder = r.ue()
		r.ue() // sps_max_latency_increase_plus1
	}
}

// skipTools reads past the coding tools, up to the VUI. poc is the bits of a
// picture's place in display order.
func skipTools(r *reader, poc uint) error {
	r.skip(6)     // sizes and depths of blocks
	if r.Flag() { // scaling_list_enabled_flag
		skipScaling(r)
	}
	r.Bits(2)     // amp, sample adaptive offset
	if r.Flag() { // pcm
		r.Bits(8)
		r.skip(2)
		r.Flag()
	}
	if err := skipReferences(r); err != nil {
		return err
	}
	if r.Flag() { // long-term references
		count := r.ue()
		if count > 32 {
			return fmt.Errorf("it has %d long-term references", count)
		}
		r.At += int(count) * int(poc+1)
	}
	r.Bits(2) // temporal motion vectors, strong smoothing
	return r.err()
}
