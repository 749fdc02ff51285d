package hevc_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"subclip/transcoder/hevc"
)

// TestFormats has edges made for masters of many kinds: that they are taken says
// that the parameters were read right, and carried over.
func TestFormats(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		params, pixels string
		want           []string // in x265-params
	}{
		"plain":      {"", "yuv420p", nil},
		"full range": {"range=full:videoformat=1:scaling-list=default", "yuvj420p", []string{"range=full", "videoformat=1"}},
		"hd":         {"colorprim=1:transfer=1:colormatrix=1:range=limited:chromaloc=1", "yuv420p", []string{"colorprim=1:transfer=1:colormatrix=1", "range=limited", "chromaloc=1"}},
		"hlg":        {"colorprim=9:transfer=18:colormatrix=9:temporal-layers=1:hrd=1:vbv-maxrate=3000:vbv-bufsize=3000", "yuv420p10le", []string{"transfer=18"}},
		"4:2:2":      {"ref=4:repeat-headers=1:aud=1", "yuv422p", nil},
		"4:4:4":      {"tskip=1:amp=1:rect=1", "yuv444p12le", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			master := makeShort(t, 12, test.params, "-pix_fmt", test.pixels)
			c, err := hevc.ReadConfig(master.config)
			if err != nil {
				t.Fatal(err)
			}
			options, err := c.Options()
			if err != nil || options["pix_fmt"] != test.pixels {
				t.Fatal(options, err)
			}
			for _, param := range test.want {
				if !strings.Contains(options["x265-params"], param) {
					t.Errorf("%s is not in %s", param, options["x265-params"])
				}
			}
			pictures := edge(t, c, master, 3, 4, nil) // a single picture is enough
			config, err := c.Payload()
			if err != nil {
				t.Fatal(err)
			}
			pictures[0].shown = 0
			clip := writeMP4(t, config, pictures)
			mustResemble(t, clip, master.path, 3, 4)
			again := edge(t, c, master, 5, 8, nil)
			if after, err := c.Payload(); err != nil || !bytes.Equal(after, config) || len(again) != 3 {
				t.Errorf("an edge of the same format brought other parameter sets (%v)", err)
			}
		})
	}
}

// What libx265 makes of 320x180 pictures of 4:2:0 and 8 bits.
const (
	recordHex = "0101600000009000000000003cf000fcfdf8f800000f"
	inOrder   = recordHex + "03a00001001840010c01ffff01600000030090000003000003003c928090a1000100204201010160000003009000000300000300" +
		"3ca00a080b9f7964a924caf0168008a2000100074401c172b46240"
	reordered = recordHex + "03a00001001840010c01ffff01600000030090000003000003003c959809a1000100214201010160000003009000000300000300" +
		"3ca00a080b9f796566924caf01680080a2000100074401c172b46240"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	data, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func config(t testing.TB, s string) *hevc.Config {
	t.Helper()
	c, err := hevc.ReadConfig(unhex(t, s))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReadConfigRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ payload, say string }{
		"nothing":         {"", "cut short"},
		"a cut":           {inOrder[:len(inOrder)-8], "cannot be read"},
		"no sets":         {recordHex + "00", "not beside the pictures"},
		"two layers":      {strings.Replace(inOrder, "4201", "4209", 1), "more than one layer"},
		"an empty set":    {recordHex + "01a00001000140", "empty"},
		"endless zeros":   {recordHex + "01a10001000642010160" + "0000", "cannot be read"},
		"a broken number": {strings.Replace(inOrder, "4401c1", "440100", 1), "picture parameters cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := hevc.ReadConfig(unhex(t, test.payload)); err == nil || !strings.Contains(err.Error(), test.say) {
				t.Errorf("error %v does not say %q", err, test.say)
			}
		})
	}
}

func TestAddRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ edge, say string }{
		"reordering":      {reordered, "reordered"},
		"another profile": {strings.Replace(inOrder, "0101600000009", "0101000000009", 1), "profile"},
		"another width":   {strings.Replace(inOrder, "a00a080b9f", "a00a100b9f", 1), "picture format"},
		"a missing sps":   {strings.Replace(inOrder, "4401c1", "440144", 1), "not complete"},
		"a missing vps":   {strings.Replace(inOrder, "40010c", "40012c", 1), "not complete"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t, reordered)
			if _, err := c.Add(config(t, test.edge)); err == nil || !strings.Contains(err.Error(), test.say) {
				t.Errorf("error %v does not say %q", err, test.say)
			}
		})
	}
}

// TestAddUntilFull adds edges that differ, as those of many ranges might, until no
// number is left, and the level to the record.
func TestAddUntilFull(t *testing.T) {
	t.Parallel()
	c := config(t, reordered)
	for i := range 16 {
		level := hex.EncodeToString([]byte{byte(90 + i)})
		edge := config(t, strings.ReplaceAll(inOrder, "3c", level))
		_, err := c.Add(edge)
		if full := i == 15; (err != nil) != full {
			t.Fatalf("edge %d: %v", i, err)
		}
	}
	payload, err := c.Payload()
	if err != nil {
		t.Fatal(err)
	}
	again, err := hevc.ReadConfig(payload)
	if err != nil {
		t.Fatal(err)
	}
	if payload[12] != 105 {
		t.Errorf("the level is %d", payload[12])
	}
	if _, err := again.Add(config(t, strings.ReplaceAll(inOrder, "3c", "60"))); err != nil {
		t.Errorf("an edge that is there already: %v", err)
	}
}

func TestOptionsRefuse(t *testing.T) {
	t.Parallel()
	interlaced := strings.NewReplacer("0101600000009", "0101600000005", "0300900000", "0300500000").Replace(inOrder)
	if options, err := config(t, interlaced).Options(); err == nil {
		t.Errorf("interlaced pictures are to be encoded with %v", options)
	}
}
