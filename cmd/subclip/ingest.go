package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"subclip/client"

	"github.com/schollz/progressbar/v3"
)

type ingestCommand struct {
	File         string    `arg:"" help:"Video file." type:"existingfile"`
	Title        string    `help:"Title of the asset; default the file's name."`
	Description  string    `help:"What the video shows."`
	Language     string    `help:"Language of title and description, a BCP 47 tag."`
	EmbargoUntil time.Time `help:"Before this time only editors see the asset, such as 2026-12-01T06:00:00Z." placeholder:"TIME"`
	Restrictions string    `help:"What those who use it must keep to, such as \"No use in France\"; it travels with every download."`
	Server       string    `help:"The service." default:"http://127.0.0.1:8080" env:"SUBCLIP_SERVER"`
	Token        string    `help:"API token." env:"SUBCLIP_TOKEN"`
	Wait         bool      `help:"Wait until the asset is ready." default:"true" negatable:""`
}

func (c *ingestCommand) Run(ctx context.Context, stdout io.Writer) error {
	api, err := client.New(c.Server, c.Token)
	if err != nil {
		return usage("%v", err)
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return fmt.Errorf("look at the video: %w", err)
	}
	name := filepath.Base(c.File)
	if c.Title == "" {
		c.Title = strings.TrimSuffix(name, filepath.Ext(name))
	}
	bar := progressbar.DefaultBytes(info.Size(), "uploading")
	about := client.About{Title: c.Title, Description: c.Description, Language: c.Language, Restrictions: c.Restrictions, EmbargoUntil: c.EmbargoUntil}
	asset, err := api.Ingest(ctx, c.File, about, func(sent int64) { _ = bar.Set64(sent) })
	_ = bar.Close()
	if err != nil {
		return fmt.Errorf("%w (run the same command again to go on where it stopped)", err)
	}
	_, _ = fmt.Fprintf(stdout, "asset %s\n", asset.ID)
	if !c.Wait {
		return nil
	}
	if asset, err = api.AwaitAsset(ctx, asset.ID); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(stdout, asset.Status)
	return nil
}
