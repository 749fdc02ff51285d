package transcoder

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/asticode/go-astisub"
	ffmpeg "github.com/u2takey/ffmpeg-go"
)

// teletextPage is a page of teletext that has captions.
type teletextPage struct {
	stream           int
	number, language string // such as 888; as the file names it
}

// beforeFirst is how long before the first picture a page of teletext may have been sent:
// what ffmpeg writes of it has no times below 0.
const beforeFirst = time.Minute

const (
	// mostTeletext is how many bytes of a stream and of a page are read, a hundred times
	// what a long film has.
	mostTeletext = 64 << 20
	// mostPages is how many pages are read, more than a country has languages.
	mostPages = 32
)

// teletext reads the pages of teletext that a transport stream says are captions. The
// master is read once; what is copied out of it is decoded page by page, since a decoder of
// ffmpeg's gives all pages that it is asked for as one.
func (t *Transcoder) teletext(ctx context.Context, master, folder string, s Source, out probeOutput) ([]Captions, error) {
	pages, err := t.teletextPages(ctx, master, out)
	if err != nil || len(pages) == 0 || !t.decodesTeletext(ctx) {
		return nil, err
	}
	pages = pages[:min(mostPages, len(pages))]
	in := ffmpeg.Input(master, ffmpeg.KwArgs{"itsoffset": secondsArg(beforeFirst - firstPicture(s, out))})
	streams := map[int]string{}
	var outputs []*ffmpeg.Stream
	for _, page := range pages {
		if streams[page.stream] == "" {
			streams[page.stream] = filepath.Join(folder, fmt.Sprintf("teletext-%d.nut", page.stream))
			outputs = append(outputs, in.Get(strconv.Itoa(page.stream)).Output(streams[page.stream], ffmpeg.KwArgs{"copyts": "", "c": "copy", "f": "nut", "fs": mostTeletext}))
		}
	}
	if err := complete(t.run(ctx, ffmpeg.MergeOutputs(outputs...).GetArgs(), master, 0, nil)); err != nil {
		return nil, err
	}
	all := make([]Captions, len(pages))
	for i, page := range pages {
		all[i].Language = page.language
		if all[i].Cues, err = t.decodePage(ctx, streams[page.stream], "nut", page.number, s.length()); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// decodesTeletext reports whether ffmpeg was built with what decodes teletext.
func (t *Transcoder) decodesTeletext(ctx context.Context) bool {
	const decoder = "libzvbi_teletextdec"
	said, err := t.command(ctx, t.ffmpeg, "-hide_banner", "-h", "decoder="+decoder).CombinedOutput()
	return err == nil && bytes.Contains(said, []byte("Decoder "+decoder))
}

// decodePage decodes one page of a stream of teletext that was taken out of a master into a
// file of a format, its times counted from beforeFirst.
func (t *Transcoder) decodePage(ctx context.Context, stream, format, number string, length time.Duration) ([]Cue, error) {
	file := stream + "." + number + ".ass"
	in := ffmpeg.Input(stream, ffmpeg.KwArgs{"f": format, "txt_page": number, "txt_format": "ass"})
	page := in.Output(file, ffmpeg.KwArgs{"copyts": "", "c:s": "ass", "f": "ass", "fs": mostTeletext})
	if _, err := t.do(ctx, task{composed: page.GetArgs()}); err != nil {
		return nil, err
	}
	return readPages(file, length)
}

// teletextPages lists pages by the descriptors of a transport stream (EN 300 468,
// 6.2.43), of which ffmpeg keeps type, magazine and number of each page, and beside
// them the languages.
func (t *Transcoder) teletextPages(ctx context.Context, master string, out probeOutput) ([]teletextPage, error) {
	const captions, captionsForDeaf = 2, 5
	var pages []teletextPage
	for _, stream := range out.Streams {
		if stream.Codec != "dvb_teletext" {
			continue
		}
		entries, err := t.extradata(ctx, master, stream.Index)
		if err != nil {
			return nil, err
		}
		languages := strings.Split(stream.Tags["language"], ",")
		for i := 0; i+1 < len(entries); i += 2 {
			kind, magazine := entries[i]>>3, entries[i]&7
			if magazine == 0 {
				magazine = 8
			}
			page := teletextPage{stream: stream.Index, number: fmt.Sprintf("%d%02x", magazine, entries[i+1])}
			if i/2 < len(languages) {
				page.language = languages[i/2]
			}
			if (kind == captions || kind == captionsForDeaf) && !slices.Contains(pages, page) {
				pages = append(pages, page)
			}
		}
	}
	return pages, nil
}

// extradata is what a container says of a stream's coding.
func (t *Transcoder) extradata(ctx context.Context, input string, stream int) ([]byte, error) {
	data, err := t.askFFprobe(ctx, input, "-select_streams", strconv.Itoa(stream), "-show_entries", "stream=extradata", "-show_data", "-of", "json")
	if err != nil {
		return nil, err
	}
	var out struct {
		Streams []struct {
			Data string `json:"extradata"`
		} `json:"streams"`
	}
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("read ffprobe's answer: %w", err)
	}
	if len(out.Streams) == 0 {
		return nil, nil
	}
	return dumped(out.Streams[0].Data), nil
}

// dumped are the bytes that ffprobe shows: in each line a place, up to sixteen bytes in
// hexadecimal, and the same as text.
func dumped(text string) []byte {
	const columns = 40
	var all []byte
	for line := range strings.Lines(text) {
		_, row, isRow := strings.Cut(line, ": ")
		if !isRow {
			continue
		}
		digits := strings.ReplaceAll(row[:min(columns, len(row))], " ", "")
		if shown, err := hex.DecodeString(digits); err == nil {
			all = append(all, shown...)
		}
	}
	return all
}

// readPages reads what ffmpeg wrote of a page of teletext: each time it is sent it stands
// until the next time, at most to the video's end. Pages that clear it are empty.
func readPages(path string, length time.Duration) ([]Cue, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("open teletext: %w", err)
	}
	const hardSpace = `\h`
	subtitles, err := astisub.ReadFromSSA(bytes.NewReader(bytes.ReplaceAll(file, []byte(hardSpace), []byte(" "))))
	if err != nil {
		return nil, fmt.Errorf("read teletext: %w", err)
	}
	var cues []Cue
	for i, item := range subtitles.Items {
		cue := Cue{max(0, item.StartAt-beforeFirst), length, textOf(item)}
		if i+1 < len(subtitles.Items) {
			cue.End = min(length, subtitles.Items[i+1].StartAt-beforeFirst)
		}
		if cue.End > cue.Start && cue.Text != "" {
			cues = appendCue(cues, cue)
		}
	}
	return cues, nil
}

// appendCue adds a cue, or lengthens the one that said the same up to its start.
func appendCue(cues []Cue, next Cue) []Cue {
	const rounded = 2 * time.Millisecond
	if last := len(cues) - 1; last >= 0 && cues[last].Text == next.Text && next.Start-cues[last].End < rounded {
		cues[last].End = max(cues[last].End, next.End)
		return cues
	}
	return append(cues, next)
}
