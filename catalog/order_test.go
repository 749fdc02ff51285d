package catalog

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"subclip/database"
	"subclip/transcoder"
)

var ann = Asker{ID: "ann"}

// parts asks for some parts of an asset, each alone.
func parts(assetID string, numbers ...int) (items []ClipRequest) {
	for _, n := range numbers {
		items = append(items, wish(assetID, n))
	}
	return items
}

func (h *harness) orderOf(t *testing.T, by Asker, items ...ClipRequest) *Order {
	t.Helper()
	return must[*Order](t)(h.CreateOrder(t.Context(), OrderRequest{By: by, Name: "Best of", Items: items}))
}

func (h *harness) readOrder(t *testing.T, by Asker, id string) *Order {
	t.Helper()
	return must[*Order](t)(h.Order(t.Context(), by, id))
}

// statuses are those of an order's items, and its own at the end.
func statuses(o *Order) (all []ClipStatus) {
	for i := range o.Items {
		all = append(all, o.Items[i].Status())
	}
	return append(all, o.Status())
}

func wantStatuses(t *testing.T, o *Order, want ...ClipStatus) {
	t.Helper()
	if got := statuses(o); !slices.Equal(got, want) {
		t.Errorf("the items and the order are %v, want %v", got, want)
	}
}

// finish ends an item's job well, or with a failure.
func (h *harness) finish(t *testing.T, item *OrderItem, well bool) {
	t.Helper()
	status := JobDone
	if !well {
		status = JobFailed
	}
	h.bring(t, &Clip{Job: item.Job}, status)
}

// TestOrder takes an order of all kinds of items to its end.
func TestOrder(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, other := h.asset(t), h.asset(t)
			shared := h.order(t, "bob", other.ID, 2)
			items := append(parts(asset.ID, 1), parts(other.ID, 2)...)
			items = append(items,
				ClipRequest{AssetID: asset.ID}, ClipRequest{AssetID: asset.ID, Format: "h264-360p"}, ClipRequest{AssetID: other.ID, Audio: []int{1}})
			o := h.orderOf(t, ann, items...)
			wantStatuses(t, o, ClipQueued, ClipQueued, ClipReady, ClipQueued, ClipQueued, ClipQueued)
			if o.Items[1].JobID != shared.JobID || o.Items[4].ClipID == "" || o.Items[3].ClipID != "" || o.Items[2].JobID != "" || o.FileName() != "Best-of.zip" {
				t.Errorf("the items are %+v", o.Items)
			}
			if page, _, err := h.Clips(t.Context(), ClipQuery{By: ann, Limit: 50}); err != nil || len(page) > 0 {
				t.Errorf("its clips are listed: %v, %v", page, err)
			}
			h.finish(t, &o.Items[0], true)
			h.finish(t, &o.Items[1], true)
			h.finish(t, &o.Items[4], false)
			o = h.readOrder(t, ann, o.ID)
			wantStatuses(t, o, ClipReady, ClipReady, ClipReady, ClipQueued, ClipFailed, ClipRunning)
			if p := o.Progress(); p < 0.5 || p > 0.9 || o.Items[4].Reason() != "it cannot be made" {
				t.Errorf("progress is %g, item 5 failed as %q", p, o.Items[4].Reason())
			}
			if job := h.job(t, o.JobID); job.Status != JobWaiting || h.hasTicket(t, job) {
				t.Errorf("the ZIP is %s before its items are made", job.Status)
			}
			h.finish(t, &o.Items[3], true)
			waiting := h.job(t, o.JobID)
			if waiting.Status != JobQueued || !h.hasTicket(t, waiting) {
				t.Fatalf("the ZIP is %s when its items are made", waiting.Status)
			}
			zip, claimed, err := h.Next(t.Context(), JobOrder, waiting.ID, waiting.Attempt, "worker")
			if err != nil || !claimed || zip.ID != o.JobID || zip.BegunFor != ann.ID {
				t.Fatalf("claimed is %+v, %v", zip, err)
			}
			if err := h.Finish(t.Context(), &zip, result("best.zip")); err != nil {
				t.Fatal(err)
			}
			o = h.readOrder(t, ann, o.ID)
			wantStatuses(t, o, ClipReady, ClipReady, ClipReady, ClipReady, ClipFailed, ClipReady)
			if o.Progress() != 1 {
				t.Errorf("progress is %g", o.Progress())
			}
			taken := func() (what []string) {
				for _, u := range h.usage(t, UsageQuery{PersonID: ann.ID}) {
					what = append(what, u.Format+" "+u.Marks)
				}
				slices.Sort(what)
				return what
			}
			want := []string{"h264-360p ", "source ", "source 10:00:01:00-10:01:00:00", "source 10:00:02:00-10:01:00:00"}
			if got := taken(); !slices.Equal(got, want) {
				t.Errorf("counted is %q, want %q", got, want)
			}
			h.exec(t, "DELETE FROM usage WHERE marks = ''")
			if err := h.KeepUsage(t.Context()); err != nil || !slices.Equal(taken(), want) {
				t.Errorf("after a crash, counted is %q, %v", taken(), err)
			}

			h.exec(t, "UPDATE orders SET kept_until = ?", database.Now())
			h.exec(t, "UPDATE jobs SET kept_until = ? WHERE kind = ?", database.Now(), JobOrder)
			if got := must[[]string](t)(h.Expire(t.Context())); !slices.Equal(got, []string{o.JobID}) {
				t.Errorf("expired are %v", got)
			}
			if got := h.readOrder(t, ann, o.ID).Status(); got != ClipExpired {
				t.Errorf("at last the order is %s", got)
			}
		})
	}
}

