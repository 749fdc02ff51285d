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
// Boxes are read and written as bytes: what a cut does not change is taken over as it
// is, known or not, and the tables of hours of video stay as small as they are in
// the file.
package mp4

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
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
	// maxIndex bounds the memory that an index takes, and maxBrands that of what comes
	// before it.
	maxIndex  = 256 << 20
	maxBrands = 64 << 10
	// maxBoxes bounds the walk over a file's outermost boxes.
	maxBoxes = 10_000
)

// Movie is the index of a file.
type Movie struct {
	Tracks    []*Track
	timescale uint32
	ftyp      []byte // all of it
	moov      []byte // what it holds
	header    header
}

// Read loads the index of a file of size bytes. Errors: ErrUnsupported, or what
// is broken in the file.
func Read(file io.ReaderAt, size int64) (*Movie, error) {
	m := &Movie{}
	pos := int64(0)
	for range maxBoxes {
		if pos >= size {
			break
		}
		name, header, length, err := boxAt(file, pos, size)
		if err != nil {
			return nil, err
		}
		switch {
		case name == "ftyp" && m.ftyp == nil:
			m.ftyp, err = load(file, name, pos, length, maxBrands)
		case name == "moov" && m.moov == nil:
			m.moov, err = load(file, name, pos+header, length-header, maxIndex)
		case name == "moof":
			err = ErrFragmented
		}
		if err != nil {
			return nil, err
		}
		pos += length
	}
	if m.moov == nil {
		return nil, errors.New("the file has no index (moov)")
	}
	return m, m.parse(size)
}

// boxAt reads the header of the box at pos: how long it and the box are.
func boxAt(file io.ReaderAt, pos, size int64) (name string, header, length int64, err error) {
	var head [16]byte
	n, err := file.ReadAt(head[:min(16, size-pos)], pos)
	if n < 8 {
		return "", 0, 0, fmt.Errorf("read the box at byte %d: %w", pos, errors.Join(err, io.ErrUnexpectedEOF))
	}
	length = int64(binary.BigEndian.Uint32(head[:4]))
	header = 8
	switch length {
	case 0:
		length = size - pos
	case 1:
		length = int64(binary.BigEndian.Uint64(head[8:])) //nolint:gosec // a negative length is refused below
		header = 16
	}
	if length < header || length > size-pos {
		return "", 0, 0, fmt.Errorf("the box at byte %d is %d bytes long, past its file's end", pos, length)
	}
	return string(head[4:8]), header, length, nil
}

func load(file io.ReaderAt, name string, pos, length, most int64) ([]byte, error) {
	if length > most {
		return nil, unsupported("its %s is %d MiB long", name, length>>20)
	}
	data := make([]byte, length)
	if n, err := file.ReadAt(data, pos); n < len(data) {
		return nil, fmt.Errorf("read %s: %w", name, errors.Join(err, io.ErrUnexpectedEOF))
	}
	return data, nil
}

func (m *Movie) parse(size int64) error {
	if find(m.moov, "mvex") != nil {
		return ErrFragmented
	}
	var ok bool
	if m.header, ok = readHeader(find(m.moov, "mvhd"), scaleFields); !ok {
		return errors.New("the movie has no header (mvhd)")
	}
	if m.timescale = m.header.first(); m.timescale == 0 {
		return errors.New("the movie's time scale is 0")
	}
	room := newRoom(size)
	for b := range boxes(m.moov) {
		if b.kind != "trak" {
			continue
		}
		track, err := newTrack(b.body, m.timescale, room)
		if err != nil {
			return err
		}
		m.Tracks = append(m.Tracks, track)
	}
	return nil
}

// Video returns the first track of pictures.
func (m *Movie) Video() (*Track, error) {
	for _, t := range m.Tracks {
		if t.Kind == "vide" && t.Len() > 1 {
			return t, nil
		}
	}
	return nil, unsupported("there is no video track")
}
