package transcoder

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"subclip/transcoder/cea708"

	ffmpeg "github.com/u2takey/ffmpeg-go"
)

// What is kept of what a hostile file may show, anew in each picture.
const (
	mostCues = 30_000
	mostText = 2000 // bytes of a cue
)

// mostCarried is how many bytes of captions a picture can carry: 31 times three.
const mostCarried = 93

// pictureCaptions decodes the captions that a proxy's pictures carry: those of CEA-608,
// which nearly all have, by ffmpeg, and else those of CEA-708, which ffmpeg only copies.
func (t *Transcoder) pictureCaptions(ctx context.Context, proxy, folder string, s Source, progress Progress) ([]Cue, error) {
	analog, digital, table := filepath.Join(folder, "carried.vtt"), filepath.Join(folder, "carried.data"), filepath.Join(folder, "carried.crc")
	carried := ffmpeg.Input(movie(proxy), ffmpeg.KwArgs{"f": "lavfi"}).Get("s:0")
	outputs := ffmpeg.MergeOutputs(
		carried.Output(analog, asWebVTT()),
		carried.Output(digital, ffmpeg.KwArgs{"c": "copy", "f": "data"}),
		carried.Output(table, ffmpeg.KwArgs{"c": "copy", "f": "framecrc"}))
	if err := complete(t.do(ctx, task{composed: outputs.GetArgs(), length: s.length(), progress: progress})); err != nil {
		return nil, err
	}
	cues, err := readCues(analog, 0)
	if err != nil || len(cues) > 0 {
		return cues, err
	}
	return readDigital(digital, table, s.length())
}

// readDigital reads captions of CEA-708: what all pictures carry, and a table of how much
// each of them does, and when.
func readDigital(carriedPath, tablePath string, length time.Duration) ([]Cue, error) {
	table, err := os.Open(tablePath)
	if err != nil {
		return nil, fmt.Errorf("open captions: %w", err)
	}
	defer func() { _ = table.Close() }()
	file, err := os.Open(carriedPath)
	if err != nil {
		return nil, fmt.Errorf("open captions: %w", err)
	}
	defer func() { _ = file.Close() }()
	carried := bufio.NewReader(file)
	var decoder cea708.Decoder
	var seen onScreen
	var unit float64 // of times, in seconds
	rows := bufio.NewScanner(table)
	for rows.Scan() {
		if base, isBase := strings.CutPrefix(rows.Text(), "#tb 0: "); isBase {
			above, below, _ := strings.Cut(base, "/")
			unit = seconds(above) / max(1, seconds(below))
		}
		row := strings.Split(strings.ReplaceAll(rows.Text(), " ", ""), ",")
		if len(row) < 6 { // stream, time of decoding, of showing, duration, size, checksum
			continue
		}
		picture := make([]byte, min(mostCarried, max(0, integer(row[4]))))
		if _, err := io.ReadFull(carried, picture); err != nil {
			return nil, fmt.Errorf("read captions: %w", err)
		}
		decoder.Add(picture)
		seen.change(decoder.Text(), time.Duration(float64(integer(row[2]))*unit*float64(time.Second)))
	}
	seen.change("", length)
	return seen.cues, rows.Err() //nolint:wrapcheck // of a file that was just written
}

// onScreen makes cues of what is seen from one time to another.
type onScreen struct {
	cues []Cue
	now  Cue
}

// change tells what is seen from a time on. A line that grows is one cue.
func (o *onScreen) change(text string, at time.Duration) {
	text = strings.ToValidUTF8(text[:min(mostText, len(text))], "")
	added, grows := strings.CutPrefix(text, o.now.Text)
	if grows && o.now.Text != "" && !strings.Contains(added, "\n") {
		o.now.Text = text
		return
	}
	if o.now.End = at; o.now.Text != "" && at > o.now.Start && len(o.cues) < mostCues {
		o.cues = append(o.cues, o.now)
	}
	o.now = Cue{Start: at, Text: text}
}