// TestOrderLimits orders more than somebody may have made at once: items begin one after
// another, also where Redis and the worker's last word were lost.
func TestOrderLimits(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			by := Asker{ID: "ann", Person: Limits{AtOnce: 2}}
			o := h.orderOf(t, by, parts(asset.ID, 1, 2, 3, 4, 5)...)
			for i := range o.Items {
				o = h.readOrder(t, by, o.ID)
				n := 0
				for j := range o.Items {
					if o.Items[j].Job != nil {
						n++
					}
				}
				if want := min(i+2, 5); n != want {
					t.Fatalf("%d items have begun after %d are made, want %d", n, i, want)
				}
				if i%2 == 0 {
					h.finish(t, &o.Items[i], true)
					continue
				}
				// As where a worker is killed between its last words.
				h.exec(t, "UPDATE jobs SET status = ?, result = '{}' WHERE id = ?", JobDone, o.Items[i].JobID)
				if err := h.Reconcile(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := h.job(t, o.JobID).Status; got != JobQueued {
				t.Errorf("the ZIP is %s", got)
			}
			late := h.orderOf(t, Asker{ID: "cat", Person: Limits{Encoding: 5 * time.Minute}},
				ClipRequest{AssetID: asset.ID, Format: "h264-360p"}, ClipRequest{AssetID: asset.ID, Format: "h264-720p"}, ClipRequest{AssetID: asset.ID})
			wantStatuses(t, late, ClipQueued, ClipFailed, ClipReady, ClipRunning)

			few := Asker{ID: "dan", Person: Limits{Bytes: asset.Size + 1}}
			h.orderOf(t, few, ClipRequest{AssetID: asset.ID})
			_, err := h.CreateOrder(t.Context(), OrderRequest{By: few, Items: []ClipRequest{{AssetID: asset.ID}}})
			wantTooMany(t, err, "a day's limit is")
			_, err = h.CreateOrder(t.Context(), OrderRequest{By: Asker{ID: "eve", Person: few.Person}, Items: []ClipRequest{{AssetID: asset.ID}, {AssetID: h.asset(t).ID}}})
			wantError(t, err, Invalid, "items", "ask for fewer")

			packed := Asker{ID: "fay", Person: Limits{Bytes: 2 * asset.Size}}
			zip := h.claim(t, h.job(t, h.orderOf(t, packed, ClipRequest{AssetID: asset.ID}).JobID))
			made := JobResult{Files: []JobFile{{Report: transcoder.Report{Size: 2 * asset.Size}}}}
			if err := h.Finish(t.Context(), &zip, made); err != nil {
				t.Fatal(err)
			}
			_, err = h.CreateOrder(t.Context(), OrderRequest{By: packed, Items: parts(asset.ID, 1)})
			wantTooMany(t, err, "a day's limit is")
		})
	}
}

// TestManyOrders has somebody order more than is read at a time, and more than may wait:
// nobody waits for them, and in the end all of it begins.
func TestManyOrders(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			by := Asker{ID: "ann", Person: Limits{AtOnce: 1}}
			var last *Order
			for n := range maxOrders {
				last = h.orderOf(t, by, parts(asset.ID, n, n+1, n+2)...)
			}
			_, err := h.CreateOrder(t.Context(), OrderRequest{By: by, Items: parts(asset.ID, 1)})
			wantTooMany(t, err, "20 orders are being made for you")
			bobs := h.orderOf(t, Asker{ID: "bob", Person: Limits{AtOnce: 1}}, parts(asset.ID, 1, 2)...)
			if bobs.Items[0].Job == nil || bobs.Items[1].Job != nil {
				t.Errorf("somebody else has %v", statuses(bobs))
			}
			read := map[string]int{}
			for _, order := range must[[]Order](t)(h.waitingItems(t.Context())) {
				read[order.OwnerID] += len(order.Items)
			}
			if read["ann"] != itemsAtOnce || read["bob"] != 1 {
				t.Errorf("read are %v", read)
			}
			h.exec(t, "UPDATE orders SET asker = ? WHERE owner_id = ?", `{"ID":"ann"}`, by.ID) // there is room now
			if err := h.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			last = h.readOrder(t, by, last.ID)
			for i := range last.Items {
				if last.Items[i].Job == nil {
					t.Errorf("item %d of the last order has not begun", i+1)
				}
			}
			must[[]string](t)(h.ReleaseOrder(t.Context(), by, last.ID))
			h.orderOf(t, by, parts(asset.ID, 1)...)
		})
	}
}

