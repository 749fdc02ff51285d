package avc

import (
	"errors"
	"fmt"
	"slices"

	"subclip/transcoder/bitstream"
)

// Limits of the standard (7.4.2.1.1, 7.4.2.2).
const (
	maxSPS       = 31
	maxPPS       = 255
	maxLog2      = 12 // of a counter's range, less 4
	maxCycle     = 255
	maxRefs      = 16
	maxSide      = 1 << 12 // in macroblocks, above what any level allows
	chroma444    = 3
	maxMoreDepth = 6
)

// SPS is what joining needs to know of a sequence parameter set.
type SPS struct {
	ID      uint32
	Profile uint8 // profile_idc

	ChromaFormat           uint32 // chroma_format_idc: 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4
	DepthLuma, DepthChroma uint32 // bits a sample
	SeparatePlanes         bool
	TransformBypass        bool
	ScalingMatrix          bool

	Log2FrameNum int    // bits of frame_num
	POCType      uint32 // pic_order_cnt_type
	Log2POC      int    // bits of pic_order_cnt_lsb, with type 0
	RefFrames    uint32 // max_num_ref_frames
	Gaps         bool   // gaps_in_frame_num_value_allowed_flag

	Width, Height uint32 // of a frame, in macroblocks
	FrameMBsOnly  bool   // no fields and no interlaced macroblocks
	MBAFF         bool   // mb_adaptive_frame_field_flag
	Crop          [4]uint32

	Reorder int // pictures that may come before one shown earlier, -1 where it is not told

	gapsAt int // bit of Gaps in the unescaped unit
}

// ParseSPS reads a sequence parameter set, a unit with its header byte and
// emulation prevention.
func ParseSPS(nal []byte) (SPS, error) {
	if len(nal) == 0 || nalType(nal) != nalSPS {
		return SPS{}, errors.New("not a sequence parameter set")
	}
	r := &bitReader{bitstream.Reader{Data: bitstream.Unescape(nal), At: 8}}
	s := SPS{Profile: uint8(r.bits(8)), ChromaFormat: 1, DepthLuma: 8, DepthChroma: 8, Reorder: -1} //nolint:gosec // 8 bits
	r.bits(16)                                                                                      // constraints, level
	s.ID = r.UE()
	if s.high() {
		s.readFormat(r)
	}
	if err := s.readCounters(r); err != nil {
		return SPS{}, err
	}
	s.readSize(r)
	switch {
	case r.Short:
		return SPS{}, errors.New("a sequence parameter set is cut short")
	case s.ID > maxSPS, s.ChromaFormat > chroma444, s.DepthLuma > 8+maxMoreDepth, s.DepthChroma > 8+maxMoreDepth,
		s.RefFrames > maxRefs, s.Width > maxSide, s.Height > maxSide:
		return SPS{}, errors.New("a sequence parameter set holds what cannot be")
	}
	if r.Flag() {
		s.readVUI(r)
	}
	return s, nil
}

// high is whether the profile is one whose parameters name the picture's format.
func (s *SPS) high() bool {
	return slices.Contains([]uint8{100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}, s.Profile)
}

func (s *SPS) readFormat(r *bitReader) {
	s.ChromaFormat = r.UE()
	if s.ChromaFormat == chroma444 {
		s.SeparatePlanes = r.Flag()
	}
	s.DepthLuma, s.DepthChroma = r.UE()+8, r.UE()+8
	s.TransformBypass = r.Flag()
	s.ScalingMatrix = r.Flag()
	if s.ScalingMatrix {
		skipScalingLists(r, scalingLists(s.ChromaFormat, true))
	}
}

// scalingLists is how many lists there are (7.3.2.1.1.1, 7.3.2.2).
func scalingLists(chroma uint32, transform8x8 bool) int {
	switch {
	case !transform8x8:
		return 6
	case chroma == chroma444:
		return 12
	}
	return 8
}

func skipScalingLists(r *bitReader, lists int) {
	for i := range lists {
		if !r.Flag() {
			continue
		}
		size := 16
		if i >= 6 {
			size = 64
		}
		last, next := int32(8), int32(8)
		for range size {
			if next != 0 {
				next = (last + r.se()) & 0xff
			}
			if next != 0 {
				last = next
			}
		}
	}
}

func (s *SPS) readCounters(r *bitReader) error {
	frameNum := r.UE()
	s.POCType = r.UE()
	if frameNum > maxLog2 || s.POCType > 2 {
		return errors.New("a sequence parameter set counts in a way that cannot be")
	}
	s.Log2FrameNum = int(frameNum) + 4
	switch s.POCType {
	case 0:
		lsb := r.UE()
		if lsb > maxLog2 {
			return fmt.Errorf("a sequence parameter set's picture order takes %d bits more than 4", lsb)
		}
		s.Log2POC = int(lsb) + 4
	case 1:
		r.Flag()
		r.se()
		r.se()
		cycle := r.UE()
		if cycle > maxCycle {
			return fmt.Errorf("a sequence parameter set's picture order has a cycle of %d", cycle)
		}
		for range cycle {
			r.se()
		}
	}
	s.RefFrames = r.UE()
	s.gapsAt = r.At
	s.Gaps = r.Flag()
	return nil
}

func (s *SPS) readSize(r *bitReader) {
	s.Width, s.Height = min(r.UE(), maxSide)+1, min(r.UE(), maxSide)+1
	s.FrameMBsOnly = r.Flag()
	if !s.FrameMBsOnly {
		s.Height *= 2
		s.MBAFF = r.Flag()
	}
	r.Flag() // direct_8x8_inference_flag: of B pictures only
	if r.Flag() {
		s.Crop = [4]uint32{r.UE(), r.UE(), r.UE(), r.UE()}
	}
}

// AllowGaps returns a sequence parameter set that differs in one bit at most:
// frame_num may jump (gaps_in_frame_num_value_allowed_flag).
func AllowGaps(nal []byte) ([]byte, error) {
	s, err := ParseSPS(nal)
	if err != nil {
		return nil, err
	}
	if s.Gaps {
		return slices.Clone(nal), nil
	}
	data := bitstream.Unescape(nal)
	data[s.gapsAt/8] |= 0x80 >> (s.gapsAt % 8)
	return escape(data), nil
}
