package mp4

// Split is how a range of pictures is made: Head is encoded again, the samples of
// Copy are taken over, Tail is encoded again. Head and Tail count pictures in
// display order, Copy samples in decoding order; all are half-open and any may
// be empty.
type Split struct {
	Head Span
	Copy Span
	Tail Span
}

// Span is a half-open interval.
type Span struct{ From, To int }

// Len is how many things the span holds.
func (s Span) Len() int { return s.To - s.From }

// Split divides the pictures [in, out) of a video track. begins says whether
// decoding can truly begin at a sample: an instantaneous refresh, whatever the
// sync table claims.
//
// Copying starts at the first such sample shown in the range, since all that is
// decoded from there on is shown after it. It ends as late as the pictures taken
// so far leave no gap: of the samples in decoding order, the longest run whose
// pictures are, in display order, all those from the first up to some picture
// not after out. What is left is encoded: seldom more than a few pictures.
func (t *Track) Split(in, out int, begins func(sample int) (bool, error)) (Split, error) {
	all := Split{Head: Span{in, out}, Copy: Span{0, 0}, Tail: Span{out, out}}
	place := t.places()
	for shown := in; shown < out; shown++ {
		sample := t.Shown[shown]
		if !t.Samples[sample].Sync {
			continue
		}
		ok, err := begins(sample)
		if err != nil {
			return all, err
		}
		if !ok {
			continue
		}
		n := t.run(place, sample, shown, out)
		if n == 0 {
			continue
		}
		return Split{Head: Span{in, shown}, Copy: Span{sample, sample + n}, Tail: Span{shown + n, out}}, nil
	}
	return all, nil
}

// places is the inverse of Shown: each sample's place in display order, -1 where
// it is not shown.
func (t *Track) places() []int {
	place := make([]int, len(t.Samples))
	for i := range place {
		place[i] = -1
	}
	for shown, sample := range t.Shown {
		place[sample] = shown
	}
	return place
}

// run is the length of the longest run of samples from first on, in decoding
// order, whose pictures are exactly the display order's from shown on, and none
// of them at or after out.
func (t *Track) run(place []int, first, shown, out int) int {
	longest, highest := 0, shown-1
	for n := 1; first+n <= len(t.Samples); n++ {
		at := place[first+n-1]
		if at < shown {
			break // a picture that is not shown, or shown before
		}
		highest = max(highest, at)
		if highest >= out {
			break
		}
		if highest == shown+n-1 {
			longest = n
		}
	}
	return longest
}

// GOP is the run of samples that must be decoded to see the pictures of a span
// in display order: from the last sync sample before the first of them to the
// last of them in decoding order.
func (t *Track) GOP(span Span) Span {
	first, last := t.Shown[span.From], t.Shown[span.From]
	for _, sample := range t.Shown[span.From:span.To] {
		first, last = min(first, sample), max(last, sample)
	}
	for first > 0 && !t.Samples[first].Sync {
		first--
	}
	return Span{first, last + 1}
}
