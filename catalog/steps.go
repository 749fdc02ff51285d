package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"subclip/database"
	"subclip/transcoder"

	"github.com/uptrace/bun"
)

// A new asset goes through steps. Each is a job of its own kind, of which an asset
// has one row for good: to begin a step again is a new attempt of its job. A job is
// stored by the transaction that makes what the step works on: the facts lead to
// proxy and sound, the proxy to what is read out of it much faster than out of the
// master.

// Steps lists all steps in their order.
func Steps() []JobKind {
	return []JobKind{JobIngest, JobProxy, JobPoster, JobStoryboard, JobSound, JobCaptions}
}

func (k JobKind) isStep() bool { return slices.Contains(Steps(), k) }

// isEssential reports whether an asset is not ready without a step.
func (k JobKind) isEssential() bool { return k == JobIngest || k == JobProxy || k == JobPoster }

// needs is the step whose result a step works on; the first needs none.
func (k JobKind) needs() JobKind {
	switch k {
	case JobProxy, JobSound:
		return JobIngest
	case JobPoster, JobStoryboard, JobCaptions:
		return JobProxy
	}
	return ""
}

// has reports whether what a step makes is there, for those steps that others need,
// and those that were made by others before they were steps.
func (a *Asset) has(step JobKind) bool {
	switch step {
	case JobIngest:
		return a.Source != nil
	case JobProxy:
		return a.ProxyKey != ""
	case JobPoster:
		return a.PosterKey != ""
	}
	return false
}

// StepWaiting is a step's status before there is what it works on; the others are
// those of its job.
const StepWaiting JobStatus = "waiting"

// Step is how far a step of an asset is.
type Step struct {
	Kind     JobKind
	Status   JobStatus
	Progress float64   // 0 to 1
	Reason   string    // why it failed, for users
	At       time.Time // when it ended, or else began, or else was asked for; zero while it waits
}

func stepOf(job *Job) Step {
	s := Step{Kind: job.Kind, Status: job.Status, Progress: job.Progress, At: job.CreatedAt}
	switch job.Status {
	case JobRunning:
		s.At = job.BeganAt
	case JobDone, JobFailed:
		s.At, s.Reason = job.FinishedAt, job.Failure
	}
	return s
}

// Steps says how far each step of an asset is, in their order. Errors: NotFound.
func (c *Catalog) Steps(ctx context.Context, by Asker, assetID string) ([]Step, error) {
	asset, err := c.Asset(ctx, by, assetID)
	if err != nil {
		return nil, err
	}
	jobs, err := stepJobs(ctx, c.db, assetID)
	if err != nil {
		return nil, err
	}
	var all []Step
	for _, kind := range Steps() {
		step := Step{Kind: kind, Status: StepWaiting}
		if job := jobs[kind]; job != nil {
			step = stepOf(job)
		} else if asset.has(kind) {
			step.Status, step.Progress, step.At = JobDone, 1, asset.CreatedAt
		}
		all = append(all, step)
	}
	return all, nil
}

// stepJobs are the jobs of an asset's steps.
func stepJobs(ctx context.Context, db bun.IDB, assetID string) (map[JobKind]*Job, error) {
	var rows []*Job
	if err := db.NewSelect().Model(&rows).Where("asset_id = ? AND kind IN (?)", assetID, bun.List(Steps())).OrderExpr("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("look for the steps of asset %s: %w", assetID, err)
	}
	jobs := map[JobKind]*Job{}
	for _, job := range rows {
		jobs[job.Kind] = job
	}
	return jobs, nil
}

// RestartStep begins a step of an asset again; what it made before is shown until it
// is made anew. One that waits for a worker, or runs, is left as it is, and so is one
// that was restarted by the same request before. Errors: NotFound, and Conflict where
// there is nothing yet to work on.
func (c *Catalog) RestartStep(ctx context.Context, by Asker, assetID string, kind JobKind, request Idempotency) (Step, error) {
	asset, err := c.Asset(ctx, by, assetID)
	if err != nil {
		return Step{}, err
	}
	if !kind.isStep() {
		return Step{}, &Error{Kind: NotFound, Message: fmt.Sprintf("there is no step %q: use one of %s", kind, stepNames())}
	}
	if need := kind.needs(); need != "" && !asset.has(need) {
		return Step{}, conflict("the step %s works on what the step %s makes, which is not there: see that one through first", kind, need)
	}
	var job *Job
	err = c.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		jobs, err := stepJobs(ctx, tx, assetID)
		if err != nil {
			return err
		}
		key := request.of(by.ID).IdempotencyKey
		if job = jobs[kind]; job == nil {
			job, err = insertStep(ctx, tx, kind, assetID, uploader(jobs), key)
			return err
		}
		if isRepeated := key != "" && key == job.RestartKey; isRepeated || job.Status == JobQueued || job.Status == JobRunning {
			return nil
		}
		return requeue(ctx, tx, job, JobQueued, key)
	})
	if err != nil {
		return Step{}, err
	}
	if job.Status == JobQueued {
		c.push(ctx, job)
		c.announce(ctx, job.ID)
	}
	return stepOf(job), nil
}

