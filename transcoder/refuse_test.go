package transcoder_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"subclip/transcoder"
)

// write makes a file of the test.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// truncated returns a copy of a file's beginning.
func truncated(t *testing.T, path string, part float64) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, filepath.Base(path), string(data[:int(float64(len(data))*part)]))
}

// wantRefused checks that a file is refused for good, in a sentence for users.
func wantRefused(t *testing.T, tr *transcoder.Transcoder, input, says string) {
	t.Helper()
	s, err := tr.Probe(t.Context(), input)
	if err == nil {
		t.Fatalf("is taken for %+v", s)
	}
	if !errors.Is(err, transcoder.ErrMedia) {
		t.Errorf("%q would be tried again", err)
	}
	if !strings.Contains(err.Error(), says) {
		t.Errorf("%q does not say %q", err, says)
	}
	for _, word := range []string{filepath.Base(input), "ffprobe", "exit status", "0x", "\n", "[", "error"} {
		if strings.Contains(err.Error(), word) {
			t.Errorf("%q is not for users: it says %q", err, word)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Frames = 50
	video := makeSample(t, "video.mp4", o)
	sound := func(t *testing.T, name string, args ...string) string {
		t.Helper()
		return ffmpeg(t, name, append([]string{"-f", "lavfi", "-i", "sine=duration=1"}, args...)...)
	}
	still := func(t *testing.T, name string, args ...string) string {
		t.Helper()
		return ffmpeg(t, name, append([]string{"-f", "lavfi", "-i", "testsrc=size=320x180", "-frames:v", "1"}, args...)...)
	}
	for name, test := range map[string]struct {
		file func(t *testing.T) string
		says string
	}{
		"text": {func(t *testing.T) string {
			t.Helper()
			return write(t, "video.mp4", strings.Repeat("No video.\n", 999))
		}, "not video"},
		"empty":              {func(t *testing.T) string { t.Helper(); return write(t, "video.mp4", "") }, "empty"},
		"zeros":              {func(t *testing.T) string { t.Helper(); return write(t, "video.mp4", strings.Repeat("\x00", 99_999)) }, "not video"},
		"text, no extension": {func(t *testing.T) string { t.Helper(); return write(t, "object", strings.Repeat("No video.\n", 999)) }, "not video"},
		"index missing": {func(t *testing.T) string {
			t.Helper()
			return truncated(t, ffmpeg(t, "late-index.mp4", "-i", video, "-c", "copy"), 0.5)
		}, "index (moov) is missing"},
		"index cut off": {func(t *testing.T) string { t.Helper(); return truncated(t, video, 0.01) }, "not complete"},
		"sound as MP4":  {func(t *testing.T) string { t.Helper(); return sound(t, "sound.m4a") }, "no video track"},
		"sound as MKV":  {func(t *testing.T) string { t.Helper(); return sound(t, "sound.mkv") }, "no video track"},
		"sound as WAV":  {func(t *testing.T) string { t.Helper(); return sound(t, "sound.wav") }, "not in a video container"},
		"PNG":           {func(t *testing.T) string { t.Helper(); return still(t, "still.png") }, "not in a video container"},
		"JPEG":          {func(t *testing.T) string { t.Helper(); return still(t, "still.jpg") }, "not in a video container"},
		"JPEG as MP4":   {func(t *testing.T) string { t.Helper(); return still(t, "still.mp4", "-f", "image2", "-c:v", "mjpeg") }, "not in a video container"},
		"one still":     {func(t *testing.T) string { t.Helper(); return still(t, "still.h264") }, "no moving pictures"},
		"MP3 with cover": {func(t *testing.T) string {
			t.Helper()
			return covered(t, sound(t, "sound.wav"), still(t, "still.png"), "mp3")
		}, "not in a video container"},
		"M4A with cover": {func(t *testing.T) string {
			t.Helper()
			return covered(t, sound(t, "sound.wav"), still(t, "still.png"), "m4a")
		}, "no video track"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := test.file(t)
			wantRefused(t, tr, file, test.says)
			if name != "empty" { // of which a server has no byte to give, and the API takes no such upload
				wantRefused(t, tr, serve(t, serveFile(file)), test.says)
			}
		})
	}
}

// covered returns a sound file with a cover picture.
func covered(t *testing.T, sound, picture, extension string) string {
	t.Helper()
	return ffmpeg(t, "song."+extension, "-i", sound, "-i", picture, "-map", "0", "-map", "1", "-disposition:v", "attached_pic", "-c:v", "copy")
}

// Files that name others are refused, whatever they are called, and the others
// are not opened.
func TestFilesThatNameOthersAreRefused(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Frames = 50
	other := makeSample(t, "other.ts", o)
	playlist := func(name string) string {
		return "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\n" + name + "\n#EXT-X-ENDLIST\n"
	}
	opened := watchOpens(t, other)
	for name, content := range map[string]string{
		"list.m3u8":      playlist(other),
		"list.mp4":       playlist(other),
		"url.m3u8":       playlist("file://" + other),
		"passwd.m3u8":    playlist("/etc/passwd"),
		"list.ffconcat":  "ffconcat version 1.0\nfile " + other + "\n",
		"ffconcat.mp4":   "ffconcat version 1.0\nfile " + other + "\n",
		"passwd.concat":  "ffconcat version 1.0\nfile /etc/passwd\n",
		"dash.mpd":       `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S"><Period><AdaptationSet mimeType="video/mp2t"><Representation id="1" bandwidth="1"><BaseURL>` + other + `</BaseURL></Representation></AdaptationSet></Period></MPD>`,
		"session.sdp":    "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 33\n",
		"edl.cue.imf.py": "#!AVS\nAviSource(\"" + other + "\")\n",
	} {
		wantRefused(t, tr, write(t, name, content), "")
	}
	if opened() {
		t.Error("the other file was opened")
	}
	if _, err := os.ReadFile(other); err != nil {
		t.Fatal(err)
	}
	if !opened() {
		t.Error("the watch sees nothing")
	}
}

// watchOpens returns a function that reports whether a file was opened.
func watchOpens(t *testing.T, path string) func() bool {
	t.Helper()
	fd, err := syscall.InotifyInit1(syscall.IN_NONBLOCK | syscall.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if _, err := syscall.InotifyAddWatch(fd, path, syscall.IN_OPEN); err != nil {
		t.Fatal(err)
	}
	return func() bool {
		var event [4096]byte
		n, err := syscall.Read(fd, event[:])
		return err == nil && n > 0
	}
}
