package mp4

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
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
	buffer := bufio.NewReaderSize(nil, int(min(l.Copied(), readAtOnce)))
	for _, p := range l {
		var r io.Reader = bytes.NewReader(p.Bytes)
		if p.Bytes == nil {
			buffer.Reset(io.NewSectionReader(source, p.Offset, p.Length))
			r = buffer
		}
		if n, err := io.Copy(w, r); err != nil || n != p.Length {
			return fmt.Errorf("write %d of %d bytes: %w", n, p.Length, cmp.Or(err, io.ErrUnexpectedEOF))
		}
	}
	return nil
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
