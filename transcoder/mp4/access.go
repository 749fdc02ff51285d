package mp4

import (
	"errors"
	"fmt"
)

// bits is a set of samples.
type bits []uint64

func newBits(n int) bits { return make(bits, n/64+1) }

func (b bits) has(n int) bool { return b != nil && b[n/64]>>(n%64)&1 == 1 }

func (b bits) set(n int) { b[n/64] |= 1 << (n % 64) }

// readAccess reads where decoding can begin: sync samples, and what the tables offer
// besides them, which are QuickTime's partial sync samples (stps) and the sample group
// of random access points (rap).
func (t *tables) readAccess(stbl []byte) error {
	if body := find(stbl, "stss"); body != nil {
		list, ok := rows(body, 8, 4)
		if !ok {
			return errors.New("the table stss is broken")
		}
		t.sync = newBits(t.samples)
		for i := range len(list) / 4 {
			n := word(list, i)
			if n < 1 || int64(n) > int64(t.samples) {
				return fmt.Errorf("the sync table names sample %d of %d", n, t.samples)
			}
			t.sync.set(int(n - 1))
		}
	}
	list, _ := rows(find(stbl, "stps"), 8, 4)
	for i := range len(list) / 4 {
		if n := word(list, i); n >= 1 && int64(n) <= int64(t.samples) {
			t.offer(int(n - 1))
		}
	}
	for b := range boxes(stbl) {
		if b.kind == "sbgp" && len(b.body) >= 8 && string(b.body[4:8]) == "rap " {
			t.readRandomAccess(b.body)
			break
		}
	}
	return nil
}

func (t *tables) readRandomAccess(group []byte) {
	header := 12
	if group[0] == 1 {
		header = 16 // a parameter
	}
	list, _ := rows(group, header, 8)
	at := int64(0)
	for i := range len(list) / 8 {
		end := min(at+int64(word(list, 2*i)), int64(t.samples))
		for ; word(list, 2*i+1) > 0 && at < end; at++ {
			t.offer(int(at))
		}
		at = end
	}
}

// offer marks a recovery point.
func (t *tables) offer(sample int) {
	if t.partial == nil {
		t.partial = newBits(t.samples)
	}
	t.partial.set(sample)
}
