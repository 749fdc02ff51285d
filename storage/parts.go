package storage

// planParts divides pieces into parts: every part but the last is at least
// MinPart, a copied one at most largestCopy, one that goes through us about
// largestPut. Where copies is false, all goes through us.
func planParts(pieces []Piece, copies bool) []composedPart {
	var plan partPlan
	for _, p := range pieces {
		if copies && p.Bytes == nil && p.Length >= 2*MinPart {
			plan.copyRun(p)
			continue
		}
		for _, chunk := range cutPiece(p, largestPut) {
			plan.put(chunk)
		}
	}
	plan.flush()
	return plan.parts
}

// partPlan is a division in the making: finished parts, and one that still
// gathers pieces.
type partPlan struct {
	parts   []composedPart
	pending composedPart
}

func (l *partPlan) flush() {
	if l.pending.size > 0 {
		l.parts = append(l.parts, l.pending)
	}
	l.pending = composedPart{}
}

func (l *partPlan) put(p Piece) {
	l.pending.pieces = append(l.pending.pieces, p)
	l.pending.size += p.Length
	if l.pending.size >= largestPut {
		l.flush()
	}
}

// copyRun has the store copy a run. A part before it that is too short takes the
// run's beginning.
func (l *partPlan) copyRun(p Piece) {
	if short := MinPart - l.pending.size; l.pending.size > 0 && short > 0 {
		l.put(Piece{Offset: p.Offset, Length: short})
		p.Offset, p.Length = p.Offset+short, p.Length-short
	}
	l.flush()
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
