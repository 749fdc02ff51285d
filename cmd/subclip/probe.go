package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
)

type probeCommand struct {
	Source string `arg:"" help:"Video: a path or s3://bucket/key."`
}

func (c *probeCommand) Run(ctx context.Context, stdout io.Writer) error {
	_, t, video, err := openTools(ctx, c.Source)
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
