package transcoder

import (
	"errors"
	"fmt"
	"strings"
)

// MaxRanges is how many ranges one clip may join.
const MaxRanges = 50

// Method is how a clip's pictures are made.
type Method string

// The methods, from the least work to the most.
const (
	MethodCopy   Method = "copy"   // the master's own pictures, all of them
	MethodSmart  Method = "smart"  // the master's own pictures but for the partial GOPs at the marks
	MethodEncode Method = "encode" // every picture encoded again
)

// Range is a part of an asset in frames of display order from 0, half-open: In is
// the first frame kept, Out the first frame not kept.
type Range struct {
	In  int64 `json:"in"`
	Out int64 `json:"out"`
}

// Frames is how many frames the range holds.
func (r Range) Frames() int64 { return r.Out - r.In }

// Request is what someone wants of a source: ranges joined in one file, in a
// format. No range means the whole.
type Request struct {
	Ranges []Range
	Format string
}

// Plan is a decision: how one file is to be made. Everything that runs reads it
// and decides nothing of its own.
type Plan struct {
	Method    Method
	Reason    string // why this method, for the report's reader
	Ranges    []Range
	Frames    int64  // that the file will hold; 0 where only the run can tell
	Container string // mp4 or mov
	Timecode  string // of the file's first frame
	// ByFrame makes ffmpeg decode from the file's start and count frames, where
	// time stamps cannot be trusted to find one.
	ByFrame bool

	height      int // lines at most, 0 for the source's
	deinterlace bool
	video       coding
	sound       coding
}

// RangeError says which range of a request cannot be cut and why.
type RangeError struct {
	Index  int    // of the range, from 0
	Field  string // "in" or "out"
	Reason string
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("range %d, mark %s: %s", e.Index+1, e.Field, e.Reason)
}

// CheckRange reports a range that does not lie within the source, naming the
// mark and the marks that would do.
func (s Source) CheckRange(index int, r Range) error {
	first, last := s.Timecode.Timecode(0), s.Timecode.Timecode(s.Frames)
	switch {
	case r.In < 0 || r.In >= s.Frames:
		return &RangeError{index, "in", fmt.Sprintf("it is outside the video: use %s to %s", first, s.Timecode.Timecode(s.Frames-1))}
	case r.Out == r.In:
		return &RangeError{index, "out", fmt.Sprintf("it equals mark in, which leaves no frame: use %s to %s", s.Timecode.Timecode(r.In+1), last)}
	case r.Out < r.In:
		return &RangeError{index, "out", fmt.Sprintf("it comes before mark in: use %s to %s", s.Timecode.Timecode(r.In+1), last)}
	case r.Out > s.Frames:
		return &RangeError{index, "out", fmt.Sprintf("it is outside the video: use %s to %s", s.Timecode.Timecode(r.In+1), last)}
	}
	return nil
}

// NewPlan decides how to make what is asked of a source. It reads nothing but
// its arguments. Errors: *RangeError, or a sentence about the format.
func NewPlan(s Source, req Request) (Plan, error) {
	format, err := FindFormat(req.Format)
	if err != nil {
		return Plan{}, err
	}
	whole := []Range{{0, s.Frames}}
	ranges := req.Ranges
	if len(ranges) == 0 {
		ranges = whole
	}
	if len(ranges) > MaxRanges {
		return Plan{}, fmt.Errorf("%d ranges are too many for one clip: ask for at most %d", len(ranges), MaxRanges)
	}
	var frames int64
	for i, r := range ranges {
		if err := s.CheckRange(i, r); err != nil {
			return Plan{}, err
		}
		frames += r.Frames()
	}
	p := Plan{
		Method: MethodEncode, Ranges: ranges, Frames: frames, Container: format.container(s),
		Timecode: s.Timecode.Timecode(ranges[0].In), height: format.Height,
		deinterlace: format.Name != SourceFormat && s.Video.Interlaced(),
		video:       format.video(s.Video), sound: format.sound(s.Audio, format.container(s)),
	}
	switch {
	case format.Name != SourceFormat:
		p.Reason = "converted to " + format.Name
	case len(ranges) == 1 && ranges[0] == whole[0] && (s.Container == "mp4" || s.Container == "mov"):
		p.Method, p.Reason = MethodCopy, "the whole video is taken"
	default:
		p.Reason = fmt.Sprintf("cut from %s; every picture is encoded again", strings.ToUpper(s.Video.Codec))
	}
	if s.Variable {
		p.Frames = 0
	}
	return p, nil
}

// WithoutSeeking returns the plan for a source whose time stamps led the first
// try to other frames than the marked ones.
func (p Plan) WithoutSeeking() Plan {
	p.ByFrame = true
	p.Reason += "; frames were counted from the start of the file because its time stamps do not find them"
	return p
}

// IsRangeError returns the *RangeError in err's chain, if there is one.
func IsRangeError(err error) (*RangeError, bool) {
	return errors.AsType[*RangeError](err)
}
