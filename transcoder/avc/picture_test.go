package avc_test

import (
	"bytes"
	"testing"

	"subclip/transcoder/avc"
)

// sampleOf puts units into a sample.
func sampleOf(lengthSize int, nals ...[]byte) []byte {
	var sample []byte
	for _, nal := range nals {
		for i := lengthSize - 1; i >= 0; i-- {
			sample = append(sample, byte(len(nal)>>(8*i)))
		}
		sample = append(sample, nal...)
	}
	return sample
}

// Units that go with someSPS and somePPS.
var (
	delimiter = []byte{9, 0x10}
	recovery  = []byte{6, 6, 1, 0xc4, 0x80}
	farOff    = []byte{6, 6, 1, 0x24, 0x80}
	user      = append([]byte{6, 5, 20}, bytes.Repeat([]byte{1}, 21)...)
	idr       = []byte{0x65, 0x88, 0x84, 0x00, 0x40, 0x00}
	intra     = []byte{0x61, 0x88, 0xb0, 0xc9, 0x00, 0x80} // I slice, frame_num 6, lsb 6
	predicted = []byte{0x41, 0x9a, 0x24, 0x14, 0x80}       // P slice, frame_num 2
)

func TestInspect(t *testing.T) {
	t.Parallel()
	params := parse(t, [][]byte{someSPS}, [][]byte{somePPS})
	otherPPS := append(bytes.Clone(somePPS[:3]), 0xb8)
	for _, test := range []struct {
		name    string
		nals    [][]byte
		kind    avc.Kind
		intra   bool
		frames  int
		inBand  int // with lengths of one byte
		changed bool
	}{
		{"refresh", [][]byte{user, idr}, avc.IDR, true, -1, 0, false},
		{"recovery", [][]byte{delimiter, recovery, intra, intra}, avc.Recovery, true, 0, 0, false},
		{"recovery after other words", [][]byte{user, recovery, intra}, avc.Recovery, true, 0, 0, false},
		{"late recovery", [][]byte{farOff, intra}, avc.Other, true, 3, 0, false},
		{"intra without a word", [][]byte{intra}, avc.Other, true, -1, 0, false},
		{"partly intra", [][]byte{recovery, intra, predicted}, avc.Other, false, 0, 0, false},
		{"predicted", [][]byte{predicted}, avc.Other, false, -1, 0, false},
		{"parameters", [][]byte{delimiter, someSPS, somePPS, recovery, intra}, avc.Recovery, true, 0, 37, false},
		{"other parameters", [][]byte{otherPPS, recovery, intra}, avc.Recovery, true, 0, 5, true},
		{"parameters behind", [][]byte{recovery, somePPS, intra}, avc.Recovery, true, 0, -1, false},
	} {
		for _, lengthSize := range []int{1, 2, 4} {
			data := sampleOf(lengthSize, test.nals...)
			p, err := params.Inspect(data, lengthSize)
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
				continue
			}
			if p.Kind != test.kind || p.Intra != test.intra || p.RecoveryFrames != test.frames || p.Changed != test.changed ||
				lengthSize == 1 && p.InBand != test.inBand {
				t.Errorf("%s: %+v", test.name, p)
			}
			if p.InBand <= 0 {
				continue
			}
			if rest, err := params.Inspect(data[p.InBand:], lengthSize); err != nil || rest.Kind != p.Kind || rest.InBand != 0 {
				t.Errorf("%s without its parameters: %+v, %v", test.name, rest, err)
			}
		}
	}
	for _, broken := range [][]byte{
		nil,
		{9},
		{0},
		{2, 0x61},
		sampleOf(1, user),
		sampleOf(1, []byte{0x61}),
		sampleOf(1, []byte{0x61, 0x80, 0, 0, 0, 0, 0}),
		sampleOf(1, []byte{0x61, 0x8f, 0xff}),
	} {
		if p, err := params.Inspect(broken, 1); err == nil {
			t.Errorf("%x is read as %+v", broken, p)
		}
	}
	if _, err := params.Inspect(sampleOf(1, idr), 3); err == nil {
		t.Error("lengths of 3 bytes are taken")
	}
}

// FuzzInspect reads any bytes as a sample, as parameter sets and as what an encoder
// made.
func FuzzInspect(f *testing.F) {
	f.Add(someSPS, somePPS, sampleOf(4, recovery, intra))
	f.Add(someSPS, somePPS, sampleOf(4, someSPS, somePPS, idr, predicted))
	f.Add(someSPS[:9], []byte{0x68, 0}, sampleOf(4, farOff, []byte{0x61, 0}))
	known, err := avc.ParseParams([][]byte{someSPS}, [][]byte{somePPS})
	if err != nil {
		f.Fatal(err)
	}
	next, err := known.Inspect(sampleOf(4, recovery, intra), 4)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, sps, pps, sample []byte) {
		for _, lengthSize := range []int{1, 2, 4} {
			p, err := known.Inspect(sample, lengthSize)
			if err == nil {
				_, _ = known.Plan(5, []avc.Picture{p, p, next}, 1)
				_, _ = known.Plan(5, []avc.Picture{next, p, p}, 1)
			}
		}
		open, err := avc.AllowGaps(sps)
		if err == nil {
			if s, err := avc.ParseSPS(open); err != nil || !s.Gaps {
				t.Errorf("%x becomes %x: %v", sps, open, err)
			}
		}
		params, err := avc.ParseParams([][]byte{sps}, [][]byte{pps})
		if err != nil {
			return
		}
		_, _ = params.Inspect(sample, 4)
		plan, err := known.Plan(3, []avc.Picture{next}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if join, err := plan.Join(params, 9); err == nil {
			if _, err := avc.ParsePPS(join.PPS()); err != nil {
				t.Errorf("%x becomes %x: %v", pps, join.PPS(), err)
			}
			_, _ = join.Sample(0, sample, 4, 4)
			_, _ = join.Sample(1, sample, 4, 1)
		}
	})
}
