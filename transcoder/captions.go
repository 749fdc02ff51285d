package transcoder

import (
	"context"
	"errors"
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

// Captions are what a track of text, or the pictures themselves, say.
type Captions struct {
	Language string // as the file names it, mostly ISO 639-2; may be empty
	Cues     []Cue
}

// Cue is what is said from one time to another, counted from the first picture.
type Cue struct {
	Start, End time.Duration
	Text       string // lines apart by \n
}

// textCodecs are the codings of captions that are text.
func textCodecs() []string {
	return []string{"mov_text", "webvtt", "subrip", "ass", "text", "eia_608"}
}

// seekCaptions is how far into a proxy captions are looked for among its pictures:
// where there are any, pictures carry them, or say that there are none, throughout.
const seekCaptions = "%+30"

// Captions reads the captions of a master: its tracks of text, teletext, and those of
// CEA-608 or CEA-708 that lie in its pictures, which its proxy carries too and from which
// they are read faster. Tracks without a word are left out, and those that cannot be read.
// Small files go into folder.
func (t *Transcoder) Captions(ctx context.Context, master, proxy, folder string, s Source, progress Progress) ([]Captions, error) {
	out, err := t.ffprobeJSON(ctx, master)
	if err != nil {
		return nil, err
	}
	var all []Captions
	for _, read := range []func(context.Context, string, string, Source, probeOutput) ([]Captions, error){t.textTracks, t.webVTT, t.teletext} {
		tracks, err := read(ctx, master, folder, s, out)
		if err != nil && !errors.Is(err, ErrMedia) {
			return nil, err
		}
		all = append(all, tracks...)
	}
	carries, err := t.carriesCaptions(ctx, proxy)
	if err != nil {
		return nil, err
	}
	if carries {
		cues, err := t.pictureCaptions(ctx, proxy, folder, s, progress)
		if err != nil {
			return nil, err
		}
		all = append(all, Captions{Cues: cues})
	}
	return slices.DeleteFunc(all, func(c Captions) bool { return len(c.Cues) == 0 }), nil
}

// textTracks reads all tracks of text in one reading of the master.
func (t *Transcoder) textTracks(ctx context.Context, master, folder string, s Source, out probeOutput) ([]Captions, error) {
	in := ffmpeg.Input(master)
	var all []Captions
	var files []string
	var outputs []*ffmpeg.Stream
	for _, stream := range out.Streams {
		if stream.Type != "subtitle" || !slices.Contains(textCodecs(), stream.Codec) {
			continue
		}
		file := filepath.Join(folder, fmt.Sprintf("captions-%d.vtt", stream.Index))
		files = append(files, file)
		all = append(all, Captions{Language: stream.Tags["language"]})
		outputs = append(outputs, in.Get(strconv.Itoa(stream.Index)).Output(file, asWebVTT()))
	}
	if len(all) == 0 {
		return nil, nil
	}
	if err := complete(t.run(ctx, ffmpeg.MergeOutputs(outputs...).GetArgs(), master, 0, nil)); err != nil {
		return nil, err
	}
	for i, file := range files {
		var err error
		if all[i].Cues, err = readCues(file, s.frameTime(0)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// firstPicture is when a file's first picture is shown, on the file's own time line.
func firstPicture(s Source, out probeOutput) time.Duration {
	return duration(out.Format.StartTime) + s.frameTime(0)
}

func asWebVTT() ffmpeg.KwArgs { return ffmpeg.KwArgs{"c:s": "webvtt", "f": "webvtt"} }

// carriesCaptions reports whether a proxy's pictures carry captions.
func (t *Transcoder) carriesCaptions(ctx context.Context, proxy string) (bool, error) {
	said, err := t.askFFprobe(ctx, proxy, "-select_streams", "V:0", "-skip_frame", "nokey", "-read_intervals", seekCaptions,
		"-show_entries", "frame_side_data=side_data_type", "-of", "csv=p=0")
	return strings.Contains(string(said), "Closed Captions"), err
}

// movie is a source of filters that gives a file's pictures and their captions. What a
// file is called passes through two readers, of which each takes backslashes away: the
// graph's and that of the filter's options.
func movie(input string) string {
	option := strings.NewReplacer(`\`, `\\`, `'`, `\'`, `:`, `\:`).Replace(input)
	name := strings.NewReplacer(`\`, `\\`, `'`, `\'`, `[`, `\[`, `]`, `\]`, `,`, `\,`, `;`, `\;`).Replace(option)
	return "movie=" + name + `:format_opts=protocol_whitelist=file\,http\,https\,tcp\,tls\\:rw_timeout=30000000[out+subcc]`
}

// readCues reads a WebVTT file that ffmpeg wrote, whose first picture is shown at the
// time first. What ends before is left out.
func readCues(path string, first time.Duration) ([]Cue, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open captions: %w", err)
	}
	defer func() { _ = f.Close() }()
	subtitles, err := astisub.ReadFromWebVTT(f)
	if err != nil {
		return nil, fmt.Errorf("read captions: %w", err)
	}
	var cues []Cue
	for _, item := range subtitles.Items {
		cue := Cue{max(0, item.StartAt-first), item.EndAt - first, textOf(item)}
		if cue.End > cue.Start && cue.Text != "" {
			cues = append(cues, cue)
		}
	}
	return cues, nil
}

func textOf(item *astisub.Item) string {
	var lines []string
	for _, line := range item.Lines {
		var words strings.Builder
		for _, part := range line.Items {
			words.WriteString(part.Text)
		}
		if text := strings.TrimSpace(words.String()); text != "" {
			lines = append(lines, text)
		}
	}
	return strings.Join(lines, "\n")
}
