package transcoder

import (
	"bytes"
	"errors"
	"testing"
)

// TestLongReadIsNotKept reads more in one go than is kept, and less.
func TestLongReadIsNotKept(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("0123456789abcdef!"), mostKept/8)
	b := newBlocks(Master{ReaderAt: bytes.NewReader(data), Size: int64(len(data))})
	long, short := make([]byte, mostKept+1), make([]byte, 1000)
	for _, p := range [][]byte{long, short} {
		if n, err := b.ReadAt(p, 7); n != len(p) || err != nil || !bytes.Equal(p, data[7:7+n]) {
			t.Errorf("%d of %d bytes are read (%v), or others", n, len(p), err)
		}
	}
	if len(b.kept) != 1 || b.bytes != mostKept+1+blockSize {
		t.Errorf("%d blocks are kept of %d bytes read", len(b.kept), b.bytes)
	}
	b.master.Size = int64(2 * len(data))
	if _, err := b.ReadAt(long, int64(len(data))); !errors.Is(err, errMaster) {
		t.Errorf("a master that ends early gives %v", err)
	}
}
