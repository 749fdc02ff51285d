package transcoder

import (
	"context"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"time"

	ffmpeg "github.com/u2takey/ffmpeg-go"
)

// Among which pictures a poster is chosen: those of the first third of a video, or
// more where that is short, in a size in which they are weighed.
const (
	posterLeast, posterMost   = 30 * time.Second, 5 * time.Minute
	weighedWidth, weighedRows = 64, 36
	weighed                   = weighedWidth * weighedRows
)

// Poster makes a still of the video as JPEG, in the proxy's size. It shows neither
// black nor white nor a plain colour where there is something else in the first third,
// and rather something that moves than a slate. Input is the source's proxy, in which
// tracks have other places than in the source, and whose index finds the picture.
func (t *Transcoder) Poster(ctx context.Context, input, output string, s Source) error {
	choice, err := t.candidates(ctx, input, s)
	if err != nil {
		return err
	}
	if len(choice) == 0 {
		return unusable(nil, "the video has no picture for a poster")
	}
	half := s.Timecode.Rate.TimeOf(1) / 2
	still := ffmpeg.Input(input, ffmpeg.KwArgs{"ss": secondsArg(max(0, best(choice).at-half))}).
		Get("V:0").
		Output(output, ffmpeg.KwArgs{"frames:v": "1", "q:v": "3", "f": "image2", "update": "1"})
	made, err := t.run(ctx, still.GetArgs(), input, 1, nil)
	if err == nil && made.frames == 0 {
		return unusable(nil, "the video has no picture for a poster")
	}
	return err
}

// glimpse is a picture that may become the poster, in grey.
type glimpse struct {
	at   time.Duration
	grey []byte
}

var shownAt = regexp.MustCompile(`\[info\] n: *\d+ .*pts_time:([0-9.]+)`)

// candidates are pictures of the first part of a proxy, about two a second.
func (t *Transcoder) candidates(ctx context.Context, input string, s Source) ([]glimpse, error) {
	options := s.keysAt(1)
	options["t"] = secondsArg(min(max(s.length()/3, posterLeast), posterMost))
	grey := ffmpeg.Input(input, options).Get("V:0").
		Filter("showinfo", nil, ffmpeg.KwArgs{"checksum": "0"}).
		Filter("scale", ffmpeg.Args{strconv.Itoa(weighedWidth), strconv.Itoa(weighedRows)}, ffmpeg.KwArgs{"flags": "area"}).
		Filter("format", ffmpeg.Args{"gray"}).
		Output("pipe:3", asTheyCome(ffmpeg.KwArgs{"f": "rawvideo"}))
	var at []time.Duration
	var pictures []byte
	_, err := t.doPiped(ctx, task{composed: grey.GetArgs(), input: input, heard: func(line string) {
		if m := shownAt.FindStringSubmatch(line); m != nil {
			at = append(at, time.Duration(seconds(m[1])*float64(time.Second)))
		}
	}}, func(out io.Reader) (err error) {
		if pictures, err = io.ReadAll(out); err != nil {
			return fmt.Errorf("read pictures: %w", err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(pictures) != weighed*len(at) {
		return nil, fmt.Errorf("%d bytes of %d pictures were read", len(pictures), len(at))
	}
	all := make([]glimpse, len(at))
	for i := range all {
		all[i] = glimpse{at[i], pictures[i*weighed : (i+1)*weighed]}
	}
	return all, nil
}

// best chooses the picture that shows most: neither dark nor bright nor plain, and with
// much detail. One that stands still for a while, as slates and titles do, counts a quarter.
func best(all []glimpse) glimpse {
	chosen, most := all[len(all)/2], -1.0
	for i, c := range all {
		value := c.detail()
		if mean, spread := c.light(); mean < 30 || mean > 225 || spread < 12 {
			value /= 1000
		}
		if near := i + min(2, len(all)-1-i); near > i && c.differs(all[near]) < 0.2 {
			value /= 4
		}
		if value > most {
			chosen, most = c, value
		}
	}
	return chosen
}

// light is a picture's mean, 0 to 255, and its standard deviation.
func (c glimpse) light() (mean, spread float64) {
	var sum, squares float64
	for _, v := range c.grey {
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	mean = sum / weighed
	return mean, math.Sqrt(max(0, squares/weighed-mean*mean))
}

// detail is by how much neighbouring points differ on average.
func (c glimpse) detail() float64 {
	var sum float64
	for i := weighedWidth; i < weighed; i++ {
		sum += math.Abs(float64(c.grey[i])-float64(c.grey[i-1])) + math.Abs(float64(c.grey[i])-float64(c.grey[i-weighedWidth]))
	}
	return sum / weighed
}

// differs is by how much two pictures differ on average.
func (c glimpse) differs(other glimpse) float64 {
	var sum float64
	for i, v := range c.grey {
		sum += math.Abs(float64(v) - float64(other.grey[i]))
	}
	return sum / weighed
}
