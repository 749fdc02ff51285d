package anc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

const (
	// blockSize is how much is read at once.
	blockSize = 4 << 20
	// mostElement is the largest element of ancillary data that is read: that of a frame
	// has some KiB.
	mostElement = 1 << 20
	// tries is how often one is read: of the thousands that a master has a connection may
	// cut one off.
	tries = 3
	// mostRunIn is how much may stand before the first partition (ST 377-1, 6.5).
	mostRunIn = 64 << 10
)

// key names an element (ST 336).
type key [16]byte

// headerKey begins the keys of header partitions, whatever the register's version.
const headerKey = "\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02"

// has reports whether the key has such parts, from a place on.
func (k key) has(at int, part string) bool { return string(k[at:at+len(part)]) == part }

func (k key) isPartition() bool {
	return k.has(4, "\x02\x05") && k.has(8, headerKey[8:13]) && k[13] >= 2 && k[13] <= 4
}

// isEssence reports whether it is an element of a content package, data about it included.
func (k key) isEssence() bool { return k.has(8, "\x0d\x01\x03\x01") }

// isAncillary reports whether it is one of ancillary data, wrapped by frames (ST 436, 5.3).
func (k key) isAncillary() bool {
	const data, packets = 0x17, 2
	return k.has(4, "\x01\x02") && k[12] == data && k[14] == packets
}

// window is a part of a file, and goes forward in it.
type window struct {
	ctx    context.Context //nolint:containedctx // of one walk
	master io.ReaderAt
	size   int64
	start  int64
	data   []byte
}

// bytes returns n bytes of the file, at most mostElement, valid until the next call.
func (w *window) bytes(pos int64, n int) ([]byte, error) {
	if pos+int64(n) > w.size {
		return nil, fmt.Errorf("%w: it breaks off at byte %d", ErrDamaged, w.size)
	}
	if pos < w.start || pos+int64(n) > w.start+int64(len(w.data)) {
		if err := w.load(pos); err != nil {
			return nil, err
		}
	}
	return w.data[pos-w.start:][:n], nil
}

func (w *window) load(pos int64) error {
	if err := w.ctx.Err(); err != nil {
		return fmt.Errorf("read the master: %w", err)
	}
	if w.data == nil {
		w.data = make([]byte, min(blockSize, w.size))
	}
	w.start, w.data = pos, w.data[:min(int64(cap(w.data)), w.size-pos)]
	var err error
	for range tries {
		var n int
		if n, err = w.master.ReadAt(w.data, pos); n == len(w.data) {
			return nil
		}
	}
	w.data = w.data[:0]
	return fmt.Errorf("read the master: %w", errors.Join(err, io.ErrUnexpectedEOF))
}

// begin returns where the first partition is.
func (w *window) begin() (int64, error) {
	data, err := w.bytes(0, int(min(w.size, mostRunIn+int64(len(key{})))))
	if err != nil {
		return 0, err
	}
	at := bytes.Index(data, []byte(headerKey))
	if at < 0 {
		return 0, fmt.Errorf("%w: there is no header partition", ErrDamaged)
	}
	return int64(at), nil
}

// header reads the key and the length of what begins at a place, which lies in the file.
func (w *window) header(pos int64) (k key, value, length int64, err error) {
	data, err := w.bytes(pos, len(k)+1)
	if err != nil {
		return k, 0, 0, err
	}
	copy(k[:], data)
	value, length = pos+int64(len(data)), int64(data[len(k)])
	if !k.has(0, headerKey[:4]) {
		return k, 0, 0, fmt.Errorf("%w: nothing begins at byte %d", ErrDamaged, pos)
	}
	if length >= 0x80 { // it is how many bytes the length has
		count := int(length - 0x80)
		if data, err = w.bytes(value, count); err != nil {
			return k, 0, 0, err
		}
		value += int64(count)
		if length, err = number(data); err != nil {
			return k, 0, 0, fmt.Errorf("%w: an element at byte %d has no length", ErrDamaged, pos)
		}
	}
	if length > w.size-value {
		return k, 0, 0, fmt.Errorf("%w: an element at byte %d is to have %d bytes, more than there are", ErrDamaged, pos, length)
	}
	return k, value, length, nil
}

// number reads a length.
func number(digits []byte) (n int64, err error) {
	if len(digits) == 0 {
		return 0, strconv.ErrSyntax
	}
	for _, d := range digits {
		if n > math.MaxInt64>>8 {
			return 0, strconv.ErrRange
		}
		n = n<<8 | int64(d)
	}
	return n, nil
}
