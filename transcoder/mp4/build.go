package mp4

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/Eyevinn/mp4ff/mp4"
)

// Piece is a run of bytes of a new file: given, or taken over from the source.
type Piece struct {
	Bytes  []byte // if not nil
	Offset int64  // in the source
	Length int64  // bytes
}

// Layout is a new file as its pieces, in order.
type Layout []Piece

// Size is the new file's length in bytes.
func (l Layout) Size() int64 {
	var size int64
	for _, p := range l {
		size += p.Length
	}
	return size
}

// Copied is how many bytes are taken over from the source.
func (l Layout) Copied() int64 {
	var size int64
	for _, p := range l {
		if p.Bytes == nil {
			size += p.Length
		}
	}
	return size
}

// readAtOnce is how much WriteTo reads in one go.
const readAtOnce = 4 << 20

// WriteTo writes the new file, reading what is taken over from source.
func (l Layout) WriteTo(w io.Writer, source io.ReaderAt) error {
	for _, p := range l {
		var r io.Reader = bytes.NewReader(p.Bytes)
		if p.Bytes == nil {
			r = bufio.NewReaderSize(io.NewSectionReader(source, p.Offset, p.Length), int(min(p.Length, readAtOnce)))
		}
		if n, err := io.Copy(w, r); err != nil || n != p.Length {
			return fmt.Errorf("write %d of %d bytes: %w", n, p.Length, cmp.Or(err, io.ErrUnexpectedEOF))
		}
	}
	return nil
}

// NewSample is one sample of a new track: its bytes given, or where they are in
// the source.
type NewSample struct {
	Bytes    []byte
	Offset   int64
	Size     uint32
	Count    uint32 // as in Sample
	Sync     bool
	Recovery bool  // as in Sample; not written
	Display  int64 // from the new media's start, in the track's time scale
	Group    int   // samples lie in the file by group, then by their place in the source
}

// New is the sample as one of a new track, shown at the same time.
func (s Sample) New() NewSample {
	return NewSample{Offset: s.Offset, Size: s.Size, Count: s.Count, Sync: s.Sync, Recovery: s.Recovery, Display: s.Display}
}

// Edit is a stretch of a track's media that a player shows; Media -1 is a wait.
type Edit struct {
	Media  int64 // time on the media time line, in the track's time scale
	Length int64 // in the track's time scale
}

// NewTrack is a track to be written: the source's, with other samples, which
// are in decoding order. End is when the last of them ends.
type NewTrack struct {
	Of      *Track
	Samples []NewSample
	End     int64
	Edits   []Edit
	Config  Config // of pictures, if not the source's

	shift   int64   // added to display times so that none comes before its decoding
	decode  []int64 // times of decoding
	offsets []int64 // in the new file, from the first byte of its media
}

// Append takes over samples that follow one another in the source.
func (t *NewTrack) Append(samples []Sample, group int) {
	for _, s := range samples {
		taken := s.New()
		taken.Display, taken.Group = t.End, group
		t.Samples = append(t.Samples, taken)
		t.End += int64(s.Duration)
	}
}

// Runs are the runs of the source that a new file with these tracks takes over.
func Runs(tracks []*NewTrack) []Piece {
	return slices.DeleteFunc(arrange(tracks), func(p Piece) bool { return p.Bytes != nil })
}

// Build lays out a new file with these tracks, index first.
func (m *Movie) Build(tracks []*NewTrack) (Layout, error) {
	for _, t := range tracks {
		t.time()
	}
	media := arrange(tracks)
	moov := m.index(tracks)
	var head bytes.Buffer
	if m.ftyp != nil {
		if err := m.ftyp.Encode(&head); err != nil {
			return nil, fmt.Errorf("write ftyp: %w", err)
		}
	}
	start := int64(head.Len()) + int64(moov.Size()) + 16 //nolint:gosec // an index is bounded by maxIndex
	for i, t := range tracks {
		t.writeOffsets(moov.Traks[i].Mdia.Minf.Stbl, start)
	}
	if err := moov.Encode(&head); err != nil {
		return nil, fmt.Errorf("write the index: %w", err)
	}
	head.Write(mdatHeader(media.Size()))
	return append(Layout{{Bytes: head.Bytes(), Length: int64(head.Len())}}, media...), nil
}

