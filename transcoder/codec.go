package transcoder

import (
	ffmpeg "github.com/u2takey/ffmpeg-go"

	"subclip/transcoder/avc"
	"subclip/transcoder/mp4"
)

// codec is what the cutter must know of a video coding to join pictures of its own
// to the master's.
type codec interface {
	// entry tells how decoding can begin at a sample, and for a recovery point what
	// has to come before it.
	entry(look candidate) (mp4.Entry, *recovery, error)
	// options are those with which ffmpeg encodes an edge of some pictures, which
	// leads to a recovery point if one is given.
	options(to *recovery, pictures int) (ffmpeg.KwArgs, error)
	// enter returns the master's picture at an entry as it must be where other
	// pictures come before it, nil if as it is.
	enter(sample []byte) ([]byte, error)
	// spare reports whether no other picture needs this one to be decoded.
	spare(sample []byte) bool
	// adapt makes an encoded edge one with the master's pictures.
	adapt(e *edge, to *recovery) error
	// carry returns an encoded picture, adapted, with what lies beside the master's at the
	// same moment and is about it alone: captions and the like.
	carry(from, to []byte) ([]byte, error)
	// config is the box in the sample description that says how to decode both,
	// empty for the master's own.
	config() (mp4.Config, error)
}

// candidate is a sample at which a copy may begin.
type candidate struct {
	head    int // pictures of the range that are shown before it
	leading int // samples after it of which that is true too
	// read returns the nth sample after it, nil past the end.
	read func(n int) ([]byte, error)
}

// recovery is how a head leads to an H.264 recovery point.
type recovery struct {
	params   *avc.Params // the master's
	plan     *avc.Plan
	replaced int   // leading pictures of the master that encoded ones take the place of
	places   []int // of these among themselves in display order, in decoding order
	inBand   bool  // samples of the master begin with parameter sets
}

// proved is how many pictures at the end of a head a proof decodes, where the coding
// lets a refresh be put before them.
const proved = 4

// codecOf returns the coding of a video track, or ErrUnsupported.
func codecOf(track *mp4.Track, s Source) (codec, error) {
	switch {
	case track.Config("avcC") != nil:
		return newAVC(track, s)
	case s.Video.Codec == mpeg2Video:
		return mpeg2{s.Timecode.Rate, s.Video.Interlaced()}, nil
	case track.Config("hvcC") != nil:
		return newHEVC(track)
	case !track.AllSync() || !standsAlone(s.Video.Codec):
		return nil, unsupported("%s pictures that depend on others, or may, cannot be joined to encoded ones", track.Coding())
	}
	return intra{}, nil
}

// standsAlone reports whether every picture of a coding can be decoded by itself,
// whatever a file's tables claim. Names are ffmpeg's.
func standsAlone(codec string) bool {
	switch codec {
	case "prores", "dnxhd", "mjpeg", "mjpegb", "ljpeg", "jpegls", "jpeg2000", "dvvideo", "cfhd", "hap", "png", "tiff",
		"rawvideo", "v210", "v308", "v408", "v410", "r210", "r10k", "ayuv", "yuv4", "avui", "huffyuv", "ffvhuff", "utvideo", "magicyuv":
		return true
	}
	return false
}

// intra is a coding in which every picture stands alone: ProRes, DNxHD, MJPEG and
// the like. No picture of it is ever encoded.
type intra struct{}

func (intra) entry(candidate) (mp4.Entry, *recovery, error) { return mp4.Refresh, nil, nil }
func (intra) options(*recovery, int) (ffmpeg.KwArgs, error) { return ffmpeg.KwArgs{}, nil }
func (intra) enter([]byte) ([]byte, error)                  { return nil, nil }
func (intra) spare([]byte) bool                             { return false }
func (intra) adapt(*edge, *recovery) error                  { return nil }
func (intra) carry(_, to []byte) ([]byte, error)            { return to, nil }
func (intra) config() (mp4.Config, error)                   { return mp4.Config{}, nil }
