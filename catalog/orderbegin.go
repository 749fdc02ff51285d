package catalog

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"
)

// errFull says that somebody has as much in the making as they may.
var errFull = errors.New("as much is being made for this person as may be at once")

// itemsAtOnce is how many waiting items of one asker are read at a time.
const itemsAtOnce = 20

// beginItems begins what waits, of each person until they have no room.
func (c *Catalog) beginItems(ctx context.Context) error {
	full := map[string]bool{}
	for {
		waiting, err := c.waitingItems(ctx)
		if err != nil {
			return err
		}
		begun := 0
		for i := range waiting {
			order := &waiting[i]
			asker := order.Asker.ID + " " + order.Asker.TokenID
			for j := range order.Items {
				if full[asker] {
					break
				}
				switch err := c.beginItem(ctx, order, &order.Items[j]); {
				case err == nil:
					begun++
				case errors.Is(err, errFull):
					full[asker] = true
				default:
					return err
				}
			}
		}
		if begun == 0 {
			return nil
		}
	}
}

// waitingItems are the orders whose items wait to begin, each with the next ones: those of
// one asker are itemsAtOnce at most.
func (c *Catalog) waitingItems(ctx context.Context) (waiting []Order, err error) {
	var next []struct{ ID, OrderID string }
	all := c.db.NewSelect().Model((*OrderItem)(nil)).Column("item.id", "item.order_id").
		ColumnExpr("row_number() OVER (PARTITION BY orders.asker ORDER BY item.order_id, item.number) AS turn").
		Join("JOIN orders ON orders.id = item.order_id JOIN jobs ON jobs.id = orders.job_id").Where("NOT item.begun AND jobs.status = ?", JobWaiting)
	if err := c.db.NewSelect().TableExpr("(?) AS item", all).Column("id", "order_id").Where("turn <= ?", itemsAtOnce).Scan(ctx, &next); err != nil {
		return nil, fmt.Errorf("look for items that wait: %w", err)
	}
	if len(next) == 0 {
		return nil, nil
	}
	orders, items := map[string]bool{}, make([]string, len(next))
	for i, item := range next {
		orders[item.OrderID], items[i] = true, item.ID
	}
	err = c.db.NewSelect().Model(&waiting).Relation("Items", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("item.id IN (?)", bun.List(items)).Order("item.number")
	}).Where("orders.id IN (?)", bun.List(slices.Collect(maps.Keys(orders)))).OrderExpr("orders.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read items that wait: %w", err)
	}
	return waiting, nil
}

// beginItem gives an item its job. One that cannot begin at all has failed.
func (c *Catalog) beginItem(ctx context.Context, order *Order, item *OrderItem) error {
	job, err := c.itemJob(ctx, order, item)
	if mistake, ok := errors.AsType[*Error](err); ok {
		if mistake.Kind == TooMany && mistake.RetryAfter == comeBack {
			return errFull
		}
		_, err = c.db.NewUpdate().Model(item).Set("begun = ?, failure = ?", true, mistake.Message).Where("id = ? AND NOT begun", item.ID).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("begin item %d of order %s: %w", item.Number, order.ID, err)
	}
	if job != nil && job.Status == JobQueued {
		c.push(ctx, job)
	}
	return nil
}

// itemJob is the job that makes an item, which from now on has it; nil where the item has
// begun already or its order waits no more.
func (c *Catalog) itemJob(ctx context.Context, order *Order, item *OrderItem) (job *Job, err error) {
	asset, err := c.readyAsset(ctx, order.Asker, item.AssetID)
	if err != nil {
		return nil, err
	}
	if item.Whole() {
		if job, err = c.beginRendition(ctx, order.Asker, &asset, item.Request.Format); err != nil {
			return nil, err
		}
		return job, c.inTx(ctx, func(ctx context.Context, tx bun.Tx) error { return begun(ctx, tx, order, item, "", job.ID) })
	}
	wanted := item.Request
	wanted.Restrictions = asset.Restrictions
	request := ClipRequest{By: order.Asker, AssetID: item.AssetID, Names: item.Names, orderID: order.ID}
	var clip Clip
	err = c.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		clip = Clip{}
		if err := holdOrder(ctx, tx, order); err != nil {
			return err
		}
		id, err := c.insertClip(ctx, tx, &asset, request, wanted)
		if err != nil {
			return err
		}
		if err := tx.NewSelect().Model(&clip).Relation("Job").Where("clip.id = ?", id).Scan(ctx); err != nil {
			return fmt.Errorf("read the clip: %w", err)
		}
		return begun(ctx, tx, order, item, clip.ID, clip.JobID)
	})
	if errors.Is(err, errNotWaiting) {
		return nil, nil //nolint:nilnil // somebody else has begun or ended it, which is as good
	}
	if err == nil && clip.Job.Status == JobDone {
		c.tookClips(ctx, "clip.id = ?", clip.ID)
	}
	return clip.Job, err
}

// errNotWaiting says that an order or an item of it waits no more.
var errNotWaiting = errors.New("it waits no more")

// holdOrder keeps an order from being ended until tx ends.
func holdOrder(ctx context.Context, tx bun.Tx, order *Order) error {
	res, err := tx.NewUpdate().Model((*Job)(nil)).Set("not_before = not_before").Where("id = ? AND status = ?", order.JobID, JobWaiting).Exec(ctx)
	if err != nil {
		return fmt.Errorf("hold order %s: %w", order.ID, err)
	}
	if errors.Is(mustAffect(res), errAgain) {
		return errNotWaiting
	}
	return nil
}

func begun(ctx context.Context, tx bun.Tx, order *Order, item *OrderItem, clipID, jobID string) error {
	q := tx.NewUpdate().Model((*OrderItem)(nil)).Set("begun = ?, job_id = ?", true, jobID).Where("id = ? AND NOT begun", item.ID)
	if clipID != "" {
		q.Set("clip_id = ?", clipID)
	}
	res, err := q.Exec(ctx)
	if err != nil {
		return fmt.Errorf("begin item %d of order %s: %w", item.Number, order.ID, err)
	}
	if clipID != "" && errors.Is(mustAffect(res), errAgain) {
		return errNotWaiting
	}
	return nil
}
