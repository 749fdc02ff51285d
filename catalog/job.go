package catalog

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"subclip/queue"
	"subclip/transcoder"

	"github.com/uptrace/bun"
)

// JobKind is what a job makes.
type JobKind string

// The kinds of jobs.
const (
	JobIngest    JobKind = "ingest"    // an asset's facts, proxy and poster
	JobRendition JobKind = "rendition" // a whole asset in another format
	JobClip      JobKind = "clip"      // ranges of an asset
)

// JobKinds lists all kinds.
func JobKinds() []string { return []string{string(JobIngest), string(JobRendition), string(JobClip)} }

// JobStatus is how far a job is.
type JobStatus string

// The states of a job. Queued and running jobs end as one of the others; a done
// one is removed when nobody claims it any more.
const (
	JobQueued    JobStatus = "queued"
	JobRunning   JobStatus = "running"
	JobDone      JobStatus = "done"
	JobFailed    JobStatus = "failed"
	JobCancelled JobStatus = "cancelled"
	JobRemoved   JobStatus = "removed" // what it made is deleted
)

// MaxFailures is how often a job may fail, or its worker die, before it is over.
const MaxFailures = 5

// ErrLost says that a job is no longer its worker's: it was cancelled, or taken
// over by another attempt.
var ErrLost = errors.New("the job is no longer this worker's")

// JobRequest is what is to be made. Fingerprints are made of it, so two equal
// requests on one asset are one job.
type JobRequest struct {
	Format   string             `json:"format,omitempty"`
	Ranges   []transcoder.Range `json:"ranges,omitempty"`
	Separate bool               `json:"separate,omitempty"` // a file per range
}

// JobFile is one file that a job made.
type JobFile struct {
	Key    string            `json:"key"`
	Name   string            `json:"name"` // to save it under
	Report transcoder.Report `json:"report"`
}

// JobResult is what a finished job made.
type JobResult struct {
	Files []JobFile `json:"files"`
}

// Job is the making of one thing. See the package comment for its life.
type Job struct {
	bun.BaseModel `bun:"table:jobs"`

	ID          string `bun:",pk"`
	Kind        JobKind
	AssetID     string
	Fingerprint string
	Request     JobRequest
	Status      JobStatus
	Progress    float64   // 0 to 1
	Attempt     int       // from 1; a new one begins whenever the job changes hands
	Failures    int       // of attempts so far
	Claims      int       // how many clips wait for it or keep it
	Owner       string    // the worker that runs it
	HeartbeatAt time.Time `bun:",nullzero"`
	NotBefore   time.Time
	KeptUntil   time.Time `bun:",nullzero"`
	Result      *JobResult
	Failure     string // why it failed, for users
	CreatedAt   time.Time
	FinishedAt  time.Time `bun:",nullzero"`
}

// ObjectPrefix is where in the store an attempt of a job puts what it makes. Each
// attempt has its own place, so that a late one overwrites nothing.
func (j *Job) ObjectPrefix() string { return fmt.Sprintf("%s%d/", JobPrefix(j.ID), j.Attempt) }

// Root folders of the store.
const (
	MadeRoot    = "made/"    // what jobs make: made/JOB/ATTEMPT/FILE
	MastersRoot = "masters/" // what publishers deliver: masters/UPLOAD/FILE
)

// JobPrefix is where all attempts of a job put what they make.
func JobPrefix(jobID string) string { return MadeRoot + jobID + "/" }

func newJob(kind JobKind, assetID string, request JobRequest) (*Job, error) {
	data, err := json.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("describe the job: %w", err)
	}
	sum := sha256.Sum256(data)
	return &Job{
		ID: newID(), Kind: kind, AssetID: assetID, Request: request, Status: JobQueued, Attempt: 1,
		Fingerprint: fmt.Sprintf("%s %s %s", kind, assetID, hex.EncodeToString(sum[:])),
		CreatedAt:   now(), NotBefore: now(),
	}, nil
}

func (j *Job) ticket() queue.Ticket {
	t := queue.Ticket{Kind: string(j.Kind), JobID: j.ID, Attempt: j.Attempt}
	if j.NotBefore.After(time.Now()) {
		t.NotBefore = j.NotBefore
	}
	return t
}

// pushTimeout bounds how long a request waits for a Redis that does not answer;
// its rows are safe and Reconcile will push the ticket.
const pushTimeout = time.Second

func (c *Catalog) push(ctx context.Context, job *Job) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pushTimeout)
	defer cancel()
	if err := c.queue.Push(ctx, job.ticket()); err != nil {
		c.log.Warn("the job is stored and will be queued when Redis answers", "job", job.ID, "error", err)
	}
}

func (c *Catalog) announce(ctx context.Context, jobID string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pushTimeout)
	defer cancel()
	if err := c.queue.Announce(ctx, jobID); err != nil {
		c.log.Debug("nobody is told that the job has moved on", "job", jobID, "error", err)
	}
}

// Job returns one job, or a NotFound Error.
func (c *Catalog) Job(ctx context.Context, id string) (Job, error) {
	var job Job
	err := c.db.NewSelect().Model(&job).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return job, notFound("job", id)
	}
	if err != nil {
		return job, fmt.Errorf("read job %s: %w", id, err)
	}
	return job, nil
}

