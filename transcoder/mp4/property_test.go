package mp4

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// rounds is how many random tables each property is tried on.
const rounds = 3000

// model is a track as a list of samples, and what its tables are made of.
type model struct {
	samples []Sample
	tables  []byte
	size    int64 // of the file
}

// randomModel makes tables of a few samples of any kind: runs of any length, empty
// rows, chunks anywhere, pictures shown in another order than decoded.
func randomModel(r *rand.Rand) model {
	m := model{samples: make([]Sample, 1+r.IntN(150))}
	n := len(m.samples)
	display := randomOrder(r, n)
	var times, shifts, sizes, sync, partial, runs, chunks []uint32
	at, runLeft, runOf := int64(0), 0, uint32(1)
	for i := range m.samples {
		s := &m.samples[i]
		if runLeft == 0 {
			runLeft, runOf = 1+r.IntN(20), 1
			if r.IntN(3) == 0 {
				runOf = uint32(r.IntN(4))
			}
		}
		runLeft--
		s.Duration = runOf
		s.Display = int64(display[i])
		times = append(times, 1, s.Duration)
		if r.IntN(20) == 0 {
			times = append(times, 0, 7)
		}
		shifts = append(shifts, 1, uint32(int32(s.Display-at)))
		at += int64(s.Duration)
		s.Size, s.Count, s.description = uint32(r.IntN(50)), 1, 1
		sizes = append(sizes, s.Size)
		if s.Sync = i == 0 || r.IntN(6) == 0; s.Sync {
			sync = append(sync, uint32(i+1))
		}
		if s.Recovery = r.IntN(9) == 0; s.Recovery {
			partial = append(partial, uint32(i+1))
		}
	}
	place := int64(0)
	for i, chunk := 0, uint32(1); i < n; chunk++ {
		count := 1 + r.IntN(5)
		place += int64(r.IntN(100))
		chunks = append(chunks, uint32(place))
		runs = append(runs, chunk, uint32(count), 1)
		for ; count > 0 && i < n; i, count = i+1, count-1 {
			m.samples[i].Offset = place
			place += int64(m.samples[i].Size)
		}
	}
	m.size = place + 1
	m.tables = concat(
		testBox("stsd", words(0, 1), testBox("test")),
		tableOf("stts", 2, times), tableOf("ctts", 2, shifts), tableOf("stss", 1, sync), recoveryTable(r, partial),
		tableOf("stsc", 3, runs), testBox("stsz", words(0, 0, uint32(n)), words(sizes...)), tableOf("stco", 1, chunks))
	return m
}

// recoveryTable lists recovery points by number, as QuickTime does, or as a group of
// samples.
func recoveryTable(r *rand.Rand, numbers []uint32) []byte {
	if r.IntN(2) == 0 {
		return tableOf("stps", 1, numbers)
	}
	var groups []uint32
	next := uint32(1)
	for _, n := range numbers {
		groups = append(groups, n-next, 0, 1, 1)
		next = n + 1
	}
	return testBox("sbgp", words(0), []byte("rap "), words(uint32(len(groups)/2)), words(groups...))
}

// randomOrder is places in display order of samples in decoding order, of which most
// come near their place.
func randomOrder(r *rand.Rand, n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	for from := 0; from < n; {
		to := min(n, from+1+r.IntN(7))
		r.Shuffle(to-from, func(i, j int) { order[from+i], order[from+j] = order[from+j], order[from+i] })
		from = to - r.IntN(2)*min(1, to-from-1)
	}
	return order
}

func (m model) track(t *testing.T) *Track {
	t.Helper()
	tables, err := readTables(m.tables, newRoom(m.size), false)
	if err != nil {
		t.Fatal(err)
	}
	return &Track{Kind: "vide", Timescale: 25, tables: tables, entries: descriptions(m.tables), entry: descriptions(m.tables)[0]}
}

// TestTables compares what tables say with the list of samples they were made of.
func TestTables(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 1))
		m := randomModel(r)
		track := m.track(t)
		from := r.IntN(len(m.samples))
		var got []Sample
		for _, s := range track.Samples(Span{from, len(m.samples)}) {
			got = append(got, s)
		}
		if !slices.Equal(got, m.samples[from:]) {
			t.Fatalf("seed %d: samples from %d are %+v, want %+v", seed, from, got, m.samples[from:])
		}
		n := r.IntN(len(m.samples))
		if s := track.Sample(n); s != m.samples[n] || track.Enters(n) != (s.Sync || s.Recovery) {
			t.Fatalf("seed %d: sample %d is %+v, want %+v", seed, n, s, m.samples[n])
		}
		first := int64(r.IntN(len(m.samples)))
		end := first + int64(r.IntN(len(m.samples)))
		track.show(first, end)
		for i := range track.Shown {
			if at := m.samples[track.Shown[i]].Display; at != first+int64(i) {
				t.Fatalf("seed %d: picture %d of those from %d on is shown at %d", seed, i, first, at)
			}
		}
		if want := max(0, min(end, int64(len(m.samples)))-first); int64(len(track.Shown)) != want {
			t.Fatalf("seed %d: %d pictures are shown, want %d", seed, len(track.Shown), want)
		}
	}
}

