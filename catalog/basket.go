package catalog

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"subclip/database"
	"subclip/transcoder"

	"github.com/uptrace/bun"
)

const (
	// BasketCookie is the cookie that has a basket's secret.
	BasketCookie = "subclip_basket"
	// KeepBasket is how long a basket stays after its last change.
	KeepBasket = 30 * 24 * time.Hour

	maxBasketBytes = 64 << 10 // of a basket's items, as JSON
	maxBaskets     = 50_000   // of everyone; those that were changed longest ago give way
)

// Basket is what somebody wants to order together, signed in or not. Whoever has its
// secret has it; the row's id is a hash of that.
type Basket struct {
	bun.BaseModel `bun:"table:baskets"`

	ID        string `bun:",pk"`
	Stamp     string // another one after each change; empty where nothing is stored
	Name      string // of the order; may be empty
	Items     []BasketItem
	KeptUntil time.Time
}

// BasketItem is a part of an asset, or without ranges all of it, as an order takes it.
type BasketItem struct {
	AssetID  string       `json:"asset_id"`
	Format   string       `json:"format"`
	Ranges   []NamedMarks `json:"ranges,omitempty"`
	Separate bool         `json:"separate,omitempty"`
	Audio    []int        `json:"audio,omitempty"`
}

// NamedMarks are marks, as timecodes, and what their range is called.
type NamedMarks struct {
	Marks
	Name string `json:",omitempty"`
}

// ID tells the file that an item becomes from others, whatever its ranges are called.
func (i *BasketItem) ID() string {
	plain := *i
	plain.Ranges = slices.Clone(i.Ranges)
	for r := range plain.Ranges {
		plain.Ranges[r].Name = ""
	}
	data, _ := json.Marshal(plain) //nolint:errchkjson // texts and numbers alone
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// basketItem is a wish as it is kept once it was checked.
func basketItem(asset *Asset, wanted JobRequest, names []string) BasketItem {
	item := BasketItem{AssetID: asset.ID, Format: wanted.Format, Separate: wanted.Separate, Audio: wanted.Audio}
	for i, r := range wanted.Ranges {
		marks := NamedMarks{Marks: Marks{In: asset.Source.Timecode.Timecode(r.In), Out: asset.Source.Timecode.Timecode(r.Out)}}
		if i < len(names) {
			marks.Name = names[i]
		}
		item.Ranges = append(item.Ranges, marks)
	}
	return item
}

// request is what an order is asked for an item.
func (i *BasketItem) request() ClipRequest {
	request := ClipRequest{AssetID: i.AssetID, Format: i.Format, Separate: i.Separate, Audio: i.Audio}
	for _, r := range i.Ranges {
		request.Ranges = append(request.Ranges, r.Marks)
		request.Names = append(request.Names, r.Name)
	}
	return request
}

// Cut returns the frames of an item's ranges and what these are called; there are none of a
// whole asset, or where the asset is not any more as it was.
func (i *BasketItem) Cut(asset *Asset) (ranges []transcoder.Range, names []string) {
	request := i.request()
	ranges, err := asset.resolve(request.Ranges)
	if err != nil {
		return nil, nil
	}
	return ranges, request.Names
}

// put adds items, each file once with its newest names.
func (b *Basket) put(items []BasketItem) error {
	for _, item := range items {
		at := slices.IndexFunc(b.Items, func(there BasketItem) bool { return there.ID() == item.ID() })
		if at < 0 {
			b.Items = append(b.Items, item)
		} else {
			b.Items[at] = item
		}
	}
	data, err := json.Marshal(b.Items)
	if err != nil {
		return fmt.Errorf("measure the basket: %w", err)
	}
	if len(b.Items) > MaxItems || len(data) > maxBasketBytes {
		return conflict("the basket is full: order what is in it, or take something out, and add this then")
	}
	return nil
}

// takeOut removes the items with these ids.
func (b *Basket) takeOut(ids []string) {
	b.Items = slices.DeleteFunc(b.Items, func(item BasketItem) bool { return slices.Contains(ids, item.ID()) })
}

func basketID(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Basket returns the basket with a secret, an empty one where there is none.
func (c *Catalog) Basket(ctx context.Context, secret string) (*Basket, error) {
	return readBasket(ctx, c.db, secret)
}

func readBasket(ctx context.Context, db bun.IDB, secret string) (*Basket, error) {
	basket := &Basket{ID: basketID(secret)}
	if secret == "" {
		return basket, nil
	}
	if err := db.NewSelect().Model(basket).WherePK().Scan(ctx); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read a basket: %w", err)
	}
	return basket, nil
}

// BasketAssets returns the assets of a basket that the asker may see and that can be
// ordered, by id.
func (c *Catalog) BasketAssets(ctx context.Context, by Asker, basket *Basket) (map[string]*Asset, error) {
	found := map[string]*Asset{}
	if len(basket.Items) == 0 {
		return found, nil
	}
	ids := make([]string, len(basket.Items))
	for i := range basket.Items {
		ids[i] = basket.Items[i].AssetID
	}
	var assets []Asset
	if err := by.finds(c.db.NewSelect().Model(&assets)).Where("asset.id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the assets of a basket: %w", err)
	}
	for i := range assets {
		if assets[i].Shown() {
			found[assets[i].ID] = &assets[i]
		}
	}
	return found, nil
}

