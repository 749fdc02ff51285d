package httpapi

import (
	"context"
	"net/http"
	"time"

	"subclip/catalog"
	"subclip/transcoder"

	"github.com/danielgtaylor/huma/v2"
)

// Order is several clips and whole assets taken together, and the ZIP that they become.
type Order struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	Status    string      `json:"status" enum:"queued,running,ready,failed,cancelled,expired"`
	Progress  float64     `json:"progress" minimum:"0" maximum:"1"`
	CreatedAt time.Time   `json:"created_at"`
	KeptUntil time.Time   `json:"kept_until" doc:"when the ZIP is removed"`
	Reason    string      `json:"reason,omitempty" doc:"why it failed or was ended"`
	Items     []OrderItem `json:"items" nullable:"false" doc:"one that failed is not in the ZIP, which has the others"`
	URL       string      `json:"url,omitempty" doc:"signed, once ready"`
	ExpiresAt *time.Time  `json:"expires_at,omitempty" doc:"when the URL stops working; ask for the order again to have a new one"`
	Filename  string      `json:"filename,omitempty"`
	Size      int64       `json:"size,omitempty" doc:"bytes"`
	SHA256    *string     `json:"sha256,omitempty" doc:"of the ZIP"`
}

// OrderItem is one of an order.
type OrderItem struct {
	AssetID  string      `json:"asset_id"`
	Title    string      `json:"title" doc:"of the asset; empty once it is withdrawn"`
	Status   string      `json:"status" enum:"queued,running,ready,failed,cancelled,expired"`
	Progress float64     `json:"progress" minimum:"0" maximum:"1"`
	Format   string      `json:"format"`
	Ranges   []clipRange `json:"ranges" nullable:"false" doc:"none for the whole asset"`
	Join     bool        `json:"join"`
	Audio    []int       `json:"audio" nullable:"false" doc:"sound tracks that were chosen; empty for all"`
	Reason   string      `json:"reason,omitempty" doc:"why it is not in the ZIP"`
	// Now; the report has them as they were when the file was made.
	Restrictions string             `json:"restrictions" doc:"what those who use it must keep to"`
	ClipID       string             `json:"clip_id,omitempty" doc:"the clip that it is, once it has begun; see /v1/clips/{id}"`
	Report       *transcoder.Report `json:"report,omitempty" doc:"once ready"`
	Files        []orderFile        `json:"files,omitempty" nullable:"false" doc:"all files, where ranges are not joined"`
}

