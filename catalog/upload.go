package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"subclip/database"
	"subclip/storage"

	"github.com/uptrace/bun"
)

// UploadStatus is how far an upload is.
type UploadStatus string

// The states of an upload.
const (
	UploadOpen     UploadStatus = "open"
	UploadComplete UploadStatus = "complete"
	UploadAborted  UploadStatus = "aborted"
)

// MaxMasterSize is the most that S3 stores as one object: 5 TiB.
const MaxMasterSize = storage.MaxObject

// preferredPart balances what a cut connection costs against the number of requests.
const preferredPart = 16 << 20

// Upload is a master on its way into the store.
type Upload struct {
	bun.BaseModel `bun:"table:uploads"`

	ID      string `bun:",pk"`
	OwnerID string // the person who delivers it
	Metadata
	Size     int64 // of the file, bytes; 0 while nobody knows
	PartSize int64 // of every part but the last, bytes
	Key      string
	StoreID  string // the store's name for the multipart upload; empty where a form brings the file
	Status   UploadStatus
	AssetID  string `bun:",nullzero"` // once complete
	Idempotency
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Parts is how many parts the upload has.
func (u *Upload) Parts() int { return int((u.Size + u.PartSize - 1) / u.PartSize) }

// PartLength is the size of a part, counted from 1, in bytes.
func (u *Upload) PartLength(number int) int64 {
	return min(u.PartSize, u.Size-int64(number-1)*u.PartSize)
}

// Posted reports whether the file is brought by one POST of a form instead of in parts.
func (u *Upload) Posted() bool { return u.StoreID == "" }

// PostedKey is where a form puts the file.
func (u *Upload) PostedKey() string { return PostedPrefix(u.ID) + "file" }

// PostedPrefix is where in the store an upload's form puts its file.
func PostedPrefix(uploadID string) string { return PostedRoot + uploadID + "/" }

// MasterKey is a place for the master in a folder of its own.
func (u *Upload) MasterKey(folder string) string {
	return path.Join(path.Dir(u.Key), folder, path.Base(u.Key))
}

// NewUpload prepares a row for a master of size bytes; nothing is stored yet. An
// earlier upload with the same Idempotency-Key is returned instead, and exists
// is true.
func (c *Catalog) NewUpload(ctx context.Context, ownerID string, about Metadata, size int64, idempotency Idempotency) (upload *Upload, exists bool, err error) {
	if size < 1 || size > MaxMasterSize {
		return nil, false, invalid("size", "the size is %d bytes: files of 1 byte to 5 TiB are taken", size)
	}
	return c.newUpload(ctx, ownerID, about, size, idempotency)
}

// NewPostedUpload is NewUpload for a master that a form brings, of a size that nobody knows
// before.
func (c *Catalog) NewPostedUpload(ctx context.Context, ownerID string, about Metadata, idempotency Idempotency) (upload *Upload, exists bool, err error) {
	return c.newUpload(ctx, ownerID, about, 0, idempotency)
}

func (c *Catalog) newUpload(ctx context.Context, ownerID string, about Metadata, size int64, idempotency Idempotency) (upload *Upload, exists bool, err error) {
	if err := c.checkMetadata(&about); err != nil {
		return nil, false, err
	}
	idempotency = idempotency.of(ownerID)
	if upload, err = c.uploadByKey(ctx, idempotency); upload != nil || err != nil {
		return upload, true, err
	}
	id := database.NewID()
	return &Upload{
		ID: id, OwnerID: ownerID, Metadata: about, Size: size, PartSize: storage.PartSize(size, preferredPart),
		Key:    MastersRoot + id + "/" + storage.SafeFilename(strings.TrimSuffix(about.Filename, path.Ext(about.Filename)), extension(about.Filename)),
		Status: UploadOpen, Idempotency: idempotency, CreatedAt: database.Now(), ExpiresAt: database.Now().Add(c.cfg.KeepUploads),
	}, false, nil
}

// extension is a file name's own, where it is an ordinary one.
func extension(filename string) string {
	ext := strings.ToLower(path.Ext(filename))
	for _, r := range strings.TrimPrefix(ext, ".") {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return ""
		}
	}
	if len(ext) < 2 || len(ext) > 6 {
		return ""
	}
	return ext
}

func (c *Catalog) uploadByKey(ctx context.Context, idempotency Idempotency) (*Upload, error) {
	upload, err := earlier[Upload](ctx, c.db, idempotency)
	if upload == nil || err != nil {
		return nil, err
	}
	return upload, idempotency.matches(upload.Idempotency)
}

// StoreUpload records an upload that the store has opened. Where another request
// with the same key came first, that one's upload is returned and this one's
// must be aborted in the store.
func (c *Catalog) StoreUpload(ctx context.Context, upload *Upload) (*Upload, error) {
	res, err := c.db.NewInsert().Model(upload).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("store the upload: %w", err)
	}
	if errors.Is(mustAffect(res), errAgain) {
		return c.uploadByKey(ctx, upload.Idempotency)
	}
	return upload, nil
}

