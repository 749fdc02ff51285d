package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"subclip/timecode"
)

// report is what is checked of a cut report.
type report struct {
	Method string `json:"method"`
	Ranges []struct {
		In    string `json:"in"`
		Out   string `json:"out"`
		First int    `json:"first_frame"`
		Last  int    `json:"last_frame"`
	} `json:"ranges"`
	Frames   int     `json:"frames"`
	Copied   int     `json:"frames_copied"`
	Encoded  int     `json:"frames_encoded"`
	Size     int64   `json:"size"`
	Duration float64 `json:"duration"`
	SHA256   *string `json:"sha256"`
}

// readReport reads a report that names at least one frame.
func readReport(path string) (report, error) {
	var r report
	data, err := os.ReadFile(path) //nolint:gosec // this is the file to check against
	if err != nil {
		return r, fmt.Errorf("read the report: %w", err)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("%s is not a cut report: %w", path, err)
	}
	if len(r.Ranges) == 0 {
		return r, fmt.Errorf("%s is not a cut report: it has no ranges", path)
	}
	for i, span := range r.Ranges {
		if span.First < 0 || span.Last < span.First || span.Last > math.MaxInt32 {
			return r, fmt.Errorf("%s is not a cut report: range %d is from frame %d to %d", path, i, span.First, span.Last)
		}
	}
	return r, nil
}

// places returns where each frame of the clip should come from.
func (r report) places() []place {
	var places []place
	for i, span := range r.Ranges {
		for n := span.First; n <= span.Last; n++ {
			places = append(places, place{span: i, frame: len(places), source: n})
		}
	}
	return places
}

// file checks the clip's size and digest.
func (c *clip) file(context.Context) (string, error) {
	f, err := os.Open(c.made.path)
	if err != nil {
		return "", fmt.Errorf("open the clip: %w", err)
	}
	defer func() { _ = f.Close() }()
	hash := sha256.New()
	size, err := io.Copy(hash, f)
	if err != nil {
		return "", fmt.Errorf("read the clip: %w", err)
	}
	if size != c.report.Size {
		return "", fmt.Errorf("the file has %d bytes, the report says %d", size, c.report.Size)
	}
	if c.report.SHA256 == nil {
		return fmt.Sprintf("%d bytes; the report gives no sha256", size), nil
	}
	if sum := hex.EncodeToString(hash.Sum(nil)); sum != *c.report.SHA256 {
		return "", fmt.Errorf("the file's sha256 is %s, the report says %s", sum, *c.report.SHA256)
	}
	return fmt.Sprintf("%d bytes, sha256 as reported", size), nil
}

// clean checks that decoding the clip, pictures and sound, gives ffmpeg nothing to say.
func (c *clip) clean(context.Context) (string, error) {
	if c.made.said != "" {
		return "", fmt.Errorf("ffmpeg says of the clip: %s", c.made.said)
	}
	return "ffmpeg decodes it without a word", nil
}

// count checks the number of frames, and that the report agrees with itself.
func (c *clip) count(context.Context) (string, error) {
	r, shown := c.report, len(c.made.digests)
	switch {
	case shown != len(c.places):
		return "", fmt.Errorf("the clip shows %d frames, the ranges are %d", shown, len(c.places))
	case shown != r.Frames:
		return "", fmt.Errorf("the clip shows %d frames, the report says %d", shown, r.Frames)
	case r.Copied+r.Encoded != r.Frames:
		return "", fmt.Errorf("the report says %d frames, but %d copied and %d encoded", r.Frames, r.Copied, r.Encoded)
	case r.Method == "copy" && r.Encoded > 0, r.Method == "encode" && r.Copied > 0:
		return "", fmt.Errorf("the report says %d frames copied and %d encoded by method %s", r.Copied, r.Encoded, r.Method)
	}
	if seconds := float64(r.Frames) / c.source.rate(); c.source.steady && math.Abs(seconds-r.Duration) > 1e-3 {
		return "", fmt.Errorf("the frames last %.3f s, the report says %.3f", seconds, r.Duration)
	}
	return fmt.Sprintf("%d frames, as marked and reported", shown), nil
}

// marks checks that each range's timecodes and frames say the same, and that the
// source has these frames.
func (c *clip) marks(context.Context) (string, error) {
	base, err := c.source.base()
	if err != nil {
		return "", fmt.Errorf("the source's frames cannot be addressed: %w", err)
	}
	for i, span := range c.report.Ranges {
		if span.Last >= len(c.source.digests) {
			return "", fmt.Errorf("range %d ends with frame %d, which the source does not have", i, span.Last)
		}
		if in, out := base.Timecode(int64(span.First)), base.Timecode(int64(span.Last)+1); in != span.In || out != span.Out {
			return "", fmt.Errorf("range %d is %s to %s, but its frames %d to %d are %s to %s", i, span.In, span.Out, span.First, span.Last, in, out)
		}
	}
	return fmt.Sprintf("%d ranges, timecodes and frames say the same", len(c.report.Ranges)), nil
}

// base returns how the frames of a video are addressed.
func (v video) base() (timecode.Base, error) {
	rate, err := timecode.ParseRate(v.frameRate)
	if err != nil {
		return timecode.Base{}, err
	}
	return timecode.NewBase(rate, v.start)
}

// timecode checks the timecode that the clip says its first frame has.
func (c *clip) timecode(context.Context) (string, error) {
	if c.source.start == "" {
		return "the source has none", nil
	}
	want := c.report.Ranges[0].In
	if c.made.start == "" {
		return "", errors.New("the clip has none, though the source has: want " + want)
	}
	if c.made.start != want {
		return "", fmt.Errorf("the clip starts at %s, its first mark is %s", c.made.start, want)
	}
	return "the clip starts at " + want, nil
}
