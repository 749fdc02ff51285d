package worker

import (
	"fmt"
	"testing"

	"subclip/catalog"
)

// TestTurns has one person ask for thirty clips and then another for one: the other's
// is begun among the first, and all are made.
func TestTurns(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset := s.film(t)
	stop()
	order := func(owner string, frame int) *catalog.Clip {
		in, out := fmt.Sprintf("%.2f", float64(frame)*0.04), fmt.Sprintf("%.2f", float64(frame+10)*0.04)
		return s.order(t, catalog.ClipRequest{By: catalog.Asker{ID: owner}, AssetID: asset.ID, Ranges: []catalog.Marks{{In: in, Out: out}}})
	}
	var many []*catalog.Clip
	for i := range 30 {
		many = append(many, order("ann", i))
	}
	one := order("bob", 40)
	s.work(t, "ffmpeg")
	ready := func(clip *catalog.Clip) catalog.Job {
		await(t, "the clip is ready", func() bool {
			got, err := s.Clip(t.Context(), catalog.Asker{ID: clip.OwnerID}, clip.ID)
			check(t, err)
			if got.Status().Ended() && got.Status() != catalog.ClipReady {
				t.Fatalf("the clip is %s: %s", got.Status(), got.Job.Failure)
			}
			return got.Status() == catalog.ClipReady
		})
		job, err := s.Job(t.Context(), clip.JobID)
		check(t, err)
		return job
	}
	his, before := ready(one), 0
	for _, clip := range many {
		if ready(clip).BeganAt.Before(his.BeganAt) {
			before++
		}
	}
	if before > 2 {
		t.Errorf("%d of 30 were begun before the other's", before)
	}
}
