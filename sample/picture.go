package sample

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
)

// fontFolder and fontFile are where Debian's fonts-dejavu-core puts the font of
// the burnt-in text.
const (
	fontFolder = "/usr/share/fonts/truetype/dejavu"
	fontFile   = "DejaVuSansMono-Bold.ttf"
)

// sampleRate is the samples of sound a second.
const sampleRate = 48000

// findFont returns the path of the font of the burnt-in text.
func findFont(folder string) (string, error) {
	path := filepath.Join(folder, fontFile)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("no font for the timecode, install fonts-dejavu-core: %w", err)
	}

	return path, nil
}

// picture returns the ffmpeg filter graph that draws the video, named [v]. Each
// source is brought to the one pixel format, or ffmpeg would choose a larger one.
func picture(o Options, rate *big.Rat, font string) string {
	format := ",format=" + pixelFormat(o)
	// Overlay counts its frames from 1, unlike ffmpeg's other filters.
	seconds := fmt.Sprintf("(n-1)*%s/%s", rate.Denom(), rate.Num())

	return strings.Join([]string{
		fmt.Sprintf("smptehdbars=size=%dx%d:rate=%s%s[bars]", o.Width, o.Height, rate.RatString(), format),
		stripSource(o.Width, o.Height, rate) + format + "[strip]",
		fmt.Sprintf("color=black:size=%dx%d:rate=%s%s[marker]", o.Width/40, o.Height/10, rate.RatString(), format),
		"[bars][strip]overlay=format=auto[numbered]",
		fmt.Sprintf("[numbered][marker]overlay=format=auto:x='(W-w)*mod(%s,1)':y=H/6", seconds) +
			burnIn(o, rate, font) + fmt.Sprintf(",trim=end_frame=%d[v]", o.Frames),
	}, ";")
}

// pixelFormat returns the colour sampling that the picture's size allows.
func pixelFormat(o Options) string {
	if o.Width%2 == 0 && o.Height%2 == 0 {
		return "yuv420p"
	}

	return "yuv444p"
}

// burnIn returns the filters that write the timecode, if any, and the frame
// number below it.
func burnIn(o Options, rate *big.Rat, font string) string {
	size := min(o.Width/10, o.Height/6)
	number := drawText(font, size/2, 0.68) + ":text='%{n}'"

	if o.Timecode == "" {
		return number
	}

	start := strings.ReplaceAll(o.Timecode, ":", `\:`)

	return drawText(font, size, 0.45) +
		fmt.Sprintf(":timecode='%s':timecode_rate=%s:tc24hmax=1", start, rate.RatString()) + number
}

// drawText returns a filter that writes a line of text, centred, at a height of
// the picture between 0, the top, and 1. What it writes has yet to be added.
func drawText(font string, size int, height float64) string {
	return fmt.Sprintf(",drawtext=fontfile=%s:fontsize=%d:fontcolor=white:box=1:boxcolor=black:boxborderw=%d"+
		":x=(w-tw)/2:y=h*%.2f-th/2", font, size, size/8, height)
}

// sound returns the ffmpeg filter graph that makes the sound, named [a], as long
// as the video to the sample.
func sound(o Options, rate *big.Rat) string {
	samples := new(big.Rat).SetInt64(int64(o.Frames) * sampleRate)
	samples.Quo(samples, rate)

	return fmt.Sprintf("sine=frequency=1000:beep_factor=4:sample_rate=%d,aformat=channel_layouts=stereo,atrim=end_sample=%s[a]",
		sampleRate, samples.FloatString(0))
}
