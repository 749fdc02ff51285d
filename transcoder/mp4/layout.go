package mp4

import (
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
	var buffer []byte
	for _, p := range l {
		if p.Bytes != nil {
			if _, err := w.Write(p.Bytes); err != nil {
				return fmt.Errorf("write %d bytes: %w", p.Length, err)
			}
			continue
		}
		for done := int64(0); done < p.Length; {
			n := int(min(p.Length-done, readAtOnce))
			buffer = slices.Grow(buffer[:0], n)[:n]
			if read, err := source.ReadAt(buffer, p.Offset+done); read < n {
				return fmt.Errorf("read %d bytes of the source: %w", n, cmp.Or(err, io.ErrUnexpectedEOF))
			}
			if _, err := w.Write(buffer); err != nil {
				return fmt.Errorf("write %d bytes: %w", n, err)
			}
			done += int64(n)
		}
	}
	return nil
}

// add puts a sample at the end. Runs of the source that follow one another become one;
// given bytes stay where they are.
func (l Layout) add(s *NewSample) Layout {
	size := int64(s.Size)
	if s.Bytes != nil {
		return append(l, Piece{Bytes: s.Bytes, Length: size})
	}
	if len(l) > 0 {
		last := &l[len(l)-1]
		if last.Bytes == nil && last.Offset+last.Length == s.Offset {
			last.Length += size
			return l
		}
	}
	return append(l, Piece{Offset: s.Offset, Length: size})
}
