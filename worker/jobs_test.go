package worker

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"subclip/catalog"
	"subclip/transcoder"
)

func TestIngest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.work(t, "ffmpeg")
	asset := s.film(t)
	info, err := os.Stat(os.Getenv(filmPath))
	check(t, err)
	source := asset.Source
	if source.Frames != filmFrames || source.Timecode.Timecode(0) != "10:00:00:00" || source.Timecode.Rate.String() != "25" ||
		source.Size != info.Size() || asset.Size != info.Size() || source.Duration != 4 || source.Container != "mp4" || source.Variable {
		t.Errorf("the film is %+v", source)
	}
	if v := source.Video; v.Codec != "h264" || v.Width != 320 || v.Height != 180 || v.PixelFormat != "yuv420p" {
		t.Errorf("its picture is %+v", v)
	}
	if len(source.Audio) != 1 || source.Audio[0].Codec != "aac" || source.Audio[0].SampleRate != 48000 || source.Audio[0].Channels != 2 {
		t.Errorf("its sound is %+v", source.Audio)
	}
	s.wantFrames(t, asset.ProxyKey, transcoder.Range{Out: filmFrames})
	poster, err := os.ReadFile(s.fetch(t, asset.PosterKey))
	if err != nil || !strings.HasPrefix(string(poster), "\xff\xd8\xff") {
		t.Errorf("the poster is no JPEG (%v)", err)
	}
	want, got := keys(asset), s.stored(t, "")
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the store holds %v, want %v", got, want)
	}
	await(t, "the room is cleared", func() bool { return len(s.rooms(t)) == 0 })
}

func TestClip(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.work(t, "ffmpeg")
	asset := s.film(t)
	part := func(in, out int64) transcoder.Range { return transcoder.Range{In: in, Out: out} }
	tests := []struct {
		name     string
		format   string
		marks    []catalog.Marks
		separate bool
		files    [][]transcoder.Range
		names    []string
	}{
		{
			"across a keyframe", "",
			[]catalog.Marks{{In: "10:00:00:13", Out: "10:00:02:11"}},
			false,
			[][]transcoder.Range{{part(13, 61)}},
			[]string{"A-film-part-1-10-00-00-13-10-00-02-11.mp4"},
		},
		{
			"one frame", "source",
			[]catalog.Marks{{In: "1.2", Out: "10:00:01:06"}},
			false,
			[][]transcoder.Range{{part(30, 31)}},
			[]string{"A-film-part-1-10-00-01-05-10-00-01-06.mp4"},
		},
		{
			"to the end", "h264-360p",
			[]catalog.Marks{{In: "3", Out: "4"}},
			false,
			[][]transcoder.Range{{part(75, 100)}},
			[]string{"A-film-part-1-10-00-03-00-10-00-04-00-h264-360p.mp4"},
		},
		{
			"joined, out of order", "",
			[]catalog.Marks{{In: "3", Out: "3.4"}, {In: "0", Out: "0.2"}},
			false,
			[][]transcoder.Range{{part(75, 85), part(0, 5)}},
			[]string{"A-film-part-1-10-00-03-00-10-00-00-05-2-ranges.mp4"},
		},
		{
			"apart", "",
			[]catalog.Marks{{In: "1", Out: "2"}, {In: "2", Out: "3"}},
			true,
			[][]transcoder.Range{{part(25, 50)}, {part(50, 75)}},
			[]string{"A-film-part-1-10-00-01-00-10-00-02-00.mp4", "A-film-part-1-10-00-02-00-10-00-03-00.mp4"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clip := s.order(t, catalog.ClipRequest{AssetID: asset.ID, Format: tt.format, Ranges: tt.marks, Separate: tt.separate})
			files := s.awaitClip(t, clip.ID, catalog.ClipReady).Job.Result.Files
			if len(files) != len(tt.files) {
				t.Fatalf("%d files were made, want %d", len(files), len(tt.files))
			}
			var keys []string
			for i, file := range files {
				keys = append(keys, file.Key)
				if file.Name != tt.names[i] {
					t.Errorf("file %d is called %s, want %s", i, file.Name, tt.names[i])
				}
				s.wantFrames(t, file.Key, tt.files[i]...)
				s.wantReport(t, file, tt.files[i])
			}
			if got := s.stored(t, catalog.JobPrefix(clip.JobID)); !slices.Equal(got, keys) {
				t.Errorf("the store holds %v, want %v", got, keys)
			}
		})
	}
}

// wantReport checks what a report says against the file itself.
func (s *site) wantReport(t *testing.T, file catalog.JobFile, ranges []transcoder.Range) {
	t.Helper()
	data, err := os.ReadFile(s.fetch(t, file.Key))
	check(t, err)
	r := file.Report
	var frames int64
	for i, span := range ranges {
		frames += span.Frames()
		if r.Ranges[i].FirstFrame != span.In || r.Ranges[i].LastFrame != span.Out-1 {
			t.Errorf("range %d is reported as %+v, want %+v", i, r.Ranges[i], span)
		}
	}
	if r.Frames != frames || r.FramesCopied+r.FramesEncoded != frames || r.Size != int64(len(data)) {
		t.Errorf("the report of %d frames in %d bytes is %+v", frames, len(data), r)
	}
	if r.BytesUploaded+r.BytesCopiedInside != r.Size {
		t.Errorf("%d bytes uploaded and %d copied make %d", r.BytesUploaded, r.BytesCopiedInside, r.Size)
	}
	if sum := sha256.Sum256(data); r.SHA256 != nil && *r.SHA256 != hex.EncodeToString(sum[:]) {
		t.Error("the checksum is another file's")
	}
	if r.SHA256 == nil && r.Checksum == nil {
		t.Error("there is no checksum")
	}
}

