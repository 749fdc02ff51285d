package httpapi

import (
	"context"
	"net/http"
	"time"

	"subclip/accounts"
	"subclip/newsletter"

	"github.com/danielgtaylor/huma/v2"
)

// Edition is an issue in one language.
type Edition struct {
	Language string `json:"language" enum:"en,fr"`
	Subject  string `json:"subject" minLength:"1" maxLength:"250"`
	Intro    string `json:"intro,omitempty" maxLength:"20000" doc:"plain text; an empty line ends a paragraph"`
}

// Issue is one newsletter.
type Issue struct {
	ID         string     `json:"id"`
	Status     string     `json:"status" enum:"draft,sending,stopped,sent"`
	Problem    string     `json:"problem,omitempty" doc:"why it does not go on for now"`
	Topics     []string   `json:"topics" nullable:"false" doc:"none means that it is for all readers"`
	Editions   []Edition  `json:"editions" nullable:"false"`
	StoryIDs   []string   `json:"story_ids" nullable:"false"`
	AssetIDs   []string   `json:"asset_ids" nullable:"false"`
	Progress   float64    `json:"progress" minimum:"0" maximum:"1"`
	Deliveries Deliveries `json:"deliveries"`
	CreatedAt  time.Time  `json:"created_at"`
	StartedAt  *time.Time `json:"started_at,omitempty"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	NextTry    *time.Time `json:"next_try,omitempty" doc:"when those that the mail server put off are tried again"`
}

// Deliveries counts an issue's readers by how far their copy is.
type Deliveries struct {
	Total     int `json:"total"`
	Waiting   int `json:"waiting"`
	Sending   int `json:"sending"`
	Sent      int `json:"sent"`
	Bounced   int `json:"bounced" doc:"the address does not exist, and is not written to any more"`
	Refused   int `json:"refused" doc:"the mail server does not want the message"`
	Failed    int `json:"failed" doc:"put off by the mail server too often"`
	Uncertain int `json:"uncertain" doc:"may have arrived: a worker or the mail server ended in the middle; not sent again"`
	Skipped   int `json:"skipped" doc:"the reader left meanwhile"`
}

type (
	draftBody struct {
		Topics   []string  `json:"topics,omitempty" maxItems:"50" doc:"none means that it is for all readers"`
		Editions []Edition `json:"editions" minItems:"1" maxItems:"10" doc:"a reader of another language gets the first"`
		StoryIDs []string  `json:"story_ids,omitempty" maxItems:"50" doc:"in order; where neither these nor asset_ids are given, the stories since the issue before, or else the assets; or those that the draft has"`
		AssetIDs []string  `json:"asset_ids,omitempty" maxItems:"50" doc:"in order, behind the stories"`
	}
	draftInput struct {
		Idempotent
		Body draftBody
	}
	changeInput struct {
		IssueInput
		Precondition
		Body draftBody
	}
	// IssueInput names an issue; huma reads embedded inputs only if exported.
	IssueInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	sendIssueInput struct {
		IssueInput
		Precondition
	}
	issueOutput struct {
		ETag string `header:"ETag"`
		Body Issue
	}
	listIssuesInput struct {
		Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
	listIssuesOutput struct {
		Body struct {
			Issues []Issue `json:"issues" nullable:"false"`
			Next   string  `json:"next,omitempty" doc:"cursor of the next page"`
		}
	}
	previewInput struct {
		IssueInput
		Language string `query:"language" maxLength:"35" doc:"the reader's, a BCP 47 tag"`
	}
	previewOutput struct {
		Body struct {
			Subject string `json:"subject"`
			Text    string `json:"text"`
			HTML    string `json:"html"`
		}
	}
)

// issues are for editors.
func (a *API) issues(api huma.API) {
	register(a, api, operation(http.MethodPost, "/v1/newsletter/issues", "create-issue", "Compose an issue out of recent stories", http.StatusCreated, 422),
		func(ctx context.Context, in *draftInput) (*issueOutput, error) {
			idempotency, err := in.of(in.Body)
			if err != nil {
				return nil, err
			}
			draft := in.Body.draft()
			draft.Idempotency = idempotency
			return a.answerIssue(ctx)(a.newsletter.CreateIssue(ctx, draft))
		})
	register(a, api, operation(http.MethodGet, "/v1/newsletter/issues", "list-issues", "Issues, newest first", http.StatusOK, 422), a.listIssues)
	register(a, api, operation(http.MethodGet, "/v1/newsletter/issues/{id}", "get-issue", "One issue and how far it is sent", http.StatusOK, 404),
		func(ctx context.Context, in *IssueInput) (*issueOutput, error) {
			return a.answerIssue(ctx)(a.newsletter.Issue(ctx, in.ID))
		})
	register(a, api, operation(http.MethodPut, "/v1/newsletter/issues/{id}", "change-issue", "Replace a draft", http.StatusOK, 404, 409, 412, 422),
		func(ctx context.Context, in *changeInput) (*issueOutput, error) {
			draft := in.Body.draft()
			draft.Versions = in.versions()
			return a.answerIssue(ctx)(a.newsletter.ChangeIssue(ctx, in.ID, draft))
		})
	register(a, api, operation(http.MethodDelete, "/v1/newsletter/issues/{id}", "delete-issue", "Delete a draft", http.StatusNoContent, 404, 409),
		func(ctx context.Context, in *IssueInput) (*struct{}, error) {
			return nil, a.newsletter.DeleteIssue(ctx, in.ID)
		})
	register(a, api, operation(http.MethodGet, "/v1/newsletter/issues/{id}/preview", "preview-issue", "An issue as a reader gets it", http.StatusOK, 404, 422),
		func(ctx context.Context, in *previewInput) (*previewOutput, error) {
			message, err := a.newsletter.Preview(ctx, in.ID, in.Language)
			out := new(previewOutput)
			out.Body.Subject, out.Body.Text, out.Body.HTML = message.Subject, message.Text, message.HTML
			return out, err
		})
	send := operation(http.MethodPost, "/v1/newsletter/issues/{id}/send", "send-issue", "Send a draft, or go on with a stopped issue", http.StatusAccepted, 404, 409, 412)
	send.Description = "Goes to all who read its topics at this moment. Nobody gets it twice, whatever crashes; asked again it changes nothing."
	register(a, api, send, a.sendIssue)
	register(a, api, operation(http.MethodPost, "/v1/newsletter/issues/{id}/stop", "stop-issue", "Stop sending, after the message under way", http.StatusOK, 404, 409),
		func(ctx context.Context, in *IssueInput) (*issueOutput, error) {
			return a.answerIssue(ctx)(a.newsletter.Stop(ctx, in.ID))
		})
}

// issueSent is how the record calls the sending of an issue.
const issueSent accounts.Action = "issue-sent"

func (a *API) sendIssue(ctx context.Context, in *sendIssueInput) (*issueOutput, error) {
	row, err := a.newsletter.Send(ctx, in.ID, in.versions())
	if err != nil {
		return nil, err
	}
	return a.answerIssue(ctx)(row, a.record(ctx, issueSent, row.ID, row.Editions[0].Subject))
}

func (b *draftBody) draft() newsletter.Draft {
	draft := newsletter.Draft{Topics: b.Topics, StoryIDs: b.StoryIDs, AssetIDs: b.AssetIDs}
	for _, edition := range b.Editions {
		draft.Editions = append(draft.Editions, newsletter.Edition(edition))
	}
	return draft
}

// answerIssue turns what the newsletter returns into an answer.
func (a *API) answerIssue(ctx context.Context) func(newsletter.Issue, error) (*issueOutput, error) {
	return func(row newsletter.Issue, err error) (*issueOutput, error) {
		if err != nil {
			return nil, err
		}
		body, err := a.issue(ctx, &row)
		return &issueOutput{tagOf(row.Version), body}, err
	}
}

func (a *API) issue(ctx context.Context, row *newsletter.Issue) (Issue, error) {
	out := Issue{
		ID: row.ID, Status: string(row.Status), Problem: row.Problem, Topics: row.Topics(), Editions: []Edition{},
		StoryIDs: append([]string{}, row.StoryIDs...), AssetIDs: append([]string{}, row.AssetIDs...), CreatedAt: row.CreatedAt,
	}
	for _, edition := range row.Editions {
		out.Editions = append(out.Editions, Edition(edition))
	}
	progress, err := a.newsletter.Progress(ctx, row.ID)
	if err != nil {
		return out, err
	}
	count := progress.ByStatus
	out.Progress = progress.Done()
	out.Deliveries = Deliveries{
		Total: progress.Total, Waiting: count[newsletter.DeliveryWaiting], Sending: count[newsletter.DeliverySending], Sent: count[newsletter.DeliverySent],
		Bounced: count[newsletter.DeliveryBounced], Refused: count[newsletter.DeliveryRefused], Failed: count[newsletter.DeliveryFailed],
		Uncertain: count[newsletter.DeliveryUncertain], Skipped: count[newsletter.DeliverySkipped],
	}
	for _, moment := range []struct {
		at  time.Time
		out **time.Time
	}{{row.StartedAt, &out.StartedAt}, {row.FinishedAt, &out.FinishedAt}, {progress.NextTry, &out.NextTry}} {
		if !moment.at.IsZero() {
			*moment.out = &moment.at
		}
	}
	return out, nil
}

func (a *API) listIssues(ctx context.Context, in *listIssuesInput) (*listIssuesOutput, error) {
	rows, next, err := a.newsletter.Issues(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := new(listIssuesOutput)
	out.Body.Next, out.Body.Issues = next, []Issue{}
	for i := range rows {
		issue, err := a.issue(ctx, &rows[i])
		if err != nil {
			return nil, err
		}
		out.Body.Issues = append(out.Body.Issues, issue)
	}
	return out, nil
}
