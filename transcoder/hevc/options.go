package hevc

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Options are the ffmpeg options with which libx265 encodes an edge in the
// master's picture format: one IDR picture, then pictures in the order in which
// they are shown. An error says why the master's format cannot be encoded.
func (c *Config) Options() (map[string]string, error) {
	s := c.sequences[0]
	pixels, err := s.pixels()
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"c:v": "libx265", "tag:v": "hvc1", "crf": "12", "preset": "ultrafast", "pix_fmt": pixels,
		"x265-params": strings.Join(append(s.vuiParams(),
			"log-level=error", "keyint=48", "scenecut=0", "open-gop=0", "bframes=0", "b-adapt=0",
			"aud=0", "hrd=0", "info=0", "vui-timing-info=0"), ":"),
	}, nil
}

// pixels is what ffmpeg calls the picture format.
func (s *sps) pixels() (string, error) {
	const rgb = 0
	f := s.format
	interlaced := s.screen.fields || s.profile.constraints&(progressiveSource|interlacedSource) == interlacedSource
	switch {
	case interlaced:
		return "", errors.New("interlaced H.265 cannot be encoded")
	case f.chroma == 0 || f.colour.matrix == rgb:
		return "", errors.New("H.265 without chroma or in RGB cannot be encoded")
	case f.luma != f.chromas:
		return "", errors.New("H.265 whose chroma has another depth cannot be encoded")
	}
	name := "yuv" + []string{1: "420p", 2: "422p", 3: "444p"}[f.chroma]
	switch f.luma {
	case 8:
		if f.colour.full {
			name = strings.Replace(name, "yuv", "yuvj", 1) // or ffmpeg would change the range
		}
		return name, nil
	case 10, 12:
		return name + strconv.Itoa(int(f.luma)) + "le", nil
	}
	return "", fmt.Errorf("H.265 of %d bits cannot be encoded", f.luma)
}

// vuiParams are x265's parameters for the master's colours.
func (s *sps) vuiParams() []string {
	var params []string
	if s.screen.signal {
		params = append(params, fmt.Sprintf("videoformat=%d", s.screen.videoFormat), "range="+map[bool]string{false: "limited", true: "full"}[s.format.colour.full])
	}
	if s.screen.described {
		c := s.format.colour
		params = append(params, fmt.Sprintf("colorprim=%d:transfer=%d:colormatrix=%d", c.primaries, c.transfer, c.matrix))
	}
	if s.screen.located {
		params = append(params, fmt.Sprintf("chromaloc=%d", s.screen.chroma))
	}
	return params
}
