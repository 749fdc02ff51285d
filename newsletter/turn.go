package newsletter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"subclip/catalog"
	"subclip/database"
	"subclip/queue"

	"github.com/uptrace/bun"
)

// TicketKind is the kind of the newsletter's tickets.
const TicketKind = "newsletter"

// silence is how long a worker may say nothing before it is taken for dead; it has
// a heartbeat every beatEvery.
const (
	silence   = 20 * time.Second
	beatEvery = 2 * time.Second
)

// pushTimeout bounds how long a request waits for a Redis that does not answer;
// Reconcile will push the ticket.
const pushTimeout = time.Second

// errLost says that an issue is no longer this worker's to send.
var errLost = errors.New("the issue is no longer this worker's")

func (i *Issue) ticket() queue.Ticket {
	t := queue.Ticket{Kind: TicketKind, JobID: i.ID, Attempt: i.Attempt}
	if i.NotBefore.After(time.Now()) {
		t.NotBefore = i.NotBefore
	}
	return t
}

func (n *Newsletter) push(ctx context.Context, issue *Issue) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pushTimeout)
	defer cancel()
	if err := n.queue.Push(ctx, issue.ticket()); err != nil {
		n.log.Warn("the issue will be queued when Redis answers", "issue", issue.ID, "error", err)
	}
}

// Send begins to send a draft to all who read its topics now, or goes on with an
// issue that was stopped. Asked again it changes nothing. Errors are catalog.Errors, of
// kind Stale if the draft was changed by somebody else at that moment.
func (n *Newsletter) Send(ctx context.Context, id string, versions catalog.Versions) (Issue, error) {
	issue, err := n.Issue(ctx, id)
	if err == nil {
		err = versions.Check(issue.Version)
	}
	if err != nil {
		return issue, err
	}
	switch issue.Status {
	case IssueDraft:
		err = n.begin(ctx, &issue)
	case IssueStopped:
		err = n.goOn(ctx, &issue)
	case IssueSending:
		return issue, nil
	case IssueSent:
		return issue, conflict("the issue has been sent")
	}
	if errors.Is(err, errLost) { // somebody else was quicker
		before := issue.Version
		if issue, err = n.Issue(ctx, id); err == nil && issue.Status == IssueDraft {
			err = catalog.Versions{before}.Check(issue.Version)
		}
		return issue, err
	}
	if err == nil {
		n.push(ctx, &issue)
	}
	return issue, err
}

// begin addresses a draft and freezes what it says.
func (n *Newsletter) begin(ctx context.Context, issue *Issue) error {
	items, err := n.items(ctx, issue.StoryIDs, issue.AssetIDs)
	if err != nil {
		return err
	}
	return n.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		now := database.Now()
		err := tx.NewUpdate().Model(issue).
			Set("status = ?, items = ?, attempt = 1, not_before = ?, started_at = ?", IssueSending, items, now, now).
			Where("id = ? AND status = ? AND version = ?", issue.ID, IssueDraft, issue.Version).Returning("*").Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return errLost
		}
		if err != nil {
			return fmt.Errorf("begin to send issue %s: %w", issue.ID, err)
		}
		readers, err := address(ctx, tx, issue)
		if err == nil && readers == 0 {
			return conflict("nobody has subscribed to this yet")
		}
		return err
	})
}

func (n *Newsletter) goOn(ctx context.Context, issue *Issue) error {
	err := n.db.NewUpdate().Model(issue).
		Set("status = ?, attempt = attempt + 1, failures = 0, problem = '', not_before = ?", IssueSending, database.Now()).
		Where("id = ? AND status = ?", issue.ID, IssueStopped).Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return errLost
	}
	return wrapped(err, "go on with issue "+issue.ID)
}

// Stop ends the sending of an issue for now, after the message under way.
func (n *Newsletter) Stop(ctx context.Context, id string) (Issue, error) {
	issue, err := n.Issue(ctx, id)
	if err != nil {
		return issue, err
	}
	err = n.db.NewUpdate().Model(&issue).Set("status = ?, attempt = attempt + 1, owner = '', turn = NULL", IssueStopped).
		Where("id = ? AND status = ?", id, IssueSending).Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		if issue.Status == IssueStopped {
			return issue, nil
		}
		return issue, conflict("the issue is %s: only one that is being sent can be stopped", issue.Status)
	}
	return issue, wrapped(err, "stop issue "+id)
}

