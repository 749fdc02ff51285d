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

// places is how many of a rate's places a picture takes in the order of decoding, as
// most of them do: AVI files may count fields, or twice as fast as they need.
func places(packets []packet, rate timecode.Rate) int64 {
	taken := map[int64]int{}
	most := int64(0)
	for i := 1; i < len(packets); i++ {
		if n := gap(packets, i, rate) + 1; n > 0 {
			if taken[n]++; taken[n] > taken[most] {
				most = n
			}
		}
	}
	return most
}

// gap is how many places are empty before a packet.
func gap(packets []packet, i int, rate timecode.Rate) int64 {
	apart := (packets[i].dts - packets[i-1].dts) * perSecond(rate)
	if math.IsNaN(apart) {
		return 0
	}
	return int64(math.Round(apart)) - 1
}

// lost is how many pictures there should be by what the container says, and how many
// more that is than there are. Empty places in AVI files are none: those by which it
// counts faster than pictures come, and those after the first picture, of an encoder
// that had yet to see the next.
func (s Source) lost(packets []packet, pictures int) (said, lost int64) {
	said = s.Frames
	if s.Duration > 0 {
		said = min(said, int64(math.Round(s.Duration*perSecond(s.Timecode.Rate))))
	}
	if len(packets) > 1 && s.Container == "avi" {
		said -= max(0, gap(packets, 1, s.Timecode.Rate))
	}
	return said, said - int64(pictures)
}
