package httpapi

import (
	"context"
	"net/http"
	"time"

	"subclip/catalog"
	"subclip/newsletter"

	"github.com/danielgtaylor/huma/v2"
)

// Subscriber is a reader of the newsletter, as editors see it.
type Subscriber struct {
	ID        string    `json:"id"`
	Address   string    `json:"address"`
	Status    string    `json:"status" enum:"pending,active,unsubscribed,bounced"`
	Reason    string    `json:"reason,omitempty" doc:"why it bounced"`
	Language  string    `json:"language"`
	Topics    []string  `json:"topics" nullable:"false" doc:"none means all"`
	ChangedAt time.Time `json:"changed_at"`
}

type (
	topicsOutput struct {
		Body struct {
			Topics []string                     `json:"topics" nullable:"false" doc:"none means one newsletter for all"`
			Names  map[string]map[string]string `json:"names" doc:"what each is called, by language"`
		}
	}
	subscribeInput struct {
		Body struct {
			Address  string   `json:"address" maxLength:"320" doc:"e-mail address"`
			Language string   `json:"language,omitempty" maxLength:"35" doc:"BCP 47 tag; of the languages of the newsletter, the one that suits"`
			Topics   []string `json:"topics,omitempty" maxItems:"50" doc:"see /v1/newsletter/topics; none means all"`
		}
	}
	linkInput struct {
		Body struct {
			Token string `json:"token" minLength:"1" maxLength:"100" doc:"of the link in a message"`
		}
	}
	saidOutput struct {
		Body struct {
			Status string `json:"status" enum:"asked,active,unsubscribed"`
			Detail string `json:"detail" doc:"what happens now"`
		}
	}
	listSubscribersInput struct {
		Status string `query:"status" enum:"pending,active,unsubscribed,bounced" doc:"those in this state alone"`
		Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	listSubscribersOutput struct {
		Body struct {
			Subscribers []Subscriber `json:"subscribers" nullable:"false"`
			Next        string       `json:"next,omitempty" doc:"cursor of the next page"`
		}
	}
)

const willCome = "the newsletter will come to this address"

func said(status newsletter.SubscriberStatus, detail string) *saidOutput {
	out := new(saidOutput)
	out.Body.Status, out.Body.Detail = string(status), detail
	return out
}

// subscriptions are for readers, but for the list of them.
func (a *API) subscriptions(api huma.API) {
	register(a, api, operation(http.MethodGet, "/v1/newsletter/topics", "list-topics", "What the newsletter is about", http.StatusOK),
		func(context.Context, *struct{}) (*topicsOutput, error) {
			out := new(topicsOutput)
			out.Body.Topics = a.newsletter.Topics()
			out.Body.Names = map[string]map[string]string{}
			for _, topic := range out.Body.Topics {
				out.Body.Names[topic] = map[string]string{}
				for _, language := range catalog.StoryLanguages() {
					out.Body.Names[topic][language] = a.catalog.TopicTitle(topic, language)
				}
			}
			return out, nil
		})
	subscribe := operation(http.MethodPost, "/v1/newsletter/subscriptions", "subscribe", "Ask for the newsletter, or for other topics", http.StatusAccepted, 422, 429)
	subscribe.Description = "Sends a link to the address, and nothing changes before it is used. The answer is the same for every address; " +
		"one that was asked too often within the hour is left alone. The address of one's own account, signed in, is confirmed already: " +
		"its subscription begins or changes at once (`active`); see /v1/me/subscription."
	register(a, api, subscribe, a.subscribe)
	register(a, api, operation(http.MethodPost, "/v1/newsletter/confirmations", "confirm-subscription", "Use the link that subscribing sends", http.StatusOK, 404, 422),
		func(ctx context.Context, in *linkInput) (*saidOutput, error) {
			if _, err := a.newsletter.Confirm(ctx, in.Body.Token); err != nil {
				return nil, err
			}
			return said(newsletter.SubscriberActive, willCome), nil
		})
	register(a, api, operation(http.MethodPost, "/v1/newsletter/unsubscriptions", "unsubscribe", "Use the link that every newsletter has", http.StatusOK, 404, 422),
		func(ctx context.Context, in *linkInput) (*saidOutput, error) {
			if _, err := a.newsletter.Unsubscribe(ctx, in.Body.Token); err != nil {
				return nil, err
			}
			return said(newsletter.SubscriberLeft, "no newsletter will come to this address any more"), nil
		})
	register(a, api, operation(http.MethodGet, "/v1/newsletter/subscribers", "list-subscribers", "Readers, newest first", http.StatusOK, 422), a.listSubscribers)
}

func (a *API) subscribe(ctx context.Context, in *subscribeInput) (*saidOutput, error) {
	who, wish := callerOf(ctx), newsletter.Wish{Address: in.Body.Address, Language: in.Body.Language, Topics: in.Body.Topics}
	if who.proves(wish.Address) {
		if _, err := a.newsletter.SubscribeOwn(ctx, wish); err != nil {
			return nil, err
		}
		return said(newsletter.SubscriberActive, willCome), nil
	}
	if err := a.accounts.LimitSubscriptions(ctx, who.from); err != nil {
		return nil, err
	}
	if err := a.newsletter.Subscribe(ctx, wish); err != nil {
		return nil, err
	}
	return said("asked", "open the link that was sent to the address, and confirm"), nil
}

func (a *API) listSubscribers(ctx context.Context, in *listSubscribersInput) (*listSubscribersOutput, error) {
	rows, next, err := a.newsletter.Subscribers(ctx, newsletter.SubscriberStatus(in.Status), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := new(listSubscribersOutput)
	out.Body.Next, out.Body.Subscribers = next, []Subscriber{}
	for i := range rows {
		row := &rows[i]
		out.Body.Subscribers = append(out.Body.Subscribers, Subscriber{
			ID: row.ID, Address: row.Address, Status: string(row.Status), Reason: row.Reason, Language: row.Language, Topics: row.Topics(), ChangedAt: row.ChangedAt,
		})
	}
	return out, nil
}
