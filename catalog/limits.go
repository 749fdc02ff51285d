package catalog

import (
	"context"
	"fmt"
	"time"

	"subclip/database"
	"subclip/transcoder"

	"github.com/uptrace/bun"
)

// Limits is how much may be made for somebody. A field that is zero does not limit. Rows
// are what is counted, so neither a restart nor an empty Redis gives anybody more.
type Limits struct {
	AtOnce   int           // clips and renditions in the making
	Bytes    int64         // of the files made in a day
	Encoding time.Duration // of video encoded in a day
}

// comeBack is when to ask again for what waits for something of one's own to be
// made, whose time nobody knows.
const comeBack = 10 * time.Second

// hold lets one request of a person at a time be counted, until tx ends.
func (a *Asker) hold(ctx context.Context, tx bun.Tx) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO takers (person_id, asked_at) VALUES (?, ?) ON CONFLICT (person_id) DO UPDATE SET asked_at = excluded.asked_at",
		a.ID, database.Now())
	if err != nil {
		return fmt.Errorf("wait for other requests of the same person: %w", err)
	}
	return nil
}

// check refuses, with a TooMany Error, a job that goes beyond what its asker may
// have. It is called with the rows of the request stored; a refusal rolls them back.
func (a *Asker) check(ctx context.Context, tx bun.Tx, job *Job, isNew bool) error {
	for _, of := range []struct {
		whose, tokenID string
		limits         Limits
	}{{"you", "", a.Person}, {"this token", a.TokenID, a.Token}} {
		if of.whose != "you" && of.tokenID == "" {
			continue
		}
		if err := checkAtOnce(ctx, tx, a.ID, of.tokenID, of.whose, of.limits, job); err != nil {
			return err
		}
		if !isNew {
			continue // it is made, and counted, for somebody already
		}
		if err := checkDay(ctx, tx, a.ID, of.tokenID, of.whose, of.limits, job); err != nil {
			return err
		}
	}
	return nil
}

func checkAtOnce(ctx context.Context, tx bun.Tx, personID, tokenID, whose string, limits Limits, job *Job) error {
	if limits.AtOnce == 0 || (job.Status != JobQueued && job.Status != JobRunning) {
		return nil
	}
	inTheMaking := bun.List([]JobStatus{JobQueued, JobRunning})
	clips := tx.NewSelect().Model((*Clip)(nil)).Join("JOIN jobs AS job ON job.id = clip.job_id").
		Where("clip.owner_id = ? AND NOT clip.cancelled AND job.status IN (?)", personID, inTheMaking)
	renditions := tx.NewSelect().Model((*Job)(nil)).
		Where("person_id = ? AND kind = ? AND status IN (?)", personID, JobRendition, inTheMaking)
	if tokenID != "" {
		clips.Where("clip.token_id = ?", tokenID)
		renditions.Where("token_id = ?", tokenID)
	}
	n, err := clips.Count(ctx)
	if err != nil {
		return fmt.Errorf("count clips in the making: %w", err)
	}
	more, err := renditions.Count(ctx)
	if err != nil {
		return fmt.Errorf("count renditions in the making: %w", err)
	}
	if int(n+more) <= limits.AtOnce {
		return nil
	}
	return tooMany(comeBack, "%d clips and renditions are being made for %s, as many as may be at once: ask again when one is ready", limits.AtOnce, whose)
}

// checkOrders refuses, with a TooMany Error, one more order of somebody who has many that
// have not ended: those wait, and nothing else bounds how many. The asker is held.
func (a *Asker) checkOrders(ctx context.Context, tx bun.Tx) error {
	n, err := tx.NewSelect().Model((*Order)(nil)).Join("JOIN jobs ON jobs.id = orders.job_id").
		Where("orders.owner_id = ? AND NOT orders.cancelled", a.ID).
		Where("jobs.status IN (?)", bun.List([]JobStatus{JobWaiting, JobQueued, JobRunning})).Count(ctx)
	if err != nil {
		return fmt.Errorf("count orders that have not ended: %w", err)
	}
	if n < maxOrders {
		return nil
	}
	return tooMany(comeBack, "%d orders are being made for you, as many as may be at once: ask again when one is ready", n)
}

