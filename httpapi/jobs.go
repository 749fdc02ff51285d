package httpapi

import (
	"context"
	"net/http"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/danielgtaylor/huma/v2"
)

const jobRetried accounts.Action = "job-retried"

// Job is the making of one thing.
type Job struct {
	ID       string  `json:"id"`
	Kind     string  `json:"kind" enum:"ingest,proxy,poster,storyboard,sound,captions,rendition,clip,order"`
	AssetID  string  `json:"asset_id" doc:"of an order, that of its first item"`
	Status   string  `json:"status" enum:"waiting,queued,running,done,failed,cancelled,removed"`
	Progress float64 `json:"progress" minimum:"0" maximum:"1"`
	Attempt  int     `json:"attempt" doc:"from 1"`
	Reason   string  `json:"reason,omitempty" doc:"why it failed"`
}

func jobResource(job *catalog.Job) Job {
	return Job{job.ID, string(job.Kind), job.AssetID, string(job.Status), job.Progress, job.Attempt, job.Failure}
}

type (
	failedJobsOutput struct {
		Body struct {
			Jobs []Job `json:"jobs" nullable:"false"`
		}
	}
	retryJobInput struct {
		Idempotent
		ID string `path:"id" maxLength:"64"`
	}
	jobOutput struct{ Body Job }
)

func (a *API) jobs(api huma.API) {
	list := operation(http.MethodGet, "/v1/jobs/failed", "list-failed-jobs", "What failed in the last week, the latest first", http.StatusOK, 401, 403)
	list.Description = "At most 20 of all steps, renditions, clips and orders."
	register(a, api, list, func(ctx context.Context, _ *struct{}) (*failedJobsOutput, error) {
		health, err := a.catalog.Health(ctx)
		out := new(failedJobsOutput)
		out.Body.Jobs = []Job{}
		for i := range health.Failed {
			out.Body.Jobs = append(out.Body.Jobs, jobResource(&health.Failed[i].Job))
		}
		return out, err
	})
	retry := operation(http.MethodPost, "/v1/jobs/{id}/retry", "retry-job", "Begin again what has failed", http.StatusAccepted, 401, 403, 404, 409)
	retry.Description = "Whoever still waits for it gets it, and for as long as if they asked now; of an order what it lacks is made again, too."
	register(a, api, retry, a.retryJob)
}

func (a *API) retryJob(ctx context.Context, in *retryJobInput) (*jobOutput, error) {
	job, err := a.catalog.RetryJob(ctx, catalog.From(ctx), in.ID, catalog.Idempotency{IdempotencyKey: in.IdempotencyKey})
	if err != nil {
		return nil, err
	}
	return &jobOutput{jobResource(&job)}, a.record(ctx, jobRetried, job.ID, string(job.Kind))
}
