package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"subclip/client"
	"subclip/sample"
)

// The part of the sample that the first start cuts.
const (
	sampleTitle = "Subclip sample: three minutes of test picture"
	sampleIn    = "10:00:30:00"
	sampleOut   = "10:00:40:00"
)

// greet says what is there; in an empty catalogue it first makes the sample and
// a clip of it, by the same API that everyone uses.
// token is that of the first account; without it no sample can be made.
func greet(ctx context.Context, address, data, token string, withSample bool, stdout io.Writer) error {
	api, err := client.New(address, token)
	if err != nil {
		return err
	}
	assets, err := api.Assets(ctx)
	if err != nil {
		return err
	}
	if len(assets) > 0 {
		_, _ = fmt.Fprintf(stdout, "The newest asset is %q. See all at %s\n", assets[0].Title, address)
		return nil
	}
	if !withSample || token == "" {
		return nil
	}
	path := filepath.Join(data, "sample.mp4")
	if err := makeSample(ctx, path, stdout); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(stdout, "Ingesting it through the API …")
	asset, err := api.Ingest(ctx, path, client.About{Title: sampleTitle, Language: "en"}, func(int64) {})
	if err != nil {
		return fmt.Errorf("ingest the sample: %w", err)
	}
	if asset, err = api.AwaitAsset(ctx, asset.ID); err != nil {
		return fmt.Errorf("ingest the sample: %w", err)
	}
	_, _ = fmt.Fprintf(stdout, "Cutting %s – %s of it …\n", sampleIn, sampleOut)
	clip, err := api.Clip(ctx, asset.ID, sampleIn, sampleOut)
	if err != nil {
		return fmt.Errorf("cut the sample: %w", err)
	}
	_, _ = fmt.Fprintf(stdout, welcome, clip.Filename, clip.Report.Frames, clip.Size, clip.Report.Method, clip.URL, address, address, os.Args[0], path)
	return nil
}

const welcome = `
The clip is ready: %s
  %d frames, %d bytes, method %s
  signed URL (for an hour):
%s

Where to go next:
  watch and cut      %s
  the API            %s/openapi.json
  without a service  %s cut %s -o clip.mp4 --in 10:00:05:00 --out 10:00:06:00
`

func makeSample(ctx context.Context, path string, stdout io.Writer) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	_, _ = fmt.Fprintln(stdout, "First start: making a sample video of three minutes …")
	if err := sample.Make(ctx, path, sample.Default(), nil); err != nil {
		return err
	}
	return nil
}