// TestBadMedia ingests what is not video, beside a film.
func TestBadMedia(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	remux := func(name string, options ...string) {
		t.Helper()
		args := slices.Concat([]string{"-loglevel", "error", "-i", os.Getenv(filmPath)}, options, []string{"-c", "copy", filepath.Join(dir, name)})
		if out, err := exec.CommandContext(t.Context(), "ffmpeg", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	remux("sound.mp4", "-vn")
	remux("index-last.mp4")
	film, err := os.ReadFile(filepath.Join(dir, "index-last.mp4"))
	check(t, err)
	tests := []struct {
		file    string
		content []byte
		reason  string
	}{
		{"text.mp4", []byte(strings.Repeat("this is not video\n", 1000)), "not video"},
		{"zeros.mov", make([]byte, 100_000), ""},
		{"cut-off.mp4", film[:len(film)/2], "index (moov) is missing"},
		{"playlist.mp4", []byte("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"), ""},
		{"sound.mp4", nil, "no video track"},
	}
	s := newSite(t)
	s.work(t, "ffmpeg")
	good := s.publish(t, os.Getenv(filmPath))
	for _, tt := range tests {
		path := filepath.Join(dir, tt.file)
		if tt.content != nil {
			check(t, os.WriteFile(path, tt.content, 0o600))
		}
		asset := s.awaitAsset(t, s.publish(t, path).ID, catalog.AssetFailed)
		if asset.Reason == "" || !strings.Contains(asset.Reason, tt.reason) || strings.Contains(asset.Reason, "several times") ||
			strings.Contains(asset.Reason, "X-Amz") || strings.Contains(asset.Reason, "\n") {
			t.Errorf("%s: the reason is %q", tt.file, asset.Reason)
		}
	}
	want := keys(s.settled(t, good.ID))[1:] // without its master
	slices.Sort(want)
	await(t, "nothing but the good film's is left", func() bool {
		got := s.stored(t, catalog.MadeRoot)
		slices.Sort(got)
		return slices.Equal(got, want)
	})
	await(t, "the rooms are cleared", func() bool { return len(s.rooms(t)) == 0 })
}

// TestMasterGone asks for a part of a film whose master was deleted.
func TestMasterGone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.work(t, "ffmpeg")
	asset := s.film(t)
	check(t, s.store.Delete(t.Context(), asset.MasterKey))
	for _, format := range []string{"source", "h264-360p"} {
		request := encoded(asset)
		request.Format = format
		clip := s.awaitClip(t, s.order(t, request).ID, catalog.ClipFailed)
		if clip.Job.Failure != errMasterGone.Error() || clip.Job.Failures != 1 {
			t.Errorf("%s: after %d failures: %s", format, clip.Job.Failures, clip.Job.Failure)
		}
	}
}

// TestPassingFailure has an ffmpeg whose disk is full the first time.
func TestPassingFailure(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset := s.film(t)
	stop()
	once := filepath.Join(t.TempDir(), "once")
	s.work(t, script(t, `[ -e '`+once+`' ] || { touch '`+once+`'; echo '[error] No space left on device' >&2; exit 1; }; exec ffmpeg "$@"`))
	clip := s.awaitClip(t, s.order(t, encoded(asset)).ID, catalog.ClipReady)
	if clip.Job.Failures != 1 || clip.Job.Attempt != 2 {
		t.Errorf("the job is %+v", clip.Job)
	}
	s.wantFrames(t, clip.Job.Result.Files[0].Key, transcoder.Range{In: 1, Out: filmFrames})
}

// TestRestrictions makes a clip of a restricted asset: the object and its report say
// what those who use it must keep to.
func TestRestrictions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.work(t, "ffmpeg")
	asset := s.film(t)
	words := "No use in France"
	_, err := s.ChangeAsset(t.Context(), catalog.House(), asset.ID, catalog.Change{Restrictions: &words})
	check(t, err)
	for format, tag := range map[string]string{"source": "<rdf:li xml:lang=\"x-default\">" + words, "h264-360p": words} {
		clip := s.awaitClip(t, s.order(t, catalog.ClipRequest{AssetID: asset.ID, Format: format, Ranges: []catalog.Marks{{In: "0.2", Out: "4"}}}).ID, catalog.ClipReady)
		file := clip.Job.Result.Files[0]
		data, err := os.ReadFile(s.fetch(t, file.Key))
		check(t, err)
		if file.Report.Restrictions != words || file.Report.Size != int64(len(data)) || !strings.Contains(string(data), tag) {
			t.Errorf("%s: %d bytes that state them: %v; the report is %+v", format, len(data), strings.Contains(string(data), tag), file.Report)
		}
		t.Logf("%s: %s, %s", format, file.Report.Method, file.Report.Reason)
	}
}
