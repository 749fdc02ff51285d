package transcoder_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"subclip/transcoder"
)

// tags reads what a file says of itself.
func tags(t *testing.T, path string) map[string]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-export_xmp", "1", "-show_entries", "format_tags", "-of", "json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		Format struct{ Tags map[string]string }
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	return said.Format.Tags
}

// TestRestrictions makes a clip in every way and reads the restrictions in the file.
func TestRestrictions(t *testing.T) {
	t.Parallel()
	for _, container := range []string{"mp4", "mov"} {
		t.Run(container, func(t *testing.T) {
			t.Parallel()
			restrict(t, container)
		})
	}
}

func restrict(t *testing.T, container string) {
	t.Helper()
	tr := newTranscoder(t)
	options := small()
	options.GOP = 25
	path := makeSample(t, "master."+container, options)
	s := probe(t, tr, path)
	const restrictions = "No use in <France> & Monaco;\n\"no archive\" – até 2027"
	const escaped = "No use in &lt;France&gt; &amp; Monaco;&#xA;&#34;no archive&#34; – até 2027"
	some := []transcoder.Range{{In: 3, Out: s.Frames - 2}}
	for _, tt := range []struct {
		name    string
		request transcoder.Request
		want    transcoder.Method
	}{
		{"composed", transcoder.Request{Ranges: some}, transcoder.MethodSmart},
		{"encoded", transcoder.Request{Ranges: some, Format: "h264-360p"}, transcoder.MethodEncode},
		{"whole", transcoder.Request{}, transcoder.MethodCopy},
	} {
		for _, restricted := range []string{"", restrictions} {
			tt.request.Restrictions = restricted
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			master := transcoder.Master{ReaderAt: f, Size: s.Size}
			made, err := tr.Make(t.Context(), master, path, t.TempDir(), s, tt.request, nil)
			if err != nil {
				t.Fatal(err)
			}
			if made.Path == "" {
				made.Path = filepath.Join(t.TempDir(), "clip."+container)
				if err := made.Write(made.Path, master); err != nil {
					t.Fatal(err)
				}
			}
			if made.Report.Method != tt.want || made.Report.Restrictions != restricted {
				t.Errorf("%s: the report is %+v", tt.name, made.Report)
			}
			if info, err := os.Stat(made.Path); err != nil || info.Size() != made.Report.Size {
				t.Errorf("%s: %d bytes are reported, %v", tt.name, made.Report.Size, err)
			}
			if len(tt.request.Ranges) > 0 {
				wantFrames(t, made.Path, tt.request.Ranges...)
			}
			if said, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "warning", "-i", made.Path, "-f", "null", "-").CombinedOutput(); err != nil || len(said) > 0 {
				t.Errorf("%s: ffmpeg says: %s (%v)", tt.name, said, err)
			}
			said := tags(t, made.Path)
			told := said["copyright"] == restricted && restricted != "" ||
				strings.Contains(said["xmp"], "<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang=\"x-default\">"+escaped+"</rdf:li>")
			if told != (restricted != "") {
				t.Errorf("%s: restricted by %q, the file says %q", tt.name, restricted, said)
			}
		}
	}
}
