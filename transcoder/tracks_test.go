package transcoder_test

import (
	"bytes"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
)

// TestComposeJoinsSound listens to joined ranges of coded sound: no beep is further
// from its place than half a frame of the sound, however many ranges there are.
func TestComposeJoinsSound(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	o := small()
	o.Frames, o.GOP, o.AudioArgs = 250, 12, []string{"-c:a", "pcm_s16le"}
	var ranges []transcoder.Range
	for i := range int64(12) {
		in := 25*(i%5) + 12 + i%7 // never inside a beep
		ranges = append(ranges, transcoder.Range{In: in, Out: in + 50 + i%3})
	}
	plain := makeSample(t, "plain.mov", o)
	for coding, frame := range map[string]float64{"aac": 1024, "ac3": 1536, "eac3": 1536, "libopus": 960, "alac": 4096} {
		t.Run(coding, func(t *testing.T) {
			t.Parallel()
			path := ffmpeg(t, "a.mp4", "-i", plain, "-c:v", "copy", "-c:a", coding)
			source := probe(t, tc, path)
			clip, report, err := composeFile(t, tc, path, ranges...)
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Notes) != 1 || !strings.Contains(report.Notes[0], "early or late") {
				t.Errorf("the report's notes are %q", report.Notes)
			}
			wantBeepsNear(t, clip, 0, 0, frame/2/soundRate+0.004, source, ranges...)
			alone := transcoder.Range{In: 37, Out: 221}
			if clip, _, err = composeFile(t, tc, path, alone); err != nil {
				t.Fatal(err)
			}
			wantBeeps(t, clip, 0, 0, source, alone)
		})
	}
}

// TestUncompressedSoundIsExact compares every sample of sound.
func TestUncompressedSoundIsExact(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	const bytesAFrame = soundRate / 25 * 2 * 3 // of two channels of 24 bits
	for _, ranges := range [][]transcoder.Range{{{In: 7, Out: 93}}, joined()} {
		o := small()
		o.Rate, o.BFrames, o.VideoArgs, o.AudioArgs = "25", 0, []string{"-c:v", "mjpeg"}, []string{"-c:a", "pcm_s24le", "-ac", "2"}
		path := makeSample(t, "a.mov", o)
		clip, _, err := composeFile(t, tc, path, ranges...)
		if err != nil {
			t.Fatal(err)
		}
		master := samplesOf(t, path)
		var want []byte
		for _, r := range ranges {
			want = append(want, master[r.In*bytesAFrame:r.Out*bytesAFrame]...)
		}
		if got := samplesOf(t, clip); !bytes.Equal(got, want) {
			t.Errorf("%v: %d bytes of sound are not the %d of the master", ranges, len(got), len(want))
		}
	}
}

func samplesOf(t *testing.T, path string) []byte {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", path, "-map", "0:a:0", "-f", "s24le", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestChosenSounds keeps one sound track of three, in every way a clip is made.
func TestChosenSounds(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	o := small()
	o.GOP = 25
	video := makeSample(t, "video.mp4", o)
	cut := transcoder.Range{In: 13, Out: 110}
	for _, name := range []string{"a.mp4", "a.mkv"} {
		path := ffmpeg(t, name, "-i", video, "-f", "lavfi", "-i", "anullsrc=r=48000:d=5", "-map", "0:v", "-map", "1:a", "-map", "0:a", "-map", "1:a", "-c:v", "copy", "-c:a", "aac")
		source := probe(t, tc, path)
		chosen := transcoder.Request{Ranges: []transcoder.Range{cut}, Audio: []int{source.Audio[1].Index}}
		for _, format := range []string{"source", "h264-360p"} {
			chosen.Format = format
			clip, report := makeClipOf(t, tc, path, source, chosen)
			if got := probe(t, tc, clip); len(got.Audio) != 1 || report.Frames != cut.Frames() {
				t.Errorf("%s, %s: %d sounds, %+v", name, format, len(got.Audio), report)
			}
			wantBeepsNear(t, clip, 0, 0, 0.03, source, cut)
		}
		chosen.Audio = []int{99}
		if _, err := transcoder.NewPlan(source, chosen); err == nil || !strings.Contains(err.Error(), "no sound track 99") {
			t.Errorf("a sound that is not there gives %v", err)
		}
	}
}

// TestComposeKeepsOtherTracks cuts what is neither picture nor sound: the timecode
// begins at mark in, captions and data are cut by time.
func TestComposeKeepsOtherTracks(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	o := sample.Options{Width: 320, Height: 180, Rate: "25", Frames: 250, GOP: 25, BFrames: 2, Timecode: "10:00:00:00"}
	captions := write(t, "captions.srt", "1\n00:00:01,000 --> 00:00:03,000\nOne\n\n2\n00:00:04,000 --> 00:00:05,000\nTwo\n\n3\n00:00:07,000 --> 00:00:09,000\nThree\n")
	for _, name := range []string{"a.mp4", "a.mov"} {
		path := ffmpeg(t, name, "-i", makeSample(t, name, o), "-i", captions, "-map", "0:v", "-map", "0:a", "-map", "1", "-c", "copy", "-c:s", "mov_text")
		for _, test := range []struct {
			ranges []transcoder.Range
			want   string
		}{
			{[]transcoder.Range{{In: 50, Out: 190}}, "00:00:00,000 --> 00:00:01,000 One,00:00:02,000 --> 00:00:03,000 Two,00:00:05,000 --> 00:00:05,600 Three"},
			{[]transcoder.Range{{In: 130, Out: 240}}, "00:00:01,800 --> 00:00:03,800 Three"},
			{[]transcoder.Range{{In: 180, Out: 200}, {In: 20, Out: 40}}, "00:00:00,000 --> 00:00:00,800 Three,00:00:01,000 --> 00:00:01,600 One"},
		} {
			clip, report, err := composeFile(t, tc, path, test.ranges...)
			if err != nil {
				t.Fatal(err)
			}
			wantFrames(t, clip, test.ranges...)
			if got := captionsOf(t, clip); got != test.want {
				t.Errorf("%s %v: captions %q, want %q", name, test.ranges, got, test.want)
			}
			if got := probe(t, tc, clip).Timecode.Timecode(0); got != report.Ranges[0].In {
				t.Errorf("%s: the clip begins at %s, want %s", name, got, report.Ranges[0].In)
			}
		}
	}
}

// captionsOf reads a file's captions as SubRip writes them.
func captionsOf(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", path, "-map", "0:s:0", "-f", "srt", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, block := range strings.Split(strings.TrimSpace(string(out)), "\n\n") {
		lines = append(lines, strings.Join(strings.Split(block, "\n")[1:], " "))
	}
	return strings.Join(lines, ",")
}

