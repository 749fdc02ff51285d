package transcoder

import (
	"fmt"
	"os"
	"strings"

	ffmpeg "github.com/u2takey/ffmpeg-go"
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
