package transcoder

import (
	"context"
	"fmt"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	ffmpeg "github.com/u2takey/ffmpeg-go"
)

// Storyboard is small pictures of a video, evenly spaced, laid out row by row in sheets.
// The first picture is of time 0.
type Storyboard struct {
	Sheets        []string // paths of JPEG files
	Interval      float64  // seconds from one picture to the next
	Columns, Rows int      // of a full sheet
	Width, Height int      // of a picture
	Count         int      // of pictures
}

const (
	mostPictures   = 300 // of a storyboard
	storyboardSide = 320 // the longer side of its pictures, twice of what they are shown at
	sheetSide      = 5   // pictures in a row of a sheet, and rows
)

// Storyboard makes small pictures of a whole video into a folder: one a second, and of
// a long one 300 in all. Input is the source's proxy, which is decoded only where
// pictures stand alone, as long as there are enough of those.
func (t *Transcoder) Storyboard(ctx context.Context, input, folder string, s Source, progress Progress) (Storyboard, error) {
	length := s.length().Seconds()
	// To the millisecond, in which the index of the pictures is written.
	board := Storyboard{Interval: math.Ceil(max(1, length/mostPictures)*1000) / 1000}
	board.Count = max(1, int(math.Ceil(length/board.Interval)))
	board.Columns = min(sheetSide, board.Count)
	board.Rows = min(sheetSide, (board.Count+sheetSide-1)/sheetSide)
	picture := ffmpeg.Input(input, s.keysAt(board.Interval)).Get("V:0").
		Filter("fps", nil, ffmpeg.KwArgs{"fps": fmt.Sprintf("1000/%.0f", board.Interval*1000), "start_time": "0", "eof_action": "pass"}).
		Filter("tpad", nil, ffmpeg.KwArgs{"stop": board.Count, "stop_mode": "clone"}).
		Filter("trim", nil, ffmpeg.KwArgs{"end_frame": board.Count})
	sheets := within(picture, storyboardSide, storyboardSide, true).
		Filter("tile", ffmpeg.Args{fmt.Sprintf("%dx%d", board.Columns, board.Rows)}).
		Output(filepath.Join(strings.ReplaceAll(folder, "%", "%%"), "sheet-%d.jpg"), asTheyCome(ffmpeg.KwArgs{
			"q:v": "5", "f": "image2", "start_number": "0",
		}))
	perSheet := board.Columns * board.Rows
	want := (board.Count + perSheet - 1) / perSheet
	made, err := t.run(ctx, sheets.GetArgs(), input, int64(want), progress)
	if err := complete(made, err); err != nil {
		return board, err
	}
	if made.frames != int64(want) {
		return board, unusable(nil, "the video has no pictures for a storyboard")
	}
	for i := range want {
		board.Sheets = append(board.Sheets, filepath.Join(folder, "sheet-"+strconv.Itoa(i)+".jpg"))
	}
	return board, board.measure()
}

// measure reads from a sheet how large its pictures are.
func (b *Storyboard) measure() error {
	f, err := os.Open(b.Sheets[0])
	if err != nil {
		return fmt.Errorf("open the storyboard: %w", err)
	}
	defer func() { _ = f.Close() }()
	sheet, err := jpeg.DecodeConfig(f)
	if err != nil {
		return fmt.Errorf("read the storyboard: %w", err)
	}
	b.Width, b.Height = sheet.Width/b.Columns, sheet.Height/b.Rows
	return nil
}

// keysAt are options for an input that is a proxy, of which a picture is wanted every
// so many seconds: where its key pictures lie closer, the others need no decoding.
func (s Source) keysAt(seconds float64) ffmpeg.KwArgs {
	if s.Timecode.Rate.TimeOf(proxyGOP).Seconds() <= seconds && !s.Variable {
		return ffmpeg.KwArgs{"skip_frame": "nokey"}
	}
	return ffmpeg.KwArgs{}
}
