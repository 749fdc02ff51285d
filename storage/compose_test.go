package storage

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestPlanParts checks, over many random lists of pieces, the store's rules and
// that no byte is lost, doubled or moved.
func TestPlanParts(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		var pieces []Piece
		for range 1 + random.IntN(8) {
			length := 1 + random.Int64N(1<<(1+random.IntN(32)))
			p := Piece{Offset: random.Int64N(1 << 40), Length: length}
			if length < 1<<20 && random.IntN(2) == 0 {
				p = Piece{Bytes: make([]byte, length), Length: length}
			}
			pieces = append(pieces, p)
		}
		for _, copies := range []bool{true, false} {
			checkParts(t, pieces, planParts(pieces, copies), copies)
		}
	}
}

func checkParts(t *testing.T, pieces []Piece, parts []composedPart, copies bool) {
	t.Helper()
	var flat []Piece
	for i, part := range parts {
		size := int64(0)
		for _, p := range part.pieces {
			size += p.Length
		}
		switch {
		case size != part.size:
			t.Fatalf("part %d says %d bytes and has %d", i, part.size, size)
		case i < len(parts)-1 && size < MinPart:
			t.Fatalf("part %d of %d has only %d bytes", i, len(parts), size)
		case part.copied && (!copies || len(part.pieces) != 1 || part.pieces[0].Bytes != nil || size > largestCopy):
			t.Fatalf("part %d cannot be copied", i)
		case !part.copied && size > 2*largestPut:
			t.Fatalf("part %d takes %d bytes of memory", i, size)
		}
		flat = append(flat, part.pieces...)
	}
	for _, p := range pieces {
		for p.Length > 0 {
			next := flat[0]
			flat = flat[1:]
			if next.Length > p.Length || (p.Bytes == nil && next.Offset != p.Offset) || (p.Bytes == nil) != (next.Bytes == nil) {
				t.Fatalf("a piece at %d is followed by one at %d", p.Offset, next.Offset)
			}
			p.Offset, p.Length = p.Offset+next.Length, p.Length-next.Length
		}
	}
	if len(flat) > 0 {
		t.Fatal("there is more than was asked for")
	}
}

// TestCutPiece checks that given bytes keep their order.
func TestCutPiece(t *testing.T) {
	data := make([]byte, 1000)
	for i := range data {
		data[i] = byte(i * i)
	}
	var joined []byte
	for _, p := range cutPiece(Piece{Bytes: data, Length: 1000}, 300) {
		joined = append(joined, p.Bytes...)
	}
	if !bytes.Equal(joined, data) {
		t.Error("the bytes are in disorder")
	}
}
