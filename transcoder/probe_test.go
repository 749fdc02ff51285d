package transcoder_test

import (
	"reflect"
	"testing"

	"subclip/sample"
	"subclip/timecode"
	"subclip/transcoder"
)

func TestProbe(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Rate, o.Timecode, o.Frames = "30000/1001", "00:59:59;20", 60
	input := ffmpeg(t, "video.mp4", "-i", makeSample(t, "sample.mp4", o), "-map", "0:v", "-map", "0:a", "-map", "0:a", "-c", "copy", "-metadata:s:a:0", "language=fre")
	s := probe(t, tr, input)
	if s.Container != "mp4" || s.Frames != 60 || s.Timecode != base(t, "30000/1001", "00:59:59;20") || !s.Timecode.Drop {
		t.Errorf("%+v", s)
	}
	if s.Variable || s.Untimed || s.VideoStart != 0 || s.Size == 0 {
		t.Errorf("%+v", s)
	}
	if s.Duration < 2.001 || s.Duration > 2.003 {
		t.Errorf("%v s, want 60 frames' 2.002", s.Duration)
	}
	video := s.Video
	video.BitRate = 0
	want := transcoder.VideoTrack{
		Index: 0, Codec: "h264", Profile: "High", Width: 320, Height: 180, PixelFormat: "yuv420p", AspectRatio: "1:1", FieldOrder: "progressive",
	}
	if video != want {
		t.Errorf("video %+v, want %+v", video, want)
	}
	for i := range s.Audio {
		s.Audio[i].BitRate = 0
	}
	sounds := []transcoder.AudioTrack{
		{Index: 1, Codec: "aac", SampleRate: 48000, Channels: 2, Language: "fre"},
		{Index: 2, Codec: "aac", SampleRate: 48000, Channels: 2, Language: "und"},
	}
	if !reflect.DeepEqual(s.Audio, sounds) {
		t.Errorf("audio %+v, want %+v", s.Audio, sounds)
	}
	if len(s.Other) != 1 || s.Other[0].Type != "data" {
		t.Errorf("other tracks %+v, want that of the timecode", s.Other)
	}
}

func TestProbeRates(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	for _, test := range []struct{ file, rate, start string }{
		{"film.mov", "24000/1001", "01:00:00:00"},
		{"film.mkv", "24000/1001", "01:00:00:00"},
		{"cinema.mp4", "24", "01:00:00:00"},
		{"ntsc.mkv", "30000/1001", "10:00:00;00"},
		{"ntsc.ts", "30000/1001", ""},
		{"fast.mkv", "60000/1001", "10:00:00;02"},
		{"odd.mp4", "25/2", ""},
		{"fifteen.mp4", "15", ""},
	} {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			o := small()
			o.Rate, o.Timecode, o.Frames, o.NoAudio = test.rate, test.start, 40, true
			s := probe(t, tr, makeSample(t, test.file, o))
			if s.Timecode != base(t, test.rate, test.start) || s.Variable || s.Frames != 40 {
				t.Errorf("%+v", s)
			}
		})
	}
}

// One frame of odd length at the end must not change the rate of a short file.
func TestProbeLastFrameOfOddLength(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Frames, o.NoAudio = 30, true
	input := ffmpeg(t, "video.mp4", "-i", makeSample(t, "sample.mp4", o), "-fps_mode", "passthrough", "-enc_time_base", "1/50", "-bf", "0",
		"-vf", `settb=1/50,setpts=2*N-gte(N\,29)`)
	s := probe(t, tr, input)
	if s.Timecode.Rate != (timecode.Rate{Num: 25, Den: 1}) || s.Variable {
		t.Errorf("rate %v, variable %v", s.Timecode.Rate, s.Variable)
	}
}

// A timecode that the rate cannot count is the file's mistake, not a reason to
// refuse it.
func TestProbeImpossibleTimecode(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Frames, o.Timecode = 30, ""
	input := ffmpeg(t, "video.mkv", "-i", makeSample(t, "sample.mp4", o), "-c", "copy", "-metadata", "timecode=25:61:00:99")
	if s := probe(t, tr, input); s.Timecode != base(t, "25", "") {
		t.Errorf("%+v", s.Timecode)
	}
}

func TestProbeWithoutSound(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	s := probe(t, tr, makeSample(t, "video.mp4", sample.Options{Width: 320, Height: 180, Rate: "25", Frames: 10, NoAudio: true}))
	if s.Audio == nil || len(s.Audio) != 0 || len(s.Other) != 0 {
		t.Errorf("audio %#v, other %v", s.Audio, s.Other)
	}
}
