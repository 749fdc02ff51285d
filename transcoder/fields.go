package transcoder

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"subclip/timecode"
)

// fieldPackets is how many packets are decoded to see whether they hold frames or
// fields, and fewest how many of them must come after a key picture to tell.
const (
	fieldPackets = 100
	fewest       = 12
)

// decodedStart is what the first packets of a video track, from a key picture on,
// decode to.
type decodedStart struct {
	packets, untimed             int
	frames, interlaced, topFirst int
}

// lookAtFields decodes the beginning of H.264, which may be coded in fields: headers
// tell neither that nor, where a container or ffmpeg's reading of it has a packet for
// each field, that two of them are one picture.
func (t *Transcoder) lookAtFields(ctx context.Context, input string, s *Source) error {
	if s.Video.Codec != "h264" || s.tabled() && s.Video.FieldOrder == "progressive" {
		return nil
	}
	data, err := t.askFFprobe(ctx, input, "-select_streams", strconv.Itoa(s.Video.Index), "-read_intervals", "%+#"+strconv.Itoa(fieldPackets),
		"-show_entries", "packet=pts_time,flags:frame=interlaced_frame,top_field_first", "-of", "csv")
	if err != nil {
		return err
	}
	start := readStart(string(data))
	if start.interlaced > 0 && !s.Video.Interlaced() {
		s.Video.FieldOrder = "bb"
		if 2*start.topFirst > start.interlaced {
			s.Video.FieldOrder = "tt"
		}
	}
	s.Video.Fields = start.halves()
	return nil
}

func readStart(csv string) decodedStart {
	var d decodedStart
	for line := range strings.Lines(csv) {
		fields := strings.Split(strings.TrimSpace(line), ",")
		switch {
		case len(fields) < 2:
		case fields[0] == "packet" && d.packets == 0 && (len(fields) < 3 || !strings.Contains(fields[2], "K")):
		case fields[0] == "packet":
			d.packets++
			if fields[1] == "N/A" {
				d.untimed++
			}
		case fields[0] == "frame" && len(fields) > 2:
			d.frames++
			d.interlaced += int(integer(fields[1]))
			d.topFirst += int(integer(fields[1]) * integer(fields[2]))
		}
	}
	return d
}

// halves reports whether there are packets that hold the second field of a picture
// alone. The packets may end, and the first ones begin, in the middle of one.
func (d decodedStart) halves() bool {
	const few = 3
	if d.interlaced == 0 || d.packets < fewest {
		return false
	}
	untimed := d.untimed > 0 && d.untimed < d.packets && d.frames <= d.packets-d.untimed+1
	return untimed || 2*d.frames <= d.packets+few
}

// whole leaves out of packets those with the second field of a picture: they do not
// tell a time where others do, or else are every other one from a key picture on.
func whole(packets []packet) []packet {
	packets = packets[max(0, slices.IndexFunc(packets, func(p packet) bool { return p.key })):]
	timed := 0
	for _, p := range packets {
		if p.timed() {
			timed++
		}
	}
	var firsts []packet
	for i, p := range packets {
		if timed > 0 && timed < len(packets) && p.timed() || (timed == 0 || timed == len(packets)) && i%2 == 0 {
			firsts = append(firsts, p)
		}
	}
	return firsts
}

// halveRate is for a rate that was taken from fields: that of the pictures is what
// their number and the duration make.
func (s *Source) halveRate(pictures int) {
	rate := s.Timecode.Rate
	if float64(pictures) > 0.75*s.Duration*perSecond(rate) {
		return
	}
	rate.Den *= 2
	if base, err := timecode.NewBase(customary(rate), s.Timecode.Timecode(0)); err == nil {
		s.Timecode = base
		return
	}
	s.Timecode = timecode.Base{Rate: customary(rate)}
}
