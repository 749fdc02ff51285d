package worker

import (
	"slices"
	"testing"

	"subclip/catalog"
	"subclip/transcoder"
)

// TestUnproved has the proof of a clip's joints fail, and hang, while the store has
// already put the clip together.
func TestUnproved(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset := s.film(t)
	stop()
	before := s.stored(t, "")
	order := func(out string) *catalog.Clip {
		return s.order(t, catalog.ClipRequest{AssetID: asset.ID, Ranges: []catalog.Marks{{In: "10:00:00:13", Out: out}}})
	}
	const proofs = `case "$*" in *-new.mp4*) `

	stop = s.work(t, script(t, proofs+`exec sleep 600;; esac; exec ffmpeg "$@"`))
	hanging := order("10:00:02:11")
	await(t, "the store puts the clip together", func() bool {
		made := s.stored(t, catalog.JobPrefix(hanging.JobID))
		return len(made) == 1 && made[0][len(made[0])-1] != '?'
	})
	s.awaitClip(t, hanging.ID, catalog.ClipRunning)
	s.release(t, hanging.ID, hanging.JobID)
	await(t, "the clip that is not proved is gone", func() bool { return slices.Equal(s.stored(t, ""), before) })
	stop()

	s.work(t, script(t, proofs+`sleep 1; exit 1;; esac; exec ffmpeg "$@"`))
	failing := order("10:00:02:12")
	files := s.awaitClip(t, failing.ID, catalog.ClipReady).Job.Result.Files
	if r := files[0].Report; r.Method != transcoder.MethodEncode || r.Reason == "" {
		t.Errorf("method %s because %q, want that it is encoded", r.Method, r.Reason)
	}
	ranges := []transcoder.Range{{In: 13, Out: 62}}
	s.wantFrames(t, files[0].Key, ranges...)
	s.wantReport(t, files[0], ranges)
	if got := s.stored(t, catalog.JobPrefix(failing.JobID)); !slices.Equal(got, []string{files[0].Key}) {
		t.Errorf("the store holds %v, want %s alone", got, files[0].Key)
	}
}