// TestSplitHolds cuts random tables by random marks, with entries that are not what the
// tables claim: each marked picture is made in one way, and nothing else is.
func TestSplitHolds(t *testing.T) {
	t.Parallel()
	kinds := map[Entry]int{}
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 2))
		m := randomModel(r)
		track := m.track(t)
		first := int64(r.IntN(max(1, len(m.samples)/4)))
		track.show(first, int64(len(m.samples)-r.IntN(len(m.samples)/4+1)))
		if len(track.Shown) == 0 {
			continue
		}
		in := r.IntN(len(track.Shown))
		out := in + 1 + r.IntN(len(track.Shown)-in)
		truly := func(sample int) Entry { return Entry((uint64(sample)*7 + seed) % 3) }
		split, err := track.Split(in, out, func(c Candidate) (Entry, error) { return truly(c.Sample), nil })
		if err != nil {
			t.Fatal(err)
		}
		if why := wrong(track, split, in, out, truly); why != "" {
			t.Fatalf("seed %d: %d to %d is %+v: %s\n%+v\nshown %v", seed, in, out, split, why, m.samples, track.Shown)
		}
		kinds[split.Entry]++
	}
	for _, kind := range []Entry{NoEntry, Refresh, Recovery} {
		if kinds[kind] < rounds/20 {
			t.Errorf("of %d cuts only %d begin a copy by %d", rounds, kinds[kind], kind)
		}
	}
}

// wrong says what does not hold of a split.
func wrong(t *Track, s Split, in, out int, truly func(sample int) Entry) string {
	if s.Head.From != in || s.Tail.To != out || s.Head.Len() < 0 || s.Tail.Len() < 0 || s.Copied() < 0 {
		return "head and tail do not end at the marks"
	}
	made := map[int]int{}
	for _, span := range []Span{s.Head, s.Tail} {
		for shown := span.From; shown < span.To; shown++ {
			made[t.Shown[shown]]++
		}
	}
	copied := 0
	for _, span := range s.Taken() {
		for sample := span.From; sample < span.To; sample++ {
			if place := slices.Index(t.Shown, sample); place < in || place >= out {
				return "a copied picture is not between the marks"
			}
			made[sample]++
			copied++
		}
	}
	for _, sample := range t.Shown[in:out] {
		if made[sample] != 1 {
			return "a picture is not made once"
		}
	}
	if len(made) != out-in || copied != s.Copied() {
		return "something else is made"
	}
	if copied == 0 {
		return ""
	}
	entry := s.Copy.From
	if s.Entry == NoEntry || s.Entry != truly(entry) || !t.Enters(entry) || s.Entry == Recovery && s.Head.Len() == 0 {
		return "decoding cannot begin at the entry"
	}
	if longer(t, s, out) {
		return "the copy could be longer"
	}
	return wrongLeading(t, s, in)
}

// longer reports whether more samples could be copied without a gap.
func longer(t *Track, s Split, out int) bool {
	first := slices.Index(t.Shown, s.Copy.From)
	places := []int{first}
	for sample := s.Leading.To; sample < t.Len(); sample++ {
		place := slices.Index(t.Shown, sample)
		if place < first || place >= out {
			return false
		}
		places = append(places, place)
		if sample >= s.Copy.To && slices.Max(places) == first+len(places)-1 {
			return true
		}
	}
	return false
}

// wrongLeading says what does not hold of the pictures that are shown before the entry
// that they follow.
func wrongLeading(t *Track, s Split, in int) string {
	at := t.Sample(s.Copy.From).Display
	for sample := s.Copy.From + 1; sample < s.Copy.To; sample++ {
		before, leads := t.Sample(sample).Display < at, sample >= s.Leading.From && sample < s.Leading.To
		if before != leads {
			return "what is shown before the entry is not what leads"
		}
		place := slices.Index(t.Shown, sample)
		if leads && place >= in && (place < s.Head.From || place >= s.Head.To) {
			return "a leading picture is not part of the head"
		}
	}
	return ""
}

// TestHeardHolds cuts random sounds at random times: all that is heard is taken, of
// uncompressed sound no more, of coded sound at most a frame before it and the rest of
// one after.
func TestHeardHolds(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 3))
		uniform := r.IntN(2) == 0
		track, length := randomSound(t, r, uniform)
		from := int64(r.IntN(int(length)+20) - 10)
		to := from + int64(r.IntN(int(length)))
		start, end := max(from, 0), min(to, length)
		made := &NewTrack{Of: track}
		run := track.Heard(from, to)
		made.Append(run, 1)
		if start >= end {
			if made.Len() > 0 {
				t.Fatalf("seed %d: something is heard from %d to %d", seed, from, to)
			}
			continue
		}
		got := run.Start()
		if uniform && (got != start || got+made.End != end) || !uniform && (got > start || got+made.End < end) {
			t.Fatalf("seed %d: from %d to %d are taken for %d to %d", seed, got, got+made.End, from, to)
		}
		var played int64
		for _, s := range made.all() {
			if first := track.tables.sample(0).Offset; uniform && s.Offset != first+4*(got+played) {
				t.Fatalf("seed %d: the sample at %d lies at byte %d", seed, got+played, s.Offset)
			}
			played += int64(max(s.Count, 1))
		}
	}
}

// randomSound is a track of samples that lie side by side from byte 10 on, and how long
// it lasts.
func randomSound(t *testing.T, r *rand.Rand, uniform bool) (*Track, int64) {
	t.Helper()
	const width = 4
	n := uint32(1 + r.IntN(300))
	unit := uint32(1)
	if !uniform {
		unit = 10
	}
	var runs, chunks []uint32
	for i, chunk := uint32(0), uint32(1); i < n; chunk++ {
		count := uint32(1 + r.IntN(90))
		runs, chunks = append(runs, chunk, count, 1), append(chunks, 10+width*i)
		i += count
	}
	tables, err := readTables(concat(
		table("stts", n, unit), tableOf("stsc", 3, runs), testBox("stsz", words(0, width, n)), tableOf("stco", 1, chunks)),
		newRoom(int64(10+width*n)), true)
	if err != nil {
		t.Fatal(err)
	}
	return &Track{Kind: "soun", Timescale: 48_000, tables: tables, Uniform: tables.total > 0}, int64(n * unit)
}
