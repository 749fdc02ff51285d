package process_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"subclip/process"
)

// parent, in the environment, makes the test binary start a child, tell its id
// and hang until it is killed.
const parent = "PROCESS_TEST_PARENT"

func TestMain(m *testing.M) {
	if os.Getenv(parent) != "" {
		os.Exit(startAndHang())
	}
	os.Exit(m.Run())
}

func startAndHang() int {
	child := process.Command(context.Background(), "sleep", "600")
	if err := child.Start(); err != nil {
		return 1
	}
	_, _ = fmt.Fprintln(os.Stdout, child.Process.Pid)
	if child.Wait() != nil {
		return 1
	}
	return 0
}

func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); alive(pid); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("process %d still runs", pid)
		}
	}
}

// alive leaves out the dead whom nobody has waited for.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

func TestCommand(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cmd := process.Command(ctx, "sleep", "600")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	group, err := syscall.Getpgid(cmd.Process.Pid)
	if err != nil || group != cmd.Process.Pid {
		t.Errorf("the child is in process group %d (%v), so Ctrl-C would reach it", group, err)
	}
	cancel()
	if err := cmd.Wait(); err == nil {
		t.Error("the child was not killed when its context ended")
	}
	awaitEnd(t, cmd.Process.Pid)
}

// TestLimited starts a program that wants as much memory as it can have.
func TestLimited(t *testing.T) {
	t.Parallel()
	const take = "head -c 400000000 /dev/zero | tail -c 300000000 | wc -c"
	for memory, fits := range map[int64]bool{100 << 20: false, 1 << 30: true} {
		out, err := process.Limited(t.Context(), memory, "bash", "-c", "set -o pipefail; "+take).Output()
		if err == nil != fits {
			t.Errorf("with %d MiB: %q, %v", memory>>20, out, err)
		}
	}
}

// TestParentKilled kills a process that had no time to stop its child.
func TestParentKilled(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), parent+"=yes")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var child int
	if _, err := fmt.Sscan(line, &child); err != nil || !alive(child) {
		t.Fatalf("the parent says %q: %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	awaitEnd(t, child)
}

func TestFind(t *testing.T) {
	t.Parallel()
	if path, err := process.Find("sleep", "coreutils"); err != nil || !strings.HasSuffix(path, "/sleep") {
		t.Errorf("Find: %q, %v", path, err)
	}
	_, err := process.Find("no-such-program", "some-package")
	if err == nil || !strings.Contains(err.Error(), "apt-get install some-package") {
		t.Errorf("error is %v, want it to say what to do", err)
	}
}