// TestAngleOfCoarseTimes cuts a master in whose second track a picture lasts one unit.
func TestAngleOfCoarseTimes(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	o := small()
	o.Rate, o.Frames, o.GOP = "25", 100, 25
	first := makeSample(t, "a.mp4", o)
	second := ffmpeg(t, "b.mp4", "-i", first, "-map", "0:v", "-c", "copy", "-video_track_timescale", "25")
	path := ffmpeg(t, "c.mp4", "-i", first, "-i", second, "-map", "0:v", "-map", "1:v", "-c", "copy", "-video_track_timescale", "25")
	clip, report, err := composeFile(t, tc, path, transcoder.Range{In: 30, Out: 70})
	if err != nil {
		t.Fatal(err)
	}
	got, err := sample.Numbers(t.Context(), ffmpeg(t, "alone.mp4", "-i", clip, "-map", "0:v:1", "-c", "copy"))
	if err != nil || len(got) != 40 || got[0] != 30 || got[39] != 69 {
		t.Errorf("the second track shows %v (%v); notes %q", got, err, report.Notes)
	}
}

// TestComposeKeepsAngles cuts a master with a second video track whose GOPs lie
// elsewhere: both have edges of their own, and the same marks. Tracks that do not fit
// are left out, and the report says so.
func TestComposeKeepsAngles(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	o := small()
	o.Frames, o.GOP = 150, 25
	first := makeSample(t, "a.mp4", o)
	o.GOP = 16
	second := makeSample(t, "b.mp4", o)
	o.Rate = "30"
	slower := makeSample(t, "c.mp4", o)
	// The second angle is 20 frames behind, so that the two can be told apart.
	second = ffmpeg(t, "d.mp4", "-i", second, "-vf", "trim=start_frame=20,setpts=PTS-STARTPTS", "-an", "-c:v", "libx264", "-g", "16", "-bf", "2")
	path := ffmpeg(t, "angles.mp4", "-i", first, "-i", second, "-i", slower,
		"-map", "0:v", "-map", "0:a", "-map", "1:v", "-map", "2:v", "-c", "copy", "-t", "5")
	for _, ranges := range [][]transcoder.Range{{{In: 30, Out: 100}}, {{In: 7, Out: 60}, {In: 33, Out: 92}}} {
		clip, report, err := composeFile(t, tc, path, ranges...)
		if err != nil {
			t.Fatal(err)
		}
		// Marks of whole fifths of a second are frames of 30 a second too.
		left := strings.Contains(strings.Join(report.Notes, " "), "shown at other times")
		if report.Method != transcoder.MethodSmart || left != (ranges[0].In%5 != 0) {
			t.Errorf("method %s, notes %q", report.Method, report.Notes)
		}
		for stream, later := range []int{0, 20} {
			alone := ffmpeg(t, "alone.mp4", "-i", clip, "-map", "0:v:"+strconv.Itoa(stream), "-c", "copy")
			got, err := sample.Numbers(t.Context(), alone)
			if err != nil {
				t.Fatal(err)
			}
			var want []int
			for _, r := range ranges {
				for n := r.In; n < r.Out; n++ {
					want = append(want, int(n)+later)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("angle %d shows %v, want %v", stream+1, got, want)
			}
		}
	}
}
