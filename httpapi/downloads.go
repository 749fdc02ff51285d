package httpapi

import (
	"context"
	"net/http"
	"path"
	"time"

	"subclip/catalog"
	"subclip/storage"

	"github.com/danielgtaylor/huma/v2"
)

// Download is a whole asset in a format: a signed URL, or how far it is.
type Download struct {
	Status    string     `json:"status" enum:"queued,running,ready"`
	Format    string     `json:"format"`
	Progress  float64    `json:"progress" minimum:"0" maximum:"1"`
	URL       string     `json:"url,omitempty" doc:"signed, once ready"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"when the URL stops working"`
	Filename  string     `json:"filename,omitempty"`
	Size      int64      `json:"size,omitempty" doc:"bytes"`

	Restrictions string `json:"restrictions" doc:"what those who use it must keep to; a rendition states it itself, the master is as it was delivered"`
}

type (
	downloadInput struct {
		AssetInput
		Idempotent
		Waiting
		Body struct {
			Format string `json:"format,omitempty" default:"source" maxLength:"50" doc:"see /v1/formats"`
		}
	}
	downloadOutput struct {
		Status            int
		RetryAfter        string `header:"Retry-After"`
		PreferenceApplied string `header:"Preference-Applied"`
		Body              Download
	}
)

func (a *API) downloads(api huma.API) {
	op := operation(http.MethodPost, "/v1/assets/{id}/downloads", "download-asset", "All of an asset, in a format", http.StatusOK, 404, 409, 413, 415, 422, 429)
	op.Description = "Answers 200 with a signed URL, or 202 while the rendition is made: ask again after Retry-After, or with `Prefer: wait=N`."
	register(a, api, op, a.download)
	alsoAnswers(api, op, http.StatusAccepted, "Being made")
}

func (a *API) download(ctx context.Context, in *downloadInput) (*downloadOutput, error) {
	job, asset, err := a.catalog.Rendition(ctx, catalog.From(ctx), in.ID, in.Body.Format)
	if err != nil {
		return nil, err
	}
	out := &downloadOutput{Status: http.StatusOK}
	if job == nil {
		out.Body = Download{Status: "ready", Format: "source", Progress: 1, Size: asset.Size, Restrictions: asset.Restrictions}
		name := storage.SafeFilename(asset.Title, path.Ext(asset.MasterKey))
		return out, a.hand(ctx, &out.Body, asset, asset.MasterKey, name, in.Idempotent)
	}
	if limit := in.limit(); limit > 0 {
		out.PreferenceApplied = in.applied()
		now, err := await(ctx, a, job.ID, limit, a.standingJob)
		if err != nil {
			return nil, err
		}
		job = now.body
		// Meanwhile the asset may have been withdrawn: it answers for itself then.
		if job.Status == catalog.JobDone {
			if job, _, err = a.catalog.Rendition(ctx, catalog.From(ctx), in.ID, in.Body.Format); err != nil {
				return nil, err
			}
		}
	}
	out.Body = Download{Status: string(job.Status), Format: job.Request.Format, Progress: job.Progress, Restrictions: asset.Restrictions}
	switch job.Status {
	case catalog.JobDone:
		file := job.Result.Files[0]
		out.Body.Status, out.Body.Size = "ready", file.Report.Size
		return out, a.hand(ctx, &out.Body, asset, file.Key, file.Name, in.Idempotent)
	case catalog.JobQueued, catalog.JobRunning:
		out.Status, out.RetryAfter = http.StatusAccepted, "2"
		return out, nil
	}
	return nil, &catalog.Error{Kind: catalog.Conflict, Message: job.Failure}
}

// hand gives the URL of a whole asset out, which counts as taking it.
func (a *API) hand(ctx context.Context, d *Download, asset *catalog.Asset, key, filename string, request Idempotent) error {
	signed, err := a.store.DownloadURL(ctx, key, filename)
	if err != nil {
		return err
	}
	d.URL, d.ExpiresAt, d.Filename = signed.URL, &signed.ExpiresAt, filename
	a.catalog.TookAsset(ctx, catalog.From(ctx), asset, d.Format, d.Size, catalog.Idempotency{IdempotencyKey: request.IdempotencyKey})
	return nil
}
