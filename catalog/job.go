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

	"subclip/database"
	"subclip/queue"
	"subclip/transcoder"

	"github.com/uptrace/bun"
)

// JobKind is what a job makes.
type JobKind string

// The kinds of jobs.
const (
	JobIngest     JobKind = "ingest"     // an asset's facts
	JobProxy      JobKind = "proxy"      // what the browser plays of it
	JobPoster     JobKind = "poster"     // a still of it
	JobStoryboard JobKind = "storyboard" // small pictures of all of it
	JobSound      JobKind = "sound"      // waveforms and loudness of its sound tracks
	JobCaptions   JobKind = "captions"   // the captions that lie in its master
	JobRendition  JobKind = "rendition"  // a whole asset in another format
	JobClip       JobKind = "clip"       // ranges of an asset
	JobOrder      JobKind = "order"      // a ZIP of what other jobs made
)

// JobKinds lists all kinds.
func JobKinds() []string {
	kinds := []string{string(JobRendition), string(JobClip), string(JobOrder)}
	for _, step := range Steps() {
		kinds = append(kinds, string(step))
	}
	return kinds
}

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
	JobWaiting   JobStatus = "waiting" // an order's, until other jobs have ended; then it is queued
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
	Audio    []int              `json:"audio,omitempty"`    // sound tracks to keep, in order; all if empty

	Restrictions string `json:"restrictions,omitempty"` // the asset's, which the file will state
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
	PersonID    string // who asked first; it counts for them
	TokenID     string // of the program that asked for them
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
	Failure     string  // why it failed, for users
	Encoding    float64 // seconds of video that it encodes: foreseen, and known once it is done
	Bytes       int64   // of what it made; of an order that is not made yet, of the masters in it
	CreatedAt   time.Time
	BeganAt     time.Time `bun:",nullzero"` // its last attempt
	BegunFor    string    // the person whose turn it was then
	FinishedAt  time.Time `bun:",nullzero"`
	RestartKey  string    // the Idempotency-Key of its last restart, if there was one; see RestartStep
}

// ObjectPrefix is where in the store an attempt of a job puts what it makes. Each
// attempt has its own place, so that a late one overwrites nothing.
func (j *Job) ObjectPrefix() string { return fmt.Sprintf("%s%d/", JobPrefix(j.ID), j.Attempt) }

// Root folders of the store.
const (
	MadeRoot    = "made/"    // what jobs make: made/JOB/ATTEMPT/FILE
	MastersRoot = "masters/" // what publishers deliver: masters/UPLOAD/FILE
	PostedRoot  = "posted/"  // what forms have brought, before it is a master: posted/UPLOAD/FILE
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
		ID: database.NewID(), Kind: kind, AssetID: assetID, Request: request, Status: JobQueued, Attempt: 1,
		Fingerprint: fmt.Sprintf("%s %s %s", kind, assetID, hex.EncodeToString(sum[:])),
		CreatedAt:   database.Now(), NotBefore: database.Now(),
	}, nil
}

func (j *Job) ticket() queue.Ticket {
	t := queue.Ticket{Kind: string(j.Kind), JobID: j.ID, Attempt: j.Attempt}
	if j.NotBefore.After(time.Now()) {
		t.NotBefore = j.NotBefore
	}
	return t
}

// Job returns one job, or a NotFound Error.
func (c *Catalog) Job(ctx context.Context, id string) (Job, error) {
	return readJob(ctx, c.db, id)
}

func readJob(ctx context.Context, db bun.IDB, id string) (Job, error) {
	var job Job
	err := db.NewSelect().Model(&job).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return job, notFound("there is no job %q", id)
	}
	if err != nil {
		return job, fmt.Errorf("read job %s: %w", id, err)
	}
	return job, nil
}
