package catalog

import (
	"fmt"
	"testing"
	"time"

	"subclip/database"
	"subclip/timecode"
	"subclip/transcoder"
)

// source is five minutes from 10:00:00:00 at 25 frames a second.
func source(t *testing.T) transcoder.Source {
	t.Helper()
	base, err := timecode.NewBase(timecode.Rate{Num: 25, Den: 1}, "10:00:00:00")
	if err != nil {
		t.Fatal(err)
	}
	return transcoder.Source{
		Container: "mp4", Size: 1000, Timecode: base, Frames: 7500, Duration: 300,
		Video: transcoder.VideoTrack{Codec: "h264", Width: 320, Height: 180, PixelFormat: "yuv420p"},
		Audio: []transcoder.AudioTrack{{Index: 1, Codec: "aac", SampleRate: 48000, Channels: 2}},
	}
}

func (h *harness) upload(t *testing.T, about Metadata) *Upload {
	t.Helper()
	upload, _, err := h.NewUpload(t.Context(), "", about, 40<<20, Idempotency{})
	if err != nil {
		t.Fatal(err)
	}
	upload.StoreID = "store-" + upload.ID
	return must[*Upload](t)(h.StoreUpload(t.Context(), upload))
}

// newAsset publishes an asset whose ingest waits.
func (h *harness) newAsset(t *testing.T, about Metadata) (Asset, Job) {
	t.Helper()
	if about.Filename == "" {
		about.Filename = "film.mp4"
	}
	asset := must[Asset](t)(h.CompleteUpload(t.Context(), "", h.upload(t, about).ID))
	var job Job
	if err := h.db.NewSelect().Model(&job).Where("asset_id = ? AND kind = ?", asset.ID, JobIngest).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	return asset, job
}

// released has an asset come out at a time other than now, before others that do so later.
func (h *harness) released(t *testing.T, id string, at time.Time) {
	t.Helper()
	position := database.FirstID(at) + id[12:]
	h.exec(t, "UPDATE documents SET ref = ? WHERE ref = (SELECT position FROM assets WHERE id = ?)", position, id)
	h.exec(t, "UPDATE assets SET created_at = ?, released_at = ?, position = ? WHERE id = ?", at, at, position, id)
}

// asset publishes an asset that can be cut.
func (h *harness) asset(t *testing.T) Asset {
	t.Helper()
	asset, waiting := h.newAsset(t, Metadata{Title: "Film"})
	job := h.claim(t, waiting)
	if err := h.FinishStep(t.Context(), &job, made(t)); err != nil {
		t.Fatal(err)
	}
	return must[Asset](t)(h.Asset(t.Context(), House(), asset.ID))
}

// wish asks for some frames of an asset, others for every number.
func wish(assetID string, number int) ClipRequest {
	return ClipRequest{AssetID: assetID, Ranges: []Marks{{In: fmt.Sprintf("10:00:%02d:00", number), Out: "10:01:00:00"}}}
}

func (h *harness) clip(t *testing.T, request ClipRequest) *Clip {
	t.Helper()
	return must[*Clip](t)(h.CreateClip(t.Context(), request))
}

// recent is the first page of somebody's clips.
func (h *harness) recent(t *testing.T, by Asker) []Clip {
	t.Helper()
	clips, _, err := h.Clips(t.Context(), ClipQuery{By: by, Limit: MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	return clips
}

func (h *harness) readClip(t *testing.T, id string) *Clip {
	t.Helper()
	return must[*Clip](t)(h.Clip(t.Context(), Asker{}, id))
}

func (h *harness) job(t *testing.T, id string) Job {
	t.Helper()
	return must[Job](t)(h.Job(t.Context(), id))
}

// claim makes a waiting job some worker's.
func (h *harness) claim(t *testing.T, waiting Job) Job {
	t.Helper()
	job, claimed, err := h.Claim(t.Context(), waiting.ID, waiting.Attempt, "worker-"+database.NewID())
	if err != nil || !claimed {
		t.Fatalf("job %s attempt %d was not claimed: %v", waiting.ID, waiting.Attempt, err)
	}
	return job
}

func result(name string) JobResult {
	return JobResult{Files: []JobFile{{Key: "made/" + name, Name: name}}}
}

// bring takes a clip's job to a status.
func (h *harness) bring(t *testing.T, clip *Clip, status JobStatus) Job {
	t.Helper()
	if status == JobQueued {
		return *clip.Job
	}
	job := h.claim(t, *clip.Job)
	var err error
	switch status {
	case JobDone:
		err = h.Finish(t.Context(), &job, result("1.mp4"))
	case JobFailed:
		err = h.Fail(t.Context(), &job, "it cannot be made")
	}
	if err != nil {
		t.Fatal(err)
	}
	return h.job(t, job.ID)
}

// made is all that an asset needs to be ready, as one step may make it.
func made(t *testing.T) Made {
	t.Helper()
	facts := source(t)
	return Made{Source: &facts, ProxyKey: "proxy", PosterKey: "poster"}
}
