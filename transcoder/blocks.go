package transcoder

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// blockSize is how much is read at once: reading from a store costs a request.
const blockSize = 256 << 10

// mostKept is the longest read that is kept. A long index is read once, and held by
// its reader.
const mostKept = 8 << 20

// errMaster marks that the master could not be read, which says nothing about it.
var errMaster = errors.New("read the master")

// blocks reads a master by large blocks and keeps them for as long as a clip is
// being composed: the index and a few GOPs, which are looked at several times. Reads
// at once do not wait for one another.
type blocks struct {
	master Master
	mu     sync.Mutex
	kept   map[int64][]byte // by number
	bytes  int64            // read from the master
}

func newBlocks(master Master) *blocks { return &blocks{master: master, kept: map[int64][]byte{}} }

// forget gives back the memory of what was read so far.
func (b *blocks) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.kept)
}

// ReadAt reads through the blocks.
func (b *blocks) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= b.master.Size {
		return 0, io.EOF
	}
	if b.local() {
		n, err := b.master.ReadAt(p, off)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.bytes += int64(n)
		return n, err //nolint:wrapcheck // io.EOF is looked for by its callers
	}
	if len(p) > mostKept {
		if err := b.read(p, off); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	end := min(off+int64(len(p)), b.master.Size)
	first, last := off/blockSize, (end-1)/blockSize
	for _, missing := range b.missing(first, last) {
		if err := b.fetch(missing[0], missing[1]); err != nil {
			return 0, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
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

// local is whether the system keeps what is read.
func (b *blocks) local() bool {
	_, file := b.master.ReaderAt.(*os.File)
	return file
}

// missing are the runs of blocks, first and after the last, that are not kept.
func (b *blocks) missing(first, last int64) [][2]int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	var runs [][2]int64
	for n := first; n <= last; n++ {
		switch {
		case b.kept[n] != nil:
		case len(runs) > 0 && runs[len(runs)-1][1] == n:
			runs[len(runs)-1][1] = n + 1
		default:
			runs = append(runs, [2]int64{n, n + 1})
		}
	}
	return runs
}

// fetch reads neighbouring blocks at once.
func (b *blocks) fetch(first, after int64) error {
	data := make([]byte, min(after*blockSize, b.master.Size)-first*blockSize)
	if err := b.read(data, first*blockSize); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := first; i < after; i++ {
		start := (i - first) * blockSize
		b.kept[i] = data[start:min(start+blockSize, int64(len(data)))]
	}
	return nil
}

// read fills data from the master, and keeps nothing.
func (b *blocks) read(data []byte, off int64) error {
	n, err := b.master.ReadAt(data, off)
	if n < len(data) {
		return fmt.Errorf("%w: %w", errMaster, errors.Join(err, io.ErrUnexpectedEOF))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bytes += int64(n)
	return nil
}
