package worker

import (
	"math/bits"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"subclip/catalog"
	"subclip/transcoder"
	"subclip/transcoder/anc/anctest"
)

// bonjour is what line 21 carries beside a picture (CEA-608, in caption data) of a film that
// says BONJOUR from the first second to the third.
func bonjour(unit int) []byte {
	pair := [2]byte{}
	said := map[int]string{0: "\x14\x20", 1: "\x14\x70", 2: "BO", 3: "NJ", 4: "OU", 5: "R", 25: "\x14\x2f", 75: "\x14\x2c"}
	copy(pair[:], said[unit])
	for i, b := range pair {
		if bits.OnesCount8(b)%2 == 0 {
			pair[i] |= 0x80
		}
	}
	return []byte{0xfc, pair[0], pair[1]}
}

// TestAncillarySteps sees a master of MXF through all steps that has its captions beside the
// pictures, in data of which some are damaged.
func TestAncillarySteps(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.work(t, "ffmpeg")
	dir := t.TempDir()
	plain, path := filepath.Join(dir, "plain.mxf"), filepath.Join(dir, "film.mxf")
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-loglevel", "error", "-i", os.Getenv(filmPath), "-map", "0:v", "-map", "0:a",
		"-c:v", "mpeg2video", "-b:v", "3M", "-c:a", "pcm_s16le", "-ac", "2", "-ar", "48000", plain).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	file, err := os.ReadFile(plain)
	check(t, err)
	file, err = anctest.Put(file, func(unit int) []byte {
		element := anctest.Element(anctest.CDP(unit, bonjour(unit)).Eight())
		if unit == 90 {
			element[0] = 200 // packets
		}
		return element
	})
	check(t, err)
	check(t, os.WriteFile(path, file, 0o600))
	asset := s.settled(t, s.publish(t, path).ID)
	captions, err := s.AllCaptions(t.Context(), catalog.House(), asset.ID)
	want := []catalog.Cue{{Start: time.Second, End: 3 * time.Second, Text: "BONJOUR"}}
	if err != nil || len(captions) != 1 || captions[0].Language != "fr" || captions[0].Source != catalog.CaptionsExtracted || !slices.Equal(captions[0].Cues, want) {
		t.Errorf("captions are %+v, %v", captions, err)
	}
}

// TestJoinCaptions leaves out captions that are there in a language too.
func TestJoinCaptions(t *testing.T) {
	t.Parallel()
	of := func(language string, at time.Duration, words ...string) (c transcoder.Captions) {
		c.Language = language
		for i, word := range words {
			start := at + time.Duration(i)*time.Second
			c.Cues = append(c.Cues, transcoder.Cue{Start: start, End: start + time.Second, Text: word})
		}
		return c
	}
	tracks := []transcoder.Captions{of("eng", 0, "a", "b"), of("", 1, "a", "b"), of("", 0, "a"), of("", 0, "c")}
	beside := []transcoder.Captions{of("fra", 0, "a", "b"), of("", 0, "c")}
	if got, want := joinCaptions(slices.Clone(tracks), beside), slices.Concat(tracks[:1], tracks[2:], beside); !reflect.DeepEqual(got, want) {
		t.Errorf("joined they are %+v", got)
	}
}
