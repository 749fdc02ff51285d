package mp4

import (
	"encoding/binary"
	"iter"
	"slices"
)

// box is a box of a file, as it lies there.
type box struct {
	kind string
	raw  []byte // all of it
	body []byte // without its header
}

// boxes yields the boxes that follow one another in data. It stops where lengths
// make no sense: QuickTime ends lists with four zero bytes, and reading the index
// says what is missing there.
func boxes(data []byte) iter.Seq[box] {
	return func(yield func(box) bool) {
		for rest := data; len(rest) >= 8; {
			length, header := uint64(binary.BigEndian.Uint32(rest)), uint64(8)
			if length == 1 && len(rest) >= 16 {
				length, header = binary.BigEndian.Uint64(rest[8:]), 16
			}
			if length < header || length > uint64(len(rest)) ||
				!yield(box{string(rest[4:8]), rest[:length:length], rest[header:length:length]}) {
				return
			}
			rest = rest[length:]
		}
	}
}

// once yields boxes that follow one another, but of some kinds the first alone, which
// is the one that was read.
func once(data []byte, kinds ...string) iter.Seq[box] {
	return func(yield func(box) bool) {
		seen := make([]bool, len(kinds))
		for b := range boxes(data) {
			if i := slices.Index(kinds, b.kind); i >= 0 {
				if seen[i] {
					continue
				}
				seen[i] = true
			}
			if !yield(b) {
				return
			}
		}
	}
}

// find returns what the first box at the end of a path holds, nil if there is none.
func find(data []byte, path ...string) []byte {
	for b := range boxes(data) {
		switch {
		case b.kind != path[0]:
		case len(path) == 1:
			return b.body
		default:
			return find(b.body, path[1:]...)
		}
	}
	return nil
}

// rows returns the rows of a table: as many as the number says that comes right
// before them. ok is false where the table is shorter than that.
func rows(table []byte, header, width int) (rows []byte, ok bool) {
	if len(table) < header {
		return nil, false
	}
	n := int64(binary.BigEndian.Uint32(table[header-4:])) * int64(width)
	if n > int64(len(table)-header) {
		return nil, false
	}
	return table[header:][:n:n], true
}

// word is a number in a table of 32-bit numbers.
func word(table []byte, n int) uint32 { return binary.BigEndian.Uint32(table[4*n:]) }

// writer is where a new index is put together.
type writer struct{ data []byte }

func (w *writer) bytes(parts ...[]byte) {
	for _, p := range parts {
		w.data = append(w.data, p...)
	}
}

func (w *writer) words(values ...uint32) {
	for _, v := range values {
		w.data = binary.BigEndian.AppendUint32(w.data, v)
	}
}

func (w *writer) long(v int64) {
	w.data = binary.BigEndian.AppendUint64(w.data, uint64(v)) //nolint:gosec // read back as signed where it is
}

// box writes a box around what fill writes.
func (w *writer) box(kind string, fill func()) {
	start := len(w.data)
	w.words(0)
	w.data = append(w.data, kind...)
	fill()
	binary.BigEndian.PutUint32(w.data[start:], uint32(len(w.data)-start)) //nolint:gosec // an index is bounded by maxIndex
}

// table writes a box that begins with a version, flags and the number of rows that
// fill writes and counts.
func (w *writer) table(kind string, version byte, fill func() (count uint32)) {
	w.box(kind, func() {
		w.words(uint32(version)<<24, 0)
		at := len(w.data) - 4
		binary.BigEndian.PutUint32(w.data[at:], fill())
	})
}
