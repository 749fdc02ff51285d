package newsletter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// DeliveryStatus is how far one reader's copy of an issue is.
type DeliveryStatus string

// The states of a delivery. Waiting ones are claimed by becoming sending; nothing
// else comes out of the other states, but for what the claim's owner learns.
const (
	DeliveryWaiting   DeliveryStatus = "waiting"
	DeliverySending   DeliveryStatus = "sending"   // claimed: it is sent, or was when the worker ended
	DeliverySent      DeliveryStatus = "sent"      // the mail server has it
	DeliveryBounced   DeliveryStatus = "bounced"   // there is no such address
	DeliveryRefused   DeliveryStatus = "refused"   // the server does not want the message
	DeliveryFailed    DeliveryStatus = "failed"    // it was tried too often
	DeliveryUncertain DeliveryStatus = "uncertain" // it may have been sent, and is not tried again
	DeliverySkipped   DeliveryStatus = "skipped"   // the reader left meanwhile
)

// delivery is one reader's copy of an issue.
type delivery struct {
	bun.BaseModel `bun:"table:newsletter_deliveries"`

	IssueID      string `bun:",pk"`
	SubscriberID string `bun:",pk"`
	Status       DeliveryStatus
	Tries        int    // that failed for now
	Owner        string // who claimed it
	NotBefore    time.Time
	ChangedAt    time.Time
}

// Progress counts an issue's deliveries.
type Progress struct {
	Total    int
	ByStatus map[DeliveryStatus]int
	NextTry  time.Time // of those that wait, zero if none does
}

// Done is the part of the deliveries that is over, 0 to 1.
func (p Progress) Done() float64 {
	if p.Total == 0 {
		return 0
	}
	open := p.ByStatus[DeliveryWaiting] + p.ByStatus[DeliverySending]
	return float64(p.Total-open) / float64(p.Total)
}

// Progress counts an issue's deliveries.
func (n *Newsletter) Progress(ctx context.Context, issueID string) (Progress, error) {
	progress := Progress{ByStatus: map[DeliveryStatus]int{}}
	var rows []struct {
		Status DeliveryStatus
		Count  int
	}
	err := n.db.NewSelect().Model((*delivery)(nil)).ColumnExpr("status, count(*) AS count").
		Where("issue_id = ?", issueID).GroupExpr("status").Scan(ctx, &rows)
	if err != nil {
		return progress, fmt.Errorf("count deliveries of issue %s: %w", issueID, err)
	}
	for _, row := range rows {
		progress.ByStatus[row.Status] = row.Count
		progress.Total += row.Count
	}
	if progress.ByStatus[DeliveryWaiting] == 0 {
		return progress, nil
	}
	var next delivery
	err = n.db.NewSelect().Model(&next).Where("issue_id = ? AND status = ?", issueID, DeliveryWaiting).OrderExpr("not_before").Limit(1).Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return progress, fmt.Errorf("look for the next delivery of issue %s: %w", issueID, err)
	}
	progress.NextTry = next.NotBefore
	return progress, nil
}

// address makes a delivery for every reader of an issue.
func address(ctx context.Context, tx bun.Tx, issue *Issue) (int64, error) {
	now := database.Now()
	readers := tx.NewSelect().Model((*Subscriber)(nil)).
		ColumnExpr("?, id, ?, 0, '', ?, ?", issue.ID, DeliveryWaiting, now, now).Where("status = ?", SubscriberActive)
	if topics := issue.Topics(); len(topics) > 0 {
		readers.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			q.Where("topics = ''")
			for _, topic := range topics {
				q.WhereOr("topics LIKE ?", "%|"+topic+"|%")
			}
			return q
		})
	}
	res, err := tx.ExecContext(ctx,
		"INSERT INTO newsletter_deliveries (issue_id, subscriber_id, status, tries, owner, not_before, changed_at) ?", readers)
	if err != nil {
		return 0, fmt.Errorf("address issue %s: %w", issue.ID, err)
	}
	count, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("address issue %s: %w", issue.ID, err)
	}
	return count, nil
}

// letter is a delivery and its reader.
type letter struct {
	delivery
	Reader Subscriber
}

