package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"subclip/transcoder"
)

type probeCommand struct {
	Source string `arg:"" help:"Video: a path or s3://bucket/key."`
}

func (c *probeCommand) Run(ctx context.Context, stdout io.Writer) error {
	s, err := readSettings()
	if err != nil {
		return err
	}
	t, err := transcoder.New(s.Transcoder)
	if err != nil {
		return err
	}
	video, err := openSource(ctx, s.Storage, c.Source)
	if err != nil {
		return err
	}
	defer func() { _ = video.close() }()
	found, err := t.Inspect(ctx, video.input)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Source, err)
	}
	encoder := json.NewEncoder(stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(found); err != nil {
		return fmt.Errorf("write what was found: %w", err)
	}
	return nil
}
