package httpapi

import (
	"context"
	"net/http"
	"time"

	"subclip/accounts"

	"github.com/danielgtaylor/huma/v2"
)

// Me is a person as they see themselves.
type Me struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Profile
	Role         string     `json:"role" enum:"professional,editor,admin"`
	SecondFactor bool       `json:"second_factor" doc:"sign-ins ask for a code of an authenticator app"`
	LimitTimes   *int       `json:"limit_times,omitempty" doc:"how many times the usual limits they have, 0 for no limits; missing where the role decides"`
	TermsAt      *time.Time `json:"terms_at,omitempty" doc:"when the terms were accepted"`
	ConfirmedAt  time.Time  `json:"confirmed_at" doc:"when the address was proved"`
	CreatedAt    time.Time  `json:"created_at"`
}

func me(p *accounts.Person) Me {
	out := Me{
		ID: p.ID, Email: p.Email, Role: string(p.Role), SecondFactor: p.TOTPSecret != "", LimitTimes: p.LimitTimes, ConfirmedAt: p.ConfirmedAt, CreatedAt: p.CreatedAt,
		Profile: Profile{Name: p.Name, Organisation: p.Organisation, MediaRole: p.MediaRole, Country: p.Country, Language: p.Language},
	}
	if !p.TermsAt.IsZero() {
		out.TermsAt = &p.TermsAt
	}
	return out
}

// Session is one sign-in.
type Session struct {
	ID        string    `json:"id"`
	Agent     string    `json:"agent" doc:"what the browser called itself"`
	Address   string    `json:"address" doc:"of the network"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at" doc:"last used, to the minute"`
	ExpiresAt time.Time `json:"expires_at"`
	Current   bool      `json:"current" doc:"the one that asks"`
}

type (
	signInInput struct {
		Body struct {
			Email    string `json:"email" minLength:"1" maxLength:"600"`
			Password string `json:"password" minLength:"1" maxLength:"1024"`
			Code     string `json:"code,omitempty" maxLength:"64" doc:"of the authenticator app, or a recovery code, where the person has a second factor"`
			ReturnTo string `json:"return_to,omitempty" maxLength:"4000" doc:"page of this site to go back to, from the first slash on"`
		}
	}
	signedInOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Body      struct {
			Person   Me     `json:"person"`
			ReturnTo string `json:"return_to"`
		}
	}
	signedOutOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}
	sessionsOutput struct {
		Body struct {
			Sessions []Session `json:"sessions" nullable:"false"`
		}
	}
	sessionInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	meOutput      struct{ Body Me }
	changeMeInput struct{ Body Profile }
)

func (a *API) sessions(api huma.API) {
	signIn := operation(http.MethodPost, "/v1/sessions", "sign-in", "Sign in", http.StatusCreated, 401, 422, 429)
	signIn.Description = "Sets a cookie. Answers 401 with an error at `body.code` where all is right but the second factor."
	register(a, api, signIn, a.signIn)
	register(a, api, operation(http.MethodDelete, "/v1/sessions/current", "sign-out", "Sign out", http.StatusNoContent), a.signOut)
	register(a, api, operation(http.MethodDelete, "/v1/sessions", "sign-out-everywhere", "Sign out everywhere", http.StatusNoContent, 401), a.signOutEverywhere)
	register(a, api, operation(http.MethodGet, "/v1/sessions", "list-sessions", "Where one is signed in", http.StatusOK, 401), a.listSessions)
	register(a, api, operation(http.MethodDelete, "/v1/sessions/{id}", "end-session", "Sign out in one place", http.StatusNoContent, 401, 404),
		func(ctx context.Context, in *sessionInput) (*struct{}, error) {
			return nil, a.accounts.SignOut(ctx, callerOf(ctx).ID(), in.ID)
		})
	register(a, api, operation(http.MethodGet, "/v1/me", "get-me", "Who one is", http.StatusOK, 401),
		func(ctx context.Context, _ *struct{}) (*meOutput, error) {
			return &meOutput{me(callerOf(ctx).Person)}, nil
		})
	register(a, api, operation(http.MethodPut, "/v1/me", "change-me", "Change what one says of oneself", http.StatusOK, 401, 422), a.changeMe)
}

func (a *API) signIn(ctx context.Context, in *signInInput) (*signedInOutput, error) {
	who, b := callerOf(ctx), in.Body
	signedIn, err := a.accounts.SignIn(ctx, accounts.Credentials{Email: b.Email, Password: b.Password, Code: b.Code, ReturnTo: b.ReturnTo}, who.from)
	if err != nil {
		return nil, err
	}
	return a.welcome(ctx, who, signedIn)
}

// welcome gives a browser its new session, and ends the one that it came with.
func (a *API) welcome(ctx context.Context, who caller, in accounts.SignedIn) (*signedInOutput, error) {
	if who.cookie != "" {
		if err := a.accounts.Forget(ctx, who.cookie); err != nil {
			return nil, err
		}
	}
	out := &signedInOutput{SetCookie: who.newCookie(sessionCookie, in.Secret, in.ExpiresAt)}
	out.Body.Person, out.Body.ReturnTo = me(in.Person), in.ReturnTo
	return out, nil
}

func (a *API) signOut(ctx context.Context, _ *struct{}) (*signedOutOutput, error) {
	who := callerOf(ctx)
	out := &signedOutOutput{who.newCookie(sessionCookie, "", time.Time{})}
	if who.cookie == "" {
		return out, nil
	}
	return out, a.accounts.Forget(ctx, who.cookie)
}

func (a *API) signOutEverywhere(ctx context.Context, _ *struct{}) (*signedOutOutput, error) {
	who := callerOf(ctx)
	return &signedOutOutput{who.newCookie(sessionCookie, "", time.Time{})}, a.accounts.SignOutEverywhere(ctx, who.ID())
}

func (a *API) listSessions(ctx context.Context, _ *struct{}) (*sessionsOutput, error) {
	who := callerOf(ctx)
	rows, err := a.accounts.Sessions(ctx, who.ID())
	out := new(sessionsOutput)
	out.Body.Sessions = []Session{}
	for _, row := range rows {
		out.Body.Sessions = append(out.Body.Sessions, Session{
			ID: row.ID, Agent: row.Agent, Address: row.Address, CreatedAt: row.CreatedAt, SeenAt: row.SeenAt, ExpiresAt: row.ExpiresAt,
			Current: row.ID == who.SessionID,
		})
	}
	return out, err
}

func (a *API) changeMe(ctx context.Context, in *changeMeInput) (*meOutput, error) {
	id := callerOf(ctx).ID()
	if err := a.accounts.Update(ctx, id, in.Body.row()); err != nil {
		return nil, err
	}
	return a.person(ctx, id)
}
