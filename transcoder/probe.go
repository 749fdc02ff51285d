package transcoder

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"subclip/process"
	"subclip/timecode"
)

// demuxers are the containers a master may come in. The list is closed: formats
// that name other files or addresses (HLS, DASH, concat) would let an upload
// make a worker read what it should not.
const demuxers = "mov,mp4,m4a,3gp,matroska,webm,mpegts,mpeg,mxf,avi,asf,flv,gxf,dv,ogg,h264,hevc,mpegvideo,nut"

const maxSide = 16384

type probeOutput struct {
	Format  probeFormat   `json:"format"`
	Streams []probeStream `json:"streams"`
}

type probeFormat struct {
	Name      string            `json:"format_name"`
	Duration  string            `json:"duration"`
	StartTime string            `json:"start_time"`
	Size      string            `json:"size"`
	Tags      map[string]string `json:"tags"`
}

type probeStream struct {
	Index       int               `json:"index"`
	Type        string            `json:"codec_type"`
	Codec       string            `json:"codec_name"`
	Profile     string            `json:"profile"`
	Width       int               `json:"width"`
	Height      int               `json:"height"`
	PixelFormat string            `json:"pix_fmt"`
	AspectRatio string            `json:"sample_aspect_ratio"`
	FieldOrder  string            `json:"field_order"`
	RealRate    string            `json:"r_frame_rate"`
	AverageRate string            `json:"avg_frame_rate"`
	StartTime   string            `json:"start_time"`
	Duration    string            `json:"duration"`
	BitRate     string            `json:"bit_rate"`
	SampleRate  string            `json:"sample_rate"`
	Channels    int               `json:"channels"`
	Frames      string            `json:"nb_frames"`
	Packets     string            `json:"nb_read_packets"`
	Tags        map[string]string `json:"tags"`
	Disposition struct {
		AttachedPicture int `json:"attached_pic"`
	} `json:"disposition"`
}

// Probe reads the facts of a file at a path or URL. Of a file behind a URL only
// headers and index are read. An error that is ErrMedia says why the file is not
// playable video.
func (t *Transcoder) Probe(ctx context.Context, input string) (Source, error) {
	out, err := t.ffprobeJSON(ctx, input)
	if err != nil {
		return Source{}, err
	}
	video := slices.IndexFunc(out.Streams, func(s probeStream) bool {
		return s.Type == "video" && s.Disposition.AttachedPicture == 0
	})
	if video < 0 {
		return Source{}, unusable(nil, "the file has no video track")
	}
	if out.Streams[video].Frames == "" && !isURL(input) {
		if out.Streams[video].Packets, err = t.countPackets(ctx, input, out.Streams[video].Index); err != nil {
			return Source{}, err
		}
	}
	return newSource(out, out.Streams[video])
}

func isURL(input string) bool {
	return strings.HasPrefix(input, "http://") || strings.HasPrefix(input, "https://")
}

func (t *Transcoder) ffprobeJSON(ctx context.Context, input string) (probeOutput, error) {
	var out probeOutput
	data, err := t.runFFprobe(ctx, input, "-show_format", "-show_streams", "-of", "json")
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(data, &out); err != nil {
		return out, fmt.Errorf("read ffprobe's answer: %w", err)
	}
	return out, nil
}

// countPackets reads a whole local file whose container does not say how many
// pictures it holds.
func (t *Transcoder) countPackets(ctx context.Context, input string, stream int) (string, error) {
	data, err := t.runFFprobe(ctx, input, "-count_packets", "-select_streams", strconv.Itoa(stream),
		"-show_entries", "stream=nb_read_packets", "-of", "csv=p=0")
	return strings.Trim(strings.TrimSpace(string(data)), ","), err
}

func (t *Transcoder) runFFprobe(ctx context.Context, input string, args ...string) ([]byte, error) {
	all := append([]string{"-v", "error", "-format_whitelist", demuxers}, inputLimits(input)...)
	cmd := process.Command(ctx, t.ffprobe, append(append(all, args...), "-i", input)...)
	data, err := cmd.Output()
	if err == nil {
		return data, nil
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("probe the file: %w", ctx.Err())
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return nil, fmt.Errorf("run ffprobe: %w", err)
	}
	return nil, classify(string(exit.Stderr), fmt.Errorf("ffprobe: %w", err))
}

