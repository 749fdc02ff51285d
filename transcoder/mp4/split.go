package mp4

import "slices"

// Entry says how decoding can begin at a sample.
type Entry int

// The kinds of entry.
const (
	NoEntry Entry = iota
	// Refresh is a picture after which nothing needs what was decoded before it.
	Refresh
	// Recovery is a picture that needs no other, after which pictures shown
	// before it (the leading ones of an open GOP) do.
	Recovery
)

// Split is how a range of pictures is made: Head is encoded again, the samples of
// Copy are taken over but for Leading, Tail is encoded again. Head and Tail count
// pictures in display order, Copy and Leading samples in decoding order; all are
// half-open and any may be empty.
type Split struct {
	Head    Span
	Copy    Span
	Leading Span // right after the first of Copy: shown before it, so part of Head
	Tail    Span
	Entry   Entry // that Copy begins with
}

// Copied is how many samples are taken over.
func (s Split) Copied() int { return s.Copy.Len() - s.Leading.Len() }

// Taken are the samples that are taken over.
func (s Split) Taken() []Span {
	if s.Leading.Len() == 0 {
		return []Span{s.Copy}
	}
	return []Span{{s.Copy.From, s.Leading.From}, {s.Leading.To, s.Copy.To}}
}

// Span is a half-open interval.
type Span struct{ From, To int }

// Len is how many things the span holds.
func (s Span) Len() int { return s.To - s.From }

// Candidate is a sample that the tables offer to begin a copy at: how many pictures
// of the range are shown before it, and its leading ones.
type Candidate struct {
	Sample  int
	Head    int
	Leading Span
}

// Split divides the pictures [in, out) of a video track. begins says how decoding
// can truly begin at a sample that the tables offer, whatever they claim.
//
// Copying starts at the first entry shown in the range: of what is decoded from
// there on, all but its leading pictures is shown after it. A recovery point needs
// a picture before it, for players want a refresh first. Copying ends as late as
// the pictures taken so far leave no gap: of the samples in decoding order, the
// longest run whose pictures are, in display order, all those from the first up to
// some picture not after out. What is left is encoded: seldom more than a few
// pictures.
func (t *Track) Split(in, out int, begins func(entry Candidate) (Entry, error)) (Split, error) {
	all := Split{Head: Span{in, out}, Copy: Span{0, 0}, Tail: Span{out, out}}
	if in >= out {
		return all, nil
	}
	place := t.places(in, out)
	for shown := in; shown < out; shown++ {
		sample := t.Shown[shown]
		if !t.Enters(sample) {
			continue
		}
		leading := t.leading(place, sample, shown)
		entry, err := begins(Candidate{sample, shown - in, leading})
		if err != nil {
			return all, err
		}
		if entry == NoEntry || (entry == Recovery && shown == in) {
			continue
		}
		n := t.run(place, sample, leading.Len(), shown)
		if n == 0 {
			continue
		}
		end := sample + leading.Len() + n
		return Split{
			Head: Span{in, shown}, Copy: Span{sample, end}, Leading: Span{leading.From, min(leading.To, end)},
			Tail: Span{shown + n, out}, Entry: entry,
		}, nil
	}
	return all, nil
}

// places tells where in display order samples are.
type places struct {
	first int     // sample
	shown []int32 // of each from there on
}

// places of the samples whose pictures are [in, out).
func (t *Track) places(in, out int) places {
	p := places{first: t.First(Span{in, out})}
	p.shown = make([]int32, slices.Max(t.Shown[in:out])-p.first+1)
	for i := range p.shown {
		p.shown[i] = -1
	}
	for shown, sample := range t.Shown[in:out] {
		p.shown[sample-p.first] = int32(in + shown) //nolint:gosec // fewer than maxSamples
	}
	return p
}

// of a sample, -1 where it is not among them.
func (p places) of(sample int) int {
	if n := sample - p.first; n >= 0 && n < len(p.shown) {
		return int(p.shown[n])
	}
	return -1
}

// leading are the samples right after an entry that are shown before it.
func (t *Track) leading(place places, entry, shown int) Span {
	end, at := entry+1, t.Sample(entry).Display
	for n, s := range t.Samples(Span{end, t.Len()}) {
		if place.of(n) >= shown || s.Display >= at {
			break
		}
		end++
	}
	return Span{entry + 1, end}
}

// run is the length of the longest run of samples from first on, without its
// leading ones, in decoding order, whose pictures are exactly the display order's
// from shown on, and none of them at or after out.
func (t *Track) run(place places, first, leading, shown int) int {
	longest, highest := 0, shown-1
	for n, sample := 1, first; sample < t.Len(); n, sample = n+1, sample+1 {
		at := place.of(sample)
		if at < shown {
			break // a picture that is not shown, or shown before or after
		}
		highest = max(highest, at)
		if highest == shown+n-1 {
			longest = n
		}
		if n == 1 {
			sample += leading
		}
	}
	return longest
}

// GOP is the run of samples that must be decoded to see the pictures of a span
// in display order: from the last sync sample that comes before the first of them
// in either order to the last of them in decoding order.
func (t *Track) GOP(span Span) Span {
	first, last := t.Shown[span.From], t.Shown[span.From]
	for _, sample := range t.Shown[span.From:span.To] {
		first, last = min(first, sample), max(last, sample)
	}
	shown := t.Sample(t.Shown[span.From]).Display
	for first > 0 && (!t.Enters(first) || t.Sample(first).Display > shown) {
		first--
	}
	return Span{first, last + 1}
}

// First is the sample of a span in display order that is decoded first.
func (t *Track) First(span Span) int { return slices.Min(t.Shown[span.From:span.To]) }

// Enters reports whether the tables offer a sample to begin decoding at.
func (t *Track) Enters(sample int) bool {
	return t.tables.sync == nil || t.tables.sync.has(sample) || t.tables.partial.has(sample)
}
