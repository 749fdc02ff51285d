package transcoder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"subclip/transcoder/mp4"
)

// Made is a finished clip: a local file, or, where Path is empty, a composition of
// the master's own bytes that is still to be put together.
type Made struct {
	Composition
	Path      string
	Container string // mp4 or mov
}

// MediaType is the clip's, as HTTP names it.
func (m Made) MediaType() string {
	if m.Container == "mov" {
		return "video/quicktime"
	}
	return "video/mp4"
}

// Make makes a clip in the best way there is. A master whose tables can be cut is
// composed. One in another container is first copied, as far as the marks need it,
// into one that has such tables. What neither can do is encoded, and the report
// says why. input is the path or URL of the same master; folder is for the clip and
// for small files.
func (t *Transcoder) Make(ctx context.Context, master Master, input, folder string, s Source, req Request, progress Progress) (Made, error) {
	plan, err := NewPlan(s, req)
	if err != nil {
		return Made{}, err
	}
	if plan.Method == MethodSmart {
		made, err := t.takeOver(ctx, master, input, folder, s, req)
		if err == nil {
			made.Container = plan.Container
			return made, nil
		}
		why, ok := WhyEncode(err)
		if !ok {
			return Made{}, err
		}
		req.MustEncode = why
	}
	path := filepath.Join(folder, "clip."+plan.Container)
	report, err := t.Cut(ctx, input, path, s, req, progress)
	return Made{Composition{Report: report}, path, plan.Container}, err
}

// takeOver makes a clip out of the master's own pictures.
func (t *Transcoder) takeOver(ctx context.Context, master Master, input, folder string, s Source, req Request) (Made, error) {
	if s.tabled() {
		made, err := t.Compose(ctx, master, folder, s, req)
		if !errors.Is(err, mp4.ErrFragmented) {
			return Made{Composition: made}, err
		}
	}
	copied, err := t.remux(ctx, input, folder, s, req)
	if err != nil {
		return Made{}, err
	}
	defer func() { _ = copied.close() }()
	made, err := t.Compose(ctx, copied.master, folder, copied.source, copied.request)
	if err != nil {
		return Made{}, err
	}
	made.Report = copied.report(made.Report, s)
	path := filepath.Join(folder, "clip."+copied.source.Container)
	err = made.Write(path, copied.master)
	return Made{Composition: made, Path: path}, err
}

// Write puts a composition together in a local file, whose digest it adds to the
// report.
func (c *Composition) Write(path string, master Master) error {
	if err := writeLayout(path, c.Layout, master); err != nil {
		return err
	}
	_, sum, err := fileSum(path)
	c.Report.SHA256 = &sum
	return err
}

// writeLayout makes a local file of its pieces.
func writeLayout(path string, layout mp4.Layout, master io.ReaderAt) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	if err := layout.WriteTo(f, master); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}
