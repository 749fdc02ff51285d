package avc_test

import (
	"bytes"
	"math/bits"
	"slices"
	"strings"
	"testing"

	mp4ff "github.com/Eyevinn/mp4ff/avc"

	"subclip/transcoder/avc"
)

// TestAgainstMP4FF reads streams with another reader of the same standard.
func TestAgainstMP4FF(t *testing.T) {
	t.Parallel()
	frames := makeFrames(t, 30)
	for _, args := range []string{"", "-flags +ilme+ildct -top 0", "-b:v 1M -maxrate 1M -bufsize 1M -nal-hrd cbr -vf setsar=40/33 -color_primaries bt709", "-profile:v baseline", "-pix_fmt yuv422p10le"} {
		s := makeStream(t, frames, "keyint=12:bframes=3:ref=3:slices=2", strings.Fields(args)...)
		theirs, err := mp4ff.ParseSPSNALUnit(s.sps[0], true)
		if err != nil {
			t.Fatal(err)
		}
		ours := s.params.SPS(theirs.ParameterID)
		crop := 2 * int(ours.Crop[3])
		switch {
		case theirs.ChromaFormatIDC == 2:
			crop /= 2
		case !ours.FrameMBsOnly:
			crop *= 2
		}
		if uint(ours.Log2FrameNum) != theirs.Log2MaxFrameNumMinus4+4 || uint(ours.POCType) != theirs.PicOrderCntType ||
			uint(ours.RefFrames) != theirs.NumRefFrames || uint(ours.DepthLuma) != theirs.BitDepthLumaMinus8+8 ||
			uint(ours.Reorder) != theirs.VUI.MaxNumReorderFrames ||
			uint(ours.Width)*16 != theirs.Width || int(ours.Height)*16-crop != int(theirs.Height) ||
			ours.FrameMBsOnly != theirs.FrameMbsOnlyFlag || ours.MBAFF != theirs.MbAdaptiveFrameFieldFlag {
			t.Errorf("%s: %+v, want %+v", args, *ours, *theirs)
		}
		sequences := map[uint32]*mp4ff.SPS{theirs.ParameterID: theirs}
		pps, err := mp4ff.ParsePPSNALUnit(s.pps[0], sequences)
		if err != nil {
			t.Fatal(err)
		}
		for i, data := range s.samples {
			nals, err := mp4ff.GetNalusFromSample(data)
			if err != nil {
				t.Fatal(err)
			}
			slice := slices.IndexFunc(nals, func(nal []byte) bool { return nal[0]&0x1f == 1 || nal[0]&0x1f == 5 })
			want, err := mp4ff.ParseSliceHeader(nals[slice], sequences, map[uint32]*mp4ff.PPS{pps.PicParameterSetID: pps})
			if err != nil {
				t.Fatal(err)
			}
			got := inspect(t, s, data)
			idr := nals[slice][0]&0x1f == 5
			if (got.Kind == avc.IDR) != idr || got.FrameNum != want.FrameNum ||
				!idr && got.POC != want.PicOrderCntLsb || got.Reference != (nals[slice][0]&0x60 != 0) {
				t.Errorf("%s, sample %d: %+v, want %+v", args, i, got, *want)
			}
		}
	}
}

// Parameter sets that libx264 wrote.
var (
	someSPS = []byte{
		0x67, 0x64, 0x00, 0x0c, 0xac, 0xd9, 0x41, 0x41, 0x9f, 0x9f, 0x01, 0x6a, 0x04, 0x04, 0x02, 0x80,
		0x00, 0x00, 0x03, 0x00, 0x80, 0x00, 0x00, 0x19, 0x07, 0x8a, 0x14, 0xcb,
	}
	somePPS = []byte{0x68, 0xef, 0xbc, 0xb0}
)

func TestAllowGaps(t *testing.T) {
	t.Parallel()
	open, err := avc.AllowGaps(someSPS)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for i := range someSPS {
		changed += bits.OnesCount8(open[i] ^ someSPS[i])
	}
	if len(open) != len(someSPS) || changed != 1 {
		t.Errorf("%d bits of %x differ from %x", changed, open, someSPS)
	}
	if theirs, err := mp4ff.ParseSPSNALUnit(open, true); err != nil || !theirs.GapsInFrameNumValueAllowedFlag {
		t.Errorf("mp4ff reads %+v, %v", theirs, err)
	}
	if again, err := avc.AllowGaps(open); err != nil || !bytes.Equal(again, open) {
		t.Errorf("%x, %v, want %x", again, err, open)
	}
	if _, err := avc.AllowGaps(somePPS); err == nil {
		t.Error("picture parameters are taken for those of a sequence")
	}
}

func TestFreeID(t *testing.T) {
	t.Parallel()
	p := parse(t, [][]byte{someSPS}, [][]byte{somePPS})
	for _, test := range []struct {
		besides []int
		want    int
	}{{nil, 1}, {[]int{1}, 2}, {[]int{2, 1}, 3}} {
		if id, err := p.FreeID(test.besides...); err != nil || id != test.want {
			t.Errorf("besides %v: %d, %v, want %d", test.besides, id, err, test.want)
		}
	}
	all := make([]int, 32)
	for i := range all {
		all[i] = i
	}
	if id, err := p.FreeID(all...); err == nil {
		t.Errorf("%d is free among none", id)
	}
}

// TestMisfit encodes heads in ways that the master's parameters do not allow for.
func TestMisfit(t *testing.T) {
	t.Parallel()
	frames := makeFrames(t, 52)
	high := makeStream(t, frames, "keyint=24:bframes=3")
	plain := makeStream(t, frames, "keyint=24:bframes=3", "-profile:v", "main")
	for _, test := range []struct {
		name       string
		master     stream
		head, args string
		why        []string
	}{
		{"format", high, "", "-pix_fmt yuv422p10le", []string{"chroma format 2 instead of 1", "bits of luma 10 instead of 8"}},
		{"fields", high, "", "-flags +ilme+ildct", []string{"frames only false instead of true", "adaptive fields"}},
		{"references", high, "ref=3", "", []string{"more than one reference"}},
		{"matrix", high, "cqm=jvt", "", []string{"a scaling matrix"}},
		{"profile", plain, "", "-profile:v high", []string{"tools of High profile"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			j := joints(t, test.master)[0]
			plan, err := j.plan(t, 3)
			if err != nil {
				t.Fatal(err)
			}
			head := encode(t, test.master, j.first(3), j.shown, plan.Key, test.head, strings.Fields(test.args)...)
			_, err = plan.Join(head.params, 1)
			for _, why := range test.why {
				if err == nil || !strings.Contains(err.Error(), why) {
					t.Errorf("the error %v does not say %q", err, why)
				}
			}
			if _, err := plan.Join(high.params, 0); err == nil || !strings.Contains(err.Error(), "not free") {
				t.Errorf("a number that is in use: %v", err)
			}
		})
	}
}