func stepNames() string {
	var names []string
	for _, step := range Steps() {
		names = append(names, string(step))
	}
	return strings.Join(names, ", ")
}

// uploader is for whom an asset's steps are done.
func uploader(jobs map[JobKind]*Job) string {
	if ingest := jobs[JobIngest]; ingest != nil {
		return ingest.PersonID
	}
	return ""
}

// insertStep stores the job of a step that has none, or says errAgain.
func insertStep(ctx context.Context, tx bun.Tx, kind JobKind, assetID, personID, key string) (*Job, error) {
	job, err := newJob(kind, assetID, JobRequest{})
	if err != nil {
		return nil, err
	}
	job.Claims, job.PersonID, job.RestartKey = 1, personID, key
	res, err := tx.NewInsert().Model(job).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("store the step %s: %w", kind, err)
	}
	return job, mustAffect(res)
}

// requeue begins a new attempt of a job that has ended, or says errAgain. An asset
// that it kept from being ready is being processed again.
func requeue(ctx context.Context, tx bun.Tx, job *Job, status JobStatus, key string) error {
	err := tx.NewUpdate().Model(job).
		Set("status = ?, attempt = attempt + 1, failures = 0, failure = '', owner = '', progress = 0", status).
		Set("not_before = ?, created_at = ?, restart_key = ?, kept_until = ?", database.Now(), database.Now(), key, bun.NullTime{Time: job.KeptUntil}).
		Where("id = ? AND attempt = ? AND status = ?", job.ID, job.Attempt, job.Status).Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return errAgain
	}
	if err != nil {
		return fmt.Errorf("begin job %s again: %w", job.ID, err)
	}
	if !job.Kind.isEssential() {
		return nil
	}
	_, err = tx.NewUpdate().Model((*Asset)(nil)).Set("status = ?, reason = ''", AssetProcessing).
		Where("id = ? AND status = ?", job.AssetID, AssetFailed).Exec(ctx)
	if err != nil {
		return fmt.Errorf("process asset %s again: %w", job.AssetID, err)
	}
	return nil
}

// Made is what a step has made; what is zero leaves the asset as it is.
type Made struct {
	Source              *transcoder.Source
	ProxyKey, PosterKey string
	ProxySounds         []ProxySound // written with ProxyKey
	Storyboard          *Storyboard
	Waveforms           []Waveform
	Loudness            []Loudness
}

// set writes what was made into the asset's row.
func (m Made) set(q *bun.UpdateQuery) {
	if m.Source != nil {
		q.Set("source = ?", m.Source)
	}
	if m.ProxyKey != "" {
		q.Set("proxy_key = ?, proxy_sounds = ?", m.ProxyKey, m.ProxySounds)
	}
	if m.PosterKey != "" {
		q.Set("poster_key = ?", m.PosterKey)
	}
	if m.Storyboard != nil {
		q.Set("storyboard = ?", m.Storyboard)
	}
	if m.Waveforms != nil {
		q.Set("waveforms = ?", m.Waveforms)
	}
	if m.Loudness != nil {
		q.Set("loudness = ?", m.Loudness)
	}
}

// FinishStep records what a step has made, and stores the jobs of the steps that can
// be done now. The asset is ready once it has facts, proxy and poster.
func (c *Catalog) FinishStep(ctx context.Context, job *Job, made Made) error {
	var next []*Job
	err := c.end(ctx, job, done(&JobResult{}), func(ctx context.Context, tx bun.Tx) error {
		q := tx.NewUpdate().Model((*Asset)(nil)).Set("steps_asked = ?", true).Where("id = ?", job.AssetID)
		made.set(q)
		if _, err := q.Exec(ctx); err != nil {
			return fmt.Errorf("update asset %s: %w", job.AssetID, err)
		}
		if made.Source != nil {
			if err := c.indexSaid(ctx, tx, job.AssetID); err != nil {
				return err
			}
		}
		if err := makeReady(ctx, tx, job.AssetID); err != nil {
			return err
		}
		var err error
		next, err = askSteps(ctx, tx, job.AssetID, job.Kind)
		return err
	})
	if err != nil {
		return err
	}
	for _, step := range next {
		c.push(ctx, step)
	}
	return nil
}

