package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path"
	"time"

	"subclip/database"
	"subclip/storage"

	"github.com/uptrace/bun"
)

// Limits of orders.
const (
	MaxItems  = 100 // of one order
	maxOrders = 20  // of one person that have not ended
)

// Order is several clips and whole assets taken together, delivered as one ZIP. Its job
// makes the ZIP, and waits until each item has ended; see orderwork.go.
type Order struct {
	bun.BaseModel `bun:"table:orders,alias:orders"`

	ID        string `bun:",pk"`
	OwnerID   string // the person who asked
	Asker     Asker  // as they were then: items begin later, for them
	Name      string // may be empty
	JobID     string
	Cancelled bool // by its owner
	Removed   bool // by its owner, from what they are shown
	Withdrawn bool // it ended when an asset of its items was withdrawn
	KeptUntil time.Time
	Idempotency
	CreatedAt time.Time

	Job   *Job        `bun:"rel:belongs-to,join:job_id=id"`
	Items []OrderItem `bun:"rel:has-many,join:id=order_id"`
}

// OrderItem is one clip or whole asset of an order.
type OrderItem struct {
	bun.BaseModel `bun:"table:order_items,alias:item"`

	ID      string `bun:",pk"`
	OrderID string
	Number  int // from 1
	AssetID string
	Request JobRequest // without ranges it is the whole asset
	Names   []string   `bun:",nullzero"` // of the ranges, as a clip has them
	Begun   bool       // it has a job, or none is needed, or it has failed
	ClipID  string     `bun:",nullzero"` // of a clip
	JobID   string     `bun:",nullzero"` // that makes it
	Failure string     // why it could not even begin, for users

	Job   *Job   `bun:"rel:belongs-to,join:job_id=id"`
	Asset *Asset `bun:"rel:belongs-to,join:asset_id=id"`
}

// Whole reports whether the item is a whole asset.
func (i *OrderItem) Whole() bool { return len(i.Request.Ranges) == 0 }

// IsMaster reports whether the item is a master as it was delivered, which nobody has to
// make.
func (i *OrderItem) IsMaster() bool { return i.Whole() && i.Request.Format == sourceFormat }

// Status is how far the item is.
func (i *OrderItem) Status() ClipStatus {
	switch {
	case i.Asset.Withdrawn():
		return ClipCancelled
	case i.Failure != "":
		return ClipFailed
	case i.IsMaster():
		return ClipReady
	case i.Job == nil:
		return ClipQueued
	}
	switch i.Job.Status {
	case JobQueued, JobRunning, JobFailed, JobCancelled:
		return ClipStatus(i.Job.Status)
	case JobDone:
		return ClipReady
	}
	return ClipExpired
}

// Reason says, for users, why the item failed or was ended.
func (i *OrderItem) Reason() string {
	switch {
	case i.Asset.Withdrawn():
		return withdrawn
	case i.Failure != "" || i.Job == nil:
		return i.Failure
	}
	return i.Job.Failure
}

// Progress is how much of the item is made, 0 to 1.
func (i *OrderItem) Progress() float64 {
	switch {
	case i.Status() == ClipReady:
		return 1
	case i.Job == nil:
		return 0
	}
	return i.Job.Progress
}

// Files are what the item puts into the ZIP, named as its owner named the ranges; there
// are none before it is made.
func (i *OrderItem) Files() []JobFile {
	switch {
	case i.IsMaster():
		return []JobFile{{
			Key: i.Asset.MasterKey, Name: storage.SafeFilename(i.Asset.Title, path.Ext(i.Asset.MasterKey)), Report: masterReport(i.Asset),
		}}
	case i.Job == nil || i.Job.Result == nil:
		return nil
	}
	clip := Clip{Job: i.Job, Names: i.Names}
	return clip.Files()
}

// itemsShare is how much of an order's progress is that of its items.
const itemsShare = 0.9

// Status derives the order's state from its own row, its items' and its job's.
func (o *Order) Status() ClipStatus {
	if o.Cancelled || o.isWithdrawn() {
		return ClipCancelled
	}
	switch o.Job.Status {
	case JobWaiting:
		for i := range o.Items {
			if o.Items[i].Status() != ClipQueued && !o.Items[i].IsMaster() {
				return ClipRunning
			}
		}
		return ClipQueued
	case JobQueued:
		return ClipRunning // its items are made
	}
	return statusOf(o.Job, o.KeptUntil)
}

func (o *Order) isWithdrawn() bool {
	if o.Withdrawn {
		return true
	}
	for i := range o.Items {
		if o.Items[i].Asset.Withdrawn() && database.Now().Before(o.KeptUntil) {
			return true
		}
	}
	return false
}

// StatusOf is how far one of the order's items is: of an order that was ended, none goes on.
func (o *Order) StatusOf(item *OrderItem) ClipStatus {
	if o.Status() == ClipCancelled {
		return ClipCancelled
	}
	return item.Status()
}

// Reason says, for users, why the order failed or was ended.
func (o *Order) Reason() string {
	switch {
	case o.Cancelled:
		return ""
	case o.isWithdrawn():
		return withdrawn
	}
	return o.Job.Failure
}

// Progress is how much of the order is made, 0 to 1: most of it is the making of its
// items.
func (o *Order) Progress() float64 {
	switch o.Job.Status {
	case JobDone:
		return 1
	case JobQueued, JobRunning:
		return itemsShare + (1-itemsShare)*o.Job.Progress
	}
	var sum float64
	for i := range o.Items {
		sum += o.Items[i].Progress()
	}
	return itemsShare * sum / float64(len(o.Items))
}

// FileName is what the ZIP is called.
func (o *Order) FileName() string {
	name := o.Name
	if name == "" {
		name = "order " + o.CreatedAt.Format(time.DateOnly)
	}
	return storage.SafeFilename(name, ".zip")
}

// withItems loads what orders are shown with.
func withItems(q *bun.SelectQuery) *bun.SelectQuery {
	return q.Relation("Job").Relation("Items", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("item.number") }).
		Relation("Items.Asset").Relation("Items.Job")
}

// Order returns one of the asker's orders with its items, or a NotFound Error.
func (c *Catalog) Order(ctx context.Context, by Asker, id string) (*Order, error) {
	order := new(Order)
	err := by.findsOwnOrders(withItems(c.db.NewSelect().Model(order))).Where("orders.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound("there is no order %q", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read order %s: %w", id, err)
	}
	return order, nil
}

// OrderOf returns the order that a job makes, for who makes it.
func (c *Catalog) OrderOf(ctx context.Context, jobID string) (*Order, error) {
	order := new(Order)
	if err := withItems(c.db.NewSelect().Model(order)).Where("orders.job_id = ?", jobID).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the order of job %s: %w", jobID, err)
	}
	return order, nil
}

// Orders returns a page of the asker's orders that they did not remove, newest first,
// and the cursor of the next page, empty after the last. limit is 1 to MaxPage.
func (c *Catalog) Orders(ctx context.Context, by Asker, cursor string, limit int) (page []Order, next string, err error) {
	limit = min(max(limit, 1), MaxPage)
	query := by.findsOwnOrders(withItems(c.db.NewSelect().Model(&page))).
		Where("NOT orders.removed").OrderExpr("orders.id DESC").Limit(int64(limit) + 1)
	if cursor != "" {
		query.Where("orders.id < ?", cursor)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("list orders: %w", err)
	}
	page, next = database.Page(page, limit, func(row *Order) string { return row.ID })
	return page, next, nil
}
