package transcoder

import (
	"fmt"
	"strconv"
	"strings"
)

// SourceFormat is the format that keeps the master's own coding.
const SourceFormat = "source"

// Format is a named way to deliver video.
type Format struct {
	Name  string `json:"name"`
	Title string `json:"title" doc:"what to call it in a list of choices"`
	// Height is the most lines a picture has; smaller ones are never enlarged.
	// Zero keeps the source's size.
	Height int `json:"height,omitempty"`
	// RateFactor is libx264's constant rate factor: lower is better and larger.
	RateFactor int `json:"-"`
}

// Formats lists the ways to deliver, best first.
func Formats() []Format {
	return []Format{
		{Name: SourceFormat, Title: "As delivered"},
		{Name: "h264-1080p", Title: "H.264, up to 1080 lines", Height: 1080, RateFactor: 18},
		{Name: "h264-720p", Title: "H.264, up to 720 lines", Height: 720, RateFactor: 20},
		{Name: "h264-360p", Title: "H.264, up to 360 lines", Height: 360, RateFactor: 22},
	}
}

// FindFormat returns the format of that name; no name means SourceFormat.
func FindFormat(name string) (Format, error) {
	if name == "" {
		name = SourceFormat
	}
	formats := Formats()
	names := make([]string, len(formats))
	for i, f := range formats {
		if f.Name == name {
			return f, nil
		}
		names[i] = f.Name
	}
	return Format{}, fmt.Errorf("there is no format %q: choose one of %s", name, strings.Join(names, ", "))
}

// coding is how a track is encoded: an ffmpeg encoder and its options.
type coding struct {
	encoder string
	options map[string]string
}

// sourceVideo encodes like the master, well above what the eye can tell. A codec
// without an encoder here becomes H.264, which everything plays.
func sourceVideo(v VideoTrack) coding {
	bits := map[string]string{}
	if v.PixelFormat != "" {
		bits["pix_fmt"] = v.PixelFormat
	}
	with := func(encoder string, options ...string) coding {
		for i := 0; i+1 < len(options); i += 2 {
			bits[options[i]] = options[i+1]
		}
		return coding{encoder, bits}
	}
	switch v.Codec {
	case "hevc":
		return with("libx265", "crf", "18", "preset", "veryfast", "x265-params", "log-level=error", "tag:v", "hvc1")
	case "prores":
		return with("prores_ks", "profile:v", proresProfile(v.Profile))
	case mpeg2Video:
		return with(mpeg2Video, "q:v", "2")
	case "mjpeg":
		return with("mjpeg", "q:v", "2")
	case "vp9":
		return with("libvpx-vp9", "crf", "18", "b:v", "0", "deadline", "realtime", "cpu-used", "5")
	case "av1":
		return with("libsvtav1", "crf", "20", "preset", "9")
	case "h264":
		return with("libx264", "crf", "16", "preset", "veryfast")
	}
	return coding{"libx264", map[string]string{"crf": "16", "preset": "veryfast"}}
}

func proresProfile(name string) string {
	profiles := map[string]string{"Proxy": "0", "LT": "1", "Standard": "2", "HQ": "3", "4444": "4", "XQ": "5"}
	if number, ok := profiles[name]; ok {
		return number
	}
	return "3"
}

func (f Format) video(source VideoTrack) coding {
	if f.Name == SourceFormat {
		return sourceVideo(source)
	}
	return coding{"libx264", map[string]string{
		"crf": strconv.Itoa(f.RateFactor), "preset": "veryfast", "pix_fmt": "yuv420p", "profile:v": "high",
	}}
}

// sound encodes every track alike: uncompressed where the source format keeps
// uncompressed sound, AAC elsewhere.
func (f Format) sound(tracks []AudioTrack, container string) coding {
	if f.Name == SourceFormat && container == "mov" && len(tracks) > 0 && strings.HasPrefix(tracks[0].Codec, "pcm_") {
		return coding{tracks[0].Codec, nil}
	}
	return coding{"aac", map[string]string{"b:a": "192k"}}
}

// container is the file kind that takes what video and sound make.
func (f Format) container(s Source) string {
	if f.Name == SourceFormat && (s.Container == "mov" || s.Container != "mp4" && s.professional()) {
		return "mov"
	}
	return "mp4"
}

// professional reports whether a source has codings that players know in QuickTime
// files alone.
func (s Source) professional() bool {
	switch s.Video.Codec {
	case "prores", "mjpeg", "dnxhd", mpeg2Video, "dvvideo":
		return true
	}
	return len(s.Audio) > 0 && strings.HasPrefix(s.Audio[0].Codec, "pcm_")
}