func newSource(out probeOutput, video probeStream) (Source, error) {
	if video.Codec == "" || video.PixelFormat == "" {
		return Source{}, unusable(nil, "the video track is in a coding that cannot be decoded here")
	}
	if video.Width < 1 || video.Height < 1 || video.Width > maxSide || video.Height > maxSide {
		return Source{}, unusable(nil, "the picture is %d×%d pixels: sides of 1 to %d are taken", video.Width, video.Height, maxSide)
	}
	rate, variable, err := frameRate(video)
	if err != nil {
		return Source{}, err
	}
	base, err := timecode.NewBase(rate, startTimecode(out))
	if err != nil {
		// A start timecode that the rate cannot count is the file's mistake;
		// its pictures are still addressable from zero.
		base = timecode.Base{Rate: rate}
	}
	s := Source{
		Container: container(out.Format), Size: integer(out.Format.Size), Timecode: base, Variable: variable,
		Duration:   cmp.Or(seconds(video.Duration), seconds(out.Format.Duration)),
		VideoStart: max(0, seconds(video.StartTime)-seconds(out.Format.StartTime)),
		Video: VideoTrack{
			Index: video.Index, Codec: video.Codec, Profile: video.Profile, Width: video.Width, Height: video.Height,
			PixelFormat: video.PixelFormat, AspectRatio: video.AspectRatio, FieldOrder: video.FieldOrder,
			BitRate: integer(video.BitRate),
		},
		Audio: []AudioTrack{},
	}
	s.Frames = cmp.Or(integer(video.Frames), integer(video.Packets), int64(math.Round(s.Duration*float64(rate.Num)/float64(rate.Den))))
	if s.Frames < 1 || (s.Frames == 1 && s.Duration == 0) {
		return Source{}, unusable(nil, "the file holds no moving pictures")
	}
	for _, stream := range out.Streams {
		s.addTrack(stream)
	}
	return s, nil
}

func (s *Source) addTrack(stream probeStream) {
	switch {
	case stream.Type == "audio" && stream.Codec != "":
		s.Audio = append(s.Audio, AudioTrack{
			Index: stream.Index, Codec: stream.Codec, SampleRate: int(integer(stream.SampleRate)), Channels: stream.Channels,
			Language: stream.Tags["language"], BitRate: integer(stream.BitRate),
		})
	case stream.Index != s.Video.Index:
		s.Other = append(s.Other, OtherTrack{Index: stream.Index, Type: stream.Type, Codec: stream.Codec})
	}
}

// frameRate tells the exact rate and whether it varies. The average over the
// file is snapped to a customary rate within a thousandth, since a last frame of
// odd length moves it; ffprobe's other figure is the least common rate of all
// time stamps, twice the true one for fields.
func frameRate(video probeStream) (rate timecode.Rate, variable bool, err error) {
	average, err := timecode.ParseRate(video.AverageRate)
	if err != nil {
		if average, err = timecode.ParseRate(video.RealRate); err != nil {
			return rate, false, unusable(err, "the video track has no frame rate")
		}
	}
	customary := []timecode.Rate{
		{Num: 24000, Den: 1001},
		{Num: 24, Den: 1},
		{Num: 25, Den: 1},
		{Num: 30000, Den: 1001},
		{Num: 30, Den: 1},
		{Num: 48, Den: 1},
		{Num: 50, Den: 1},
		{Num: 60000, Den: 1001},
		{Num: 60, Den: 1},
		{Num: 100, Den: 1},
		{Num: 120000, Den: 1001},
		{Num: 120, Den: 1},
	}
	rate = average
	nearest := 0.0005
	for _, c := range customary {
		if off := math.Abs(perSecond(average)/perSecond(c) - 1); off < nearest {
			rate, nearest = c, off
		}
	}
	if common, err := timecode.ParseRate(video.RealRate); err == nil {
		ratio := perSecond(common) / perSecond(rate)
		variable = math.Abs(ratio-1) > 0.01 && math.Abs(ratio-2) > 0.01
	}
	return rate, variable, nil
}

func perSecond(r timecode.Rate) float64 { return float64(r.Num) / float64(r.Den) }

func startTimecode(out probeOutput) string {
	for _, stream := range out.Streams {
		if tc := stream.Tags["timecode"]; tc != "" {
			return tc
		}
	}
	return out.Format.Tags["timecode"]
}

// container names the file's kind by its usual extension; ffprobe calls MP4 and
// QuickTime by one name, and the brand tells them apart.
func container(format probeFormat) string {
	name, _, _ := strings.Cut(format.Name, ",")
	if name == "mov" {
		if strings.TrimSpace(format.Tags["major_brand"]) == "qt" {
			return "mov"
		}
		return "mp4"
	}
	names := map[string]string{"matroska": "mkv", "mpegts": "ts", "mpeg": "mpg", "asf": "wmv"}
	return cmp.Or(names[name], name)
}

func integer(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func seconds(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}
