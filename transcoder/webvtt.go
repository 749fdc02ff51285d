package transcoder

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"

	"subclip/transcoder/mp4"
)

// vttSample is a sample of a track of WebVTT in MP4.
type vttSample struct {
	start, end time.Duration // from the first picture
	cues       []mp4.VTTCue
}

// mostWebVTT is how much ffprobe may say of a track of WebVTT in MP4, in bytes: that is
// some five times what is in it.
const mostWebVTT = 32 << 20

// webVTT reads tracks of WebVTT in MP4 (ISO/IEC 14496-30), whose samples ffmpeg finds, but
// does not read.
func (t *Transcoder) webVTT(ctx context.Context, master, _ string, s Source, out probeOutput) ([]Captions, error) {
	var all []Captions
	for _, stream := range out.Streams {
		if stream.Tag != "wvtt" {
			continue
		}
		samples, err := t.vttSamples(ctx, master, stream.Index, firstPicture(s, out))
		if err != nil {
			return nil, err
		}
		all = append(all, Captions{Language: stream.Tags["language"], Cues: joinSamples(samples)})
	}
	return all, nil
}

// vttSamples reads all samples of a track.
func (t *Transcoder) vttSamples(ctx context.Context, input string, stream int, first time.Duration) ([]vttSample, error) {
	data, err := t.askFFprobeFor(ctx, input, mostWebVTT, "-select_streams", strconv.Itoa(stream), "-show_entries", "packet=pts_time,duration_time,data", "-show_data", "-of", "json")
	if err != nil {
		return nil, err
	}
	var out struct {
		Packets []struct {
			Start    string `json:"pts_time"`
			Duration string `json:"duration_time"`
			Data     string `json:"data"`
		} `json:"packets"`
	}
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("read ffprobe's answer: %w", err)
	}
	samples := make([]vttSample, len(out.Packets))
	for i, packet := range out.Packets {
		start := duration(packet.Start) - first
		samples[i] = vttSample{start, start + duration(packet.Duration), mp4.VTTCues(dumped(packet.Data))}
	}
	return samples, nil
}

// joinSamples makes one cue of what goes on from a sample to the next. What ends before
// the first picture is left out.
func joinSamples(samples []vttSample) []Cue {
	const rounded = 2 * time.Microsecond
	var cues []Cue
	lasting := map[mp4.VTTCue]int{}
	for _, sample := range samples {
		now := map[mp4.VTTCue]int{}
		for _, said := range sample.cues {
			place, lasts := lasting[said]
			text := plainText(said.Text)
			switch {
			case sample.end <= max(0, sample.start) || text == "":
				continue
			case lasts && sample.start-cues[place].End <= rounded:
				cues[place].End = sample.end
			default:
				place = len(cues)
				cues = append(cues, Cue{max(0, sample.start), sample.end, text})
			}
			now[said] = place
		}
		lasting = now
	}
	return cues
}

var vttTag = regexp.MustCompile(`<[^>]*>?`)

// plainText is what the text of a cue of WebVTT says.
func plainText(text string) string {
	var lines []string
	for line := range strings.Lines(vttTag.ReplaceAllString(text, "")) {
		if line = strings.TrimSpace(html.UnescapeString(line)); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
