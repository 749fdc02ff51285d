package catalog

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"subclip/database"
)

func wantKind(t *testing.T, err error, kind Kind, field string) {
	t.Helper()
	mistake, ok := err.(*Error) //nolint:errorlint // it is told as it is
	if !ok || mistake.Kind != kind || mistake.Field != field {
		t.Errorf("the error is %#v, not of kind %d at %q", err, kind, field)
	}
}

// TestBasket fills a basket as a stranger, and orders it signed in.
func TestBasket(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h, ctx := start(t, kind), t.Context()
			asset, other := h.asset(t), h.asset(t)
			named := wish(asset.ID, 1)
			named.Names = []string{"Crowd"}
			if b := must[*Basket](t)(h.AddToBasket(ctx, Asker{}, "s", []ClipRequest{wish(asset.ID, 1), {AssetID: other.ID}})); len(b.Items) != 2 || b.Items[1].Ranges != nil {
				t.Errorf("in the basket are %+v", b.Items)
			}
			b := must[*Basket](t)(h.AddToBasket(ctx, Asker{}, "s", []ClipRequest{named, {AssetID: other.ID, Format: "h264-360p"}}))
			if len(b.Items) != 3 || b.Items[0].Ranges[0].Name != "Crowd" {
				t.Errorf("the same again: %+v", b.Items)
			}
			_, err := h.AddToBasket(ctx, Asker{}, "s", []ClipRequest{{AssetID: other.ID, Audio: []int{1}}, {AssetID: asset.ID, Ranges: []Marks{{"10:00:01:00", "1"}}}})
			wantKind(t, err, Invalid, "items[1].ranges[0].out")
			if none := must[*Basket](t)(h.Basket(ctx, "other")); len(none.Items) != 0 || none.Stamp != "" {
				t.Errorf("another secret opens %+v", none)
			}

			_, err = h.OrderBasket(ctx, ann, "s", "earlier", "Evening")
			wantKind(t, err, Conflict, "")
			first, orders := sync.WaitGroup{}, [4]*Order{}
			for i := range orders { // pressed again and again
				first.Go(func() { orders[i], _ = h.OrderBasket(ctx, ann, "s", b.Stamp, "Evening") })
			}
			first.Wait()
			again := must[*Order](t)(h.OrderBasket(ctx, ann, "s", b.Stamp, "Evening"))
			for _, o := range orders {
				if o == nil || o.ID != again.ID || len(o.Items) != 3 || o.Items[0].Names[0] != "Crowd" {
					t.Errorf("the order is %+v, and again %+v", o, again)
				}
			}
			if left := must[*Basket](t)(h.Basket(ctx, "s")); len(left.Items) != 0 {
				t.Errorf("ordered, the basket has %+v", left)
			}
			// Filled anew, it is another order, and what was pressed before does not empty it.
			must[*Basket](t)(h.AddToBasket(ctx, ann, "s", []ClipRequest{{AssetID: asset.ID}}))
			if o := must[*Order](t)(h.OrderBasket(ctx, ann, "s", b.Stamp, "")); o.ID != again.ID {
				t.Errorf("the former basket is ordered as %+v", o)
			}
			filled := must[*Basket](t)(h.Basket(ctx, "s"))
			if o := must[*Order](t)(h.OrderBasket(ctx, ann, "s", filled.Stamp, "")); len(filled.Items) != 1 || o.ID == again.ID {
				t.Errorf("the new basket %+v is ordered as %+v", filled, o)
			}
		})
	}
}

// TestBasketIsBounded has one be full, and too many of them.
func TestBasketIsBounded(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h, ctx := start(t, kind), t.Context()
			asset := h.asset(t)
			many := make([]ClipRequest, MaxItems)
			for i := range many {
				many[i] = ClipRequest{AssetID: asset.ID, Ranges: []Marks{{In: fmt.Sprintf("10:00:00:%02d", i%25), Out: fmt.Sprintf("10:00:%02d:00", 1+i/25)}}}
			}
			b := must[*Basket](t)(h.AddToBasket(ctx, Asker{}, "s", many))
			_, err := h.AddToBasket(ctx, Asker{}, "s", []ClipRequest{{AssetID: asset.ID}})
			wantKind(t, err, Conflict, "")
			long := wish(asset.ID, 1)
			for range 49 {
				long.Ranges = append(long.Ranges, long.Ranges[0])
			}
			long.Names = strings.Split(strings.Repeat(strings.Repeat("x", 2000)+" ", 50), " ")[:50]
			_, err = h.AddToBasket(ctx, Asker{}, "large", []ClipRequest{long})
			wantKind(t, err, Conflict, "")

			var all sync.WaitGroup // at once, and none gets lost
			for _, some := range [][]BasketItem{b.Items[:1], b.Items[1:2]} {
				all.Go(func() {
					if _, err := h.ChangeBasket(ctx, "s", BasketChange{Without: []string{some[0].ID()}}); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if left := must[*Basket](t)(h.Basket(ctx, "s")); len(left.Items) != MaxItems-2 {
				t.Errorf("two were taken out, and %d are left", len(left.Items))
			}

			rows := make([]Basket, maxBaskets+1)
			for i := range rows {
				rows[i] = Basket{ID: strconv.Itoa(i), Stamp: "1", Items: []BasketItem{}, KeptUntil: database.Now().Add(time.Hour)}
			}
			rows[7].KeptUntil = database.Now().Add(-time.Second)
			rows[8].KeptUntil = database.Now().Add(time.Minute)
			for len(rows) > 0 {
				some := rows[:min(len(rows), 5000)]
				if _, err := h.db.NewInsert().Model(&some).Exec(ctx); err != nil {
					t.Fatal(err)
				}
				rows = rows[len(some):]
			}
			for range 2 {
				if err := h.ExpireBaskets(ctx); err != nil {
					t.Fatal(err)
				}
				if n, err := h.db.NewSelect().Model((*Basket)(nil)).Count(ctx); err != nil || n != maxBaskets {
					t.Errorf("%d baskets are left: %v", n, err)
				}
			}
			if n, err := h.db.NewSelect().Model((*Basket)(nil)).Where("id IN ('7', '8')").Count(ctx); err != nil || n != 0 {
				t.Errorf("%d of the two oldest are left: %v", n, err)
			}
		})
	}
}
