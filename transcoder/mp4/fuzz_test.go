package mp4

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// What reading a file of N bytes and cutting it may allocate, all in all: it is less
// than a multiple of N and a little for what is small.
const (
	bytesPerByte = 64
	bytesAlways  = 256 << 10
)

// hang is when a cut of a small file is taken to never end.
const hang = time.Minute

// FuzzCut looks for files and marks that make reading or cutting fail otherwise than
// with an error, take more memory than the file can ask for, or give a clip that
// cannot be read.
func FuzzCut(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s, uint16(1), uint16(11))
		f.Add(s, uint16(3), uint16(9))
	}
	f.Fuzz(func(t *testing.T, data []byte, in, out uint16) {
		bounded(t, data, int(in), int(out))
	})
}

// bounded cuts a file within the time and memory that it may take. Nothing else may run
// beside it.
func bounded(t *testing.T, data []byte, in, out int) {
	t.Helper()
	stuck := time.AfterFunc(hang, func() { panic("cutting does not end") })
	defer stuck.Stop()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cutAll(t, data, in, out)
	runtime.ReadMemStats(&after)
	used, most := after.TotalAlloc-before.TotalAlloc, uint64(len(data)*bytesPerByte+bytesAlways)
	t.Logf("%d bytes were allocated for a file of %d", used, len(data))
	if used > most {
		t.Errorf("that is more than %d", most)
	}
}

// TestClaims cuts files of which a few bytes claim a lot.
func TestClaims(t *testing.T) {
	const media = 1 << 20
	stbl := func(tables ...[]byte) []byte {
		return concat(append(tables, testBox("stsd", words(0, 1), testBox("test", make([]byte, 78))))...)
	}
	all := stbl(table("stts", media, 2), table("stsc", 1, media, 1), testBox("stsz", words(0, 1, media)), table("stco", 0))
	apart := make([]uint32, media/100)
	for i := range apart {
		apart[i] = uint32(100 * (len(apart) - i))
	}
	pictures := stbl(table("stts", media/100, 1), table("stsc", 1, 1, 1), testBox("stsz", words(0, 1, media/100)), tableOf("stco", 1, apart))
	whole := stbl(table("stts", 1000, 2), table("stsc", 1, 1, 1), testBox("stsz", words(0, media, 1000)), tableOf("stco", 1, make([]uint32, 1000)))
	empty := stbl(table("stts", 4, 2), tableOf("stsc", 3, []uint32{1, 0, 1, 200_000, 4, 1}), testBox("stsz", words(0, 1, 4)), tableOf("stco", 1, make([]uint32, 200_000)))
	tracks := func(n int, kind string, tables []byte) []byte {
		return bytes.Repeat(testTrack(1, kind, 25, tables), n)
	}
	for name, traks := range map[string][]byte{
		"a sample a byte":              tracks(1, "vide", all),
		"a sample a byte, many times":  tracks(2000, "vide", all),
		"samples backwards":            tracks(1, "vide", pictures),
		"each sample is all there is":  tracks(1, "vide", whole),
		"chunks without samples":       tracks(1, "vide", empty),
		"many tables in a track":       testBox("trak", bytes.Repeat(tracks(1, "vide", pictures)[8:], 50)),
		"sounds of a sample each byte": concat(tracks(1, "vide", pictures), tracks(2000, "soun", all)),
	} {
		t.Run(name, func(t *testing.T) {
			moov := testBox("moov", testBox("mvhd", words(0, 0, 0, 1000, 0, 0x10000), make([]byte, 72), words(3)), traks)
			bounded(t, concat(moov, testBox("mdat", make([]byte, media))), 1, 60_000)
		})
	}
}

// TestSoundBeyondAllBounds has sound whose size, were it multiplied out, is negative.
func TestSoundBeyondAllBounds(t *testing.T) {
	const most = 0xffff_ffff
	stbl := concat(table("stts", most, 1), table("stsc", 1, most, 1), testBox("stsz", words(0, most, most)), table("stco", 0),
		testBox("stsd", words(0, 1), testBox("test", make([]byte, 78))))
	moov := testBox("moov", testBox("mvhd", words(0, 0, 0, 1000, 0, 0x10000), make([]byte, 72), words(3)), testTrack(1, "soun", 25, stbl))
	file := concat(moov, testBox("mdat", make([]byte, 1000)))
	if _, err := Read(bytes.NewReader(file), int64(len(file))); err == nil || !strings.Contains(err.Error(), "more samples than fit") {
		t.Errorf("it is read: %v", err)
	}
}

