package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Estimate is what is foreseen of a clip.
type Estimate struct {
	Method   string  `json:"method" enum:"copy,smart,encode" doc:"as the report will most likely say it"`
	BitExact bool    `json:"bit_exact" doc:"every picture will be the master's own, bit for bit; with the method smart all are but those of groups of pictures that a mark divides"`
	Frames   int64   `json:"frames"`
	Duration float64 `json:"duration" doc:"seconds"`
	Size     int64   `json:"size" doc:"bytes of all files, roughly"`
	Seconds  float64 `json:"seconds" doc:"that making it takes, roughly, once it has begun"`
}

type (
	estimateInput  struct{ Body newClip }
	estimateOutput struct{ Body Estimate }
)

func (a *API) estimates(api huma.API) {
	op := operation(http.MethodPost, "/v1/clips/estimate", "estimate-clip", "Foresee a clip without making it", http.StatusOK, 404, 409, 413, 415, 422)
	op.Description = "Takes what create-clip takes and stores nothing."
	register(a, api, op, a.estimate)
}

func (a *API) estimate(ctx context.Context, in *estimateInput) (*estimateOutput, error) {
	e, err := a.catalog.EstimateClip(ctx, in.Body.request(ctx))
	if err != nil {
		return nil, err
	}
	return &estimateOutput{Estimate{string(e.Method), e.BitExact, e.Frames, e.Duration, e.Size, e.Seconds}}, nil
}
