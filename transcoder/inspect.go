package transcoder

import (
	"context"
	"slices"
)

// Inspection is what a look into every packet of a file adds to its facts.
type Inspection struct {
	Source
	GOPs      GOPs      `json:"gops"`
	SourceCut SourceCut `json:"source_cut"`
}

// GOPs sums up a video track's groups of pictures: each begins with a picture
// that needs no other, and is decoded from there. Lengths are in frames, counted
// in the order of decoding, with those that an edit list hides.
type GOPs struct {
	Count    int  `json:"count"`
	Shortest int  `json:"shortest" doc:"frames"`
	Longest  int  `json:"longest" doc:"frames"`
	AllIntra bool `json:"all_intra" doc:"true where every frame can be decoded by itself"`
}

// SourceCut says how a part of the file is cut when it is to keep its coding.
type SourceCut struct {
	Method Method `json:"method" enum:"copy,smart,encode"`
	Reason string `json:"reason"`
}

// Inspect probes a file at a path or URL and reads through all of it. Its errors
// are those of Probe.
func (t *Transcoder) Inspect(ctx context.Context, input string) (Inspection, error) {
	s, err := t.Probe(ctx, input)
	if err != nil {
		return Inspection{}, err
	}
	packets, err := t.readPackets(ctx, input, s.Video.Index, "")
	if err != nil {
		return Inspection{}, err
	}
	p, err := NewPlan(s, Request{Ranges: []Range{inside(s)}, Format: SourceFormat})
	if err != nil {
		return Inspection{}, err
	}
	return Inspection{Source: s, GOPs: newGOPs(packets), SourceCut: SourceCut{Method: p.Method, Reason: p.Reason}}, nil
}

// inside returns a range that leaves out both the first and the last frame, as
// far as there are so many.
func inside(s Source) Range {
	if s.Frames < 3 {
		return Range{In: 0, Out: 1}
	}
	return Range{In: 1, Out: s.Frames - 1}
}

// newGOPs counts from key picture to key picture. What comes before the first
// one is a group too, of which the beginning is missing.
func newGOPs(packets []packet) GOPs {
	var lengths []int
	for i, p := range packets {
		if p.key || i == 0 {
			lengths = append(lengths, 0)
		}
		lengths[len(lengths)-1]++
	}
	if len(lengths) == 0 {
		return GOPs{}
	}
	return GOPs{
		Count: len(lengths), Shortest: slices.Min(lengths), Longest: slices.Max(lengths),
		AllIntra: !slices.ContainsFunc(packets, func(p packet) bool { return !p.key }),
	}
}
