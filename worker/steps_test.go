package worker

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"subclip/catalog"
	"subclip/transcoder"
)

// talkie is the film with two sound tracks and captions in French.
func talkie(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	captions, path := filepath.Join(dir, "fr.srt"), filepath.Join(dir, "talkie.mkv")
	check(t, os.WriteFile(captions, []byte("1\n00:00:01,000 --> 00:00:02,000\nBonjour\n"), 0o600))
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-loglevel", "error", "-i", os.Getenv(filmPath), "-i", captions, "-map", "0:v", "-map", "0:a",
		"-map", "0:a", "-map", "1", "-c:v", "copy", "-c:a", "copy", "-c:s", "subrip", "-metadata:s:s:0", "language=fre", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

// TestSteps sees an asset through all steps and looks at what they made.
func TestSteps(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.work(t, "ffmpeg")
	asset := s.settled(t, s.publish(t, talkie(t)).ID)
	board := asset.Storyboard
	if board == nil || board.Count != 4 || board.Interval != 1 || board.Width != 320 || board.Height != 180 || len(board.Sheets) != 1 {
		t.Fatalf("the storyboard is %+v", board)
	}
	if sheet, err := os.ReadFile(s.fetch(t, board.Sheets[0])); err != nil || !strings.HasPrefix(string(sheet), "\xff\xd8\xff") {
		t.Errorf("the sheet is no JPEG (%v)", err)
	}
	if len(asset.Waveforms) != 2 || len(asset.Loudness) != 2 {
		t.Fatalf("of the sound there are %+v and %+v", asset.Waveforms, asset.Loudness)
	}
	for i, waveform := range asset.Waveforms {
		data, err := os.ReadFile(s.fetch(t, waveform.Key))
		if err != nil || waveform.Track != i || binary.LittleEndian.Uint32(data) != 2 || len(data) != 24+2*400 {
			t.Errorf("waveform %+v: %d bytes, %v", waveform, len(data), err)
		}
		if l := asset.Loudness[i]; l.Track != i || l.Integrated < -60 || l.Integrated > 0 {
			t.Errorf("loudness %+v", l)
		}
	}
	if sounds := asset.ProxySounds; len(sounds) != 1 || sounds[0].Track != 1 || s.fetch(t, asset.ProxySound(1)) == "" {
		t.Errorf("the proxy's sounds are %+v", sounds)
	}
	captions, err := s.AllCaptions(t.Context(), catalog.House(), asset.ID)
	if err != nil || len(captions) != 1 || captions[0].Language != "fr" || captions[0].Source != catalog.CaptionsExtracted || captions[0].Cues[0].Text != "Bonjour" {
		t.Errorf("captions are %+v, %v", captions, err)
	}
	await(t, "the rooms are cleared", func() bool { return len(s.rooms(t)) == 0 })
}

// TestRestartStep makes the proxy of a film again, with a worker that is stopped and
// another one: what there was is played until then, and nothing else is made again.
func TestRestartStep(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	before := s.settled(t, s.publish(t, talkie(t)).ID)
	stop()
	_, err := s.RestartStep(t.Context(), catalog.House(), before.ID, catalog.JobProxy, catalog.Idempotency{})
	check(t, err)
	stop = s.work(t, slow(t))
	await(t, "ffmpeg works", func() bool { return s.tools(t) == 1 })
	w := s.worker(t, "ffmpeg")
	check(t, w.sweep(t.Context()))
	meanwhile := s.awaitAsset(t, before.ID, catalog.AssetReady)
	if meanwhile.ProxyKey != before.ProxyKey {
		t.Errorf("the proxy is %s while it is made", meanwhile.ProxyKey)
	}
	s.wantFrames(t, meanwhile.ProxyKey, transcoder.Range{Out: filmFrames})
	stop()
	s.work(t, "ffmpeg")
	after := s.settled(t, before.ID)
	if after.ProxyKey == before.ProxyKey || after.ProxySound(1) == before.ProxySound(1) || after.PosterKey != before.PosterKey || !slices.Equal(after.Storyboard.Sheets, before.Storyboard.Sheets) {
		t.Errorf("what was made is %v, it was %v", keys(after), keys(before))
	}
	s.wantFrames(t, after.ProxyKey, transcoder.Range{Out: filmFrames})
	check(t, w.sweep(t.Context()))
	got, want := s.stored(t, ""), keys(after)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("after the sweep: %v, want %v", got, want)
	}
	check(t, w.scratch.close())
}

// TestStepFails has an ffmpeg that cannot measure sound: the asset is ready all the
// same, and a clip of it is made.
func TestStepFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.work(t, script(t, `case "$*" in *ebur128*) echo '[error] Decoder (codec aac) not found' >&2; exit 1;; esac; exec ffmpeg "$@"`))
	asset := s.awaitAsset(t, s.publish(t, os.Getenv(filmPath)).ID, catalog.AssetReady)
	await(t, "the step fails", func() bool {
		steps, err := s.Steps(t.Context(), catalog.House(), asset.ID)
		check(t, err)
		at := slices.IndexFunc(steps, func(s catalog.Step) bool { return s.Kind == catalog.JobSound })
		return steps[at].Status == catalog.JobFailed && strings.Contains(steps[at].Reason, "cannot be decoded")
	})
	s.awaitClip(t, s.order(t, encoded(asset)).ID, catalog.ClipReady)
	if asset := s.awaitAsset(t, asset.ID, catalog.AssetReady); len(asset.Waveforms) > 0 {
		t.Errorf("there are %+v", asset.Waveforms)
	}
}
