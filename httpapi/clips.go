package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"subclip/catalog"
	"subclip/transcoder"

	"github.com/danielgtaylor/huma/v2"
)

// Clip is a request for a part of an asset and what came of it.
type Clip struct {
	ID        string      `json:"id"`
	AssetID   string      `json:"asset_id"`
	Title     string      `json:"title" doc:"of the asset; empty once it is withdrawn"`
	Status    string      `json:"status" enum:"queued,running,ready,failed,cancelled,expired"`
	Progress  float64     `json:"progress" minimum:"0" maximum:"1"`
	Format    string      `json:"format"`
	Ranges    []clipRange `json:"ranges" nullable:"false"`
	Join      bool        `json:"join" doc:"one file for all ranges"`
	Audio     []int       `json:"audio" nullable:"false" doc:"sound tracks that were chosen, by their index in the asset; empty for all"`
	CreatedAt time.Time   `json:"created_at"`
	KeptUntil time.Time   `json:"kept_until" doc:"when the file is removed"`
	Reason    string      `json:"reason,omitempty" doc:"why it failed or was ended"`
	// Now; the report has them as they were when the file was made.
	Restrictions string             `json:"restrictions" doc:"what those who use it must keep to"`
	URL          string             `json:"url,omitempty" doc:"signed, once ready"`
	ExpiresAt    *time.Time         `json:"expires_at,omitempty" doc:"when the URL stops working; ask for the clip again to have a new one"`
	Filename     string             `json:"filename,omitempty"`
	Size         int64              `json:"size,omitempty" doc:"bytes"`
	Report       *transcoder.Report `json:"report,omitempty" doc:"what the file holds and what making it took"`
	Files        []clipFile         `json:"files,omitempty" nullable:"false" doc:"all files, where ranges were not joined"`
}

