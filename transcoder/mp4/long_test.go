package mp4

import (
	"encoding/binary"
	"io"
	"runtime"
	"testing"
)

// longMaster is a master of hours at 25 pictures a second, three B pictures between
// anchors and AAC beside them, interleaved picture by picture: its index, and media
// that is all zeros.
type longMaster struct {
	index []byte
	size  int64
}

func (m longMaster) ReadAt(p []byte, off int64) (int, error) {
	if off >= m.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), m.size-off))
	clear(p[:n])
	if off < int64(len(m.index)) {
		copy(p, m.index[off:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

const (
	pictureSize = 40_000
	soundSize   = 340
	longGOP     = 250
)

func newLongMaster(hours int) longMaster {
	pictures := hours * 3600 * 25
	sounds := pictures * 15 / 8 // frames of 1024 samples at 48 kHz
	length := int64(pictures)*pictureSize + int64(sounds)*soundSize
	tables := func(start int64) []byte {
		var videoChunks, soundChunks []int64
		var runs []uint32
		at, played := start, 0
		for i := range pictures {
			videoChunks = append(videoChunks, at)
			at += pictureSize
			n := (i+1)*15/8 - played
			played += n
			soundChunks = append(soundChunks, at)
			runs = append(runs, uint32(i+1), uint32(n), 1)
			at += int64(n) * soundSize
		}
		var shifts, videoSizes, soundSizes, sync []uint32
		for i := range pictures {
			shifts = append(shifts, 1, shiftOf(i%longGOP))
			videoSizes = append(videoSizes, pictureSize)
			if i%longGOP == 0 {
				sync = append(sync, uint32(i+1))
			}
		}
		for range sounds {
			soundSizes = append(soundSizes, soundSize)
		}
		return concat(
			testBox("mvhd", words(0, 0, 0, 1000, uint32(hours)*3_600_000, 0x10000), make([]byte, 72), words(3)),
			testTrack(1, "vide", 12_800, concat(
				testBox("stsd", words(0, 1), testBox("test", make([]byte, 78))), table("stts", uint32(pictures), 512), tableOf("ctts", 2, shifts),
				tableOf("stss", 1, sync), table("stsc", 1, 1, 1), testBox("stsz", words(0, 0, uint32(pictures)), words(videoSizes...)), offsets(videoChunks))),
			testTrack(2, "soun", 48_000, concat(
				testBox("stsd", words(0, 1), testBox("test", make([]byte, 28))), table("stts", uint32(sounds), 1024), tableOf("stsc", 3, runs),
				testBox("stsz", words(0, 0, uint32(sounds)), words(soundSizes...)), offsets(soundChunks))),
		)
	}
	moov := testBox("moov", tables(0))
	moov = testBox("moov", tables(int64(len(moov))+16))
	mdat := binary.BigEndian.AppendUint64(concat(words(1), []byte("mdat")), uint64(length)+16)
	index := concat(moov, mdat)
	return longMaster{index, int64(len(index)) + length}
}

// shiftOf is how much later than decoded a picture of a closed group is shown.
func shiftOf(n int) uint32 {
	switch {
	case n == 0 || n == longGOP-1:
		return 512
	case n%4 == 1:
		return 4 * 512
	}
	return 0
}

func testTrack(id uint32, kind string, scale uint32, tables []byte) []byte {
	return testBox("trak",
		testBox("tkhd", words(7, 0, 0, id, 0, 0), make([]byte, 60)),
		testBox("mdia",
			testBox("mdhd", words(0, 0, 0, scale, 0, 0x55c40000)), testBox("hdlr", words(0, 0), []byte(kind), make([]byte, 13)),
			testBox("minf", testBox("stbl", tables))))
}

func offsets(places []int64) []byte {
	body := words(0, uint32(len(places)))
	for _, at := range places {
		body = binary.BigEndian.AppendUint64(body, uint64(at))
	}
	return testBox("co64", body)
}

func table(kind string, row ...uint32) []byte { return tableOf(kind, len(row), row) }

func tableOf(kind string, width int, rows []uint32) []byte {
	return testBox(kind, words(0, uint32(len(rows)/width)), words(rows...))
}

func words(values ...uint32) []byte {
	data := make([]byte, 0, 4*len(values))
	for _, v := range values {
		data = binary.BigEndian.AppendUint32(data, v)
	}
	return data
}

func testBox(kind string, parts ...[]byte) []byte {
	body := concat(parts...)
	return concat(words(uint32(len(body)+8)), []byte(kind), body)
}

func concat(parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// TestLongMaster cuts an hour out of three, in memory that is bounded by that of the
// index.
func TestLongMaster(t *testing.T) {
	master := newLongMaster(3)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	movie, err := Read(master, master.size)
	if err != nil {
		t.Fatal(err)
	}
	layout, err := hour(movie)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 5*uint64(len(master.index))/2 {
		t.Errorf("%d bytes were allocated for an index of %d", used, len(master.index))
	}
	clip, err := Read(longMaster{layout[0].Bytes, layout.Size()}, layout.Size())
	if err != nil {
		t.Fatal(err)
	}
	const copied, heard = 180_009 - 90_250, 337_521 - 168_762
	pictures, sound := clip.Tracks[0], clip.Tracks[1]
	if len(pictures.Shown) != copied || sound.Len() != heard {
		t.Errorf("%d pictures and %d frames of sound, want %d and %d", len(pictures.Shown), sound.Len(), copied, heard)
	}
	for shown, sample := range pictures.Shown {
		if at := pictures.Time(sample); at != int64(shown)*512 {
			t.Fatalf("picture %d is shown at %d", shown, at)
		}
	}
	if want := int64(copied)*pictureSize + int64(heard)*soundSize; layout.Copied() != want {
		t.Errorf("%d bytes are taken over, want %d", layout.Copied(), want)
	}
}

// BenchmarkRead reads the index of three hours.
func BenchmarkRead(b *testing.B) {
	master := newLongMaster(3)
	b.Logf("the index is %d bytes long", len(master.index))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(master, master.size); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHour cuts an hour out of three.
func BenchmarkHour(b *testing.B) {
	master := newLongMaster(3)
	movie, err := Read(master, master.size)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := hour(movie); err != nil {
			b.Fatal(err)
		}
	}
}

// hour cuts the second hour, as far as this package does.
func hour(movie *Movie) (Layout, error) {
	video := movie.Tracks[0]
	split, err := video.Split(90_007, 180_011, func(Candidate) (Entry, error) { return Refresh, nil })
	if err != nil {
		return nil, err
	}
	pictures := &NewTrack{Of: video}
	pictures.Take(split.Copy, video.Sample(split.Copy.From).Display, 1)
	pictures.End = int64(split.Copied()) * 512
	pictures.Edits = []Edit{{0, pictures.End}}
	sound := &NewTrack{Of: movie.Tracks[1]}
	sound.Append(movie.Tracks[1].Heard(90_007*1920, 180_011*1920), 1)
	sound.Edits = []Edit{{0, sound.End}}
	return movie.Build([]*NewTrack{pictures, sound})
}
