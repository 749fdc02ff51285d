package catalog

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"subclip/database"
	"subclip/transcoder"

	"github.com/uptrace/bun"
)

const sourceFormat = transcoder.SourceFormat

// OrderRequest is what someone wants together. An item without ranges is a whole asset.
type OrderRequest struct {
	By    Asker
	Name  string
	Items []ClipRequest
	Idempotency
}

// CreateOrder stores an order and begins its items, as many as the asker may have made
// at once; the others begin when those have ended. Errors: an Error of any kind, whose
// field names the item; nothing is stored then.
func (c *Catalog) CreateOrder(ctx context.Context, req OrderRequest) (*Order, error) {
	if len(req.Items) == 0 || len(req.Items) > MaxItems {
		return nil, invalid("items", "give 1 to %d items", MaxItems)
	}
	req.Idempotency = req.of(req.By.ID)
	order := &Order{
		ID: database.NewID(), OwnerID: req.By.ID, Asker: req.By, Name: strings.TrimSpace(req.Name),
		Idempotency: req.Idempotency, CreatedAt: database.Now(), KeptUntil: database.Now().Add(c.cfg.KeepClips),
	}
	var masters int64
	for i, wish := range req.Items {
		wish.By = req.By
		asset, wanted, err := c.resolveItem(ctx, wish)
		if err != nil {
			return nil, ofItem(i, err)
		}
		item := OrderItem{ID: database.NewID(), OrderID: order.ID, Number: i + 1, AssetID: wish.AssetID, Request: wanted, Names: wish.names()}
		if item.IsMaster() {
			item.Begun = true
			masters += asset.Size
		}
		order.Items = append(order.Items, item)
		if err := order.lastIsNew(); err != nil {
			return nil, ofItem(i, err)
		}
	}
	var id string
	err := c.inTx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		id, err = insertOrder(ctx, tx, order, masters)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.advanceOrders(ctx)
	return c.Order(ctx, req.By, id)
}

// lastIsNew refuses an item that the order has already: it would be packed twice.
func (o *Order) lastIsNew() error {
	last := &o.Items[len(o.Items)-1]
	for i := range o.Items[:len(o.Items)-1] {
		if item := &o.Items[i]; item.AssetID == last.AssetID && reflect.DeepEqual(item.Request, last.Request) {
			return invalid("", "it is the same as item %d: leave one of them out", item.Number)
		}
	}
	return nil
}

// ofItem says of a mistake in which item it is.
func ofItem(index int, err error) error {
	mistake, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	field := fmt.Sprintf("items[%d]", index)
	if mistake.Field != "" {
		field += "." + mistake.Field
	}
	return &Error{Kind: mistake.Kind, Field: field, Message: mistake.Message, RetryAfter: mistake.RetryAfter}
}

// resolveItem is resolve for what may be a whole asset. A whole one with chosen sounds is
// a clip of all its frames.
func (c *Catalog) resolveItem(ctx context.Context, wish ClipRequest) (asset Asset, wanted JobRequest, err error) {
	if len(wish.Ranges) > 0 {
		return c.resolve(ctx, wish)
	}
	if asset, err = c.readyAsset(ctx, wish.By, wish.AssetID); err != nil {
		return asset, wanted, err
	}
	base := asset.Source.Timecode
	wish.Ranges = []Marks{{In: base.Timecode(0), Out: base.Timecode(asset.Source.Frames)}}
	asset, wanted, err = c.resolve(ctx, wish)
	if len(wanted.Audio) == 0 {
		wanted.Ranges = nil
	}
	return asset, wanted, err
}

// insertOrder stores an order with masters of so many bytes, which count for the limits of
// whoever asks: nothing else counts them.
func insertOrder(ctx context.Context, tx bun.Tx, order *Order, masters int64) (string, error) {
	if former, err := earlier[Order](ctx, tx, order.Idempotency); err != nil {
		return "", err
	} else if former != nil {
		return former.ID, order.matches(former.Idempotency)
	}
	if err := order.Asker.hold(ctx, tx); err != nil {
		return "", err
	}
	if err := order.Asker.checkOrders(ctx, tx); err != nil {
		return "", err
	}
	// A job belongs to an asset; this one to those of its items, of which it names one.
	job, err := newJob(JobOrder, order.Items[0].AssetID, JobRequest{})
	if err != nil {
		return "", err
	}
	job.Fingerprint, job.Status, job.Claims = string(JobOrder)+" "+order.ID, JobWaiting, 1
	job.PersonID, job.TokenID, job.KeptUntil, job.Bytes = order.OwnerID, order.Asker.TokenID, order.KeptUntil, masters
	if _, err := tx.NewInsert().Model(job).Exec(ctx); err != nil {
		return "", fmt.Errorf("store the order's job: %w", err)
	}
	order.JobID = job.ID
	res, err := tx.NewInsert().Model(order).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return "", fmt.Errorf("store the order: %w", err)
	}
	if err := mustAffect(res); err != nil {
		return "", err
	}
	if _, err := tx.NewInsert().Model(&order.Items).Exec(ctx); err != nil {
		return "", fmt.Errorf("store the order's items: %w", err)
	}
	return order.ID, order.Asker.check(ctx, tx, job, true)
}

