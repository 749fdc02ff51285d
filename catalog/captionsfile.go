package catalog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/asticode/go-astisub"
	"golang.org/x/net/html"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// MaxCaptionsFile is the most bytes of a file of captions.
const MaxCaptionsFile = 4 << 20

// UploadCaptions stores what an editor gives as captions of an asset, a file in WebVTT,
// SubRip or TTML; which one it is shows by itself. See PutCaptions. Errors: Invalid,
// NotFound.
func (c *Catalog) UploadCaptions(ctx context.Context, by Asker, assetID, language string, file []byte) (Captions, error) {
	asset, err := c.Asset(ctx, by, assetID)
	if err != nil {
		return Captions{}, err
	}
	cues, err := ParseCaptions(file)
	if err != nil {
		return Captions{}, err
	}
	if source := asset.Source; source != nil && cues[0].Start.Seconds() > source.Duration {
		return Captions{}, invalid("captions", "the first caption begins at %s, after the video's end: its times must count from the video's first frame", CueTime(cues[0].Start))
	}
	if err := c.PutCaptions(ctx, assetID, language, CaptionsUploaded, cues); err != nil {
		return Captions{}, err
	}
	return c.Captions(ctx, by, assetID, language)
}

// ParseCaptions reads a file in WebVTT, SubRip or TTML, one caption or more. The error
// is an Invalid Error.
func ParseCaptions(file []byte) (cues []Cue, err error) {
	if len(file) > MaxCaptionsFile {
		return nil, invalid("captions", "the file has %d bytes: %d are the most", len(file), MaxCaptionsFile)
	}
	text, err := decodeText(file)
	if err != nil {
		return nil, invalid("captions", "the file is no text: save it as UTF-8")
	}
	parsed, err := parseSubtitles(text)
	if err != nil {
		return nil, invalid("captions", "the file is not as WebVTT, SubRip and TTML are (%s): mend it, or save it as WebVTT", strings.TrimPrefix(err.Error(), "astisub: "))
	}
	for _, item := range parsed.Items {
		cues = append(cues, Cue{Start: item.StartAt, End: item.EndAt, Text: markedUp(item)})
	}
	if cues, err = tidyCues(cues); err != nil {
		return nil, err
	}
	if len(cues) == 0 {
		return nil, invalid("captions", "there are no captions in the file: give WebVTT, SubRip or TTML")
	}
	return cues, nil
}

// decodeText reads UTF-8, UTF-16 with its mark, or else what Western Windows writes.
func decodeText(file []byte) ([]byte, error) {
	decoded, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), file)
	if err == nil && !utf8.Valid(decoded) {
		decoded, err = charmap.Windows1252.NewDecoder().Bytes(file)
	}
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	if bytes.ContainsRune(decoded, 0) {
		return nil, errors.New("it has zero bytes")
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(decoded, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n")), nil
}

// parseSubtitles has the library read a file, which panics where some are broken.
func parseSubtitles(text []byte) (parsed *astisub.Subtitles, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("it is cut off or damaged: %v", cause)
		}
	}()
	trimmed := bytes.TrimSpace(text)
	switch {
	case bytes.HasPrefix(trimmed, []byte("<")):
		parsed, err = astisub.ReadFromTTML(bytes.NewReader(trimmed))
	case bytes.HasPrefix(trimmed, []byte("WEBVTT")):
		parsed, err = astisub.ReadFromWebVTT(bytes.NewReader(fewTags(trimmed)))
	default:
		parsed, err = astisub.ReadFromSRT(bytes.NewReader(fewTags(trimmed)))
	}
	if err != nil {
		return nil, fmt.Errorf("read captions: %w", err)
	}
	return parsed, nil
}

var tagOrGap = regexp.MustCompile(`<(/?)([a-zA-Z]+)[^<>\n]*>|\n[ \t]*\n`)

// fewTags leaves of the tags in a file i, b and u alone, each open once at a time, since
// the library takes long over many that are open.
func fewTags(text []byte) []byte {
	open := map[string]bool{}
	return tagOrGap.ReplaceAllFunc(text, func(found []byte) []byte {
		if found[0] == '\n' { // the caption ends
			clear(open)
			return found
		}
		parts := tagOrGap.FindSubmatch(found)
		tag, begins := string(parts[2]), len(parts[1]) == 0
		if (tag != "i" && tag != "b" && tag != "u") || open[tag] == begins {
			return nil
		}
		open[tag] = begins
		return []byte("<" + string(parts[1]) + tag + ">")
	})
}

// markedUp is the text of a caption with what the library found to be italic, bold or
// underlined.
func markedUp(item *astisub.Item) string {
	var text strings.Builder
	for i, line := range item.Lines {
		if i > 0 {
			text.WriteByte('\n')
		}
		for _, part := range line.Items {
			tags := tagsOf(part.InlineStyle)
			for _, tag := range tags {
				text.WriteString("<" + tag + ">")
			}
			text.WriteString(escapeCue(html.UnescapeString(part.Text)))
			for i := range tags {
				text.WriteString("</" + tags[len(tags)-1-i] + ">")
			}
		}
	}
	return text.String()
}

func tagsOf(style *astisub.StyleAttributes) (tags []string) {
	if style == nil {
		return nil
	}
	is := func(value *string, want string) bool { return value != nil && *value == want }
	marks := map[string]bool{
		"i": style.SRTItalics || is(style.TTMLFontStyle, "italic"),
		"b": style.SRTBold || is(style.TTMLFontWeight, "bold"),
		"u": style.SRTUnderline || is(style.TTMLTextDecoration, "underline"),
	}
	for _, tag := range style.WebVTTTags {
		marks[tag.Name] = true
	}
	for _, tag := range []string{"i", "b", "u"} {
		if marks[tag] {
			tags = append(tags, tag)
		}
	}
	return tags
}
