package transcoder

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	ffmpeg "github.com/u2takey/ffmpeg-go"
)

// proxyGOP is how many pictures lie between two of a proxy that can be shown without
// others.
const proxyGOP = 12

// The most square pixels of a proxy, and of a poster.
const proxyWidth, proxyHeight = 1280, 720

// ProxySize is how large the proxy and the poster are, in pixels.
func (s Source) ProxySize() (width, height int) {
	wide, high := float64(s.Video.Width), float64(s.Video.Height)
	var across, down float64
	if n, _ := fmt.Sscanf(s.Video.AspectRatio, "%g:%g", &across, &down); n == 2 && across > 0 && down > 0 {
		wide *= across / down
	}
	scale := min(1, proxyWidth/wide, proxyHeight/high)
	even := func(side float64) int { return max(2, 2*int(side*scale/2+0.001)) }
	return even(wide), even(high)
}

// Proxy makes the light rendition that the browser plays: H.264 with a short GOP and
// without B-frames, for quick seeking, index first, at most 1280 by 720 square pixels,
// and all sounds as stereo. Its pictures are the master's, one for one, so that a frame
// shown is a frame cut, and the first is shown at time 0. Captions that lie in the
// pictures go with them. It returns how many pictures there are: decoding tells truly
// what some containers only estimate.
func (t *Transcoder) Proxy(ctx context.Context, input, output string, s Source, progress Progress) (frames int64, err error) {
	in := ffmpeg.Input(input)
	picture := fromZero(in, s, nil)
	if s.Video.Interlaced() {
		picture = picture.Filter("bwdif", nil, ffmpeg.KwArgs{"mode": "send_frame"})
	}
	streams := []*ffmpeg.Stream{within(picture, proxyWidth, proxyHeight, false)}
	gop := strconv.Itoa(proxyGOP)
	options := asTheyCome(ffmpeg.KwArgs{
		"c:v": "libx264", "preset": "veryfast", "profile:v": "high", "pix_fmt": "yuv420p",
		"crf": "26", "maxrate": "4M", "bufsize": "8M", "g": gop, "keyint_min": gop, "sc_threshold": "0", "bf": "0", "flags:v": "+cgop",
		"movflags": "+faststart", "f": "mp4", "map_metadata": "-1", "map_chapters": "-1",
	})
	for i, a := range s.Audio {
		streams = append(streams, soundFrom(in, a, s.frameTime(0)))
		options["c:a"], options["b:a"], options["ac"] = "aac", "96k", "2"
		if a.Language != "" {
			options[fmt.Sprintf("metadata:s:a:%d", i)] = "language=" + a.Language
		}
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

// ProxySounds copies each sound track of a source's proxy but the first into a file of its
// own, for browsers that play no other than the first out of the proxy, and returns their
// paths, in the order of the tracks. The files go into folder; their time is the proxy's.
func (t *Transcoder) ProxySounds(ctx context.Context, proxy, folder string, s Source) ([]string, error) {
	in := ffmpeg.Input(proxy)
	var files []string
	var outputs []*ffmpeg.Stream
	for i := 1; i < len(s.Audio); i++ {
		file := filepath.Join(folder, fmt.Sprintf("proxy-sound-%d.mp4", i))
		files = append(files, file)
		outputs = append(outputs, in.Get(fmt.Sprintf("a:%d", i)).Output(file, ffmpeg.KwArgs{"c": "copy", "movflags": "+faststart", "f": "mp4"}))
	}
	if len(files) == 0 {
		return nil, nil
	}
	return files, complete(t.run(ctx, ffmpeg.MergeOutputs(outputs...).GetArgs(), proxy, 0, nil))
}

// asTheyCome adds that pictures are written as they come, none left out or twice.
func asTheyCome(options ffmpeg.KwArgs) ffmpeg.KwArgs {
	options["fps_mode"] = "passthrough"
	return options
}

// within scales a picture to square pixels that fit into a frame of even sides; a
// smaller one is enlarged only to fill it.
func within(picture *ffmpeg.Stream, width, height int, fill bool) *ffmpeg.Stream {
	scale := fmt.Sprintf("min(%d/(iw*sar),%d/ih)", width, height)
	if !fill {
		scale = "min(1," + scale + ")"
	}
	return picture.
		Filter("scale", nil, ffmpeg.KwArgs{"w": "max(2,2*trunc(iw*sar*" + scale + "/2+0.001))", "h": "max(2,2*trunc(ih*" + scale + "/2+0.001))"}).
		Filter("setsar", ffmpeg.Args{"1"})
}
