package catalog

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"subclip/database"
	"subclip/queue"
	"subclip/queue/queuetest"
	"subclip/transcoder"
)

// by asks for 60 seconds less number, encoded, in somebody's name.
func by(asset Asset, number int, asker Asker) ClipRequest {
	r := wish(asset.ID, number)
	r.By, r.Format = asker, "h264-360p"
	return r
}

// wantTooMany checks that a request is refused for now.
func wantTooMany(t *testing.T, err error, words string) {
	t.Helper()
	wantError(t, err, TooMany, "", words)
	if refusal, ok := errors.AsType[*Error](err); ok && (refusal.RetryAfter <= 0 || refusal.RetryAfter > 24*time.Hour) {
		t.Errorf("it may be tried again after %s", refusal.RetryAfter)
	}
}

func TestAtOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			ann := Asker{ID: "ann", Person: Limits{AtOnce: 3}}
			clips, errs := together(t.Context(), 10, func(ctx context.Context, i int) (*Clip, error) {
				return h.CreateClip(ctx, by(asset, i, ann))
			})
			var made []*Clip
			for i, err := range errs {
				if err == nil {
					made = append(made, clips[i])
					continue
				}
				wantTooMany(t, err, "3 clips and renditions are being made for you")
			}
			if list := h.recent(t, Asker{ID: "ann"}); len(made) != 3 || len(list) != 3 {
				t.Fatalf("%d were accepted, %d stored", len(made), len(list))
			}
			h.clip(t, by(asset, 20, Asker{ID: "bob", Person: Limits{AtOnce: 1}}))
			_, _, err := h.Rendition(t.Context(), ann, asset.ID, "h264-360p")
			wantTooMany(t, err, "3 clips and renditions")

			h.bring(t, made[0], JobDone)
			must[string](t)(h.ReleaseClip(t.Context(), Asker{ID: "ann"}, made[1].ID))
			if job, _, err := h.Rendition(t.Context(), ann, asset.ID, "h264-360p"); err != nil || job.PersonID != "ann" {
				t.Errorf("the rendition is %+v, %v", job, err)
			}
			h.clip(t, by(asset, 30, ann))
			_, err = h.CreateClip(t.Context(), by(asset, 31, ann))
			wantTooMany(t, err, "3 clips and renditions")
			// What is there already takes no making.
			again := by(asset, 0, ann)
			again.Ranges = []Marks{{In: asset.Source.Timecode.Timecode(made[0].Job.Request.Ranges[0].In), Out: "10:01:00:00"}}
			if clip := h.clip(t, again); clip.Status() != ClipReady {
				t.Errorf("it is %s", clip.Status())
			}
		})
	}
}

func TestTokensShare(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			token := func(id string) Asker {
				return Asker{ID: "ann", TokenID: id, Person: Limits{AtOnce: 2}, Token: Limits{AtOnce: 1}}
			}
			h.clip(t, by(asset, 1, token("a")))
			_, err := h.CreateClip(t.Context(), by(asset, 2, token("a")))
			wantTooMany(t, err, "for this token")
			h.clip(t, by(asset, 3, token("b")))
			_, err = h.CreateClip(t.Context(), by(asset, 4, token("c")))
			wantTooMany(t, err, "for you")
		})
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			ann := Asker{ID: "ann", Person: Limits{Encoding: 100 * time.Second, Bytes: 1000}}
			first := h.clip(t, by(asset, 0, ann)) // 60 s
			_, err := h.CreateClip(t.Context(), by(asset, 1, ann))
			wantTooMany(t, err, "1m0s of video were encoded for you today")
			long := by(asset, 0, ann)
			long.Ranges[0].Out = "10:02:00:00"
			_, err = h.CreateClip(t.Context(), long)
			wantError(t, err, Invalid, "ranges", "2m0s of encoding")

			// An empty Redis, and other processes, know of it too.
			q := must[*queue.Queue](t)(queue.New(queue.Config{URL: queuetest.URL() + "?db=9"}, slog.New(slog.DiscardHandler)))
			defer func() { _ = q.Close() }()
			elsewhere := must[*Catalog](t)(New(config(), h.db, q, slog.New(slog.DiscardHandler)))
			_, err = elsewhere.CreateClip(t.Context(), by(asset, 1, ann))
			wantTooMany(t, err, "1m0s")

			// What never began is not counted; what began is, however it ends.
			must[string](t)(h.ReleaseClip(t.Context(), Asker{ID: "ann"}, first.ID))
			second := h.clip(t, by(asset, 1, ann)) // 59 s
			h.claim(t, *second.Job)
			must[string](t)(h.ReleaseClip(t.Context(), Asker{ID: "ann"}, second.ID))
			_, err = h.CreateClip(t.Context(), by(asset, 2, ann))
			wantTooMany(t, err, "59s")

			// A clip of the source is counted by what it took.
			source := by(asset, 3, ann)
			source.Format = transcoder.SourceFormat
			job := h.claim(t, *h.clip(t, source).Job)
			made := JobResult{Files: []JobFile{{Report: transcoder.Report{Size: 1000, Frames: 50, FramesEncoded: 25, Duration: 2}}}}
			if err := h.Finish(t.Context(), &job, made); err != nil {
				t.Fatal(err)
			}
			if got := h.job(t, job.ID); got.Encoding != 1 || got.Bytes != 1000 || got.PersonID != "ann" {
				t.Errorf("the job counts as %g s, %d bytes, of %q", got.Encoding, got.Bytes, got.PersonID)
			}
			source.Ranges[0].In = "10:00:04:00"
			_, err = h.CreateClip(t.Context(), source)
			wantTooMany(t, err, "GB were made for you today")

			h.exec(t, "UPDATE jobs SET created_at = ? WHERE person_id = ?", database.Now().Add(-24*time.Hour), "ann")
			h.clip(t, source)
		})
	}
}