// checkDay counts what was begun since midnight, UTC. What is being made counts with
// what it will encode, and an order with the masters in it, where that is known; what was
// cancelled before it began, not at all.
func checkDay(ctx context.Context, tx bun.Tx, personID, tokenID, whose string, limits Limits, job *Job) error {
	if limits.Bytes == 0 && limits.Encoding == 0 {
		return nil
	}
	now := database.Now()
	midnight := now.Truncate(24 * time.Hour)
	var before struct {
		Bytes    int64
		Encoding float64
	}
	q := tx.NewSelect().Model((*Job)(nil)).ColumnExpr("COALESCE(SUM(bytes), 0) AS bytes, COALESCE(SUM(encoding), 0.0) AS encoding").
		Where("person_id = ? AND created_at >= ? AND id <> ?", personID, midnight, job.ID).
		Where("kind IN (?) AND NOT (status = ? AND began_at IS NULL)", bun.List([]JobKind{JobClip, JobRendition, JobOrder}), JobCancelled)
	if tokenID != "" {
		q.Where("token_id = ?", tokenID)
	}
	if err := q.Scan(ctx, &before); err != nil {
		return fmt.Errorf("sum up what was made today: %w", err)
	}
	wait := midnight.Add(24 * time.Hour).Sub(now)
	used := time.Duration(before.Encoding * float64(time.Second))
	wanted := time.Duration(job.Encoding * float64(time.Second))
	switch {
	case limits.Bytes > 0 && job.Bytes > limits.Bytes:
		return invalid("items", "these videos have %.1f GB, and a day's limit is %.1f GB: ask for fewer", float64(job.Bytes)/1e9, float64(limits.Bytes)/1e9)
	case limits.Bytes > 0 && (before.Bytes >= limits.Bytes || before.Bytes+job.Bytes > limits.Bytes):
		return tooMany(wait, "%.1f GB were made for %s today, and a day's limit is %.1f GB: come back after midnight, UTC",
			float64(before.Bytes)/1e9, whose, float64(limits.Bytes)/1e9)
	case limits.Encoding > 0 && wanted > limits.Encoding:
		return invalid("ranges", "this takes %s of encoding, and a day's limit is %s: ask for less, or for the format %s",
			wanted.Round(time.Second), limits.Encoding, transcoder.SourceFormat)
	case limits.Encoding > 0 && (used >= limits.Encoding || used+wanted > limits.Encoding):
		return tooMany(wait, "%s of video were encoded for %s today, or will be, and a day's limit is %s: come back after midnight, UTC",
			used.Round(time.Second), whose, limits.Encoding)
	}
	return nil
}

// foreseen is how much of a video will be encoded for a request, in seconds. For the
// source format it is nothing, as a rule; Finish writes what it was.
func foreseen(asset *Asset, request JobRequest) float64 {
	if request.Format == transcoder.SourceFormat || asset.Source == nil || asset.Source.Frames == 0 {
		return 0
	}
	frames := asset.Source.Frames
	if len(request.Ranges) > 0 {
		frames = 0
		for _, r := range request.Ranges {
			frames += r.Out - r.In
		}
	}
	return asset.Source.Duration * float64(frames) / float64(asset.Source.Frames)
}

// cost is what files took: their bytes, and the seconds of video that were encoded.
func (r *JobResult) cost() (bytes int64, encoding float64) {
	for _, file := range r.Files {
		bytes += file.Report.Size
		if file.Report.Frames > 0 {
			encoding += file.Report.Duration * float64(file.Report.FramesEncoded) / float64(file.Report.Frames)
		}
	}
	return bytes, encoding
}
