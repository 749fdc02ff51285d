package hevc

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	ff "github.com/Eyevinn/mp4ff/hevc"

	"subclip/transcoder/bitstream"
)

// Numbers says how an edge's parameter sets are called beside the master's.
type Numbers struct {
	pps      map[uint]uint
	from, to int // length sizes
}

// Add puts an edge's parameter sets beside the master's, under numbers that are
// free; equal ones that an edge before it brought are used again. The edge is
// what ffmpeg made with Options. After an error the configuration is of no use.
func (c *Config) Add(edge *Config) (*Numbers, error) {
	for _, s := range edge.sequences {
		if err := c.fits(s); err != nil {
			return nil, err
		}
	}
	if err := c.generalise(&edge.record); err != nil {
		return nil, err
	}
	given, err := c.addVideo(edge)
	if err != nil {
		return nil, err
	}
	if given, err = c.addSequences(edge, given); err != nil {
		return nil, err
	}
	pps, err := c.addPictures(edge, given)
	return &Numbers{pps: pps, from: edge.LengthSize(), to: c.LengthSize()}, err
}

// fits tells what keeps an edge's pictures from being shown with the master's.
func (c *Config) fits(edge *sps) error {
	for _, s := range c.sequences {
		if edge.format != s.format {
			return fmt.Errorf("the edges were encoded in another picture format: %+v instead of %+v", edge.format, s.format)
		}
	}
	if edge.reorder > 0 {
		return errors.New("the edges' pictures are reordered")
	}
	return nil
}

// The numbers of an edge's sets are given from the highest down: masters count
// from the lowest up.

func (c *Config) addVideo(edge *Config) (map[uint]uint, error) {
	given := map[uint]uint{}
	for _, old := range edge.numbers(ff.NALU_VPS) {
		unit := edge.sets[ff.NALU_VPS][old]
		id, err := c.place(maxVPS, func(id uint) nal { return renumberVPS(unit, id) })
		if err != nil {
			return nil, err
		}
		given[old] = id
	}
	return given, nil
}

func (c *Config) addSequences(edge *Config, video map[uint]uint) (map[uint]uint, error) {
	given := map[uint]uint{}
	for _, s := range edge.sequences {
		vps, ok := video[s.vps]
		if !ok {
			return nil, errMissing
		}
		id, err := c.place(maxSPS, func(id uint) nal { return s.renumbered(vps, id) })
		if err != nil {
			return nil, err
		}
		given[s.id] = id
	}
	return given, nil
}

func (c *Config) addPictures(edge *Config, sequences map[uint]uint) (map[uint]uint, error) {
	given := map[uint]uint{}
	for _, old := range edge.numbers(ff.NALU_PPS) {
		unit := edge.sets[ff.NALU_PPS][old]
		sps, ok := sequences[sequenceOf(unit)]
		if !ok {
			return nil, errMissing
		}
		id, err := c.place(maxPPS, func(id uint) nal {
			if (bitstream.UELength(uint64(id))-bitstream.UELength(uint64(old)))%8 != 0 {
				return nil
			}
			return renumberPPS(unit, id, sps)
		})
		if err != nil {
			return nil, err
		}
		given[old] = id
	}
	return given, nil
}

// numbers are those of the sets of a kind, in order.
func (c *Config) numbers(kind ff.NaluType) []uint { return slices.Sorted(maps.Keys(c.sets[kind])) }

var (
	errMissing = errors.New("an edge's parameter sets are not complete")
	errFull    = errors.New("the H.265 stream leaves no parameter set number free")
)

// place adds a set under the highest number that is free or has it already.
// numbered gives the set a number; nil if it cannot have that one.
func (c *Config) place(highest uint, numbered func(id uint) nal) (uint, error) {
	for i := range highest + 1 {
		id := highest - i
		unit := numbered(id)
		if unit == nil {
			continue
		}
		there, taken := c.sets[unit.kind()][id]
		if !taken {
			c.add(id, unit)
		} else if !bytes.Equal(there, unit) {
			continue
		}
		return id, nil
	}
	return 0, errFull
}

// generalise makes the record's general fields true of the edge's pictures too
// (ISO/IEC 14496-15, 8.3.2.1.3).
func (c *Config) generalise(edge *ff.DecConfRec) error {
	r := &c.record
	compatible := r.GeneralProfileCompatibilityFlags & edge.GeneralProfileCompatibilityFlags
	if r.GeneralProfileSpace != edge.GeneralProfileSpace || compatible == 0 {
		return fmt.Errorf("the edges were encoded in H.265 profile %d, the master in %d", edge.GeneralProfileIDC, r.GeneralProfileIDC)
	}
	r.GeneralProfileIDC = wider(r.GeneralProfileIDC, edge.GeneralProfileIDC, compatible)
	r.GeneralProfileCompatibilityFlags = compatible
	r.GeneralConstraintIndicatorFlags &= edge.GeneralConstraintIndicatorFlags
	r.GeneralTierFlag = r.GeneralTierFlag || edge.GeneralTierFlag
	r.GeneralLevelIDC = max(r.GeneralLevelIDC, edge.GeneralLevelIDC)
	r.MinSpatialSegmentationIDC = min(r.MinSpatialSegmentationIDC, edge.MinSpatialSegmentationIDC)
	if r.ParallellismType != edge.ParallellismType {
		r.ParallellismType = 0 // mixed
	}
	if r.NumTemporalLayers != edge.NumTemporalLayers {
		r.NumTemporalLayers = 0 // not known
	}
	r.TemporalIDNested &= edge.TemporalIDNested
	return nil
}

// wider is the profile of the two that both streams are compatible with.
func wider(master, edge byte, compatible uint32) byte {
	if compatible>>(31-master)&1 == 1 {
		return master
	}
	return edge
}
