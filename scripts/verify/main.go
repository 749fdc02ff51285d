// Command verify checks a clip against its source and the cutter's report:
//
//	scripts/verify-cut SOURCE CLIP REPORT
//
// It shares no code with the cutter. ffmpeg decodes both files, each picture to a
// digest; those of the clip that are not bit for bit the source's are decoded once
// more and compared by their pixels, with the frame that the report names and with
// that frame's neighbours. The sound is compared at both ends of each range, on the
// time line, by sliding one over the other. No more than a few pictures and some
// seconds of sound are in memory at a time.
//
// It prints a line for each check. The exit code is 0 when all is as the report
// says, 1 when something is not, and 2 when nothing can be said: wrong usage, or a
// file that cannot be opened.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// run does the command's work and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) != 3 {
		_, _ = fmt.Fprintln(stderr, "usage: verify-cut SOURCE CLIP REPORT")
		return 2
	}
	c, err := gather(ctx, args[0], args[1], args[2])
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "verify-cut:", err)
		return 2
	}
	code := 0
	for _, check := range []struct {
		name string
		run  func(context.Context) (string, error)
	}{
		{"file", c.file},
		{"clean", c.clean},
		{"count", c.count},
		{"marks", c.marks},
		{"pictures", c.pictures},
		{"copied", c.copied},
		{"times", c.times},
		{"sound", c.sound},
		{"timecode", c.timecode},
	} {
		sentence, err := check.run(ctx)
		verdict := "ok   "
		if err != nil {
			verdict, sentence, code = "WRONG", err.Error(), 1
		}
		_, _ = fmt.Fprintf(stdout, "%s %s: %s\n", verdict, check.name, sentence)
	}
	return code
}

// clip is what is known of a clip and of where it comes from.
type clip struct {
	report       report
	source, made video
	places       []place
}

// place says which frame of the source a frame of the clip should be. All count
// from 0.
type place struct {
	span   int // the report's range
	frame  int // of the clip
	source int // frame of the source
}

// gather reads all that the checks look at. Its errors say why nothing can be
// checked.
func gather(ctx context.Context, source, made, reported string) (*clip, error) {
	for _, path := range []string{source, made, reported} {
		if info, err := os.Stat(path); err != nil || info.IsDir() { //nolint:gosec // these are the files to check
			return nil, fmt.Errorf("there is no file %s", path)
		}
	}
	r, err := readReport(reported)
	if err != nil {
		return nil, err
	}
	c := &clip{report: r, places: r.places()}
	last := 0
	for _, p := range c.places {
		last = max(last, p.source)
	}
	// One more than the last, as its neighbour.
	if c.source, err = watch(ctx, source, last+2); err != nil {
		return nil, err
	}
	if len(c.source.digests) == 0 {
		return nil, fmt.Errorf("%s has no picture: %s", filepath.Base(source), c.source.said)
	}
	if c.source.rate() <= 0 {
		return nil, fmt.Errorf("%s does not say its frame rate", filepath.Base(source))
	}
	c.made, err = watch(ctx, made, 0)
	if errors.Is(err, errUnreadable) {
		c.made.said = err.Error() // A clip like this is wrong, which is for the checks to say.
		return c, nil
	}
	return c, err
}
