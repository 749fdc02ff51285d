package transcoder

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os/exec"
	"strconv"
	"time"
)

type probeOutput struct {
	Format  probeFormat   `json:"format"`
	Streams []probeStream `json:"streams"`
}

type probeFormat struct {
	Name      string            `json:"format_name"`
	Duration  string            `json:"duration"`
	StartTime string            `json:"start_time"`
	Size      string            `json:"size"`
	Tags      map[string]string `json:"tags"`
}

type probeStream struct {
	Index       int               `json:"index"`
	Type        string            `json:"codec_type"`
	Codec       string            `json:"codec_name"`
	Tag         string            `json:"codec_tag_string"`
	Profile     string            `json:"profile"`
	Width       int               `json:"width"`
	Height      int               `json:"height"`
	PixelFormat string            `json:"pix_fmt"`
	AspectRatio string            `json:"sample_aspect_ratio"`
	FieldOrder  string            `json:"field_order"`
	RealRate    string            `json:"r_frame_rate"`
	AverageRate string            `json:"avg_frame_rate"`
	TimeBase    string            `json:"time_base"`
	StartTime   string            `json:"start_time"`
	Duration    string            `json:"duration"`
	Ticks       int64             `json:"duration_ts"` // Duration in units of TimeBase
	BitRate     string            `json:"bit_rate"`
	SampleRate  string            `json:"sample_rate"`
	Channels    int               `json:"channels"`
	Frames      string            `json:"nb_frames"`
	BFrames     int               `json:"has_b_frames"`
	Tags        map[string]string `json:"tags"`
	Disposition struct {
		AttachedPicture int `json:"attached_pic"`
	} `json:"disposition"`
}

// ffprobeJSON asks ffprobe for what headers and index tell.
func (t *Transcoder) ffprobeJSON(ctx context.Context, input string) (probeOutput, error) {
	var out probeOutput
	data, err := t.askFFprobe(ctx, input, "-show_format", "-show_streams", "-of", "json")
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(data, &out); err != nil {
		return out, fmt.Errorf("read ffprobe's answer: %w", err)
	}
	return out, nil
}

// mostSaid is how many bytes ffprobe may say of a file, several times what it says of all
// packets of a day's recording.
const mostSaid = 1 << 30

// askFFprobe runs ffprobe. A file behind a URL is blamed only if it fails twice: a
// connection that breaks between two reads can look like a broken file.
func (t *Transcoder) askFFprobe(ctx context.Context, input string, args ...string) ([]byte, error) {
	return t.askFFprobeFor(ctx, input, mostSaid, args...)
}

// askFFprobeFor is askFFprobe for an answer of so many bytes at most.
func (t *Transcoder) askFFprobeFor(ctx context.Context, input string, most int, args ...string) ([]byte, error) {
	data, err := t.runFFprobe(ctx, input, most, args...)
	if errors.Is(err, ErrMedia) && isURL(input) {
		return t.runFFprobe(ctx, input, most, args...)
	}
	return data, err
}

// answer keeps what a tool says, up to so many bytes.
type answer struct {
	data bytes.Buffer
	most int
	full bool // there was more
}

func (a *answer) Write(p []byte) (int, error) {
	if a.full = a.data.Len()+len(p) > a.most; a.full {
		return 0, io.ErrShortBuffer
	}
	return a.data.Write(p) //nolint:wrapcheck // a buffer has no errors
}

func (t *Transcoder) runFFprobe(ctx context.Context, input string, most int, args ...string) ([]byte, error) {
	all := append([]string{"-v", "level+error"}, inputLimits(input)...)
	cmd := t.command(ctx, t.ffprobe, append(append(all, args...), "-i", input)...)
	log := &logReader{}
	said := &answer{most: most}
	cmd.Stderr, cmd.Stdout = log, said
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("probe the file: %w", context.Cause(ctx))
	case err == nil && log.interruption != "":
		// ffprobe takes what it could read for the whole.
		return nil, fmt.Errorf("ffprobe could not read all of the file: %s", log.interruption)
	case err == nil:
		return said.data.Bytes(), nil
	case said.full:
		return nil, unusable(err, "the file's index, or a track of captions in it, is too large to be read")
	case !errors.As(err, &exit):
		return nil, fmt.Errorf("run ffprobe: %w", err)
	}
	return nil, classify(input, log.said(), fmt.Errorf("ffprobe: %w", err))
}

// integer reads a number as ffmpeg writes it, 0 if there is none.
func integer(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// seconds reads a time as ffmpeg writes it, 0 if there is none.
func seconds(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

// duration is seconds as a Duration.
func duration(s string) time.Duration { return time.Duration(seconds(s) * float64(time.Second)) }