// advanceOrders lets orders go on: items begin for which their owner has room now, and
// the ZIPs of which each item has ended are queued. What fails is done by Reconcile.
func (c *Catalog) advanceOrders(ctx context.Context) {
	if err := c.advance(context.WithoutCancel(ctx)); err != nil {
		c.log.Warn("orders will go on later", "error", err)
	}
}

func (c *Catalog) advance(ctx context.Context) error {
	if err := c.beginItems(ctx); err != nil {
		return err
	}
	var ready []Job
	err := c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		jobs, err := hold(ctx, tx.NewSelect().Model((*Job)(nil)).Where("status = ?", JobWaiting).
			Where(`NOT EXISTS (SELECT 1 FROM orders JOIN order_items AS item ON item.order_id = orders.id LEFT JOIN jobs AS made ON made.id = item.job_id
				WHERE orders.job_id = job.id AND (NOT item.begun OR made.status IN (?)))`, bun.List([]JobStatus{JobQueued, JobRunning})))
		if err != nil {
			return err
		}
		return tx.NewUpdate().Model(&ready).Set("status = ?, not_before = ?", JobQueued, database.Now()).
			Where("id IN (?)", bun.List(jobs)).Returning("*").Scan(ctx)
	})
	if err != nil {
		return fmt.Errorf("queue the orders whose items have ended: %w", err)
	}
	for i := range ready {
		c.push(ctx, &ready[i])
		c.announce(ctx, ready[i].ID)
	}
	return nil
}

// endOrders ends the orders that hold something of withdrawn assets, and returns their
// jobs that waited or ran; see endWithdrawn.
func endOrders(ctx context.Context, tx bun.Tx) (stopped []string, err error) {
	now := database.Now()
	orders, err := hold(ctx, tx.NewSelect().Model((*Order)(nil)).
		Where("NOT withdrawn AND NOT cancelled AND kept_until > ?", now).
		Where("id IN (SELECT item.order_id FROM order_items AS item JOIN assets ON assets.id = item.asset_id WHERE assets.withdrawn_at IS NOT NULL)"))
	if err != nil {
		return nil, err
	}
	if _, err = tx.NewUpdate().Model((*Order)(nil)).Set("withdrawn = ?", true).Where("id IN (?)", bun.List(orders)).Exec(ctx); err != nil {
		return nil, fmt.Errorf("end the orders of withdrawn assets: %w", err)
	}
	return endJobs(ctx, tx, tx.NewSelect().Model((*Job)(nil)).
		Where("id IN (?)", tx.NewSelect().Model((*Order)(nil)).Column("job_id").Where("withdrawn AND kept_until > ?", now)).
		Where("status IN (?) OR status = ? AND kept_until > ?", bun.List([]JobStatus{JobWaiting, JobQueued, JobRunning}), JobDone, now), now)
}

// tookOrder counts what an order's job was about. What it fails to count, KeepUsage does
// later.
func (c *Catalog) tookOrder(ctx context.Context, job *Job) {
	if job.Kind != JobOrder {
		return
	}
	if err := c.countOrders(ctx, "orders.job_id = ?", job.ID); err != nil {
		c.log.Warn("an order will be counted later", "error", err)
	}
}

// countOrders counts, for usage, the whole assets of orders that are ready, by a
// condition; their clips are counted as all clips are.
func (c *Catalog) countOrders(ctx context.Context, which string, args ...any) error {
	var items []OrderItem
	err := c.db.NewSelect().Model(&items).Relation("Asset").Relation("Job").ColumnExpr("item.*").
		Join("JOIN orders ON orders.id = item.order_id JOIN jobs AS zip ON zip.id = orders.job_id").
		Where("zip.status = ? AND NOT orders.cancelled AND NOT orders.withdrawn AND item.clip_id IS NULL AND item.failure = ''", JobDone).
		Where("(item.job_id IS NULL OR job.status = ?)", JobDone).
		Where("NOT EXISTS (SELECT 1 FROM usage WHERE usage.id = item.id)").
		Where(which, args...).OrderExpr("item.id").Limit(countAtOnce).Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for orders to count: %w", err)
	}
	var taken []Usage
	for i := range items {
		item := &items[i]
		owner := new(Order)
		if err := c.db.NewSelect().Model(owner).Where("orders.id = ?", item.OrderID).Scan(ctx); err != nil {
			return fmt.Errorf("look for whose an order is: %w", err)
		}
		size := item.Asset.Size
		if item.Job != nil {
			size = item.Job.Bytes
		}
		taken = append(taken, Usage{
			ID: item.ID, AssetID: item.AssetID, PersonID: owner.OwnerID, Format: item.Request.Format, Size: size, At: owner.CreatedAt,
		})
	}
	return c.count(ctx, taken)
}

func masterReport(asset *Asset) transcoder.Report {
	base := asset.Source.Timecode
	return transcoder.Report{
		Method: transcoder.MethodCopy, Reason: "the master, as it was delivered", Format: sourceFormat, Restrictions: asset.Restrictions,
		Ranges: []transcoder.ReportRange{{In: base.Timecode(0), Out: base.Timecode(asset.Source.Frames), LastFrame: asset.Source.Frames - 1}},
		Frames: asset.Source.Frames, FramesCopied: asset.Source.Frames, Size: asset.Size, Duration: asset.Source.Duration,
		ToolVersion: transcoder.Version(),
	}
}
