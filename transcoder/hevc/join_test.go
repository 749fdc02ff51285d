package hevc_test

import (
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"subclip/sample"
	"subclip/transcoder/hevc"
)

func itoa(n int) string { return strconv.Itoa(n) }

// entries are the samples at which decoding can begin.
func entries(t testing.TB, c *hevc.Config, v video) []int {
	t.Helper()
	var all []int
	for i, s := range v.samples {
		if p, err := c.Inspect(s); err != nil {
			t.Fatal(err)
		} else if p.Kind.Entry() {
			all = append(all, i)
		}
	}
	return all
}

// join makes a clip of the pictures from in to out, with the GOPs from entry k to
// entry m copied.
func join(t testing.TB, c *hevc.Config, master video, in, out, k, m int) []picture {
	t.Helper()
	all := entries(t, c, master)
	from, to := all[k], all[m]
	first, err := c.Inspect(master.samples[from])
	if err != nil {
		t.Fatal(err)
	}
	metadata, err := c.Metadata(master.samples[from])
	if err != nil {
		t.Fatal(err)
	}
	pictures := edge(t, c, master, in, master.shown[from], metadata)
	if first.Kind == hevc.CRA {
		if master.samples[from], err = c.BreakLink(master.samples[from]); err != nil {
			t.Fatal(err)
		}
	}
	end := 0
	for i := from; i < to; i++ {
		if p, err := c.Inspect(master.samples[i]); err != nil {
			t.Fatal(err)
		} else if master.shown[i] < master.shown[from] {
			if !p.Kind.Leading() {
				t.Fatal("a leading picture is not told as such")
			}
			continue
		}
		pictures = append(pictures, picture{master.samples[i], master.shown[i], true})
		end = max(end, master.shown[i]+1)
	}
	pictures = append(pictures, edge(t, c, master, end, out, metadata)...)
	for i := range pictures {
		pictures[i].shown -= in
	}
	return pictures
}

func edge(t testing.TB, c *hevc.Config, master video, from, to int, metadata []byte) []picture {
	t.Helper()
	encoded := encode(t, c, master, from, to)
	config, err := hevc.ReadConfig(encoded.config)
	if err != nil {
		t.Fatal(err)
	}
	numbers, err := c.Add(config)
	if err != nil {
		t.Fatal(err)
	}
	var pictures []picture
	for i, s := range encoded.samples {
		data, err := numbers.Sample(s)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			data = slices.Concat(metadata, data)
		}
		if encoded.shown[i] != i {
			t.Error("an edge is reordered")
		}
		pictures = append(pictures, picture{data, from + i, false})
	}
	return pictures
}

func TestJoin(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		params   string
		args     []string
		entry    hevc.Kind
		other    hevc.Kind
		metadata int // bytes
	}{
		"closed": {"open-gop=0", nil, hevc.IDR, hevc.Trailing, 0},
		"open":   {"open-gop=1", nil, hevc.CRA, hevc.RASL, 0},
		"radl":   {"open-gop=0:radl=3", nil, hevc.IDR, hevc.RADL, 0},
		"hdr": {
			"open-gop=1:repeat-headers=1:colorprim=9:transfer=16:colormatrix=9:range=limited:chromaloc=2:hdr10=1:max-cll=1000,400:" +
				"master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)",
			[]string{"-pix_fmt", "yuv420p10le"},
			hevc.CRA, hevc.RASL, 47,
		},
		"422": {"open-gop=1", []string{"-pix_fmt", "yuv422p10le"}, hevc.CRA, hevc.RASL, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			master := makeMaster(t, test.params, test.args...)
			c, err := hevc.ReadConfig(master.config)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[hevc.Kind]int{}
			for _, s := range master.samples {
				p, err := c.Inspect(s)
				if err != nil || p.PPS != 0 {
					t.Fatal(p, err)
				}
				seen[p.Kind]++
			}
			if seen[test.entry] < 3 || seen[test.other] == 0 {
				t.Fatalf("the master has %v", seen)
			}
			const in, out = gop - 6, 3*gop + 8
			pictures := join(t, c, master, in, out, 1, 3)
			mustCarry(t, c, pictures, test.metadata)
			config, err := c.Payload()
			if err != nil {
				t.Fatal(err)
			}
			want := digests(t, master.path, "warning", 1)[in:out]
			clip := writeMP4(t, config, pictures)
			mustResemble(t, clip, master.path, in, out)
			for threads := 1; threads <= 4; threads += 3 {
				mustMatch(t, digests(t, clip, "warning", threads), want, pictures)
				mustMatch(t, digests(t, writeAnnexB(t, config, pictures), "error", threads), want, pictures)
			}
			numbers, err := sample.Numbers(t.Context(), clip)
			if err != nil {
				t.Fatal(err)
			}
			for i, n := range numbers {
				if n != in+i {
					t.Fatalf("the clip shows %v", numbers)
				}
			}
		})
	}
}

// mustCarry checks that an edge's first picture carries metadata, and none after.
func mustCarry(t *testing.T, c *hevc.Config, pictures []picture, size int) {
	t.Helper()
	for i, p := range pictures[:5] {
		if metadata, err := c.Metadata(p.data); err != nil || (i == 0 && len(metadata) != size) || (i > 0 && len(metadata) > 0) {
			t.Errorf("picture %d carries the metadata %x (%v)", i, metadata, err)
		}
	}
}

// mustResemble checks that each picture of a clip looks like the master's.
func mustResemble(t *testing.T, clip, master string, in, out int) {
	t.Helper()
	const least = 38 // dB
	graph := fmt.Sprintf("[1:v]trim=start_frame=%d:end_frame=%d,settb=1/25,setpts=N[m];[0:v]settb=1/25,setpts=N[c];[c][m]psnr=stats_file=-", in, out)
	said, err := exec.CommandContext(t.Context(), "ffmpeg", "-nostdin", "-v", "error", "-i", clip, "-i", master, "-lavfi", graph, "-f", "null", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	measured := regexp.MustCompile(`psnr_avg:(\S+)`).FindAllStringSubmatch(string(said), -1)
	if len(measured) != out-in {
		t.Fatalf("%d pictures were compared, want %d", len(measured), out-in)
	}
	for i, m := range measured {
		if db, err := strconv.ParseFloat(m[1], 64); err != nil || db < least {
			t.Errorf("picture %d: %s dB from the master's", i, m[1])
		}
	}
}

// mustMatch checks that all pictures are there, and the copied ones the master's.
func mustMatch(t *testing.T, got, want []string, pictures []picture) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d pictures, want %d", len(got), len(want))
		return
	}
	copied := 0
	for _, p := range pictures {
		if !p.copied {
			continue
		}
		if copied++; got[p.shown] != want[p.shown] {
			t.Errorf("picture %d is not the master's", p.shown)
		}
	}
	if copied < gop {
		t.Errorf("%d pictures are copied", copied)
	}
}
