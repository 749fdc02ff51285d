package catalog

import (
	"context"
	"fmt"
	"time"

	"subclip/database"
)

// Health is how the work goes, for admins.
type Health struct {
	Jobs    []JobCount  // queued, running and failed ones, by kind
	Waiting *Job        // the one that waits longest and could begin; nil if none does
	Workers []Worker    // seen in the last hour, the latest first
	Failed  []FailedJob // of the last week, the latest first

	OpenUploads int
	OpenBytes   int64 // what they will be, if all are finished
}

// FailedJob is a job that failed, with the title of its asset, if it has one.
type FailedJob struct {
	Job     `bun:",extend"`
	Title   string
	Awaited bool // somebody still waits for what it makes
}

// JobCount is how many jobs of a kind are in a state.
type JobCount struct {
	Kind   JobKind
	Status JobStatus
	Count  int
}

// Worker is a process that works on jobs.
type Worker struct {
	Owner   string
	SeenAt  time.Time
	Running int
}

const (
	workersSeen   = time.Hour
	failuresShown = 7 * 24 * time.Hour
	healthRows    = 20  // failures that are told
	healthBeats   = 500 // jobs whose workers are looked at
)

// Health looks at the queue and at what is unfinished. It tells of everybody's work.
func (c *Catalog) Health(ctx context.Context) (Health, error) {
	var h Health
	now := database.Now()
	err := c.db.NewSelect().Model((*Job)(nil)).Column("kind", "status").ColumnExpr("count(*) AS count").
		Where("status IN (?, ?) OR (status = ? AND finished_at > ?)", JobQueued, JobRunning, JobFailed, now.Add(-failuresShown)).
		Group("kind", "status").Order("kind", "status").Scan(ctx, &h.Jobs)
	if err != nil {
		return h, fmt.Errorf("count jobs: %w", err)
	}
	var waiting []Job
	err = c.db.NewSelect().Model(&waiting).Where("status = ? AND not_before <= ?", JobQueued, now).Order("created_at").Limit(1).Scan(ctx)
	if err != nil {
		return h, fmt.Errorf("find the job that waits longest: %w", err)
	}
	if len(waiting) > 0 {
		h.Waiting = &waiting[0]
	}
	err = c.db.NewSelect().Model(&h.Failed).ModelTableExpr("jobs AS job").ColumnExpr("job.*, coalesce(assets.title, '') AS title").ColumnExpr(isAwaited+" AS awaited").
		Join("LEFT JOIN assets ON assets.id = job.asset_id").Where("job.status = ? AND job.finished_at > ?", JobFailed, now.Add(-failuresShown)).
		OrderExpr("job.finished_at DESC").Limit(healthRows).Scan(ctx)
	if err != nil {
		return h, fmt.Errorf("list failed jobs: %w", err)
	}
	if h.Workers, err = c.workers(ctx, now.Add(-workersSeen)); err != nil {
		return h, err
	}
	err = c.db.NewSelect().Model((*Upload)(nil)).ColumnExpr("count(*), coalesce(sum(size), 0)").
		Where("status = ? AND expires_at > ?", UploadOpen, now).Scan(ctx, &h.OpenUploads, &h.OpenBytes)
	if err != nil {
		return h, fmt.Errorf("count unfinished uploads: %w", err)
	}
	return h, nil
}

// workers are those whose heartbeat stands in a job since a time.
func (c *Catalog) workers(ctx context.Context, since time.Time) ([]Worker, error) {
	var jobs []Job
	err := c.db.NewSelect().Model(&jobs).Column("owner", "status", "heartbeat_at").
		Where("owner <> '' AND heartbeat_at > ?", since).Order("heartbeat_at DESC").Limit(healthBeats).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for workers: %w", err)
	}
	var workers []Worker
	place := map[string]int{}
	for _, job := range jobs {
		if _, known := place[job.Owner]; !known {
			place[job.Owner] = len(workers)
			workers = append(workers, Worker{Owner: job.Owner, SeenAt: job.HeartbeatAt})
		}
		if job.Status == JobRunning {
			workers[place[job.Owner]].Running++
		}
	}
	return workers, nil
}
