// Package process starts the programs that work for us (ffmpeg, redis-server) so
// that none outlives us: a child gets its own process group, so that Ctrl-C in a
// terminal reaches us alone and we stop things in order, and the kernel ends it
// when we die without a word (prctl PR_SET_PDEATHSIG, Linux).
package process

import (
	"context"
	"fmt"
	"os/exec"
	"syscall"
	"time"
)

// killDelay is how long a cancelled child's pipes may stay open before they are
// closed under it.
const killDelay = 500 * time.Millisecond

// Command prepares a child that is killed when ctx ends and when we die.
func Command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = killDelay
	return cmd
}

// Limited prepares a child like Command that may hold at most memory bytes of its
// own data (RLIMIT_DATA): past that its allocations fail, and it with them, instead
// of the machine. It is started through prlimit, which is part of every Linux.
func Limited(ctx context.Context, memory int64, program string, args ...string) *exec.Cmd {
	limit := fmt.Sprintf("--data=%d", memory)
	return Command(ctx, "prlimit", append([]string{limit, program}, args...)...)
}

// Find returns the path of a program, or an error that says how to get it.
func Find(program, debianPackage string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", fmt.Errorf("%s is not installed: run `apt-get install %s`, or put %s on the PATH", program, debianPackage, program)
	}
	return path, nil
}
