package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"subclip/storage"
	"subclip/timecode"
	"subclip/transcoder"
	"subclip/worker"
)

type cutCommand struct {
	Source string   `arg:"" help:"Video: a path or s3://bucket/key."`
	Output string   `short:"o" required:"" help:"The file to make: a path or s3://bucket/key." placeholder:"DEST"`
	In     []string `required:"" sep:"none" help:"First frame kept: a timecode HH:MM:SS:FF, or media time as SS.mmm, MM:SS.mmm or HH:MM:SS.mmm." placeholder:"T"`
	Out    []string `required:"" sep:"none" help:"First frame not kept. Several pairs of --in and --out are joined." placeholder:"T"`
	Format string   `help:"How to deliver: source or another format's name." default:"source"`
	Audio  []int    `help:"Keep these sound tracks alone, by the index that probe shows." placeholder:"INDEX"`
	Report string   `help:"Write the cut report to this file, as JSON." placeholder:"FILE.json"`
}

func (c *cutCommand) Run(ctx context.Context, stdout io.Writer) error {
	if c.Source == c.Output {
		return usage("-o %s is the source itself: choose another place for the clip", c.Output)
	}
	if len(c.In) != len(c.Out) {
		return usage("there are %d --in and %d --out: give them in pairs", len(c.In), len(c.Out))
	}
	if _, err := transcoder.FindFormat(c.Format); err != nil {
		return usage("%v", err)
	}
	s, t, video, err := openTools(ctx, c.Source)
	if err != nil {
		return err
	}
	defer func() { _ = video.close() }()
	facts, err := t.Probe(ctx, video.input)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Source, err)
	}
	request, err := c.request(facts)
	if err != nil {
		return err
	}
	report, err := c.make(ctx, s, t, video, facts, request)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(stdout, "%s: %d frames, %d bytes, method %s\n", c.Output, report.Frames, report.Size, report.Method)
	return c.writeReport(report)
}

// request turns the marks into frames; what is wrong with one is wrong usage.
func (c *cutCommand) request(facts transcoder.Source) (transcoder.Request, error) {
	request := transcoder.Request{Format: c.Format, Audio: c.Audio}
	if err := facts.CheckAudio(c.Audio); err != nil {
		return request, usage("--audio: %v", err)
	}
	for i := range c.In {
		in, err := facts.Timecode.Parse(c.In[i])
		if err != nil {
			return request, markError("--in", err, facts)
		}
		out, err := facts.Timecode.Parse(c.Out[i])
		if err != nil {
			return request, markError("--out", err, facts)
		}
		r := transcoder.Range{In: in, Out: out}
		if err := facts.CheckRange(i, r); err != nil {
			return request, usage("%v", err)
		}
		request.Ranges = append(request.Ranges, r)
	}
	return request, nil
}

func markError(flag string, err error, facts transcoder.Source) error {
	wrong, ok := errors.AsType[*timecode.ParseError](err)
	if !ok {
		return err
	}
	return usage("%s: %v; the video runs from %s to %s", flag, wrong, facts.Timecode.Timecode(0), facts.Timecode.Timecode(facts.Frames))
}

// make cuts into a file beside the destination, so that a failure leaves an
// earlier file there as it was. From one object of a bucket to another, the store
// copies what is not encoded.
func (c *cutCommand) make(ctx context.Context, s settings, t *transcoder.Transcoder, video *source, facts transcoder.Source, request transcoder.Request) (transcoder.Report, error) {
	folder := filepath.Dir(c.Output)
	bucket, key, remote := parseS3(c.Output)
	if remote {
		folder = os.TempDir()
	}
	scratch, err := os.MkdirTemp(folder, ".subclip-*")
	if err != nil {
		return transcoder.Report{}, fmt.Errorf("make room for the clip: %w", err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	if remote && video.remote {
		return c.compose(ctx, s.Storage, t, video, scratch, facts, request)
	}
	made, err := t.Make(ctx, video.Master, video.input, scratch, facts, request, nil)
	if err != nil {
		return made.Report, err
	}
	path, err := file(&made, video, scratch)
	if err != nil {
		return made.Report, err
	}
	if remote {
		store, err := openBucket(ctx, s.Storage, bucket)
		if err != nil {
			return made.Report, err
		}
		made.Report.BytesUploaded = made.Report.Size
		return made.Report, store.Upload(ctx, key, path, made.MediaType())
	}
	if err := os.Rename(path, c.Output); err != nil {
		return made.Report, fmt.Errorf("put the clip in its place: %w", err)
	}
	return made.Report, nil
}

// compose makes an object out of an object.
func (c *cutCommand) compose(ctx context.Context, cfg storage.Config, t *transcoder.Transcoder, video *source, scratch string, facts transcoder.Source, request transcoder.Request) (transcoder.Report, error) {
	bucket, key, _ := parseS3(c.Output)
	store, err := openBucket(ctx, cfg, bucket)
	if err != nil {
		return transcoder.Report{}, err
	}
	delivery := worker.Delivery{Transcoder: t, Store: store, Object: video.object, Master: video.Master, URL: video.input}
	made, err := delivery.Make(ctx, scratch, facts, request, key, nil)
	return made.Report, err
}

// file returns the path of a clip, of which it makes a file if it is none.
func file(made *transcoder.Made, video *source, scratch string) (string, error) {
	if made.Path != "" {
		return made.Path, nil
	}
	made.Report.BytesRead += made.Layout.Copied()
	path := filepath.Join(scratch, "composed")
	return path, made.Write(path, video.Master)
}

func (c *cutCommand) writeReport(report transcoder.Report) error {
	if c.Report == "" {
		return nil
	}
	data, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if err := os.WriteFile(c.Report, append(data, '\n'), 0o644); err != nil { //nolint:gosec // a report is for others to read
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