// due lists deliveries that may be tried now.
func (n *Newsletter) due(ctx context.Context, issueID string, limit int) ([]letter, error) {
	var rows []delivery
	err := n.db.NewSelect().Model(&rows).Where("issue_id = ? AND status = ? AND not_before <= ?", issueID, DeliveryWaiting, database.Now()).
		OrderExpr("not_before, subscriber_id").Limit(int64(limit)).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, wrapped(err, "list deliveries of issue "+issueID)
	}
	ids, places := make([]string, len(rows)), map[string]int{}
	letters := make([]letter, len(rows))
	for i := range rows {
		ids[i], places[rows[i].SubscriberID], letters[i].delivery = rows[i].SubscriberID, i, rows[i]
	}
	var readers []Subscriber
	if err := n.db.NewSelect().Model(&readers).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the readers of issue %s: %w", issueID, err)
	}
	for i := range readers {
		letters[places[readers[i].ID]].Reader = readers[i]
	}
	return letters, nil
}

// claim makes a delivery this owner's to send. It is false where it no longer waits,
// where its reader has left, or where the issue has another owner. After this the
// delivery is sent once or never.
func (n *Newsletter) claim(ctx context.Context, issue *Issue, l *letter) (bool, error) {
	res, err := n.db.NewUpdate().Model((*delivery)(nil)).
		Set("status = ?, owner = ?, changed_at = ?", DeliverySending, issue.Owner, database.Now()).
		Where("issue_id = ? AND subscriber_id = ? AND status = ?", l.IssueID, l.SubscriberID, DeliveryWaiting).
		Where("EXISTS (SELECT 1 FROM newsletter_issues WHERE id = ? AND attempt = ? AND owner = ? AND status = ?)", issue.ID, issue.Attempt, issue.Owner, IssueSending).
		Where("EXISTS (SELECT 1 FROM newsletter_subscribers WHERE id = ? AND status = ?)", l.SubscriberID, SubscriberActive).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("claim a delivery: %w", err)
	}
	claimed, err := res.RowsAffected()
	return claimed > 0, wrapped(err, "claim a delivery")
}

// skip ends a waiting delivery whose reader has left.
func (n *Newsletter) skip(ctx context.Context, issueID, subscriberID string) error {
	_, err := n.db.NewUpdate().Model((*delivery)(nil)).Set("status = ?, changed_at = ?", DeliverySkipped, database.Now()).
		Where("issue_id = ? AND subscriber_id = ? AND status = ?", issueID, subscriberID, DeliveryWaiting).
		Where("NOT EXISTS (SELECT 1 FROM newsletter_subscribers WHERE id = ? AND status = ?)", subscriberID, SubscriberActive).Exec(ctx)
	return wrapped(err, "skip a delivery")
}

// record writes how a claimed delivery went. It may have been given up as uncertain
// meanwhile, by a worker that took this one for dead; what really happened is
// better than that. Nothing here makes it wait again unless it surely did not go
// out.
func (n *Newsletter) record(ctx context.Context, l *letter, owner string, status DeliveryStatus, retryAt time.Time) error {
	if retryAt.IsZero() {
		retryAt = l.NotBefore
	}
	return n.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Model((*delivery)(nil)).
			Set("status = ?, tries = ?, not_before = ?, changed_at = ?", status, l.Tries, retryAt, database.Now()).
			Where("issue_id = ? AND subscriber_id = ? AND owner = ?", l.IssueID, l.SubscriberID, owner).
			Where("status = ? OR status = ?", DeliverySending, DeliveryUncertain).Exec(ctx)
		if err != nil || status != DeliveryBounced {
			return wrapped(err, "record a delivery")
		}
		_, err = tx.NewUpdate().Model((*Subscriber)(nil)).
			Set("status = ?, reason = ?, confirm_hash = NULL, changed_at = ?", SubscriberBounced, "the mail server says that there is no such address", database.Now()).
			Where("id = ? AND status = ?", l.SubscriberID, SubscriberActive).Exec(ctx)
		return wrapped(err, "mark an address that does not exist")
	})
}

// giveUpClaims makes uncertain what was claimed by others than owner and not
// concluded: they are gone, and what they were sending may have gone out.
func (n *Newsletter) giveUpClaims(ctx context.Context, issueID, owner string) error {
	_, err := n.db.NewUpdate().Model((*delivery)(nil)).Set("status = ?, changed_at = ?", DeliveryUncertain, database.Now()).
		Where("issue_id = ? AND status = ? AND owner <> ?", issueID, DeliverySending, owner).Exec(ctx)
	return wrapped(err, "give up deliveries of workers that ended")
}

func wrapped(err error, doing string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
