package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"subclip/process"
)

// errUnreadable is that a file is not video that ffmpeg knows.
var errUnreadable = errors.New("not video that ffprobe can read")

// video is a file as ffmpeg shows it.
type video struct {
	path      string
	frameRate string // frames a second, as a fraction
	start     string // timecode of the first frame, empty without
	sounds    []sound

	width, height int     // of the pictures as shown, in pixels
	tick          float64 // seconds that the times of frames are counted in
	times         []int64 // when each frame is shown, in ticks
	digests       []string
	steady        bool   // whether the frames are equally far apart
	said          string // ffmpeg's complaints
}

// sound is a track of sound.
type sound struct {
	rate int     // samples a second
	tick float64 // seconds that its times are counted in
}

// watch reads what is known of a file and decodes it: the pictures, up to a number
// of frames unless that is 0, and the sound if it is all.
func watch(ctx context.Context, path string, frames int) (video, error) {
	v, err := look(ctx, path)
	if err != nil {
		return v, err
	}
	args := []string{"-map", "0:V:0", "-fps_mode", "passthrough", "-enc_time_base", "-1"}
	if frames > 0 {
		args = append(args, "-frames:v", strconv.Itoa(frames))
	}
	args = append(args, "-f", "framemd5", "pipe:1")
	args = append(args, sameTime()...)
	if frames == 0 && len(v.sounds) > 0 {
		args = append(args, "-map", "0:a", "-f", "null", "-")
	}
	said, err := decode(ctx, path, args, v.read)
	if err != nil && !errors.Is(err, errFFmpeg) {
		return v, err
	}
	if v.said = said; err != nil && said == "" {
		v.said = err.Error()
	}
	v.steady = v.isSteady(v.rate())
	return v, nil
}

// read reads the frames of a framemd5 listing.
func (v *video) read(in io.Reader) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		line := lines.Text()
		if rest, ok := strings.CutPrefix(line, "#tb 0: "); ok {
			v.tick = fraction(rest)
		}
		if rest, ok := strings.CutPrefix(line, "#dimensions 0: "); ok {
			if _, err := fmt.Sscanf(rest, "%dx%d", &v.width, &v.height); err != nil {
				return fmt.Errorf("read the pictures' size %q: %w", rest, err)
			}
		}
		fields := strings.Split(line, ",")
		if strings.HasPrefix(line, "#") || len(fields) < 6 {
			continue
		}
		time, err := strconv.ParseInt(strings.TrimSpace(fields[2]), 10, 64)
		if err != nil {
			return fmt.Errorf("read the time of frame %d: %w", len(v.times), err)
		}
		v.times = append(v.times, time)
		v.digests = append(v.digests, strings.TrimSpace(fields[5]))
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read the pictures: %w", err)
	}
	return nil
}

// look asks ffprobe about a file.
func look(ctx context.Context, path string) (video, error) {
	v := video{path: path}
	program, err := process.Find("ffprobe", "ffmpeg")
	if err != nil {
		return v, err
	}
	data, err := process.Command(ctx, program, "-v", "quiet", "-of", "json", "-show_streams", "-show_format", fileURL(path)).Output()
	if err != nil {
		return v, fmt.Errorf("%s is %w: %w", path, errUnreadable, err)
	}
	type tags struct{ Timecode string }
	var probed struct {
		Streams []struct {
			Type       string `json:"codec_type"`
			FrameRate  string `json:"avg_frame_rate"`
			SampleRate string `json:"sample_rate"`
			TimeBase   string `json:"time_base"`
			Tags       tags
		}
		Format struct{ Tags tags }
	}
	if err := json.Unmarshal(data, &probed); err != nil {
		return v, fmt.Errorf("read what ffprobe says of %s: %w", path, err)
	}
	v.start = probed.Format.Tags.Timecode
	for _, s := range probed.Streams {
		switch {
		case s.Type == "video" && v.frameRate == "":
			v.frameRate = s.FrameRate
		case s.Type == "audio":
			rate, _ := strconv.Atoi(s.SampleRate) // Zero is refused where it matters.
			v.sounds = append(v.sounds, sound{rate, fraction(s.TimeBase)})
		}
		if s.Tags.Timecode != "" {
			v.start = s.Tags.Timecode
		}
	}
	return v, nil
}

// rate returns the frames a second.
func (v video) rate() float64 { return fraction(v.frameRate) }

// isSteady reports whether all frames are shown where a constant rate would have
// them, to the tick.
func (v video) isSteady(rate float64) bool {
	return rate > 0 && v.unsteady(rate) < 0
}

// unsteady returns the first frame that is not where a constant rate would have
// it, or -1.
func (v video) unsteady(rate float64) int {
	for i, time := range v.times {
		if math.Abs(float64(time-v.times[0])*v.tick-float64(i)/rate) > 1.001*v.tick {
			return i
		}
	}
	return -1
}

// at returns when a frame is shown, in seconds: better than the file can say where
// its rate is constant.
func (v video) at(frame int) float64 {
	if v.steady {
		return float64(v.times[0])*v.tick + float64(frame)/v.rate()
	}
	return float64(v.times[frame]) * v.tick
}

// times checks when the frames are shown.
func (c *clip) times(context.Context) (string, error) {
	for i := 1; i < len(c.made.times); i++ {
		if c.made.times[i] <= c.made.times[i-1] {
			return "", fmt.Errorf("frame %d of the clip is not shown after the one before it", i)
		}
	}
	if !c.source.steady {
		return "they rise; the source has no constant rate", nil
	}
	if i := c.made.unsteady(c.source.rate()); i >= 0 {
		return "", fmt.Errorf("frame %d of the clip is shown %.6f s after the first, at %s frames a second it should be %.6f s",
			i, float64(c.made.times[i]-c.made.times[0])*c.made.tick, c.source.frameRate, float64(i)/c.source.rate())
	}
	return fmt.Sprintf("they rise, at %s frames a second throughout", c.source.frameRate), nil
}

// fraction returns the value of a fraction that ffmpeg wrote; what is none is 0.
func fraction(s string) float64 {
	above, below, _ := strings.Cut(s, "/")
	a, errA := strconv.ParseFloat(above, 64)
	b, errB := strconv.ParseFloat(below, 64)
	if errA != nil || errB != nil || b == 0 {
		return 0
	}
	return a / b
}
