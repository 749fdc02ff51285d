package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"subclip/client"
)

// pollIssue is how often the progress of an issue is asked for.
const pollIssue = time.Second

type newsletterCommand struct {
	List   listIssues  `cmd:"" help:"List the newest issues."`
	Send   sendIssue   `cmd:"" help:"Send an issue to its readers, or go on with one that was stopped."`
	Status issueStatus `cmd:"" help:"Say how far an issue is."`
}

// serviceFlags name the service to talk to.
type serviceFlags struct {
	Server string `help:"The service." default:"http://127.0.0.1:8080" env:"SUBCLIP_SERVER"`
	Token  string `help:"API token." env:"SUBCLIP_TOKEN"`
}

func (f serviceFlags) client() (*client.Client, error) {
	api, err := client.New(f.Server, f.Token)
	if err != nil {
		return nil, usage("%v", err)
	}
	return api, nil
}

type listIssues struct{ serviceFlags }

func (c *listIssues) Run(ctx context.Context, stdout io.Writer) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	issues, err := api.Issues(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for i := range issues {
		d := issues[i].Deliveries
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d/%d\t%s\n", issues[i].ID, issues[i].Status, d.Total-d.Waiting-d.Sending, d.Total, issues[i].Editions[0].Subject)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}

type sendIssue struct {
	serviceFlags
	ID   string `arg:"" help:"The issue's id; subclip newsletter list shows them."`
	Wait bool   `help:"Wait until it is sent, and say how far it is."`
}

func (c *sendIssue) Run(ctx context.Context, stdout io.Writer) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	issue, err := api.SendIssue(ctx, c.ID)
	if err != nil {
		return err
	}
	tick := time.NewTicker(pollIssue)
	defer tick.Stop()
	for c.Wait && issue.Status == "sending" {
		printIssue(stdout, issue)
		select {
		case <-ctx.Done():
			return nil // sending goes on
		case <-tick.C:
		}
		if issue, err = api.Issue(ctx, c.ID); err != nil {
			return err
		}
	}
	printIssue(stdout, issue)
	if issue.Status == "stopped" {
		return fmt.Errorf("the issue was stopped: %s", issue.Problem)
	}
	return nil
}

type issueStatus struct {
	serviceFlags
	ID string `arg:"" help:"The issue's id; subclip newsletter list shows them."`
}

func (c *issueStatus) Run(ctx context.Context, stdout io.Writer) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	issue, err := api.Issue(ctx, c.ID)
	if err != nil {
		return err
	}
	printIssue(stdout, issue)
	return nil
}

func printIssue(out io.Writer, issue client.Issue) {
	d := issue.Deliveries
	_, _ = fmt.Fprintf(out, "%s: %d of %d sent, %d waiting, %d bounced, %d refused, %d failed, %d uncertain, %d skipped\n",
		issue.Status, d.Sent, d.Total, d.Waiting+d.Sending, d.Bounced, d.Refused, d.Failed, d.Uncertain, d.Skipped)
	if issue.Problem != "" {
		_, _ = fmt.Fprintln(out, issue.Problem)
	}
}
