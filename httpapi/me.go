package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

type (
	// Proof is the password of somebody who is signed in; huma reads embedded
	// inputs only if exported.
	Proof struct {
		CurrentPassword string `json:"current_password" minLength:"1" maxLength:"1024"`
	}
	proofInput struct{ Body Proof }

	changePasswordInput struct {
		Body struct {
			Proof
			Password string `json:"password" minLength:"1" maxLength:"1024" doc:"the new one"`
		}
	}
	changeEmailInput struct {
		Body struct {
			Proof
			Email string `json:"email" minLength:"1" maxLength:"600" doc:"the new one"`
		}
	}
	codeInput struct {
		Body struct {
			Code string `json:"code" minLength:"1" maxLength:"64"`
		}
	}
	enrolmentOutput struct {
		Body struct {
			Secret string `json:"secret" doc:"base32, to type into an authenticator app"`
			URL    string `json:"url" doc:"otpauth://, to show to one as a QR code"`
		}
	}
	recoveryOutput struct {
		Body struct {
			RecoveryCodes []string `json:"recovery_codes" nullable:"false" doc:"each good for one sign-in without the app: shown this once"`
		}
	}
)

// ownAccount is what people do with their own account.
func (a *API) ownAccount(api huma.API) {
	register(a, api, operation(http.MethodPut, "/v1/me/password", "change-password", "Change the password", http.StatusNoContent, 401, 422, 429), a.changePassword)
	register(a, api, operation(http.MethodPost, "/v1/me/email", "change-email", "Ask for a code to another address", http.StatusAccepted, 401, 422, 429), a.changeEmail)
	register(a, api, operation(http.MethodPost, "/v1/me/email/{id}/confirm", "confirm-email", "Confirm the other address", http.StatusOK, 401, 422, 429), a.confirmEmail)
	register(a, api, operation(http.MethodPost, "/v1/me/second-factor", "begin-second-factor", "Set up an authenticator app", http.StatusOK, 401, 422, 429), a.beginFactor)
	register(a, api, operation(http.MethodPost, "/v1/me/second-factor/confirm", "confirm-second-factor", "Ask for the app's codes from now on", http.StatusOK, 401, 409, 429), a.confirmFactor)
	register(a, api, operation(http.MethodPost, "/v1/me/second-factor/removal", "remove-second-factor", "Ask for no codes any more", http.StatusNoContent, 401, 422, 429),
		func(ctx context.Context, in *proofInput) (*struct{}, error) {
			who := callerOf(ctx)
			return nil, a.accounts.RemoveFactor(ctx, who.Person, in.Body.CurrentPassword, who.from)
		})
	register(a, api, operation(http.MethodGet, "/v1/me/export", "export-me", "All that is kept about oneself", http.StatusOK, 401), a.exportMe)
	deletion := operation(http.MethodPost, "/v1/me/deletion", "delete-me", "Delete one's account", http.StatusNoContent, 401, 409, 422, 429)
	deletion.Description = "What was taken stays counted, without the person. Clips in the making, webhooks and the newsletter to one's address end."
	register(a, api, deletion, a.deleteMe)
}

func (a *API) changePassword(ctx context.Context, in *changePasswordInput) (*struct{}, error) {
	who := callerOf(ctx)
	return nil, a.accounts.ChangePassword(ctx, who.Visitor, in.Body.CurrentPassword, in.Body.Password, who.from)
}

func (a *API) changeEmail(ctx context.Context, in *changeEmailInput) (*ticketOutput, error) {
	who := callerOf(ctx)
	t, err := a.accounts.BeginMove(ctx, who.Person, in.Body.Email, in.Body.CurrentPassword, who.from)
	return ticket(t, codeSent), err
}

func (a *API) confirmEmail(ctx context.Context, in *confirmInput) (*meOutput, error) {
	who := callerOf(ctx)
	if err := a.accounts.FinishMove(ctx, who.Visitor, in.ID, in.Body.Code, who.from); err != nil {
		return nil, err
	}
	person, err := a.accounts.Person(ctx, who.ID())
	if err != nil {
		return nil, err
	}
	if err := a.newsletter.Follow(ctx, who.Person.Email, person.Email); err != nil {
		a.log.Error("a subscription stays at the former address", "error", err)
	}
	return &meOutput{me(person)}, nil
}

func (a *API) beginFactor(ctx context.Context, in *proofInput) (*enrolmentOutput, error) {
	who := callerOf(ctx)
	enrolment, err := a.accounts.BeginFactor(ctx, who.Person, in.Body.CurrentPassword, who.from)
	out := new(enrolmentOutput)
	out.Body.Secret, out.Body.URL = enrolment.Secret, enrolment.URL
	return out, err
}

func (a *API) confirmFactor(ctx context.Context, in *codeInput) (*recoveryOutput, error) {
	who := callerOf(ctx)
	codes, err := a.accounts.ConfirmFactor(ctx, who.Person, in.Body.Code, who.from)
	out := new(recoveryOutput)
	out.Body.RecoveryCodes = codes
	return out, err
}

func (a *API) deleteMe(ctx context.Context, in *proofInput) (*signedOutOutput, error) {
	who := callerOf(ctx)
	return &signedOutOutput{who.newCookie(sessionCookie, "", time.Time{})}, a.accounts.Delete(ctx, who.Person, in.Body.CurrentPassword, who.from)
}
