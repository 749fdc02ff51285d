package transcoder

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"subclip/timecode"
)

func composed(t *testing.T, s Source, req Request) []string {
	t.Helper()
	p, err := NewPlan(s, req)
	if err != nil {
		t.Fatal(err)
	}
	args, err := compose(s, p, "/in.mp4", "/out.mp4")
	if err != nil {
		t.Fatal(err)
	}
	return args
}

// option returns the values of an option, in order.
func option(args []string, name string) []string {
	var values []string
	for i, arg := range args[:len(args)-1] {
		if arg == name {
			values = append(values, args[i+1])
		}
	}
	return values
}

func mp4Source(sounds int) Source {
	s := Source{Container: "mp4", Timecode: timecode.Base{Rate: timecode.Rate{Num: 25, Den: 1}}, Frames: 100_000, Video: VideoTrack{Codec: "h264"}}
	for i := range sounds {
		s.Audio = append(s.Audio, AudioTrack{Index: 1 + i, Codec: "aac"})
	}
	return s
}

func TestComposeOpensHalfAFrameEarly(t *testing.T) {
	t.Parallel()
	s := mp4Source(1)
	for in, want := range map[int64]string{0: "0", 1: "0.020000", 100: "3.980000"} {
		if got := option(composed(t, s, Request{Ranges: []Range{{in, in + 10}}}), "-ss"); len(got) != 1 || got[0] != want {
			t.Errorf("frame %d is opened at %v s, want %s", in, got, want)
		}
	}
	s.Container = "ts"
	if got := option(composed(t, s, Request{Ranges: []Range{{100, 110}}}), "-ss"); got != nil {
		t.Errorf("a container without an index is opened at %v", got)
	}
}

// The graph builder tells inputs apart by the sum of weak hashes of their options.
func TestComposeKeepsInputsApart(t *testing.T) {
	t.Parallel()
	s := mp4Source(1)
	s.VideoStart = 0.02 // makes inputs open at whole seconds
	requests := [][]Range{
		{{30, 40}, {30, 40}},
		{{25 * 65, 25*65 + 10}, {25 * 64, 25*64 + 10}},
		{{50, 50 + 99}, {100, 100 + 49}},
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		a, b := 25*random.Int64N(100), 25*random.Int64N(100)
		requests = append(requests, []Range{{a, a + 10}, {b, b + 10}, {a, a + 11}, {b, b + 11}})
	}
	for _, ranges := range requests {
		for _, container := range []string{"mp4", "ts"} {
			s.Container = container
			args := composed(t, s, Request{Ranges: ranges})
			if got := len(option(args, "-i")); got != len(ranges) {
				t.Errorf("%v, %s: %d inputs", ranges, container, got)
			}
		}
	}
}

// The builder sorts what a filter gives out by name, as text.
func TestComposeKeepsManySoundsInOrder(t *testing.T) {
	t.Parallel()
	const sounds = 16
	args := composed(t, mp4Source(sounds), Request{Ranges: []Range{{10, 20}, {30, 40}}})
	graph := option(args, "-filter_complex")[0]
	given := regexp.MustCompile(`concat=[^\[]*((?:\[\w+\])+)`).FindStringSubmatch(graph)
	if given == nil {
		t.Fatalf("nothing is joined in %s", graph)
	}
	outs := strings.Split(strings.Trim(given[1], "[]"), "][")
	// The first is the picture, which goes on through other filters.
	for i, out := range outs[1:] {
		if got := option(args, "-map")[1+i]; got != "["+out+"]" {
			t.Errorf("sound %d is %s, want %s", i, got, out)
		}
	}
	if len(outs) != 1+sounds {
		t.Errorf("%d streams are joined, want %d", len(outs), 1+sounds)
	}
}

func TestComposeManyRanges(t *testing.T) {
	t.Parallel()
	var ranges []Range
	for i := range int64(MaxRanges) {
		ranges = append(ranges, Range{i * 10, i*10 + 5})
	}
	args := composed(t, mp4Source(8), Request{Ranges: ranges})
	if got := len(option(args, "-i")); got != MaxRanges {
		t.Errorf("%d inputs, want %d", got, MaxRanges)
	}
}

func TestComposeDoesNotPanic(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]Plan{
		"nothing":           {},
		"a copy of nothing": {Method: MethodCopy},
		"no range":          {Method: MethodEncode, Container: "mp4"},
		"an empty range":    {Method: MethodEncode, Container: "mp4", Ranges: []Range{{}}},
		"a reversed range":  {Method: MethodEncode, Container: "mp4", Ranges: []Range{{10, 5}}},
	} {
		for _, s := range []Source{{}, mp4Source(0), mp4Source(3)} {
			t.Run(fmt.Sprint(name, len(s.Audio)), func(t *testing.T) {
				args, err := compose(s, p, "", "")
				t.Log(len(args), err)
			})
		}
	}
}
