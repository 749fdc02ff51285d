// Package mp4 cuts MP4 and QuickTime files by their sample tables (ISO/IEC
// 14496-12), without touching a picture.
//
// Read loads the index of a file (moov) and nothing else. A Track lists its
// samples in decoding order with their place in the file and their time, and in
// display order, as the edit list lets a player see them. Split says which
// samples of a range can be taken over as they are and which pictures at its
// ends must be encoded again. Build writes the tables of a new file and returns
// a Layout: the new file as pieces, most of them runs of bytes of the old one,
// which a store can copy by itself.
//
// The box formats are mp4ff's; what tables mean, and how they are cut, is here.
package mp4

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/Eyevinn/mp4ff/mp4"
)

// ErrUnsupported marks a file that is sound but that this package cannot cut;
// its message says why.
var ErrUnsupported = errors.New("not cut by tables")

// ErrFragmented is the ErrUnsupported of a file whose index is spread over it.
var ErrFragmented = fmt.Errorf("%w: the file is fragmented", ErrUnsupported)

func unsupported(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnsupported, fmt.Sprintf(format, args...))
}

const (
	// maxIndex bounds the memory that an index may take before it is read.
	maxIndex = 256 << 20
	// maxSamples bounds the memory that tables may unfold into.
	maxSamples = 2 << 20
	// maxBoxes bounds the walk over a file's outermost boxes.
	maxBoxes = 10_000
)

// Movie is the index of a file.
type Movie struct {
	Tracks    []*Track
	timescale uint32
	ftyp      mp4.Box
	moov      *mp4.MoovBox
	matrices  [][]byte // of the tracks
}

// Read loads the index of a file of size bytes. Errors: ErrUnsupported, or what
// is broken in the file.
func Read(file io.ReaderAt, size int64) (m *Movie, err error) {
	// Masters are hostile, and the box reader is not ours.
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("the index makes no sense: %v", r)
		}
	}()
	m = &Movie{}
	pos := int64(0)
	for range maxBoxes {
		if pos >= size {
			break
		}
		name, length, err := boxAt(file, pos, size)
		if err != nil {
			return nil, err
		}
		switch name {
		case "ftyp", "moov":
			if err := m.load(file, name, pos, length); err != nil {
				return nil, err
			}
		case "moof":
			return nil, ErrFragmented
		}
		pos += length
	}
	if m.moov == nil || m.moov.Mvhd == nil {
		return nil, errors.New("the file has no index (moov)")
	}
	if m.moov.Mvex != nil {
		return nil, ErrFragmented
	}
	m.timescale = m.moov.Mvhd.Timescale
	if m.timescale == 0 {
		return nil, errors.New("the movie's time scale is 0")
	}
	for i, box := range m.moov.Traks {
		track, err := newTrack(box, m.timescale, size)
		if err != nil {
			return nil, err
		}
		track.matrix = m.matrix(i)
		m.Tracks = append(m.Tracks, track)
	}
	return m, nil
}

// boxAt reads the header of the box at pos.
func boxAt(file io.ReaderAt, pos, size int64) (name string, length int64, err error) {
	var head [16]byte
	n, err := file.ReadAt(head[:min(16, size-pos)], pos)
	if n < 8 {
		return "", 0, fmt.Errorf("read the box at byte %d: %w", pos, errors.Join(err, io.ErrUnexpectedEOF))
	}
	length = int64(binary.BigEndian.Uint32(head[:4]))
	header := int64(8)
	switch length {
	case 0:
		length = size - pos
	case 1:
		length = int64(binary.BigEndian.Uint64(head[8:])) //nolint:gosec // a negative length is refused below
		header = 16
	}
	if length < header || length > size-pos {
		return "", 0, fmt.Errorf("the box at byte %d is %d bytes long, past its file's end", pos, length)
	}
	return string(head[4:8]), length, nil
}

func (m *Movie) load(file io.ReaderAt, name string, pos, length int64) error {
	if length > maxIndex {
		return unsupported("the index is %d MiB long", length>>20)
	}
	data := make([]byte, length)
	if _, err := file.ReadAt(data, pos); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if name == "moov" {
		hideDescriptions(data)
		m.matrices = matrices(data)
	}
	box, err := mp4.DecodeBox(0, bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("decode %s: %w", name, err)
	}
	if name == "ftyp" {
		m.ftyp = box
		return nil
	}
	moov, ok := box.(*mp4.MoovBox)
	if !ok {
		return errors.New("the index (moov) is not one")
	}
	m.moov = moov
	return nil
}

// Video returns the first track of pictures.
func (m *Movie) Video() (*Track, error) {
	for _, t := range m.Tracks {
		if t.Kind == "vide" && len(t.Samples) > 1 {
			return t, nil
		}
	}
	return nil, unsupported("there is no video track")
}
