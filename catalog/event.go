package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// EventKind is what can happen that others are told of.
type EventKind string

// The kinds of events.
const (
	ClipIsReady   EventKind = "clip.ready"
	ClipHasFailed EventKind = "clip.failed"
	AssetIsReady  EventKind = "asset.ready"
	AssetFailure  EventKind = "asset.failed"
)

// EventKinds lists all kinds.
func EventKinds() []EventKind {
	return []EventKind{ClipIsReady, ClipHasFailed, AssetIsReady, AssetFailure}
}

// OfAssets reports whether the event concerns those who publish, and not one
// person.
func (k EventKind) OfAssets() bool { return k == AssetIsReady || k == AssetFailure }

// EventData is what is told of the clip or asset that an event is about.
type EventData struct {
	ID      string `json:"id"`
	AssetID string `json:"asset_id,omitempty"` // of a clip
	Title   string `json:"title,omitempty"`    // of an asset
	Status  string `json:"status"`
	Format  string `json:"format,omitempty"`
	Size    int64  `json:"size,omitempty"`   // of all files of a clip, bytes
	Reason  string `json:"reason,omitempty"` // why it failed
}

// Event is something that has happened. It is stored by the transaction in which
// it happens, so that none is lost, and taken once; see TakeEvents.
type Event struct {
	bun.BaseModel `bun:"table:events"`

	ID        string `bun:",pk"`
	Kind      EventKind
	PersonID  string // whose clip it is; empty where it is about an asset
	Data      EventData
	CreatedAt time.Time
}

// TakeEvents hands the oldest events, at most limit, to use and forgets them, all
// in one transaction: where use fails they stay. It returns how many there were.
func (c *Catalog) TakeEvents(ctx context.Context, limit int64, use func(context.Context, bun.Tx, []Event) error) (int, error) {
	var events []Event
	err := c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		oldest := tx.NewSelect().Model((*Event)(nil)).Column("id").OrderExpr("id").Limit(limit)
		if err := tx.NewDelete().Model(&events).Where("id IN (?)", oldest).Returning("*").Scan(ctx); err != nil {
			return fmt.Errorf("take events: %w", err)
		}
		if len(events) == 0 {
			return nil
		}
		return use(ctx, tx, events)
	})
	return len(events), err
}

// clipsEnded stores what those who claim a job are told when it has ended. Of a withdrawn
// asset nothing is told: its clips are ended too, if not yet by Withdraw then by Expire.
func clipsEnded(ctx context.Context, tx bun.Tx, job *Job, kind EventKind, data EventData) error {
	if job.Kind != JobClip {
		return nil
	}
	var clips []Clip
	err := tx.NewSelect().Model(&clips).Relation("Asset").
		Where("clip.job_id = ? AND NOT clip.cancelled AND NOT clip.withdrawn AND asset.withdrawn_at IS NULL", job.ID).
		OrderExpr("clip.id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for those who wait for job %s: %w", job.ID, err)
	}
	for _, clip := range clips {
		data.ID, data.AssetID, data.Format = clip.ID, clip.AssetID, job.Request.Format
		if err := happened(ctx, tx, kind, clip.OwnerID, data); err != nil {
			return err
		}
	}
	return nil
}

// assetEnded stores what is told of an asset whose ingest has ended.
func assetEnded(ctx context.Context, tx bun.Tx, assetID string) error {
	asset := new(Asset)
	if err := tx.NewSelect().Model(asset).Where("id = ?", assetID).Scan(ctx); err != nil {
		return fmt.Errorf("read asset %s: %w", assetID, err)
	}
	kind := AssetIsReady
	if asset.Status == AssetFailed {
		kind = AssetFailure
	}
	return happened(ctx, tx, kind, "", EventData{ID: asset.ID, Title: asset.Title, Status: string(asset.Status), Reason: asset.Reason})
}

// clipIsThere tells of a clip that was made before it was asked for, unless its asset was
// withdrawn meanwhile.
func clipIsThere(ctx context.Context, tx bun.Tx, clip *Clip, job *Job) error {
	published, err := tx.NewSelect().Model((*Asset)(nil)).Where("id = ? AND withdrawn_at IS NULL", clip.AssetID).Exists(ctx)
	if err != nil {
		return fmt.Errorf("look whether asset %s is withdrawn: %w", clip.AssetID, err)
	}
	if !published {
		return nil
	}
	return happened(ctx, tx, ClipIsReady, clip.OwnerID, EventData{
		ID: clip.ID, AssetID: clip.AssetID, Status: string(ClipReady), Format: job.Request.Format, Size: job.Bytes,
	})
}

// MayTell reports whether an event, by its kind and the id of what it is about, may still
// be told to somebody: they see that, and it has not been withdrawn since.
func (c *Catalog) MayTell(ctx context.Context, by Asker, kind EventKind, id string) (bool, error) {
	var err error
	told := true
	if kind.OfAssets() {
		_, err = c.Asset(ctx, by, id)
		told = by.Editor
	} else {
		var clip *Clip
		if clip, err = c.Clip(ctx, by, id); err == nil {
			told = !clip.isWithdrawn()
		}
	}
	if missing, ok := errors.AsType[*Error](err); ok && missing.Kind == NotFound {
		return false, nil
	}
	return told && err == nil, err
}

func happened(ctx context.Context, tx bun.Tx, kind EventKind, personID string, data EventData) error {
	event := &Event{ID: database.NewID(), Kind: kind, PersonID: personID, Data: data, CreatedAt: database.Now()}
	if _, err := tx.NewInsert().Model(event).Exec(ctx); err != nil {
		return fmt.Errorf("store the event %s: %w", kind, err)
	}
	return nil
}

// end writes how a job has ended, and what is told of it, in one transaction.
func (c *Catalog) end(ctx context.Context, job *Job, set func(*bun.UpdateQuery), tell func(context.Context, bun.Tx) error) error {
	err := c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := fenced(ctx, tx, job, set); err != nil {
			return err
		}
		return tell(ctx, tx)
	})
	if err != nil && !errors.Is(err, ErrLost) {
		return fmt.Errorf("end job %s: %w", job.ID, err)
	}
	if err == nil {
		c.announce(ctx, job.ID)
	}
	return err
}
