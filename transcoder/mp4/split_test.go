package mp4

import "testing"

// coded makes a track from pictures in decoding order, given as their places in
// display order; those in sync are marked in the tables.
func coded(display []int, sync ...int) *Track {
	var shifts, numbers []uint32
	shown := make([]int, len(display))
	for i, at := range display {
		shifts = append(shifts, 1, uint32(at-i))
		shown[at] = i
	}
	for _, i := range sync {
		numbers = append(numbers, uint32(i+1))
	}
	n := uint32(len(display))
	tables, err := readTables(concat(
		table("stts", n, 1), tableOf("ctts", 2, shifts), tableOf("stss", 1, numbers), table("stsc", 1, n, 1),
		testBox("stsz", words(0, 1, n)), table("stco", 0)), newRoom(int64(n)), false)
	if err != nil {
		panic(err)
	}
	return &Track{Kind: "vide", Timescale: 25, Shown: shown, tables: tables}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	// Two closed groups of six (IPBBPB) and one that is open: its first two
	// pictures in display order are decoded after its I.
	display := []int{0, 3, 1, 2, 5, 4, 6, 9, 7, 8, 11, 10, 14, 12, 13, 17, 15, 16}
	track := coded(display, 0, 6, 12)
	entries := map[int]Entry{0: Refresh, 6: Refresh, 12: Recovery}
	for _, c := range []struct {
		name                      string
		in, out                   int
		head, copy, leading, tail Span
	}{
		{"on a refresh", 6, 18, Span{6, 6}, Span{6, 18}, Span{7, 7}, Span{18, 18}},
		{"one before", 5, 18, Span{5, 6}, Span{6, 18}, Span{7, 7}, Span{18, 18}},
		{"one after: from the recovery point", 7, 18, Span{7, 14}, Span{12, 18}, Span{13, 15}, Span{18, 18}},
		{"right before the recovery point", 13, 18, Span{13, 14}, Span{12, 18}, Span{13, 15}, Span{18, 18}},
		{"on the recovery point", 14, 18, Span{14, 18}, Span{}, Span{}, Span{18, 18}},
		{"the recovery point alone", 9, 15, Span{9, 14}, Span{12, 15}, Span{13, 15}, Span{15, 15}},
		{"ends where a run is whole", 0, 4, Span{0, 0}, Span{0, 4}, Span{1, 1}, Span{4, 4}},
		{"ends before an anchor", 0, 5, Span{0, 0}, Span{0, 4}, Span{1, 1}, Span{4, 5}},
		{"ends inside a run", 0, 3, Span{0, 0}, Span{0, 1}, Span{1, 1}, Span{1, 3}},
		{"the open group's leading pictures", 6, 14, Span{6, 6}, Span{6, 12}, Span{7, 7}, Span{12, 14}},
		{"the open group's I", 6, 15, Span{6, 6}, Span{6, 15}, Span{7, 7}, Span{15, 15}},
		{"one picture", 6, 7, Span{6, 6}, Span{6, 7}, Span{7, 7}, Span{7, 7}},
		{"one picture inside", 8, 9, Span{8, 9}, Span{}, Span{}, Span{9, 9}},
	} {
		got, err := track.Split(c.in, c.out, func(c Candidate) (Entry, error) { return entries[c.Sample], nil })
		want := Split{c.head, c.copy, c.leading, c.tail, entries[c.copy.From]}
		if c.copy.Len() == 0 {
			want.Entry = NoEntry
		}
		if err != nil || got != want {
			t.Errorf("%s: %+v, want %+v (%v)", c.name, got, want, err)
		}
		if taken := got.Copied() + got.Head.Len() + got.Tail.Len(); taken != c.out-c.in {
			t.Errorf("%s: %d pictures of %d", c.name, taken, c.out-c.in)
		}
	}
}

// TestGOP checks that an edge is decoded from the sync sample before it to the
// last picture that it needs.
func TestGOP(t *testing.T) {
	t.Parallel()
	track := coded([]int{0, 3, 1, 2, 5, 4, 6, 9, 7, 8}, 0, 6)
	for span, want := range map[Span]Span{{1, 3}: {0, 4}, {4, 6}: {0, 6}, {5, 8}: {0, 9}, {7, 8}: {6, 9}} {
		if got := track.GOP(span); got != want {
			t.Errorf("%v is decoded from %v, want %v", span, got, want)
		}
	}
}

func TestRescale(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		t        int64
		from, to uint32
		want     int64
	}{{1001, 30000, 48000, 1602}, {12800, 12800, 90000, 90000}, {1 << 50, 48000, 90000, 1 << 50 / 8 * 15}, {0, 1, 1, 0}, {1, 3, 2, 1}} {
		if got := Rescale(c.t, c.from, c.to); got != c.want {
			t.Errorf("%d of %d is %d of %d, want %d", c.t, c.from, got, c.to, c.want)
		}
	}
}
