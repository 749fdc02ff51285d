package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"subclip/database"
	"subclip/timecode"
	"subclip/transcoder"

	"github.com/uptrace/bun"
)

// Idempotency identifies a request that a client may send again: its key, and a
// hash of what it asked. The zero value means that the client gave no key.
type Idempotency struct {
	IdempotencyKey  string `bun:",nullzero"`
	IdempotencyHash string
}

// of makes the key a person's own, since two may choose the same.
func (i Idempotency) of(ownerID string) Idempotency {
	if i.IdempotencyKey != "" {
		i.IdempotencyKey = ownerID + " " + i.IdempotencyKey
	}
	return i
}

// matches reports whether a stored request with the same key asked the same.
func (i Idempotency) matches(stored Idempotency) error {
	if i.IdempotencyHash != stored.IdempotencyHash {
		return invalid("", "this Idempotency-Key was used for another request: use a new key")
	}
	return nil
}

// earlier is the row of a kind that the same request has stored before, nil where there is
// none.
func earlier[T any](ctx context.Context, db bun.IDB, of Idempotency) (*T, error) {
	if of.IdempotencyKey == "" {
		return nil, nil //nolint:nilnil // no earlier one is an ordinary answer
	}
	row := new(T)
	err := db.NewSelect().Model(row).Where("idempotency_key = ?", of.IdempotencyKey).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // as above
	}
	if err != nil {
		return nil, fmt.Errorf("look for an earlier request: %w", err)
	}
	return row, nil
}

// Marks are a range as people write it: timecodes or media times.
type Marks struct{ In, Out string }

// ClipRequest is what someone wants of an asset.
type ClipRequest struct {
	By       Asker // whose it will be, and how much they may
	AssetID  string
	Ranges   []Marks
	Names    []string // of the ranges, as many or none; one may be empty
	Format   string
	Separate bool  // a file per range instead of one joined file
	Audio    []int // sound tracks to keep, by their index; all if empty
	Idempotency

	orderID string // of the order that it is an item of
}

// errAgain makes a transaction start over because another one came between.
var errAgain = errors.New("another request came between")

const createTries = 5

// CreateClip stores a request and the job that fulfils it, and queues the job. A
// clip that exists already is claimed, not made again. Errors: an Error of any
// kind; nothing is stored then.
func (c *Catalog) CreateClip(ctx context.Context, req ClipRequest) (*Clip, error) {
	req.Idempotency = req.of(req.By.ID)
	asset, wanted, err := c.resolve(ctx, req)
	if err != nil {
		return nil, err
	}
	var id string
	err = c.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		id, err = c.insertClip(ctx, tx, &asset, req, wanted)
		return err
	})
	if err != nil {
		return nil, err
	}
	clip, err := c.Clip(ctx, req.By, id)
	if err != nil {
		return nil, err
	}
	switch clip.Job.Status {
	case JobQueued:
		c.push(ctx, clip.Job)
	case JobDone:
		c.tookClips(ctx, "clip.id = ?", clip.ID)
	}
	return clip, nil
}

// resolve checks a request against the facts of its asset and says what is to be made.
// Errors: an Error that names what cannot be.
func (c *Catalog) resolve(ctx context.Context, req ClipRequest) (asset Asset, wanted JobRequest, err error) {
	if asset, err = c.readyAsset(ctx, req.By, req.AssetID); err != nil {
		return asset, wanted, err
	}
	ranges, err := asset.resolve(req.Ranges)
	if err != nil {
		return asset, wanted, err
	}
	format, err := transcoder.FindFormat(req.Format)
	if err != nil {
		return asset, wanted, invalid("format", "%v", err)
	}
	if err := asset.Source.CheckAudio(req.Audio); err != nil {
		return asset, wanted, invalid("audio", "%v", err)
	}
	return asset, JobRequest{
		Format: format.Name, Ranges: ranges, Separate: req.Separate && len(ranges) > 1,
		Audio: slices.Compact(slices.Sorted(slices.Values(req.Audio))), Restrictions: asset.Restrictions,
	}, nil
}

// names are what the ranges are called, nil where none has a name.
func (r ClipRequest) names() []string {
	if !slices.ContainsFunc(r.Names, func(name string) bool { return name != "" }) {
		return nil
	}
	return r.Names
}

// inTx runs a transaction, again where it says errAgain.
func (c *Catalog) inTx(ctx context.Context, work func(context.Context, bun.Tx) error) error {
	for range createTries {
		if err := c.db.RunInTx(ctx, nil, work); !errors.Is(err, errAgain) {
			return err
		}
	}
	return conflict("too many equal requests at the same instant: try again")
}

