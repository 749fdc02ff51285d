package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

// register adds an operation whose errors become problems: mistakes in the
// request are told as they are, anything else is logged with its causes and told
// in one sentence.
func register[I, O any](a *API, api huma.API, op huma.Operation, handler func(context.Context, *I) (*O, error)) {
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, a.problem(op.OperationID, err)
		}
		return out, nil
	})
}

// alsoAnswers describes a second status under which an operation, once
// registered, gives the same answer as under its first.
func alsoAnswers(api huma.API, op huma.Operation, status int, meaning string) {
	responses := api.OpenAPI().Paths[op.Path].Post.Responses
	also := *responses[strconv.Itoa(op.DefaultStatus)]
	also.Description = meaning
	responses[strconv.Itoa(status)] = &also
}

func (a *API) problem(operation string, err error) error {
	if _, withHeaders := errors.AsType[huma.HeadersError](err); withHeaders {
		return err
	}
	var status huma.StatusError
	if errors.As(err, &status) {
		return status
	}
	if refusal, ok := errors.AsType[*accounts.Error](err); ok {
		return refused(refusal)
	}
	var mistake *catalog.Error
	if !errors.As(err, &mistake) {
		a.log.Error("request failed", "operation", operation, "error", err)
		return huma.Error500InternalServerError(wentWrong)
	}
	var details []error
	detail := mistake.Message
	if mistake.Field != "" {
		details = append(details, &huma.ErrorDetail{Message: mistake.Message, Location: "body." + mistake.Field})
		detail = mistake.Field + ": " + detail
	}
	statuses := map[catalog.Kind]int{
		catalog.Invalid: http.StatusUnprocessableEntity, catalog.NotFound: http.StatusNotFound, catalog.Conflict: http.StatusConflict,
		catalog.TooMany: http.StatusTooManyRequests, catalog.Stale: http.StatusPreconditionFailed,
	}
	return later(huma.NewError(statuses[mistake.Kind], detail, details...), mistake.RetryAfter)
}

// wentWrong is what users hear of what is logged.
const wentWrong = "something went wrong on our side and was logged: try again later"

// refused tells what accounts would not do.
func refused(refusal *accounts.Error) error {
	parts := refusal.Parts
	if len(parts) == 0 && refusal.Field != "" {
		parts = []string{refusal.Message}
	}
	var details []error
	for _, part := range parts {
		details = append(details, &huma.ErrorDetail{Message: part, Location: "body." + refusal.Field})
	}
	status := map[accounts.Kind]int{
		accounts.Invalid: http.StatusUnprocessableEntity, accounts.Unauthorized: http.StatusUnauthorized, accounts.NotFound: http.StatusNotFound,
		accounts.Conflict: http.StatusConflict, accounts.TooMany: http.StatusTooManyRequests,
	}[refusal.Kind]
	return later(huma.NewError(status, refusal.Message, details...), refusal.RetryAfter)
}

// later says in a problem when to ask again, where that is known.
func later(problem error, wait time.Duration) error {
	if wait <= 0 {
		return problem
	}
	return huma.ErrorWithHeaders(problem, http.Header{"Retry-After": {strconv.Itoa(wholeSeconds(wait))}})
}

// wholeSeconds is a wait as headers tell it, rounded up.
func wholeSeconds(wait time.Duration) int { return max(1, int(math.Ceil(wait.Seconds()))) }

// hushed takes what was sent out of problems: it may hold a password, and whoever
// sent it knows it.
func hushed(_ huma.Context, _ string, answer any) (any, error) {
	if problem, ok := answer.(*huma.ErrorModel); ok {
		for _, detail := range problem.Errors {
			detail.Value = nil
		}
	}
	return answer, nil
}

// writeProblem answers outside of huma's operations.
func writeProblem(g *gin.Context, status int, detail string) {
	body, err := json.Marshal(huma.NewError(status, detail))
	if err != nil {
		g.AbortWithStatus(status)
		return
	}
	g.Abort()
	g.Data(status, "application/problem+json", body)
}

// refuse answers outside of huma's operations, a browser with a page.
func (a *API) refuse(g *gin.Context, status int, detail string) {
	if a.errorPage == nil || !a.errorPage(g, status) {
		writeProblem(g, status, detail)
	}
}

func (a *API) recovered(g *gin.Context, cause any) {
	a.log.Error("a request handler panicked", "path", g.Request.URL.Path, "cause", cause)
	a.refuse(g, http.StatusInternalServerError, wentWrong)
}
