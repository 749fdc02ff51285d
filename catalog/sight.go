package catalog

import (
	"context"

	"subclip/database"

	"github.com/uptrace/bun"
)

// Asker is who asks for assets and clips. What they may see is decided here, and
// only here: every query for somebody goes through finds or findsOwn. What an asker
// may not see is not found, as if it did not exist. The zero value is a stranger,
// who sees what is public. How much may be made for them is in limits.go.
type Asker struct {
	ID      string // the person; empty for a stranger
	TokenID string // of the program that asks for them; empty where they ask themselves
	Tongue  string `json:",omitempty"` // that they are told things in, a BCP 47 tag; empty where nobody knows
	Editor  bool   // sees assets under embargo, and withdrawn ones
	Person  Limits // of all that the person asks for, by themselves or by tokens
	Token   Limits // of what this token asks for
}

// House is the service itself, which sees everything and has no limits.
func House() Asker { return Asker{Editor: true} }

type askerKey struct{}

// With returns a context in which From finds the asker.
func With(ctx context.Context, a Asker) context.Context {
	return context.WithValue(ctx, askerKey{}, a)
}

// From returns who asks, a stranger if nobody was said.
func From(ctx context.Context) Asker {
	a, _ := ctx.Value(askerKey{}).(Asker)
	return a
}

// finds lets a query of assets find only what the asker may know of: what is neither
// under embargo nor withdrawn, and for editors everything.
func (a Asker) finds(q *bun.SelectQuery) *bun.SelectQuery {
	if a.Editor {
		return q
	}
	return a.afterEmbargo(q).Where("asset.withdrawn_at IS NULL")
}

// Sees reports whether the asker may know of an asset that a row of theirs names; it is
// the rule of finds.
func (a Asker) Sees(asset *Asset) bool {
	return a.Editor || (!asset.Withdrawn() && !asset.EmbargoUntil.After(database.Now()))
}

// findsOwn lets a query of clips, with their assets, find only the asker's own. The
// clips of a withdrawn asset stay, to say that it was withdrawn: whoever made them
// knows of it. An embargo, also one that was set later, hides them.
func (a Asker) findsOwn(q *bun.SelectQuery) *bun.SelectQuery {
	q.Where("clip.owner_id = ?", a.ID)
	if a.Editor {
		return q
	}
	return a.afterEmbargo(q)
}

// findsStories lets a query of stories find only those that the asker may know of: what
// is published and not under embargo, and for editors everything. The assets of a story
// go by their own rule.
func (a Asker) findsStories(q *bun.SelectQuery) *bun.SelectQuery {
	if a.Editor {
		return q
	}
	return q.Where("story.status = ? AND (story.embargo_until IS NULL OR story.embargo_until <= ?)", StoryPublished, database.Now())
}

// findsOwnOrders lets a query of orders find only the asker's own, as findsOwn does: the
// embargo of one asset hides an order.
func (a Asker) findsOwnOrders(q *bun.SelectQuery) *bun.SelectQuery {
	q.Where("orders.owner_id = ?", a.ID)
	if a.Editor {
		return q
	}
	return q.Where("NOT EXISTS (SELECT 1 FROM order_items JOIN assets ON assets.id = order_items.asset_id WHERE order_items.order_id = orders.id AND assets.embargo_until > ?)",
		database.Now())
}

func (Asker) afterEmbargo(q *bun.SelectQuery) *bun.SelectQuery {
	return q.Where("(asset.embargo_until IS NULL OR asset.embargo_until <= ?)", database.Now())
}