// Upload returns one upload of a person, or a NotFound Error; somebody else's is
// not found either.
func (c *Catalog) Upload(ctx context.Context, ownerID, id string) (*Upload, error) {
	upload := new(Upload)
	err := c.db.NewSelect().Model(upload).Where("id = ? AND owner_id = ?", id, ownerID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound("there is no upload %q", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read upload %s: %w", id, err)
	}
	return upload, nil
}

// Uploads returns all uploads of a person, newest first.
func (c *Catalog) Uploads(ctx context.Context, ownerID string) ([]Upload, error) {
	var uploads []Upload
	if err := c.db.NewSelect().Model(&uploads).Where("owner_id = ?", ownerID).OrderExpr("id DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list uploads: %w", err)
	}
	return uploads, nil
}

// OpenUploads returns a page of a person's unfinished uploads, newest first, and the cursor
// of the next page, empty after the last. limit is 1 to MaxPage.
func (c *Catalog) OpenUploads(ctx context.Context, ownerID, cursor string, limit int) (page []Upload, next string, err error) {
	limit = min(max(limit, 1), MaxPage)
	query := c.db.NewSelect().Model(&page).Where("owner_id = ? AND status = ? AND expires_at > ?", ownerID, UploadOpen, database.Now()).
		OrderExpr("id DESC").Limit(int64(limit) + 1)
	if cursor != "" {
		query.Where("id < ?", cursor)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("list uploads: %w", err)
	}
	page, next = database.Page(page, limit, func(row *Upload) string { return row.ID })
	return page, next, nil
}

// OpenUpload returns an upload that can still take parts, or says why it cannot.
func (c *Catalog) OpenUpload(ctx context.Context, ownerID, id string) (*Upload, error) {
	upload, err := c.Upload(ctx, ownerID, id)
	if err == nil && upload.Status != UploadOpen {
		return nil, conflict("the upload is %s: begin a new one", upload.Status)
	}
	return upload, err
}

// TakePosted records the master that was made of what a form has brought. It reports false
// where another request was quicker, or the upload was given up: key is not needed then.
func (c *Catalog) TakePosted(ctx context.Context, upload *Upload, key string, size int64) (taken bool, err error) {
	res, err := c.db.NewUpdate().Model((*Upload)(nil)).Set("key = ?, size = ?", key, size).
		Where("id = ? AND status = ? AND size = 0", upload.ID, UploadOpen).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("record what upload %s has brought: %w", upload.ID, err)
	}
	return !errors.Is(mustAffect(res), errAgain), nil
}

// CompleteUpload turns a finished upload into an asset and queues its ingest.
// Completing again returns the same asset.
func (c *Catalog) CompleteUpload(ctx context.Context, ownerID, id string) (Asset, error) {
	var assetID string
	var job *Job
	err := c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		assetID, job = "", nil
		var upload Upload
		newAsset := database.NewID()
		err := tx.NewUpdate().Model(&upload).Set("status = ?", UploadComplete).
			Where("id = ? AND owner_id = ? AND status = ? AND size > 0", id, ownerID, UploadOpen).Returning("*").Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("complete upload %s: %w", id, err)
		}
		assetID = newAsset
		job, err = c.insertAsset(ctx, tx, newAsset, &upload)
		return err
	})
	if err != nil {
		return Asset{}, err
	}
	if job != nil {
		c.push(ctx, job)
		return c.Asset(ctx, House(), assetID)
	}
	upload, err := c.Upload(ctx, ownerID, id)
	if err != nil {
		return Asset{}, err
	}
	if upload.AssetID == "" {
		return Asset{}, conflict("the upload is %s: begin a new one", upload.Status)
	}
	return c.Asset(ctx, House(), upload.AssetID)
}

func (c *Catalog) insertAsset(ctx context.Context, tx bun.Tx, id string, upload *Upload) (*Job, error) {
	now := database.Now()
	asset := &Asset{
		ID: id, Metadata: upload.Metadata, Status: AssetProcessing, Size: upload.Size,
		MasterKey: upload.Key, CreatedAt: now, Release: Release{Position: id, ReleasedAt: now}, ChangedAt: now,
	}
	if asset.EmbargoUntil.After(now) {
		asset.ReleasedAt = asset.EmbargoUntil
	}
	if _, err := tx.NewInsert().Model(asset).Exec(ctx); err != nil {
		return nil, fmt.Errorf("store the asset: %w", err)
	}
	if err := c.indexAsset(ctx, tx, id); err != nil {
		return nil, err
	}
	job, err := newJob(JobIngest, id, JobRequest{})
	if err != nil {
		return nil, err
	}
	job.Claims, job.PersonID = 1, upload.OwnerID
	if _, err := tx.NewInsert().Model(job).Exec(ctx); err != nil {
		return nil, fmt.Errorf("store the ingest job: %w", err)
	}
	_, err = tx.NewUpdate().Model(upload).Set("asset_id = ?", id).WherePK().Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("link the upload to its asset: %w", err)
	}
	return job, nil
}

// AbortUpload gives an open upload up. The caller frees its parts in the store.
func (c *Catalog) AbortUpload(ctx context.Context, ownerID, id string) error {
	res, err := c.db.NewUpdate().Model((*Upload)(nil)).Set("status = ?", UploadAborted).
		Where("id = ? AND owner_id = ? AND status = ?", id, ownerID, UploadOpen).Exec(ctx)
	if err != nil {
		return fmt.Errorf("abort upload %s: %w", id, err)
	}
	if errors.Is(mustAffect(res), errAgain) {
		return conflict("the upload is complete or aborted already")
	}
	return nil
}
