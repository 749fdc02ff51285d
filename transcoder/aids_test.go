package transcoder_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/sample"
	"subclip/transcoder"
)

func proxyOf(t *testing.T, tr *transcoder.Transcoder, input string) (string, transcoder.Source) {
	t.Helper()
	s := probe(t, tr, input)
	proxy := filepath.Join(t.TempDir(), "proxy.mp4")
	var err error
	if s.Frames, err = tr.Proxy(t.Context(), input, proxy, s, nil); err != nil {
		t.Fatal(err)
	}
	return proxy, s
}

func readJPEG(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	picture, err := jpeg.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// light is how bright the middle of a part of a picture is, 0 to 255.
func light(picture image.Image, part image.Rectangle) int {
	at := part.Min.Add(part.Size().Div(2))
	r, g, b, _ := picture.At(at.X, at.Y).RGBA()
	return int(r+g+b) / 3 >> 8
}

// TestStoryboard makes storyboards of videos that grow brighter every second.
func TestStoryboard(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	tests := []struct {
		name                                string
		size                                string
		seconds                             int
		args                                []string
		columns, rows, width, height, count int
		interval                            float64
	}{
		{"wide.mp4", "320x180", 30, nil, 5, 5, 320, 180, 30, 1},
		{"short.mp4", "320x180", 3, nil, 3, 1, 320, 180, 3, 1},
		{"shortest.mp4", "320x180", 1, []string{"-frames:v", "2"}, 1, 1, 320, 180, 1, 1},
		{"narrow.mp4", "180x320", 6, nil, 5, 2, 180, 320, 6, 1},
		{"anamorphic.mp4", "180x144", 6, []string{"-vf", "setsar=64/45"}, 5, 2, 320, 180, 6, 1},
		{"long.mp4", "64x36", 670, nil, 5, 5, 320, 180, 300, 2.234},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			source := fmt.Sprintf("nullsrc=s=%s:r=25:d=%d,geq=lum='16+mod(floor(T),50)*4':cb=128:cr=128", tt.size, tt.seconds)
			args := append([]string{"-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"}, tt.args...)
			proxy, s := proxyOf(t, tr, ffmpeg(t, tt.name, args...))
			folder := filepath.Join(t.TempDir(), "odd %d [1]")
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			board, err := tr.Storyboard(t.Context(), proxy, folder, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			if board.Columns != tt.columns || board.Rows != tt.rows || board.Width != tt.width || board.Height != tt.height ||
				board.Count != tt.count || board.Interval != tt.interval {
				t.Fatalf("the storyboard is %+v", board)
			}
			perSheet := board.Columns * board.Rows
			for i := range board.Count {
				sheet := readJPEG(t, board.Sheets[i/perSheet])
				if size := sheet.Bounds().Size(); size.X != board.Columns*board.Width || size.Y != board.Rows*board.Height {
					t.Fatalf("sheet %d is %v", i/perSheet, size)
				}
				corner := image.Pt(i%perSheet%board.Columns*board.Width, i%perSheet/board.Columns*board.Height)
				got := light(sheet, image.Rectangle{corner, corner.Add(image.Pt(board.Width, board.Height))})
				// The picture is one of its interval.
				from, to := float64(i)*board.Interval, float64(i+1)*board.Interval
				isOf := false
				for second := math.Floor(from); second < to; second++ {
					want := int(math.Mod(second, 50) * 4 * 255 / 219)
					isOf = isOf || max(got-want, want-got) <= 2
				}
				if !isOf {
					t.Errorf("picture %d, of second %.1f, has the light %d", i, from, got)
				}
			}
		})
	}
}

