package client

import (
	"context"
	"net/http"
	"net/url"
)

// Issue is what a client needs to know of a newsletter's issue.
type Issue struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Problem  string `json:"problem"`
	Editions []struct {
		Language string `json:"language"`
		Subject  string `json:"subject"`
	} `json:"editions"`
	Deliveries struct {
		Total     int `json:"total"`
		Waiting   int `json:"waiting"`
		Sending   int `json:"sending"`
		Sent      int `json:"sent"`
		Bounced   int `json:"bounced"`
		Refused   int `json:"refused"`
		Failed    int `json:"failed"`
		Uncertain int `json:"uncertain"`
		Skipped   int `json:"skipped"`
	} `json:"deliveries"`
}

// Issues returns the newest issues.
func (c *Client) Issues(ctx context.Context) ([]Issue, error) {
	var page struct {
		Issues []Issue `json:"issues"`
	}
	err := c.call(ctx, http.MethodGet, "/v1/newsletter/issues", nil, nil, &page)
	return page.Issues, err
}

// Issue returns one issue.
func (c *Client) Issue(ctx context.Context, id string) (issue Issue, err error) {
	err = c.call(ctx, http.MethodGet, "/v1/newsletter/issues/"+url.PathEscape(id), nil, nil, &issue)
	return issue, err
}

// SendIssue begins to send an issue, or goes on with one that was stopped.
func (c *Client) SendIssue(ctx context.Context, id string) (issue Issue, err error) {
	err = c.call(ctx, http.MethodPost, "/v1/newsletter/issues/"+url.PathEscape(id)+"/send", nil, nil, &issue)
	return issue, err
}
