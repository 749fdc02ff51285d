package storage

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
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
		for _, least := range []int64{MinPart, 64 << 20, math.MaxInt64} {
			checkParts(t, pieces, planParts(pieces, least, nil), least)
		}
	}
}

// TestPlanPartsAhead checks the same where runs were copied ahead, as they turned out to
// be or a little otherwise.
func TestPlanPartsAhead(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	taken := 0
	for range 2000 {
		var pieces, runs []Piece
		offset := int64(0)
		for range 1 + random.IntN(4) {
			given := 1 + random.Int64N(8<<20)
			pieces = append(pieces, Piece{Bytes: make([]byte, given), Length: given})
			offset += random.Int64N(1 << 20)
			run := Piece{Offset: offset, Length: 1 + random.Int64N(1<<(20+random.IntN(13)))}
			pieces = append(pieces, run)
			offset += run.Length
			if random.IntN(4) == 0 {
				run.Offset += random.Int64N(1<<24) - 1<<23
				run.Length = max(1, run.Length+random.Int64N(1<<24)-1<<23)
			}
			runs = append(runs, run)
		}
		ahead := planAhead(runs)
		parts := planParts(pieces, MinPart, ahead)
		checkParts(t, pieces, parts, MinPart)
		if !number(parts) {
			t.Fatal("there is no room for a few numbers")
		}
		for i, part := range parts {
			if i > 0 && part.number <= parts[i-1].number {
				t.Fatalf("part %d has number %d after %d", i, part.number, parts[i-1].number)
			}
			if slices.ContainsFunc(ahead, func(a composedPart) bool { return a.number == part.number && a.size == part.size }) {
				taken++
			}
		}
	}
	if taken < 1000 {
		t.Errorf("only %d parts that were copied ahead were of use", taken)
	}
}

// TestFewParts divides very many short runs.
func TestFewParts(t *testing.T) {
	var pieces []Piece
	for i := range int64(12_000) {
		pieces = append(pieces, Piece{Offset: i * (8 << 20), Length: 6 << 20})
	}
	parts := fewParts(pieces)
	if len(parts) > MaxParts || !number(parts) {
		t.Errorf("there are %d parts", len(parts))
	}
	checkParts(t, pieces, parts, MinPart)
}

// TestNumber checks that parts for which no number is left are noticed.
func TestNumber(t *testing.T) {
	parts := []composedPart{{}, {}, {number: 2}}
	if number(parts) {
		t.Errorf("two parts found room before number 2: %+v", parts)
	}
}

func checkParts(t *testing.T, pieces []Piece, parts []composedPart, least int64) {
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
		case part.copied && (least == math.MaxInt64 || len(part.pieces) != 1 || part.pieces[0].Bytes != nil || size > largestCopy):
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
