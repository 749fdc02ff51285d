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
	Audio  []int // the sound tracks to keep, by AudioTrack.Index; all if empty
	// MustEncode says why the master's own pictures cannot be taken over, where
	// Compose has found that out.
	MustEncode string
	// Restrictions are what those who use the file must keep to; it says so itself.
	Restrictions string
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
	// FromStart makes ffmpeg decode from the file's start, where opening it in
	// the middle is not sure to find a frame.
	FromStart    bool
	Restrictions string // see Request

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
// its arguments. Errors: *RangeError, or a sentence about the format or the sounds.
func NewPlan(s Source, req Request) (Plan, error) {
	if err := s.CheckAudio(req.Audio); err != nil {
		return Plan{}, err
	}
	s = s.with(req.Audio)
	format, err := FindFormat(req.Format)
	if err != nil {
		return Plan{}, err
	}
	ranges := req.Ranges
	if len(ranges) == 0 {
		ranges = []Range{{0, s.Frames}}
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
		Ranges: ranges, Frames: frames, Container: format.container(s), Restrictions: req.Restrictions,
		Timecode: s.Timecode.Timecode(ranges[0].In), height: format.Height,
		// ffmpeg seeks by times of decoding, which an uneven rate puts far before those
		// of display: it may land past the key picture.
		FromStart:   s.Untimed || s.Variable || !s.indexed(),
		deinterlace: format.Name != SourceFormat && s.Video.Interlaced(),
		video:       format.video(s.Video), sound: format.sound(s.Audio, format.container(s)),
	}
	p.Method, p.Reason = s.method(format, ranges, req.MustEncode)
	if s.Variable {
		p.Frames = 0
	}
	return p, nil
}

// method chooses how pictures are made, and says why.
func (s Source) method(format Format, ranges []Range, mustEncode string) (Method, string) {
	whole := len(ranges) == 1 && ranges[0] == Range{0, s.Frames}
	switch {
	case format.Name != SourceFormat:
		return MethodEncode, "converted to " + format.Name
	case whole && s.tabled():
		return MethodCopy, "the whole video is taken"
	case mustEncode != "":
		return MethodEncode, "every picture is encoded again: " + mustEncode
	case s.Video.Fields:
		return MethodEncode, "every picture is encoded again: the container holds its fields apart"
	case s.joinable():
		return MethodSmart, "the master's own pictures between the marks; those of partial GOPs are encoded"
	}
	return MethodEncode, fmt.Sprintf("cut from %s; every picture is encoded again", strings.ToUpper(s.Video.Codec))
}

// tabled reports whether the container is one whose tables Compose knows.
func (s Source) tabled() bool { return s.Container == "mp4" || s.Container == "mov" }

// joinable reports whether the coding is one to whose pictures others can be joined,
// and the container one that tells which picture is which.
func (s Source) joinable() bool {
	if s.tabled() {
		return true // each picture may stand alone, which the tables tell
	}
	if s.Variable || s.Untimed {
		return false
	}
	switch s.Video.Codec {
	case "h264", "hevc", mpeg2Video, "prores", "dnxhd", "mjpeg", "dvvideo":
		return true
	}
	return false
}

// WithoutSeeking returns the plan for a source in which the first try did not
// find the marked frames.
func (p Plan) WithoutSeeking() Plan {
	p.FromStart = true
	p.Reason += "; it was read from its start because the marked frames were not found otherwise"
	return p
}

// IsRangeError returns the *RangeError in err's chain, if there is one.
func IsRangeError(err error) (*RangeError, bool) {
	return errors.AsType[*RangeError](err)
}
