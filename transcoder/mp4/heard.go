package mp4

import (
	"iter"
	"sort"
)

// Run is samples of a track that follow one another, with those at its ends cut to
// its time where the track is uniform.
type Run struct {
	Span
	of       *Track
	from, to int64 // on the media time line
}

// Run is the samples of a span, whole.
func (t *Track) Run(span Span) Run { return Run{Span: span, of: t, to: -1} }

// Heard is the samples of a sound track that are heard in [from, to), given in the
// track's time scale from the movie's start, and one before them, from which decoders
// warm up. Those of a uniform track are cut to just that time.
func (t *Track) Heard(from, to int64) Run {
	after := sort.Search(t.Len(), func(i int) bool { return t.Time(i) >= to })
	first := sort.Search(t.Len(), func(i int) bool { s := t.Sample(i); return t.Place(s.Display)+int64(s.Duration) > from })
	switch {
	case from >= to || first >= after:
		return t.Run(Span{})
	case !t.Uniform:
		return t.Run(Span{max(0, first-1), after})
	}
	return Run{Span{first, after}, t, from + t.offset, to + t.offset}
}

// Start is when the first of its samples begins, from the movie's start, in the
// track's time scale.
func (r Run) Start() int64 {
	for s := range r.samples() {
		return r.of.Place(s.Display)
	}
	return 0
}

func (r Run) samples() iter.Seq[Sample] {
	return func(yield func(Sample) bool) {
		if r.of == nil {
			return
		}
		for _, s := range r.of.Samples(r.Span) {
			if r.from < r.to {
				s = s.part(r.from, r.to)
			}
			if !yield(s) {
				return
			}
		}
	}
}

// part returns the part of a uniform track's chunk that lies in [from, to) of the
// media's time.
func (s Sample) part(from, to int64) Sample {
	width := s.Size / s.Count
	end := s.Display + int64(s.Count)
	first, after := max(s.Display, from), max(s.Display, from, min(end, to))
	count := uint32(after - first) //nolint:gosec // within the chunk
	s.Offset += (first - s.Display) * int64(width)
	s.Display, s.Count, s.Duration, s.Size = first, count, count, count*width
	return s
}

// Nearest is the sample that begins nearest to a time from the movie's start, or
// the one after the last.
func (t *Track) Nearest(at int64) int {
	n := sort.Search(t.Len(), func(i int) bool { return t.Time(i) >= at })
	switch {
	case n > 0 && n < t.Len() && at-t.Time(n-1) < t.Time(n)-at:
		return n - 1
	case n == t.Len() && n > 0 && at-t.Time(n-1) < int64(t.Sample(n-1).Duration)/2:
		return n - 1
	}
	return n
}