// AddToBasket puts items into a basket, which begins with the first. Each is checked as
// one of an order is. Errors: an Error of any kind, whose field names the item; nothing is
// added then.
func (c *Catalog) AddToBasket(ctx context.Context, by Asker, secret string, wishes []ClipRequest) (*Basket, error) {
	items := make([]BasketItem, len(wishes))
	for i, wish := range wishes {
		wish.By = by
		asset, wanted, err := c.resolveItem(ctx, wish)
		if err != nil {
			return nil, ofItem(i, err)
		}
		items[i] = basketItem(&asset, wanted, wish.names())
	}
	return c.changeBasket(ctx, secret, func(b *Basket) error { return b.put(items) })
}

// BasketChange is what is done to a basket but for adding to it.
type BasketChange struct {
	Name    *string  // nil leaves it
	Without []string // ids of items to take out; one that is not there changes nothing
	Empty   bool     // all of them
}

// ChangeBasket names a basket and takes out of it.
func (c *Catalog) ChangeBasket(ctx context.Context, secret string, change BasketChange) (*Basket, error) {
	return c.changeBasket(ctx, secret, func(b *Basket) error {
		if change.Name != nil {
			b.Name = strings.TrimSpace(*change.Name)
		}
		b.takeOut(change.Without)
		if change.Empty {
			b.Items, b.Name = nil, ""
		}
		return nil
	})
}

// changeBasket stores what change makes of a basket; one without items is forgotten.
func (c *Catalog) changeBasket(ctx context.Context, secret string, change func(*Basket) error) (basket *Basket, err error) {
	err = c.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if basket, err = readBasket(ctx, tx, secret); err != nil {
			return err
		}
		former := basket.Stamp
		if err := change(basket); err != nil {
			return err
		}
		return storeBasket(ctx, tx, basket, former)
	})
	return basket, err
}

// storeBasket replaces the basket that had the former stamp, or says errAgain where
// another request came between.
func storeBasket(ctx context.Context, tx bun.Tx, basket *Basket, former string) error {
	var write interface {
		Exec(ctx context.Context, dest ...any) (sql.Result, error)
	}
	switch {
	case len(basket.Items) == 0 && former == "":
		return nil
	case len(basket.Items) == 0:
		basket.Stamp = ""
		write = tx.NewDelete().Model(basket).WherePK().Where("stamp = ?", former)
	case former == "":
		basket.Stamp, basket.KeptUntil = database.NewID(), database.Now().Add(KeepBasket)
		write = tx.NewInsert().Model(basket).On("CONFLICT DO NOTHING")
	default:
		basket.Stamp, basket.KeptUntil = database.NewID(), database.Now().Add(KeepBasket)
		write = tx.NewUpdate().Model(basket).WherePK().Where("stamp = ?", former)
	}
	res, err := write.Exec(ctx)
	if err != nil {
		return fmt.Errorf("store a basket: %w", err)
	}
	return mustAffect(res)
}

// OrderBasket orders what is in a basket, as it was seen with the stamp, and empties it.
// Asked again with the same stamp it returns the same order. Errors: those of CreateOrder,
// and a Conflict where the basket has changed; it stays then as it is.
func (c *Catalog) OrderBasket(ctx context.Context, by Asker, secret, stamp, name string) (*Order, error) {
	basket, err := c.Basket(ctx, secret)
	if err != nil {
		return nil, err
	}
	once := Idempotency{IdempotencyKey: "basket " + basket.ID + " " + stamp, IdempotencyHash: "basket"}
	order, err := earlier[Order](ctx, c.db, once.of(by.ID))
	if err != nil {
		return nil, err
	}
	switch {
	case order != nil:
		order, err = c.Order(ctx, by, order.ID)
	case basket.Stamp != stamp:
		return nil, conflict("the basket has changed meanwhile: look at what is in it now, and order again")
	default:
		request := OrderRequest{By: by, Name: name, Idempotency: once}
		for i := range basket.Items {
			request.Items = append(request.Items, basket.Items[i].request())
		}
		order, err = c.CreateOrder(ctx, request)
	}
	if err != nil || basket.Stamp != stamp {
		return order, err
	}
	// What was added at this very moment stays.
	ordered := make([]string, len(basket.Items))
	for i := range basket.Items {
		ordered[i] = basket.Items[i].ID()
	}
	_, err = c.ChangeBasket(ctx, secret, BasketChange{Name: new(string), Without: ordered})
	return order, err
}

// ExpireBaskets removes the baskets that were left, and of too many the oldest, so that
// strangers cannot fill the database.
func (c *Catalog) ExpireBaskets(ctx context.Context) error {
	tooMany := c.db.NewSelect().Model((*Basket)(nil)).Column("id").OrderExpr("kept_until DESC, id").Offset(maxBaskets).Limit(math.MaxInt32)
	_, err := c.db.NewDelete().Model((*Basket)(nil)).Where("kept_until < ? OR id IN (?)", database.Now(), tooMany).Exec(ctx)
	if err != nil {
		return fmt.Errorf("expire baskets: %w", err)
	}
	return nil
}
