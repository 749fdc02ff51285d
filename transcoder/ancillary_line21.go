package transcoder

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"subclip/timecode"

	ffmpeg "github.com/u2takey/ffmpeg-go"
)

// mostUnits is how many edit units the times in a file of captions can count.
const mostUnits = 99 * 60 * 60 * unitsPerSecond

// unitsPerSecond is the rate at which such a file counts edit units, whatever the master's, as
// the times are to be exact that ffmpeg makes of them.
const unitsPerSecond = 25

// line21 puts what ancillary data carry of CEA-608 into a file of captions that ffmpeg reads
// (MacCaption).
type line21 struct {
	path   string
	file   *os.File
	out    *bufio.Writer
	left   int  // bytes that may be written
	silent bool // nothing was said last
	said   bool // anything at all
}

func newLine21(folder string) (*line21, error) {
	path := filepath.Join(folder, "line21.mcc")
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("keep captions: %w", err)
	}
	l := &line21{path: path, file: file, out: bufio.NewWriter(file), left: mostAncillary}
	_, err = fmt.Fprintf(l.out, "File Format=MacCaption_MCC V1.0\n\nTime Code Rate=%d\n\n", unitsPerSecond)
	return l, err //nolint:wrapcheck // into a buffer
}

func (l *line21) close() { _ = l.file.Close() }

// add writes the pairs of line 21 among caption data. Of pairs that say nothing one is needed,
// to tell a command that is given twice from one that is repeated for safety.
func (l *line21) add(unit int64, carried []byte) error {
	var pairs []byte
	says := false
	for triple := range slices.Chunk(carried, 3) {
		const isValid, digital, parity = 4, 2, 0x80
		if len(triple) == 3 && triple[0]&isValid != 0 && triple[0]&digital == 0 && len(pairs) < mostCarried {
			pairs = append(pairs, triple...)
			says = says || (triple[1]|triple[2])&^parity != 0
		}
	}
	if len(pairs) == 0 || !says && l.silent {
		return nil
	}
	l.silent, l.said = !says, l.said || says
	return l.write(unit, pairs)
}

// write writes a caption distribution packet (ST 334-2) with nothing in it but pairs, and
// without what ffmpeg does not read of it: rate, number and checksum.
func (l *line21) write(unit int64, pairs []byte) error {
	seconds, length := unit/unitsPerSecond, len(pairs)+13
	line := fmt.Sprintf("%02d:%02d:%02d:%02d\t6101%02X9669%02X3F43000072%02X%X7400000000\n",
		seconds/3600, seconds/60%60, seconds%60, unit%unitsPerSecond, length, length, 0xe0|len(pairs)/3, pairs)
	if l.left -= len(line); l.left < 0 {
		return nil
	}
	_, err := l.out.WriteString(line)
	return err //nolint:wrapcheck // of a file of ours
}

// decodeLine21 returns what was said.
func (t *Transcoder) decodeLine21(ctx context.Context, l *line21, s Source) ([]Cue, error) {
	if !l.said {
		return nil, nil
	}
	erase := []byte{0xfc, 0x94, 0x2c} // ffmpeg does not tell how long stands what is not erased
	l.left = mostAncillary
	if err := l.write(min(s.Frames, mostUnits), erase); err != nil {
		return nil, err
	}
	if err := l.out.Flush(); err != nil {
		return nil, fmt.Errorf("keep captions: %w", err)
	}
	file := l.path + ".vtt"
	out := ffmpeg.Input(l.path, ffmpeg.KwArgs{"f": "mcc"}).Output(file, asWebVTT())
	if err := complete(t.do(ctx, task{composed: out.GetArgs()})); err != nil {
		return nil, err
	}
	cues, err := readCues(file, 0)
	return snap(cues, timecode.Rate{Num: unitsPerSecond, Den: 1}, s.Timecode.Rate), err
}
