package transcoder

import (
	"errors"
	"fmt"
	"io"
	"sync"
)

// blockSize is how much is read at once: reading from a store costs a request.
const blockSize = 1 << 20

// errMaster marks that the master could not be read, which says nothing about it.
var errMaster = errors.New("read the master")

// blocks reads a master by large blocks and keeps them for as long as a clip is
// being composed: the index and a few GOPs, which are looked at several times.
type blocks struct {
	master Master
	mu     sync.Mutex
	kept   map[int64][]byte // by number
	bytes  int64            // read from the master
}

func newBlocks(master Master) *blocks { return &blocks{master: master, kept: map[int64][]byte{}} }

// ReadAt reads through the blocks.
func (b *blocks) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= b.master.Size {
		return 0, io.EOF
	}
	end := min(off+int64(len(p)), b.master.Size)
	b.mu.Lock()
	defer b.mu.Unlock()
	first, last := off/blockSize, (end-1)/blockSize
	for n := first; n <= last; n++ {
		if b.kept[n] != nil {
			continue
		}
		after := n + 1
		for after <= last && b.kept[after] == nil {
			after++
		}
		if err := b.fetch(n, after); err != nil {
			return 0, err
		}
	}
	read := 0
	for n := first; n <= last; n++ {
		block := b.kept[n]
		from := max(0, off-n*blockSize)
		read += copy(p[read:], block[min(from, int64(len(block))):])
	}
	if read < len(p) {
		return read, io.EOF
	}
	return read, nil
}

// fetch reads neighbouring blocks at once.
func (b *blocks) fetch(first, after int64) error {
	data := make([]byte, min(after*blockSize, b.master.Size)-first*blockSize)
	n, err := b.master.ReadAt(data, first*blockSize)
	if n < len(data) {
		return fmt.Errorf("%w: %w", errMaster, errors.Join(err, io.ErrUnexpectedEOF))
	}
	b.bytes += int64(n)
	for i := first; i < after; i++ {
		start := (i - first) * blockSize
		b.kept[i] = data[start:min(start+blockSize, int64(len(data)))]
	}
	return nil
}
