package mp4

import (
	"encoding/binary"
	"math"
)

// bytesASample is about how much of an index a sample takes: its size, its shift,
// and its part of a chunk.
const bytesASample = 20

// index writes what comes before the new file's media, of size bytes: ftyp, moov and
// the header of mdat.
func (m *Movie) index(tracks []*NewTrack, size int64) ([]byte, error) {
	estimate := len(m.ftyp) + m.said() + 1024
	for _, t := range tracks {
		estimate += len(t.Of.box) - len(find(t.Of.box, "mdia", "minf", "stbl")) + len(t.entry) + bytesASample*t.Len() + 1024
	}
	w := &indexWriter{writer: writer{make([]byte, 0, estimate)}, kept: map[uint32]bool{}, movieScale: m.scaleFor(tracks)}
	for _, t := range tracks {
		w.kept[t.Of.ID] = true
	}
	w.bytes(m.ftyp)
	w.box("moov", func() { w.movie(m, tracks) })
	w.words(1)
	w.bytes([]byte("mdat"))
	w.long(size + 16)
	w.placeChunks()
	if len(w.data) > maxIndex {
		return nil, unsupported("the clip's index would be %d MiB long", len(w.data)>>20)
	}
	return w.data, nil
}

// indexWriter writes a new moov.
type indexWriter struct {
	writer
	movieScale uint32
	kept       map[uint32]bool // tracks, by number
	chunks     []Span          // where the chunk tables lie in data
}

// placeChunks makes places in the media, from its first byte, places in the file.
func (w *indexWriter) placeChunks() {
	start := uint64(len(w.data))
	for _, table := range w.chunks {
		for at := table.From; at < table.To; at += 8 {
			binary.BigEndian.PutUint64(w.data[at:], binary.BigEndian.Uint64(w.data[at:])+start)
		}
	}
}

func (w *indexWriter) movie(m *Movie, tracks []*NewTrack) {
	h := m.header
	h.middle = binary.BigEndian.AppendUint32(nil, w.movieScale)
	h.duration = 0
	for _, t := range tracks {
		h.duration = max(h.duration, t.length(w.movieScale))
	}
	w.header("mvhd", h)
	for _, t := range tracks {
		w.box("trak", func() { w.track(t) })
	}
	for b := range boxes(m.moov) {
		if b.kind == "udta" || b.kind == "meta" {
			w.saying(b)
		}
	}
}

// track writes the new track's box, the source's with new times and tables.
func (w *indexWriter) track(t *NewTrack) {
	for b := range once(t.Of.box, "tkhd", "mdia") {
		switch b.kind {
		case "tkhd":
			h, _ := readHeader(b.body, trackFields)
			h.duration = t.length(w.movieScale)
			w.header(b.kind, h)
			w.box("edts", func() { w.edits(t) })
		case "edts":
		case "tref":
			w.references(b.body)
		case "udta", "meta":
			w.saying(b)
		case "mdia":
			w.box(b.kind, func() { w.media(t, b.body) })
		default:
			w.bytes(b.raw)
		}
	}
}

// length is how long the track is shown, in the movie's time scale.
func (t *NewTrack) length(movieScale uint32) uint64 {
	var length uint64
	for _, e := range t.Edits {
		length += uint64(Rescale(e.Length, t.Of.Timescale, movieScale)) //nolint:gosec // lengths are positive
	}
	return length
}

func (w *indexWriter) edits(t *NewTrack) {
	w.table("elst", 1, func() uint32 {
		for _, e := range t.Edits {
			media := e.Media
			if media >= 0 {
				media += t.shift
			}
			w.long(Rescale(e.Length, t.Of.Timescale, w.movieScale))
			w.long(media)
			w.words(normalSpeed)
		}
		return uint32(len(t.Edits)) //nolint:gosec // a few
	})
}

func (w *indexWriter) media(t *NewTrack, mdia []byte) {
	for b := range once(mdia, "mdhd", "minf") {
		switch b.kind {
		case "mdhd":
			h, _ := readHeader(b.body, scaleFields)
			h.middle = binary.BigEndian.AppendUint32(nil, t.Of.Timescale)
			h.duration = uint64(t.End) //nolint:gosec // lengths are positive
			w.header(b.kind, h)
		case "minf":
			w.box(b.kind, func() {
				for inner := range once(b.body, "stbl") {
					if inner.kind == "stbl" {
						w.box(inner.kind, func() { w.tables(t, find(inner.body, "stsd")) })
						continue
					}
					w.bytes(inner.raw)
				}
			})
		default:
			w.bytes(b.raw)
		}
	}
}

// scaleFor is a movie time scale in which the length of every edit is whole, if
// one fits: edits are what keeps sound and picture aligned to the sample.
func (m *Movie) scaleFor(tracks []*NewTrack) uint32 {
	scale := uint64(1)
	for _, t := range tracks {
		n := uint64(t.Of.Timescale)
		a, b := scale, n
		for b != 0 {
			a, b = b, a%b
		}
		if scale/a*n > math.MaxInt32 {
			return max(m.timescale, tracks[0].Of.Timescale)
		}
		scale = scale / a * n
	}
	return uint32(scale)
}
