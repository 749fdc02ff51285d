package transcoder

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"subclip/timecode"
)

// demuxers are the containers a master may come in. The list is closed: formats
// that name other files or addresses (HLS, DASH, concat) would let an upload
// make a worker read what it should not.
const demuxers = "mov,mp4,m4a,3gp,matroska,webm,mpegts,mpeg,mxf,avi,asf,flv,gxf,dv,ogg,h264,hevc,mpegvideo,nut"

const maxSide = 16384

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
	if err := t.lookAtFields(ctx, input, &s); err != nil {
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
	if s.Video.Fields {
		s.Frames = 0
	}
	if s.Frames > 0 && !s.Untimed {
		return nil
	}
	packets, err := t.readPackets(ctx, input, video.Index, "")
	if err != nil {
		return err
	}
	if s.Video.Fields {
		packets = whole(packets)
		s.halveRate(len(packets))
	}
	if s.Untimed && places(packets, s.Timecode.Rate) == 2 {
		s.halveRate(len(packets))
	}
	pictures := shown(packets)
	if said, lost := s.lost(packets, len(pictures)); s.Untimed && lost > 0 {
		return unusable(nil, "the file is damaged: %d of its %d pictures are lost, and it does not say which", lost, said)
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
	if err == nil && s.Duration != "" && float64(frames)-seconds(s.Duration)*perSecond(average) > 0.5 {
		// An edit list hides some, which makes the track shorter than its
		// pictures are together.
		return 0
	}
	return frames
}

func isURL(input string) bool {
	return strings.HasPrefix(input, "http://") || strings.HasPrefix(input, "https://")
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
