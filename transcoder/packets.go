package transcoder

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"subclip/timecode"
)

// packet is a coded picture as its container describes it.
type packet struct {
	// pts and dts are when it is shown and decoded, in seconds; NaN where the
	// container does not say.
	pts, dts float64
	key      bool // decoding can begin here
	hidden   bool // an edit list keeps it from being shown
}

func (p packet) timed() bool { return !math.IsNaN(p.pts) }

// readPackets lists a stream's packets in the order of decoding. Interval, as
// ffprobe takes it, is how much of the file to read; empty is all of it.
func (t *Transcoder) readPackets(ctx context.Context, input string, stream int, interval string) ([]packet, error) {
	args := []string{"-select_streams", strconv.Itoa(stream), "-show_entries", "packet=pts_time,dts_time,flags", "-of", "csv=p=0"}
	if interval != "" {
		args = append(args, "-read_intervals", interval)
	}
	data, err := t.askFFprobe(ctx, input, args...)
	if err != nil {
		return nil, err
	}
	var packets []packet
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimSpace(line), ",")
		if len(fields) < 3 { // of another section than packets
			continue
		}
		packets = append(packets, packet{
			pts: packetTime(fields[0]), dts: packetTime(fields[1]),
			key: strings.Contains(fields[2], "K"), hidden: strings.Contains(fields[2], "D"),
		})
	}
	return packets, nil
}

func packetTime(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return f
}

// shown returns the packets that become pictures, in display order. A recording
// that begins inside a GOP shows nothing before its first key picture.
func shown(packets []packet) []packet {
	first := max(0, slices.IndexFunc(packets, func(p packet) bool { return p.key }))
	var pictures []packet
	for _, p := range packets[first:] {
		if early := p.pts < packets[first].pts; !early && !p.hidden {
			pictures = append(pictures, p)
		}
	}
	slices.SortStableFunc(pictures, func(a, b packet) int { return cmp.Compare(a.pts, b.pts) })
	return pictures
}

// even reports whether pictures in display order lie where their rate puts them,
// to within half a frame. Where some keep silent nothing speaks against it.
func even(pictures []packet, rate timecode.Rate) bool {
	if slices.ContainsFunc(pictures, func(p packet) bool { return !p.timed() }) {
		return true
	}
	for i, p := range pictures {
		place := pictures[0].pts + rate.TimeOf(int64(i)).Seconds()
		if math.Abs(p.pts-place) > rate.TimeOf(1).Seconds()/2 {
			return false
		}
	}
	return true
}

// ordered reports whether the first packets of a stream with B-frames, which are
// shown in another order than they are decoded in, tell that order.
func ordered(first []packet) bool {
	return slices.ContainsFunc(first, func(p packet) bool { return p.timed() && p.pts != p.dts })
}