type (
	orderFile struct {
		Filename string            `json:"filename"`
		Report   transcoder.Report `json:"report"`
	}
	// newItem has the fields of newClip, of which a whole asset needs fewer.
	newItem struct {
		AssetID string      `json:"asset_id" minLength:"1" maxLength:"64"`
		Ranges  []clipRange `json:"ranges,omitempty" nullable:"false" maxItems:"50" doc:"the whole asset if left out"`
		Format  string      `json:"format,omitempty" default:"source" maxLength:"50" doc:"see /v1/formats"`
		Audio   []int       `json:"audio,omitempty" nullable:"false" maxItems:"64" doc:"sound tracks to keep, by their index in the asset; all if left out"`
		Join    *bool       `json:"join,omitempty" doc:"one file for all ranges (the default), or a file for each"`
	}
	createOrderInput struct {
		Idempotent
		Waiting
		Body struct {
			Name  string    `json:"name,omitempty" maxLength:"200" doc:"what the ZIP is called"`
			Items []newItem `json:"items" nullable:"false" minItems:"1" maxItems:"100"`
		}
	}
	createOrderOutput struct {
		Status            int
		Location          string `header:"Location"`
		PreferenceApplied string `header:"Preference-Applied"`
		Body              Order
	}
	orderInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	orderOutput     struct{ Body Order }
	listOrdersInput struct {
		Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"20"`
	}
	listOrdersOutput struct {
		Body struct {
			Orders []Order `json:"orders" nullable:"false"`
			Next   string  `json:"next,omitempty" doc:"cursor of the next page"`
		}
	}
)

func (a *API) orders(api huma.API) {
	create := operation(http.MethodPost, "/v1/orders", "create-order", "Take clips and whole assets together", http.StatusAccepted, 404, 409, 413, 415, 422, 429)
	create.Description = "Answers 202 and makes the items and then a ZIP of them in the background; with `Prefer: wait=N`, 201 as soon as it is ready. " +
		"Each file in the ZIP has its report beside it, its captions (SRT) and shotlist, timed as the file is, and a text of what its use is restricted to."
	register(a, api, create, a.createOrder)
	alsoAnswers(api, create, http.StatusCreated, "Ready")
	register(a, api, operation(http.MethodGet, "/v1/orders", "list-orders", "One's own orders, newest first", http.StatusOK, 422), a.listOrders)
	register(a, api, operation(http.MethodGet, "/v1/orders/{id}", "get-order", "One order", http.StatusOK, 404),
		func(ctx context.Context, in *orderInput) (*orderOutput, error) {
			now, err := a.standingOrder(ctx, in.ID)
			return &orderOutput{now.body}, err
		})
	register(a, api, operation(http.MethodDelete, "/v1/orders/{id}", "delete-order", "Remove an order", http.StatusNoContent, 404), a.deleteOrder)
	cancel := operation(http.MethodPost, "/v1/orders/{id}/cancel", "cancel-order", "Cancel an order that is not made yet", http.StatusOK, 404)
	cancel.Description = "It stays in the list. An order that has ended is left as it is, and what others wait for goes on."
	register(a, api, cancel, a.cancelOrder)
	registerEvents(a, api, operation(http.MethodGet, "/v1/orders/{id}/events", "order-events", "Follow an order until it has ended", http.StatusOK, 404),
		"order", a.standingOrder)
}

func (a *API) createOrder(ctx context.Context, in *createOrderInput) (*createOrderOutput, error) {
	idempotency, err := in.of(in.Body)
	if err != nil {
		return nil, err
	}
	request := catalog.OrderRequest{By: catalog.From(ctx), Name: in.Body.Name, Idempotency: idempotency}
	for _, item := range in.Body.Items {
		request.Items = append(request.Items, newClip(item).request(ctx))
	}
	row, err := a.catalog.CreateOrder(ctx, request)
	if err != nil {
		return nil, err
	}
	now, err := await(ctx, a, row.ID, in.limit(), a.standingOrder)
	out := &createOrderOutput{Status: http.StatusAccepted, Location: "/v1/orders/" + row.ID, PreferenceApplied: in.applied(), Body: now.body}
	if now.status == string(catalog.ClipReady) {
		out.Status = http.StatusCreated
	}
	return out, err
}

func (a *API) standingOrder(ctx context.Context, id string) (standing[Order], error) {
	row, err := a.catalog.Order(ctx, catalog.From(ctx), id)
	if err != nil {
		return standing[Order]{}, err
	}
	body, err := a.order(ctx, row)
	return standing[Order]{body, row.JobID, body.Status, body.Progress, row.Status().Ended()}, err
}

// order shows a row, with a signed URL where it is ready.
func (a *API) order(ctx context.Context, row *catalog.Order) (Order, error) {
	out := Order{
		ID: row.ID, Name: row.Name, Status: string(row.Status()), Progress: row.Progress(), CreatedAt: row.CreatedAt, KeptUntil: row.KeptUntil,
		Reason: row.Reason(),
	}
	for i := range row.Items {
		out.Items = append(out.Items, shownItem(ctx, row, &row.Items[i]))
	}
	if row.Status() != catalog.ClipReady {
		return out, nil
	}
	file := row.Job.Result.Files[0]
	signed, err := a.store.DownloadURL(ctx, file.Key, file.Name)
	out.URL, out.ExpiresAt, out.Filename, out.Size, out.SHA256 = signed.URL, &signed.ExpiresAt, file.Name, file.Report.Size, file.Report.SHA256
	return out, err
}

func shownItem(ctx context.Context, order *catalog.Order, row *catalog.OrderItem) OrderItem {
	status := order.StatusOf(row)
	out := OrderItem{
		AssetID: row.AssetID, Title: titleOf(ctx, row.Asset), Status: string(status), Progress: row.Progress(), Format: row.Request.Format,
		Ranges: shownRanges(row.Asset, row.Request.Ranges, row.Names), Join: !row.Request.Separate, Audio: append([]int{}, row.Request.Audio...),
		Reason: row.Reason(), Restrictions: row.Asset.Restrictions, ClipID: row.ClipID,
	}
	if status != catalog.ClipReady {
		return out
	}
	files := row.Files()
	if len(files) == 1 {
		out.Report = &files[0].Report
		return out
	}
	for _, f := range files {
		out.Files = append(out.Files, orderFile{f.Name, f.Report})
	}
	return out
}

func (a *API) listOrders(ctx context.Context, in *listOrdersInput) (*listOrdersOutput, error) {
	rows, next, err := a.catalog.Orders(ctx, catalog.From(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := new(listOrdersOutput)
	out.Body.Orders, out.Body.Next = []Order{}, next
	for i := range rows {
		body, err := a.order(ctx, &rows[i])
		if err != nil {
			return nil, err
		}
		out.Body.Orders = append(out.Body.Orders, body)
	}
	return out, nil
}

func (a *API) cancelOrder(ctx context.Context, in *orderInput) (*orderOutput, error) {
	removed, err := a.catalog.CancelOrder(ctx, catalog.From(ctx), in.ID)
	if err == nil {
		err = a.forget(ctx, removed...)
	}
	if err != nil {
		return nil, err
	}
	now, err := a.standingOrder(ctx, in.ID)
	return &orderOutput{now.body}, err
}

func (a *API) deleteOrder(ctx context.Context, in *orderInput) (*struct{}, error) {
	removed, err := a.catalog.ReleaseOrder(ctx, catalog.From(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.forget(ctx, removed...)
}
