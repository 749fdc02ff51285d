package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"subclip/process"
)

// printMachine says what was run and on what, without a name or a path.
func printMachine(ctx context.Context, o options) error {
	command := fmt.Sprintf("make bench-cut ARGS='-hours %g -runs %d", o.hours, o.runs)
	if o.long {
		command += " -long"
	}
	memory, err := procField("/proc/meminfo", "MemTotal:")
	if err != nil {
		return err
	}
	tools, err := version(ctx, "ffmpeg", "-version")
	if err != nil {
		return err
	}
	if _, err := exec.LookPath("mkvmerge"); err == nil {
		merge, err := version(ctx, "mkvmerge", "--version")
		if err != nil {
			return err
		}
		tools += ", " + merge
	}
	fmt.Printf("Command: `%s'`\n\nMachine: %d cores (%s), %d GB of memory; %s; %s.\n",
		command, runtime.NumCPU(), processor(), memory>>20, tools, runtime.Version())
	return nil
}

// version is the beginning of the first line that a program says of itself.
func version(ctx context.Context, program, flag string) (string, error) {
	out, err := process.Command(ctx, program, flag).Output()
	if err != nil {
		return "", fmt.Errorf("ask %s for its version: %w", program, err)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	line, _, _ = strings.Cut(line, " Copyright")
	return line, nil
}

func processor() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(data)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return runtime.GOARCH
}
