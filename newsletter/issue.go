package newsletter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"subclip/catalog"
	"subclip/database"
	"subclip/mail"

	"github.com/uptrace/bun"
)

// IssueStatus is how far an issue is.
type IssueStatus string

// The states of an issue.
const (
	IssueDraft   IssueStatus = "draft"   // it may be changed
	IssueSending IssueStatus = "sending" // it is on its way, or waits for its turn
	IssueStopped IssueStatus = "stopped" // it goes on only when it is sent again
	IssueSent    IssueStatus = "sent"    // nobody waits for it any more
)

// Limits of an issue.
const (
	maxItems = 50     // of stories, and of assets
	maxIntro = 20_000 // bytes
)

// Edition is an issue in one language.
type Edition struct {
	Language string `json:"language"` // of mail.Languages
	Subject  string `json:"subject"`
	Intro    string `json:"intro"` // plain text; an empty line ends a paragraph
}

// Draft is what an editor says of an issue.
type Draft struct {
	Topics   []string  // its readers chose one of them, or none; an issue without topics is for all
	Editions []Edition // one or more; a reader of another language gets the first
	StoryIDs []string  // in order, before the assets
	AssetIDs []string  // in order; where both are nil, what came out since the issue before

	Versions catalog.Versions // of the draft that it may take the place of

	catalog.Idempotency // of a request that creates an issue
}

// Issue is one newsletter.
type Issue struct {
	bun.BaseModel `bun:"table:newsletter_issues"`

	ID          string `bun:",pk"`
	Status      IssueStatus
	TopicList   string `bun:"topics"`
	Editions    []Edition
	StoryIDs    []string  `bun:"story_ids"`
	AssetIDs    []string  `bun:"asset_ids"`
	Items       []Item    // nil in a draft
	Problem     string    // why it does not go on for now, for editors
	Attempt     int       // of sending; a new one begins whenever the issue changes hands
	Failures    int       // in a row, of reaching the mail server
	Owner       string    // the worker that sends it
	Turn        *int      // 1 while it has an owner; as it is unique, one issue is sent at a time
	HeartbeatAt time.Time `bun:",nullzero"`
	NotBefore   time.Time
	Version     int // grows with each change of the draft
	catalog.Idempotency
	CreatedAt  time.Time
	StartedAt  time.Time `bun:",nullzero"`
	FinishedAt time.Time `bun:",nullzero"`
}

// Topics are those of the issue; none means that it is for all.
func (i *Issue) Topics() []string { return splitTopics(i.TopicList) }

// edition is the one for a reader of a language.
func (i *Issue) edition(language string) Edition {
	for _, edition := range i.Editions {
		if edition.Language == language {
			return edition
		}
	}
	return i.Editions[0]
}

// CreateIssue stores a draft, or finds the one that the same request has stored
// before. A mistake in it is a catalog.Error.
func (n *Newsletter) CreateIssue(ctx context.Context, draft Draft) (Issue, error) {
	if earlier, err := n.earlier(ctx, draft.Idempotency); !errors.Is(err, sql.ErrNoRows) {
		return earlier, err
	}
	if draft.StoryIDs == nil && draft.AssetIDs == nil {
		if err := n.addRecent(ctx, &draft); err != nil {
			return Issue{}, err
		}
	}
	now := database.Now()
	issue := Issue{
		ID: database.NewID(), Status: IssueDraft, TopicList: joinTopics(draft.Topics), Editions: draft.Editions,
		StoryIDs: append([]string{}, draft.StoryIDs...), AssetIDs: append([]string{}, draft.AssetIDs...),
		Idempotency: draft.Idempotency, CreatedAt: now, NotBefore: now,
	}
	if err := n.checkDraft(ctx, draft, &issue); err != nil {
		return issue, err
	}
	res, err := n.db.NewInsert().Model(&issue).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return issue, fmt.Errorf("store an issue: %w", err)
	}
	if stored, err := res.RowsAffected(); err == nil && stored == 0 { // the same request, at the same instant
		return n.earlier(ctx, draft.Idempotency)
	}
	return issue, nil
}

// earlier is the issue that a request with this key has stored, or sql.ErrNoRows.
func (n *Newsletter) earlier(ctx context.Context, key catalog.Idempotency) (Issue, error) {
	var issue Issue
	if key.IdempotencyKey == "" {
		return issue, sql.ErrNoRows
	}
	err := n.db.NewSelect().Model(&issue).Where("idempotency_key = ?", key.IdempotencyKey).Scan(ctx)
	if err == nil && issue.IdempotencyHash != key.IdempotencyHash {
		return issue, invalid("", "this Idempotency-Key was used for another request: use a new key")
	}
	return issue, wrapped(err, "look for an earlier request")
}

