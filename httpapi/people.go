package httpapi

import (
	"context"
	"net/http"

	"subclip/accounts"

	"github.com/danielgtaylor/huma/v2"
)

type (
	listPeopleInput struct {
		Words  string `query:"q" maxLength:"200" doc:"words that address, name or organisation have"`
		Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	listPeopleOutput struct {
		Body struct {
			People []Me   `json:"people" nullable:"false"`
			Next   string `json:"next,omitempty" doc:"cursor of the next page"`
		}
	}
	setRoleInput struct {
		ID   string `path:"id" maxLength:"64"`
		Body struct {
			Role string `json:"role" enum:"professional,editor,admin"`
		}
	}
)

// people is for those who manage them.
func (a *API) people(api huma.API) {
	register(a, api, operation(http.MethodGet, "/v1/people", "list-people", "People, newest first", http.StatusOK, 401, 403), a.listPeople)
	role := operation(http.MethodPut, "/v1/people/{id}/role", "set-role", "Change what somebody may do", http.StatusOK, 401, 403, 404, 409, 422)
	role.Description = "Ends their sessions: they sign in again."
	register(a, api, role, a.setRole)
}

func (a *API) listPeople(ctx context.Context, in *listPeopleInput) (*listPeopleOutput, error) {
	rows, err := a.accounts.People(ctx, in.Words, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := new(listPeopleOutput)
	out.Body.People = []Me{}
	for i := range rows {
		out.Body.People = append(out.Body.People, me(&rows[i]))
	}
	if len(rows) == in.Limit {
		out.Body.Next = rows[len(rows)-1].ID
	}
	return out, nil
}

func (a *API) setRole(ctx context.Context, in *setRoleInput) (*meOutput, error) {
	who := callerOf(ctx)
	if err := a.accounts.SetRole(ctx, who.ID(), in.ID, accounts.Role(in.Body.Role), who.from); err != nil {
		return nil, err
	}
	person, err := a.accounts.Person(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &meOutput{me(person)}, nil
}
