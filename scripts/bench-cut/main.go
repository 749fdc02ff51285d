// Command bench-cut measures the cutter beside other ways to take a clip out of a
// long master, and prints Markdown tables for docs/benchmarks.md:
//
//	make bench-cut ARGS='-hours 0.1 -runs 1'
//
// It makes masters of full HD at about 8 Mb/s, one with short and one with long
// GOPs, puts them into the store of `subclip up`, which it runs itself, and has
// each contender make clips of several lengths, one after another in turns. The
// time is that from the request to the finished object. A contender works in a
// process of its own, this program started again, so that its CPU seconds and
// memory are a worker's and not the store's. Everything is in a temporary folder
// and removed at the end.
//
// Files: main.go reads the command line; site.go is the folder and the store;
// master.go makes masters; bench.go takes turns; worker.go is the process of a
// contender, measure.go how it is measured; contenders.go, copy.go and subclip.go
// are the contenders; table.go and machine.go print.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// options are what the command line decides.
type options struct {
	hours float64 // length of the masters
	runs  int     // of each contender
	long  bool    // encode the longer clips, too
	dir   string  // in which the temporary folder is made
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench-cut:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if job, ok := os.LookupEnv(taskVariable); ok {
		return work(ctx, job, os.Stdout)
	}
	o, err := readOptions(os.Args[1:])
	if err != nil {
		return err
	}
	if err := compare(ctx, o); err != nil {
		if ctx.Err() != nil {
			return errors.New("it was interrupted; nothing is left behind")
		}
		return err
	}
	return nil
}

func readOptions(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench-cut", flag.ExitOnError)
	flags.Float64Var(&o.hours, "hours", 3, "length of the masters")
	flags.IntVar(&o.runs, "runs", 3, "how often each contender makes each clip")
	flags.BoolVar(&o.long, "long", false, "encode clips of more than a minute, too")
	flags.StringVar(&o.dir, "dir", os.TempDir(), "where the temporary folder is made, on a disk")
	if err := flags.Parse(args); err != nil {
		return o, fmt.Errorf("read the command line: %w", err)
	}
	if o.hours < 0.02 || o.hours > 24 || o.runs < 1 || flags.NArg() > 0 {
		return o, errors.New("use -hours 0.02 to 24, -runs from 1, and no other arguments")
	}
	var err error
	// The gateway changes the working directory, so the path is fixed first.
	if o.dir, err = filepath.Abs(o.dir); err != nil {
		return o, fmt.Errorf("find the folder: %w", err)
	}
	return o, nil
}
