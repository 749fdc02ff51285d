package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"subclip/catalog"
	"subclip/database"
	"subclip/storage"

	"github.com/danielgtaylor/huma/v2"
)

type (
	signFormInput struct {
		UploadInput
		Idempotent
		Body struct {
			RedirectTo string `json:"redirect_to,omitempty" maxLength:"2000" doc:"where the store leads the browser once it has the file; if left out, it answers 204"`
		}
	}
	signFormOutput struct {
		Body struct {
			URL       string            `json:"url" doc:"to POST to, as multipart/form-data"`
			Fields    map[string]string `json:"fields" doc:"to send before the file, which goes last and as the field file"`
			ExpiresAt time.Time         `json:"expires_at" doc:"when the form can no longer be sent; one that is on its way goes on"`
		}
	}
)

func (a *API) postedUploads(api huma.API) {
	register(a, api, operation(http.MethodPost, "/v1/uploads/{id}/form", "sign-form", "Signed fields to POST the file with", http.StatusOK, 404, 409, 413, 415, 422), a.signForm)
}

func (a *API) signForm(ctx context.Context, in *signFormInput) (*signFormOutput, error) {
	row, err := a.catalog.OpenUpload(ctx, callerOf(ctx).ID(), in.ID)
	if err != nil {
		return nil, err
	}
	if !row.Posted() {
		return nil, &catalog.Error{Kind: catalog.Conflict, Message: "this upload is sent in parts: begin one with form"}
	}
	if to := in.Body.RedirectTo; to != "" {
		if u, err := url.Parse(to); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return nil, &catalog.Error{Kind: catalog.Invalid, Field: "redirect_to", Message: "this is no address of a page: write one that begins with https://"}
		}
	}
	signed, err := a.store.PostForm(ctx, row.PostedKey(), in.Body.RedirectTo)
	if err != nil {
		return nil, err
	}
	out := new(signFormOutput)
	out.Body.URL, out.Body.Fields, out.Body.ExpiresAt = signed.URL, signed.Fields, signed.ExpiresAt
	return out, nil
}

// postedUpload shows a row whose file a form brings, or has brought.
func (a *API) postedUpload(ctx context.Context, row *catalog.Upload, body Upload) (Upload, error) {
	body.Form, body.Parts, body.PartSize = true, 0, 0
	if row.Status != catalog.UploadOpen || row.Size > 0 {
		return body, nil
	}
	posted, err := a.store.Stat(ctx, row.PostedKey())
	if errors.Is(err, storage.ErrNotFound) {
		return body, nil
	}
	body.Size = posted.Size
	return body, err
}

// takePosted makes the master of an upload whose file a form has brought. The master is a
// copy: the form still works, and what it brings later must not change the master. Each
// try has a place of its own, so that none harms another's. A try goes on where nobody
// waits for it any more: gigabytes are copied, and a browser that asks again finds it done.
func (a *API) takePosted(ctx context.Context, row *catalog.Upload) error {
	if row.Size > 0 {
		return nil // an earlier try came this far and no further
	}
	ctx = context.WithoutCancel(ctx)
	posted, err := a.store.Stat(ctx, row.PostedKey())
	if errors.Is(err, storage.ErrNotFound) {
		return a.tookPosted(ctx, row, &catalog.Error{Kind: catalog.Conflict, Message: "the file has not arrived: send it with the form, and complete then"})
	}
	if err != nil {
		return err
	}
	key := row.MasterKey(database.NewID())
	_, err = a.store.Compose(ctx, key, "application/octet-stream", a.store.Source(row.PostedKey()), []storage.Piece{{Length: posted.Size}})
	if errors.Is(err, storage.ErrNotFound) {
		return a.tookPosted(ctx, row, err)
	}
	if err != nil {
		return err
	}
	now, err := a.store.Stat(ctx, row.PostedKey())
	taken := false
	switch {
	case err != nil && !errors.Is(err, storage.ErrNotFound): // gone, somebody else has taken it
	case err == nil && now.ETag != posted.ETag:
		err = &catalog.Error{Kind: catalog.Conflict, Message: "the file was sent once more meanwhile: complete again"}
	default:
		taken, err = a.catalog.TakePosted(ctx, row, key, posted.Size)
	}
	if !taken {
		err = errors.Join(err, a.store.Delete(ctx, key))
	}
	return err
}

// tookPosted is nil where another request has taken the file that this one does not find
// any more, and otherwise err.
func (a *API) tookPosted(ctx context.Context, row *catalog.Upload, err error) error {
	now, unread := a.catalog.Upload(ctx, row.OwnerID, row.ID)
	if unread != nil {
		return unread
	}
	if now.Size > 0 || now.Status != catalog.UploadOpen {
		return nil
	}
	return err
}

// forgetPosted removes what a form has brought, once there is a master of it. What it
// brings later, or stays now, is swept away.
func (a *API) forgetPosted(ctx context.Context, row *catalog.Upload) {
	if err := a.store.Delete(ctx, row.PostedKey()); err != nil {
		a.log.Warn("what a form has brought is left for the sweep", "upload", row.ID, "error", err)
	}
}
