package avc

import (
	"errors"
	"fmt"
	"strings"
)

// idrNumber is idr_pic_id of encoded pictures: two IDR pictures in a row must
// differ, and encoders count from 0.
const idrNumber = 65535

// Join makes encoded pictures fit to be decoded under the master's parameters,
// before and among its own.
type Join struct {
	plan *Plan
	head *Params
	id   uint32
}

// Join takes the parameters with which the planned pictures were encoded. id is to
// be the number of their picture parameters in the new file; the master must not
// have it. An error says what does not fit.
func (p *Plan) Join(head *Params, id int) (*Join, error) {
	switch {
	case len(head.sps) != 1 || len(head.pps) != 1:
		return nil, fmt.Errorf("the encoded pictures have %d sequence and %d picture parameters", len(head.sps), len(head.pps))
	case id < 0 || id > maxPPS || p.master.PPS(low(int64(id), maxLog2)) != nil:
		return nil, fmt.Errorf("the number %d of picture parameters is not free", id)
	}
	if err := fits(p.sps, &head.sps[0].set, &head.pps[0].set); err != nil {
		return nil, err
	}
	return &Join{p, head, low(int64(id), maxLog2)}, nil
}

// PPS returns the encoded pictures' parameters for the new file, beside the master's.
func (j *Join) PPS() []byte {
	e := j.head.pps[0]
	return e.set.renumber(e.nal, j.id, j.plan.sps, j.plan.sps.ScalingMatrix)
}

// fits says in an error what keeps pictures coded with the head's parameters from
// being decoded with the master's sequence parameters.
func fits(master, head *SPS, pps *PPS) error {
	var why []string
	differ := func(what string, m, h any) {
		if m != h {
			why = append(why, fmt.Sprintf("%s %v instead of %v", what, h, m))
		}
	}
	refuse := func(is bool, what string) {
		if is {
			why = append(why, what)
		}
	}
	differ("chroma format", master.ChromaFormat, head.ChromaFormat)
	differ("bits of luma", master.DepthLuma, head.DepthLuma)
	differ("bits of chroma", master.DepthChroma, head.DepthChroma)
	differ("transform bypass", master.TransformBypass, head.TransformBypass)
	differ("frames only", master.FrameMBsOnly, head.FrameMBsOnly)
	differ("adaptive fields", master.MBAFF, head.MBAFF)
	differ("macroblocks across", master.Width, head.Width)
	differ("macroblocks down", master.Height, head.Height)
	differ("cropping", master.Crop, head.Crop)
	refuse(master.SeparatePlanes || head.SeparatePlanes, "separate colour planes")
	refuse(master.POCType == 1, "picture order of type 1 in the master")
	refuse(head.ScalingMatrix || pps.ScalingMatrix, "a scaling matrix in the encoded pictures")
	refuse(head.RefFrames > 1, "more than one reference frame in the encoded pictures")
	refuse(!master.high() && pps.Extended, "tools of High profile in the encoded pictures")
	refuse(master.Profile == baseline && (pps.CABAC || pps.WeightedPred || !head.FrameMBsOnly),
		"tools of Main profile in the encoded pictures")
	refuse(master.Profile == extended && pps.CABAC, "arithmetic coding in the encoded pictures")
	if len(why) == 0 {
		return nil
	}
	return errors.New("the encoded pictures do not fit the master's H.264 sequence parameters: " + strings.Join(why, ", "))
}

// Values of profile_idc.
const (
	baseline = 66
	extended = 88
)
