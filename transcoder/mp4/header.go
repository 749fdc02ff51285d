package mp4

import (
	"encoding/binary"
	"math"
)

// header is what a movie, a track and a media say of themselves (mvhd, tkhd, mdhd):
// alike but for what lies between the dates and the duration. Times are 32 bits long
// in version 0 and 64 in version 1 (ISO/IEC 14496-12, 8.2.2).
type header struct {
	flags    uint32
	dates    [2]uint64
	middle   []byte // the time scale; of a track its number and four bytes that say nothing
	duration uint64
	rest     []byte
}

const (
	scaleFields = 4
	trackFields = 8
)

func readHeader(body []byte, middle int) (h header, ok bool) {
	if len(body) < 4 {
		return h, false
	}
	h.flags = binary.BigEndian.Uint32(body) & 0xff_ffff
	width := 4
	if body[0] == 1 {
		width = 8
	}
	if len(body) < 4+3*width+middle {
		return h, false
	}
	number := func(at int) uint64 {
		if width == 8 {
			return binary.BigEndian.Uint64(body[at:])
		}
		return uint64(binary.BigEndian.Uint32(body[at:]))
	}
	h.dates = [2]uint64{number(4), number(4 + width)}
	h.middle = body[4+2*width:][:middle]
	h.duration = number(4 + 2*width + middle)
	h.rest = body[4+3*width+middle:]
	return h, true
}

// first is the number right after the dates.
func (h header) first() uint32 { return binary.BigEndian.Uint32(h.middle) }

func (w *writer) header(kind string, h header) {
	w.box(kind, func() {
		version := versionFor(max(h.duration, h.dates[0], h.dates[1]))
		number := func(v uint64) {
			if version == 1 {
				w.data = binary.BigEndian.AppendUint64(w.data, v)
				return
			}
			w.words(uint32(v)) //nolint:gosec // it fits into version 0
		}
		w.words(uint32(version)<<24 | h.flags)
		number(h.dates[0])
		number(h.dates[1])
		w.bytes(h.middle)
		number(h.duration)
		w.bytes(h.rest)
	})
}

func versionFor(duration uint64) byte {
	if duration > math.MaxUint32 {
		return 1
	}
	return 0
}
