package catalog

import (
	"context"
	"time"

	"subclip/transcoder"

	"github.com/uptrace/bun"
)

// Rendition returns the job that makes, or has made, a whole asset in a format,
// and starts it where there is none. It is made once and kept with the asset.
func (c *Catalog) Rendition(ctx context.Context, assetID, formatName string) (*Job, *Asset, error) {
	asset, err := c.readyAsset(ctx, assetID)
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
	var job *Job
	err = c.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		job, err = c.claimOrCreate(ctx, tx, JobRendition, assetID, JobRequest{Format: format.Name}, time.Time{})
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if job.Status == JobQueued {
		c.push(ctx, job)
	}
	return job, &asset, nil
}
