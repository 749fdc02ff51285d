// Command subclip is the whole service in one binary, and its tools.
//
// main.go reads the command line, settings.go the environment; service.go wires
// the packages together; up.go runs everything in one process; the other files
// hold one command each.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Exit codes, part of the command line's contract.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

type commands struct {
	Up         upCommand         `cmd:"" help:"Run everything in one process: API, worker, database, Redis and store."`
	Serve      serveCommand      `cmd:"" help:"Run the API and the pages."`
	Worker     workerCommand     `cmd:"" help:"Run a worker."`
	Migrate    migrateCommand    `cmd:"" help:"Bring the database's tables up to date."`
	User       userCommand       `cmd:"" help:"Make accounts and change roles."`
	Ingest     ingestCommand     `cmd:"" help:"Upload a video to a running service."`
	Cut        cutCommand        `cmd:"" help:"Cut ranges out of a file or an S3 object, without a service."`
	Newsletter newsletterCommand `cmd:"" help:"Look after the issues of the newsletter of a running service."`
	Probe      probeCommand      `cmd:"" help:"Print what is known of a video file, as JSON."`
}

// usageError is a mistake in how a command was called.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func usage(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the program the hard way.
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run executes a command line and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var cli commands
	exited := -1
	parser, err := kong.New(&cli, kong.Name("subclip"),
		kong.Description("Find a video, download all of it or the part you mark."),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exited = code }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(stdout, (*io.Writer)(nil)))
	if err != nil {
		return report(stderr, err)
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help was printed
		return exited
	}
	if err != nil {
		return report(stderr, usage("%v (subclip --help shows how)", err))
	}
	return report(stderr, parsed.Run())
}

// report prints an error as one line and chooses the exit code.
func report(stderr io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	_, _ = fmt.Fprintf(stderr, "subclip: %v\n", err)
	if _, wrong := errors.AsType[*usageError](err); wrong {
		return exitUsage
	}
	return exitFailed
}