// seeds are small files of all that this package cuts.
func seeds(tb testing.TB) [][]byte {
	tb.Helper()
	folder := tb.TempDir()
	about := filepath.Join(folder, "about")
	text := ";FFMETADATA1\ntitle=T\n[CHAPTER]\nTIMEBASE=1/100\nSTART=0\nEND=20\ntitle=A\n[CHAPTER]\nTIMEBASE=1/100\nSTART=20\nEND=48\ntitle=B\n"
	if err := os.WriteFile(about, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	var all [][]byte
	for name, args := range map[string][]string{
		"closed.mp4": {"-c:v", "libx264", "-g", "5", "-bf", "2", "-c:a", "aac", "-timecode", "10:00:00:00"},
		"open.mp4":   {"-c:v", "libx264", "-x264-params", "open-gop=1:keyint=5:min-keyint=5:b-adapt=0", "-c:a", "aac", "-movflags", "+faststart"},
		"pcm.mov":    {"-c:v", "mpeg2video", "-g", "4", "-bf", "2", "-c:a", "pcm_s16le"},
		"intra.mov":  {"-c:v", "mjpeg", "-c:a", "pcm_s24be", "-ac", "2"},
		"edits.mp4":  {"-c:v", "mpeg4", "-g", "4", "-bf", "2", "-c:a", "ac3", "-ss", "0.08"},
	} {
		path := filepath.Join(folder, name)
		args = append([]string{
			"-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x36:r=25:d=0.48", "-f", "lavfi", "-i", "sine=r=8000:d=0.48",
			"-i", about, "-map", "0", "-map", "1", "-map_metadata", "2", "-map_chapters", "2",
		}, append(args, path)...)
		if out, err := exec.CommandContext(tb.Context(), "ffmpeg", args...).CombinedOutput(); err != nil {
			tb.Fatalf("%v: %v: %s", args, err, out)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

// cutAll reads a file and cuts it as a composition does, with some entries refused, and
// reads what comes out. Errors are fine until there is a clip.
func cutAll(t *testing.T, data []byte, in, out int) {
	t.Helper()
	movie, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return
	}
	video, err := movie.Video()
	if err != nil || len(video.Shown) == 0 {
		return
	}
	in %= len(video.Shown)
	out = in + 1 + out%(len(video.Shown)-in)
	if video.Describe(Span{in, out}) != nil {
		return
	}
	split, err := video.Split(in, out, func(c Candidate) (Entry, error) { return Entry(c.Sample % 3), nil })
	if err != nil {
		t.Fatal(err)
	}
	tracks := []*NewTrack{picturesOf(video, split, in)}
	lookAt(video, Span{in, out})
	length := int64(out - in)
	for _, track := range movie.Tracks {
		made := &NewTrack{Of: track}
		switch start := Rescale(video.Time(video.Shown[in]), video.Timescale, track.Timescale); {
		case track == video || track.Len() == 0:
			continue
		case track.Kind == "soun":
			made.Append(track.Heard(start, start+Rescale(length, 25, track.Timescale)), 1)
		default:
			made.Append(track.Run(track.All()), 1)
		}
		made.Edits = []Edit{{0, made.End}}
		tracks = append(tracks, made)
	}
	layout, err := movie.Build(tracks)
	if err != nil {
		return
	}
	var clip bytes.Buffer
	if err := layout.WriteTo(&clip, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	again, err := Read(bytes.NewReader(clip.Bytes()), int64(clip.Len()))
	if err != nil {
		t.Fatalf("the clip cannot be read: %v", err)
	}
	for i, track := range tracks {
		if got := again.Tracks[i]; got.Len() != track.Len() && !got.Uniform {
			t.Errorf("track %d has %d samples, of %d", i, got.Len(), track.Len())
		}
	}
}

// lookAt asks a track what a composition asks.
func lookAt(t *Track, shown Span) {
	gop := t.GOP(shown)
	t.Nearest(t.Time(gop.From) + 1)
	t.Coding()
	t.TimecodeRate()
	if t.AllSync() || t.Reordered() {
		t.Even(30_000, 1001)
	}
}

// picturesOf is the video track of a cut, with a byte for each encoded picture.
func picturesOf(video *Track, split Split, in int) *NewTrack {
	track := &NewTrack{Of: video, Config: Config{Kind: "avcC", Payload: video.Config("avcC")}}
	first := video.Sample(video.Shown[in]).Display
	encoded := func(span Span, group int) {
		for shown := span.From; shown < span.To; shown++ {
			s := video.Sample(video.Shown[shown])
			track.Add(NewSample{Bytes: []byte{1}, Size: 1, Count: 1, Sync: shown == span.From, Display: s.Display - first, Group: group})
			track.End = max(track.End, s.Display-first+int64(s.Duration))
		}
	}
	encoded(split.Head, 0)
	for _, span := range split.Taken() {
		track.Take(span, first, 1)
		for _, s := range video.Samples(span) {
			track.End = max(track.End, s.Display-first+int64(s.Duration))
		}
	}
	encoded(split.Tail, 2)
	track.Edits = []Edit{{0, track.End}}
	return track
}

// TestBroken cuts a file short everywhere and breaks each byte of its index.
func TestBroken(t *testing.T) {
	t.Parallel()
	data := tiny(t, "a.mp4")
	index := bytes.Index(data, []byte("mdat"))
	for at := range index {
		cutAll(t, data[:at], 1, 11)
		broken := bytes.Clone(data)
		broken[at] ^= 0xff
		cutAll(t, broken, 1, 11)
	}
}
