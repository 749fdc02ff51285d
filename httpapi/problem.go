package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

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
	var status huma.StatusError
	if errors.As(err, &status) {
		return status
	}
	var mistake *catalog.Error
	if !errors.As(err, &mistake) {
		a.log.Error("request failed", "operation", operation, "error", err)
		return huma.Error500InternalServerError("something went wrong on our side and was logged: try again later")
	}
	var details []error
	detail := mistake.Message
	if mistake.Field != "" {
		details = append(details, &huma.ErrorDetail{Message: mistake.Message, Location: "body." + mistake.Field})
		detail = mistake.Field + ": " + detail
	}
	statuses := map[catalog.Kind]int{
		catalog.Invalid: http.StatusUnprocessableEntity, catalog.NotFound: http.StatusNotFound, catalog.Conflict: http.StatusConflict,
	}
	return huma.NewError(statuses[mistake.Kind], detail, details...)
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

func (a *API) recovered(g *gin.Context, cause any) {
	a.log.Error("a request handler panicked", "path", g.Request.URL.Path, "cause", cause)
	writeProblem(g, http.StatusInternalServerError, "something went wrong on our side and was logged: try again later")
}