// ChangeIssue replaces a draft. A mistake in it is a catalog.Error, of kind Stale if it was
// made of another version.
func (n *Newsletter) ChangeIssue(ctx context.Context, id string, draft Draft) (Issue, error) {
	issue, err := n.Issue(ctx, id)
	if err != nil {
		return issue, err
	}
	if err := draft.Versions.Check(issue.Version); err != nil {
		return issue, err
	}
	if draft.StoryIDs == nil {
		draft.StoryIDs = issue.StoryIDs
	}
	if draft.AssetIDs == nil {
		draft.AssetIDs = issue.AssetIDs
	}
	before := issue.Topics()
	issue.TopicList, issue.Editions = joinTopics(draft.Topics), draft.Editions
	issue.StoryIDs, issue.AssetIDs = draft.StoryIDs, draft.AssetIDs
	if err := n.checkDraft(ctx, draft, &issue, before...); err != nil {
		return issue, err
	}
	version := issue.Version
	query := n.db.NewUpdate().Model(&issue).Column("topics", "editions", "story_ids", "asset_ids").Set("version = version + 1").
		Where("id = ? AND status = ?", id, IssueDraft)
	if draft.Versions != nil {
		query.Where("version = ?", version)
	}
	err = query.Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return issue, n.notChanged(ctx, id, draft.Versions)
	}
	if err != nil {
		return issue, fmt.Errorf("change issue %s: %w", id, err)
	}
	return issue, nil
}

// notChanged says why a draft could not be replaced.
func (n *Newsletter) notChanged(ctx context.Context, id string, versions catalog.Versions) error {
	issue, err := n.Issue(ctx, id)
	if err != nil {
		return err
	}
	if issue.Status != IssueDraft {
		return conflict("the issue is %s: only a draft can be changed", issue.Status)
	}
	return versions.Check(issue.Version)
}

// DeleteIssue removes a draft.
func (n *Newsletter) DeleteIssue(ctx context.Context, id string) error {
	issue, err := n.Issue(ctx, id)
	if err != nil {
		return err
	}
	res, err := n.db.NewDelete().Model(&issue).Where("id = ? AND status = ?", id, IssueDraft).Exec(ctx)
	if err != nil {
		return fmt.Errorf("delete issue %s: %w", id, err)
	}
	if deleted, err := res.RowsAffected(); err == nil && deleted == 0 {
		return conflict("the issue is %s: only a draft can be deleted", issue.Status)
	}
	return nil
}

// Issue returns one issue, or a catalog.Error.
func (n *Newsletter) Issue(ctx context.Context, id string) (Issue, error) {
	var issue Issue
	err := n.db.NewSelect().Model(&issue).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return issue, notFound("there is no issue %q", id)
	}
	if err != nil {
		return issue, fmt.Errorf("read issue %s: %w", id, err)
	}
	return issue, nil
}

// Issues returns a page, newest first, and the cursor of the next page, empty after
// the last.
func (n *Newsletter) Issues(ctx context.Context, cursor string, limit int) (page []Issue, next string, err error) {
	query := n.db.NewSelect().Model(&page).OrderExpr("id DESC").Limit(int64(limit) + 1)
	if cursor != "" {
		query.Where("id < ?", cursor)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("list issues: %w", err)
	}
	page, next = database.Page(page, limit, func(row *Issue) string { return row.ID })
	return page, next, nil
}

// Preview is an issue as a reader of a language gets it, but for the links that end
// the subscription, which lead nowhere. to is any address.
func (n *Newsletter) Preview(ctx context.Context, id, language string) (mail.Message, error) {
	issue, err := n.Issue(ctx, id)
	if err == nil && issue.Items == nil {
		issue.Items, err = n.items(ctx, issue.StoryIDs, issue.AssetIDs)
	}
	if err != nil {
		return mail.Message{}, err
	}
	return n.render(&issue, Subscriber{Address: "reader@example.com", Language: mail.PickLanguage(language), LeaveToken: "preview"})
}

// checkDraft writes the issue as every reader would get it, so that a draft that is
// stored can be sent. before are topics that it has already.
func (n *Newsletter) checkDraft(ctx context.Context, draft Draft, issue *Issue, before ...string) error {
	if err := n.catalog.CheckTopics(draft.Topics, before...); err != nil {
		return err
	}
	if err := checkEditions(draft.Editions); err != nil {
		return err
	}
	items, err := n.items(ctx, draft.StoryIDs, draft.AssetIDs)
	if err != nil {
		return err
	}
	if len(items) == 0 && draft.Editions[0].Intro == "" {
		return invalid("story_ids", "the issue says nothing: name stories or assets, or write an intro")
	}
	whole := *issue
	whole.Items = items
	for i, edition := range draft.Editions {
		message, err := n.render(&whole, Subscriber{Address: "reader@example.com", Language: edition.Language})
		if err != nil {
			return err
		}
		if mistake, ok := errors.AsType[*mail.InvalidError](message.Check()); ok {
			return invalid(fmt.Sprintf("editions[%d]", i), "%s", mistake.Message)
		}
	}
	return nil
}

func checkEditions(editions []Edition) error {
	if len(editions) == 0 {
		return invalid("editions", "write the issue in one of these languages at least: %s", strings.Join(mail.Languages(), ", "))
	}
	seen := map[string]bool{}
	for i, edition := range editions {
		field := fmt.Sprintf("editions[%d].", i)
		switch {
		case !slices.Contains(mail.Languages(), edition.Language):
			return invalid(field+"language", "there are issues in these languages: %s", strings.Join(mail.Languages(), ", "))
		case seen[edition.Language]:
			return invalid(field+"language", "the language %s is there twice", edition.Language)
		case len(edition.Intro) > maxIntro:
			return invalid(field+"intro", "the intro has %d bytes: %d are the most", len(edition.Intro), maxIntro)
		}
		seen[edition.Language] = true
	}
	return nil
}