// TestPosterShowsSomething makes posters of videos that begin with what shows nothing.
func TestPosterShowsSomething(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	black, white := "color=black:s=320x180:r=25:d=4", "color=white:s=320x180:r=25:d=2"
	bars, scene := "smptehdbars=s=320x180:r=25:d=5", "mandelbrot=s=320x180:r=25:start_scale=1.2:end_pts=300,trim=duration=3,setpts=PTS-STARTPTS"
	for name, parts := range map[string][]string{
		"black": {black, scene}, "slate": {black, bars, white, scene}, "black all over": {black},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var args []string
			var graph strings.Builder
			for i, part := range parts {
				args = append(args, "-f", "lavfi", "-i", part)
				fmt.Fprintf(&graph, "[%d:v]setsar=1,format=yuv420p[p%d];", i, i)
			}
			for i := range parts {
				fmt.Fprintf(&graph, "[p%d]", i)
			}
			fmt.Fprintf(&graph, "concat=n=%d", len(parts))
			proxy, s := proxyOf(t, tr, ffmpeg(t, "video.mp4", append(args, "-filter_complex", graph.String(), "-c:v", "libx264", "-preset", "ultrafast")...))
			path := filepath.Join(t.TempDir(), "poster.jpg")
			if err := tr.Poster(t.Context(), proxy, path, s); err != nil {
				t.Fatal(err)
			}
			// The scene's last picture is the one most like it.
			last := ffmpeg(t, "last.jpg", "-sseof", "-1", "-i", proxy, "-frames:v", "1", "-update", "1")
			if unlike := difference(readJPEG(t, path), readJPEG(t, last)); unlike > 40 {
				t.Errorf("the poster differs by %d from the scene", unlike)
			}
			if bars := ffmpeg(t, "bars.jpg", "-f", "lavfi", "-i", bars, "-frames:v", "1", "-update", "1"); difference(readJPEG(t, path), readJPEG(t, bars)) < 30 {
				t.Error("the poster is the slate")
			}
		})
	}
}

// difference is by how much two pictures of a size differ on average, 0 to 255.
func difference(a, b image.Image) int {
	sum, size := 0, a.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			point := image.Rect(x, y, x, y)
			one, other := light(a, point), light(b, point)
			sum += max(one-other, other-one)
		}
	}
	return sum / (size.X * size.Y)
}

// TestSound measures two tracks: a second of silence and a tone as loud as EBU R 128
// wants it, with channels in opposition, and silence.
func TestSound(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	tone := "aevalsrc=exprs='0.0708*sin(2000*PI*t)*gte(t,1)|-0.0708*sin(2000*PI*t)*gte(t,1)':s=48000:d=5"
	input := ffmpeg(t, "video.mov", "-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=4", "-f", "lavfi", "-i", tone, "-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono:d=2",
		"-map", "0", "-map", "1", "-map", "2", "-c:v", "mjpeg", "-c:a", "pcm_s16le")
	s := probe(t, tr, input)
	if s.Frames != 100 || len(s.Audio) != 2 {
		t.Fatalf("the source is %+v", s)
	}
	told := 0.0
	aids, err := tr.Sound(t.Context(), input, t.TempDir(), s, func(done float64) { told = done })
	if err != nil || len(aids) != 2 {
		t.Fatalf("%+v, %v", aids, err)
	}
	if told < 0.9 {
		t.Errorf("the progress ends at %v", told)
	}
	loud, silent := aids[0], aids[1]
	if math.Abs(loud.Integrated+23) > 0.3 || math.Abs(loud.TruePeak+23) > 0.2 || loud.Range > 3 {
		t.Errorf("the tone is %+v", loud.Loudness)
	}
	if silent.Integrated != -70 || silent.TruePeak != -100 || silent.Range != 0 {
		t.Errorf("silence is %+v", silent.Loudness)
	}
	// Sound that outlasts the pictures is left out, and none is made up.
	pairs := peaksOf(t, loud, 48000, 480, 400)
	for i := range 400 {
		least, most := int8(pairs[2*i]), int8(pairs[2*i+1])
		if want := int8(9); (i < 99 && (least != 0 || most != 0)) || (i > 100 && (most != want || least != -want-1)) {
			t.Fatalf("peaks number %d are %d and %d", i, least, most)
		}
	}
	if pairs := peaksOf(t, silent, 44100, 441, 200); slices.Max(pairs) != 0 {
		t.Errorf("the peaks of silence are %v", pairs)
	}
}

