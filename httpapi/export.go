package httpapi

import (
	"context"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/webhooks"
)

type (
	export struct {
		Person       Me               `json:"person"`
		Sessions     []Session        `json:"sessions" nullable:"false"`
		Tokens       []Token          `json:"tokens" nullable:"false"`
		Webhooks     []Webhook        `json:"webhooks" nullable:"false"`
		Subscription *Subscription    `json:"subscription,omitempty" doc:"to the newsletter, one that has ended too"`
		Uploads      []exportedUpload `json:"uploads" nullable:"false" doc:"what was delivered, newest first"`
		Clips        []Clip           `json:"clips" nullable:"false" doc:"newest first, cancelled ones too"`
		Orders       []Order          `json:"orders" nullable:"false" doc:"newest first"`
		Usage        []Usage          `json:"usage" nullable:"false" doc:"what was taken, latest first"`
		Record       []Entry          `json:"record" nullable:"false" doc:"what was noted about the account, newest first"`
	}
	exportedUpload struct {
		ID        string    `json:"id"`
		Title     string    `json:"title"`
		Filename  string    `json:"filename"`
		Size      int64     `json:"size" doc:"of the file, bytes"`
		Status    string    `json:"status" enum:"open,complete,aborted"`
		AssetID   string    `json:"asset_id,omitempty" doc:"once complete"`
		CreatedAt time.Time `json:"created_at"`
	}
	exportOutput struct {
		ContentDisposition string `header:"Content-Disposition"`
		Body               export
	}
)

// exportMe collects what every room keeps about somebody.
func (a *API) exportMe(ctx context.Context, _ *struct{}) (*exportOutput, error) {
	who := callerOf(ctx)
	out := &exportOutput{ContentDisposition: `attachment; filename="account.json"`, Body: export{Person: me(who.Person)}}
	sessions, err := a.listSessions(ctx, nil)
	if err != nil {
		return nil, err
	}
	tokens, err := a.listTokens(ctx, nil)
	if err != nil {
		return nil, err
	}
	out.Body.Sessions, out.Body.Tokens = sessions.Body.Sessions, tokens.Body.Tokens
	if out.Body.Subscription, err = a.exported(ctx, who.Person.Email); err != nil {
		return nil, err
	}
	for _, part := range []func(context.Context, caller, *export) error{
		a.exportWebhooks, a.exportUploads, a.exportClips, a.exportOrders, a.exportUsage, a.exportRecord,
	} {
		if err := part(ctx, who, &out.Body); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (a *API) exportWebhooks(ctx context.Context, who caller, out *export) error {
	// Also those that only an editor may use: somebody who was one registered them.
	rows, err := a.hooks.List(ctx, webhooks.Owner{PersonID: who.ID(), Publishes: true})
	out.Webhooks = []Webhook{}
	for i := range rows {
		out.Webhooks = append(out.Webhooks, webhook(&rows[i]))
	}
	return err
}

func (a *API) exportUploads(ctx context.Context, who caller, out *export) error {
	rows, err := a.catalog.Uploads(ctx, who.ID())
	out.Uploads = []exportedUpload{}
	for i := range rows {
		row := &rows[i]
		out.Uploads = append(out.Uploads, exportedUpload{
			ID: row.ID, Title: row.Title, Filename: row.Filename, Size: row.Size, Status: string(row.Status), AssetID: row.AssetID, CreatedAt: row.CreatedAt,
		})
	}
	return err
}

func (a *API) exportClips(ctx context.Context, _ caller, out *export) error {
	rows, err := a.catalog.AllClips(ctx, catalog.From(ctx))
	out.Clips = []Clip{}
	for i := range rows {
		clip, err := a.clip(ctx, &rows[i])
		if err != nil {
			return err
		}
		out.Clips = append(out.Clips, clip)
	}
	return err
}

func (a *API) exportOrders(ctx context.Context, _ caller, out *export) error {
	out.Orders = []Order{}
	for cursor, more := "", true; more; more = cursor != "" {
		page, err := a.listOrders(ctx, &listOrdersInput{Cursor: cursor, Limit: catalog.MaxPage})
		if err != nil {
			return err
		}
		out.Orders, cursor = append(out.Orders, page.Body.Orders...), page.Body.Next
	}
	return nil
}

func (a *API) exportUsage(ctx context.Context, who caller, out *export) error {
	out.Usage = []Usage{}
	taken := catalog.UsageQuery{PersonID: who.ID(), Limit: catalog.MaxPage}
	people := takers{accounts: a.accounts, known: map[string]*UsagePerson{}}
	for more := true; more; more = taken.Cursor != "" {
		page, err := a.usagePage(ctx, taken, people)
		if err != nil {
			return err
		}
		out.Usage = append(out.Usage, page.Usage...)
		taken.Cursor = page.Next
	}
	return nil
}

func (a *API) exportRecord(ctx context.Context, who caller, out *export) error {
	out.Record = []Entry{}
	for before := ""; ; {
		rows, err := a.accounts.Audit(ctx, who.ID(), before, accounts.MaxEntries)
		if err != nil {
			return err
		}
		for i := range rows {
			out.Record = append(out.Record, entry(&rows[i]))
			before = rows[i].ID
		}
		if len(rows) < accounts.MaxEntries {
			return nil
		}
	}
}
