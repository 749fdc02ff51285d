package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

const (
	// window is how much sound is compared at each end of a range, in seconds: more
	// than from one beep of a sample video to the next, for a steady tone fits
	// itself at many places.
	window = 1.2

	// reach is how far the sound is slid either way, in seconds.
	reach = 0.04

	// audioFrame is how many samples the sound of a later range may be off: a frame
	// of AAC, which is not cut apart. Where frames meet that did not follow one
	// another, what they decode to is neither's: up to two after a joint, one before.
	audioFrame = 1024

	// likeness is the least correlation of sounds that are the same but for coding.
	likeness = 0.8

	// clearly is how much better a wrong place must fit than the right one to be
	// told from it.
	clearly = 0.0005
)

// probe is a stretch of a clip's sound and where in the source's it belongs. All is
// counted in samples from the start of the time line.
type probe struct {
	span        int
	end         string // of the range: "start" or "end"
	made, there int
	length      int
	slack       int // how far off it may be
}

// sound checks the sound at both ends of each range, track by track.
func (c *clip) sound(ctx context.Context) (string, error) {
	if have, want := len(c.made.sounds), len(c.source.sounds); have != want {
		return "", fmt.Errorf("the clip has %d tracks of sound, the source %d", have, want)
	}
	if len(c.source.sounds) == 0 {
		return "there is none", nil
	}
	if len(c.made.times) < len(c.places) || c.places[len(c.places)-1].source >= len(c.source.times) {
		return "", errors.New("it cannot be placed, as frames are missing")
	}
	most, quiet, heard := 0, 0, 0
	for track := range c.source.sounds {
		probes, err := c.probes(track)
		if err != nil {
			return "", err
		}
		off, silent, err := c.listenTo(ctx, track, probes)
		if err != nil {
			return "", fmt.Errorf("track %d: %w", track, err)
		}
		most, quiet, heard = max(most, off), quiet+silent, heard+len(probes)-silent
	}
	return fmt.Sprintf("%d tracks, off by %d samples at most in %d places; silent in both files in %d",
		len(c.source.sounds), most, heard, quiet), nil
}

// probes returns what to compare of a track. Ranges of which joints leave less than
// a frame of sound are left out.
func (c *clip) probes(track int) ([]probe, error) {
	from, to := c.source.sounds[track], c.made.sounds[track]
	if from.rate <= 0 {
		return nil, fmt.Errorf("track %d: the source's sample rate is not known", track)
	}
	samples := func(seconds float64) int { return int(math.Round(seconds * float64(from.rate))) }
	var probes []probe
	at := 0
	for i, span := range c.report.Ranges {
		made, source := c.made.at(at), c.source.at(span.First)
		start, length := samples(made), samples(c.source.at(span.Last)-source+1/c.source.rate())
		at += span.Last - span.First + 1
		// Containers that count time coarsely, as Matroska does, place sound so.
		slack := 1 + max(0, samples(from.tick)-1) + max(0, samples(to.tick)-1)
		if i > 0 {
			start, length, slack = start+2*audioFrame, length-2*audioFrame, slack+audioFrame
		}
		if i+1 < len(c.report.Ranges) {
			length -= audioFrame
		}
		if len(c.report.Ranges) == 1 || length >= audioFrame {
			probes = append(probes, ends(probe{i, "start", start, start + samples(source-made), length, slack}, samples(window))...)
		}
	}
	return probes, nil
}

// ends returns the two ends of a stretch, or all of it if that is short.
func ends(all probe, longest int) []probe {
	first := all
	first.length = min(all.length, longest)
	if rest := all.length - first.length; rest > 0 {
		last := first
		last.end, last.made, last.there = "end", first.made+rest, first.there+rest
		return []probe{first, last}
	}
	return []probe{first}
}

// listenTo compares a track's probes and returns the furthest that one is off, in
// samples, and how many are silent.
func (c *clip) listenTo(ctx context.Context, track int, probes []probe) (most, silent int, err error) {
	slide := int(reach * float64(c.source.sounds[track].rate))
	made, source := make([]stretch, len(probes)), make([]stretch, len(probes))
	for i, p := range probes {
		made[i] = newStretch(p.made, p.length)
		source[i] = newStretch(p.there-slide, p.length+2*slide)
	}
	rate := c.source.sounds[track].rate
	if err := errors.Join(listen(ctx, c.made.path, track, rate, made), listen(ctx, c.source.path, track, rate, source)); err != nil {
		return 0, 0, err
	}
	for i, p := range probes {
		off, quiet, err := fit(made[i].samples, source[i].samples, p.slack)
		if err != nil {
			return 0, 0, fmt.Errorf("the %s of range %d, at sample %d of the clip, %w", p.end, p.span, p.made, err)
		}
		if quiet {
			silent++
		}
		most = max(most, off, -off)
	}
	return most, silent, nil
}

// stretch is a part of a track of sound, as one channel. What the track lacks of it
// is silent.
type stretch struct {
	from    int
	samples []float64
}

func newStretch(from, length int) stretch { return stretch{from, make([]float64, length)} }

// fill takes what belongs here of samples that begin at a place on the time line.
func (s stretch) fill(at int, samples []float64) {
	for i := max(0, s.from-at); i < min(len(samples), s.from+len(s.samples)-at); i++ {
		s.samples[at+i-s.from] = samples[i]
	}
}

// listen decodes a track, at a rate of samples and in place on the time line, and
// fills the stretches.
func listen(ctx context.Context, path string, track, rate int, parts []stretch) error {
	args := []string{
		"-map", fmt.Sprintf("0:a:%d", track),
		"-af", fmt.Sprintf("aresample=%d:async=1:min_hard_comp=0.01:first_pts=0,aformat=channel_layouts=mono", rate),
		"-f", "s16le", "pipe:1",
	}
	said, err := decode(ctx, path, append(args, sameTime()...), func(in io.Reader) error {
		data := make([]byte, 1<<16)
		samples := make([]float64, len(data)/2)
		for at := 0; ; {
			n, err := io.ReadFull(in, data)
			for i := range n / 2 {
				samples[i] = float64(int16(binary.LittleEndian.Uint16(data[2*i:]))) / math.MaxInt16 //nolint:gosec // the bits of a signed number
			}
			for _, part := range parts {
				part.fill(at, samples[:n/2])
			}
			at += n / 2
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("read the sound: %w", err)
			}
		}
	})
	if err != nil {
		return fmt.Errorf("decode the sound of %s: %w: %s", path, err, said)
	}
	return nil
}