// TestOrderEnds cancels orders and withdraws assets: nothing goes on, and nobody else
// loses anything.
func TestOrderEnds(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, gone, later := h.asset(t), h.asset(t), h.asset(t)
			bobs := h.order(t, "bob", asset.ID, 1)
			o := h.orderOf(t, ann, parts(asset.ID, 1, 2)...)
			if _, err := h.ReleaseOrder(t.Context(), Asker{ID: "bob"}, o.ID); err == nil {
				t.Error("somebody else ends an order")
			}
			want := []string{o.JobID, o.Items[1].JobID}
			if got := must[[]string](t)(h.ReleaseOrder(t.Context(), ann, o.ID)); !slices.Equal(got, want) {
				t.Errorf("to be removed are %v, want %v", got, want)
			}
			if again := must[[]string](t)(h.ReleaseOrder(t.Context(), ann, o.ID)); len(again) > 0 {
				t.Errorf("ended again, to be removed are %v", again)
			}
			wantStatuses(t, h.readOrder(t, ann, o.ID), ClipQueued, ClipCancelled, ClipCancelled)
			if got := h.job(t, bobs.JobID); got.Status != JobQueued || got.Claims != 1 {
				t.Errorf("what somebody else waits for is %s with %d claims", got.Status, got.Claims)
			}

			waiting := h.orderOf(t, ann, append(parts(asset.ID, 3), parts(gone.ID, 4)...)...)
			made := h.orderOf(t, ann, ClipRequest{AssetID: gone.ID})
			zip := h.claim(t, h.job(t, made.JobID))
			if err := h.Finish(t.Context(), &zip, result("a.zip")); err != nil {
				t.Fatal(err)
			}
			must[Asset](t)(h.Withdraw(t.Context(), House(), gone.ID))
			for _, id := range []string{waiting.ID, made.ID} {
				if o := h.readOrder(t, ann, id); o.Status() != ClipCancelled || o.Reason() != withdrawn {
					t.Errorf("after a withdrawal an order is %s: %q", o.Status(), o.Reason())
				}
			}
			if got := h.job(t, waiting.JobID).Status; got != JobCancelled {
				t.Errorf("the ZIP of withdrawn video is %s", got)
			}
			if got := must[[]string](t)(h.Expire(t.Context())); !slices.Equal(got, []string{made.JobID}) {
				t.Errorf("of withdrawn video, removed is %v", got)
			}

			hidden := h.orderOf(t, ann, append(parts(asset.ID, 5), parts(later.ID, 6)...)...)
			h.embargo(t, later.ID, time.Hour)
			_, err := h.Order(t.Context(), ann, hidden.ID)
			wantError(t, err, NotFound, "", "there is no order")
			page, next, err := h.Orders(t.Context(), ann, "", 1)
			if err != nil || len(page) != 1 || page[0].ID != made.ID || next == "" {
				t.Errorf("listed are %v, %q, %v", page, next, err)
			}
			if page, next, err = h.Orders(t.Context(), ann, next, 1); err != nil || len(page) != 1 || page[0].ID != waiting.ID || next != "" {
				t.Errorf("next are %v, %q, %v", page, next, err)
			}
		})
	}
}

