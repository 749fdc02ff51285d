package httpapi

import (
	"context"
	"net/http"
	"time"

	"subclip/accounts"

	"github.com/danielgtaylor/huma/v2"
)

// Token lets a program ask in a person's name.
type Token struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Scopes    []string   `json:"scopes" nullable:"false"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"last used, to the minute"`
	Token     string     `json:"token,omitempty" doc:"the secret itself: shown this once"`
}

type (
	createTokenInput struct {
		Body struct {
			Name      string     `json:"name" minLength:"1" maxLength:"200" doc:"what it is for"`
			Scopes    []string   `json:"scopes" nullable:"false" minItems:"1" maxItems:"4" enum:"read,download,publish,manage"`
			ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"within a year; 90 days from now if left out"`
		}
	}
	tokenOutput struct {
		Location string `header:"Location"`
		Body     Token
	}
	tokensOutput struct {
		Body struct {
			Tokens []Token `json:"tokens" nullable:"false"`
		}
	}
	tokenInput struct {
		ID string `path:"id" maxLength:"64"`
	}
)

// usualTokenLife is the life of a token for which none is chosen.
const usualTokenLife = 90 * 24 * time.Hour

func (a *API) tokens(api huma.API) {
	create := operation(http.MethodPost, "/v1/tokens", "create-token", "Make a token", http.StatusCreated, 401, 409, 422)
	create.Description = "For `Authorization: Bearer`. Scopes: `read` looks at assets and at one's account, `download` downloads and clips, `publish` ingests, `manage` manages people."
	register(a, api, create, a.createToken)
	register(a, api, operation(http.MethodGet, "/v1/tokens", "list-tokens", "One's tokens", http.StatusOK, 401), a.listTokens)
	register(a, api, operation(http.MethodDelete, "/v1/tokens/{id}", "revoke-token", "Revoke a token", http.StatusNoContent, 401, 404),
		func(ctx context.Context, in *tokenInput) (*struct{}, error) {
			who := callerOf(ctx)
			return nil, a.accounts.RevokeToken(ctx, who.ID(), in.ID, who.from)
		})
}

func token(row *accounts.Token) Token {
	out := Token{ID: row.ID, Name: row.Name, Scopes: []string{}, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt}
	for _, s := range row.ScopeList() {
		out.Scopes = append(out.Scopes, string(s))
	}
	if !row.UsedAt.IsZero() {
		out.UsedAt = &row.UsedAt
	}
	return out
}

func (a *API) createToken(ctx context.Context, in *createTokenInput) (*tokenOutput, error) {
	who, life := callerOf(ctx), usualTokenLife
	if in.Body.ExpiresAt != nil {
		life = time.Until(*in.Body.ExpiresAt)
	}
	var scopes []accounts.Scope
	for _, s := range in.Body.Scopes {
		scopes = append(scopes, accounts.Scope(s))
	}
	row, secret, err := a.accounts.NewToken(ctx, who.Person, in.Body.Name, scopes, life, who.from)
	if err != nil {
		return nil, err
	}
	out := &tokenOutput{"/v1/tokens/" + row.ID, token(row)}
	out.Body.Token = secret
	return out, nil
}

func (a *API) listTokens(ctx context.Context, _ *struct{}) (*tokensOutput, error) {
	rows, err := a.accounts.Tokens(ctx, callerOf(ctx).ID())
	out := new(tokensOutput)
	out.Body.Tokens = []Token{}
	for i := range rows {
		out.Body.Tokens = append(out.Body.Tokens, token(&rows[i]))
	}
	return out, err
}
