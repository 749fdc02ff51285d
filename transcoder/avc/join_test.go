package avc_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"subclip/sample"
	"subclip/transcoder/avc"
)

// joint is a master from one of its pictures on, and what comes before.
type joint struct {
	master  stream
	entry   int // sample at which copying begins
	after   int // sample after its leading pictures
	leading int // of these are replaced
	shown   int // place of the entry in display order
}

// joints are the places where copying can begin in an open GOP.
func joints(t *testing.T, m stream) []joint {
	t.Helper()
	var all []joint
	for i, data := range m.samples {
		p := inspect(t, m, data)
		if i == 0 || !p.Intra {
			continue
		}
		if p.Kind == avc.IDR {
			t.Fatalf("picture %d is an IDR picture", i)
		}
		j := joint{master: m, entry: i, after: i + 1, shown: m.shown[i]}
		replaced := false
		for ; j.after < len(m.samples) && m.shown[j.after] < j.shown; j.after++ {
			replaced = replaced || inspect(t, m, m.samples[j.after]).Reference
		}
		if replaced {
			j.leading = j.after - i - 1
		}
		all = append(all, j)
	}
	return all
}

func inspect(t *testing.T, s stream, sample []byte) avc.Picture {
	t.Helper()
	p, err := s.params.Inspect(sample, s.lengthSize)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// plan plans a head of n pictures.
func (j joint) plan(t *testing.T, n int) (*avc.Plan, error) {
	t.Helper()
	copied := []avc.Picture{inspect(t, j.master, j.master.samples[j.entry])}
	rest := j.master.samples[j.entry+1:]
	if j.leading == 0 {
		rest = j.master.samples[j.after:]
	}
	for _, data := range rest[:min(len(rest), 20)] {
		copied = append(copied, inspect(t, j.master, data))
	}
	return j.master.params.Plan(n, copied, j.leading)
}

// first is the place in display order of the first picture of a head of n.
func (j joint) first(n int) int { return j.shown - j.leading - n }

// make writes the joined pictures as a file of nothing but H.264.
func (j joint) make(t *testing.T, n int, head stream, plan *avc.Plan) string {
	t.Helper()
	id, err := j.master.params.FreeID()
	if err != nil {
		t.Fatal(err)
	}
	join, err := plan.Join(head.params, id)
	if err != nil {
		t.Fatal(err)
	}
	var sets, samples [][]byte
	for _, nal := range j.master.sps {
		open, err := avc.AllowGaps(nal)
		if err != nil {
			t.Fatal(err)
		}
		sets = append(sets, open)
	}
	sets = append(append(sets, j.master.pps...), join.PPS())
	add := func(data []byte, err error) {
		if err != nil {
			t.Fatal(err)
		}
		samples = append(samples, data)
	}
	for i := range n {
		add(join.Sample(i, head.samples[i], head.lengthSize, 4))
	}
	add(j.master.samples[j.entry], nil)
	for i := range j.leading {
		add(join.Leading(i, head.samples[j.master.shown[j.entry+1+i]-j.first(0)+n], head.lengthSize, 4))
	}
	return annexB(t, sets, append(samples, j.master.samples[j.after:]...))
}

// check decodes the joined pictures: each must be there, in its place, and the same
// as in the encoder's file or the master's.
func (j joint) check(t *testing.T, head stream, path string, want []string) {
	t.Helper()
	got, said := decode(t, path)
	if said != "" {
		t.Errorf("ffmpeg says: %s", said)
	}
	encoded, _ := decode(t, head.path)
	all := append(slices.Clone(encoded), want[j.shown:]...)
	if len(got) != len(all) {
		t.Fatalf("%d pictures, want %d", len(got), len(all))
	}
	for i := range all {
		if got[i] != all[i] {
			t.Errorf("picture %d, of which %d are encoded, is not as it was", i, len(encoded))
		}
	}
}

// checkNumbers reads the number that each of the joined pictures carries.
func (j joint) checkNumbers(t *testing.T, n int, path string) {
	t.Helper()
	numbers, err := sample.Numbers(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for i, number := range numbers {
		if number != j.first(n)+i {
			t.Fatalf("picture %d carries %d, want %d", i, number, j.first(n)+i)
		}
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	frames := makeFrames(t, 82)
	interlaced := "-flags +ilme+ildct -top 1"
	for _, test := range []struct {
		name         string
		master, head string // for libx264
		args         string // of ffmpeg, for both
		heads        []int
		refused      []int // heads for which there are no numbers at the second joint
		matrix       bool
	}{
		{name: "plain", master: "keyint=24:bframes=3:b-pyramid=none", heads: []int{1, 2, 7, 40}},
		{name: "pyramid", master: "keyint=24:bframes=3:b-pyramid=normal", heads: []int{2, 7, 40}, refused: []int{1}},
		{name: "no leading pictures", master: "keyint=25:bframes=3:b-pyramid=normal", heads: []int{2, 7}, refused: []int{1}},
		{name: "strict pyramid", master: "keyint=24:bframes=3:b-pyramid=strict:ref=5", heads: []int{2, 7}},
		{name: "one reference", master: "keyint=23:bframes=2:b-pyramid=none:ref=1", heads: []int{7}},
		{name: "few numbers", master: "keyint=24:bframes=1:ref=3", heads: []int{1, 7}},
		{name: "CAVLC", master: "keyint=24:bframes=3:cabac=0", head: "cabac=0", heads: []int{2, 7}},
		{name: "10 bit", master: "keyint=24:bframes=3", args: "-pix_fmt yuv422p10le -profile:v high422", heads: []int{7}},
		{name: "main", master: "keyint=24:bframes=3", args: "-profile:v main", heads: []int{2}},
		{name: "baseline", master: "keyint=infinite:min-keyint=200:scenecut=80:ref=1", args: "-profile:v baseline", heads: []int{2, 7}},
		{name: "interlaced", master: "keyint=24:bframes=3", args: interlaced, heads: []int{2, 7}},
		{name: "bottom field first", master: "keyint=24:bframes=3:b-pyramid=none", args: "-flags +ilme+ildct -top 0", heads: []int{1, 7}},
		{name: "interlaced CAVLC", master: "keyint=24:bframes=3:cabac=0", head: "cabac=0", args: interlaced, heads: []int{7}},
		{name: "frames among fields", master: "keyint=24:bframes=3:fake-interlaced=1", head: "fake-interlaced=1", heads: []int{7}},
		{name: "slices", master: "keyint=24:bframes=3:slices=4", head: "slices=3", heads: []int{7}},
		{name: "weights", master: "keyint=24:bframes=3:ref=4", head: "weightp=2", heads: []int{40}},
		{name: "matrix", master: "keyint=24:bframes=3", heads: []int{7}, matrix: true},
		{name: "matrix of pictures", master: "keyint=24:bframes=3:cqm=jvt", heads: []int{7}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			args := strings.Fields(test.args)
			master := makeStream(t, frames, test.master, args...)
			coded := master.path
			if test.matrix {
				master.sps = [][]byte{avc.WithMatrix(master.sps[0])}
				master.params = parse(t, master.sps, master.pps)
				coded = annexB(t, slices.Concat(master.sps, master.pps), master.samples)
			}
			want, said := decode(t, coded)
			if said != "" || len(want) != len(master.samples) {
				t.Fatalf("the master's %d pictures decode to %d: %s", len(master.samples), len(want), said)
			}
			second := joints(t, master)[1]
			for _, n := range test.refused {
				if _, err := second.plan(t, n); err == nil || !strings.Contains(err.Error(), "numbers") {
					t.Errorf("a head of %d: %v", n, err)
				}
			}
			for _, n := range test.heads {
				t.Run(strconv.Itoa(n), func(t *testing.T) {
					plan, err := second.plan(t, n)
					if err != nil {
						t.Fatal(err)
					}
					head := encode(t, master, second.first(n), second.shown, plan.Key, test.head, args...)
					path := second.make(t, n, head, plan)
					second.check(t, head, path, want)
					if !test.matrix { // with it the master does not show what was coded
						second.checkNumbers(t, n, path)
					}
				})
			}
		})
	}
}

// TestWrap joins at every open GOP of a long master, in which numbers and picture
// order wrap in each, so that they stand differently at each joint.
func TestWrap(t *testing.T) {
	t.Parallel()
	master := makeStream(t, makeFrames(t, 130), "keyint=10:min-keyint=10:bframes=3:b-pyramid=normal")
	want, _ := decode(t, master.path)
	made, numbers := 0, map[uint32]bool{}
	for _, j := range joints(t, master)[1:] {
		plan, err := j.plan(t, 4)
		if err != nil {
			continue // some have none, but see below
		}
		made++
		numbers[inspect(t, master, master.samples[j.entry]).FrameNum] = true
		head := encode(t, master, j.first(4), j.shown, plan.Key, "")
		path := j.make(t, 4, head, plan)
		j.check(t, head, path, want)
		j.checkNumbers(t, 4, path)
	}
	if made < 9 || len(numbers) < 4 {
		t.Errorf("%d joints at %d numbers", made, len(numbers))
	}
}
