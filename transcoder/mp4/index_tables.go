package mp4

import (
	"iter"
	"math"
)

// tables writes the new track's sample tables. Of those of the source only whether it
// names sync samples matters, and how it describes them.
func (w *indexWriter) tables(t *NewTrack, stsd []byte) {
	w.box("stsd", func() {
		w.bytes(stsd[:4])
		w.words(1)
		w.bytes(t.Config.within(t.entry))
	})
	w.times(t)
	w.shifts(t)
	if t.Of.tables.sync != nil {
		w.numbers(t, "stss", func(s NewSample) bool { return s.Sync })
	}
	if t.partial {
		w.numbers(t, "stps", func(s NewSample) bool { return s.Recovery && !s.Sync })
	}
	w.table("stsc", 0, func() uint32 { return w.chunkRuns(t) })
	w.sizes(t)
	w.table("co64", 0, func() (rows uint32) {
		start := len(w.data)
		for at := range t.chunks() {
			w.long(at)
			rows++
		}
		w.chunks = append(w.chunks, Span{start, len(w.data)})
		return rows
	})
}

// times writes stts: how long samples last.
func (w *indexWriter) times(t *NewTrack) {
	w.table("stts", 0, func() uint32 {
		if t.Of.Uniform {
			w.words(t.count, 1)
			return 1
		}
		p := pairs{w: w}
		for i, at := range t.decode {
			next := t.End
			if i+1 < len(t.decode) {
				next = t.decode[i+1]
			}
			p.add(uint32(max(0, next-at))) //nolint:gosec // a sample's length
		}
		return p.end()
	})
}

// shifts writes ctts, if any sample is shown later than it is decoded.
func (w *indexWriter) shifts(t *NewTrack) {
	if t.Of.Uniform || !t.shifted {
		return
	}
	w.table("ctts", 0, func() uint32 {
		p := pairs{w: w}
		for i, s := range t.all() {
			p.add(uint32(min(s.Display+t.shift-t.decode[i], math.MaxInt32))) //nolint:gosec // bounded, and never negative
		}
		return p.end()
	})
}

// pairs writes numbers that often repeat: how many in a row are the same, and what
// they are.
type pairs struct {
	w            *indexWriter
	number, same uint32
	rows         uint32
}

func (p *pairs) add(number uint32) {
	if p.same > 0 && p.number != number {
		p.end()
	}
	p.number, p.same = number, p.same+1
}

// end writes the last ones and returns how many rows there are.
func (p *pairs) end() uint32 {
	if p.same > 0 {
		p.w.words(p.same, p.number)
		p.rows, p.same = p.rows+1, 0
	}
	return p.rows
}

// numbers writes a table of the numbers of some samples.
func (w *indexWriter) numbers(t *NewTrack, kind string, wanted func(NewSample) bool) {
	w.table(kind, 0, func() (rows uint32) {
		for i, s := range t.all() {
			if wanted(s) {
				w.words(uint32(i + 1)) //nolint:gosec // fewer than maxSamples
				rows++
			}
		}
		return rows
	})
}

// sizes writes stsz.
func (w *indexWriter) sizes(t *NewTrack) {
	w.box("stsz", func() {
		if t.Of.Uniform {
			w.words(0, t.Of.tables.width, t.count)
			return
		}
		w.words(0, 0, t.count)
		for _, s := range t.all() {
			w.words(s.Size)
		}
	})
}

// chunks yields the samples that lie side by side in the new file: where they begin,
// and how many they are.
func (t *NewTrack) chunks() iter.Seq2[int64, uint32] {
	return func(yield func(int64, uint32) bool) {
		start, end, count := int64(0), int64(-1), uint32(0)
		for i, s := range t.all() {
			if at := t.offsets[i]; at != end {
				if count > 0 && !yield(start, count) {
					return
				}
				start, count = at, 0
			}
			end, count = t.offsets[i]+int64(s.Size), count+s.Count
		}
		if count > 0 {
			yield(start, count)
		}
	}
}

// chunkRuns writes the rows of stsc: from which chunk on there are how many samples
// in each.
func (w *indexWriter) chunkRuns(t *NewTrack) (rows uint32) {
	chunk, previous := uint32(0), uint32(0)
	for _, count := range t.chunks() {
		chunk++
		if count != previous {
			w.words(chunk, count, 1)
			rows++
		}
		previous = count
	}
	return rows
}
