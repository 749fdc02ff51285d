package mp4

import (
	"cmp"
	"iter"
	"slices"
)

// NewSample is one sample of a new track: its bytes given, or where they are in
// the source.
type NewSample struct {
	Bytes    []byte
	Offset   int64
	Size     uint32
	Count    uint32 // as in Sample
	Sync     bool
	Recovery bool  // as in Sample; not written
	Display  int64 // from the new media's start, in the track's time scale
	Group    int   // samples lie in the file by group, then by their place in the source

	description uint32 // as in Sample; 0: given
}

// New is the sample as one of a new track, shown at the same time.
func (s Sample) New() NewSample {
	return NewSample{Offset: s.Offset, Size: s.Size, Count: s.Count, Sync: s.Sync, Recovery: s.Recovery, Display: s.Display, description: s.description}
}

// Edit is a stretch of a track's media that a player shows; Media -1 is a wait.
type Edit struct {
	Media  int64 // time on the media time line, in the track's time scale
	Length int64 // in the track's time scale
}

// NewTrack is a track to be written: the source's, with other samples, which are added
// in decoding order. End is when the last of them ends.
type NewTrack struct {
	Of     *Track
	End    int64
	Edits  []Edit
	Config Config // of pictures, if not the source's

	parts   []part
	decode  []int64 // times of decoding
	offsets []int64 // in the new file, from the first byte of its media
	shift   int64   // added to display times so that none comes before its decoding
	shifted bool    // some are shown later than decoded
	partial bool    // some are recovery points that are no sync samples
	sorted  bool    // they lie in the file in the order of decoding
	count   uint32  // samples, those in whole chunks counted
	entry   []byte  // the sample description
}

// part is samples of a new track that follow one another: given one by one, or a run
// of the source's.
type part struct {
	given   []NewSample
	run     Run
	earlier int64 // than in the source
	lasting bool  // each begins when the one before ends, the first at -earlier
	group   int
}

// Add adds samples one by one.
func (t *NewTrack) Add(samples ...NewSample) { t.parts = append(t.parts, part{given: samples}) }

// Take takes over samples that follow one another in the source, each shown so much
// earlier than there.
func (t *NewTrack) Take(samples Span, earlier int64, group int) {
	t.parts = append(t.parts, part{run: t.Of.Run(samples), earlier: earlier, group: group})
}

// Append takes over samples that follow one another in the source. They begin at End,
// and each when the one before it ends.
func (t *NewTrack) Append(r Run, group int) {
	t.parts = append(t.parts, part{run: r, earlier: -t.End, lasting: true, group: group})
	for s := range r.samples() {
		t.End += int64(s.Duration)
	}
}

// Len is how many samples the track has.
func (t *NewTrack) Len() int {
	n := 0
	for _, p := range t.parts {
		n += len(p.given) + p.run.Len()
	}
	return n
}

// all yields the samples, in decoding order.
func (t *NewTrack) all() iter.Seq2[int, NewSample] {
	return func(yield func(int, NewSample) bool) {
		n := 0
		for _, p := range t.parts {
			for s := range p.samples() {
				if !yield(n, s) {
					return
				}
				n++
			}
		}
	}
}

func (p part) samples() iter.Seq[NewSample] {
	if p.given != nil {
		return slices.Values(p.given)
	}
	return func(yield func(NewSample) bool) {
		played := int64(0)
		for s := range p.run.samples() {
			taken := s.New()
			if taken.Group = p.group; p.lasting {
				taken.Display = played
			}
			taken.Display -= p.earlier
			if !yield(taken) {
				return
			}
			played += int64(s.Duration)
		}
	}
}

// Runs are the runs of the source that a new file with these tracks takes over.
func Runs(tracks []*NewTrack) ([]Piece, error) {
	for _, t := range tracks {
		if err := t.measure(); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(arrange(tracks), func(p Piece) bool { return p.Bytes != nil }), nil
}

// Build lays out a new file with these tracks, index first.
func (m *Movie) Build(tracks []*NewTrack) (Layout, error) {
	for _, t := range tracks {
		if err := t.measure(); err != nil {
			return nil, err
		}
	}
	media := arrange(tracks)
	head, err := m.index(tracks, media.Size())
	if err != nil {
		return nil, err
	}
	return append(Layout{{Bytes: head, Length: int64(len(head))}}, media...), nil
}

// measure looks the samples over before they are written. Times of decoding are the
// times of display in rising order, which is regular whenever the pictures are, and
// display times are moved so that none comes before its decoding.
func (t *NewTrack) measure() error {
	t.decode = make([]int64, t.Len())
	t.sorted, t.partial, t.count = true, false, 0
	description := uint32(0)
	var last NewSample
	for i, s := range t.all() {
		t.decode[i] = s.Display
		t.sorted = t.sorted && (i == 0 || inFile(last, s) <= 0)
		t.partial = t.partial || s.Recovery && !s.Sync
		t.count += s.Count
		if s.description != 0 && description != 0 && s.description != description && len(t.Of.entries) > 1 {
			return unsupported("the samples of track %d between the marks are of several sample descriptions", t.Of.ID)
		}
		description = max(description, s.description)
		last = s
	}
	slices.Sort(t.decode)
	latest := int64(0)
	t.shift = 0
	for i, s := range t.all() {
		late := s.Display - t.decode[i]
		t.shift, latest = max(t.shift, -late), max(latest, late)
	}
	t.shifted = t.shift+latest > 0
	var err error
	if t.entry = t.Of.entry; description != 0 {
		t.entry, err = t.Of.description(description)
	}
	return err
}

// arrange puts all samples in the order in which they lie in the file, gives
// each its place, and joins neighbours that are neighbours in the source too.
func arrange(tracks []*NewTrack) Layout {
	waiting := make([]*queue, 0, len(tracks))
	for _, t := range tracks {
		t.offsets = make([]int64, t.Len())
		q := &queue{track: t}
		next, stop := iter.Pull2(t.inFile())
		defer stop()
		q.pull = next
		if q.advance() {
			waiting = append(waiting, q)
		}
	}
	var layout Layout
	at := int64(0)
	for len(waiting) > 0 {
		first := 0
		for i, q := range waiting[1:] {
			if inFile(q.sample, waiting[first].sample) < 0 {
				first = i + 1
			}
		}
		q := waiting[first]
		q.track.offsets[q.index] = at
		at += int64(q.sample.Size)
		layout = layout.add(&q.sample)
		if !q.advance() {
			waiting = slices.Delete(waiting, first, first+1)
		}
	}
	return layout
}

// queue is a track's samples that wait for their place.
type queue struct {
	track  *NewTrack
	index  int
	sample NewSample
	pull   func() (int, NewSample, bool)
}

func (q *queue) advance() (more bool) {
	q.index, q.sample, more = q.pull()
	return more
}

// inFile compares samples by where they lie in the file.
func inFile(a, b NewSample) int {
	return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Offset, b.Offset))
}

// inFile yields the samples in the order in which they lie in the file, with their
// indexes. Nearly always that is the order of decoding.
func (t *NewTrack) inFile() iter.Seq2[int, NewSample] {
	if t.sorted {
		return t.all()
	}
	type indexed struct {
		index int
		NewSample
	}
	all := make([]indexed, 0, t.Len())
	for i, s := range t.all() {
		all = append(all, indexed{i, s})
	}
	slices.SortStableFunc(all, func(a, b indexed) int { return inFile(a.NewSample, b.NewSample) })
	return func(yield func(int, NewSample) bool) {
		for _, s := range all {
			if !yield(s.index, s.NewSample) {
				return
			}
		}
	}
}
