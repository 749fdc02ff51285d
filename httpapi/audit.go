package httpapi

import (
	"context"
	"net/http"
	"time"

	"subclip/accounts"

	"github.com/danielgtaylor/huma/v2"
)

// Entry is a line of the record.
type Entry struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	Action   string    `json:"action" example:"sign-in"`
	ActorID  string    `json:"actor_id,omitempty" doc:"who did it; missing for the command line and for strangers"`
	PersonID string    `json:"person_id,omitempty" doc:"whose account it is about"`
	Object   string    `json:"object,omitempty" doc:"what it was done to"`
	Detail   string    `json:"detail,omitempty"`
	Address  string    `json:"address,omitempty" doc:"of the network it came from"`
}

type (
	listEntriesInput struct {
		Person string `query:"person" maxLength:"64" doc:"id of the person whom it is about"`
		Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	listEntriesOutput struct {
		Body struct {
			Entries []Entry `json:"entries" nullable:"false"`
			Next    string  `json:"next,omitempty" doc:"cursor of the next page"`
		}
	}
)

func (a *API) audit(api huma.API) {
	register(a, api, operation(http.MethodGet, "/v1/audit", "list-entries", "The record of sign-ins, changes of role and publications, newest first", http.StatusOK, 401, 403), a.listEntries)
}

func entry(row *accounts.Entry) Entry {
	return Entry{
		ID: row.ID, At: row.At, Action: string(row.Action), ActorID: row.ActorID, PersonID: row.PersonID,
		Object: row.Object, Detail: row.Detail, Address: row.Address,
	}
}

func (a *API) listEntries(ctx context.Context, in *listEntriesInput) (*listEntriesOutput, error) {
	rows, err := a.accounts.Audit(ctx, in.Person, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := new(listEntriesOutput)
	out.Body.Entries = []Entry{}
	for i := range rows {
		out.Body.Entries = append(out.Body.Entries, entry(&rows[i]))
	}
	if len(rows) == in.Limit {
		out.Body.Next = rows[len(rows)-1].ID
	}
	return out, nil
}

// record puts on record what an editor did to something.
func (a *API) record(ctx context.Context, action accounts.Action, object, detail string) error {
	who := callerOf(ctx)
	return a.accounts.Record(ctx, accounts.Entry{Action: action, ActorID: who.ID(), Object: object, Detail: detail, Address: who.from.Address})
}
