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

// whoWaits finds everybody who waits for a job of a kind, each for theirs. A clip's
// job is waited for by all who claim it, others by who asked first. A ticket's own
// job is due whatever this machine's clock says.
const whoWaits = `
WITH due AS (
	SELECT id, attempt, person_id, not_before FROM jobs
	WHERE kind = ?0 AND status = ?1 AND (not_before <= ?2 OR (id = ?3 AND attempt = ?4))
), waiting AS (
	SELECT id, person_id FROM due WHERE ?0 <> ?5
	UNION
	SELECT due.id, clips.owner_id FROM due JOIN clips ON clips.job_id = due.id WHERE ?0 = ?5 AND NOT clips.cancelled
), first AS (
	SELECT people.person_id FROM (SELECT DISTINCT person_id FROM waiting) AS people
	ORDER BY (SELECT count(*) FROM jobs WHERE jobs.begun_for = people.person_id AND jobs.status = ?6),
		COALESCE((SELECT max(jobs.began_at) FROM jobs WHERE jobs.begun_for = people.person_id), ?7), people.person_id
	LIMIT 1
)
SELECT due.id, due.attempt, first.person_id FROM first
JOIN waiting ON waiting.person_id = first.person_id JOIN due ON due.id = waiting.id
ORDER BY due.not_before, due.id LIMIT 1`

func (c *Catalog) turn(ctx context.Context, kind JobKind, jobID string, attempt int) (*turn, error) {
	next := new(turn)
	err := c.db.NewRaw(whoWaits, kind, JobQueued, database.Now(), jobID, attempt, JobClip, JobRunning, time.Unix(0, 0).UTC()).
		Scan(ctx, &next.ID, &next.Attempt, &next.PersonID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // its job may be done or cancelled by now
	}
	if err != nil {
		return nil, fmt.Errorf("find whose turn it is: %w", err)
	}
	return next, nil
}
