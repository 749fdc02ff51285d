package storage

import "math"

// planParts divides pieces into parts: every part but the last is at least
// MinPart, a copied one at most largestCopy, one that goes through us about
// largestPut. Runs that leave less than least bytes to be copied go through us. Parts
// that were copied ahead are taken where they fit; the others of them are left out.
func planParts(pieces []Piece, least int64, ahead []composedPart) []composedPart {
	plan := partPlan{ahead: ahead}
	for _, p := range pieces {
		if p.Bytes == nil && p.Length-plan.short() >= least {
			plan.run(p)
			continue
		}
		plan.put(p)
	}
	plan.flush()
	return plan.parts
}

// fewParts divides pieces into no more parts than a store takes: where there are very
// many short runs, the shorter ones go through us.
func fewParts(pieces []Piece) []composedPart {
	least := int64(MinPart)
	parts := planParts(pieces, least, nil)
	for len(parts) > MaxParts && least < math.MaxInt64/2 {
		least *= 2
		parts = planParts(pieces, least, nil)
	}
	return parts
}

// mostAhead is how many parts are copied ahead, so that there is room for the numbers
// of others between them.
const mostAhead = 500

// planAhead is which parts of an object can be copied before all of it is known: runs
// of a source, without the beginning that may have to fill up the part before it.
func planAhead(runs []Piece) []composedPart {
	const before = 2 * MinPart
	var parts []composedPart
	for _, run := range runs {
		if run.Length < 2*before {
			continue
		}
		run.Offset, run.Length = run.Offset+before, run.Length-before
		for _, chunk := range cutPiece(run, largestCopy) {
			parts = append(parts, composedPart{pieces: []Piece{chunk}, copied: true, size: chunk.Length})
		}
	}
	if len(parts) > mostAhead {
		return nil
	}
	// Numbers only have to rise: there is room for others before and between.
	for i := range parts {
		parts[i].number = int32((i + 1) * MaxParts / (len(parts) + 1)) //nolint:gosec // at most MaxParts
	}
	return parts
}

// number gives the parts that have none rising numbers, between those that have some,
// and reports whether there was room.
func number(parts []composedPart) bool {
	last := int32(0)
	for i := range parts {
		switch p := &parts[i]; {
		case p.number == 0:
			last++
			p.number = last
		case p.number <= last:
			return false
		default:
			last = p.number
		}
	}
	return last <= MaxParts
}

// partPlan is a division in the making: finished parts, and one that still
// gathers pieces.
type partPlan struct {
	parts   []composedPart
	pending composedPart
	ahead   []composedPart // that later runs may hold
}

func (l *partPlan) flush() {
	if l.pending.size > 0 {
		l.parts = append(l.parts, l.pending)
	}
	l.pending = composedPart{}
}

// short is how many bytes a part that is followed by another still lacks.
func (l *partPlan) short() int64 {
	if l.pending.size == 0 {
		return 0
	}
	return max(0, MinPart-l.pending.size)
}

// put has a piece go through us.
func (l *partPlan) put(p Piece) {
	for _, chunk := range cutPiece(p, largestPut) {
		l.pending.pieces = append(l.pending.pieces, chunk)
		l.pending.size += chunk.Length
		if l.pending.size >= largestPut {
			l.flush()
		}
	}
}

// run has the store copy a run, but for what it has copied ahead. A part before it that
// is too short takes the run's beginning.
func (l *partPlan) run(p Piece) {
	if short := l.short(); short > 0 {
		l.put(Piece{Offset: p.Offset, Length: short})
		p.Offset, p.Length = p.Offset+short, p.Length-short
	}
	l.flush()
	for len(l.ahead) > 0 {
		next := l.ahead[0]
		before, after := around(p, next.pieces[0])
		if before < 0 || after < 0 || (before > 0 && before < MinPart) {
			break
		}
		l.copy(Piece{Offset: p.Offset, Length: before})
		l.parts, l.ahead = append(l.parts, next), l.ahead[1:]
		p.Offset, p.Length = p.Offset+before+next.size, after
	}
	if p.Length >= MinPart {
		l.copy(p)
	} else if p.Length > 0 {
		l.put(p)
	}
}

// around is how much of a run lies before and after a part of it; one of both is
// negative if it is none.
func around(run, part Piece) (before, after int64) {
	return part.Offset - run.Offset, run.Offset + run.Length - part.Offset - part.Length
}

func (l *partPlan) copy(p Piece) {
	for _, chunk := range cutPiece(p, largestCopy) {
		l.parts = append(l.parts, composedPart{pieces: []Piece{chunk}, copied: true, size: chunk.Length})
	}
}

// cutPiece divides a piece into equal ones of at most limit bytes.
func cutPiece(p Piece, limit int64) []Piece {
	n := max(1, (p.Length+limit-1)/limit)
	size := (p.Length + n - 1) / n
	var chunks []Piece
	for done := int64(0); done < p.Length; done += size {
		chunk := Piece{Offset: p.Offset + done, Length: min(size, p.Length-done)}
		if p.Bytes != nil {
			chunk.Bytes, chunk.Offset = p.Bytes[done:done+chunk.Length], 0
		}
		chunks = append(chunks, chunk)
	}
	return chunks
}
