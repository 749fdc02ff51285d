package transcoder_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os/exec"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
)

const soundRate = 48000

// loudness decodes a sound as a player does, in place on the time line, and
// returns how much of the beep is in each millisecond, in parts of the most.
func loudness(t *testing.T, path string, track int) []float64 {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", path, "-map", fmt.Sprintf("0:a:%d", track),
		"-af", "aresample=async=1:first_pts=0,highpass=f=2500,highpass=f=2500", "-ac", "1", "-ar", "48000", "-f", "f32le", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	samples := make([]float32, len(out)/4)
	if err := binary.Read(bytes.NewReader(out), binary.LittleEndian, samples); err != nil {
		t.Fatal(err)
	}
	const window = soundRate / 1000
	var levels []float64
	most := 0.0
	for i := 0; i+window <= len(samples); i += window {
		sum := 0.0
		for _, s := range samples[i : i+window] {
			sum += float64(s) * float64(s)
		}
		levels = append(levels, math.Sqrt(sum/window))
		most = max(most, levels[len(levels)-1])
	}
	for i := range levels {
		levels[i] /= most
	}
	return levels
}

// beeps returns when beeps begin, in seconds.
func beeps(t *testing.T, path string, track int) []float64 {
	t.Helper()
	var starts []float64
	silent := 1000
	for i, level := range loudness(t, path, track) {
		if level < 0.4 {
			silent++
			continue
		}
		if silent > 200 {
			starts = append(starts, float64(i)/1000)
		}
		silent = 0
	}
	return starts
}

// wantBeeps checks that the sample's beep, which sounds delay seconds before the
// frame of each full second is shown, does so in a clip.
func wantBeeps(t *testing.T, path string, track int, delay float64, s transcoder.Source, ranges ...transcoder.Range) {
	t.Helper()
	wantBeepsNear(t, path, track, delay, 0.004, s, ranges...)
}

// wantBeepsNear lets beeps be early or late by some seconds.
func wantBeepsNear(t *testing.T, path string, track int, delay, tolerance float64, s transcoder.Source, ranges ...transcoder.Range) {
	t.Helper()
	rate := s.Timecode.Rate
	var want []float64
	at := 0.0
	for _, r := range ranges {
		from, to := rate.TimeOf(r.In).Seconds()+delay, rate.TimeOf(r.Out).Seconds()+delay
		for second := math.Ceil(from); second < to; second++ {
			want = append(want, at+second-from)
		}
		at += to - from
	}
	got := beeps(t, path, track)
	if len(got) != len(want) {
		t.Fatalf("%v, sound %d: beeps at %v, want %v", ranges, track, got, want)
	}
	for i := range want {
		if math.Abs(got[i]-want[i]) > tolerance {
			t.Errorf("%v, sound %d: beep at %.3f s, want %.3f", ranges, track, got[i], want[i])
		}
	}
}

func TestSoundStaysWithPicture(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	pcm := []string{"-c:a", "pcm_s16le"}
	for name, change := range map[string]func(o *sample.Options){
		"video.mp4":      func(*sample.Options) {},
		"drop-frame.mp4": func(o *sample.Options) { o.Rate, o.Timecode = "30000/1001", "10:00:00;00" },
		"video.ts":       func(o *sample.Options) { o.GOP = 25 },
		"video.mkv":      func(o *sample.Options) { o.Rate = "24000/1001" },
		"video.avi":      func(o *sample.Options) { o.AudioArgs = pcm },
		"video.mxf": func(o *sample.Options) {
			o.GOP, o.BFrames, o.VideoArgs, o.AudioArgs = 12, 2, []string{"-c:v", "mpeg2video", "-b:v", "4M"}, pcm
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := small()
			change(&o)
			cutAndListen(t, tr, makeSample(t, name, o), 0, joined()...)
		})
	}
}

// Tracks may come in any order, and begin apart.
func TestSoundsInOddPlaces(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	input := makeSample(t, "video.mp4", small())
	alone := transcoder.Range{In: 13, Out: 109}
	cutAndListen(t, tr, input, 0, alone)
	cutAndListen(t, tr, ffmpeg(t, "sound-first.mov", "-i", input, "-map", "0:a", "-map", "0:v", "-map", "0:a", "-c", "copy"), 0, joined()...)
	late := ffmpeg(t, "picture-late.mp4", "-i", input, "-itsoffset", "0.3", "-i", input, "-map", "1:v", "-map", "0:a", "-c", "copy")
	cutAndListen(t, tr, late, 0.3, alone)
	cutAndListen(t, tr, late, 0.3, joined()...)
}

// joined are ranges of which none begins inside a beep.
func joined() []transcoder.Range {
	return []transcoder.Range{{In: 63, Out: 110}, {In: 13, Out: 14}, {In: 13, Out: 41}, {In: 13, Out: 41}}
}

func cutAndListen(t *testing.T, tr *transcoder.Transcoder, input string, delay float64, ranges ...transcoder.Range) {
	t.Helper()
	s := probe(t, tr, input)
	path, _ := cut(t, tr, input, s, "", ranges...)
	for track := range s.Audio {
		wantBeeps(t, path, track, delay, s, ranges...)
	}
}

// Where the source has a picture but no sound the clip is silent, and as long.
func TestMissingSound(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	input := makeSample(t, "video.mp4", small())
	for name, args := range map[string][]string{
		"late.mp4":  {"-i", input, "-itsoffset", "2", "-i", input},
		"short.mp4": {"-i", input, "-t", "2", "-i", input},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := ffmpeg(t, name, append(args, "-map", "0:v", "-map", "1:a", "-frames:v", "125", "-c", "copy")...)
			s := probe(t, tr, file)
			cut(t, tr, file, s, "", transcoder.Range{In: 5, Out: 30})
			cut(t, tr, file, s, "", transcoder.Range{In: 40, Out: 60})
			cut(t, tr, file, s, "", transcoder.Range{In: 90, Out: 115}, transcoder.Range{In: 3, Out: 4}, transcoder.Range{In: 40, Out: 60}, transcoder.Range{In: 99, Out: 100})
		})
	}
}

func TestNoSound(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.NoAudio = true
	input := makeSample(t, "video.mp4", o)
	s := probe(t, tr, input)
	cut(t, tr, input, s, "", transcoder.Range{In: 33, Out: 34})
	cut(t, tr, input, s, "", spread(s.Frames)...)
	cut(t, tr, input, s, "h264-360p", transcoder.Range{In: 33, Out: 77}, transcoder.Range{In: 5, Out: 6})
}
