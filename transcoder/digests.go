package transcoder

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	ffmpeg "github.com/u2takey/ffmpeg-go"

	"subclip/transcoder/mp4"
)

// digests are of decoded pictures, by the time at which they are shown.
type digests map[int64]string

// hashing has ffmpeg write a digest of every picture, at the master's own times. The hash
// is a fast one: nobody gains by making two pictures look the same to it.
func (c *cut) hashing() ffmpeg.KwArgs {
	return ffmpeg.KwArgs{"fps_mode": "passthrough", "enc_time_base": c.timeBase(), "f": "framehash", "hash": "murmur3"}
}

// timeBase has ffmpeg keep the master's times. An ffmpeg with several inputs cannot tell
// by itself whose to take.
func (c *cut) timeBase() string { return fmt.Sprintf("1/%d", c.video.Timescale) }

// asCoded keeps ffmpeg from turning the pictures of an input as they are displayed.
func asCoded() ffmpeg.KwArgs { return ffmpeg.KwArgs{"noautorotate": ""} }

// readDigests reads them, times counted from origin.
func readDigests(path string, origin int64) (digests, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the digests of pictures: %w", err)
	}
	all := digests{}
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(line, ",")
		if strings.HasPrefix(line, "#") || len(fields) != 6 {
			continue
		}
		all[integer(strings.TrimSpace(fields[2]))+origin] = strings.TrimSpace(fields[5])
	}
	return all, nil
}

// toDecode are samples, and the file that ffmpeg reads them from.
type toDecode struct {
	path    string
	samples []mp4.NewSample
}

// decode returns what samples decode to, those of each file by themselves. It does not
// touch c.
func (c *cut) decode(ctx context.Context, files ...toDecode) ([]digests, error) {
	outputs, origins := make([]*ffmpeg.Stream, len(files)), make([]int64, len(files))
	for i, f := range files {
		moved := slices.Clone(f.samples)
		// Players count time from a file's first picture.
		origins[i] = slices.MinFunc(moved, func(a, b mp4.NewSample) int { return cmp.Compare(a.Display, b.Display) }).Display
		for n := range moved {
			moved[n].Display -= origins[i]
			moved[n].Group = n // in decoding order
		}
		if err := c.writeSamples(f.path, moved); err != nil {
			return nil, err
		}
		outputs[i] = ffmpeg.Input(f.path, ffmpeg.KwArgs{"xerror": ""}, asCoded()).Video().Output(f.path+"-sums", c.hashing())
	}
	if _, err := c.t.run(ctx, ffmpeg.MergeOutputs(outputs...).GetArgs(), "", 0, nil); err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		return nil, unsupported("the pictures at a joint do not decode (%w)", err)
	}
	all := make([]digests, len(files))
	for i, f := range files {
		var err error
		if all[i], err = readDigests(f.path+"-sums", origins[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}
