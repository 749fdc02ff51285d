package transcoder_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"strings"
	"testing"

	"subclip/transcoder"
)

// said is what a file says of itself, as ffprobe reads it.
type said struct {
	Format struct {
		Tags map[string]string `json:"tags"`
	} `json:"format"`
	Chapters []chapter `json:"chapters"`
}

type chapter struct {
	Start string            `json:"start_time"`
	End   string            `json:"end_time"`
	Tags  map[string]string `json:"tags"`
}

func saidBy(t *testing.T, path string) (s said) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-of", "json", "-show_chapters", "-show_entries", "format_tags", path)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("ffprobe complains of %s: %s (%v)", path, complaints.String(), err)
	}
	if err := json.Unmarshal(out, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

const masterTags = ";FFMETADATA1\ntitle=The title\ncopyright=© Somebody\nkeywords=floods,Bonn\ncomment=No comment\n"

func chapters(ends ...string) string {
	var text strings.Builder
	start := "0"
	for i, end := range ends {
		fmt.Fprintf(&text, "[CHAPTER]\nTIMEBASE=1/1000\nSTART=%s\nEND=%s\ntitle=Chapter %c\n", start, end, 'A'+i)
		start = end
	}
	return text.String()
}

// TestWhatMastersSay keeps title, copyright and the like, and cuts chapters.
func TestWhatMastersSay(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	for name, c := range map[string]struct {
		file  string
		flags string
	}{"lists": {"a.mp4", "+faststart"}, "user data": {"a.mov", "+faststart"}, "keys": {"a.mp4", "+use_metadata_tags"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			about := write(t, "about", masterTags+chapters("1000", "2500", "4000"))
			path := ffmpeg(t, c.file, "-i", makeSample(t, c.file, oddSample()), "-i", about, "-map", "0:v", "-map", "0:a",
				"-map_metadata", "1", "-map_chapters", "1", "-metadata:s:a", "language=ger", "-metadata:s:v", "title=The pictures", "-c", "copy", "-movflags", c.flags)
			master := saidBy(t, path)
			if master.Format.Tags["title"] != "The title" || len(master.Chapters) != 3 {
				t.Fatalf("the master says %+v", master)
			}
			source := probe(t, tc, path)
			for _, test := range []struct {
				ranges []transcoder.Range
				want   string
			}{
				{[]transcoder.Range{{In: 13, Out: 75}}, "A to 0.480000, B to 1.980000, C to 2.480000"},
				{[]transcoder.Range{{In: 30, Out: 60}}, "B to 1.200000"},
				{[]transcoder.Range{{In: 70, Out: 90}, {In: 5, Out: 30}}, "C to 0.800000, A to 1.600000, B to 1.800000"},
			} {
				clip, report := makeClip(t, tc, path, source, test.ranges...)
				if report.Method != transcoder.MethodSmart {
					t.Fatalf("%+v", report)
				}
				got := saidBy(t, clip)
				if !maps.Equal(got.Format.Tags, master.Format.Tags) {
					t.Errorf("%v: the clip says %v, the master %v", test.ranges, got.Format.Tags, master.Format.Tags)
				}
				if list := listOf(got.Chapters); list != test.want {
					t.Errorf("%v: chapters %s, want %s", test.ranges, list, test.want)
				}
				if got := probe(t, tc, clip).Audio[0].Language; got != source.Audio[0].Language {
					t.Errorf("the sound's language is %q", got)
				}
				if !bytes.Contains(readAll(t, clip), []byte("The pictures")) {
					t.Error("the pictures' title is lost")
				}
			}
		})
	}
}

func readAll(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func listOf(chapters []chapter) string {
	var list []string
	for _, c := range chapters {
		list = append(list, strings.TrimPrefix(c.Tags["title"], "Chapter ")+" to "+c.End)
	}
	return strings.Join(list, ", ")
}

// TestNoChapterInClip drops the reference to chapters of which none lies in the clip.
func TestNoChapterInClip(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	path := ffmpeg(t, "a.mp4", "-i", makeSample(t, "a.mp4", oddSample()), "-i", write(t, "about", masterTags+chapters("1000")), "-map", "0:v", "-map", "0:a",
		"-map_metadata", "1", "-map_chapters", "1", "-c", "copy")
	clip, report := makeClip(t, tc, path, probe(t, tc, path), transcoder.Range{In: 33, Out: 80})
	if got := saidBy(t, clip); len(got.Chapters) > 0 || got.Format.Tags["title"] != "The title" || report.Method != transcoder.MethodSmart {
		t.Errorf("%+v, %+v", got, report)
	}
	if data := readAll(t, clip); bytes.Contains(data, []byte("chap")) || !bytes.Contains(readAll(t, path), []byte("chap")) {
		t.Error("the reference to chapters is left")
	}
}