func (c *Catalog) insertClip(ctx context.Context, tx bun.Tx, asset *Asset, req ClipRequest, wanted JobRequest) (string, error) {
	if former, err := earlier[Clip](ctx, tx, req.Idempotency); err != nil {
		return "", err
	} else if former != nil {
		return former.ID, req.matches(former.Idempotency)
	}
	keptUntil := database.Now().Add(c.cfg.KeepClips)
	job, isNew, err := c.claimOrCreate(ctx, tx, JobClip, asset, wanted, &req.By, keptUntil)
	if err != nil {
		return "", err
	}
	clip := &Clip{
		ID: database.NewID(), OwnerID: req.By.ID, TokenID: req.By.TokenID, AssetID: req.AssetID, JobID: job.ID, OrderID: req.orderID,
		Names: req.names(), KeptUntil: keptUntil,
		Idempotency: req.Idempotency, CreatedAt: database.Now(),
	}
	res, err := tx.NewInsert().Model(clip).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return "", fmt.Errorf("store the clip: %w", err)
	}
	if err := mustAffect(res); err != nil {
		return "", err
	}
	if err := req.By.check(ctx, tx, job, isNew); err != nil || job.Status != JobDone {
		return clip.ID, err
	}
	// It is there already: whoever waits to be told hears so at once.
	return clip.ID, clipIsThere(ctx, tx, clip, job)
}

// claimOrCreate adds a claim to the live job for what is wanted, or stores a new
// one. Counting claims in the row keeps a cancellation and a new request from
// missing one another. It holds the asker's requests, for their limits.
func (c *Catalog) claimOrCreate(ctx context.Context, tx bun.Tx, kind JobKind, asset *Asset, wanted JobRequest, asker *Asker, keptUntil time.Time) (job *Job, isNew bool, err error) {
	if err := asker.hold(ctx, tx); err != nil {
		return nil, false, err
	}
	job, err = newJob(kind, asset.ID, wanted)
	if err != nil {
		return nil, false, err
	}
	job.PersonID, job.TokenID, job.Encoding = asker.ID, asker.TokenID, foreseen(asset, wanted)
	claim := tx.NewUpdate().Model(job).Set("claims = claims + 1").
		Where("fingerprint = ? AND status IN (?)", job.Fingerprint, bun.List([]JobStatus{JobQueued, JobRunning, JobDone})).
		Returning("*")
	if keptUntil.IsZero() {
		claim.Set("kept_until = NULL")
	} else {
		claim.Set("kept_until = CASE WHEN kept_until > ? THEN kept_until ELSE ? END", keptUntil, keptUntil)
	}
	existing := *job
	err = claim.Scan(ctx, &existing)
	if err == nil {
		return &existing, false, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return nil, false, fmt.Errorf("look for the same job: %w", err)
	}
	job.Claims, job.KeptUntil = 1, keptUntil
	res, err := tx.NewInsert().Model(job).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("store the job: %w", err)
	}
	return job, true, mustAffect(res)
}

func mustAffect(res sql.Result) error {
	n, err := res.RowsAffected()
	if err != nil {
		return fmt.Errorf("count the rows: %w", err)
	}
	if n == 0 {
		return errAgain
	}
	return nil
}

// resolve turns marks into frames; an Error names the mark and the marks that
// would do.
func (a *Asset) resolve(marks []Marks) ([]transcoder.Range, error) {
	if len(marks) == 0 || len(marks) > transcoder.MaxRanges {
		return nil, invalid("ranges", "give 1 to %d ranges", transcoder.MaxRanges)
	}
	ranges := make([]transcoder.Range, len(marks))
	for i, m := range marks {
		for _, mark := range []struct {
			field, text string
			frame       *int64
		}{{"in", m.In, &ranges[i].In}, {"out", m.Out, &ranges[i].Out}} {
			frame, err := a.Source.Timecode.Parse(mark.text)
			if err != nil {
				base := a.Source.Timecode
				return nil, invalid(fmt.Sprintf("ranges[%d].%s", i, mark.field), "%s. The video runs from %s to %s",
					reason(err), base.Timecode(0), base.Timecode(a.Source.Frames))
			}
			*mark.frame = frame
		}
		if err := a.Source.CheckRange(i, ranges[i]); err != nil {
			if wrong, ok := transcoder.IsRangeError(err); ok {
				return nil, invalid(fmt.Sprintf("ranges[%d].%s", i, wrong.Field), "%s", wrong.Reason)
			}
			return nil, err
		}
	}
	return ranges, nil
}

func reason(err error) string {
	if parse, ok := errors.AsType[*timecode.ParseError](err); ok {
		return parse.Error()
	}
	return err.Error()
}
