package catalog

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

func cue(start, end int, text string) Cue {
	return Cue{time.Duration(start) * time.Millisecond, time.Duration(end) * time.Millisecond, text}
}

// utf16le is a text as Windows saves it.
func utf16le(text string) string {
	out := []byte("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}

func TestParseCaptions(t *testing.T) {
	t.Parallel()
	const srt = "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>L'été</i> & <b>co</b>\r\nsecond line\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nEnd\r\n"
	want := []Cue{cue(1000, 2500, "<i>L'été</i> &amp; <b>co</b>\nsecond line"), cue(3000, 4000, "End")}
	latin := strings.NewReplacer("é", "\xe9").Replace(srt)
	tests := map[string]struct {
		file string
		want []Cue
	}{
		"SubRip":            {srt, want},
		"with a mark":       {"\ufeff" + srt, want},
		"UTF-16":            {utf16le(srt), want},
		"Western Windows":   {latin, want},
		"old Macintosh":     {strings.ReplaceAll(srt, "\r\n", "\r"), want},
		"WebVTT":            {"WEBVTT - x\n\nSTYLE\n::cue { color: red }\n\nNOTE no\n\nid\n00:01.000 --> 00:02.500 line:0\n<i.loud>L'été</i> &amp; <b>co</b>\n<v Ann>second <00:02.000>line\n\n00:00:03.000 --> 00:00:04.000\nEnd\n", want},
		"TTML":              {`<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling"><body><div><p begin="00:00:01.000" end="00:00:02.500"><span tts:fontStyle="italic">L'été</span> &amp; <span tts:fontWeight="bold">co</span><br/>second line</p><p begin="3s" end="4s">End</p></div></body></tt>`, want},
		"out of order":      {"1\n00:00:03,000 --> 00:00:04,000\nEnd\n\n2\n00:00:01,000 --> 00:00:02,000\nBegin\n", []Cue{cue(1000, 2000, "Begin"), cue(3000, 4000, "End")}},
		"script":            {"1\n00:00:01,000 --> 00:00:02,000\n<script>alert(1)</script><img src=x onerror=alert(2)>a &lt;b&gt; 1 < 2 <u>x\n", []Cue{cue(1000, 2000, "alert(1)a &lt;b&gt; 1 &lt; 2 <u>x</u>")}},
		"an arrow in words": {"1\n00:00:01,000 --> 00:00:02,000\na --&gt; b\n", []Cue{cue(1000, 2000, "a --&gt; b")}},
		"nested":            {"WEBVTT\n\n00:01.000 --> 00:02.000\n<b><b><i>x</b></i></b>\n\n00:03.000 --> 00:04.000\ny\n", []Cue{cue(1000, 2000, "<i><b>x</b></i>"), cue(3000, 4000, "y")}},
	}
	for name, tt := range tests {
		got, err := ParseCaptions([]byte(tt.file))
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s gives %q, %v", name, got, err)
		}
		for _, c := range got {
			if again := tidyCue(c.Text); again != c.Text {
				t.Errorf("%s: %q becomes %q", name, c.Text, again)
			}
		}
	}
	for name, file := range map[string]string{
		"empty":       "",
		"no captions": "WEBVTT\n",
		"words":       "Dear editor,\nplease find attached\n",
		"no end":      "1\n00:00:01,000 --> \nText",
		"backwards":   "1\n00:00:02,000 --> 00:00:01,000\nText",
		"no times":    "WEBVTT\n\nxx --> yy\nText",
		"half a file": "<tt><body><div><p begin=\"1s\"",
		"a picture":   "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
		"a bomb":      `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><tt><body><div><p begin="1s" end="2s">&b;</p></div></body></tt>`,
		"too long":    "1\n00:00:01,000 --> 00:00:02,000\n" + strings.Repeat("x", maxCueText+1),
		"too large":   strings.Repeat(" ", MaxCaptionsFile+1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseCaptions([]byte(file))
			wantError(t, err, Invalid, "captions", "")
		})
	}
	// As many open tags as there is room for.
	if _, err := ParseCaptions([]byte("WEBVTT\n\n00:01.000 --> 00:02.000\n" + strings.Repeat("<c>", 1<<20) + strings.Repeat("<b>x", 1000) + "\n")); err != nil {
		t.Error(err)
	}
}

func TestCaptions(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			put := func(language string, source CaptionsSource, text string) {
				t.Helper()
				if err := h.PutCaptions(t.Context(), asset.ID, language, source, []Cue{cue(1000, 2000, text), cue(500, 900, " "), cue(3000, 3000, "no time")}); err != nil {
					t.Fatal(err)
				}
			}
			read := func(language string) Captions {
				t.Helper()
				return must[Captions](t)(h.Captions(t.Context(), Asker{}, asset.ID, language))
			}
			put("fre", CaptionsExtracted, "premier")
			put("fr", CaptionsExtracted, "<c.yellow>second</c>")
			put("", CaptionsExtracted, "unknown")
			if got := read("FR"); got.Source != CaptionsExtracted || !slices.Equal(got.Cues, []Cue{cue(1000, 2000, "second")}) {
				t.Errorf("there are %+v", got)
			}
			must[Captions](t)(h.UploadCaptions(t.Context(), editor, asset.ID, "fr", []byte("WEBVTT\n\n00:01.000 --> 00:02.000\nof an editor\n")))
			put("fr", CaptionsExtracted, "extracted later")
			got := read("fr")
			if got.Source != CaptionsUploaded || got.Cues[0].Text != "of an editor" {
				t.Errorf("what was uploaded became %+v", got)
			}
			if file := got.WebVTT(); file != "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nof an editor\n" {
				t.Errorf("the file is %q", file)
			}
			if all := must[[]Captions](t)(h.AllCaptions(t.Context(), Asker{}, asset.ID)); len(all) != 2 || all[0].Language != "fr" || all[1].Language != "und" {
				t.Errorf("all are %+v", all)
			}
			wantError(t, h.PutCaptions(t.Context(), asset.ID, "not a language", CaptionsUploaded, nil), Invalid, "language", "tag")
			wantError(t, h.PutCaptions(t.Context(), "nothing", "en", CaptionsExtracted, nil), NotFound, "", "no asset")
			wantError(t, h.PutCaptions(t.Context(), asset.ID, "en", CaptionsUploaded, make([]Cue, maxCues+1)), Invalid, "captions", "the most")
			_, err := h.UploadCaptions(t.Context(), editor, asset.ID, "en", []byte("1\n10:00:01,000 --> 10:00:02,000\nLate"))
			wantError(t, err, Invalid, "captions", "count from the video's first frame")
			if err := h.DeleteCaptions(t.Context(), editor, asset.ID, "fr"); err != nil {
				t.Error(err)
			}
			wantError(t, h.DeleteCaptions(t.Context(), editor, asset.ID, "fr"), NotFound, "", "no captions")
			h.embargo(t, asset.ID, time.Hour)
			_, err = h.Captions(t.Context(), Asker{}, asset.ID, "und")
			wantError(t, err, NotFound, "", "there is no asset")
			_, err = h.AllCaptions(t.Context(), Asker{}, asset.ID)
			wantError(t, err, NotFound, "", "there is no asset")
		})
	}
}
