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
	// PersonInput names a person; huma reads embedded inputs only if exported.
	PersonInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	setRoleInput struct {
		PersonInput
		Body struct {
			Role string `json:"role" enum:"professional,editor,admin"`
		}
	}
	setLimitsInput struct {
		PersonInput
		Body struct {
			Times *int `json:"times" required:"true" minimum:"0" maximum:"1000" doc:"how many times the usual limits they have; 0 for no limits, null to go by the role"`
		}
	}
)

// people is for those who manage them.
func (a *API) people(api huma.API) {
	register(a, api, operation(http.MethodGet, "/v1/people", "list-people", "People, newest first", http.StatusOK, 401, 403), a.listPeople)
	register(a, api, operation(http.MethodGet, "/v1/people/{id}", "get-person", "One person", http.StatusOK, 401, 403, 404),
		func(ctx context.Context, in *PersonInput) (*meOutput, error) { return a.person(ctx, in.ID) })
	lift := operation(http.MethodPost, "/v1/people/{id}/second-factor/removal", "lift-second-factor", "End somebody's lost second factor", http.StatusOK, 401, 403, 404, 409, 422)
	lift.Description = "Make sure that it is they who ask. Ends their sessions, is kept on record, and they are told by mail."
	register(a, api, lift, func(ctx context.Context, in *PersonInput) (*meOutput, error) {
		who := callerOf(ctx)
		if err := a.accounts.LiftFactor(ctx, who.ID(), in.ID, who.from); err != nil {
			return nil, err
		}
		return a.person(ctx, in.ID)
	})
	limits := operation(http.MethodPut, "/v1/people/{id}/limits", "set-limits", "Change how much somebody may have", http.StatusOK, 401, 403, 404, 422)
	limits.Description = "In times of the usual limits, those of professionals (SUBCLIP_LIMIT_…)."
	register(a, api, limits, func(ctx context.Context, in *setLimitsInput) (*meOutput, error) {
		who := callerOf(ctx)
		if err := a.accounts.SetLimits(ctx, who.ID(), in.ID, in.Body.Times, who.from); err != nil {
			return nil, err
		}
		return a.person(ctx, in.ID)
	})
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
	return a.person(ctx, in.ID)
}

// person shows somebody as they are now.
func (a *API) person(ctx context.Context, id string) (*meOutput, error) {
	person, err := a.accounts.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	return &meOutput{me(person)}, nil
}
