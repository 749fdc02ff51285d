package transcoder

import (
	"bytes"
	"fmt"

	ffmpeg "github.com/u2takey/ffmpeg-go"

	"subclip/timecode"
	"subclip/transcoder/mp4"
)

const mpeg2Video = "mpeg2video" // as ffmpeg calls it

// mpeg2 is ITU-T H.262 (XDCAM, IMX, DVD). Each sequence header in the stream
// replaces the one before, so that encoded pictures, which bring their own, need
// nothing else to stand beside the master's.
type mpeg2 struct {
	rate       timecode.Rate
	interlaced bool
}

// entry looks for an I picture with a sequence header. What is decoded after it and
// shown before it is left out of the copy, whether its GOP is open or closed.
func (mpeg2) entry(look candidate) (mp4.Entry, *recovery, error) {
	const sequence, picture, codingI = 0xb3, 0x00, 1
	headed := false
	sample, err := look.read(0)
	if err != nil {
		return mp4.NoEntry, nil, err
	}
	for {
		at := bytes.Index(sample, []byte{0, 0, 1})
		if at < 0 || len(sample) < at+6 {
			return mp4.NoEntry, nil, nil
		}
		sample = sample[at+3:]
		switch sample[0] {
		case sequence:
			headed = true
		case picture:
			if headed && sample[2]>>3&7 == codingI {
				return mp4.Refresh, nil, nil
			}
			return mp4.NoEntry, nil, nil
		}
	}
}

func (m mpeg2) options(*recovery, int) (ffmpeg.KwArgs, error) {
	options := ffmpeg.KwArgs{
		"c:v": mpeg2Video, "q:v": "2", "bf": "0", "g": "12", "dc": "10", "a53cc": "0",
		// The coding has a list of rates and no finer time.
		"enc_time_base": "0", "r": fmt.Sprintf("%d/%d", m.rate.Num, m.rate.Den),
	}
	if m.interlaced {
		options["flags:v"] = "+ilme+ildct"
	}
	return options, nil
}

func (mpeg2) enter([]byte) ([]byte, error) { return nil, nil }

// spare keeps B pictures too: ffmpeg tells the times of pictures from those around.
func (mpeg2) spare([]byte) bool { return false }

func (mpeg2) adapt(*edge, *recovery) error { return nil }
func (mpeg2) config() (mp4.Config, error)  { return mp4.Config{}, nil }
