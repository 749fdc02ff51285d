package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"subclip/database"
)

// turn is the waiting job that is to be begun next, and for whom.
type turn struct {
	ID       string
	Attempt  int
	PersonID string
}

// Next makes a job this owner's whose turn it is among the waiting ones of a kind:
// of all people who wait, the one for whom the fewest run, and of those the one for
// whom none was begun for longest; of theirs, the oldest. jobID and attempt are what
// a ticket names: it says only that something waits, and where its own job has to
// wait on, that gets a new ticket. claimed is false where nothing waits.
func (c *Catalog) Next(ctx context.Context, kind JobKind, jobID string, attempt int, owner string) (job Job, claimed bool, err error) {
	for {
		next, err := c.turn(ctx, kind, jobID, attempt)
		if next == nil || err != nil {
			return job, false, err
		}
		job, claimed, err = c.claim(ctx, next, owner)
		if err != nil {
			return job, false, err
		}
		if claimed {
			break
		}
		// Another worker came between; then it is somebody else's turn.
	}
	if job.ID == jobID {
		return job, true, nil
	}
	if err := c.renew(ctx, &Job{ID: jobID, Kind: kind, Attempt: attempt}); err != nil {
		c.log.Warn("a waiting job gets its ticket back later", "job", jobID, "error", err)
	}
	return job, true, nil
}

// The parts of whoseTurn. A ticket's own job is due whatever this machine's clock
// says. A clip's job is waited for by all who claim it, others by who asked first.
const (
	isDue = `jobs.kind = ?0 AND jobs.status = ?1 AND (jobs.not_before <= ?2 OR (jobs.id = ?3 AND jobs.attempt = ?4))`

	waitForClips = `SELECT DISTINCT clips.owner_id AS person_id FROM jobs JOIN clips ON clips.job_id = jobs.id WHERE ` + isDue + ` AND NOT clips.cancelled`
	isTheirClip  = `EXISTS (SELECT 1 FROM clips WHERE clips.job_id = jobs.id AND clips.owner_id = first.person_id AND NOT clips.cancelled)`

	waitForOthers = `SELECT DISTINCT jobs.person_id FROM jobs WHERE ` + isDue
	isTheirs      = `jobs.person_id = first.person_id`
)

// whoseTurn asks for the person who is next, and for their oldest job. It looks at
// every waiting job, so there are indexes that hold all that it needs of them.
func whoseTurn(kind JobKind) string {
	waiting, theirs := waitForOthers, isTheirs
	if kind == JobClip {
		waiting, theirs = waitForClips, isTheirClip
	}
	return `
WITH first AS (
	SELECT people.person_id FROM (` + waiting + `) AS people
	ORDER BY (SELECT count(*) FROM jobs WHERE jobs.begun_for = people.person_id AND jobs.status = ?5),
		COALESCE((SELECT max(jobs.began_at) FROM jobs WHERE jobs.begun_for = people.person_id), ?6), people.person_id
	LIMIT 1
)
SELECT jobs.id, jobs.attempt, first.person_id FROM first CROSS JOIN jobs
WHERE ` + isDue + ` AND ` + theirs + ` ORDER BY jobs.not_before, jobs.id LIMIT 1`
}

func (c *Catalog) turn(ctx context.Context, kind JobKind, jobID string, attempt int) (*turn, error) {
	next := new(turn)
	err := c.db.NewRaw(whoseTurn(kind), kind, JobQueued, database.Now(), jobID, attempt, JobRunning, time.Unix(0, 0).UTC()).
		Scan(ctx, &next.ID, &next.Attempt, &next.PersonID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // its job may be done or cancelled by now
	}
	if err != nil {
		return nil, fmt.Errorf("find whose turn it is: %w", err)
	}
	return next, nil
}
