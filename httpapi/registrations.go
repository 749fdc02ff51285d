package httpapi

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"subclip/accounts"

	"github.com/danielgtaylor/huma/v2"
)

// Ticket is a request that the code in a message completes.
type Ticket struct {
	ID         string    `json:"id" doc:"to send with the code"`
	Message    string    `json:"message"`
	ExpiresAt  time.Time `json:"expires_at" doc:"when the code stops working"`
	NextCodeAt time.Time `json:"next_code_at" doc:"when another code can be sent"`
}

// Profile is what people say of themselves.
type Profile struct {
	Name         string `json:"name" minLength:"1" maxLength:"200"`
	Organisation string `json:"organisation,omitempty" maxLength:"200"`
	MediaRole    string `json:"media_role,omitempty" maxLength:"200" doc:"role in the media" example:"journalist"`
	Country      string `json:"country,omitempty" maxLength:"2" doc:"ISO 3166-1 code of two letters"`
	Language     string `json:"language,omitempty" maxLength:"35" doc:"BCP 47 tag"`
}

func (p Profile) row() accounts.Profile {
	return accounts.Profile{Name: p.Name, Organisation: p.Organisation, MediaRole: p.MediaRole, Country: p.Country, Language: p.Language}
}

type (
	registration struct {
		Profile
		Email       string `json:"email" minLength:"1" maxLength:"600"`
		Password    string `json:"password" minLength:"1" maxLength:"1024" doc:"at least 12 characters with upper and lower case, a digit and a symbol, no spaces, at most 256 bytes; neither the address nor the name"`
		AcceptTerms bool   `json:"accept_terms"`
		ReturnTo    string `json:"return_to,omitempty" maxLength:"4000" doc:"page of this site to go back to, from the first slash on"`
	}
	registerInput struct{ Body registration }
	ticketOutput  struct{ Body Ticket }
	confirmInput  struct {
		ID   string `path:"id" maxLength:"64"`
		Body struct {
			Code string `json:"code" minLength:"1" maxLength:"64" doc:"the six digits of the message; blanks do not matter"`
		}
	}
	requestResetInput struct {
		Body struct {
			Email    string `json:"email" minLength:"1" maxLength:"600"`
			ReturnTo string `json:"return_to,omitempty" maxLength:"4000" doc:"page of this site to go back to, from the first slash on"`
		}
	}
	resetInput struct {
		ID   string `path:"id" maxLength:"64"`
		Body struct {
			Code     string `json:"code" minLength:"1" maxLength:"64" doc:"the six digits of the message; blanks do not matter"`
			Password string `json:"password" minLength:"1" maxLength:"1024"`
		}
	}
	resetOutput struct {
		Body struct {
			ReturnTo string `json:"return_to" doc:"the page on which the reset began"`
		}
	}
	checkPasswordInput struct {
		Body struct {
			Password string `json:"password" maxLength:"1024"`
			Email    string `json:"email,omitempty" maxLength:"600" doc:"left out, it is that of whoever is signed in"`
			Name     string `json:"name,omitempty" maxLength:"200" doc:"likewise"`
		}
	}
	checkPasswordOutput struct {
		Body struct {
			Unmet []string `json:"unmet" nullable:"false" doc:"what the password still needs, part by part; empty where it is good" example:"[\"a digit\"]"`
		}
	}
	ticketInput struct {
		ID string `path:"id" maxLength:"64"`
	}
)

func (a *API) registrations(api huma.API) {
	register(a, api, operation(http.MethodPost, "/v1/password-checks", "check-password", "Say what a password lacks, while it is typed", http.StatusOK, 422, 429), checkPassword)
	register(a, api, operation(http.MethodPost, "/v1/registrations", "register", "Ask for an account", http.StatusAccepted, 413, 415, 422, 429), a.registerPerson)
	register(a, api, operation(http.MethodPost, "/v1/registrations/{id}/confirm", "confirm-registration", "Confirm the address and sign in", http.StatusOK, 409, 422, 429), a.confirmRegistration)
	register(a, api, operation(http.MethodPost, "/v1/password-resets", "request-reset", "Ask for a code to reset the password", http.StatusAccepted, 422, 429), a.requestReset)
	register(a, api, operation(http.MethodPost, "/v1/password-resets/{id}/confirm", "reset-password", "Set a new password", http.StatusOK, 422, 429), a.resetPassword)
	register(a, api, operation(http.MethodPost, "/v1/codes/{id}/resend", "send-code", "Send a new code for a request", http.StatusAccepted, 404, 429),
		func(ctx context.Context, in *ticketInput) (*ticketOutput, error) {
			t, err := a.accounts.SendCode(ctx, in.ID, callerOf(ctx).from)
			return ticket(t, codeSent), err
		})
}

// What the answers say is the same whether an address has an account or not.
const (
	codeSent  = "a code was sent to the address"
	resetSent = "if there is an account with this address, a code was sent to it"
)

func ticket(t accounts.Ticket, message string) *ticketOutput {
	return &ticketOutput{Ticket{
		ID: t.ID, Message: message, ExpiresAt: t.ExpiresAt.Truncate(time.Second), NextCodeAt: t.NextCodeAt.Truncate(time.Second).Add(time.Second),
	}}
}

func checkPassword(ctx context.Context, in *checkPasswordInput) (*checkPasswordOutput, error) {
	b := in.Body
	if person := callerOf(ctx).Person; person != nil {
		b.Email, b.Name = cmp.Or(b.Email, person.Email), cmp.Or(b.Name, person.Name)
	}
	out := new(checkPasswordOutput)
	out.Body.Unmet = append([]string{}, accounts.CheckPassword(b.Password, b.Email, b.Name)...)
	return out, nil
}

func (a *API) registerPerson(ctx context.Context, in *registerInput) (*ticketOutput, error) {
	b := in.Body
	t, err := a.accounts.Register(ctx, accounts.Registration{
		Email: b.Email, Password: b.Password, AcceptTerms: b.AcceptTerms, ReturnTo: b.ReturnTo, Profile: b.row(),
	}, callerOf(ctx).from)
	return ticket(t, codeSent), err
}

func (a *API) confirmRegistration(ctx context.Context, in *confirmInput) (*signedInOutput, error) {
	who := callerOf(ctx)
	signedIn, err := a.accounts.ConfirmRegistration(ctx, in.ID, in.Body.Code, who.from)
	if err != nil {
		return nil, err
	}
	return a.welcome(ctx, who, signedIn)
}

func (a *API) requestReset(ctx context.Context, in *requestResetInput) (*ticketOutput, error) {
	t, err := a.accounts.BeginReset(ctx, in.Body.Email, in.Body.ReturnTo, callerOf(ctx).from)
	return ticket(t, resetSent), err
}

func (a *API) resetPassword(ctx context.Context, in *resetInput) (*resetOutput, error) {
	out := new(resetOutput)
	var err error
	out.Body.ReturnTo, err = a.accounts.FinishReset(ctx, in.ID, in.Body.Code, in.Body.Password, callerOf(ctx).from)
	return out, err
}
