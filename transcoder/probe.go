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
	TimeBase    string            `json:"time_base"`
	StartTime   string            `json:"start_time"`
	Duration    string            `json:"duration"`
	Ticks       int64             `json:"duration_ts"` // Duration in units of TimeBase
	BitRate     string            `json:"bit_rate"`
	SampleRate  string            `json:"sample_rate"`
	Channels    int               `json:"channels"`
	Frames      string            `json:"nb_frames"`
	BFrames     int               `json:"has_b_frames"`
	Tags        map[string]string `json:"tags"`
	Disposition struct {
		AttachedPicture int `json:"attached_pic"`
	} `json:"disposition"`
}

// Probe reads the facts of a file at a path or URL. Where the container counts
// its pictures, as MP4, MOV, MXF and AVI do, only headers and index are read, else
// the whole file. An error that is ErrMedia says why the file is not playable
// video.
func (t *Transcoder) Probe(ctx context.Context, input string) (Source, error) {
	out, err := t.ffprobeJSON(ctx, input)
	if err != nil {
		return Source{}, err
	}
	i := slices.IndexFunc(out.Streams, func(s probeStream) bool {
		return s.Type == "video" && s.Disposition.AttachedPicture == 0
	})
	if i < 0 {
		return Source{}, unusable(nil, "the file has no video track")
	}
	s, err := newSource(out, out.Streams[i])
	if err != nil {
		return Source{}, err
	}
	if err := t.placePictures(ctx, input, out, out.Streams[i], &s); err != nil {
		return Source{}, err
	}
	if s.Frames < 1 || (s.Frames == 1 && s.Duration == 0) {
		return Source{}, unusable(nil, "the file holds no moving pictures")
	}
	return s, nil
}

// placePictures tells how many pictures there are and when they are shown, from
// the container's word or else from its packets.
func (t *Transcoder) placePictures(ctx context.Context, input string, out probeOutput, video probeStream, s *Source) error {
	if video.BFrames > 0 {
		first, err := t.readPackets(ctx, input, video.Index, "%+#40")
		if err != nil {
			return err
		}
		s.Untimed = !ordered(first)
	}
	s.Frames = video.counted(s.Timecode.Rate)
	if s.Frames > 0 && !s.Untimed {
		return nil
	}
	packets, err := t.readPackets(ctx, input, video.Index, "")
	if err != nil {
		return err
	}
	pictures := shown(packets)
	if lost := s.Frames - int64(len(pictures)); s.Untimed && lost > 0 {
		return unusable(nil, "the file is damaged: %d of its %d pictures are lost, and it does not say which", lost, s.Frames)
	}
	s.Frames = int64(len(pictures))
	s.Variable = s.Variable || !even(pictures, s.Timecode.Rate)
	if len(pictures) > 0 && pictures[0].timed() {
		s.VideoStart = pictures[0].pts - seconds(out.Format.StartTime)
	}
	return nil
}

// counted returns how many pictures the container says there are, 0 if it does
// not say.
func (s probeStream) counted(rate timecode.Rate) int64 {
	if s.TimeBase == fmt.Sprintf("%d/%d", rate.Den, rate.Num) && s.Frames == "" {
		return s.Ticks
	}
	frames := integer(s.Frames)
	average, err := timecode.ParseRate(s.AverageRate)
	if err == nil && s.Duration != "" && float64(frames)-seconds(s.Duration)*perSecond(average) > 1 {
		// An edit list hides some, which makes the track shorter than its
		// pictures are together.
		return 0
	}
	return frames
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

func (t *Transcoder) runFFprobe(ctx context.Context, input string, args ...string) ([]byte, error) {
	all := append([]string{"-v", "level+error"}, inputLimits(input)...)
	cmd := process.Command(ctx, t.ffprobe, append(append(all, args...), "-i", input)...)
	log := &logReader{}
	cmd.Stderr = log
	data, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("probe the file: %w", context.Cause(ctx))
	case err == nil && log.interruption != "":
		// ffprobe takes what it could read for the whole.
		return nil, fmt.Errorf("ffprobe could not read all of the file: %s", log.interruption)
	case err == nil:
		return data, nil
	case !errors.As(err, &exit):
		return nil, fmt.Errorf("run ffprobe: %w", err)
	}
	return nil, classify(input, log.said(), fmt.Errorf("ffprobe: %w", err))
}

// newSource puts together what the headers tell.
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

func startTimecode(out probeOutput) string {
	for _, stream := range out.Streams {
		if tc := timecodeTag(stream.Tags); tc != "" {
			return tc
		}
	}
	return timecodeTag(out.Format.Tags)
}

// timecodeTag returns the start timecode among tags; Matroska shouts its name.
func timecodeTag(tags map[string]string) string {
	return cmp.Or(tags["timecode"], tags["TIMECODE"])
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
