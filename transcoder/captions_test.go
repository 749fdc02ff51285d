package transcoder_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
	"subclip/transcoder/bitstream"
	"subclip/transcoder/mp4"
)

// captions are those of one picture, as CEA-708 carries them in user data (ATSC A/53):
// two bytes of each field, other ones in each picture.
func captions(n int) []byte {
	odd := func(v int) byte { // parity, as in line 21
		b := byte(0x20 + v%0x40)
		for bit := byte(1); bit < 0x80; bit <<= 1 {
			if b&bit != 0 {
				b ^= 0x80
			}
		}
		return b ^ 0x80
	}
	return []byte{
		0xb5, 0x00, 0x31, 'G', 'A', '9', '4', 3, 0x40 | 2, 0xff,
		0xfc, odd(n), odd(n / 0x40), 0xfd, odd(n + 1), odd(n/0x40 + 7), 0xff,
	}
}

// activePart is the part of the picture that is in use (AFD, SMPTE 2016).
func activePart(n int) []byte {
	return []byte{0xb5, 0x00, 0x31, 'D', 'T', 'G', '1', 0x41, 0xf0 | byte(8+n%4)}
}

// dynamicHDR is metadata as HDR10+ has it (SMPTE 2094-40), of an average light.
func dynamicHDR(n int) []byte {
	w := bitstream.Writer{Data: []byte{0xb5, 0x00, 0x3c, 0x00, 0x01, 4, 1}}
	w.Bits(1, 2)     // windows
	w.Bits(400, 27)  // light of the target
	w.Bits(0, 1)     // its peaks are not told
	w.Bits(1000, 17) // most of each colour
	w.Bits(1000, 17)
	w.Bits(1000, 17)
	w.Bits(uint64(100+n), 17) // average
	w.Bits(0, 4)              // distribution
	w.Bits(10, 10)            // bright pixels
	w.Bits(0, 3)              // peaks, tone mapping, saturation
	w.Align(false)
	return w.Data
}

// withUserData puts user data into each picture of a file, by its number.
func withUserData(t *testing.T, path string, header []byte, payloads ...func(n int) []byte) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	movie, err := mp4.Read(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	video, err := movie.Video()
	if err != nil {
		t.Fatal(err)
	}
	track := &mp4.NewTrack{Of: video}
	for i, s := range video.Samples(video.All()) {
		old := make([]byte, s.Size)
		if _, err := f.ReadAt(old, s.Offset); err != nil {
			t.Fatal(err)
		}
		made := s.New()
		for _, payload := range payloads {
			m := bitstream.Message{Kind: bitstream.UserData, Payload: payload(slices.Index(video.Shown, i))}
			if made.Bytes, err = bitstream.AppendUnit(made.Bytes, m.Unit(header...), 4); err != nil {
				t.Fatal(err)
			}
		}
		made.Bytes = append(made.Bytes, old...)
		made.Size = uint32(len(made.Bytes))
		made.Display -= video.Sample(video.Shown[0]).Display
		track.Add(made)
		track.End = max(track.End, made.Display+int64(s.Duration))
	}
	track.Edits = []mp4.Edit{{Media: 0, Length: track.End}}
	layout, err := movie.Build([]*mp4.NewTrack{track})
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(filepath.Join(t.TempDir(), "user-data"+filepath.Ext(path)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	if err := layout.WriteTo(out, f); err != nil {
		t.Fatal(err)
	}
	return out.Name()
}

// picturesCaptions are the digests of a file's captions, a packet a picture, as ffmpeg reads
// them out of what it decodes.
func picturesCaptions(t *testing.T, path string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "movie="+path+"[out+subcc]",
		"-map", "0:s", "-c", "copy", "-f", "framemd5", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(out)) {
		if fields := strings.Split(line, ","); len(fields) == 6 && !strings.HasPrefix(line, "#") {
			all = append(all, strings.TrimSpace(fields[4])+strings.TrimSpace(fields[5]))
		}
	}
	return all
}

// besides is what ffprobe tells of the data beside each picture: the active part, and
// the average light of HDR10+.
func besides(t *testing.T, path string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-select_streams", "v", "-show_frames", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(out)) {
		switch name, value, _ := strings.Cut(strings.TrimSpace(line), "="); name {
		case "[FRAME]":
			all = append(all, "")
		case "active_format", "average_maxrgb":
			all[len(all)-1] += name + " " + value + " "
		}
	}
	return all
}

// TestUserData cuts masters that carry captions and the like in each picture: of
// encoded pictures they are the master's too.
func TestUserData(t *testing.T) {
	t.Parallel()
	tc := newTranscoder(t)
	x265 := []string{"-c:v", "libx265", "-tag:v", "hvc1", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=error:scenecut=0:open-gop=1:bframes=3:b-adapt=0"}
	open := []string{"-x264-params", "open-gop=1:keyint=25:min-keyint=25:scenecut=0:b-adapt=0:b-pyramid=normal:ref=3"}
	for name, c := range map[string]struct {
		video  []string
		header []byte
		more   func(n int) []byte
		remake []string
	}{
		"H.264":          {nil, []byte{6}, activePart, nil},
		"H.264 open GOP": {open, []byte{6}, activePart, nil},
		"HEVC":           {x265, []byte{39 << 1, 1}, dynamicHDR, nil},
		"MPEG-2":         {nil, []byte{6}, activePart, []string{"-c:v", "mpeg2video", "-b:v", "5M", "-g", "12", "-bf", "2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := sample.Options{Width: 320, Height: 180, Rate: "25", Frames: 120, GOP: 25, BFrames: 3, VideoArgs: c.video, NoAudio: true}
			path := withUserData(t, makeSample(t, "a.mp4", o), c.header, captions, c.more)
			if c.remake != nil {
				path = ffmpeg(t, "a.mov", append([]string{"-i", path}, c.remake...)...)
			}
			said, data := picturesCaptions(t, path), besides(t, path)
			if len(said) != 120 || len(data) != 120 || said[0] == said[1] || (data[0] == "" || data[0] == data[1]) && c.remake == nil {
				t.Fatalf("the master has %d captions, and data %v", len(said), data[:2])
			}
			for _, ranges := range [][]transcoder.Range{{{In: 10, Out: 78}}, {{In: 20, Out: 80}, {In: 3, Out: 59}}} {
				clip, report, err := composeFile(t, tc, path, ranges...)
				if err != nil {
					t.Fatal(err)
				}
				var wantSaid, wantData []string
				for _, r := range ranges {
					wantSaid, wantData = append(wantSaid, said[r.In:r.Out]...), append(wantData, data[r.In:r.Out]...)
				}
				if got := picturesCaptions(t, clip); !slices.Equal(got, wantSaid) {
					t.Errorf("%v: the captions are %v, not %v", ranges, got, wantSaid)
				}
				if got := besides(t, clip); !slices.Equal(got, wantData) {
					t.Errorf("%v: the data are %q, not %q", ranges, got, wantData)
				}
				mustBe(t, clip, report, digests(t, path), ranges...)
			}
		})
	}
}
