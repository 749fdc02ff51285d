package transcoder

import (
	"fmt"
	"slices"
	"time"

	"subclip/timecode"
)

// Source is what is known of a media file.
type Source struct {
	Container string        `json:"container" doc:"container by its usual file extension, such as mp4, mov or mxf"`
	Size      int64         `json:"size" doc:"bytes"`
	Timecode  timecode.Base `json:"timecode" doc:"frame rate, drop-frame counting and start timecode"`
	Frames    int64         `json:"frames" doc:"pictures in display order"`
	Duration  float64       `json:"duration" doc:"seconds"`
	Variable  bool          `json:"variable_frame_rate,omitempty" doc:"true where pictures are not evenly spaced"`
	// Untimed sources are cut by counting pictures from the file's start.
	Untimed bool `json:"untimed,omitempty" doc:"true where the container does not say when its pictures are shown"`
	// VideoStart is when the first picture is shown, in seconds after the start
	// of the container's time line.
	VideoStart float64      `json:"video_start,omitempty" doc:"seconds from the file's start to its first picture"`
	Video      VideoTrack   `json:"video"`
	Audio      []AudioTrack `json:"audio" nullable:"false"`
	Other      []OtherTrack `json:"other,omitempty" nullable:"false"`
	even       bool         // pictures are meant to lie where the rate puts them, whatever their times
}

// VideoTrack is the first moving picture of a file.
type VideoTrack struct {
	Index       int    `json:"index"`
	Codec       string `json:"codec"`
	Profile     string `json:"profile,omitempty"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	PixelFormat string `json:"pixel_format"`
	AspectRatio string `json:"sample_aspect_ratio,omitempty"`
	FieldOrder  string `json:"field_order,omitempty"`
	BitRate     int64  `json:"bit_rate,omitempty" doc:"bits per second"`
	Fields      bool   `json:"fields,omitempty" doc:"true where the container holds the two fields of a picture apart"`
}

// Interlaced reports whether pictures are made of two fields.
func (v VideoTrack) Interlaced() bool {
	switch v.FieldOrder {
	case "tt", "bb", "tb", "bt":
		return true
	}
	return false
}

// AudioTrack is one sound track.
type AudioTrack struct {
	Index      int    `json:"index"`
	Codec      string `json:"codec"`
	SampleRate int    `json:"sample_rate" doc:"hertz"`
	Channels   int    `json:"channels"`
	Language   string `json:"language,omitempty"`
	BitRate    int64  `json:"bit_rate,omitempty" doc:"bits per second"`
}

// OtherTrack is a track that is neither picture nor sound: captions, timecode, data.
type OtherTrack struct {
	Index int    `json:"index"`
	Type  string `json:"type"`
	Codec string `json:"codec,omitempty"`
}

// CheckAudio reports a number in a choice of sounds that no sound track has.
func (s Source) CheckAudio(chosen []int) error {
	var there []int
	for _, a := range s.Audio {
		there = append(there, a.Index)
	}
	for _, index := range chosen {
		if !slices.Contains(there, index) {
			return fmt.Errorf("there is no sound track %d: choose of %v", index, there)
		}
	}
	return nil
}

// with is the source with the chosen sounds alone, or all of them if none is chosen.
func (s Source) with(chosen []int) Source {
	if len(chosen) > 0 {
		s.Audio = slices.DeleteFunc(slices.Clone(s.Audio), func(a AudioTrack) bool { return !slices.Contains(chosen, a.Index) })
	}
	return s
}

// indexed reports whether the container leads a reader straight to the key
// picture that a frame depends on. In one without an index ffmpeg guesses a
// place, and where that lies past the key picture it gives other pictures, or,
// in HEVC, damaged ones.
func (s Source) indexed() bool {
	switch s.Container {
	case "mp4", "mov", "mkv", "mxf":
		return true
	}
	return false
}

// frameTime is when a frame is shown, counted from the container's start.
func (s Source) frameTime(frame int64) time.Duration {
	return time.Duration(s.VideoStart*float64(time.Second)) + s.Timecode.Rate.TimeOf(frame)
}

// length is how long all pictures are shown.
func (s Source) length() time.Duration { return s.Timecode.Rate.TimeOf(s.Frames) }