// TestOrderErrors asks for what cannot be: nothing is stored.
func TestOrderErrors(t *testing.T) {
	t.Parallel()
	h := start(t, kinds()[0])
	asset := h.asset(t)
	good := wish(asset.ID, 1)
	bad := ClipRequest{AssetID: asset.ID, Ranges: []Marks{{"1", "2"}, {"3", "3"}}}
	for _, tt := range []struct {
		items          []ClipRequest
		kind           Kind
		field, message string
	}{
		{nil, Invalid, "items", "give 1 to 100"},
		{slices.Repeat([]ClipRequest{good}, 101), Invalid, "items", "give 1 to 100"},
		{[]ClipRequest{good, bad}, Invalid, "items[1].ranges[1].out", "leaves no frame"},
		{[]ClipRequest{{AssetID: asset.ID, Format: "avi"}}, Invalid, "items[0].format", "choose one of"},
		{[]ClipRequest{{AssetID: asset.ID, Audio: []int{7}}}, Invalid, "items[0].audio", "no sound track 7"},
		{[]ClipRequest{good, wish(asset.ID, 2), good}, Invalid, "items[2]", "the same as item 1"},
		{[]ClipRequest{{AssetID: asset.ID}, {AssetID: asset.ID, Format: "source"}}, Invalid, "items[1]", "the same as item 1"},
		{[]ClipRequest{good, {AssetID: "none"}}, NotFound, "items[1]", "there is no asset"},
	} {
		_, err := h.CreateOrder(t.Context(), OrderRequest{By: ann, Items: tt.items})
		wantError(t, err, tt.kind, tt.field, tt.message)
	}
	if n, err := h.db.NewSelect().Table("jobs").Where("kind NOT IN (?)", bun.List(Steps())).Count(t.Context()); err != nil || n != 0 {
		t.Errorf("%d jobs are stored, %v", n, err)
	}
}

// TestOrderRaces sends one request many times at once, and ends orders while their items
// begin: there is one order, and no claim is left over.
func TestOrderRaces(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			key := Idempotency{IdempotencyKey: "k", IdempotencyHash: "h"}
			orders, errs := together(t.Context(), 8, func(ctx context.Context, _ int) (string, error) {
				o, err := h.CreateOrder(ctx, OrderRequest{By: ann, Items: parts(asset.ID, 1, 2, 3), Idempotency: key})
				if err != nil {
					return "", err
				}
				return o.ID, nil
			})
			for i := range orders {
				if errs[i] != nil || orders[i] != orders[0] {
					t.Errorf("request %d gives %s, %v, want %s", i, orders[i], errs[i], orders[0])
				}
			}
			if n, err := h.db.NewSelect().Model((*Clip)(nil)).Count(t.Context()); err != nil || n != 3 {
				t.Errorf("there are %d clips, %v, want 3", n, err)
			}
			must[[]string](t)(h.ReleaseOrder(t.Context(), ann, orders[0]))

			by := Asker{ID: "ann", Person: Limits{AtOnce: 1}}
			o := h.orderOf(t, by, parts(asset.ID, 11, 12, 13, 14)...)
			h.exec(t, "UPDATE orders SET asker = ? WHERE id = ?", `{"ID":"ann"}`, o.ID) // there is room now
			_, errs = together(t.Context(), 6, func(ctx context.Context, i int) (any, error) {
				if i == 0 {
					return h.ReleaseOrder(ctx, by, o.ID)
				}
				return nil, h.Reconcile(ctx)
			})
			for i, err := range errs {
				if err != nil {
					t.Errorf("%d: %v", i, err)
				}
			}
			var left []Job
			if err := h.db.NewSelect().Model(&left).Where("kind NOT IN (?) AND claims > 0", bun.List(Steps())).Scan(t.Context()); err != nil || len(left) > 0 {
				t.Errorf("claims are left: %s, %v", fmt.Sprint(left), err)
			}
		})
	}
}

// TestOrderEndsTwice withdraws a video while its orders begin, are cancelled and expire:
// nobody is in the way of the withdrawal, and nothing of it goes on.
func TestOrderEndsTwice(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			for round := range 8 {
				asset := h.asset(t)
				numbers := []int{}
				for n := range 20 {
					numbers = append(numbers, n)
				}
				one, two := h.orderOf(t, ann, parts(asset.ID, numbers...)...), h.orderOf(t, Asker{ID: "bob"}, parts(asset.ID, numbers...)...)
				_, errs := together(t.Context(), 5, func(ctx context.Context, i int) (any, error) {
					switch i {
					case 0:
						return h.ReleaseOrder(ctx, ann, one.ID)
					case 1:
						return h.ReleaseOrder(ctx, Asker{ID: "bob"}, two.ID)
					case 2:
						return h.Expire(ctx)
					case 3:
						return nil, h.Reconcile(ctx)
					}
					return h.Withdraw(ctx, House(), asset.ID)
				})
				for i, err := range errs {
					if err != nil {
						t.Errorf("round %d, %d: %v", round, i, err)
					}
				}
				left := h.db.NewSelect().Model((*Job)(nil)).Where("asset_id = ? AND kind IN (?)", asset.ID, bun.List([]JobKind{JobClip, JobOrder})).
					Where("status IN (?)", bun.List([]JobStatus{JobWaiting, JobQueued, JobRunning}))
				if n, err := left.Count(t.Context()); err != nil || n != 0 {
					t.Errorf("round %d: %d jobs of the withdrawn video go on, %v", round, n, err)
				}
			}
		})
	}
}
