package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"subclip/transcoder"
)

// outcome is what a task took. Times are in seconds, sizes in bytes.
type outcome struct {
	Seconds     float64
	CPU         float64 // of the worker and the programs it ran
	Memory      int64   // of the worker at its peak
	ChildMemory int64   // of the largest program it ran
	Read        int64   // of the master, by the worker
	Written     int64   // to the store, by the worker
	Cut         *cutOutcome
}

// cutOutcome is what only the cutter tells.
type cutOutcome struct {
	Report   transcoder.Report
	Reading  float64 // seconds of waiting for the master's bytes, added up
	Requests int     // in which they were read
}

// measured runs the part of a task that counts.
func measured(do func(*outcome) error) (outcome, error) {
	var out outcome
	before, _, err := usage()
	if err != nil {
		return out, err
	}
	start := time.Now()
	if err := do(&out); err != nil {
		return out, err
	}
	out.Seconds = time.Since(start).Seconds()
	after, largest, err := usage()
	if err != nil {
		return out, err
	}
	out.CPU, out.ChildMemory = (after - before).Seconds(), largest
	out.Memory, err = peakMemory()
	return out, err
}

// usage returns the CPU time of this process and its children so far, and the
// peak memory in bytes of the largest child.
func usage() (cpu time.Duration, largest int64, err error) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var r syscall.Rusage
		if err := syscall.Getrusage(who, &r); err != nil {
			return 0, 0, fmt.Errorf("read the use of resources: %w", err)
		}
		cpu += time.Duration(r.Utime.Nano() + r.Stime.Nano())
		largest = r.Maxrss << 10 // of the children, who come last
	}
	return cpu, largest, nil
}

// peakMemory of this process, in bytes. Its ru_maxrss would not do: that begins
// with the peak of the process it was started from, which runs the store.
func peakMemory() (int64, error) {
	kilobytes, err := procField("/proc/self/status", "VmHWM:")
	return kilobytes << 10, err
}

// bytesReadSoFar by this process and the programs it ran to their end, files as
// well as sockets that are read like files.
func bytesReadSoFar() (int64, error) { return procField("/proc/self/io", "rchar:") }

func procField(path, name string) (int64, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("look at the process: %w", err)
	}
	for line := range strings.Lines(string(data)) {
		value, ok := strings.CutPrefix(line, name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", path, err)
		}
		return n, nil
	}
	return 0, errors.New(path + " has no line " + name)
}
