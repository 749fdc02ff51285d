package httpapi

import (
	"context"
	"net/http"
	"time"

	"subclip/accounts"
	"subclip/webhooks"

	"github.com/danielgtaylor/huma/v2"
)

// Webhook is an address that is told what happens.
type Webhook struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	Events    []string  `json:"events" nullable:"false"`
	Enabled   bool      `json:"enabled" doc:"nothing is sent while it is not; an answer 410 switches it off"`
	CreatedAt time.Time `json:"created_at"`
	Secret    string    `json:"secret,omitempty" doc:"to check signatures with: shown this once"`
}

// Delivery is an event on its way to a webhook.
type Delivery struct {
	ID        string     `json:"id" doc:"what is sent as webhook-id"`
	Event     string     `json:"event"`
	Status    string     `json:"status" enum:"waiting,delivered,failed"`
	Attempts  int        `json:"attempts" doc:"so far"`
	Answer    int        `json:"answer,omitempty" doc:"HTTP status of the last attempt"`
	Reason    string     `json:"reason,omitempty" doc:"why the last attempt failed"`
	Body      string     `json:"body" doc:"what is sent, as it is signed"`
	CreatedAt time.Time  `json:"created_at"`
	NextAt    *time.Time `json:"next_at,omitempty" doc:"when it is tried next"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

type (
	newWebhook struct {
		URL    string   `json:"url" minLength:"1" maxLength:"2000" doc:"https:// address that takes POST" example:"https://example.com/subclip"`
		Events []string `json:"events" nullable:"false" minItems:"1" maxItems:"20" enum:"clip.ready,clip.failed,asset.ready,asset.failed"`
	}
	createWebhookInput struct {
		Idempotent
		Body newWebhook
	}
	webhookOutput struct {
		Location string `header:"Location"`
		Body     Webhook
	}
	webhooksOutput struct {
		Body struct {
			Webhooks []Webhook `json:"webhooks" nullable:"false"`
		}
	}
	// WebhookInput names a webhook; huma reads embedded inputs only if exported.
	WebhookInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	changeWebhookInput struct {
		WebhookInput
		Body struct {
			URL     *string  `json:"url,omitempty" minLength:"1" maxLength:"2000"`
			Events  []string `json:"events,omitempty" nullable:"false" minItems:"1" maxItems:"20" enum:"clip.ready,clip.failed,asset.ready,asset.failed"`
			Enabled *bool    `json:"enabled,omitempty"`
		}
	}
	deliveriesInput struct {
		WebhookInput
		Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	deliveriesOutput struct {
		Body struct {
			Deliveries []Delivery `json:"deliveries" nullable:"false"`
			Next       string     `json:"next,omitempty" doc:"cursor of the next page"`
		}
	}
	redeliverInput struct {
		WebhookInput
		DeliveryID string `path:"delivery" maxLength:"64"`
	}
	deliveryOutput struct{ Body Delivery }
)

// webhookRoutes serves what others want to be told.
func (a *API) webhookRoutes(api huma.API) {
	create := operation(http.MethodPost, "/v1/webhooks", "create-webhook", "Be told what happens", http.StatusCreated, 401, 409, 413, 415, 422)
	create.Description = "Events are POSTed as `{type, timestamp, data}`, signed as Standard Webhooks says: `webhook-id`, `webhook-timestamp`, `webhook-signature`. " +
		"One that is not answered with 2xx is sent again, with growing waits, for a day, under the same `webhook-id`. " +
		"`clip.…` is told of one's own clips, `asset.…` to editors."
	register(a, api, create, a.createWebhook)
	register(a, api, operation(http.MethodGet, "/v1/webhooks", "list-webhooks", "One's webhooks", http.StatusOK, 401), a.listWebhooks)
	register(a, api, operation(http.MethodGet, "/v1/webhooks/{id}", "get-webhook", "One webhook", http.StatusOK, 401, 404),
		func(ctx context.Context, in *WebhookInput) (*webhookOutput, error) {
			row, err := a.hooks.Get(ctx, hookOwner(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return &webhookOutput{Body: webhook(row)}, nil
		})
	register(a, api, operation(http.MethodPatch, "/v1/webhooks/{id}", "change-webhook", "Change a webhook", http.StatusOK, 401, 404, 422), a.changeWebhook)
	register(a, api, operation(http.MethodDelete, "/v1/webhooks/{id}", "delete-webhook", "Forget a webhook and what was sent to it", http.StatusNoContent, 401, 404),
		func(ctx context.Context, in *WebhookInput) (*struct{}, error) {
			return nil, a.hooks.Delete(ctx, hookOwner(ctx), in.ID)
		})
	register(a, api, operation(http.MethodGet, "/v1/webhooks/{id}/deliveries", "list-deliveries", "What was sent, newest first", http.StatusOK, 401, 404), a.listDeliveries)
	register(a, api, operation(http.MethodPost, "/v1/webhooks/{id}/deliveries/{delivery}/redeliver", "redeliver", "Send it again", http.StatusAccepted, 401, 404, 409),
		func(ctx context.Context, in *redeliverInput) (*deliveryOutput, error) {
			row, err := a.hooks.Redeliver(ctx, hookOwner(ctx), in.ID, in.DeliveryID)
			if err != nil {
				return nil, err
			}
			return &deliveryOutput{delivery(row)}, nil
		})
}

func webhook(row *webhooks.Hook) Webhook {
	return Webhook{ID: row.ID, URL: row.URL, Events: row.EventList(), Enabled: row.Enabled, CreatedAt: row.CreatedAt}
}

func delivery(row *webhooks.Delivery) Delivery {
	out := Delivery{
		ID: row.ID, Event: row.Event, Status: string(row.Status), Attempts: row.Attempts, Answer: row.Answer, Reason: row.Failure,
		Body: row.Body, CreatedAt: row.CreatedAt,
	}
	if row.Status == webhooks.Waiting {
		out.NextAt = &row.NextAt
	}
	if !row.EndedAt.IsZero() {
		out.EndedAt = &row.EndedAt
	}
	return out
}

// hookOwner is who registers a webhook: only those who publish are told of assets.
func hookOwner(ctx context.Context) webhooks.Owner {
	who := callerOf(ctx)
	return webhooks.Owner{PersonID: who.ID(), Publishes: who.Role().AtLeast(accounts.Editor) && who.Has(accounts.ScopePublish)}
}

func (a *API) createWebhook(ctx context.Context, in *createWebhookInput) (*webhookOutput, error) {
	idempotency, err := in.of(in.Body)
	if err != nil {
		return nil, err
	}
	row, err := a.hooks.Create(ctx, hookOwner(ctx), in.Body.URL, in.Body.Events, idempotency)
	if err != nil {
		return nil, err
	}
	out := &webhookOutput{"/v1/webhooks/" + row.ID, webhook(row)}
	out.Body.Secret = row.Secret
	return out, nil
}

func (a *API) listWebhooks(ctx context.Context, _ *struct{}) (*webhooksOutput, error) {
	rows, err := a.hooks.List(ctx, hookOwner(ctx))
	out := new(webhooksOutput)
	out.Body.Webhooks = []Webhook{}
	for i := range rows {
		out.Body.Webhooks = append(out.Body.Webhooks, webhook(&rows[i]))
	}
	return out, err
}

func (a *API) changeWebhook(ctx context.Context, in *changeWebhookInput) (*webhookOutput, error) {
	change := webhooks.Change{URL: in.Body.URL, Events: in.Body.Events, Enabled: in.Body.Enabled}
	row, err := a.hooks.Update(ctx, hookOwner(ctx), in.ID, change)
	if err != nil {
		return nil, err
	}
	return &webhookOutput{Body: webhook(row)}, nil
}

func (a *API) listDeliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	rows, err := a.hooks.Deliveries(ctx, hookOwner(ctx), in.ID, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := new(deliveriesOutput)
	out.Body.Deliveries = []Delivery{}
	for i := range rows {
		out.Body.Deliveries = append(out.Body.Deliveries, delivery(&rows[i]))
	}
	if len(rows) == in.Limit {
		out.Body.Next = rows[len(rows)-1].ID
	}
	return out, nil
}
