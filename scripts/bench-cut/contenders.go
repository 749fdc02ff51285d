package main

import (
	"context"
	"fmt"
	"os/exec"
	"time"
)

// contender is a way to make a clip.
type contender struct {
	name  string
	title string // in the table
	// program must be installed, if not empty.
	program string
	// upTo is the longest clip it makes without -long; 0 is any.
	upTo time.Duration
	do   func(context.Context, *worker, task, *outcome) error
}

func contenders() []contender {
	return []contender{
		{name: "subclip", title: "subclip, exact", do: subclip},
		{name: "copy", title: "CopyObject of a finished clip", do: copyObject},
		{name: "streamcopy", title: "ffmpeg `-c copy` and upload, inexact", do: streamCopy},
		{name: "encode", title: "ffmpeg libx264 and upload, exact", upTo: time.Minute, do: encode},
		{name: "mkvmerge", title: "mkvmerge `--split` and upload, inexact", program: "mkvmerge", do: mkvmerge},
	}
}

func findContender(name string) (contender, error) {
	for _, c := range contenders() {
		if c.name == name {
			return c, nil
		}
	}
	return contender{}, fmt.Errorf("there is no contender %q", name)
}

// skipped says why a contender does not make a clip, if it does not.
func (c contender) skipped(length time.Duration, long bool) string {
	if c.program != "" {
		if _, err := exec.LookPath(c.program); err != nil {
			return c.program + " is not installed"
		}
	}
	if c.upTo > 0 && length > c.upTo && !long {
		return "not measured"
	}
	return ""
}