// takeTurn makes the waiting attempt of an issue this owner's. taken is false where
// it no longer waits, and while another issue is being sent: then it waits on, and
// Reconcile brings its ticket back.
func (n *Newsletter) takeTurn(ctx context.Context, id string, attempt int, owner string) (issue Issue, taken bool, err error) {
	err = n.db.NewUpdate().Model(&issue).Set("owner = ?, turn = 1, heartbeat_at = ?", owner, database.Now()).
		Where("id = ? AND attempt = ? AND status = ? AND owner = ''", id, attempt, IssueSending).Returning("*").Scan(ctx)
	if err == nil {
		return issue, true, nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return issue, false, nil
	}
	others, countErr := n.db.NewSelect().Model((*Issue)(nil)).Where("turn IS NOT NULL").Count(ctx)
	if countErr == nil && others > 0 {
		return issue, false, nil
	}
	return issue, false, fmt.Errorf("take issue %s: %w", id, err)
}

// update changes the row of an issue that its owner still has, or says errLost.
func (n *Newsletter) update(ctx context.Context, issue *Issue, set string, args ...any) error {
	res, err := n.db.NewUpdate().Model((*Issue)(nil)).Set(set, args...).
		Where("id = ? AND attempt = ? AND owner = ? AND status = ?", issue.ID, issue.Attempt, issue.Owner, IssueSending).Exec(ctx)
	if err != nil {
		return fmt.Errorf("update issue %s: %w", issue.ID, err)
	}
	if changed, err := res.RowsAffected(); err != nil || changed == 0 {
		return errors.Join(errLost, err)
	}
	return nil
}

func (n *Newsletter) heartbeat(ctx context.Context, issue *Issue) error {
	return n.update(ctx, issue, "heartbeat_at = ?", database.Now())
}

// finish ends an issue for which nobody waits.
func (n *Newsletter) finish(ctx context.Context, issue *Issue) error {
	return n.update(ctx, issue, "status = ?, owner = '', turn = NULL, problem = '', finished_at = ?", IssueSent, database.Now())
}

// halt stops an issue by itself; problem is told to editors.
func (n *Newsletter) halt(ctx context.Context, issue *Issue, problem string) error {
	return n.update(ctx, issue, "status = ?, owner = '', turn = NULL, attempt = attempt + 1, problem = ?", IssueStopped, problem)
}

// again gives an issue back, to be gone on with at a time.
func (n *Newsletter) again(ctx context.Context, issue *Issue, at time.Time, failures int, problem string) error {
	err := n.update(ctx, issue, "attempt = ?, owner = '', turn = NULL, not_before = ?, failures = ?, problem = ?", issue.Attempt+1, at, failures, problem)
	if err == nil {
		next := *issue
		next.Attempt, next.NotBefore = issue.Attempt+1, at
		n.push(ctx, &next)
	}
	return err
}

// Reconcile puts right what crashes and a lost Redis leave behind: issues whose
// worker went silent are taken back, waiting ones whose ticket is gone get it back.
// Any number of processes may call it at once.
func (n *Newsletter) Reconcile(ctx context.Context) error {
	var silent []Issue
	err := n.db.NewSelect().Model(&silent).
		Where("status = ? AND owner <> '' AND heartbeat_at < ?", IssueSending, database.Now().Add(-silence)).Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for silent workers: %w", err)
	}
	for i := range silent {
		n.log.Warn("a worker went silent; its issue goes on", "issue", silent[i].ID, "worker", silent[i].Owner, "attempt", silent[i].Attempt)
		if err := n.again(ctx, &silent[i], database.Now(), silent[i].Failures, ""); err != nil && !errors.Is(err, errLost) {
			return err
		}
	}
	return n.restore(ctx)
}

func (n *Newsletter) restore(ctx context.Context) error {
	var waiting []Issue
	err := n.db.NewSelect().Model(&waiting).Where("status = ? AND owner = '' AND not_before <= ?", IssueSending, database.Now()).Scan(ctx)
	if err != nil {
		return fmt.Errorf("look for waiting issues: %w", err)
	}
	for i := range waiting {
		issue := &waiting[i]
		orphaned, err := n.queue.Restore(ctx, issue.ticket())
		if err != nil {
			return err
		}
		if !orphaned {
			continue
		}
		err = n.update(ctx, issue, "attempt = ?", issue.Attempt+1)
		if err == nil {
			issue.Attempt++
			n.push(ctx, issue)
		} else if !errors.Is(err, errLost) {
			return err
		}
	}
	return nil
}
