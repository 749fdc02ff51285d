package httpapi

import (
	"context"
	"net/http"
	"time"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/danielgtaylor/huma/v2"
)

const stepRestarted accounts.Action = "step-restarted"

// Step is one of the steps that a new asset goes through.
type Step struct {
	Step     string     `json:"step" enum:"ingest,proxy,poster,storyboard,sound,captions" doc:"ingest reads the facts, sound makes waveforms and measures the loudness; the asset is ready after the first three"`
	Status   string     `json:"status" enum:"waiting,queued,running,done,failed" doc:"waiting for another step, or queued for a worker"`
	Progress float64    `json:"progress" minimum:"0" maximum:"1"`
	Reason   string     `json:"reason,omitempty" doc:"why it failed"`
	At       *time.Time `json:"at,omitempty" doc:"when it ended, or else began, or else was asked for"`
}

func stepResource(s catalog.Step) Step {
	return Step{string(s.Kind), string(s.Status), s.Progress, s.Reason, orNull(s.At)}
}

type (
	stepsOutput struct {
		Body struct {
			Steps []Step `json:"steps" nullable:"false"`
		}
	}
	restartStepInput struct {
		AssetInput
		Idempotent
		Step string `path:"step" maxLength:"20" example:"storyboard"`
	}
	stepOutput struct{ Body Step }
)

func (a *API) steps(api huma.API) {
	list := operation(http.MethodGet, "/v1/assets/{id}/steps", "list-steps", "How far the making of an asset is", http.StatusOK, 401, 403, 404)
	register(a, api, list, func(ctx context.Context, in *AssetInput) (*stepsOutput, error) {
		steps, err := a.catalog.Steps(ctx, catalog.From(ctx), in.ID)
		out := new(stepsOutput)
		for _, step := range steps {
			out.Body.Steps = append(out.Body.Steps, stepResource(step))
		}
		return out, err
	})
	restart := operation(http.MethodPost, "/v1/assets/{id}/steps/{step}", "restart-step", "Begin a step again", http.StatusAccepted, 401, 403, 404, 409)
	restart.Description = "Nothing else is made again, and what the step made before is shown until it is made anew. A step that is queued or running is left as it is."
	register(a, api, restart, a.restartStep)
}

func (a *API) restartStep(ctx context.Context, in *restartStepInput) (*stepOutput, error) {
	request := catalog.Idempotency{IdempotencyKey: in.IdempotencyKey}
	step, err := a.catalog.RestartStep(ctx, catalog.From(ctx), in.ID, catalog.JobKind(in.Step), request)
	if err != nil {
		return nil, err
	}
	return &stepOutput{stepResource(step)}, a.record(ctx, stepRestarted, in.ID, in.Step)
}
