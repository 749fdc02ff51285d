package httpapi

import (
	"context"
	"errors"
	"net/http"

	"subclip/catalog"
	"subclip/mail"
	"subclip/newsletter"

	"github.com/danielgtaylor/huma/v2"
)

// Subscription is what somebody reads, as they see it.
type Subscription struct {
	Address  string   `json:"address"`
	Status   string   `json:"status" enum:"pending,active,unsubscribed,bounced"`
	Language string   `json:"language"`
	Topics   []string `json:"topics" nullable:"false" doc:"none means all"`
}

type subscriptionOutput struct{ Body Subscription }

func subscription(row *newsletter.Subscriber) Subscription {
	return Subscription{Address: row.Address, Status: string(row.Status), Language: row.Language, Topics: row.Topics()}
}

// ownSubscription is the newsletter that comes to the address of somebody's account.
func (a *API) ownSubscription(api huma.API) {
	register(a, api, operation(http.MethodGet, "/v1/me/subscription", "get-subscription", "The newsletter that comes to one's address", http.StatusOK, 401, 404),
		func(ctx context.Context, _ *struct{}) (*subscriptionOutput, error) {
			row, err := a.newsletter.Own(ctx, callerOf(ctx).Person.Email)
			return &subscriptionOutput{subscription(&row)}, err
		})
	leave := operation(http.MethodDelete, "/v1/me/subscription", "end-subscription", "Get no newsletter any more", http.StatusOK, 401, 404)
	leave.Description = "POST /v1/newsletter/subscriptions begins it, and changes language and topics."
	register(a, api, leave, func(ctx context.Context, _ *struct{}) (*subscriptionOutput, error) {
		row, err := a.newsletter.Leave(ctx, callerOf(ctx).Person.Email)
		return &subscriptionOutput{subscription(&row)}, err
	})
}

// proves reports whether somebody who is signed in asks for the address of their own
// account, which needs no second proof. A token proves nothing about mail.
func (c caller) proves(typed string) bool {
	if c.SessionID == "" {
		return false
	}
	address, err := mail.ParseAddress(typed)
	return err == nil && mail.AddressKey(address) == c.Person.EmailKey
}

// exported is somebody's subscription for their export, nil where nothing is kept.
func (a *API) exported(ctx context.Context, address string) (*Subscription, error) {
	row, err := a.newsletter.Own(ctx, address)
	if missing, ok := errors.AsType[*catalog.Error](err); ok && missing.Kind == catalog.NotFound {
		return nil, nil //nolint:nilnil // most people have none
	}
	if err != nil {
		return nil, err
	}
	out := subscription(&row)
	return &out, nil
}
