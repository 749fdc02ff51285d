package transcoder

import (
	"math"
	"slices"
)

// Estimate is what can be said of files before they are made.
type Estimate struct {
	Method Method // the one with the most work, of several files
	// BitExact is true where every picture is sure to be the master's own, bit for
	// bit. Of MethodSmart it is false, as groups of pictures that a mark divides are
	// encoded; all others are the master's there too.
	BitExact bool
	Frames   int64
	Duration float64 // seconds
	Size     int64   // bytes, roughly
	Seconds  float64 // that making them takes, roughly, once it has begun
}

// Rough measures of what making files takes, on a machine with two processors.
const (
	beginning   = 0.5   // seconds until a file is under way
	perEdge     = 0.2   // seconds until one is encoded and proved, besides its pictures
	edgeSpeed   = 230e6 // pixels a second of edges
	storeSpeed  = 200e6 // bytes a second that the store copies
	pixelSpeed  = 120e6 // pixels a second that are decoded and encoded as H.264
	decodeSpeed = 600e6 // pixels a second that are decoded alone
	soundRate   = 192e3 // bits a second of an encoded sound track
)

// Rough measures of edges: what lies between a mark and the next group of pictures is
// encoded, and better than the master, so that nobody sees where.
const (
	usualGroup = 2.0 // seconds of a group of pictures; half of one is encoded at either mark
	oneMore    = 1.0 // times a picture's usual size that an encoded one takes more
	entrySize  = 6.0 // times that size that the first picture of an edge takes more
)

// NewEstimate foresees files that are made of a source, each by a request. It reads
// nothing but its arguments. Errors: those of NewPlan.
func NewEstimate(s Source, requests ...Request) (Estimate, error) {
	sum := Estimate{Method: MethodCopy, BitExact: true}
	for _, req := range requests {
		plan, err := NewPlan(s, req)
		if err != nil {
			return Estimate{}, err
		}
		chosen := s.with(req.Audio)
		chosen.Video.BitRate = int64(s.videoRate()) // before sounds are left out
		e := chosen.foresee(plan, s.dropped(req.Audio))
		rank := []Method{MethodCopy, MethodSmart, MethodEncode}
		if slices.Index(rank, e.Method) > slices.Index(rank, sum.Method) {
			sum.Method = e.Method
		}
		sum.BitExact = sum.BitExact && e.BitExact
		sum.Frames += e.Frames
		sum.Duration += e.Duration
		sum.Size += e.Size
		sum.Seconds += e.Seconds
	}
	return sum, nil
}

// dropped is how many bits a second the sounds have that are not chosen.
func (s Source) dropped(chosen []int) (bits int64) {
	for _, a := range s.Audio {
		if len(chosen) > 0 && !slices.Contains(chosen, a.Index) {
			bits += a.BitRate
		}
	}
	return bits
}

// foresee estimates one file of a source with the chosen sounds.
func (s Source) foresee(p Plan, dropped int64) Estimate {
	e := Estimate{Method: p.Method}
	for _, r := range p.Ranges {
		e.Frames += r.Frames()
	}
	share := float64(e.Frames) / float64(s.Frames)
	e.Duration = s.Duration * share
	if p.Method == MethodSmart {
		e.Method = s.smartMethod()
	}
	e.BitExact = e.Method == MethodCopy
	if e.Method != MethodEncode || p.height == 0 {
		e.Size = max(0, int64(float64(s.Size)*share-float64(dropped)/8*e.Duration))
		if e.Method == MethodSmart {
			encoded, edges := s.edges(p)
			e.Size += int64((oneMore*float64(encoded) + entrySize*float64(edges)) * s.videoRate() / 8 * s.Duration / float64(s.Frames))
		}
	} else {
		e.Size = s.encodedSize(p.height, e.Frames, e.Duration)
	}
	e.Seconds = s.effort(p, e)
	return e
}

// edges are how many pictures are encoded at the marks of all ranges, and in how many
// pieces: a range within a group of pictures is one. How long the master's groups are is
// known only when it is cut.
func (s Source) edges(p Plan) (encoded, pieces int64) {
	group := int64(math.Ceil(usualGroup * float64(s.Frames) / s.Duration))
	for _, r := range p.Ranges {
		if r.Frames() <= group {
			encoded, pieces = encoded+r.Frames(), pieces+1
		} else {
			encoded, pieces = encoded+group, pieces+2
		}
	}
	return encoded, pieces
}

// videoRate is how many bits a second the pictures have.
func (s Source) videoRate() float64 {
	if s.Video.BitRate > 0 {
		return float64(s.Video.BitRate)
	}
	bits := 8 * float64(s.Size) / s.Duration
	for _, a := range s.Audio {
		bits -= float64(a.BitRate)
	}
	return max(0, bits)
}

// smartMethod is what comes of MethodSmart: nothing is to be encoded where each
// picture stands alone, and everything where no others can be joined to the codec's.
func (s Source) smartMethod() Method {
	switch codec := s.Video.Codec; {
	case standsAlone(codec):
		return MethodCopy
	case codec == "h264" || codec == "hevc" || codec == mpeg2Video:
		return MethodSmart
	}
	return MethodEncode
}

// effort is how many seconds a file takes.
func (s Source) effort(p Plan, e Estimate) float64 {
	seconds := beginning + float64(e.Size)/storeSpeed
	pixels := float64(s.Video.Width) * float64(s.Video.Height)
	switch e.Method {
	case MethodSmart:
		encoded, edges := s.edges(p)
		seconds += perEdge*float64(edges) + pixels*float64(encoded)/edgeSpeed
	case MethodEncode:
		seconds += pixels * float64(e.Frames) / decodeSpeed
		seconds += s.pixelsAt(p.height) * float64(e.Frames) / pixelSpeed
		if p.FromStart {
			seconds += pixels * float64(p.Ranges[0].In) / decodeSpeed
		}
	}
	return seconds
}

// pixelsAt is how many a picture has at a height at most; 0 is for its own.
func (s Source) pixelsAt(height int) float64 {
	pixels := float64(s.Video.Width) * float64(s.Video.Height)
	if height == 0 || height >= s.Video.Height {
		return pixels
	}
	smaller := float64(height) / float64(s.Video.Height)
	return pixels * smaller * smaller
}

// encodedSize is about what our H.264 takes: a picture of fewer pixels needs more bits
// for each. What the master takes tells how much there is to see in it, within limits: a
// master may have many bits for little.
func (s Source) encodedSize(height int, frames int64, duration float64) int64 {
	usual := 1.4 * math.Pow(s.pixelsAt(height), 0.8)
	video := usual
	if rate := s.videoRate() * s.Duration / float64(s.Frames); rate > 0 {
		smaller := s.pixelsAt(height) / s.pixelsAt(0)
		video = min(max(rate*math.Pow(smaller, 0.8), usual/4), 3*usual)
		if standsAlone(s.Video.Codec) {
			video = min(video, usual)
		}
	}
	sound := soundRate * float64(len(s.Audio)) * duration
	return int64((video*float64(frames) + sound) / 8)
}