// Claim makes the waiting attempt of a job this owner's. claimed is false where
// it is no longer waiting.
func (c *Catalog) Claim(ctx context.Context, jobID string, attempt int, owner string) (job Job, claimed bool, err error) {
	err = c.db.NewUpdate().Model(&job).
		Set("status = ?, owner = ?, heartbeat_at = ?, progress = 0", JobRunning, owner, now()).
		Where("id = ? AND attempt = ? AND status = ?", jobID, attempt, JobQueued).
		Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return job, false, nil
	}
	if err != nil {
		return job, false, fmt.Errorf("claim job %s: %w", jobID, err)
	}
	c.announce(ctx, jobID)
	return job, true, nil
}

// Heartbeat says that the owner is alive and how far it is. ErrLost means that
// it must stop.
func (c *Catalog) Heartbeat(ctx context.Context, job *Job, progress float64) error {
	err := fenced(ctx, c.db, job, func(q *bun.UpdateQuery) {
		q.Set("heartbeat_at = ?, progress = ?", now(), progress)
	})
	if err == nil && progress > job.Progress {
		job.Progress = progress
		c.announce(ctx, job.ID)
	}
	return err
}

// fenced updates the row of a job that its owner still holds, or says ErrLost.
func fenced(ctx context.Context, db bun.IDB, job *Job, set func(*bun.UpdateQuery)) error {
	q := db.NewUpdate().Model((*Job)(nil)).
		Where("id = ? AND attempt = ? AND owner = ? AND status = ?", job.ID, job.Attempt, job.Owner, JobRunning)
	set(q)
	res, err := q.Exec(ctx)
	if err != nil {
		return fmt.Errorf("update job %s: %w", job.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrLost, err)
	}
	return nil
}

// Finish records what a clip or rendition job made.
func (c *Catalog) Finish(ctx context.Context, job *Job, result JobResult) error {
	err := fenced(ctx, c.db, job, finished(JobDone, &result, ""))
	if err == nil {
		c.announce(ctx, job.ID)
	}
	return err
}

// FinishIngest records what an ingest job learned and made.
func (c *Catalog) FinishIngest(ctx context.Context, job *Job, source transcoder.Source, proxyKey, posterKey string) error {
	return c.endIngest(ctx, job, finished(JobDone, &JobResult{}, ""), func(q *bun.UpdateQuery) {
		q.Set("status = ?, source = ?, proxy_key = ?, poster_key = ?", AssetReady, &source, proxyKey, posterKey)
	})
}

// Fail ends a job that no retry can mend; reason is told to users.
func (c *Catalog) Fail(ctx context.Context, job *Job, reason string) error {
	if job.Kind == JobIngest {
		return c.endIngest(ctx, job, finished(JobFailed, nil, reason), func(q *bun.UpdateQuery) {
			q.Set("status = ?, reason = ?", AssetFailed, reason)
		})
	}
	err := fenced(ctx, c.db, job, finished(JobFailed, nil, reason))
	if err == nil {
		c.announce(ctx, job.ID)
	}
	return err
}

func (c *Catalog) endIngest(ctx context.Context, job *Job, setJob, setAsset func(*bun.UpdateQuery)) error {
	err := c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := fenced(ctx, tx, job, setJob); err != nil {
			return err
		}
		q := tx.NewUpdate().Model((*Asset)(nil)).Where("id = ?", job.AssetID)
		setAsset(q)
		if _, err := q.Exec(ctx); err != nil {
			return fmt.Errorf("update asset %s: %w", job.AssetID, err)
		}
		return nil
	})
	if err == nil {
		c.announce(ctx, job.ID)
	}
	return err
}

func finished(status JobStatus, result *JobResult, failure string) func(*bun.UpdateQuery) {
	return func(q *bun.UpdateQuery) {
		q.Set("status = ?, result = ?, failure = ?, finished_at = ?, progress = 1", status, result, failure, now())
	}
}

// Retry begins another attempt of a job after a pause, counting a failure. A job
// that has failed MaxFailures times is over, and reason is told to users.
func (c *Catalog) Retry(ctx context.Context, job *Job, pause time.Duration, reason string) error {
	if job.Failures+1 >= MaxFailures {
		return c.Fail(ctx, job, reason)
	}
	return c.again(ctx, job, pause, job.Failures+1)
}

// GiveBack lets another worker begin a job at once, since this one is stopping.
func (c *Catalog) GiveBack(ctx context.Context, job *Job) error {
	return c.again(ctx, job, 0, job.Failures)
}

func (c *Catalog) again(ctx context.Context, job *Job, pause time.Duration, failures int) error {
	next := *job
	next.Attempt, next.NotBefore = job.Attempt+1, now().Add(pause)
	err := fenced(ctx, c.db, job, func(q *bun.UpdateQuery) {
		q.Set("status = ?, attempt = ?, failures = ?, owner = '', not_before = ?, progress = 0",
			JobQueued, next.Attempt, failures, next.NotBefore)
	})
	if err == nil {
		c.push(ctx, &next)
		c.announce(ctx, job.ID)
	}
	return err
}