// peaksOf reads a file of peaks and checks what its head says.
func peaksOf(t *testing.T, a transcoder.SoundAids, rate, each, length uint32) []byte {
	t.Helper()
	data, err := os.ReadFile(a.Peaks)
	if err != nil {
		t.Fatal(err)
	}
	var head [6]uint32
	if n, err := binary.Decode(data, binary.LittleEndian, &head); err != nil || head != [6]uint32{2, 1, rate, each, length, 1} {
		t.Fatalf("the head is %v, %d bytes, %v", head, n, err)
	}
	if a.Channels != 1 || a.PerSecond != float64(rate)/float64(each) || len(data) != 24+int(2*length) {
		t.Errorf("%d bytes of %+v", len(data), a)
	}
	return data[24:]
}

// TestSoundOfMany measures what is odd: no sound at all, a track whose sound begins
// late, eight channels, and a length for which peaks must be coarser.
func TestSoundOfMany(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	silent := ffmpeg(t, "silent.mp4", "-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=1")
	if aids, err := tr.Sound(t.Context(), silent, t.TempDir(), probe(t, tr, silent), nil); err != nil || len(aids) != 0 {
		t.Errorf("%+v, %v", aids, err)
	}
	long := ffmpeg(t, "long.mkv", "-f", "lavfi", "-i", "testsrc2=s=64x36:r=1:d=7200", "-itsoffset", "10", "-f", "lavfi", "-i", "sine=r=8000:d=100,pan=7.1|c0=c0|c7=c0",
		"-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac")
	aids, err := tr.Sound(t.Context(), long, t.TempDir(), probe(t, tr, long), nil)
	if err != nil || len(aids) != 1 {
		t.Fatalf("%+v, %v", aids, err)
	}
	info, err := os.Stat(aids[0].Peaks)
	if err != nil || info.Size() > 1<<20 || aids[0].PerSecond < 50 || aids[0].PerSecond > 70 {
		t.Fatalf("%+v, %v", aids, err)
	}
	data, err := os.ReadFile(aids[0].Peaks)
	if err != nil {
		t.Fatal(err)
	}
	for second, heard := range map[int]bool{9: false, 11: true, 100: true} {
		at := 24 + 2*int(float64(second)*aids[0].PerSecond)
		if at+1 >= len(data) || (data[at+1] > 0) != heard {
			t.Errorf("sound in second %d: want %v", second, heard)
		}
	}
}

const srt = "1\n00:00:01,000 --> 00:00:02,000\nOne & two\n\n2\n00:00:02,500 --> 00:00:03,500\n<i>Three</i>\nfour\n\n"

// TestTextTracks reads captions out of tracks of text.
func TestTextTracks(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	path := filepath.Join(t.TempDir(), "captions.srt")
	if err := os.WriteFile(path, []byte(srt), 0o600); err != nil {
		t.Fatal(err)
	}
	video := makeSample(t, "video.mp4", small())
	two := []string{"-i", video, "-i", path, "-map", "0:v", "-map", "0:a", "-map", "1", "-map", "1", "-c:v", "copy", "-c:a", "copy", "-metadata:s:s:0", "language=fre"}
	for name, args := range map[string][]string{
		"captions.mp4": append(slices.Clone(two), "-c:s", "mov_text"),
		"captions.mkv": append(slices.Clone(two), "-c:s:0", "subrip", "-c:s:1", "ass"),
		"vtt.mkv":      append(slices.Clone(two), "-c:s", "webvtt"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			input := ffmpeg(t, name, args...)
			proxy, s := proxyOf(t, tr, input)
			all, err := tr.Captions(t.Context(), input, proxy, t.TempDir(), s, nil)
			if err != nil || len(all) != 2 || all[0].Language != "fre" || all[1].Language == "fre" {
				t.Fatalf("captions are %+v, %v", all, err)
			}
			want := []transcoder.Cue{{Start: time.Second, End: 2 * time.Second, Text: "One & two"}, {Start: 2500 * time.Millisecond, End: 3500 * time.Millisecond, Text: "Three\nfour"}}
			for _, captions := range all {
				if !slices.EqualFunc(captions.Cues, want, func(got, want transcoder.Cue) bool {
					return got.Text == want.Text && (got.Start-want.Start).Abs() < 50*time.Millisecond && (got.End-want.End).Abs() < 50*time.Millisecond
				}) {
					t.Errorf("cues are %+v", captions.Cues)
				}
			}
		})
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		proxy, s := proxyOf(t, tr, video)
		if all, err := tr.Captions(t.Context(), video, proxy, t.TempDir(), s, nil); err != nil || len(all) > 0 {
			t.Errorf("captions are %+v, %v", all, err)
		}
	})
}