type (
	clipRange struct {
		In  string `json:"in" minLength:"1" maxLength:"32" doc:"first frame kept: a timecode HH:MM:SS:FF, or media time from 0 as SS.mmm, MM:SS.mmm or HH:MM:SS.mmm" example:"10:00:30:00"`
		Out string `json:"out" minLength:"1" maxLength:"32" doc:"first frame not kept" example:"10:00:40:00"`

		Name string `json:"name,omitempty" maxLength:"200" doc:"what to call it; a file that holds this range alone is named so"`
	}
	clipFile struct {
		URL      string            `json:"url"`
		Filename string            `json:"filename"`
		Size     int64             `json:"size" doc:"bytes"`
		Report   transcoder.Report `json:"report"`
	}
	newClip struct {
		AssetID string      `json:"asset_id" minLength:"1" maxLength:"64"`
		Ranges  []clipRange `json:"ranges" nullable:"false" minItems:"1" maxItems:"50"`
		Format  string      `json:"format,omitempty" default:"source" maxLength:"50" doc:"see /v1/formats"`
		Audio   []int       `json:"audio,omitempty" nullable:"false" maxItems:"64" doc:"sound tracks to keep, by their index in the asset; all if left out"`
		Join    *bool       `json:"join,omitempty" doc:"one file for all ranges (the default), or a file for each"`
	}
	createClipInput struct {
		Idempotent
		Waiting
		Body newClip
	}
	createClipOutput struct {
		Status            int
		Location          string `header:"Location"`
		PreferenceApplied string `header:"Preference-Applied"`
		Body              Clip
	}
	clipInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	clipOutput     struct{ Body Clip }
	listClipsInput struct {
		AssetID string   `query:"asset_id" maxLength:"64" doc:"of this asset"`
		Status  []string `query:"status" enum:"queued,running,ready,failed,cancelled,expired" doc:"in one of these states, separated by commas; if left out, in any"`
		Cursor  string   `query:"cursor" maxLength:"64" doc:"next of the page before"`
		Limit   int      `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	clipPage struct {
		Clips []Clip `json:"clips" nullable:"false"`
		Next  string `json:"next,omitempty" doc:"cursor of the next page"`
	}
	listClipsOutput struct{ Body clipPage }
)

func (a *API) clips(api huma.API) {
	create := operation(http.MethodPost, "/v1/clips", "create-clip", "Take a part of an asset", http.StatusAccepted, 404, 409, 413, 415, 422, 429)
	create.Description = "Answers 202 and makes the clip in the background; with `Prefer: wait=N`, 201 as soon as it is ready."
	register(a, api, create, a.createClip)
	alsoAnswers(api, create, http.StatusCreated, "Ready")
	register(a, api, operation(http.MethodGet, "/v1/clips", "list-clips", "One's own clips, newest first; those of orders are with these", http.StatusOK, 422), a.listClips)
	register(a, api, operation(http.MethodGet, "/v1/clips/{id}", "get-clip", "One clip", http.StatusOK, 404),
		func(ctx context.Context, in *clipInput) (*clipOutput, error) {
			now, err := a.standingClip(ctx, in.ID)
			return &clipOutput{now.body}, err
		})
	register(a, api, operation(http.MethodDelete, "/v1/clips/{id}", "delete-clip", "Remove a clip", http.StatusNoContent, 404), a.deleteClip)
	cancel := operation(http.MethodPost, "/v1/clips/{id}/cancel", "cancel-clip", "Cancel a clip that is not made yet", http.StatusOK, 404)
	cancel.Description = "It stays in the list. A clip that has ended is left as it is, and what others wait for goes on."
	register(a, api, cancel, a.cancelClip)
	registerEvents(a, api, operation(http.MethodGet, "/v1/clips/{id}/events", "clip-events", "Follow a clip until it has ended", http.StatusOK, 404),
		"clip", a.standingClip)
}

func (a *API) createClip(ctx context.Context, in *createClipInput) (*createClipOutput, error) {
	idempotency, err := in.of(in.Body)
	if err != nil {
		return nil, err
	}
	request := in.Body.request(ctx)
	request.Idempotency = idempotency
	row, err := a.catalog.CreateClip(ctx, request)
	if err != nil {
		return nil, err
	}
	now, err := await(ctx, a, row.ID, in.limit(), a.standingClip)
	out := &createClipOutput{Status: http.StatusAccepted, Location: "/v1/clips/" + row.ID, PreferenceApplied: in.applied(), Body: now.body}
	if now.status == string(catalog.ClipReady) {
		out.Status = http.StatusCreated
	}
	return out, err
}

// request is what a body asks of the catalogue, for whoever asks.
func (n newClip) request(ctx context.Context) catalog.ClipRequest {
	request := catalog.ClipRequest{
		By: catalog.From(ctx), AssetID: n.AssetID, Format: n.Format, Separate: n.Join != nil && !*n.Join, Audio: n.Audio,
	}
	for _, r := range n.Ranges {
		request.Ranges = append(request.Ranges, catalog.Marks{In: r.In, Out: r.Out})
		request.Names = append(request.Names, strings.TrimSpace(r.Name))
	}
	return request
}

func (a *API) listClips(ctx context.Context, in *listClipsInput) (*listClipsOutput, error) {
	query := catalog.ClipQuery{By: catalog.From(ctx), AssetID: in.AssetID, Cursor: in.Cursor, Limit: in.Limit}
	for _, status := range in.Status {
		query.Statuses = append(query.Statuses, catalog.ClipStatus(status))
	}
	rows, next, err := a.catalog.Clips(ctx, query)
	if err != nil {
		return nil, err
	}
	page := clipPage{Clips: []Clip{}, Next: next}
	for i := range rows {
		body, err := a.clip(ctx, &rows[i])
		if err != nil {
			return nil, err
		}
		page.Clips = append(page.Clips, body)
	}
	return &listClipsOutput{page}, nil
}

func (a *API) standingClip(ctx context.Context, id string) (standing[Clip], error) {
	row, err := a.catalog.Clip(ctx, catalog.From(ctx), id)
	if err != nil {
		return standing[Clip]{}, err
	}
	body, err := a.clip(ctx, row)
	return standing[Clip]{body, row.JobID, body.Status, body.Progress, row.Status().Ended()}, err
}

// clip shows a row, with signed URLs where it is ready.
func (a *API) clip(ctx context.Context, row *catalog.Clip) (Clip, error) {
	out := Clip{
		ID: row.ID, AssetID: row.AssetID, Status: string(row.Status()), Progress: row.Job.Progress, Format: row.Job.Request.Format,
		Title: titleOf(ctx, row.Asset), Join: !row.Job.Request.Separate, Audio: append([]int{}, row.Job.Request.Audio...), CreatedAt: row.CreatedAt, KeptUntil: row.KeptUntil,
		Restrictions: row.Asset.Restrictions, Ranges: shownRanges(row.Asset, row.Job.Request.Ranges, row.Names),
	}
	if row.Status() == catalog.ClipReady {
		return out, a.addFiles(ctx, &out, row.Files())
	}
	out.Reason = row.Reason()
	return out, nil
}

// shownRanges are ranges of an asset as timecode, with their names.
func shownRanges(asset *catalog.Asset, ranges []transcoder.Range, names []string) []clipRange {
	shown := []clipRange{}
	for i, r := range ranges {
		marks := clipRange{In: asset.Source.Timecode.Timecode(r.In), Out: asset.Source.Timecode.Timecode(r.Out)}
		if i < len(names) {
			marks.Name = names[i]
		}
		shown = append(shown, marks)
	}
	return shown
}

func (a *API) addFiles(ctx context.Context, clip *Clip, files []catalog.JobFile) error {
	for _, f := range files {
		signed, err := a.store.DownloadURL(ctx, f.Key, f.Name)
		if err != nil {
			return err
		}
		clip.Files = append(clip.Files, clipFile{signed.URL, f.Name, f.Report.Size, f.Report})
		clip.ExpiresAt = &signed.ExpiresAt
	}
	if len(clip.Files) == 1 {
		only := clip.Files[0]
		clip.URL, clip.Filename, clip.Size, clip.Report, clip.Files = only.URL, only.Filename, only.Size, &only.Report, nil
	}
	return nil
}

func (a *API) cancelClip(ctx context.Context, in *clipInput) (*clipOutput, error) {
	removed, err := a.catalog.CancelClip(ctx, catalog.From(ctx), in.ID)
	if err == nil {
		err = a.forget(ctx, removed)
	}
	if err != nil {
		return nil, err
	}
	now, err := a.standingClip(ctx, in.ID)
	return &clipOutput{now.body}, err
}

func (a *API) deleteClip(ctx context.Context, in *clipInput) (*struct{}, error) {
	removed, err := a.catalog.ReleaseClip(ctx, catalog.From(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.forget(ctx, removed)
}

// forget lets the store remove what jobs made that nobody claims any more.
func (a *API) forget(ctx context.Context, jobs ...string) error {
	for _, job := range jobs {
		if job == "" {
			continue
		}
		if err := a.store.DeletePrefix(ctx, catalog.JobPrefix(job)); err != nil {
			return err
		}
	}
	return nil
}
