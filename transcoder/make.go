package transcoder

import (
	"context"
	"fmt"
	"os"
)

// Make makes a clip as a local file at output: composed of the master's own bytes
// where that can be, by ffmpeg from input elsewhere. input is the path or URL of
// the same master; scratch is a folder for small files.
func (t *Transcoder) Make(ctx context.Context, master Master, input, output, scratch string, s Source, req Request) (Report, error) {
	plan, err := NewPlan(s, req)
	if err != nil {
		return Report{}, err
	}
	if plan.Method == MethodSmart {
		made, err := t.Compose(ctx, master, scratch, s, req)
		if err == nil {
			return made.write(output, master)
		}
		why, ok := WhyEncode(err)
		if !ok {
			return Report{}, err
		}
		req.MustEncode = why
	}
	return t.Cut(ctx, input, output, s, req, nil)
}

func (c Composition) write(output string, master Master) (Report, error) {
	f, err := os.Create(output)
	if err != nil {
		return Report{}, fmt.Errorf("write the clip: %w", err)
	}
	if err := c.Layout.WriteTo(f, master); err != nil {
		_ = f.Close()
		return Report{}, err
	}
	if err := f.Close(); err != nil {
		return Report{}, fmt.Errorf("write the clip: %w", err)
	}
	report := c.Report
	report.BytesRead += c.Layout.Copied()
	_, sum, err := fileSum(output)
	report.SHA256 = &sum
	return report, err
}