// makeReady makes an asset ready that has all it needs, and tells of it once.
func makeReady(ctx context.Context, tx bun.Tx, assetID string) error {
	res, err := tx.NewUpdate().Model((*Asset)(nil)).Set("status = ?, reason = ''", AssetReady).
		Where("id = ? AND status <> ? AND source IS NOT NULL AND proxy_key <> '' AND poster_key <> ''", assetID, AssetReady).Exec(ctx)
	if err != nil {
		return fmt.Errorf("make asset %s ready: %w", assetID, err)
	}
	if errors.Is(mustAffect(res), errAgain) {
		return nil
	}
	return assetEnded(ctx, tx, assetID)
}

// failAsset tells why an asset will not be ready. One that is ready stays so: what a
// restarted step should have replaced is still there.
func failAsset(ctx context.Context, tx bun.Tx, assetID, reason string) error {
	res, err := tx.NewUpdate().Model((*Asset)(nil)).Set("status = ?, reason = ?", AssetFailed, reason).
		Where("id = ? AND status = ?", assetID, AssetProcessing).Exec(ctx)
	if err != nil {
		return fmt.Errorf("let asset %s fail: %w", assetID, err)
	}
	if errors.Is(mustAffect(res), errAgain) {
		return nil
	}
	return assetEnded(ctx, tx, assetID)
}

// askSteps stores the jobs of all steps of an asset that can be done and have none,
// and begins again those that failed and work on what the step after has just made.
func askSteps(ctx context.Context, tx bun.Tx, assetID string, after JobKind) (asked []*Job, err error) {
	asset := new(Asset)
	if err := tx.NewSelect().Model(asset).Where("id = ?", assetID).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read asset %s: %w", assetID, err)
	}
	jobs, err := stepJobs(ctx, tx, assetID)
	if err != nil {
		return nil, err
	}
	for _, kind := range Steps() {
		job, need := jobs[kind], kind.needs()
		switch {
		case need != "" && !asset.has(need), job == nil && asset.has(kind):
			continue
		case job == nil:
			if job, err = insertStep(ctx, tx, kind, assetID, uploader(jobs), ""); errors.Is(err, errAgain) {
				continue // another step's end has just stored it
			}
		case job.Status == JobFailed && need == after && need != "":
			if err = requeue(ctx, tx, job, JobQueued, ""); errors.Is(err, errAgain) {
				continue
			}
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		asked = append(asked, job)
	}
	return asked, nil
}

const (
	// missingAtOnce is how many assets from before get their steps in one go, and
	// mostWaiting how many steps may wait then, so that new assets come through.
	missingAtOnce = 5
	mostWaiting   = 20
)

// askMissingSteps stores the jobs of steps that ready assets lack because they are
// from before there were such, the newest first.
func (c *Catalog) askMissingSteps(ctx context.Context) error {
	var assets []Asset
	err := c.db.NewSelect().Model(&assets).Column("id").
		Where("NOT steps_asked AND status = ? AND withdrawn_at IS NULL", AssetReady).
		Where("(SELECT count(*) FROM jobs WHERE jobs.status = ? AND jobs.kind IN (?)) < ?", JobQueued, bun.List(Steps()), mostWaiting).
		OrderExpr("id DESC").Limit(missingAtOnce).Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for assets that lack steps: %w", err)
	}
	for _, asset := range assets {
		var asked []*Job
		err := c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.NewUpdate().Model((*Asset)(nil)).Set("steps_asked = ?", true).Where("id = ?", asset.ID).Exec(ctx)
			if err != nil {
				return fmt.Errorf("note that the steps of asset %s are asked for: %w", asset.ID, err)
			}
			asked, err = askSteps(ctx, tx, asset.ID, "")
			return err
		})
		if err != nil {
			return err
		}
		for _, step := range asked {
			c.push(ctx, step)
		}
	}
	return nil
}