func mdatHeader(length int64) []byte {
	header := []byte{0, 0, 0, 1, 'm', 'd', 'a', 't'}
	return binary.BigEndian.AppendUint64(header, uint64(length)+16) //nolint:gosec // a length is positive
}

// time sets times of decoding: the times of display in rising order, which is
// regular whenever the pictures are, and display times moved so that none comes
// before its decoding.
func (t *NewTrack) time() {
	t.decode = make([]int64, len(t.Samples))
	for i, s := range t.Samples {
		t.decode[i] = s.Display
	}
	slices.Sort(t.decode)
	t.shift = 0
	for i, s := range t.Samples {
		t.shift = max(t.shift, t.decode[i]-s.Display)
	}
}

// arrange puts all samples in the order in which they lie in the file, gives
// each its place, and joins neighbours that are neighbours in the source too.
func arrange(tracks []*NewTrack) Layout {
	type ref struct {
		sample *NewSample
		track  *NewTrack
		index  int
	}
	var all []ref
	for _, t := range tracks {
		t.offsets = make([]int64, len(t.Samples))
		for i := range t.Samples {
			all = append(all, ref{&t.Samples[i], t, i})
		}
	}
	slices.SortStableFunc(all, func(a, b ref) int {
		return cmp.Or(cmp.Compare(a.sample.Group, b.sample.Group), cmp.Compare(a.sample.Offset, b.sample.Offset))
	})
	var layout Layout
	at := int64(0)
	for _, r := range all {
		r.track.offsets[r.index] = at
		at += int64(r.sample.Size)
		layout = layout.add(r.sample)
	}
	return layout
}

func (l Layout) add(s *NewSample) Layout {
	size := int64(s.Size)
	if len(l) > 0 {
		last := &l[len(l)-1]
		switch {
		case s.Bytes != nil && last.Bytes != nil:
			last.Bytes = append(last.Bytes, s.Bytes...)
			last.Length += size
			return l
		case s.Bytes == nil && last.Bytes == nil && last.Offset+last.Length == s.Offset:
			last.Length += size
			return l
		}
	}
	if s.Bytes != nil {
		return append(l, Piece{Bytes: slices.Clone(s.Bytes), Length: size})
	}
	return append(l, Piece{Offset: s.Offset, Length: size})
}

// index makes the new file's moov, with room for offsets but none yet.
func (m *Movie) index(tracks []*NewTrack) *mp4.MoovBox {
	moov := mp4.NewMoovBox()
	header := *m.moov.Mvhd
	header.Timescale = m.scaleFor(tracks)
	header.Duration = 0
	moov.AddChild(&header)
	kept := map[uint32]bool{}
	for _, t := range tracks {
		kept[t.Of.box.Tkhd.TrackID] = true
	}
	for _, t := range tracks {
		trak, length := t.trak(header.Timescale, kept)
		header.Duration = max(header.Duration, length)
		moov.AddChild(trak)
	}
	header.Version = versionFor(header.Duration)
	return moov
}

// scaleFor is a movie time scale in which the length of every edit is whole, if
// one fits: edits are what keeps sound and picture aligned to the sample.
func (m *Movie) scaleFor(tracks []*NewTrack) uint32 {
	scale := uint64(1)
	for _, t := range tracks {
		n := uint64(t.Of.Timescale)
		a, b := scale, n
		for b != 0 {
			a, b = b, a%b
		}
		if scale/a*n > math.MaxInt32 {
			return max(m.timescale, tracks[0].Of.Timescale)
		}
		scale = scale / a * n
	}
	return uint32(scale)
}

func versionFor(duration uint64) byte {
	if duration > math.MaxUint32 {
		return 1
	}
	return 0
}
