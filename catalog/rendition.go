package catalog

import (
	"context"
	"fmt"
	"time"

	"subclip/database"
	"subclip/transcoder"

	"github.com/uptrace/bun"
)

// failureStands is how long a failed rendition is not begun again, so that those
// who ask whether it is ready hear that it failed.
const failureStands = 2 * time.Minute

// Rendition returns the job that makes, or has made, a whole asset in a format,
// and starts it where there is none, for who asks. It is made once and kept with the asset.
func (c *Catalog) Rendition(ctx context.Context, by Asker, assetID, formatName string) (*Job, *Asset, error) {
	asset, err := c.readyAsset(ctx, by, assetID)
	if err != nil {
		return nil, nil, err
	}
	format, err := transcoder.FindFormat(formatName)
	if err != nil {
		return nil, nil, invalid("format", "%v", err)
	}
	if format.Name == transcoder.SourceFormat {
		return nil, &asset, nil
	}
	job, err := c.failedRendition(ctx, assetID, JobRequest{Format: format.Name, Restrictions: asset.Restrictions})
	if job != nil || err != nil {
		return job, &asset, err
	}
	job, err = c.beginRendition(ctx, by, &asset, format.Name)
	return job, &asset, err
}

// beginRendition is Rendition, also where it has just failed.
func (c *Catalog) beginRendition(ctx context.Context, by Asker, asset *Asset, format string) (job *Job, err error) {
	wanted := JobRequest{Format: format, Restrictions: asset.Restrictions}
	err = c.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		var isNew bool
		job, isNew, err = c.claimOrCreate(ctx, tx, JobRendition, asset, wanted, &by, time.Time{})
		if err != nil || !isNew {
			return err
		}
		return by.check(ctx, tx, job, isNew)
	})
	if err != nil {
		return nil, err
	}
	if job.Status == JobQueued {
		c.push(ctx, job)
	}
	return job, nil
}

// FindRendition returns the newest job that makes, has made or failed to make an asset in a
// format, or nil: nothing is begun.
func (c *Catalog) FindRendition(ctx context.Context, asset *Asset, formatName string) (*Job, error) {
	wanted, err := newJob(JobRendition, asset.ID, JobRequest{Format: formatName, Restrictions: asset.Restrictions})
	if err != nil {
		return nil, err
	}
	var found []Job
	err = c.db.NewSelect().Model(&found).
		Where("fingerprint = ? AND status IN (?)", wanted.Fingerprint, bun.List([]JobStatus{JobQueued, JobRunning, JobDone, JobFailed})).
		OrderExpr("id DESC").Limit(1).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for a rendition of asset %s: %w", asset.ID, err)
	}
	if len(found) == 0 {
		return nil, nil //nolint:nilnil // none was asked for
	}
	return &found[0], nil
}

func (c *Catalog) failedRendition(ctx context.Context, assetID string, request JobRequest) (*Job, error) {
	wanted, err := newJob(JobRendition, assetID, request)
	if err != nil {
		return nil, err
	}
	var failed []Job
	err = c.db.NewSelect().Model(&failed).
		Where("fingerprint = ? AND status = ? AND finished_at > ?", wanted.Fingerprint, JobFailed, database.Now().Add(-failureStands)).
		OrderExpr("id DESC").Limit(1).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for a failed rendition: %w", err)
	}
	if len(failed) == 0 {
		return nil, nil //nolint:nilnil // none has failed is the ordinary answer
	}
	return &failed[0], nil
}
