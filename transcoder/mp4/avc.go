package mp4

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/Eyevinn/mp4ff/avc"
	"github.com/Eyevinn/mp4ff/mp4"
)

// maxParameterSet is the highest number of an H.264 sequence parameter set.
const maxParameterSet = 31

// AVC is what an H.264 track's sample entry says (ISO/IEC 14496-15 avcC).
type AVC struct{ config *mp4.AvcCBox }

// AVC returns the track's H.264 configuration, or ErrUnsupported.
func (t *Track) AVC() (AVC, error) {
	stsd := t.box.Mdia.Minf.Stbl.Stsd
	if stsd == nil || len(stsd.Children) != 1 {
		return AVC{}, unsupported("the video track has no sample description")
	}
	entry, ok := stsd.Children[0].(*mp4.VisualSampleEntryBox)
	if !ok || entry.AvcC == nil || entry.Type() != "avc1" {
		return AVC{}, unsupported("the pictures are not H.264 with its parameters in the file's index (avc1)")
	}
	if len(entry.AvcC.SPSnalus) == 0 || len(entry.AvcC.PPSnalus) == 0 {
		return AVC{}, unsupported("the H.264 parameters are not in the index")
	}
	return AVC{entry.AvcC}, nil
}

// FreeID returns a number for parameter sets that the track does not use.
func (a AVC) FreeID() (int, error) {
	used := map[uint32]bool{}
	sequences := map[uint32]*avc.SPS{}
	for _, nal := range a.config.SPSnalus {
		sps, err := avc.ParseSPSNALUnit(nal, false)
		if err != nil {
			return 0, unsupported("the H.264 sequence parameters cannot be read (%v)", err)
		}
		used[sps.ParameterID], sequences[sps.ParameterID] = true, sps
		if !sps.FrameMbsOnlyFlag {
			return 0, unsupported("the pictures are interlaced")
		}
	}
	for _, nal := range a.config.PPSnalus {
		pps, err := avc.ParsePPSNALUnit(nal, sequences)
		if err != nil {
			return 0, unsupported("the H.264 picture parameters cannot be read (%v)", err)
		}
		used[pps.PicParameterSetID] = true
	}
	for id := 1; id <= maxParameterSet; id++ {
		if !used[uint32(id)] {
			return id, nil
		}
	}
	return 0, unsupported("the H.264 stream uses every parameter set number")
}

// Profile is the profile's name as libx264 takes it, empty where it is not known.
func (a AVC) Profile() string {
	switch a.config.AVCProfileIndication {
	case 66:
		return "baseline"
	case 77:
		return "main"
	case 100:
		return "high"
	case 110:
		return "high10"
	case 122:
		return "high422"
	}
	return ""
}

// Add takes the parameter sets of an encoded edge into the track's own, after
// which one sample entry describes both.
func (a AVC) Add(edge AVC) error {
	if edge.config.ChromaFormat != a.config.ChromaFormat || edge.config.BitDepthLumaMinus1 != a.config.BitDepthLumaMinus1 {
		return unsupported("the edges were encoded in another picture format")
	}
	for _, nal := range edge.config.SPSnalus {
		a.config.SPSnalus = appendNew(a.config.SPSnalus, nal)
	}
	for _, nal := range edge.config.PPSnalus {
		a.config.PPSnalus = appendNew(a.config.PPSnalus, nal)
	}
	// One entry must allow for both: the higher profile and level of the two.
	a.config.AVCLevelIndication = max(a.config.AVCLevelIndication, edge.config.AVCLevelIndication)
	return nil
}

func appendNew(sets [][]byte, set []byte) [][]byte {
	if slices.ContainsFunc(sets, func(s []byte) bool { return bytes.Equal(s, set) }) {
		return sets
	}
	return append(sets, set)
}

// IsIDR reports whether an H.264 sample is an instantaneous decoding refresh, by
// the types of its units (ITU-T H.264 7.4.1.2.4).
func IsIDR(sample []byte) (bool, error) {
	const lengthSize, slice, idr = 4, 1, 5
	for len(sample) > lengthSize {
		length := binary.BigEndian.Uint32(sample)
		sample = sample[lengthSize:]
		if length == 0 || int64(length) > int64(len(sample)) {
			return false, fmt.Errorf("a unit of %d bytes in a sample with %d left", length, len(sample))
		}
		switch sample[0] & 0x1f {
		case idr:
			return true, nil
		case slice:
			return false, nil
		}
		sample = sample[length:]
	}
	return false, errors.New("a sample without a picture")
}
