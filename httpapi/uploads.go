package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/storage"

	"github.com/danielgtaylor/huma/v2"
)

// Upload is a master on its way into the store. Its parts are PUT to signed URLs.
type Upload struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Filename  string    `json:"filename" doc:"as it was given; with the size it tells a file that is chosen again"`
	CreatedAt time.Time `json:"created_at"`
	Status    string    `json:"status" enum:"open,complete,aborted"`
	Size      int64     `json:"size" doc:"of the file, bytes; 0 while a form's file has not arrived"`
	Form      bool      `json:"form,omitempty" doc:"a form brings the file; there are no parts"`
	PartSize  int64     `json:"part_size" doc:"of every part but the last, bytes: 16 MiB, doubled until there are at most 10,000 parts"`
	Parts     int       `json:"parts" doc:"how many there are, numbered from 1"`
	Finished  []int     `json:"finished" nullable:"false" doc:"numbers of the parts that the store has"`
	ExpiresAt time.Time `json:"expires_at" doc:"when an unfinished upload is removed"`
	AssetID   string    `json:"asset_id,omitempty" doc:"once complete"`

	Uploaded []uploadedPart `json:"uploaded" nullable:"false" doc:"the same parts, as the store describes them"`
}

type (
	uploadedPart struct {
		Number int    `json:"number"`
		Size   int64  `json:"size" doc:"bytes"`
		ETag   string `json:"etag" doc:"as the store answered the PUT"`
	}
	listUploadsInput struct {
		Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
	}
	listUploadsOutput struct {
		Body struct {
			Uploads []Upload `json:"uploads" nullable:"false"`
			Next    string   `json:"next,omitempty" doc:"cursor of the next page"`
		}
	}
	newUpload struct {
		Title       string `json:"title" minLength:"1" maxLength:"500"`
		Description string `json:"description,omitempty" maxLength:"20000"`
		Language    string `json:"language,omitempty" maxLength:"35" doc:"BCP 47 tag"`
		Filename    string `json:"filename" minLength:"1" maxLength:"255"`

		Restrictions string     `json:"restrictions,omitempty" maxLength:"5000" doc:"what those who use it must keep to"`
		EmbargoUntil *time.Time `json:"embargo_until,omitempty" doc:"before, only editors see the asset; 9999-01-01T00:00:00Z keeps it back until the embargo is lifted"`

		Topics   []string `json:"topics,omitempty" maxItems:"50" doc:"of those that list-topics gives"`
		Keywords []string `json:"keywords,omitempty" maxItems:"50"`
		People   []string `json:"people,omitempty" maxItems:"50" doc:"who is seen or heard"`
		Places   []string `json:"places,omitempty" maxItems:"50" doc:"where it was shot"`
		ShotOn   string   `json:"shot_on,omitempty" format:"date" doc:"the day it was shot"`

		Size int64 `json:"size,omitempty" minimum:"1" maximum:"5497558138880" doc:"bytes; needed unless a form brings the file"`
		Form bool  `json:"form,omitempty" doc:"the file, of up to 5 GiB, is brought by one POST of a form; see sign-form"`
	}
	createUploadInput struct {
		Idempotent
		Body newUpload
	}
	// UploadInput names an upload; huma reads embedded inputs only if exported.
	UploadInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	uploadOutput struct {
		Location string `header:"Location"`
		Body     Upload
	}
	partURL struct {
		Number    int       `json:"number"`
		Size      int64     `json:"size" doc:"bytes to PUT"`
		URL       string    `json:"url"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	partURLsInput struct {
		UploadInput
		Idempotent
		Body struct {
			Numbers []int `json:"numbers" nullable:"false" minItems:"1" maxItems:"100"`
		}
	}
	partURLsOutput struct {
		Body struct {
			Parts []partURL `json:"parts" nullable:"false"`
		}
	}
	completeUploadInput struct {
		UploadInput
		Idempotent
	}
	createdAssetOutput struct {
		Location string `header:"Location"`
		Body     Asset
	}
)

func (a *API) uploads(api huma.API) {
	register(a, api, operation(http.MethodPost, "/v1/uploads", "create-upload", "Begin an upload", http.StatusCreated, 413, 415, 422), a.createUpload)
	register(a, api, operation(http.MethodGet, "/v1/uploads", "list-uploads", "One's own unfinished uploads, newest first", http.StatusOK, 422), a.listUploads)
	register(a, api, operation(http.MethodGet, "/v1/uploads/{id}", "get-upload", "Which parts are there", http.StatusOK, 404), a.getUpload)
	register(a, api, operation(http.MethodPost, "/v1/uploads/{id}/parts", "sign-parts", "Signed URLs to PUT parts to", http.StatusOK, 404, 409, 422), a.signParts)
	register(a, api, operation(http.MethodPost, "/v1/uploads/{id}/complete", "complete-upload", "Make an asset of the parts", http.StatusCreated, 404, 409), a.completeUpload)
	register(a, api, operation(http.MethodDelete, "/v1/uploads/{id}", "abort-upload", "Give an upload up", http.StatusNoContent, 404, 409), a.abortUpload)
}

func (a *API) createUpload(ctx context.Context, in *createUploadInput) (*uploadOutput, error) {
	idempotency, err := in.of(in.Body)
	if err != nil {
		return nil, err
	}
	b := in.Body
	about := catalog.Metadata{
		Title: b.Title, Description: b.Description, Language: b.Language, Filename: b.Filename, Restrictions: b.Restrictions,
		Topics: b.Topics, Keywords: b.Keywords, People: b.People, Places: b.Places, ShotOn: b.ShotOn,
	}
	if b.EmbargoUntil != nil {
		about.EmbargoUntil = *b.EmbargoUntil
	}
	upload, exists, err := a.newUpload(ctx, about, b, idempotency)
	if err != nil {
		return nil, err
	}
	if !exists {
		open := a.openUpload
		if b.Form {
			open = a.catalog.StoreUpload
		}
		if upload, err = open(ctx, upload); err != nil {
			return nil, err
		}
	}
	return a.uploadAt(ctx, upload)
}

func (a *API) newUpload(ctx context.Context, about catalog.Metadata, body newUpload, idempotency catalog.Idempotency) (upload *catalog.Upload, exists bool, err error) {
	if body.Form {
		return a.catalog.NewPostedUpload(ctx, callerOf(ctx).ID(), about, idempotency)
	}
	return a.catalog.NewUpload(ctx, callerOf(ctx).ID(), about, body.Size, idempotency)
}

// openUpload opens the upload in the store and then records it.
func (a *API) openUpload(ctx context.Context, upload *catalog.Upload) (*catalog.Upload, error) {
	var err error
	if upload.StoreID, err = a.store.CreateUpload(ctx, upload.Key, "application/octet-stream"); err != nil {
		return nil, err
	}
	stored, err := a.catalog.StoreUpload(ctx, upload)
	if err != nil || stored.ID != upload.ID {
		err = errors.Join(err, a.store.AbortUpload(context.WithoutCancel(ctx), upload.Key, upload.StoreID))
	}
	return stored, err
}

// uploadAt is an upload with its address.
func (a *API) uploadAt(ctx context.Context, row *catalog.Upload) (*uploadOutput, error) {
	body, err := a.upload(ctx, row)
	return &uploadOutput{"/v1/uploads/" + row.ID, body}, err
}

// upload shows a row, with the parts that the store has.
func (a *API) upload(ctx context.Context, row *catalog.Upload) (Upload, error) {
	body := Upload{
		ID: row.ID, Title: row.Title, Filename: row.Filename, CreatedAt: row.CreatedAt, Status: string(row.Status), Size: row.Size, PartSize: row.PartSize, Parts: row.Parts(),
		Finished: []int{}, Uploaded: []uploadedPart{}, ExpiresAt: row.ExpiresAt, AssetID: row.AssetID,
	}
	if row.Posted() {
		return a.postedUpload(ctx, row, body)
	}
	if row.Status == catalog.UploadOpen {
		parts, err := a.store.Parts(ctx, row.Key, row.StoreID)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return body, err
		}
		for _, p := range parts {
			if p.Size == row.PartLength(int(p.Number)) {
				body.Finished = append(body.Finished, int(p.Number))
				body.Uploaded = append(body.Uploaded, uploadedPart{int(p.Number), p.Size, p.ETag})
			}
		}
	}
	return body, nil
}

func (a *API) listUploads(ctx context.Context, in *listUploadsInput) (*listUploadsOutput, error) {
	rows, next, err := a.catalog.OpenUploads(ctx, callerOf(ctx).ID(), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := new(listUploadsOutput)
	out.Body.Uploads, out.Body.Next = []Upload{}, next
	for i := range rows {
		body, err := a.upload(ctx, &rows[i])
		if err != nil {
			return nil, err
		}
		out.Body.Uploads = append(out.Body.Uploads, body)
	}
	return out, nil
}

func (a *API) getUpload(ctx context.Context, in *UploadInput) (*uploadOutput, error) {
	row, err := a.catalog.Upload(ctx, callerOf(ctx).ID(), in.ID)
	if err != nil {
		return nil, err
	}
	return a.uploadAt(ctx, row)
}

func (a *API) signParts(ctx context.Context, in *partURLsInput) (*partURLsOutput, error) {
	row, err := a.catalog.OpenUpload(ctx, callerOf(ctx).ID(), in.ID)
	if err != nil {
		return nil, err
	}
	out := new(partURLsOutput)
	for i, number := range in.Body.Numbers {
		if number < 1 || number > row.Parts() {
			return nil, &catalog.Error{
				Kind: catalog.Invalid, Field: fmt.Sprintf("numbers[%d]", i),
				Message: fmt.Sprintf("there is no part %d: use 1 to %d", number, row.Parts()),
			}
		}
		signed, err := a.store.PartURL(ctx, row.Key, row.StoreID, int32(number)) //nolint:gosec // at most storage.MaxParts
		if err != nil {
			return nil, err
		}
		out.Body.Parts = append(out.Body.Parts, partURL{number, row.PartLength(number), signed.URL, signed.ExpiresAt})
	}
	return out, nil
}

func (a *API) completeUpload(ctx context.Context, in *completeUploadInput) (*createdAssetOutput, error) {
	row, err := a.catalog.Upload(ctx, callerOf(ctx).ID(), in.ID)
	if err != nil {
		return nil, err
	}
	if row.Status == catalog.UploadOpen {
		take := a.assemble
		if row.Posted() {
			take = a.takePosted
		}
		if err := take(ctx, row); err != nil {
			return nil, err
		}
	}
	asset, err := a.catalog.CompleteUpload(ctx, row.OwnerID, row.ID)
	if err != nil {
		return nil, err
	}
	if row.Status == catalog.UploadOpen {
		if err := a.record(ctx, accounts.Publication, asset.ID, asset.Title); err != nil {
			return nil, err
		}
	}
	if row.Posted() {
		a.forgetPosted(ctx, row)
	}
	body, err := a.asset(ctx, &asset)
	return &createdAssetOutput{"/v1/assets/" + asset.ID, body}, err
}

// assemble makes the object of an upload whose parts are all there. An earlier
// try may have come this far and no further.
func (a *API) assemble(ctx context.Context, row *catalog.Upload) error {
	if object, err := a.store.Stat(ctx, row.Key); err == nil && object.Size == row.Size {
		return nil
	}
	parts, err := a.store.Parts(ctx, row.Key, row.StoreID)
	if err != nil {
		return err
	}
	missing := map[int]bool{}
	for number := 1; number <= row.Parts(); number++ {
		missing[number] = true
	}
	for _, p := range parts {
		if p.Size == row.PartLength(int(p.Number)) {
			delete(missing, int(p.Number))
		}
	}
	if len(missing) > 0 {
		return &catalog.Error{
			Kind:    catalog.Conflict,
			Message: fmt.Sprintf("%d of %d parts are missing or of the wrong size: PUT them and complete again", len(missing), row.Parts()),
		}
	}
	return a.store.CompleteUpload(ctx, row.Key, row.StoreID, parts)
}

func (a *API) abortUpload(ctx context.Context, in *UploadInput) (*struct{}, error) {
	row, err := a.catalog.Upload(ctx, callerOf(ctx).ID(), in.ID)
	if err != nil {
		return nil, err
	}
	if err := a.catalog.AbortUpload(ctx, row.OwnerID, row.ID); err != nil {
		return nil, err
	}
	return nil, errors.Join(a.store.DeletePrefix(ctx, row.Key), a.store.DeletePrefix(ctx, catalog.PostedPrefix(row.ID)))
}
