// Package sample makes videos whose every frame carries its own number in the
// picture, and reads those numbers back from any file made of such frames. It
// makes the video that `subclip up` shows on its first start, and the videos
// with which tests check, frame by frame, what cutting, re-encoding and scaling
// did.
//
// The picture is colour bars with the timecode and the frame number in large
// type, for people, and a strip of black and white blocks along the top, for
// [Numbers]. The strip is made of few and large blocks and is read by averaging
// each, so that it survives lossy coding, chroma subsampling and scaling of the
// whole picture. It holds a checksum besides the number: a frame that cannot be
// read is an error, never a wrong number.
//
// A black marker leaves the left edge of the picture at each full second, and
// the sound, a quiet 1 kHz tone, beeps at 4 kHz at that moment, so that sync can
// be seen, heard and measured.
//
// All of it is drawn and coded by ffmpeg.
package sample

import (
	"context"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The smallest picture in which the strip's blocks are sure to survive.
const (
	minWidth  = 160
	minHeight = 90
)

// movieTimescale is the units a second in which MP4 and MOV say how long each
// track is shown. ffmpeg's default of 1000 cuts the sound off up to a millisecond
// early; this one holds both a frame at the usual rates and a sample exactly.
const movieTimescale = "240000"

// Options say what video to make.
type Options struct {
	Width, Height int

	// Rate is the frame rate, a number or fraction as ffmpeg takes it: "25",
	// "30000/1001".
	Rate string

	// Frames is how long the video is.
	Frames int

	// Timecode is that of the first frame, "10:00:00:00", or "10:00:00;00" for
	// drop-frame. Empty makes a video without timecode.
	Timecode string

	// GOP is the most frames from one keyframe to the next. 0 leaves it to the
	// encoder.
	GOP int

	// BFrames is how many B-frames follow one another. 0 makes none.
	BFrames int

	// VideoArgs and AudioArgs are ffmpeg output options that add to the default
	// ones, or replace those of the same name: "-c:v", "libx265".
	VideoArgs, AudioArgs []string

	// NoAudio leaves the sound out.
	NoAudio bool
}

// Default returns the options of the sample video that is shown on the first
// start: three minutes in full HD.
func Default() Options {
	return Options{
		Width:    1920,
		Height:   1080,
		Rate:     "25",
		Frames:   3 * 60 * 25,
		Timecode: "10:00:00:00",
		GOP:      50,
		BFrames:  3,
	}
}

// Make writes the video to path, over what may be there, in the container that
// the path's extension names. A video with an odd side is coded in 4:4:4, as
// 4:2:0 halves both. Progress, which may be nil, is told from time to time how
// much is done, 0 to 1. When Make fails, no file is left.
func Make(ctx context.Context, path string, o Options, progress func(fraction float64)) error {
	args, err := arguments(path, o)
	if err != nil {
		return fmt.Errorf("make sample video: %w", err)
	}

	if err := runFFmpeg(ctx, &progressWriter{frames: o.Frames, report: progress}, args...); err != nil {
		_ = os.Remove(path) // There is none when ffmpeg failed early.

		return fmt.Errorf("make sample video: %w", err)
	}

	return nil
}

// arguments returns the ffmpeg arguments that make the video.
func arguments(path string, o Options) ([]string, error) {
	rate, err := o.check()
	if err != nil {
		return nil, err
	}

	font, err := findFont(fontFolder)
	if err != nil {
		return nil, err
	}

	args := []string{"-y", "-progress", "pipe:1"}
	if o.NoAudio {
		args = append(args, "-filter_complex", picture(o, rate, font), "-map", "[v]")
	} else {
		args = append(args, "-filter_complex", picture(o, rate, font)+";"+sound(o, rate), "-map", "[v]", "-map", "[a]")
	}

	args = append(args, o.videoArgs()...)
	args = append(args, o.audioArgs()...)
	args = append(args, o.containerArgs(path)...)

	return append(args, fileURL(path)), nil
}

// check returns the frame rate, or what is wrong with the options. Only what
// ffmpeg would take and turn into an unreadable video is looked at.
func (o Options) check() (*big.Rat, error) {
	if o.Width < minWidth || o.Height < minHeight {
		return nil, fmt.Errorf("the picture, %dx%d, is smaller than %dx%d", o.Width, o.Height, minWidth, minHeight)
	}

	if o.Frames < 1 || o.Frames > maxFrames {
		return nil, fmt.Errorf("the number of frames, %d, is not between 1 and %d", o.Frames, maxFrames)
	}

	rate, ok := new(big.Rat).SetString(o.Rate)
	if !ok || rate.Sign() <= 0 {
		return nil, fmt.Errorf("the frame rate, %q, is not a number or fraction above 0", o.Rate)
	}

	return rate, nil
}

// videoArgs returns the options of the video encoder.
func (o Options) videoArgs() []string {
	args := []string{"-c:v", "libx264", "-preset", "superfast", "-crf", "20", "-bf", strconv.Itoa(o.BFrames)}

	// Left to itself, x264 codes so still a picture almost without B-frames.
	args = append(args, "-b_strategy", "0")

	if o.GOP > 0 {
		args = append(args, "-g", strconv.Itoa(o.GOP))
	}

	return append(args, o.VideoArgs...)
}

// audioArgs returns the options of the audio encoder.
func (o Options) audioArgs() []string {
	if o.NoAudio {
		return nil
	}

	return append([]string{"-c:a", "aac", "-b:a", "128k"}, o.AudioArgs...)
}

// containerArgs returns the options of the container at path.
func (o Options) containerArgs(path string) []string {
	var args []string
	if o.Timecode != "" {
		args = append(args, "-timecode", o.Timecode)
	}

	switch strings.ToLower(filepath.Ext(path)) {
	case ".mp4", ".mov":
		args = append(args, "-movflags", "+faststart", "-movie_timescale", movieTimescale)
	}

	return args
}

// progressWriter is written what ffmpeg's -progress prints, and reports it.
type progressWriter struct {
	frames int
	report func(fraction float64)
	unread string
}

// Write takes the next piece of the progress; it never fails.
func (p *progressWriter) Write(piece []byte) (int, error) {
	lines := strings.Split(p.unread+string(piece), "\n")
	last := len(lines) - 1
	p.unread = lines[last]

	for _, line := range lines[:last] {
		p.readLine(line)
	}

	return len(piece), nil
}

func (p *progressWriter) readLine(line string) {
	value, ok := strings.CutPrefix(line, "frame=")
	if !ok || p.report == nil {
		return
	}

	if done, err := strconv.Atoi(strings.TrimSpace(value)); err == nil {
		p.report(float64(done) / float64(p.frames))
	}
}
