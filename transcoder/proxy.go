package transcoder

import (
	"context"

	ffmpeg "github.com/u2takey/ffmpeg-go"
)

// Proxy makes the light rendition that the browser plays: H.264 with a short GOP
// for quick seeking, index first, the picture at most 540 lines, and the first
// sound as stereo. Its pictures are the master's, one for one, so that a frame
// shown is a frame cut, and the first is shown at time 0. It returns how many there
// are: decoding tells truly what some containers only estimate.
func (t *Transcoder) Proxy(ctx context.Context, input, output string, s Source, progress Progress) (frames int64, err error) {
	in := ffmpeg.Input(input)
	picture := fromZero(in, s, nil)
	if s.Video.Interlaced() {
		picture = picture.Filter("bwdif", nil, ffmpeg.KwArgs{"mode": "send_frame"})
	}
	streams := []*ffmpeg.Stream{picture.Filter("scale", nil, ffmpeg.KwArgs{"w": "-2", "h": "trunc(min(540,ih)/2)*2"})}
	options := ffmpeg.KwArgs{
		"c:v": "libx264", "preset": "veryfast", "crf": "26", "pix_fmt": "yuv420p", "g": "12", "fps_mode": "passthrough",
		"movflags": "+faststart", "f": "mp4", "map_metadata": "-1", "map_chapters": "-1",
	}
	if len(s.Audio) > 0 {
		streams = append(streams, soundFrom(in, s.Audio[0], s.frameTime(0)))
		options["c:a"], options["b:a"], options["ac"] = "aac", "96k", "2"
	}
	made, err := t.run(ctx, ffmpeg.Output(streams, output, options).GetArgs(), input, s.Frames, progress)
	switch {
	case err != nil:
		return 0, err
	case made.interruption != "" && made.frames < s.Frames:
		return 0, made.interrupted()
	case made.frames == 0:
		return 0, unusable(nil, "none of the file's pictures can be decoded")
	}
	return made.frames, nil
}

// Poster makes a still of the video as JPEG, from a tenth of its length in, at
// most 540 lines. Input is the source's proxy, in which tracks have other places
// than in the source, and whose index finds the picture.
func (t *Transcoder) Poster(ctx context.Context, input, output string, s Source) error {
	at := s.Timecode.Rate.TimeOf(s.Frames / 10)
	still := ffmpeg.Input(input, ffmpeg.KwArgs{"ss": secondsArg(at)}).
		Get("V:0").
		Filter("scale", nil, ffmpeg.KwArgs{"w": "-2", "h": "trunc(min(540,ih)/2)*2"}).
		Output(output, ffmpeg.KwArgs{"frames:v": "1", "q:v": "3", "f": "image2", "update": "1"})
	made, err := t.run(ctx, still.GetArgs(), input, 1, nil)
	if err == nil && made.frames == 0 {
		return unusable(nil, "the video has no picture for a poster")
	}
	return err
}