// hello is what pictures carry that say HELLO from the first second to the third.
func hello(n int) []byte {
	pair := [2]byte{}
	load := []string{"\x14\x20", "\x14\x20", "\x14\x70", "\x14\x70", "HE", "LL", "O"}
	switch {
	case n < len(load):
		copy(pair[:], load[n])
	case n == 25 || n == 26:
		pair = [2]byte{0x14, 0x2f}
	case n == 75 || n == 76:
		pair = [2]byte{0x14, 0x2c}
	}
	for i, b := range pair {
		if bits.OnesCount8(b)%2 == 0 {
			pair[i] |= 0x80
		}
	}
	return []byte{0xb5, 0x00, 0x31, 'G', 'A', '9', '4', 3, 0x40 | 1, 0xff, 0xfc, pair[0], pair[1], 0xff}
}

// TestPictureCaptions reads captions that lie in pictures, out of a proxy on disk and
// behind a URL, with names that ffmpeg could take for more than a name.
func TestPictureCaptions(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := sample.Options{Width: 320, Height: 180, Rate: "25", Frames: 120, GOP: 25, BFrames: 3, NoAudio: true}
	master := withUserData(t, makeSample(t, "a.mp4", o), []byte{6}, hello)
	proxy, s := proxyOf(t, tr, master)
	odd := filepath.Join(t.TempDir(), `it's [odd]: a,b;c\d=%3A.mp4`)
	data, err := os.ReadFile(proxy)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(odd, data, 0o600); err != nil {
		t.Fatal(err)
	}
	url := serve(t, serveFile(proxy))
	for _, from := range []string{proxy, odd, url + "/it's:%20odd,%5B1%5D;x?a=b&X-Amz-Date=2026'1%2F2:3"} {
		all, err := tr.Captions(t.Context(), master, from, t.TempDir(), s, nil)
		if err != nil || len(all) != 1 || len(all[0].Cues) != 1 {
			t.Fatalf("%s: captions are %+v, %v", from, all, err)
		}
		cue := all[0].Cues[0]
		if cue.Text != "HELLO" || (cue.Start-time.Second).Abs() > 100*time.Millisecond || (cue.End-3*time.Second).Abs() > 100*time.Millisecond {
			t.Errorf("%s: the cue is %+v", from, cue)
		}
	}
}

// TestAidsOfNothing reads proxies and masters of which only the index is left.
func TestAidsOfNothing(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Frames, o.GOP = 25, 250
	whole := makeSample(t, "video.mp4", o)
	s := probe(t, tr, whole)
	stump := truncated(t, whole, 0.1)
	if _, err := tr.Storyboard(t.Context(), stump, t.TempDir(), s, nil); !errors.Is(err, transcoder.ErrMedia) {
		t.Errorf("Storyboard: %v", err)
	}
	if aids, err := tr.Sound(t.Context(), stump, t.TempDir(), s, nil); err == nil && aids[0].Integrated != -70 || err != nil && !errors.Is(err, transcoder.ErrMedia) {
		t.Errorf("Sound: %+v, %v", aids, err)
	}
}
